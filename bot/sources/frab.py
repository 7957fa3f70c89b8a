"""Events of frab, Pentabarf, pretalx, wafer and the CCC's hub, common to XML and JSON."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta

from bot.domain.errors import ScheduleImportError
from bot.domain.imports.draft import Draft, DraftSession, Remark, remark
from bot.domain.phrases import phrase
from bot.domain.schedule.session import Recorded
from bot.domain.times.zone_names import zones_called
from bot.domain.times.zones import zone_by_name
from bot.sources.file_checks import MOST_SESSIONS
from bot.sources.lengths import Lengths
from bot.sources.nights import Nights
from bot.sources.states import States, flag_state
from bot.sources.text import plain, plain_html, plain_title, title_says_cancelled
from bot.sources.timestamps import (
    DAY,
    combine,
    is_moment,
    lasting,
    read_clock,
    read_date,
    read_length,
    read_moment,
    time_problem,
)

_CODE = re.compile(r"[A-Z0-9]{6}")
RECORDING = "recording address"
"""The name under which a format gives the address of a recording: no element or member has it."""
DAY_CHANGE = timedelta(hours=4)
"""An event without its own date that starts before this time belongs to the night after its day."""
LATEST_DAY_CHANGE = timedelta(hours=6)
"""Later day changes are ignored: FOSDEM's files say 09:00 but list events at 08:30 of the same morning."""


@dataclass(slots=True)
class Frame:
    """Context of the events that follow: their day and room, when a day ends, and what was noticed so far.

    `day_change` is None if the file does not state it.
    """

    day: str = ""
    room: str = ""
    day_change: timedelta | None = None
    bounds: tuple[datetime, datetime] | None = None
    first: str = ""
    naive: list[str] = field(default_factory=list)
    offsets: dict[str, datetime] = field(default_factory=dict)
    states: States | None = None
    lengths: Lengths = field(default_factory=Lengths)
    nights: Nights = field(default_factory=Nights)

    def change(self, stated: str) -> None:
        """Use the file's own day change, if it is plausible."""
        try:
            clock = read_clock(stated)
        except ValueError:
            return
        self.day_change = clock if clock <= LATEST_DAY_CHANGE else None

    def start_day(self, day: Mapping[str, object], number: int) -> None:
        """Start the next day.

        A day without a date is counted from the first day of the conference: by its `index` (from 1) if it has one,
        else by `number` (from 0).
        """
        self.day, self.room = plain(day.get("date")), ""
        opens, closes = (_moment(day.get(f"day_{name}") or day.get(name)) for name in ("start", "end"))
        self.bounds = (opens.replace(tzinfo=None), closes.replace(tzinfo=None)) if opens and closes else None
        if opens and opens.tzinfo:
            self.offsets.setdefault(f"{opens:%z}", opens)
        if not self.day and self.first:
            index = plain(day.get("index"))
            later = int(index) - 1 if index.isdecimal() and len(index) < len("100") else number
            try:
                self.day = str(combine(read_date(self.first), timedelta(days=later)).date())
            except ValueError:
                self.day = ""

    def night(self, clock: timedelta) -> bool | None:
        """Whether the time `clock` of this day is in the night after the day; None if yes, but only by a guess."""
        change = DAY_CHANGE if self.day_change is None else self.day_change
        if self.bounds:
            try:
                moment = combine(read_date(self.day), clock)
            except ValueError:
                return False
            opens, closes = self.bounds
            that_day, after = opens <= moment < closes, opens <= moment + DAY < closes
            if that_day or after:
                return not that_day
        if clock >= change:
            return False
        return None if self.day_change is None else True


def add_event(draft: Draft, event: Mapping[str, str], speakers: Sequence[str], frame: Frame, where: str) -> None:
    """Add one event to the draft, or to its skipped rows; raises `ScheduleImportError` if there are too many."""
    if len(draft.sessions) >= MOST_SESSIONS:
        message = phrase(
            "{source}, {where}: it has more than {most_sessions} events, the limit for a conference: split it.",
            source=draft.source,
            where=where,
            most_sessions=f"{MOST_SESSIONS:,}",
        )
        raise ScheduleImportError(message)
    title = plain_title(event.get("title"))
    if not title:
        draft.skipped.append(Remark(where, "it has no title"))
        return
    frame.states = frame.states or States(draft)
    flags = [state for name, value in event.items() if (state := flag_state(name.replace("_", ""), value))]
    cancelled = frame.states.cancelled((event.get("state", ""), event.get("status", ""), *flags), where, title)
    if cancelled is None:
        return
    try:
        starts, wall = _starts(event, frame)
        length = _length(event, starts, frame, draft.warnings, Remark(where, title))
    except ValueError:
        start, duration = plain(event.get("start")), plain(event.get("duration"))
        stated = f"start {start!r}, duration {duration!r}" if start or duration else "neither start nor duration"
        draft.skipped.append(
            remark(where, "{title} has no time that can be read ({said})", title=repr(title), said=stated)
        )
        return
    if fault := time_problem(starts, length):
        draft.impossible.append(remark(where, "{title} {fault}", title=repr(title), fault=fault))
        return
    if starts.tzinfo is None and is_moment(plain(event.get("date"))):
        frame.naive.append(where)
    session = _session(event, speakers, starts, length, where, frame.room, wall)
    draft.sessions.append(replace(session, cancelled=True) if cancelled else session)
    _note_night(event, frame, len(draft.sessions) - 1)


