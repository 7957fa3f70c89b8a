"""The recap of all days of a conference together, of one attendee and of a group."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from bot.domain.attendee.attendee import Attendance, Attendee
from bot.domain.attendee.recap import Recap, recap_of
from bot.domain.schedule.conference import Schedule
from bot.domain.schedule.session import Session


@dataclass(frozen=True, slots=True)
class WeekRecap:
    """The days of one attendee that had sessions, in order."""

    days: tuple[Recap, ...]

    @property
    def sessions(self) -> tuple[Session, ...]:
        """The attended and planned sessions, in the order of the starts."""
        return tuple(session for day in self.days for session in day.sessions)

    @property
    def venues(self) -> tuple[str, ...]:
        """The venues of the sessions, in the order of the first visit."""
        return tuple(dict.fromkeys(venue for day in self.days for venue in day.venues))

    @property
    def metres(self) -> int:
        """The metres on foot between the venues."""
        return sum(day.metres for day in self.days)

    @property
    def steps(self) -> int:
        """The steps on foot between the venues."""
        return sum(day.steps for day in self.days)

    @property
    def to_watch(self) -> tuple[Session, ...]:
        """Recorded sessions that were on the agenda and not on the path."""
        return tuple(session for day in self.days for session in day.to_watch)


def week_recap_of(attendee: Attendee, attendances: Iterable[Attendance], schedule: Schedule) -> WeekRecap:
    """Build the recap of all days on which the attendee chose a session."""
    chosen = tuple(attendances)
    days = sorted(
        {schedule.day_by_id[attendance.session] for attendance in chosen if attendance.session in schedule.day_by_id}
    )
    recaps = (recap_of(attendee, chosen, schedule, day) for day in days)
    return WeekRecap(tuple(recap for recap in recaps if recap.sessions))


@dataclass(slots=True)
class GroupRecap:
    """The recap of a group: only counts, of people who let the community see their sessions.

    Attributes:
        people: those with at least one session.
        visits: how many sessions they went to, by session id.
        metres: on foot between the venues, of all of them.
        steps: on foot, like `metres`.
    """

    people: int = 0
    visits: Counter[str] = field(default_factory=Counter)
    metres: int = 0
    steps: int = 0

    def add(self, recaps: Iterable[Recap]) -> None:
        """Count one person's days."""
        days = [recap for recap in recaps if recap.sessions]
        self.people += bool(days)
        for recap in days:
            self.visits.update(session.id for session in recap.sessions)
            self.metres += recap.metres
            self.steps += recap.steps
