"""Waiting for the first ride, taking the last one, and naming the first that comes too late to be sure of it."""

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.travel.leg import Leg
from bot.domain.travel.peaks import Peaks
from bot.domain.travel.travel import Travel
from bot.domain.travel.venue import Place
from bot.domain.travel.walker import ANYBODY, Walker
from bot.domain.travel.way import LegSource, Mode, Way
from tests.builders import MGM, VENETIAN, at

ZONE = ZoneInfo("America/Los_Angeles")
START, END = Place("Venetian"), Place("MGM Grand")


def ride(**more: Any) -> Way:
    values = {"p90": 33, "mode": Mode.MONORAIL, "hours": (time(7), time(19)), **more}
    return Way("Venetian", "MGM Grand", 27, LegSource.ORGANIZER, **values)


def ways(*found: Way, moment: datetime, walker: Walker = ANYBODY, arriving: bool = False) -> tuple[Leg, ...]:
    return Travel.of((VENETIAN, MGM), found, ZONE).ways(START, END, walker, moment, arriving=arriving)


def summary(legs: tuple[Leg, ...]) -> list[tuple[Mode, int, int]]:
    return [(leg.mode, round(leg.median), round(leg.minutes)) for leg in legs]


@pytest.mark.parametrize(
    ("minute", "expected"),
    [
        # Half an hour at most; it is a walk of 48 minutes, 75 for 9 in 10.
        (29, [(Mode.WALK, 48, 75)]),
        (30, [(Mode.MONORAIL, 57, 63), (Mode.WALK, 48, 75)]),
        (50, [(Mode.MONORAIL, 37, 43), (Mode.WALK, 48, 75)]),
        (60, [(Mode.MONORAIL, 27, 33), (Mode.WALK, 48, 75)]),
    ],
)
def test_who_sets_out_a_little_before_the_first_ride_waits_for_it(
    minute: int, expected: list[tuple[Mode, int, int]]
) -> None:
    legs = ways(ride(), moment=at(6) + timedelta(minutes=minute))
    assert summary(legs) == expected
    opens = legs[0].opens
    assert opens == ((at(7), 60 - minute) if 30 <= minute < 60 else None)


def test_the_wait_is_not_a_part_of_the_spread() -> None:
    (leg, _) = ways(ride(), moment=at(6, 50))
    (running, *_) = ways(ride(), moment=at(7))
    assert leg.spread == running.spread
    assert leg.chance(10 + 27) == running.chance(27)
    assert leg.moving == running.minutes


def test_who_has_to_be_there_after_the_last_ride_takes_it_and_is_early() -> None:
    """33 minutes before 19:50 is 19:17; for the last ride, people leave at 18:50. On foot they would leave at 18:35."""
    leg, walk = ways(ride(), moment=at(19, 50), arriving=True)
    assert (leg.mode, round(leg.minutes), leg.closes and leg.closes[0]) == (Mode.MONORAIL, 60, at(19))
    assert (round(leg.median), round(leg.moving), walk.mode) == (27, 33, Mode.WALK)
    assert summary(ways(ride(), moment=at(19, 54), arriving=True)) == [(Mode.WALK, 48, 75)]


def test_a_first_ride_that_is_only_usually_in_time_is_named_beside_the_walk() -> None:
    """33 minutes before 7:27 is 6:54: nobody is sure to be there with the ride of 7:00, and half of them are."""
    (walk,) = ways(ride(), moment=at(7, 27), arriving=True)
    assert (walk.mode, round(walk.minutes)) == (Mode.WALK, 75)
    assert walk.later
    mode, moment, share = walk.later
    assert (mode, moment, round(share, 2)) == (Mode.MONORAIL, at(7), 0.5)
    assert ways(ride(), moment=at(7, 26), arriving=True)[0].later is None


def test_who_sets_out_just_before_the_first_ride_is_at_the_stop_when_it_goes() -> None:
    """33 minutes before 7:28 is 6:55."""
    leg, _ = ways(ride(), moment=at(7, 28), arriving=True)
    assert (leg.mode, round(leg.minutes), leg.opens) == (Mode.MONORAIL, 33, (at(7), 0))
    (late, _) = ways(ride(), moment=at(7, 33), arriving=True)
    assert (late.mode, late.opens) == (Mode.MONORAIL, None)


def test_a_ride_in_two_parts_waits_until_both_run() -> None:
    tram = Way("Venetian", "Aria", 10, LegSource.ORGANIZER, 12, Mode.TRAM, hours=(time(8), time(20)))
    bus = Way("Aria", "MGM Grand", 10, LegSource.ORGANIZER, 12, Mode.SHUTTLE, hours=(time(8, 10), time(20)))
    aria = type(VENETIAN)("Aria")
    legs = Travel.of((VENETIAN, MGM, aria), [tram, bus], ZONE).ways(START, END, ANYBODY, at(7, 55))
    assert [(leg.via, leg.opens) for leg in legs] == [("Aria", (at(8, 10), 15)), ("", None)]


def test_days_steps_and_the_crowd_are_kept() -> None:
    sunday_only = ride(days=frozenset({6}))
    assert summary(ways(sunday_only, moment=at(6, 50))) == [(Mode.WALK, 48, 75)]
    stairs, wheels = ride(step_free=False), Walker(step_free=True)
    assert summary(ways(stairs, moment=at(6, 50), walker=wheels))[0][0] is Mode.WALK
    travel = Travel.of((VENETIAN, MGM), [ride()], ZONE)
    crowd = travel.in_crowds(Peaks((at(6, 50),)), 1.5)
    (leg, *_) = crowd.ways(START, END, ANYBODY, at(6, 50))
    assert (leg.opens, round(leg.minutes, 1)) == ((at(7), 10), round(10 + 33 * 1.5, 1))


@given(st.integers(0, 24 * 60 - 1), st.integers(0, 24 * 60 - 1), st.integers(0, 2 * 24 * 60), st.booleans())
def test_nobody_is_sent_to_a_ride_that_does_not_run(first: int, last: int, minute: int, arriving: bool) -> None:
    hours = tuple(time(*divmod(minutes, 60)) for minutes in (first, last))
    way = ride(hours=hours)
    moment = at(0) + timedelta(minutes=minute)
    for leg in ways(way, moment=moment, arriving=arriving):
        if leg.mode is Mode.MONORAIL:
            leaves = moment - timedelta(minutes=leg.minutes) if arriving else moment
            boards = leaves + timedelta(minutes=leg.wait)
            walking = timedelta(minutes=5 if arriving else 0)
            assert way.runs(boards.astimezone(ZONE)) or way.runs((boards + walking).astimezone(ZONE))
            assert leg.wait <= 30
            # Who takes the last ride is there in time, and at most half an hour too early.
            assert 0 <= leg.minutes - leg.wait - 33 <= (30 if arriving else 0) + 1e-6
