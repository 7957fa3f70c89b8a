"""The type of the time of an announcement: a moment, or one that follows a session or a day."""

import re
from dataclasses import replace
from datetime import datetime, timedelta

from bot.app.command_spec.command import ParamType, StaticContext
from bot.app.command_spec.param_types import DURATION, SESSION
from bot.app.text import s
from bot.domain.announcements.moment import Anchor, Moment
from bot.domain.errors import BadInputError
from bot.domain.schedule.time_parsing import read_day, read_time
from bot.domain.schedule.zones import resolve_wall

_BESIDE = re.compile(r"(\S+(?:\s+[a-z]+)?)\s+(before|after)\s+(.+)", re.IGNORECASE | re.DOTALL)
_WHEN = re.compile(r"(?:when\s+)?(\S.*)\s(starts|begins|ends)", re.IGNORECASE | re.DOTALL)
_OF = re.compile(r"(?:the\s+)?(start|beginning|end)\s+of\s+(.+)", re.IGNORECASE | re.DOTALL)
THE_DAY = ("the day", "day")


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
    if beside := _BESIDE.fullmatch(typed):
        minutes = int(DURATION.read(beside[1], context).total_seconds() // 60)
        if beside[2].casefold() == "after":
            return _anchored(beside[3], context, -minutes, Anchor.END)
        return _anchored(beside[3], context, minutes, Anchor.START)
    is_anchored = _OF.fullmatch(typed) or typed.casefold().startswith("when ")
    return _anchored(typed, context, 0, Anchor.START) if is_anchored else None


def _anchored(text: str, context: StaticContext, before: int, usual: Anchor) -> Moment:
    """Read what a time follows; a session without the word for its start or end has the `usual` anchor."""
    if part := _OF.fullmatch(text):
        is_end = part[1].casefold() == "end"
        if not is_end and (day := _day(part[2].strip(), context, before)):
            return day
        return Moment(None, SESSION.read(part[2], context).id, before, Anchor.END if is_end else Anchor.START)
    if part := _WHEN.fullmatch(text):
        anchor = Anchor.END if part[2].casefold() == "ends" else Anchor.START
        if text.casefold().startswith("when ") or SESSION.accepts(part[1], context):
            return Moment(None, SESSION.read(part[1], context).id, before, anchor)
    return Moment(None, SESSION.read(text, context).id, before, usual)


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
