"""Sessions from table rows: facts as strings under the names of `FACTS`."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.errors import ScheduleImportError
from bot.domain.imports.draft import Draft, DraftSession, Remark, remark
from bot.domain.phrases import phrase
from bot.domain.schedule.session import Recorded
from bot.sources.dates import in_iso, month_first, span
from bot.sources.field_names import Row
from bot.sources.file_checks import MOST_SESSIONS
from bot.sources.lengths import Lengths
from bot.sources.states import States
from bot.sources.text import plain, plain_html, plain_title, read_names, read_recorded, title_says_cancelled
from bot.sources.timestamps import (
    combine,
    is_moment,
    lasting,
    read_clock,
    read_date,
    read_length,
    read_moment,
    time_problem,
)

REMEDY = "it needs columns title, date, startTime and endTime (or length), and room, or a mapping (--map FILE)"


def fill(draft: Draft, rows: Iterable[tuple[str, Row]]) -> Draft:
    """Add a session for each (position, facts) to the draft; raises `ScheduleImportError`."""
    bounded = list(_bounded(draft.source, rows))
    dated, states, lengths = False, States(draft), Lengths()
    for where, row in _in_iso(draft, bounded):
        dated = dated or bool(plain(row.get("date")) or is_moment(row.get("start", "")))
        _add(draft, row, where, states, lengths)
    states.report_unknown()
    lengths.report(draft, prefer_end=True)
    if not dated and draft.skipped:
        raise ScheduleImportError(
            "{source}: no session in it has a date, so Hallway cannot say when to leave; {remedy}.",
            source=draft.source,
            remedy=REMEDY,
        )
    return draft


def _bounded(source: str, rows: Iterable[tuple[str, Row]]) -> Iterator[tuple[str, Row]]:
    for number, (where, row) in enumerate(rows):
        if number >= MOST_SESSIONS:
            raise ScheduleImportError(
                "{source}, {where}: it has more than {most_sessions} rows, the limit for a conference: split it.",
                source=source,
                where=where,
                most_sessions=f"{MOST_SESSIONS:,}",
            )
        yield where, row


def _in_iso(draft: Draft, rows: Sequence[tuple[str, Row]]) -> Iterator[tuple[str, Row]]:
    """Yield the rows with ISO dates; a guessed order of day and month is reported."""
    texts = dict.fromkeys(plain(row.get(name)) for _, row in rows for name in ("date", "start"))
    american = month_first(texts)
    if doubtful := next((text for text in texts if text and _either(text)), ""):
        order = "month" if american else "day"
        what = phrase(
            "dates such as {doubtful} are read with the {order} first; a mapping (--map) with `times` says it exactly",
            doubtful=doubtful,
            order=order,
        )
        draft.warnings.append(Remark("dates", what))
    for where, row in rows:
        times = {name: plain(row.get(name)) for name in ("date", "start", "end")}
        if not times["end"] and not is_moment(times["start"]):
            times["start"], times["end"] = span(times["start"])
        yield where, {**row, **{name: in_iso(text, month_first=american) for name, text in times.items()}}


def _either(text: str) -> bool:
    """Whether the date is valid with the month first and differs with the day first."""
    return len({text, in_iso(text, month_first=True), in_iso(text, month_first=False)}) > len(("itself", "a date"))


def _add(draft: Draft, row: Row, where: str, states: States, lengths: Lengths) -> None:
    title = plain_title(row.get("title"))
    if not title:
        draft.skipped.append(Remark(where, "it has no title"))
        return
    cancelled = states.cancelled((row.get("state", ""), *row.get("flags", "").split("; ")), where, title)
    if cancelled is None:
        return
    if not plain(row.get("start")) and not is_moment(plain(row.get("date"))):
        draft.skipped.append(remark(where, "{title} has no time yet", title=repr(title)))
        return
    try:
        starts = _starts(row)
        length, past_midnight = _length(row, starts, lengths, Remark(where, title))
    except ValueError:
        stated = ", ".join(
            f"{name} {plain(row[name])!r}" for name in ("date", "start", "end", "length") if row.get(name)
        )
        draft.skipped.append(
            remark(where, "{title} has a time that cannot be read ({said})", title=repr(title), said=stated)
        )
        return
    if fault := time_problem(starts, length):
        draft.impossible.append(remark(where, "{title} {fault}", title=repr(title), fault=fault))
        return
    if past_midnight and is_moment(plain(row.get("end"))):
        draft.warnings.append(
            remark(where, "{title} ends before it starts: read as ending on the next day", title=repr(title))
        )
    session = _session(row, title, starts, length, where)
    draft.sessions.append(replace(session, cancelled=True) if cancelled else session)


def _starts(row: Row) -> datetime:
    start, day = plain(row.get("start")), plain(row.get("date"))
    if is_moment(start or day):
        return read_moment(start or day)
    return combine(read_date(day), read_clock(start))


def _length(row: Row, starts: datetime, lengths: Lengths, about: Remark) -> tuple[timedelta, bool]:
    end, length = plain(row.get("end")), plain(row.get("length"))
    if not end:
        return (read_length(length) if length else timedelta()), False
    if is_moment(end):
        until, past_midnight = lasting(starts, read_moment(end))
    else:
        until, past_midnight = lasting(starts, combine(starts.date(), read_clock(end)).replace(tzinfo=starts.tzinfo))
    try:
        stated = read_length(length)
    except ValueError:
        # The end says it already.
        return until, past_midnight
    return lengths.length_of(stated, length, until, about, prefer_end=True), past_midnight


def _session(row: Row, title: str, starts: datetime, length: timedelta, where: str) -> DraftSession:
    venue, room = plain(row.get("venue")), plain_title(row.get("room"))
    location = room if not venue or room.casefold().startswith(venue.casefold()) else f"{venue} | {room}".rstrip(" |")
    return DraftSession(
        where,
        title,
        starts,
        length,
        location,
        room or venue,
        uid=plain(row.get("uid")),
        code=plain(row.get("code")),
        abstract=plain_html(row.get("abstract")),
        speakers=read_names(row.get("speakers") or ""),
        track=plain_title(row.get("track")),
        level=plain(row.get("level")),
        kind=plain_title(row.get("kind")),
        language=plain(row.get("language")),
        recorded=read_recorded(row.get("recorded") or row.get("recording")),
        cancelled=title_says_cancelled(title),
        ends_by_clock=starts.tzinfo is None and bool(plain(row.get("end"))),
        recording_url="" if _is_answer(row.get("recording")) else plain(row.get("recording")),
        overflow="" if _is_answer(row.get("overflow")) else plain_title(row.get("overflow")),
    )


def _is_answer(text: str | None) -> bool:
    """Whether a column says yes or no: `Recording` may hold that, or an address."""
    return read_recorded(text) is not Recorded.UNKNOWN
