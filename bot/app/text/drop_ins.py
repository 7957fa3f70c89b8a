"""Drop-ins (meals, services, the exhibition), apart from the sessions: one short line each."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from bot.app.messages import Card, Text
from bot.app.text.catalog import n, s, t
from bot.app.text.local_times import Reader
from bot.domain.schedule.folding import fold
from bot.domain.schedule.session import Session

MOST_LINES = 5


def drop_in_cards(
    sessions: Iterable[Session], reader: Reader, now: datetime, minutes_to: Callable[[Session], float]
) -> tuple[Card, ...]:
    """Return a card with a line for each title, the shortest opening first. Empty without sessions.

    Args:
        sessions: the drop-ins that are open, or open soon.
        reader: the reader's zones and clock.
        now: the current time.
        minutes_to: how far each is from the reader; the nearest place is named.
    """
    by_title: dict[str, list[Session]] = {}
    for session in sorted(
        sessions, key=lambda session: (session.length, session.starts_at, minutes_to(session), session.code)
    ):
        by_title.setdefault(fold(session.title), []).append(session)
    if not by_title:
        return ()
    rows = [_line(sorted(places, key=minutes_to), reader, now) for places in list(by_title.values())[:MOST_LINES]]
    if (more := len(by_title) - len(rows)) > 0:
        rows.append(n("{count} more is open or opens soon.", "{count} more are open or open soon.", more))
    return (Card(s("Drop in when it suits you"), tuple(rows)),)


def _line(sessions: Sequence[Session], reader: Reader, now: datetime) -> Text:
    """`AWS Merch Store (COM07548), until 18:00, Venetian`."""
    first = sessions[0]
    opens = first.starts_at > now
    time = reader.time(first.starts_at if opens else first.ends_at)
    name, place = f"{first.title} ({first.code})", _place(sessions)
    if opens:
        return t("{name}, from {time}, {place}", name=name, time=time, place=place)
    return t("{name}, until {time}, {place}", name=name, time=time, place=place)


def _place(sessions: Sequence[Session]) -> str:
    nearest = sessions[0].venue or sessions[0].room or s("place not announced yet")
    if len(sessions) == 1:
        return nearest
    return s("{count} places, such as {place}", count=len(sessions), place=nearest)
