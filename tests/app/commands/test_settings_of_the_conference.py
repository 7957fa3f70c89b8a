"""`/settings title`, `check-in` and `walk-up`: what organizers set for everybody."""

from dataclasses import replace

import pytest

from tests.builders import ARC, CONFERENCE, SEC, VENETIAN, at, schedule, session
from tests.fakes.app_harness import AppHarness

TALK = replace(ARC, kind="Chalk Talk")
LAB = session("LAB100", at(14), VENETIAN, kind="Workshop (2 h)")


@pytest.fixture
async def kinds() -> AppHarness:
    return await AppHarness().publish(schedule((TALK, LAB, SEC)))


async def test_a_line_for_one_kind_moves_the_leave_by_of_that_kind_alone(kinds: AppHarness) -> None:
    await kinds.all("/hotel Venetian", "/attend ARC301", "/attend LAB100")
    before = await kinds.say("/agenda monday")
    told = await kinds.say("/settings walk-up 45 for workshops", organizer=True)
    assert "   Walk-up: 20 min, workshop 45 min\n" in told
    after = await kinds.say("/agenda monday")
    changed = [pair for pair in zip(before.splitlines(), after.splitlines(), strict=True) if pair[0] != pair[1]]
    assert [(old.strip(), new.strip()) for old, new in changed] == [
        (
            "Leave by 13:26: 14 min inside Venetian + 20 min for the walk-up line.",
            "Leave by 13:01: 14 min inside Venetian + 45 min for the walk-up line.",
        ),
        ("10:00-13:26, 3 h 25 min, then number 2", "10:00-13:01, 3 h, then number 2"),
    ]


async def test_a_reminder_is_planned_again_at_once_for_everybody_whom_a_line_concerns(kinds: AppHarness) -> None:
    await kinds.talk_to("bob", "/hotel Venetian", "/attend LAB100", "/nudges on")
    await kinds.say("/settings walk-up 60 for workshop", organizer=True)
    kinds.clock.move_to(at(12, 30))
    assert ("Mon 12:35", "bob", "leave-by") in await kinds.wait(hours=2)


async def test_a_line_holds_also_where_no_seats_are_reserved() -> None:
    talk = await AppHarness().publish(schedule((SEC,), conference=replace(CONFERENCE, seats=False)))
    assert "   Walk-up: no line, because no seats are reserved\n" in await talk.say("/settings", organizer=True)
    await talk.all("/hotel Venetian", "/attend SEC203")
    assert "10:37" in await talk.say("/nextsession")
    await talk.say("/settings walk-up 30", organizer=True)
    assert "10:12" in await talk.say("/nextsession")


async def test_a_seat_lapses_when_the_organizers_say(kinds: AppHarness) -> None:
    await kinds.all("/hotel Venetian", "/attend ARC301 reserved")
    await kinds.say("/settings check-in 25 for chalk talk", organizer=True)
    assert "08:35" in await kinds.say("/nextsession")
    await kinds.say("/settings check-in default for chalk talk", organizer=True)
    assert "08:50" in await kinds.say("/nextsession")


async def test_the_title_is_changed_and_undone(kinds: AppHarness) -> None:
    changed = await kinds.ask("/settings title Cloud Week 2021", organizer=True)
    assert "   Conference: Cloud Week 2021\n" in kinds.text(changed)
    await kinds.press(changed, "Undo", organizer=True)
    assert "   Conference: Cloud 21\n" in await kinds.say("/settings", organizer=True)


async def test_what_is_no_line_is_explained(kinds: AppHarness) -> None:
    assert await kinds.say("/settings walk-up soon", organizer=True) == (
        'I don\'t understand "soon". Type minutes, such as 10 or 10 for workshop.'
    )
    assert await kinds.say("/settings walk-up 500", organizer=True) == "Give at most 120 minutes."
    assert await kinds.say("/settings check-in 10 for keynotes", organizer=True) == (
        'No session is of the kind "keynotes". The kinds are: Chalk Talk, Workshop (2 h).'
    )


async def test_another_community_with_agendas_keeps_its_conference_as_it_is(kinds: AppHarness) -> None:
    kinds.tenant = "others"
    await kinds.say("/attend ARC301")
    kinds.tenant = "club"
    assert await kinds.say("/settings title Mine", organizer=True) == (
        "Other communities use this schedule too, so only the operator can change its source."
    )
