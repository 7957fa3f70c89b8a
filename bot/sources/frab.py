"""What frab, Pentabarf and pretalx say in XML and in JSON alike: one event, as a mapping of strings."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta

from bot.domain.draft import Draft, DraftSession, Remark
from bot.domain.session import Recorded
from bot.sources.words import plain, plain_html, read_clock, read_date, read_length

_CODE = re.compile(r"[A-Z0-9]{6}")
DAY_CHANGE = time(4)
"""An event without a date of its own that starts before this belongs to the night after the day it stands under."""
FIRST_YEAR, LAST_YEAR = 1990, 2100
LONGEST = timedelta(days=14)


def add_event(draft: Draft, event: Mapping[str, str], speakers: Sequence[str], day: str, where: str) -> None:
    """Add one event to the draft, to its sessions or to what was not taken."""
    title = plain(event.get("title"))
    if not title:
        draft.skipped.append(Remark(where, "it has no title"))
        return
    try:
        starts, length = _starts(event, day), read_length(event.get("duration") or "0")
    except ValueError:
        start, duration = plain(event.get("start")), plain(event.get("duration"))
        said = f"start {start!r}, duration {duration!r}" if start or duration else "neither start nor duration"
        draft.skipped.append(Remark(where, f"{title!r} has no time that can be read ({said})"))
        return
    if fault := time_fault(starts, length):
        draft.impossible.append(Remark(where, f"{title!r} {fault}"))
        return
    draft.sessions.append(_session(event, speakers, starts, length, where))


def time_fault(starts: datetime, length: timedelta) -> str:
    """What cannot be right about a time; "" if nothing."""
    if not FIRST_YEAR <= starts.year <= LAST_YEAR:
        return f"is in the year {starts.year}"
    if length < timedelta():
        return "ends before it starts"
    return f"lasts {length.days} days" if length > LONGEST else ""


def _starts(event: Mapping[str, str], day: str) -> datetime:
    stated = plain(event.get("date"))
    if "T" in stated:
        return datetime.fromisoformat(stated)
    clock = read_clock(event.get("start") or "")
    under = read_date(stated or day)
    return datetime.combine(_night(under, clock), clock)


def _night(under: date, clock: time) -> date:
    return under + timedelta(days=1) if clock < DAY_CHANGE else under


def _session(
    event: Mapping[str, str], speakers: Sequence[str], starts: datetime, length: timedelta, where: str
) -> DraftSession:
    room, subtitle = plain(event.get("room")), plain_html(event.get("subtitle"))
    words = (subtitle, plain_html(event.get("abstract")), plain_html(event.get("description")))
    return DraftSession(
        where,
        plain(event.get("title")),
        starts,
        length,
        room,
        room,
        uid=plain(event.get("guid")) or plain(event.get("id")),
        code=_code(event),
        abstract="\n".join(dict.fromkeys(word for word in words if word)),
        speakers=tuple(name for name in map(plain, speakers) if name),
        track=plain(event.get("track")),
        kind=plain(event.get("type")),
        language=plain(event.get("language")),
        recorded=Recorded.NO if plain(event.get("do_not_record")).casefold() == "true" else Recorded.UNKNOWN,
        cancelled=title_says_cancelled(plain(event.get("title"))),
    )


def _code(event: Mapping[str, str]) -> str:
    """Pretalx begins a slug with the talk's code (`YTYUAH-how_to`); else the number of the event is short enough."""
    begins = plain(event.get("slug")).split("-")[0]
    return begins if _CODE.fullmatch(begins) and not begins.isdecimal() else plain(event.get("id"))


def title_says_cancelled(title: str) -> bool:
    """Organizers without a field for it write it before the title."""
    return title.casefold().lstrip("[(* ").startswith(("cancelled", "canceled", "abgesagt"))