def _note_night(event: Mapping[str, str], frame: Frame, position: int) -> None:
    start, stated = plain(event.get("start")), plain(event.get("date"))
    if is_moment(start) or (stated and stated != frame.day):
        return
    clock = read_clock(start)
    frame.nights.note(position, clock, (frame.day, frame.room), guessed=frame.night(clock) is None)


def finish(draft: Draft, frame: Frame) -> None:
    """Resolve what only the whole file shows, and add the remarks."""
    if frame.states:
        frame.states.report_unknown()
    frame.lengths.report(draft, prefer_end=False)
    frame.nights.apply(draft)
    _report_days(draft, frame)
    if frame.naive:
        what = phrase(
            "{count} events have a date without offset: read as clock times in the conference's zone",
            count=len(frame.naive),
        )
        draft.warnings.append(Remark(frame.naive[0], what))


def _starts(event: Mapping[str, str], frame: Frame) -> tuple[datetime, time | None]:
    """Return the start, and the clock time printed beside it."""
    stated, start = plain(event.get("date")), plain(event.get("start"))
    if is_moment(stated):
        return read_moment(stated), _printed(start)
    if is_moment(start):
        return read_moment(start), None
    clock = read_clock(start)
    under = read_date(stated or frame.day)
    # A date of an event's own is its date; only what merely stands under a day may belong to the night after.
    night = not (stated and stated != frame.day) and frame.night(clock) is not False
    return combine(under, clock + DAY if night else clock), None


def _printed(start: str) -> time | None:
    try:
        return combine(date.min, read_clock(start) % DAY).time()
    except ValueError:
        return None


def _length(
    event: Mapping[str, str], starts: datetime, frame: Frame, remarks: list[Remark], about: Remark
) -> timedelta:
    duration, end = plain(event.get("duration")), plain(event.get("end"))
    stated = read_length(duration or "0")
    if not end:
        return stated
    try:
        ends = read_moment(end) if is_moment(end) else combine(starts.date(), read_clock(end))
    except ValueError:
        if duration:
            return stated
        raise
    until, past_midnight = lasting(starts, ends)
    if duration:
        return frame.lengths.length_of(stated, duration, until, about, prefer_end=False)
    if past_midnight and is_moment(end):
        remarks.append(
            remark(about.where, "{what} ends before it starts: read as ending on the next day", what=repr(about.what))
        )
    return until


def _report_days(draft: Draft, frame: Frame) -> None:
    """Report days that begin with another offset than the zone which the file names, if no event states one."""
    if any(row.starts.tzinfo for row in draft.sessions):
        return
    zones = [zone_by_name(name) for name in zones_called(draft.zone)]
    for stated, opens in frame.offsets.items():
        others = all(opens.astimezone(zone).utcoffset() != opens.utcoffset() for zone in zones)
        if zones and opens.utcoffset() and others:
            where = f"day {opens.date()}"
            draft.warnings.append(
                remark(
                    where,
                    "it begins at {stated}, which {zone} does not have on that day",
                    stated=stated,
                    zone=draft.zone,
                )
            )


def _moment(text: object) -> datetime | None:
    try:
        return read_moment(plain(text)) if is_moment(plain(text)) else None
    except ValueError:
        return None


def _session(
    event: Mapping[str, str],
    speakers: Sequence[str],
    starts: datetime,
    length: timedelta,
    where: str,
    under: str,
    wall: time | None,
) -> DraftSession:
    room, subtitle, track = (
        plain(event.get("room")) or plain(under),
        plain_html(event.get("subtitle")),
        event.get("track"),
    )
    words = (subtitle, plain_html(event.get("abstract")), plain_html(event.get("description")))
    title = plain_title(event.get("title"))
    opted_out = "true" in (plain(event.get(name)).casefold() for name in ("do_not_record", "optout"))
    return DraftSession(
        where,
        title,
        starts,
        length,
        room,
        room,
        uid=plain(event.get("guid")) or plain(event.get("id")),
        code=_code(event),
        abstract="\n".join(dict.fromkeys(word for word in words if word)),
        speakers=tuple(name for name in map(plain, speakers) if name),
        track="" if plain(track) == "No Track" else plain(track),
        kind=plain(event.get("type")),
        language=plain(event.get("language")),
        recorded=Recorded.NO if opted_out else Recorded.UNKNOWN,
        cancelled=title_says_cancelled(title),
        ends_by_clock=starts.tzinfo is None and not plain(event.get("duration")),
        wall=wall,
        recording_url=event.get(RECORDING, ""),
    )


def _code(event: Mapping[str, str]) -> str:
    """Return pretalx's code, which begins the slug (`YTYUAH-how_to`), otherwise the number of the event."""
    if own := plain(event.get("code")):
        return own
    begins = plain(event.get("slug")).split("-")[0]
    return begins if _CODE.fullmatch(begins) and not begins.isdecimal() else plain(event.get("id"))
