"""Matches an attendee's own export of favourites or reservations with the sessions of the schedule."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.errors import BadInputError
from bot.domain.imports.draft import Draft, DraftSession
from bot.domain.imports.session_codes import talk_title
from bot.domain.schedule.conference import Schedule
from bot.domain.schedule.folding import fold
from bot.domain.schedule.session import Session, base_code
from bot.domain.times.zones import resolve_wall

MOST_ENTRIES = 300
"""Entries of one person: a week of the largest conference, starred from morning to night."""
LONGEST_TITLE = 300
"""Characters of a title in which a code is looked for."""


@dataclass(frozen=True, slots=True)
class OwnExport:
    """The sessions that entries were matched with, in schedule order, and the titles of the others."""

    matched: tuple[Session, ...]
    unknown: tuple[str, ...]


def match_own_export(draft: Draft, schedule: Schedule) -> OwnExport:
    """Match each entry by id, by a code in it, or by its title; among the sittings of a talk, by its time.

    Raises:
        BadInputError: there are more than `MOST_ENTRIES` entries, or none.
    """
    if not draft.sessions:
        raise BadInputError("{file} has no entries.", file=draft.source)
    if len(draft.sessions) > MOST_ENTRIES:
        raise BadInputError(
            "{file} has {count} entries, more than one person has: export only your own.",
            file=draft.source,
            count=len(draft.sessions),
        )
    matched: dict[str, Session] = {}
    unknown: list[str] = []
    for row in draft.sessions:
        session = _session_of(row, schedule)
        if session is None:
            unknown.append(row.title)
        else:
            matched[session.id] = session
    ordered = sorted(matched.values(), key=lambda session: (session.starts_at, session.code))
    return OwnExport(tuple(ordered), tuple(dict.fromkeys(unknown)))


def _session_of(row: DraftSession, schedule: Schedule) -> Session | None:
    starts = _instant(row.starts, schedule)
    # An agenda that Hallway exported has `arc301@cloud21.hallway` as its id.
    exact = schedule.by_id.get(row.uid) or schedule.by_id.get(row.uid.rpartition("@")[0])
    if exact and (exact.starts_at == starts or fold(exact.title) in fold(row.title)):
        return exact
    named = _by_code(row, schedule)
    sittings = [named, *schedule.repeats(named)] if named else _by_title(row, schedule)
    at_that_time = [session for session in sittings if session.starts_at == starts]
    if at_that_time:
        return at_that_time[0]
    if named:
        return named
    # A title alone, at another time: only what has moved within its day is surely the same.
    near = [session for session in sittings if abs(session.starts_at - starts) < timedelta(days=1)]
    return near[0] if len(near) == 1 else None


def _instant(starts: datetime, schedule: Schedule) -> datetime:
    return starts if starts.tzinfo else resolve_wall(starts, schedule.conference.tz)[0]


def _by_code(row: DraftSession, schedule: Schedule) -> Session | None:
    words = [row.code, *_words(row.title)]
    return next((session for word in words if (session := _coded(word, schedule))), None)


def _coded(word: str, schedule: Schedule) -> Session | None:
    if not any(character.isdigit() for character in word) or word.isdecimal():
        return None
    return schedule.by_code.get(word.upper()) or schedule.by_code.get(base_code(word.upper()))


def _words(title: str) -> Iterable[str]:
    """The words of a title; a dash or a dot belongs to a code."""
    cleaned = "".join(char if char.isalnum() or char in "-." else " " for char in title[:LONGEST_TITLE])
    return (word.strip("-.") for word in cleaned.split())


def _by_title(row: DraftSession, schedule: Schedule) -> Sequence[Session]:
    title = row.title[:LONGEST_TITLE]
    return schedule.by_title.get(fold(title)) or schedule.by_title.get(fold(talk_title(title))) or ()
