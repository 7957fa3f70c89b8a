"""Legs: minutes from the best source there is, rounded up, unknown where nothing is known."""

import math

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.schedule.travel import Leg, Travel, great_circle_m
from bot.domain.schedule.venue import Place, Venue
from bot.domain.schedule.walker import Pace
from bot.domain.schedule.way import LegSource, Mode, Way
from tests.builders import FORUM, MGM, NOWHERE, VENETIAN
from tests.strategies import NAMES, venues

TRAVEL = Travel.of((VENETIAN, FORUM, MGM, NOWHERE))


def test_the_same_room_takes_nothing_and_the_same_venue_its_own_figure() -> None:
    assert TRAVEL.leg(Place("Venetian", "A"), Place("Venetian", "A")) == Leg(
        "Venetian", "Venetian", 0, LegSource.INSIDE, 0
    )
    inside = Leg("Venetian", "Venetian", 10, LegSource.INSIDE, 750)
    assert TRAVEL.leg(Place("Venetian", "A"), Place("Venetian", "B")) == inside
    assert TRAVEL.leg(Place("Venetian"), Place("Venetian")) == inside


def test_an_estimate_is_the_great_circle_times_the_detour_at_the_pace_plus_ten_rounded_up() -> None:
    crow = great_circle_m(VENETIAN, MGM)
    assert crow is not None
    assert 2120 < crow < 2140
    for pace in Pace:
        leg = TRAVEL.leg(Place("Venetian"), Place("MGM Grand"), pace)
        assert leg == Leg(
            "Venetian", "MGM Grand", math.ceil(crow * 1.35 / pace + 10), LegSource.ESTIMATE, round(crow * 1.35)
        )


def test_a_told_leg_wins_over_the_estimate_and_the_best_source_over_all() -> None:
    told = Way("Venetian", "MGM Grand", 40, LegSource.ORGANIZER, mode=Mode.MONORAIL, metres=600)
    learned = Way("Venetian", "MGM Grand", 37, LegSource.LEARNED, samples=23)
    assert Travel.of((VENETIAN, MGM), [told]).leg(Place("Venetian"), Place("MGM Grand")) == Leg(
        "Venetian", "MGM Grand", 40, LegSource.ORGANIZER, 600, Mode.MONORAIL
    )
    best = Travel.of((VENETIAN, MGM), [learned, told]).leg(Place("MGM Grand"), Place("Venetian"))
    assert best is not None
    assert (best.origin, best.minutes, best.source, best.samples) == ("MGM Grand", 37, LegSource.LEARNED, 23)


def test_unknown_coordinates_are_unknown_and_never_zero() -> None:
    assert TRAVEL.leg(Place("Venetian"), Place("Pop-up Stage")) is None
    assert TRAVEL.leg(Place("Atlantis"), Place("Venetian")) is None
    assert TRAVEL.longest_to(Place("Venetian")) == TRAVEL.leg(Place("MGM Grand"), Place("Venetian"))


def test_steps_are_those_on_foot() -> None:
    assert Leg("A", "B", 9, LegSource.ESTIMATE, 750).steps() == 1000
    assert Leg("A", "B", 9, LegSource.ESTIMATE, 750).steps(0.5) == 1500
    assert Leg("A", "B", 9, LegSource.ORGANIZER, 750, Mode.SHUTTLE).steps() == 0
    assert Leg("A", "B", 9, LegSource.ORGANIZER).steps() == 0


@given(venues(), st.sampled_from(NAMES), st.sampled_from(NAMES))
def test_legs_are_never_negative_and_never_quicker_at_a_slower_pace(
    known: tuple[Venue, ...], origin: str, target: str
) -> None:
    travel = Travel.of(known)
    legs = [travel.leg(Place(origin), Place(target), pace) for pace in (Pace.FAST, Pace.NORMAL, Pace.SLOW)]
    minutes = [leg.minutes for leg in legs if leg]
    assert minutes == sorted(minutes)
    assert all(leg.minutes >= 0 and (leg.metres or 0) >= 0 for leg in legs if leg)
