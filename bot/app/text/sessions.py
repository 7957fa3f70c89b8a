"""Sessions in lines and cards."""

from collections.abc import Iterable, Sequence

from bot.app.messages import Button, Card, Part, Text
from bot.app.text.format import sentence
from bot.app.text.reader import Reader
from bot.domain.schedule.session import Recorded, Session, SessionState

_RECORDED = {Recorded.YES: "recorded", Recorded.NO: "not recorded"}
_OFF = {SessionState.SCHEDULED: "", SessionState.CANCELLED: "cancelled", SessionState.UNLISTED: "no longer listed"}


def place_text(session: Session) -> str:
    """`Caesars Forum, Level 1, Academy 411`."""
    return ", ".join(part for part in (session.venue, session.room) if part) or "place not announced"


def span(session: Session, reader: Reader) -> Text:
    """`13:30-14:30`, in the reader's own zone too: `13:30-14:30 (22:30 in Europe/Berlin)`."""
    here = Reader(reader.zone)
    return sentence(here.time(session.starts_at), "-", here.time(session.ends_at), reader.elsewhere(session.starts_at))


def traits(session: Session) -> str:
    """`Breakout session · 300 · Architecture · recorded`, as far as known."""
    known = (
        session.kind,
        session.level,
        session.track,
        _RECORDED.get(session.recorded, ""),
    )
    return " · ".join(word for word in known if word)


def line_of(session: Session, reader: Reader, *, day: bool = False) -> Text:
    """One session in one line: `ARC301 Title, 13:30-14:30, Caesars Forum`."""
    head: tuple[Part, ...] = (reader.day(session.starts_at), " ") if day else ()
    place = session.venue or session.room or "place not announced"
    off = "" if session.takes_place else f" ({_OFF[session.state]})"
    return sentence(f"{session.code} {session.title}{off}, ", *head, span(session, reader), f", {place}")


def session_card(session: Session, reader: Reader, *more: Text, number: int | None = None, day: bool = True) -> Card:
    """A session as a card: when and where, what it is, then `more`."""
    head: tuple[Part, ...] = (reader.day(session.starts_at), " ") if day else ()
    when = sentence(*head, span(session, reader), f", {place_text(session)}")
    lines = [line for line in (when, sentence(traits(session)), *more) if line]
    return Card(f"{_label(session)}{session.code} {session.title}", tuple(lines), number=number)


def numbered(
    sessions: Sequence[Session], reader: Reader, extra: Iterable[Text] = (), *, day: bool = True
) -> tuple[Card, ...]:
    """Sessions as cards numbered from 1, each with its line of `extra`."""
    extras = list(extra) or [()] * len(sessions)
    pairs = zip(sessions, extras, strict=True)
    return tuple(_row(session, reader, more, n, day=day) for n, (session, more) in enumerate(pairs, 1))


def _row(session: Session, reader: Reader, more: Text, number: int, *, day: bool) -> Card:
    head: tuple[Part, ...] = (reader.day(session.starts_at), " ") if day else ()
    about = " · ".join(w for w in (session.kind, session.level, _RECORDED.get(session.recorded, "")) if w)
    when = sentence(*head, span(session, reader), f", {place_text(session)}", f" · {about}" if about else "")
    lines = (when, more) if more else (when,)
    return Card(f"{_label(session)}{session.code} {session.title}", lines, number=number)


def _label(session: Session) -> str:
    return "" if session.takes_place else f"{_OFF[session.state].upper()}: "


def session_buttons(session: Session, *, going: bool) -> tuple[Button, ...]:
    """What one does next about a session."""
    code, seen = {"code": session.code}, session.revision
    if not going:
        seats = (
            Button("Going", "attend", code, seen=seen),
            Button("Reserved", "attend", {**code, "seat": "reserved"}, seen=seen),
        )
        return (*seats, Button("Who's going", "whosgoing", code, seen=seen))
    here = (Button("I'm here", "here", {"venue": session.venue}),) if session.venue else ()
    return (Button("On my way", "onmyway", code, seen=seen), *here, Button("Not going", "skip", code, seen=seen))
