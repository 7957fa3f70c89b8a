"""A proposal: lunch, backups, and the reason for everything that was left out."""

from datetime import timedelta
from typing import Any

import pytest

from bot.domain.planning.candidate import Candidate, Firmness, value_of
from bot.domain.planning.lunch import LunchBreak
from bot.domain.planning.plan import LeftOut, Obstacle, Plan, PlannedDay, make_plan
from bot.domain.planning.problem import DayToPlan
from bot.domain.planning.wishes import Lunch, Walks, Wishes
from bot.domain.schedule.session import Recorded, Session
from bot.domain.travel.venue import Place
from tests.builders import FORUM, MGM, VENETIAN, at, session

LUNCH = Lunch(at(11, 30), at(14), timedelta(minutes=40))
EATS = Wishes(LUNCH)
WALKS = Walks(lambda one, other, _: 5 if one == other else 30, lambda one, other, _: 5 if one == other else 20)


def wish(made: Session, value: float = 1, firmness: Firmness = Firmness.WISH) -> Candidate:
    return Candidate(made, value, firmness, early=5)


def plan(*candidates: Candidate, wishes: Wishes = EATS) -> Plan:
    return make_plan([DayToPlan.of(candidates, wishes)], WALKS, {candidate.session.id for candidate in candidates})


def codes(made: Plan) -> list[str]:
    return [talk.code for talk in made.sessions]


def test_lunch_is_between_sessions_where_one_is_near_the_middle_of_noon() -> None:
    made = plan(wish(session("A", at(10), MGM)), wish(session("B", at(14), MGM)))
    (day,) = made.days
    assert day.lunch == LunchBreak(at(12, 25), at(13, 5), Place("MGM Grand", "Room A"))


def test_lunch_is_given_up_only_for_what_is_firm() -> None:
    morning, noon = session("A", at(10, 30), MGM, 90), session("B", at(12, 10), MGM, 120)
    assert codes(plan(wish(morning, 9), wish(noon, 9))) == ["A"]
    both = plan(wish(morning, 9, Firmness.SEAT), wish(noon, 9, Firmness.SEAT))
    assert (codes(both), both.days[0].lunch, both.days[0].misses_lunch) == (["A", "B"], None, True)


def test_two_musts_that_exclude_each_other_are_named() -> None:
    one, other = session("A", at(10), MGM), session("B", at(10, 30), FORUM)
    made = plan(wish(one, 2, Firmness.MUST), wish(other, 1, Firmness.MUST), wish(session("C", at(16)), 50))
    assert codes(made) == ["A", "C"]
    assert made.left_out == (LeftOut(wish(other, 1, Firmness.MUST), Obstacle.OVERLAPS, one),)


def test_what_is_left_out_has_the_reason_that_is_in_its_way() -> None:
    chosen = wish(session("A", at(10), MGM), 5)
    too_far, before = session("FAR", at(11, 10), FORUM), session("BEFORE", at(8, 50), FORUM)
    noon = session("NOON", at(11, 30), MGM, 150)
    made = plan(chosen, wish(too_far), wish(before), wish(noon, 1))
    assert [(choice.candidate.session.code, choice.obstacle, choice.other) for choice in made.left_out] == [
        ("BEFORE", Obstacle.TOO_FAR_BEFORE, chosen.session),
        ("FAR", Obstacle.TOO_FAR_AFTER, chosen.session),
        ("NOON", Obstacle.LUNCH, None),
    ]


def test_two_walks_for_little_are_not_worth_it() -> None:
    one, two = session("A", at(9), MGM), session("C", at(16), MGM)
    made = plan(wish(one), wish(two), wish(session("B", at(14), FORUM, 20), 0.1))
    assert [(choice.candidate.session.code, choice.obstacle) for choice in made.left_out] == [
        ("B", Obstacle.NOT_WORTH_THE_WAY)
    ]


def test_from_here_on_what_has_begun_too_far_away_is_too_late() -> None:
    late = wish(session("A", at(10), FORUM), 3, Firmness.GOING)
    made = plan(late, wish(session("B", at(10), MGM)), wishes=Wishes(None, Place("MGM Grand"), at(9, 50)))
    assert codes(made) == ["B"]
    assert made.left_out == (LeftOut(late, Obstacle.OVERLAPS, made.sessions[0]),)
    alone = plan(late, wishes=Wishes(None, Place("MGM Grand"), at(9, 50)))
    assert (codes(alone), alone.left_out) == ([], (LeftOut(late, Obstacle.TOO_LATE),))


def test_two_firm_sessions_need_only_the_walk_and_wishes_also_the_time_at_the_door() -> None:
    one, other = session("A", at(9), MGM), session("B", at(10, 20), FORUM)
    assert len(codes(plan(wish(one), wish(other), wishes=Wishes()))) == 1
    firm = plan(wish(one, 1, Firmness.GOING), wish(other, 1, Firmness.SEAT), wishes=Wishes())
    assert codes(firm) == ["A", "B"]


def test_a_backup_can_be_reached_from_the_full_room_and_goes_with_the_rest() -> None:
    before, here, after = session("A", at(9), MGM), session("B", at(10, 30), MGM), session("C", at(12), MGM)
    near = wish(session("NEAR", at(10, 30), MGM, 50), 0.5)
    far, long = wish(session("FAR", at(10, 30), FORUM), 0.9), wish(session("LONG", at(10, 30), MGM, 90), 0.9)
    made = make_plan([DayToPlan.of([wish(before, 2), wish(here, 2), wish(after, 2), near, far, long], Wishes())], WALKS)
    assert [stop.backups for stop in made.days[0].stops] == [(), (near.session,), ()]


def test_when_to_leave_allows_for_lunch_at_the_other_end() -> None:
    lunch = Lunch(at(12), at(13), timedelta(minutes=40))
    made = plan(wish(session("A", at(13, 15), FORUM)), wishes=Wishes(lunch, Place("Venetian"), at(11, 25)))
    (stop,) = made.days[0].stops
    forum = Place("Caesars Forum", "Room A")
    assert made.days[0].lunch == LunchBreak(at(12, 10), at(12, 50), forum, comes_after_walk=True)
    assert (stop.walk, stop.leave_by) == (30, at(11, 40))


def test_a_day_without_anything_is_an_empty_plan() -> None:
    assert plan(wishes=Wishes()) == Plan((PlannedDay(()),))


@pytest.mark.parametrize(
    ("change", "value"),
    [
        ({}, 1.0),
        ({"minutes": 240}, 1.5),
        ({"recorded": Recorded.YES}, 0.6),
        ({"title": "Fast data (sponsored by Acme)"}, 0.5),
        ({"title": "Lunch"}, 0.0),
        ({"kind": "Conference services"}, 0.0),
    ],
)
def test_the_value_is_interest_by_hours_with_less_for_what_can_be_watched_or_was_paid_for(
    change: dict[str, Any], value: float
) -> None:
    made = session("A", at(9), VENETIAN, **{"kind": "Workshop", **change})
    assert value_of(made, 1) == pytest.approx(value)
