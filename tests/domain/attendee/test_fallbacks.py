"""What is left for those who leave later than advised."""

from dataclasses import replace
from datetime import timedelta

from bot.domain.attendee.agenda import Agenda, build_agenda
from bot.domain.attendee.attendee import Attendance
from bot.domain.attendee.departure import Departure
from bot.domain.attendee.fallbacks import later_moments, repeat_for, risks_of, unmade_of, walk_up_moment
from bot.domain.times.zones import day_of
from bot.domain.travel.way import LegSource, Way
from tests.builders import ARC, DAT, DAT_AGAIN, FORUM, VENETIAN, at, attendee, schedule, session

WAY = Way("Venetian", "Caesars Forum", 20, LegSource.LEARNED, p90=28, samples=23)
ADA = attendee(stay="Venetian")
TALK = session("ARC301", at(13, 30), FORUM)


def departure_of(reserved: bool) -> Departure:
    made = schedule([TALK], ways=(WAY,))
    (stop,) = build_agenda(
        ADA, [Attendance("arc301", reserved=reserved)], made, day_of(at(12), made.conference.tz)
    ).stops
    return stop.departure


def test_later_moments_have_the_chances_of_the_walk() -> None:
    departure = departure_of(reserved=True)
    assert departure.leave_by == at(12, 52)
    later = later_moments(departure, TALK, at(12))
    assert [(share, moment.replace(second=0)) for share, moment in later] == [
        (0.75, at(12, 56)),
        (0.5, at(13, 0)),
        (0.25, at(13, 3)),
    ]
    assert [round(departure.chance_from(moment, TALK, 10), 2) for _, moment in later] == [0.75, 0.5, 0.25]
    assert [share for share, _ in later_moments(departure, TALK, at(12, 58))] == [0.5, 0.25]


def test_the_walk_up_is_as_sure_as_the_advice_and_leaves_the_check_in_out() -> None:
    assert walk_up_moment(departure_of(reserved=True), TALK, at(13, 1)) == at(13, 2)
    assert walk_up_moment(departure_of(reserved=False), TALK, at(13, 2)) is None
    lunch = replace(TALK, kind="Meal")
    made = schedule([lunch], ways=(WAY,))
    (stop,) = build_agenda(ADA, [Attendance("arc301")], made, day_of(at(12), made.conference.tz)).stops
    assert walk_up_moment(stop.departure, lunch, at(12)) is None


def test_the_repeat_is_one_that_fits_the_day() -> None:
    made = schedule()
    chosen = [Attendance("dat310")]
    assert repeat_for(attendee(), chosen, made, DAT, at(8)) == DAT_AGAIN
    busy = [*chosen, Attendance("net1")]
    with_other = schedule([*made.sessions, session("NET1", at(15, 30), VENETIAN)])
    assert repeat_for(attendee(), busy, with_other, DAT, at(8)) is None
    assert repeat_for(attendee(), chosen, made, ARC, at(8)) is None


def test_a_seat_that_is_kept_in_fewer_than_half_of_the_cases_is_a_risk() -> None:
    """A break of 25 minutes is long enough for the start, and too short for the seat."""

    def agenda(minutes: int, *, reserved: bool) -> Agenda:
        after = session("NET1", ARC.ends_at + timedelta(minutes=minutes), FORUM)
        made = schedule([ARC, after], ways=(WAY,))
        chosen = [Attendance("arc301"), Attendance("net1", reserved=reserved)]
        return build_agenda(ADA, chosen, made, day_of(at(9), made.conference.tz))

    def chances(minutes: int, *, reserved: bool) -> list[float]:
        return [round(risk.chance, 2) for risk in risks_of(agenda(minutes, reserved=reserved))]

    assert (chances(25, reserved=True), chances(35, reserved=True), chances(25, reserved=False)) == ([0.14], [], [])
    assert [(late.code, clash.other.code) for late, clash in unmade_of(agenda(15, reserved=False))] == [
        ("NET1", "ARC301")
    ]
    assert unmade_of(agenda(25, reserved=True)) == []
