"""The best way for a person at a moment, as sure as they want; unknown where nothing is known."""

from dataclasses import replace
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.travel.distance import great_circle_m
from bot.domain.travel.leg import Leg
from bot.domain.travel.peaks import Peaks
from bot.domain.travel.spread import Spread
from bot.domain.travel.travel import Travel
from bot.domain.travel.venue import DoorTime, Place, Venue
from bot.domain.travel.walker import ANYBODY, Pace, Walker
from bot.domain.travel.way import LegSource, Mode, Way
from tests.builders import FORUM, MGM, NOWHERE, VENETIAN, at
from tests.strategies import NAMES, venues

TRAVEL = Travel.of((VENETIAN, FORUM, MGM, NOWHERE))


BELOW, FAR = Place("Venetian"), Place("MGM Grand")


def minutes_of(legs: tuple[Leg, ...]) -> list[tuple[Mode, int, int]]:
    """Mode, median and promised minutes of each leg."""
    return [(leg.mode, round(leg.median), round(leg.minutes)) for leg in legs]


def best(travel: Travel, walker: Walker = ANYBODY, moment: datetime | None = None, **more: bool) -> Leg:
    leg = travel.best(BELOW, FAR, walker, moment, **more)
    assert leg
    return leg


def way(minutes: float, mode: Mode = Mode.WALK, source: LegSource = LegSource.ORGANIZER, **more: Any) -> Way:
    return Way("Venetian", "MGM Grand", minutes, source, mode=mode, **more)


def test_the_same_room_takes_nothing_and_the_same_venue_its_own_figure_at_the_pace() -> None:
    same = TRAVEL.best(Place("Venetian", "A"), Place("Venetian", "A"))
    assert same
    assert (same.minutes, same.metres, same.source) == (0, 0, LegSource.INSIDE)
    for pace, minutes in ((Pace.SLOW, 10 * 75 / 55), (Pace.NORMAL, 10), (Pace.FAST, 10 * 75 / 95)):
        for rooms in (("A", "B"), ("", "")):
            inside = TRAVEL.best(Place("Venetian", rooms[0]), Place("Venetian", rooms[1]), Walker(pace))
            assert inside
            assert inside.median == pytest.approx(minutes)
            assert inside.metres == 750
            assert inside.minutes == pytest.approx(minutes * 1.42)


def test_an_estimate_is_the_distance_and_half_of_the_minutes_inside_at_both_ends_all_of_it_at_the_pace() -> None:
    crow = great_circle_m(VENETIAN, MGM)
    assert crow is not None
    assert 2120 < crow < 2140
    for pace in Pace:
        leg = best(TRAVEL, Walker(pace))
        assert leg.median == pytest.approx((crow * 1.35 + 75 * 10) / pace)
        assert leg.minutes == pytest.approx(leg.median * 1.55)
        assert (leg.source, leg.metres) == (LegSource.ESTIMATE, round(crow * 1.35))


def test_buildings_sixty_metres_apart_are_a_few_minutes_apart() -> None:
    """FOSDEM: 57 to 296 m between buildings with 3 minutes inside were 12 to 16 minutes."""
    near, far = (Venue("B", (), 50.8125 + metres / 111_195, 4.38, 3) for metres in (57, 296))
    medians = []
    for other in (near, far):
        leg = Travel.of((Venue("A", (), 50.8125, 4.38, 3), other)).best(Place("A"), Place("B"))
        assert leg
        medians.append(round(leg.median, 1))
    assert medians == [4.0, 8.3]


def test_the_promise_is_as_sure_as_the_person_wants() -> None:
    spread = best(TRAVEL).spread
    assert spread
    assert [round(best(TRAVEL, Walker(sure=sure)).minutes) for sure in (75, 90, 97)] == [
        round(spread.at(share)) for share in (0.75, 0.9, 0.97)
    ]


def test_minutes_that_somebody_entered_count_at_the_pace_of_who_walks_them() -> None:
    """A walk of 12 minutes was 12 minutes for everybody: late by design at a slow pace."""
    travel = Travel.of((VENETIAN, MGM), [way(12)])
    assert best(travel, Walker(Pace.SLOW)).median == pytest.approx(12 * 75 / 55)
    assert best(travel, Walker(Pace.FAST)).median == pytest.approx(12 * 75 / 95)


