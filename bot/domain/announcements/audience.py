"""Audiences of announcements: a conjunction of terms, with a privacy rule for hotels.

The hotel of an attendee is private. An audience with a hotel term needs at least `FEWEST` people inside it and `FEWEST`
more without that term, so that comparing two audiences reveals no individual. Its size is shown in steps of `FEWEST`,
so that asking again after one person chose a hotel reveals nothing. Names are never shown.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.domain.attendee.attendee import Attendance, Attendee, Choice
from bot.domain.errors import BadInputError
from bot.domain.schedule.conference import Schedule
from bot.domain.schedule.session import Session

FEWEST = 5
NEXT_WITHIN = timedelta(hours=24)
"""A session that starts later than this does not count as the next one."""


class Who(StrEnum):
    """The kinds of audience terms."""

    GOING = "going"
    TRACK = "track"
    DAY = "day"
    HOTEL = "hotel"
    NEXT = "next"
    BACKUPS = "backups"
    ORGANIZERS = "organizers"


@dataclass(frozen=True, slots=True)
class Term:
    """One condition; `what` is a session's id, a track, a day as YYYY-MM-DD or a venue."""

    who: Who
    what: str = ""


@dataclass(frozen=True, slots=True)
class Audience:
    """The attendees who meet all `terms`; without terms, everybody."""

    terms: tuple[Term, ...] = ()

    @property
    def hotels(self) -> tuple[Term, ...]:
        """The hotel terms."""
        return tuple(term for term in self.terms if term.who is Who.HOTEL)

    @property
    def without_hotels(self) -> "Audience":
        """The same audience without its hotel terms."""
        return Audience(tuple(term for term in self.terms if term.who is not Who.HOTEL))

    def size_text(self, number: int) -> str:
        """Format the size of the audience: exact, or in steps of `FEWEST` if it has a hotel term."""
        if not self.hotels:
            return f"{number:,}"
        return f"about {number // FEWEST * FEWEST:,}" if number >= FEWEST else f"fewer than {FEWEST}"


EVERYONE = Audience()


@dataclass(frozen=True, slots=True)
class Listener:
    """The facts about a person that the filter needs."""

    attendee: Attendee
    chosen: tuple[Attendance, ...] = ()
    is_organizer: bool = False


@dataclass(frozen=True, slots=True)
class AudienceFilter:
    """An audience resolved against one schedule at one moment, ready for a query.

    Attributes:
        going: sets of sessions; the person attends at least one session of each set.
        backups: sessions; for each, the person has it as a backup, or has a backup for it.
        stays: hotels; the person's hotel is equal to each of them.
        nexts: venues; the first session the person attends after `now` is in each of them. If several start then, one
            is enough.
        organizers: whether the person must be an organizer.
        upcoming: the sessions of the next 24 hours by start, for `nexts`.
    """

    now: datetime
    going: tuple[frozenset[str], ...] = ()
    backups: tuple[str, ...] = ()
    stays: tuple[str, ...] = ()
    nexts: tuple[str, ...] = ()
    organizers: bool = False
    upcoming: tuple[Session, ...] = ()

    def passes(self, listener: Listener) -> bool:
        """Whether `listener` is in the audience."""
        attended = {attendance.session for attendance in listener.chosen if attendance.choice is Choice.GOING}
        stood_in = {attendance.backup_of for attendance in listener.chosen if attendance.choice is Choice.BACKUP}
        stand_in = {attendance.session for attendance in listener.chosen if attendance.choice is Choice.BACKUP}
        return (
            all(attended & choices for choices in self.going)
            and all(backup in stand_in or backup in stood_in for backup in self.backups)
            and all(listener.attendee.stay == venue for venue in self.stays)
            and (not self.nexts or set(self.nexts) <= self._next_venues(attended))
            and (listener.is_organizer or not self.organizers)
        )

    def _next_venues(self, attended: Iterable[str]) -> set[str]:
        wanted = set(attended)
        coming = [session for session in self.upcoming if session.id in wanted]
        first = coming[0].starts_at if coming else None
        return {session.venue for session in coming if session.starts_at == first}


def audience_filter(audience: Audience, schedule: Schedule, now: datetime) -> AudienceFilter:
    """Resolve `audience` against `schedule`. A session that does not take place is not anybody's next session."""

    def values_of(who: Who) -> tuple[str, ...]:
        return tuple(dict.fromkeys(term.what for term in audience.terms if term.who is who))

    nexts = values_of(Who.NEXT)
    zone = schedule.conference.tz
    days = [date.fromisoformat(text) for text in values_of(Who.DAY)]
    taking_place = [session for session in schedule.sessions if session.takes_place]
    coming = [session for session in taking_place if now < session.starts_at <= now + NEXT_WITHIN] if nexts else []
    going = [
        *(frozenset((session,)) for session in values_of(Who.GOING)),
        *(
            frozenset(session.id for session in taking_place if session.track == track)
            for track in values_of(Who.TRACK)
        ),
        *(frozenset(session.id for session in taking_place if session.day(zone) == day) for day in days),
    ]
    return AudienceFilter(
        now,
        tuple(going),
        values_of(Who.BACKUPS),
        values_of(Who.HOTEL),
        nexts,
        any(term.who is Who.ORGANIZERS for term in audience.terms),
        tuple(sorted(coming, key=lambda session: (session.starts_at, session.id))),
    )


def check_hotel(inside: int, outside: int) -> None:
    """Check the privacy rule of an audience with a hotel term.

    Args:
        inside: the size of the audience.
        outside: how many more people it would have without the hotel term.

    Raises:
        BadInputError: either number is below `FEWEST`.
    """
    if inside < FEWEST or outside < FEWEST:
        raise BadInputError(
            "An audience by hotel needs at least {fewest} people in it and {fewest} people outside it, "
            "so that nobody's hotel can be guessed. Choose a wider one.",
            fewest=FEWEST,
        )


def audience_text(audience: Audience, schedule: Schedule) -> str:
    """Return the audience for organizers, in words that can be typed again."""
    return " and ".join(_words(term, schedule) for term in audience.terms) or "everyone"


def _named(term: Term, schedule: Schedule) -> str:
    session = schedule.by_id.get(term.what)
    return session.code if session and term.who in (Who.GOING, Who.BACKUPS) else term.what


def _words(term: Term, schedule: Schedule) -> str:
    return f"{term.who} {_named(term, schedule)}".strip()
