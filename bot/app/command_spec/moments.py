"""The type of the time of an announcement: a moment, or one that follows a session or a day."""

import re
from dataclasses import replace
from datetime import datetime, timedelta

from bot.app.command_spec.command import ParamType, StaticContext
from bot.app.command_spec.param_types import DURATION, SESSION
from bot.app.text import s
from bot.domain.announcements.moment import Anchor, Moment
from bot.domain.errors import BadInputError
from bot.domain.times.time_parsing import read_day, read_time
from bot.domain.times.zones import resolve_wall

_BESIDE = re.compile(r"\s(before|after)\s", re.IGNORECASE)
ENDS_OF_SESSION = {"starts": Anchor.START, "begins": Anchor.START, "ends": Anchor.END}
STARTS_AND_ENDS = ("start", "beginning", "end")
THE_DAY = ("the day", "day")
MOST_WORDS_OF_DURATION = 2
"""`10m` or `10 min`: more words before the word "before" belong to a title."""


def read_moment(text: str, context: StaticContext) -> Moment:
    """Read `now`, `14:00`, `tuesday 9am`, an ISO time, or a time that follows the schedule.

    Such a time is `10m before ARC301`, `5m after ARC301`, `when ARC301 ends`, `the end of ARC301`, `the start of the
    day` or `30m before the start of tuesday`.
    """
    typed = text.strip()
    typed = typed[3:].strip() if typed.casefold().startswith("at ") else typed
    if typed.casefold() == "now":
        return Moment()
    moment = _following(typed, context) or Moment(_instant(typed, context))
    at = moment.due_at(context.schedule)
    if at is None:
        raise BadInputError(s("Nothing takes place then, so {text} is no moment: choose another.", text=repr(text)))
    if at <= context.now:
        raise BadInputError(s("{text} is over: choose a later moment, or now.", text=repr(text)))
    return moment


def _following(typed: str, context: StaticContext) -> Moment | None:
    beside = _BESIDE.search(typed)
    if beside and len(typed[: beside.start()].split()) <= MOST_WORDS_OF_DURATION:
        minutes = int(DURATION.read(typed[: beside.start()], context).total_seconds() // 60)
        target = typed[beside.end() :].strip()
        if beside[1].casefold() == "after":
            return _anchored(target, context, -minutes, Anchor.END)
        return _anchored(target, context, minutes, Anchor.START)
    is_anchored = _end_of(typed) or typed.casefold().startswith("when ")
    return _anchored(typed, context, 0, Anchor.START) if is_anchored else None


def _anchored(text: str, context: StaticContext, before: int, usual: Anchor) -> Moment:
    """Read what a time follows; a session without the word for its start or end has the `usual` anchor."""
    if part := _end_of(text):
        anchor, target = part
        if anchor is Anchor.START and (day := _day(target, context, before)):
            return day
        return Moment(None, SESSION.read(target, context).id, before, anchor)
    is_when = text.casefold().startswith("when ")
    session, _, last = (text[5:] if is_when else text).strip().rpartition(" ")
    end = ENDS_OF_SESSION.get(last.casefold())
    if end and (is_when or SESSION.accepts(session, context)):
        return Moment(None, SESSION.read(session, context).id, before, end)
    return Moment(None, SESSION.read(text, context).id, before, usual)


def _end_of(text: str) -> tuple[Anchor, str] | None:
    """Read `the start of tuesday` and `end of ARC301`: which end, and of what."""
    words = text.split()
    words = words[1:] if words and words[0].casefold() == "the" else words
    if len(words) <= 2 or words[0].casefold() not in STARTS_AND_ENDS or words[1].casefold() != "of":  # noqa: PLR2004
        return None
    return Anchor.END if words[0].casefold() == "end" else Anchor.START, " ".join(words[2:])


def _day(text: str, context: StaticContext, before: int) -> Moment | None:
    """Read a day; "the day" is the next one whose time is to come. None if the text is none."""
    days = [Moment(None, "", before, Anchor.DAY, day.isoformat()) for day in context.schedule.days]
    if text.casefold() in THE_DAY:
        due = ((each, each.due_at(context.schedule)) for each in days)
        return next((each for each, at in due if at and at > context.now), None)
    try:
        day = read_day(text, context.today, context.schedule.days)
    except BadInputError:
        return None
    return replace(Moment(), before=before, anchor=Anchor.DAY, day=day.isoformat())


def _instant(typed: str, context: StaticContext) -> datetime:
    zone = context.schedule.conference.tz
    try:
        written = datetime.fromisoformat(typed)
    except ValueError:
        day, _, clock = typed.rpartition(" ")
        wall = read_time(clock)
        date = read_day(day, context.today, context.schedule.days) if day else context.now.astimezone(zone).date()
        at = resolve_wall(datetime.combine(date, wall), zone)[0]
        if not day and at <= context.now:
            at = resolve_wall(datetime.combine(date + timedelta(days=1), wall), zone)[0]
        return at
    return written if written.tzinfo else resolve_wall(written, zone)[0]


MOMENT = ParamType("moment", read_moment)