def test_of_a_ride_only_the_metres_on_foot_count_at_the_pace() -> None:
    travel = Travel.of((VENETIAN, MGM), [way(20, Mode.SHUTTLE, metres=300)])
    assert best(travel, Walker(Pace.SLOW)).median == pytest.approx(16 + 300 / 55)
    unknown = Travel.of((VENETIAN, MGM), [way(20, Mode.SHUTTLE)])
    assert best(unknown, Walker(Pace.SLOW)).median == pytest.approx(10 + 10 * 75 / 55)


def test_the_best_source_of_each_mode_counts_and_the_next_best_way_is_named() -> None:
    monorail, walk = way(31, Mode.MONORAIL, metres=600), way(45)
    learned = way(37, source=LegSource.LEARNED, samples=23, p90=44)
    travel = Travel.of((VENETIAN, MGM), [walk, monorail, learned])
    assert minutes_of(travel.ways(BELOW, FAR)) == [(Mode.WALK, 37, 44), (Mode.MONORAIL, 31, 44)]
    first = best(travel)
    assert first.samples == 23
    assert first.other == (Mode.MONORAIL, travel.ways(BELOW, FAR)[1].minutes)
    alone = best(Travel.of((VENETIAN, MGM), [way(10, Mode.SHUTTLE)]))
    assert (alone.mode, alone.other) == (Mode.SHUTTLE, None)


def test_the_walk_by_the_distance_is_an_alternative_to_a_ride_and_none_to_a_bridge() -> None:
    ride, bridge = way(40, Mode.MONORAIL), way(40, Mode.BRIDGE)
    assert [leg.mode for leg in Travel.of((VENETIAN, MGM), [ride]).ways(BELOW, FAR)] == [Mode.MONORAIL, Mode.WALK]
    assert [leg.mode for leg in Travel.of((VENETIAN, MGM), [bridge]).ways(BELOW, FAR)] == [Mode.BRIDGE]


def test_a_way_counts_for_the_way_back_until_that_is_entered_too() -> None:
    there, back = Place("Venetian"), Place("MGM Grand")
    north = Way("MGM Grand", "Venetian", 7, LegSource.ORGANIZER, mode=Mode.TRAM)
    south = Way("Venetian", "MGM Grand", 3, LegSource.ORGANIZER, mode=Mode.TRAM)

    def medians(*ways: Way) -> list[float | None]:
        travel = Travel.of((VENETIAN, MGM), ways)
        legs = (travel.best(there, back), travel.best(back, there))
        return [leg.median if leg and leg.mode is Mode.TRAM else None for leg in legs]

    assert medians(south) == [3, 3]
    assert medians(south, north) == [3, 7]
    assert medians(replace(south, both_ways=False)) == [3, None]
    measured = replace(north, source=LegSource.LEARNED)
    assert medians(south, measured) == [3, 7]
    assert medians(replace(south, source=LegSource.ROUTED), north) == [7, 7]


def test_a_ride_counts_on_its_days_and_in_its_hours_only_when_one_sets_out() -> None:
    ride = way(20, Mode.MONORAIL, days=frozenset({0}), hours=(time(7), time(19)))
    travel = Travel.of((VENETIAN, MGM), [ride], ZoneInfo("America/Los_Angeles"))

    def mode(moment: datetime | None, **more: bool) -> Mode:
        return best(travel, ANYBODY, moment, **more).mode

    assert [mode(at(hour)) for hour in (6, 7, 18, 19)] == [Mode.WALK, Mode.MONORAIL, Mode.MONORAIL, Mode.WALK]
    assert (mode(at(12, day=30)), mode(None)) == (Mode.WALK, Mode.WALK)
    assert (mode(at(7, 10), arriving=True), mode(at(19, 10), arriving=True)) == (Mode.WALK, Mode.MONORAIL)


