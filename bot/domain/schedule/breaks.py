"""The same break in many rooms: schedules list it once for each room, people need it once."""

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import replace

from bot.domain.schedule.session import Session


def distinct_sessions(sessions: Iterable[Session]) -> Iterator[Session]:
    """Yield the first of the sessions that differ only in their room within a venue, in the given order."""
    seen: set[Hashable] = set()
    for session in sessions:
        key = apart_from_room(session)
        if key not in seen:
            seen.add(key)
            yield session


def with_rooms(sessions: Iterable[Session]) -> list[tuple[Session, int]]:
    """Return the first of the sessions that differ only in their room, each with its number of rooms."""
    listed = list(sessions)
    rooms = Counter(map(apart_from_room, listed))
    return [(session, rooms[apart_from_room(session)]) for session in distinct_sessions(listed)]


def apart_from_room(session: Session) -> Hashable:
    """Return a key that is equal for sessions which differ only in their room within a venue."""
    return replace(session, id="", code="", room="", abstract="", track="", revision=0, title=session.title.casefold())
