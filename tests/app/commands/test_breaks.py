"""The same break in many rooms, in every list: one line."""

import pytest

from bot.app.command_spec.suggestions import MAX_OPTIONS
from tests.builders import FORUM, at, schedule, session
from tests.fakes.app_harness import AppHarness

LUNCHES = [session(f"LUN{n:02}", at(12), FORUM, title="Lunch", room=f"Room {n}") for n in range(1, 14)]
TALK = session("TAL100", at(12), FORUM, title="Talk", room="Room 14")


@pytest.fixture
async def lunch() -> AppHarness:
    """A conference with lunch in 13 rooms and one talk at the same time."""
    return await AppHarness(moment=at(11)).publish(schedule([*LUNCHES, TALK]))


@pytest.mark.parametrize(
    ("line", "place", "when"),
    [("/nextsession", "Mon 29 Nov 12:00-13:00", "from 12:00"), ("/now", "12:00-13:00", "until 13:00")],
)
async def test_lunch_in_many_rooms_is_one_line_below_the_talk_beside_it(
    lunch: AppHarness, line: str, place: str, when: str
) -> None:
    if line == "/now":
        lunch.clock.move_to(at(12, 10))
    answer = await lunch.say(line)
    assert f"1. Talk (TAL100)\n   {place}, Caesars Forum, Room 14" in answer
    assert f"Drop in when it suits you\n   Lunch (LUN01), {when}, 13 places, such as Caesars Forum" in answer


async def test_a_search_finds_lunch_once_and_attending_it_asks_nothing(lunch: AppHarness) -> None:
    assert (await lunch.say("/find lunch")).startswith("About lunch: 1 session.\nAdd it with /attend 1:\n1. Lunch")
    assert "Lunch (LUN01)" in await lunch.say("/attend Lunch")
    assert len(LUNCHES) < MAX_OPTIONS
