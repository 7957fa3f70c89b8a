"""Rows of a table, whatever file they came from: facts as strings under the names of `FACTS`, made into sessions."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from bot.domain.draft import Draft, DraftSession, Remark
from bot.domain.errors import ImportFault
from bot.sources.moments import (
    combine,
    is_moment,
    lasting,
    read_clock,
    read_date,
    read_length,
    read_moment,
    time_fault,
)
from bot.sources.read import MOST_SESSIONS
from bot.sources.words import plain, plain_html, plain_title, read_names, read_recorded, title_says_cancelled

FACTS: Mapping[str, tuple[str, ...]] = {
    "title": ("title", "sessiontitle", "name"),
    "code": ("code", "abbreviation", "sessioncode", "shortcode"),
    "uid": ("sessiontimeid", "sessionid", "uid", "guid", "id"),
    "date": ("date", "day", "startdate", "sessiontimedate"),
    "start": ("starttime", "start", "time", "sessiontimetime", "startsat", "starttimestamp"),
    "end": ("endtime", "end", "endsat", "endtimestamp"),
    "length": ("length", "lengthmin", "duration", "durationmin", "sessiontimelength"),
    "room": ("room", "location", "roomname"),
    "venue": ("venue", "hotel", "venuename", "building"),
    "kind": ("type", "kind", "sessiontype", "format"),
    "level": ("level", "sessionlevel"),
    "track": ("track", "topics", "topic"),
    "speakers": ("speakers", "speaker", "presenters"),
    "abstract": ("abstract", "description"),
    "language": ("language", "lang"),
    "recorded": ("recorded", "isrecorded"),
    "state": ("state", "status"),
}
"""What a row may say, with the column names that stand for it in capitals or not, with or without blanks."""
_MEANS = {alias: name for name, aliases in FACTS.items() for alias in aliases}
_NO_LETTER = re.compile(r"[^a-z]")
REMEDY = "it needs columns title, date, startTime and endTime (or length), and room, or a mapping (--map FILE)"

Row = Mapping[str, str]


def meaning(name: str) -> str:
    """The fact that a column of this name holds; "" for none."""
    return _MEANS.get(_NO_LETTER.sub("", name.casefold()), "")


def fill(draft: Draft, rows: Iterable[tuple[str, Row]]) -> Draft:
    """The draft with a session for each of (where it stands, its facts); raises `ImportFault`."""
    dated = False
    for number, (where, row) in enumerate(rows):
        if number >= MOST_SESSIONS:
            message = (
                f"{draft.source}, {where}: it has more than {MOST_SESSIONS:,} rows, which no conference has: split it."
            )
            raise ImportFault(message)
        dated = dated or bool(plain(row.get("date")) or is_moment(row.get("start", "")))
        _add(draft, row, where)
    if not dated and draft.skipped:
        message = f"{draft.source}: no session in it has a date, so nobody can be told when to leave; {REMEDY}."
        raise ImportFault(message)
    return draft


def _add(draft: Draft, row: Row, where: str) -> None:
    title = plain_title(row.get("title"))
    if not title:
        draft.skipped.append(Remark(where, "it has no title"))
        return
    if not plain(row.get("start")) and not is_moment(plain(row.get("date"))):
        draft.skipped.append(Remark(where, f"{title!r} has no time yet"))
        return
    try:
        starts = _starts(row)
        length, past_midnight = _length(row, starts)
    except ValueError as error:
        draft.skipped.append(Remark(where, f"{title!r} has a time that cannot be read ({error})"))
        return
    if fault := time_fault(starts, length):
        draft.impossible.append(Remark(where, f"{title!r} {fault}"))
        return
    if past_midnight and is_moment(plain(row.get("end"))):
        draft.warnings.append(Remark(where, f"{title!r} ends before it starts: taken to end on the next day"))
    draft.sessions.append(_session(row, title, starts, length, where))


def _starts(row: Row) -> datetime:
    start, day = plain(row.get("start")), plain(row.get("date"))
    if is_moment(start or day):
        return read_moment(start or day)
    return combine(read_date(day), read_clock(start))


def _length(row: Row, starts: datetime) -> tuple[timedelta, bool]:
    end, length = plain(row.get("end")), plain(row.get("length"))
    if not end:
        return (read_length(length) if length else timedelta()), False
    if is_moment(end):
        return lasting(starts, read_moment(end))
    return lasting(starts, combine(starts.date(), read_clock(end)).replace(tzinfo=starts.tzinfo))


def _session(row: Row, title: str, starts: datetime, length: timedelta, where: str) -> DraftSession:
    venue, room = plain(row.get("venue")), plain_title(row.get("room"))
    location = room if not venue or room.casefold().startswith(venue.casefold()) else f"{venue} | {room}".rstrip(" |")
    return DraftSession(
        where,
        title,
        starts,
        length,
        location,
        room,
        uid=plain(row.get("uid")),
        code=plain(row.get("code")),
        abstract=plain_html(row.get("abstract")),
        speakers=read_names(row.get("speakers") or ""),
        track=plain_title(row.get("track")),
        level=plain(row.get("level")),
        kind=plain_title(row.get("kind")),
        language=plain(row.get("language")),
        recorded=read_recorded(row.get("recorded")),
        cancelled=plain(row.get("state")).casefold().startswith("cancel") or title_says_cancelled(title),
    )
