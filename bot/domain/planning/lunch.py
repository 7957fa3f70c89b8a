"""When and where to eat on a planned day."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.domain.planning.wishes import Lunch
from bot.domain.schedule.conference import Schedule
from bot.domain.schedule.folding import fold
from bot.domain.schedule.session import Session
from bot.domain.times.zones import resolve_wall
from bot.domain.travel.venue import Place

LENGTH = timedelta(minutes=40)
OPENS, CLOSES = time(11, 30), time(14, 30)
"""When people eat where the schedule has no lunch of its own."""
EARLIEST, LATEST = time(10, 30), time(15)
"""A lunch in the schedule counts only between these hours."""
_WORDS = ("lunch", "mittag", "déjeuner", "almuerzo", "pranzo")
_FIVE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class LunchBreak:
    """Time to eat on a planned day.

    Attributes:
        place: where to eat; None if the person's place is unknown then.
        comes_after_walk: whether lunch is at the venue of the next session, so that the walk there comes first.
    """

    starts_at: datetime
    ends_at: datetime
    place: Place | None
    comes_after_walk: bool = False


@dataclass(frozen=True, slots=True)
class Gap:
    """The time between two sessions, or before the first or after the last one of a day.

    Attributes:
        free: when the gap begins; None for the beginning of the day.
        place: where the person is then.
        door: when the person has to be at the next session; None after the last one.
        target: the place of the next session.
        walk: the minutes to the next session.
    """

    free: datetime | None
    place: Place | None
    door: datetime | None = None
    target: Place | None = None
    walk: timedelta = timedelta()


def lunch_break(lunch: Lunch, gaps: Iterable[Gap]) -> LunchBreak | None:
    """Return the break that is nearest to the middle of the window; None if no gap is long enough."""
    middle = lunch.opens + (lunch.closes - lunch.opens - lunch.length) / 2
    breaks = (lunch_break for gap in gaps for lunch_break in _breaks(lunch, gap, middle))
    return min(breaks, key=lambda option: abs(option.starts_at - middle), default=None)


def _breaks(lunch: Lunch, gap: Gap, middle: datetime) -> Iterator[LunchBreak]:
    """Return a break at the current place, and one at the next place, if there is time."""
    begins = gap.free or lunch.opens
    door = gap.door or lunch.closes
    ways = [(begins, door - gap.walk, gap.place or gap.target, False)]
    if gap.target:
        ways.append((begins + gap.walk if gap.free else begins, door, gap.target, True))
    for free, until, place, is_there in ways:
        earliest, latest = max(free, lunch.opens), min(until, lunch.closes) - lunch.length
        if earliest <= latest:
            starts = _rounded(min(max(middle, earliest), latest), earliest, latest)
            yield LunchBreak(starts, starts + lunch.length, place, is_there)


def _rounded(moment: datetime, earliest: datetime, latest: datetime) -> datetime:
    """The last multiple of five minutes before a moment, or the next one, if that is not too early or too late."""
    before = moment - timedelta(minutes=moment.minute % 5, seconds=moment.second, microseconds=moment.microsecond)
    return next((option for option in (before, before + _FIVE) if earliest <= option <= latest), moment)


def is_lunch(session: Session) -> bool:
    """Whether the session is a lunch, by its title or its kind."""
    return any(word in fold(f"{session.title[:60]} {session.kind[:60]}") for word in _WORDS)


def lunch_of(schedule: Schedule, day: date) -> Lunch:
    """Return the usual lunch of a day: when the conference serves it, else around noon."""
    zone = schedule.conference.tz
    opens, closes, earliest, latest = (
        resolve_wall(datetime.combine(day, wall), zone)[0] for wall in (OPENS, CLOSES, EARLIEST, LATEST)
    )
    served = [
        session
        for session in schedule.on(day)
        if session.id in schedule.drop_ins and session.takes_place and is_lunch(session) and session.starts_at < latest
    ]
    if served:
        first = max(min(session.starts_at for session in served), earliest)
        last = min(max(session.ends_at for session in served), latest)
        opens, closes = (first, last) if last - first >= LENGTH else (opens, closes)
    return Lunch(opens, closes, LENGTH)
