"""Session catalogs: a table of sessions as CSV or JSON, with the column names that such exports have."""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from io import StringIO

from bot.domain.draft import Draft, DraftSession, Remark
from bot.domain.errors import ImportFault
from bot.sources.frab import time_fault, title_says_cancelled
from bot.sources.json_text import load, mapping
from bot.sources.read import MOST_SESSIONS
from bot.sources.reader import Reader
from bot.sources.words import plain, plain_html, read_clock, read_date, read_length, read_recorded

COLUMNS = {
    "title": ("title", "sessiontitle", "name"),
    "code": ("code", "abbreviation", "sessioncode", "shortcode"),
    "uid": ("sessionid", "uid", "guid", "id"),
    "date": ("date", "day", "startdate", "sessiontimedate"),
    "start": ("starttime", "start", "time", "sessiontimetime", "startsat"),
    "end": ("endtime", "end", "endsat"),
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
_MEANS = {alias: name for name, aliases in COLUMNS.items() for alias in aliases}
_NO_LETTER = re.compile(r"[^a-z]")
PAST_MIDNIGHT = timedelta(hours=6)
"""An end before the start belongs to the next day if the session then lasts no longer than this."""
REMEDY = "it needs columns title, date, startTime and endTime (or length), and room"

Row = Mapping[str, str]


def knows_csv(text: str) -> bool:
    """A first line with a column for the title."""
    return not text.lstrip().startswith(("{", "[")) and "title" in _header(text)


def knows_json(text: str) -> bool:
    """A JSON list, or an object with a list of items or sessions."""
    start = text.lstrip()[:1]
    return start == "[" or (start == "{" and any(f'"{name}"' in text[:4096] for name in ("items", "sessions")))


def read_csv(text: str, source: str) -> Draft:
    """The draft of a table with a header."""
    if "title" not in _header(text):
        message = f"{source}, line 1: there is no column for the title; {REMEDY}."
        raise ImportFault(message)
    return _draft("catalog-csv", source, _csv_rows(text, source))


def read_json(text: str, source: str) -> Draft:
    """The draft of a list of objects."""
    value = load(text, source)
    items = value if isinstance(value, list) else mapping(value).get("items") or mapping(value).get("sessions")
    if not isinstance(items, list):
        message = f"{source}: there is no list of sessions in it; {REMEDY}."
        raise ImportFault(message)
    return _draft("catalog-json", source, ((f"item {n}", _flat(item)) for n, item in enumerate(items, 1)))


def _header(text: str) -> list[str]:
    return [_meaning(name) for name in re.split(r"[,;\t]", text.split("\n", 1)[0])]


def _meaning(name: str) -> str:
    return _MEANS.get(_NO_LETTER.sub("", name.casefold()), "")


def _csv_rows(text: str, source: str) -> Iterator[tuple[str, Row]]:
    first = text.split("\n", 1)[0]
    lines = csv.reader(StringIO(text, newline=""), delimiter=max(",;\t", key=first.count))
    names = [_meaning(name) for name in next(lines)]
    while True:
        begins = lines.line_num + 1
        try:
            values = next(lines)
        except StopIteration:
            return
        except csv.Error as error:
            message = (
                f"{source}, line {begins}: this line is no CSV ({error}): correct it, or export the catalog again."
            )
            raise ImportFault(message) from error
        if any(value.strip() for value in values):
            yield f"line {begins}", {name: value for name, value in zip(names, values, strict=False) if name}


def _flat(item: object) -> Row:
    """`sessionTime: {date, time}` as sessionTimeDate and so on; lists of words as one string."""
    row: dict[str, str] = {}
    for name, value in mapping(item).items():
        inner = value.items() if isinstance(value, dict) else ((("", value),))
        for more, part in inner:
            meaning = _meaning(f"{name}{more}")
            if meaning and meaning not in row:
                row[meaning] = _words(part)
    return row


def _words(value: object) -> str:
    if isinstance(value, list):
        return "; ".join(_words(each) for each in value)
    if isinstance(value, dict):
        return str(value.get("name") or value.get("fullName") or "")
    return "" if value is None else str(value)


def _draft(format_name: str, source: str, rows: Iterable[tuple[str, Row]]) -> Draft:
    draft, dated = Draft(format_name, source), False
    for number, (where, row) in enumerate(rows):
        if number >= MOST_SESSIONS:
            message = f"{source}, {where}: it has more than {MOST_SESSIONS:,} rows, which no conference has: split it."
            raise ImportFault(message)
        dated = dated or bool(plain(row.get("date")) or "T" in row.get("start", ""))
        _add(draft, row, where)
    if not dated and draft.skipped:
        message = f"{source}: no session in it has a date, so nobody can be told when to leave; {REMEDY}."
        raise ImportFault(message)
    return draft


def _add(draft: Draft, row: Row, where: str) -> None:
    title = plain(row.get("title"))
    if not title:
        draft.skipped.append(Remark(where, "it has no title"))
        return
    if not plain(row.get("start")):
        draft.skipped.append(Remark(where, f"{title!r} has no time yet"))
        return
    try:
        starts = _starts(row)
        length = _length(row, starts)
    except ValueError as error:
        draft.skipped.append(Remark(where, f"{title!r} has a time that cannot be read ({error})"))
        return
    if fault := time_fault(starts, length):
        draft.impossible.append(Remark(where, f"{title!r} {fault}"))
        return
    draft.sessions.append(_session(row, starts, length, where))


def _starts(row: Row) -> datetime:
    start, day = plain(row.get("start")), plain(row.get("date"))
    if "T" in start:
        return datetime.fromisoformat(start)
    return datetime.combine(read_date(day), read_clock(start))


def _length(row: Row, starts: datetime) -> timedelta:
    end, length = plain(row.get("end")), plain(row.get("length"))
    if not end:
        return read_length(length) if length else timedelta()
    if "T" in end:
        return datetime.fromisoformat(end) - starts
    ends = datetime.combine(starts.date(), read_clock(end), starts.tzinfo)
    over_midnight = ends + timedelta(days=1) - starts
    return over_midnight if ends < starts and over_midnight <= PAST_MIDNIGHT else ends - starts


def _session(row: Row, starts: datetime, length: timedelta, where: str) -> DraftSession:
    title, venue, room = plain(row.get("title")), plain(row.get("venue")), plain(row.get("room"))
    location = room if not venue or room.casefold().startswith(venue.casefold()) else f"{venue} | {room}".rstrip(" |")
    names = re.split(r"[;\n]", row.get("speakers") or "")
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
        speakers=tuple(name for name in map(plain, names) if name),
        track=plain(row.get("track")),
        level=plain(row.get("level")),
        kind=plain(row.get("kind")),
        language=plain(row.get("language")),
        recorded=read_recorded(row.get("recorded")),
        cancelled=plain(row.get("state")).casefold().startswith("cancel") or title_says_cancelled(title),
    )


CSV_READER = Reader("catalog-csv", knows_csv, read_csv)
JSON_READER = Reader("catalog-json", knows_json, read_json)
