"""One manner of getting from one venue to another, as it is stored."""

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

from bot.domain.travel.spread import Spread


class Mode(StrEnum):
    """How a way is travelled."""

    WALK = "walk"
    BRIDGE = "bridge"
    SHUTTLE = "shuttle"
    MONORAIL = "monorail"
    TRAM = "tram"

    @property
    def is_walked(self) -> bool:
        """Whether all of it is on foot."""
        return self in (Mode.WALK, Mode.BRIDGE)


class LegSource(StrEnum):
    """How the minutes of a way are known; earlier members are better."""

    LEARNED = "learned from the group"
    ORGANIZER = "set by the organizers"
    ROUTED = "routed on the map"
    ESTIMATE = "estimated from the distance"
    INSIDE = "the venue's own figure"
    OWN = "given by the attendee"


USUAL = {LegSource.ESTIMATE: 1.55, LegSource.OWN: 1.25}
USUALLY = 1.42
"""The 90th percentile over the median where only the median is known.

Single walks differ from the median of a way with a deviation of .22 in the logarithm. A source differs from the true
median with .20, and the plain distance with .30. The figures are the 90th percentiles of both together (Student's t,
because the deviations are not known well). Walks of one person on their own way differ with .18 only.
"""


@dataclass(frozen=True, slots=True)
class Way:
    """One manner of getting from `origin` to `target`. There may be several, of other modes and sources.

    Attributes:
        minutes: the median at normal pace, from room to room, without the wait.
        p90: the 90th percentile of the same; None for the usual spread of its source.
        metres: on foot, None if unknown.
        step_free: the metres of the way without steps, or whether there is one; None if unknown.
        outdoor: metres outside, None if unknown.
        wait: the average wait in minutes.
        days: the weekdays on which it runs, Monday 0; None for all.
        hours: from when to when it runs, as wall times of the conference; None for always. Past midnight, the second is
            the earlier one.
        both_ways: whether it counts for the way back, too, until that is known by itself.
        samples: the number of people that a learned figure rests on.
        as_of: the day on which the figures were found.
        line: latitude and longitude of points along it, if it is routed.
    """

    origin: str
    target: str
    minutes: float
    source: LegSource
    p90: float | None = None
    mode: Mode = Mode.WALK
    metres: int | None = None
    step_free: int | bool | None = None
    outdoor: int | None = None
    wait: float = 0.0
    days: frozenset[int] | None = None
    hours: tuple[time, time] | None = None
    both_ways: bool = True
    samples: int | None = None
    as_of: date | None = None
    line: tuple[tuple[float, float], ...] = ()

    @property
    def spread(self) -> Spread:
        """The minutes without the wait."""
        return Spread(self.minutes, self.p90 or self.minutes * USUAL.get(self.source, USUALLY))

    @property
    def is_timed(self) -> bool:
        """Whether it runs at certain times only."""
        return self.hours is not None or self.days is not None

    def runs(self, moment: datetime) -> bool:
        """Whether one can set out at this moment, given in the zone of the conference."""
        if self.hours is None:
            return self.days is None or moment.weekday() in self.days
        first, last = self.hours
        clock = moment.time()
        is_after_midnight = last < first and clock < last
        weekday = (moment.weekday() - 1) % 7 if is_after_midnight else moment.weekday()
        is_open = is_after_midnight or (clock >= first and (clock < last or last < first))
        return is_open and (self.days is None or weekday in self.days)
