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
    ("line", "place"),
    [("/nextsession", "Mon 29 Nov 12:00-13:00, Caesars Forum"), ("/now", "12:00-13:00, Caesars Forum")],
)
async def test_the_talk_beside_lunch_in_many_rooms_comes_first(lunch: AppHarness, line: str, place: str) -> None:
    if line == "/now":
        lunch.clock.move_to(at(12, 10))
    told = await lunch.say(line)
    assert f"1. Talk (TAL100)\n   {place}, Room 14" in told
    assert ", 13 places, such as Caesars Forum" in told.partition("Drop in when it suits you\n   Lunch (LUN01), ")[2]


async def test_a_search_finds_lunch_once_and_attending_it_asks_nothing(lunch: AppHarness) -> None:
    assert (await lunch.say("/find lunch")).startswith(
        'I found 1 session for "lunch". Add it with /attend 1:\n1. Lunch'
    )
    assert "Lunch (LUN01)" in await lunch.say("/attend Lunch")
    assert len(LUNCHES) < MAX_OPTIONS
