"""Ways out of a clash."""

from bot.domain.attendee.attendee import Attendance
from bot.domain.planning.clash import ways_out
from bot.domain.schedule.session import Session
from tests.builders import FORUM, MGM, at, attendee, schedule, session

ONE, TWO = session("ONE", at(9), MGM), session("TWO", at(9, 30), MGM)
NOW = at(6)


def codes(*more: Session, chosen: tuple[str, ...] = (), reserved: str = "") -> list[list[str]]:
    made = schedule((ONE, TWO, *more))
    attendances = [Attendance(id_, reserved=id_ == reserved) for id_ in ("one", "two", *chosen)]
    found = ways_out(attendee(), attendances, made, (ONE, TWO), NOW)
    return [[f"{old.code} > {new.code}" for old, new in way.moves] for way in found]


def test_a_repeat_of_either_side_is_a_way_out_and_a_seat_is_given_up_last() -> None:
    repeats = (session("ONE-R", at(14), MGM), session("TWO-R", at(15), MGM))
    assert codes(*repeats)[:2] == [["ONE > ONE-R"], ["TWO > TWO-R"]]
    assert codes(*repeats, reserved="one")[:2] == [["TWO > TWO-R"], ["ONE > ONE-R"]]


def test_both_sides_move_where_no_single_repeat_fits() -> None:
    # Each repeat clashes with the other session's own sitting; both repeats together clash with nothing.
    repeats = (session("ONE-R", at(10, 15), FORUM), session("TWO-R", at(8, 30), MGM, 30))
    assert codes(*repeats) == [["ONE > ONE-R", "TWO > TWO-R"]]


def test_what_else_one_goes_to_is_not_given_up() -> None:
    repeats = (session("ONE-R", at(14), MGM), session("OTHER", at(14), FORUM))
    assert codes(*repeats, chosen=("other",)) == []


def test_without_repeats_there_is_no_way_out() -> None:
    assert codes() == []
