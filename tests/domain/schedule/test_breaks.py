"""The same break in many rooms."""

from dataclasses import replace

from bot.domain.schedule.breaks import distinct_sessions, with_rooms
from tests.builders import FORUM, MGM, at, session

LUNCHES = [session(f"LUN{n}", at(12), FORUM, title="Lunch") for n in range(3)]


def test_sessions_that_differ_only_in_their_room_are_one_line_with_the_number_of_rooms() -> None:
    talk, elsewhere = session("ARC1", at(12)), session("LUN9", at(12), MGM, title="Lunch")
    later = session("LUN8", at(13), FORUM, title="Lunch")
    held = replace(LUNCHES[1], speakers=("Ada",))
    everything = [LUNCHES[2], talk, LUNCHES[0], elsewhere, LUNCHES[1], later, held]
    assert with_rooms(everything) == [(LUNCHES[2], 3), (talk, 1), (elsewhere, 1), (later, 1), (held, 1)]
    assert list(distinct_sessions(everything)) == [LUNCHES[2], talk, elsewhere, later, held]