def test_the_wait_is_added_by_its_mean_and_variance() -> None:
    leg = best(Travel.of((VENETIAN, MGM), [way(20, Mode.SHUTTLE, p90=22, wait=6)]))
    assert leg.spread
    ride = Spread(20, 22)
    assert leg.spread.mean == pytest.approx(ride.mean + 6)
    assert leg.spread.variance == pytest.approx(ride.variance + 12)


def test_who_needs_a_step_free_way_gets_no_other_and_hears_if_none_is_known() -> None:
    wheels = Walker(step_free=True)
    stairs, lift = way(9, Mode.BRIDGE, step_free=False), way(30, Mode.SHUTTLE, step_free=True)
    ramp = way(12, metres=700, step_free=1000, source=LegSource.ROUTED)

    def found(*ways: Way) -> tuple[Mode, int, bool | None]:
        leg = best(Travel.of((VENETIAN, MGM), ways), wheels)
        return leg.mode, round(leg.median), leg.step_free

    assert found(stairs, lift) == (Mode.SHUTTLE, 30, True)
    assert found(stairs) == (Mode.WALK, 48, None)
    assert found(ramp) == (Mode.WALK, 16, True)
    without_position = Travel.of((replace(VENETIAN, lat=None, lon=None), MGM), [stairs])
    assert best(without_position, wheels).step_free is False
    assert best(Travel.of((VENETIAN, MGM), [stairs, lift])).mode is Mode.BRIDGE


def test_who_likes_to_walk_walks_where_a_ride_is_hardly_quicker() -> None:
    travel = Travel.of((VENETIAN, MGM), [way(30), way(26, Mode.SHUTTLE)])
    walker = Walker(likes_walking=True)
    assert (best(travel).mode, best(travel, walker).mode) == (Mode.SHUTTLE, Mode.WALK)
    far = Travel.of((VENETIAN, MGM), [way(50), way(26, Mode.SHUTTLE)])
    assert best(far, walker).mode is Mode.SHUTTLE


def test_rooms_that_are_far_from_the_door_take_longer_and_those_of_one_pattern_are_neighbours() -> None:
    titian, hall = DoorTime("Level 2 | Titian *", 4), DoorTime("Hall *", 9)
    travel = Travel.of((replace(VENETIAN, door_times=(titian, hall)), MGM), [way(40)])
    minutes = {
        (one, other): travel.best(Place("Venetian", one), Place("Venetian", other))
        for one, other in (("Level 2, Titian 2304", "Hall B"), ("Hall A", "Hall B"), ("Hall A", "Lobby"))
    }
    assert {key: leg and leg.median for key, leg in minutes.items()} == {
        ("Level 2, Titian 2304", "Hall B"): 13,
        ("Hall A", "Hall B"): 2,
        ("Hall A", "Lobby"): 14,
    }
    between = [travel.best(Place("Venetian", room), FAR) for room in ("Hall B", "Level 2 | Titian 2304", "Lobby")]
    assert [leg and leg.median for leg in between] == [44, 39, 40]


def test_rides_that_are_entered_in_parts_are_put_together_where_the_whole_is_not() -> None:
    """From Mandalay Bay to the Venetian by tram and monorail, with a change at MGM Grand."""
    bay = Venue("Mandalay Bay", (), 36.092341, -115.175778, 10)
    tram = Way("Mandalay Bay", "MGM Grand", 20, LegSource.ORGANIZER, p90=25, mode=Mode.TRAM, metres=600, step_free=True)
    hours = (time(7), time(19))
    ride = way(30, Mode.MONORAIL, p90=36, metres=500, hours=hours)
    travel = Travel.of((VENETIAN, MGM, bay), [tram, ride], ZoneInfo("America/Los_Angeles"))
    first, *others = travel.ways(Place("Mandalay Bay"), Place("Venetian"), ANYBODY, at(12))
    assert (first.mode, first.via, first.source, first.metres) == (
        Mode.MONORAIL,
        "MGM Grand",
        LegSource.ORGANIZER,
        1100,
    )
    together = Spread(20, 25) + Spread(30, 36)
    assert first.median == pytest.approx(together.median - 10)
    assert first.spread
    assert first.spread.p90 < 25 + 36 - 10
    assert first.step_free is None
    assert [leg.mode for leg in others][-1] is Mode.WALK
    at_night = travel.best(Place("Mandalay Bay"), Place("Venetian"), ANYBODY, at(5))
    assert at_night
    assert (at_night.mode, at_night.via) == (Mode.TRAM, "MGM Grand")
    shuttle = Way("Mandalay Bay", "Venetian", 45, LegSource.ORGANIZER, mode=Mode.SHUTTLE)
    whole = Travel.of((VENETIAN, MGM, bay), [tram, ride, shuttle]).best(Place("Mandalay Bay"), Place("Venetian"))
    assert whole
    assert (whole.mode, whole.via) == (Mode.SHUTTLE, "")


