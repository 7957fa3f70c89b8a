"""Rain and heat: which way is the best then, and what does not change."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.domain.travel.leg import Leg
from bot.domain.travel.travel import Travel
from bot.domain.travel.venue import Place, Venue
from bot.domain.travel.walker import Walker
from bot.domain.travel.way import LegSource, Mode, Way
from bot.domain.travel.weather import Weather, outside_minutes

ZONE = ZoneInfo("America/Los_Angeles")
DAY = date(2024, 12, 3)
MORNING = datetime(2024, 12, 3, 9, tzinfo=ZONE)
A, B = Place("A"), Place("B")
VENUES = (Venue("A", minutes_inside=0), Venue("B", minutes_inside=0))
STREET = Way("A", "B", 10, LegSource.ROUTED, 14, metres=700, outdoor=500)


def bridge(minutes: float, outdoor: int | None = 0) -> Way:
    return Way("A", "B", minutes, LegSource.ORGANIZER, minutes * 1.4, Mode.BRIDGE, metres=900, outdoor=outdoor)


def best(*ways: Way, walker: Walker = Walker(), moment: datetime | None = MORNING) -> Leg:  # noqa: B008 — a frozen value
    leg = Travel.of(VENUES, ways, ZONE).in_weather({DAY: Weather.RAIN}).best(A, B, walker, moment)
    assert leg
    return leg


def test_every_100_metres_outside_count_two_minutes_and_ten_at_most() -> None:
    metres = (None, 0, 50, 300, 500, 5_000)
    assert [outside_minutes(distance) for distance in metres] == [0, 0, 1, 6, 10, 10]


@pytest.mark.parametrize(
    ("way", "mode", "why"),
    [
        # 14 minutes are enough for 9 in 10 on the street, and ten more count for its 500 m outside.
        (bridge(16), Mode.BRIDGE, Weather.RAIN),
        (bridge(18), Mode.WALK, None),
        # The bridge is as wet as the street is.
        (bridge(11, outdoor=500), Mode.WALK, None),
        (bridge(11, outdoor=None), Mode.WALK, None),
        # It is the best way in any weather.
        (bridge(9), Mode.BRIDGE, None),
    ],
)
def test_a_way_inside_is_better_if_it_costs_little_more(way: Way, mode: Mode, why: Weather | None) -> None:
    leg = best(STREET, way)
    assert (leg.mode, leg.weather) == (mode, why)


def test_the_minutes_stay_those_of_the_way_and_the_usual_way_is_named_second() -> None:
    leg, street = best(STREET, bridge(16)), Travel.of(VENUES, (STREET,), ZONE).best(A, B)
    assert street
    assert (round(leg.minutes, 6), leg.other) == (22.4, (Mode.WALK, street.minutes))


def test_only_the_day_of_the_conference_zone_counts() -> None:
    ways = (STREET, bridge(16))
    last = datetime(2024, 12, 3, 23, 59, tzinfo=ZONE).astimezone(UTC)
    assert best(*ways, moment=last).mode is Mode.BRIDGE
    assert best(*ways, moment=last + timedelta(minutes=1)).mode is Mode.WALK
    assert best(*ways, moment=None).mode is Mode.WALK


def test_steps_matter_more_than_rain() -> None:
    stairs = Way("A", "B", 11, LegSource.ORGANIZER, mode=Mode.BRIDGE, outdoor=0, step_free=False)
    flat = Way("A", "B", 12, LegSource.ROUTED, metres=700, outdoor=700, step_free=True)
    assert best(stairs, flat, walker=Walker(step_free=True)).mode is Mode.WALK


def test_a_walk_inside_stays_the_choice_of_somebody_who_likes_to_walk() -> None:
    tram = Way("A", "B", 9, LegSource.ORGANIZER, 12, Mode.TRAM, metres=100, outdoor=0)
    inside = Way("A", "B", 14, LegSource.ORGANIZER, 18, metres=900, outdoor=0)
    assert best(tram, inside, walker=Walker(likes_walking=True)).mode is Mode.WALK
    assert best(tram, inside).mode is Mode.TRAM
