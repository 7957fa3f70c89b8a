"""Which of several ways is the best for one person: minutes, steps, a liking for walks, and the weather."""

from collections.abc import Sequence
from dataclasses import replace

from bot.domain.travel.leg import Leg
from bot.domain.travel.walker import Walker
from bot.domain.travel.way import LegSource, Mode
from bot.domain.travel.weather import Weather, outside_minutes

WORTH_WALKING = 10.0
"""Minutes that a walk may take longer than a ride for somebody who likes to walk."""
FEW = 2.0
"""An alternative is named if it takes at most this many times as long."""


def ordered(legs: Sequence[Leg], walker: Walker, weather: Weather | None = None) -> tuple[Leg, ...]:
    """Return the best leg of each mode, the best for this person first.

    The first leg names the next one if that is worth it, and the weather if another leg would be first without it.

    Args:
        legs: the best source first.
        walker: the person.
        weather: what organizers announced for that day.
    """
    by_mode: dict[Mode, Leg] = {}
    for leg in _suitable(legs, walker):
        # A bridge is a walk, too, and better known than one by the distance.
        if leg.source is not LegSource.ESTIMATE or Mode.BRIDGE not in by_mode:
            by_mode.setdefault(leg.mode, leg)
    best = sorted(by_mode.values(), key=lambda leg: _cost(leg, walker))
    if weather and best:
        usual = best[0]
        best.sort(key=lambda leg: _cost(leg, walker) + _outside(leg))
        best[0] = replace(best[0], weather=None if best[0] is usual else weather)
    if len(best) < 2 or best[1].minutes > best[0].minutes * FEW:  # noqa: PLR2004 — a second one
        return tuple(best)
    return (replace(best[0], other=(best[1].mode, best[1].minutes)), *best[1:])


def _suitable(legs: Sequence[Leg], walker: Walker) -> Sequence[Leg]:
    """Without steps, for who needs that: those that are known to have none, else those of which nothing is known."""
    if not walker.step_free:
        return legs
    known = [leg for leg in legs if leg.step_free]
    return known or [leg for leg in legs if leg.step_free is None] or legs


def _cost(leg: Leg, walker: Walker) -> float:
    return leg.minutes - (WORTH_WALKING if walker.likes_walking and leg.mode.is_walked else 0)


def _outside(leg: Leg) -> float:
    """What the time outside counts like; where nobody knows, all of the way on foot is outside."""
    return outside_minutes(leg.metres if leg.outdoor is None else leg.outdoor)
