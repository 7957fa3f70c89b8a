"""A leg: the way that one person takes, with the minutes that it takes this person."""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.travel.spread import Spread
from bot.domain.travel.walker import ANYBODY, DEFAULT_STRIDE_M, Pace, Walker
from bot.domain.travel.way import LegSource, Mode, Way
from bot.domain.travel.weather import Weather

LEAST = 0.5
"""A room that is near the door shortens a way by half at most."""


@dataclass(frozen=True, slots=True)
class Leg:
    """The way that one person takes from one place to another.

    Attributes:
        minutes: enough for as many walks as the person wants to be sure of; at least 0.
        metres: on foot, None if unknown.
        samples: the number of people that a learned figure rests on.
        spread: all of its minutes with the wait, at this person's pace; None if it always takes `minutes`.
        sure: for which percentage of the walks `minutes` are enough.
        step_free: whether it has no steps; None if unknown.
        needs_step_free: whether this person needs that.
        other: mode and minutes of the next best way, if there is one that is worth naming.
        via: the venue where one changes, "" if the way is known as a whole.
        opens: when the first one goes, and the minutes that one waits for it, which are part of `minutes`.
        closes: until when it runs, and the minutes that one is there too early because of it, also part of `minutes`.
        later: a ride that begins after one has to leave: mode, moment, and the share of those who take it in time.
        outdoor: metres outside, None if unknown.
        weather: why it is the best, if another way would be without the weather.
    """

    origin: str
    target: str
    minutes: float
    source: LegSource
    metres: int | None = None
    mode: Mode = Mode.WALK
    samples: int | None = None
    spread: Spread | None = None
    sure: int = ANYBODY.sure
    step_free: bool | None = None
    needs_step_free: bool = False
    other: tuple[Mode, float] | None = None
    via: str = ""
    opens: tuple[datetime, float] | None = None
    closes: tuple[datetime, float] | None = None
    later: tuple[Mode, datetime, float] | None = None
    outdoor: int | None = None
    weather: Weather | None = None

    @property
    def moving(self) -> float:
        """The minutes without those for which one waits at the start, or is too early at the end."""
        return self.minutes - self.wait - (self.closes[1] if self.closes else 0)

    @property
    def wait(self) -> float:
        """The minutes until the first one goes."""
        return self.opens[1] if self.opens else 0

    @property
    def median(self) -> float:
        """The minutes that are enough for half of the walks."""
        return self.wait + (self.spread.median if self.spread else self.moving)

    def chance(self, minutes: float) -> float:
        """Return the share of the walks that need at most `minutes`."""
        return (self.spread or Spread(self.moving, self.moving)).chance(minutes - self.wait)

    def times(self, factor: float) -> "Leg":
        """Return the leg if it takes `factor` times as long; one waits for the first, and takes the last, as before."""
        other = self.other and (self.other[0], self.other[1] * factor)
        spread = self.spread and self.spread.times(factor)
        minutes = max(self.moving * factor + self.wait, self.minutes if self.closes else 0)
        closes = self.closes and (self.closes[0], minutes - self.moving * factor)
        return replace(self, minutes=minutes, spread=spread, other=other, closes=closes)

    def steps(self, stride: float = DEFAULT_STRIDE_M) -> int:
        """Return the steps on foot at `stride` metres each; 0 if the metres are unknown."""
        return 0 if self.metres is None else round(self.metres / stride)


def at_pace(spread: Spread, pace: Pace) -> Spread:
    """Return the minutes of a walk for a person who walks at `pace`."""
    return spread.times(Pace.NORMAL / pace)


def leg_by(way: Way, walker: Walker, extra: float, inside: float) -> Leg:
    """Return the leg of a person who takes a way.

    Args:
        extra: the minutes on foot by which both rooms are further from the doors than usual.
        inside: the minutes on foot from the usual room to the door, at both ends together.
    """
    walked = way.minutes if way.mode.is_walked else min(way.minutes, _on_foot(way.metres, inside))
    if walker.step_free and not isinstance(way.step_free, bool | None) and way.metres is not None:
        detour = (way.step_free - way.metres) / Pace.NORMAL
        way, extra = replace(way, metres=way.step_free), extra + max(detour, 0.0)
    minutes = way.minutes + (walked + extra) * Pace.NORMAL / walker.pace - walked
    factor = max(minutes / way.minutes, LEAST) if way.minutes else 1.0
    # A wait is anything from nothing to the time between two departures.
    return leg_with(way, way.spread.times(factor) + Spread.of_mean(way.wait, way.wait**2 / 3), walker)


def _on_foot(metres: int | None, inside: float) -> float:
    return inside if metres is None else metres / Pace.NORMAL


def leg_with(way: Way, spread: Spread, walker: Walker) -> Leg:
    """Return the leg of a person for whom a way takes the minutes of `spread`, the wait among them."""
    return Leg(
        way.origin,
        way.target,
        spread.at(walker.sure / 100),
        way.source,
        way.metres,
        way.mode,
        way.samples,
        spread,
        walker.sure,
        None if way.step_free is None else way.step_free is not False,
        walker.step_free,
        outdoor=way.outdoor,
    )
