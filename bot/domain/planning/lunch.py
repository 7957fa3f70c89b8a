"""When and where one eats on a planned day."""

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
"""A lunch of a schedule is taken as such between these hours."""
_WORDS = ("lunch", "mittag", "déjeuner", "almuerzo", "pranzo")
_FIVE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class LunchBreak:
    """Time to eat on a planned day.

    Attributes:
        place: None if it is not known where one is then.
        comes_after_walk: whether one eats where the next session is, so that the walk there comes first.
    """

    starts_at: datetime
    ends_at: datetime
    place: Place | None
    comes_after_walk: bool = False


@dataclass(frozen=True, slots=True)
class Gap:
    """The time between two sessions, or before the first or after the last one of a day.

    Attributes:
        free: when it begins; None for the beginning of the day.
        place: where one is then.
        door: when one has to be at the next session; None after the last one.
        target: where that is.
        walk: the minutes there.
    """

    free: datetime | None
    place: Place | None
    door: datetime | None = None
    target: Place | None = None
    walk: timedelta = timedelta()


def lunch_break(lunch: Lunch, gaps: Iterable[Gap]) -> LunchBreak | None:
    """Return the break that is nearest to the middle of the window; None if no gap is long enough."""
    middle = lunch.opens + (lunch.closes - lunch.opens - lunch.length) / 2
    found = (each for gap in gaps for each in _breaks(lunch, gap, middle))
    return min(found, key=lambda each: abs(each.starts_at - middle), default=None)


def _breaks(lunch: Lunch, gap: Gap, middle: datetime) -> Iterator[LunchBreak]:
    """A break where one is, and one where one goes, as far as there is time."""
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
    return next((each for each in (before, before + _FIVE) if earliest <= each <= latest), moment)


def is_lunch(session: Session) -> bool:
    """Whether one eats there at noon, by its title or its kind."""
    return any(word in fold(f"{session.title[:60]} {session.kind[:60]}") for word in _WORDS)


def lunch_of(schedule: Schedule, day: date) -> Lunch:
    """Return the usual lunch of a day: while the conference serves it, else around noon."""
    zone = schedule.conference.tz
    opens, closes, earliest, latest = (
        resolve_wall(datetime.combine(day, wall), zone)[0] for wall in (OPENS, CLOSES, EARLIEST, LATEST)
    )
    served = [
        each
        for each in schedule.on(day)
        if each.id in schedule.drop_ins and each.takes_place and is_lunch(each) and each.starts_at < latest
    ]
    if served:
        first = max(min(each.starts_at for each in served), earliest)
        last = min(max(each.ends_at for each in served), latest)
        opens, closes = (first, last) if last - first >= LENGTH else (opens, closes)
    return Lunch(opens, closes, LENGTH)
