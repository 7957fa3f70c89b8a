"""Every day of two real conferences: equal to the linear program, walkable, and each talk once."""

from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest

from bot.domain.planning.candidate import Candidate, value_of
from bot.domain.planning.problem import DayToPlan
from bot.domain.planning.repeats import best_path
from bot.domain.planning.wishes import Lunch, Walks, Wishes
from bot.domain.schedule.conference import Schedule
from bot.domain.travel.venue import Place
from tests.domain.planning.oracles import judged, linear_program
from tests.real_schedules import FOSDEM, REINVENT, real_schedule
from tests.simulation.sizes import SOAK

EARLY = 10
ALL_DAYS = [(REINVENT, number) for number in range(6)] + [(FOSDEM, number) for number in range(2)]
LARGEST = ((REINVENT, 1), (REINVENT, 3), (FOSDEM, 0))
"""Days for each of which the linear program takes seconds: `make simulate` solves them too."""
DAYS = [day for day in ALL_DAYS if SOAK or day not in LARGEST]


def walks_at(schedule: Schedule) -> Walks:
    def minutes(origin: Place, target: Place, arriving: datetime) -> float:
        leg = schedule.travel.best(origin, target, moment=arriving, arriving=True)
        return leg.minutes if leg else 0

    return Walks(minutes, minutes)


def day_to_plan(schedule: Schedule, day: date) -> DayToPlan:
    """All sessions of a day that are worth something, as if one wished for each of them equally, and lunch."""
    worth = ((each, value_of(each, 1.0)) for each in schedule.on(day) if each.takes_place)
    noon = datetime.combine(day, time(11, 30), schedule.conference.tz)
    lunch = Lunch(noon, noon + timedelta(minutes=150), timedelta(minutes=40), worth=5)
    return DayToPlan.of([Candidate(each, value, early=EARLY) for each, value in worth if value], Wishes(lunch))


@pytest.mark.slow
@pytest.mark.parametrize(("conference", "number"), DAYS)
def test_each_real_day_is_worth_as_much_as_in_the_linear_program(
    shared_data: Path, conference: tuple[str, str, str], number: int
) -> None:
    schedule = real_schedule(shared_data, *conference)
    walks, to_plan = walks_at(schedule), day_to_plan(schedule, schedule.days[number])
    found = best_path([to_plan], walks)
    assert found.bound == found.path.value
    assert judged([(to_plan, found.path.days[0])], walks) == pytest.approx(found.path.value)
    assert found.path.value == pytest.approx(linear_program(to_plan, walks) if to_plan.candidates else 5)


@pytest.mark.parametrize("conference", [REINVENT, FOSDEM], ids=["reinvent", "fosdem"])
def test_a_real_week_has_each_talk_once_and_can_be_walked(shared_data: Path, conference: tuple[str, str, str]) -> None:
    schedule = real_schedule(shared_data, *conference)
    walks = walks_at(schedule)
    days = [day_to_plan(schedule, day) for day in schedule.days]
    found = best_path(days, walks)
    assert found.bound == found.path.value
    assert judged(zip(days, found.path.days, strict=True), walks) == pytest.approx(found.path.value)
    assert sum(map(len, found.path.days)) > 10


def test_the_best_day_is_no_row_of_sponsored_lightning_talks(shared_data: Path) -> None:
    schedule = real_schedule(shared_data, *REINVENT)
    path = best_path([day_to_plan(schedule, date(2024, 12, 3))], walks_at(schedule)).path
    kinds = [each.session.kind for each in path.days[0]]
    assert kinds.count("Lightning talk") <= 2  # in one hall, where a walk to anything else takes longer
    assert "Conference services" not in kinds
