"""Sessions in lines and cards. The title comes first: a code may be one that Hallway made up."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from string import ascii_letters, digits

from bot.app.messages import Button, Card, LinkButton, Text
from bot.app.text.catalog import s, t
from bot.app.text.format import lines, shortened
from bot.app.text.local_times import Reader
from bot.domain.attendee.recordings import can_watch
from bot.domain.schedule.breaks import with_rooms
from bot.domain.schedule.session import Recorded, Session

MOST_JOINED, LABEL = 5, 40
"""Buttons of online sessions, or of recordings, in one message, and the characters of a title on one of them."""
SHOWN_IN_FULL = frozenset(f"{ascii_letters}{digits}:/.-_?=&%+,#")
"""Characters of an address that are not markup on any platform."""


def session_name(session: Session) -> str:
    """`Queues that never sleep (ARC301)`; an own entry has no code."""
    if session.is_block:
        return session.title
    return f"{session.title} ({session.code})"


def place_text(session: Session) -> str:
    """`Caesars Forum, Level 1, Academy 411`."""
    if session.is_block and not session.venue:
        return s("your own time")
    return ", ".join(part for part in (session.venue, session.room) if part) or s("place not announced yet")


def time_range(session: Session, reader: Reader) -> Text:
    """`13:30-14:30`, and the start in the reader's own zone: `13:30-14:30 (22:30 in Europe/Berlin)`."""
    here = reader.here()
    return t(
        "{start}-{end}{own}",
        start=here.time(session.starts_at),
        end=here.time(session.ends_at),
        own=reader.elsewhere(session.starts_at),
    )


def listed_once(sessions: Iterable[Session]) -> list[Session]:
    """Return the sessions with the same break in many rooms as one: `13 rooms` replaces its room."""
    counted = with_rooms(sessions)
    return [
        replace(session, room=s("{count} rooms", count=rooms)) if rooms > 1 else session for session, rooms in counted
    ]


def session_facts(session: Session) -> str:
    """`Breakout session · 300 · Architecture · recorded`, without the facts that are unknown."""
    kind = "" if session.is_block else session.kind
    return " · ".join(filter(None, (kind, session.level, session.track, _recorded(session))))


def session_line(session: Session, reader: Reader, *, day: bool = False) -> Text:
    """One session in one line: `Queues that never sleep (ARC301), 13:30-14:30, Caesars Forum`."""
    name = session_name(session)
    return t(
        "{name}, {time}, {place}",
        name=name if session.takes_place else f"{name} ({_state(session)})",
        time=_when(session, reader, day=day),
        place=session.venue or session.room or place_text(session),
    )


def session_card(session: Session, reader: Reader, *more: Text, number: int | None = None, day: bool = True) -> Card:
    """Return a session as a card: time, place and facts, then `more`."""
    when = t("{time}, {place}", time=_when(session, reader, day=day), place=place_text(session))
    return Card(_title(session), lines(when, t("{facts}", facts=session_facts(session)), *more), number=number)


def once(group: Sequence[Session]) -> Session:
    """Return the same break in several rooms as one session."""
    return replace(group[0], room=s("{count} rooms", count=len(group))) if len(group) > 1 else group[0]


def numbered(
    sessions: Sequence[Session], reader: Reader, extra: Iterable[Text] = (), *, day: bool = True
) -> tuple[Card, ...]:
    """Sessions as short cards numbered from 1, each with its line of `extra`."""
    extras = list(extra) or [()] * len(sessions)
    pairs = zip(sessions, extras, strict=True)
    return tuple(_row(session, reader, more, number, day=day) for number, (session, more) in enumerate(pairs, 1))


def _row(session: Session, reader: Reader, more: Text, number: int, *, day: bool) -> Card:
    facts = " · ".join(filter(None, (session.kind, session.level, _recorded(session))))
    when = t(
        "{time}, {place}{facts}",
        time=_when(session, reader, day=day),
        place=place_text(session),
        facts=f" · {facts}" if facts else "",
    )
    return Card(_title(session), lines(when, more), number=number)


def _when(session: Session, reader: Reader, *, day: bool) -> Text:
    time = time_range(session, reader)
    return t("{day} {time}", day=reader.day(session.starts_at), time=time) if day else time


def _recorded(session: Session) -> str:
    if session.can_be_watched:
        return s("recorded")
    return s("not recorded") if session.recorded is Recorded.NO else ""


def _state(session: Session) -> str:
    return s("cancelled") if session.cancelled else s("no longer in the schedule")


def _title(session: Session) -> str:
    name = session_name(session)
    return name if session.takes_place else f"{_state(session).upper()}: {name}"


def session_buttons(session: Session, *, going: bool, starred: bool = False) -> tuple[Button, ...]:
    """The next steps for a session: how to choose it, or how to get there."""
    code, seen = {"code": session.code}, session.revision
    if not going:
        star = Button(s("☆ Star"), "star", code, seen=seen)
        return (
            Button(s("Going"), "attend", code, seen=seen),
            Button(s("Going, seat reserved"), "attend", {**code, "seat": "reserved"}, seen=seen),
            Button(s("Remove the star"), "skip", code) if starred else star,
            Button(s("Who's going"), "whosgoing", code, seen=seen),
        )
    here = (Button(s("I'm here"), "here", {"venue": session.venue}),) if session.venue else ()
    on_my_way = Button(s("On my way"), "onmyway", code, seen=seen)
    leaving = () if session.is_block and session.needs_no_walk else (on_my_way, *here)
    return (*leaving, Button(s("Not going"), "skip", code, seen=seen))


def later_button(session: Session) -> tuple[Button, ...]:
    """A button that puts a recorded session on the list to watch later; none for what is not recorded."""
    if not session.can_be_watched:
        return ()
    label = s("Watch {title} later", title=shortened(session.title, LABEL - 8))
    return (Button(label, "later", {"code": session.code}),)


def watch_buttons(sessions: Iterable[Session], now: datetime) -> tuple[LinkButton, ...]:
    """Return a button for each available recording; with its title if there are several."""
    there = [session for session in sessions if can_watch(session, now)]
    if len(there) == 1:
        return (LinkButton(s("Watch it"), there[0].recording_url),)
    labels = (s("Watch {title}", title=shortened(session.title, LABEL)) for session in there[:MOST_JOINED])
    return tuple(LinkButton(label, session.recording_url) for label, session in zip(labels, there, strict=False))


def recording_link(session: Session, now: datetime) -> str:
    """Return the address of the recording as a card shows it; "" if there is none yet, or a card cannot show it."""
    url = session.recording_url if can_watch(session, now) else ""
    return url if url.startswith("https://") and SHOWN_IN_FULL.issuperset(url) else ""


def join_buttons(sessions: Iterable[Session], now: datetime) -> tuple[LinkButton, ...]:
    """A button for each online session that has not ended and has an address; with its title if there are several."""
    online = [session for session in sessions if session.link and session.takes_place and now < session.ends_at]
    if len(online) == 1:
        return (LinkButton(s("Join"), online[0].link),)
    labels = (s("Join {title}", title=shortened(session.title, LABEL)) for session in online[:MOST_JOINED])
    return tuple(LinkButton(label, session.link) for label, session in zip(labels, online, strict=False))