def test_a_hotel_that_is_no_venue_is_near_one_or_on_the_map() -> None:
    apart = TRAVEL.best(Place("25 min from Venetian"), Place("Venetian"))
    assert apart
    assert (apart.median, apart.source, round(apart.minutes)) == (25, LegSource.OWN, 31)
    onward, walk = TRAVEL.best(Place("MGM Grand"), Place("25 min from Venetian")), best(TRAVEL)
    assert onward
    assert walk.spread
    assert onward.spread == Spread(25, 25 * 1.25) + walk.spread
    assert (onward.origin, onward.target) == ("MGM Grand", "25 min from Venetian")
    pinned = TRAVEL.best(Place("geo:36.121638,-115.169601"), Place("Venetian"), Walker(Pace.SLOW))
    assert pinned
    assert pinned.median == pytest.approx(7.5 * 75 / 55)


def test_unknown_coordinates_are_unknown_and_never_zero() -> None:
    assert TRAVEL.best(Place("Venetian"), Place("Pop-up Stage")) is None
    assert TRAVEL.best(Place("Atlantis"), Place("Venetian")) is None
    assert TRAVEL.longest_to(Place("Venetian")) == TRAVEL.best(Place("MGM Grand"), Place("Venetian"))


def test_steps_are_those_on_foot() -> None:
    assert Leg("A", "B", 9, LegSource.ESTIMATE, 750).steps() == 1000
    assert Leg("A", "B", 9, LegSource.ESTIMATE, 750).steps(0.5) == 1500
    assert Leg("A", "B", 9, LegSource.ORGANIZER, 600, Mode.SHUTTLE).steps() == 800
    assert Leg("A", "B", 9, LegSource.ORGANIZER).steps() == 0


@given(venues(), st.sampled_from(NAMES), st.sampled_from(NAMES))
def test_legs_are_never_negative_and_never_quicker_at_a_slower_pace(
    some_venues: tuple[Venue, ...], origin: str, target: str
) -> None:
    travel = Travel.of(some_venues)
    legs = [travel.best(Place(origin), Place(target), Walker(pace)) for pace in (Pace.FAST, Pace.NORMAL, Pace.SLOW)]
    minutes = [leg.minutes for leg in legs if leg]
    assert minutes == sorted(minutes)
    assert all(leg.minutes >= 0 and (leg.metres or 0) >= 0 for leg in legs if leg)


def test_in_the_crowd_all_ways_take_longer_by_when_one_sets_out() -> None:
    calm = Travel.of((VENETIAN, FORUM), (Way("Venetian", "Caesars Forum", 20, LegSource.LEARNED, p90=25),))
    crowded = calm.in_crowds(Peaks((at(10),)), 1.2)
    start, end = Place("Venetian"), Place("Caesars Forum")
    minutes = [
        leg.minutes
        for moment in (at(9, 45), at(9, 50), at(10, 10), at(10, 11))
        if (leg := crowded.best(start, end, moment=moment))
    ]
    assert minutes == pytest.approx([25, 30, 30, 25])
    # To be there at 10:20, the walker leaves at 09:50.
    late, early = (crowded.best(start, end, moment=at(10, minute), arriving=True) for minute in (20, 45))
    assert late
    assert early
    assert (late.minutes, early.minutes) == pytest.approx((30, 25))
    assert crowded.best(start, end) == calm.best(start, end)
