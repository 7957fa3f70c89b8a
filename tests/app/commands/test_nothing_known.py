"""What people are told when nothing can be known: no place, no walk, no conference any more or not yet."""

from dataclasses import replace

import pytest

from bot.domain.schedule.session import SessionState
from tests.builders import ARC, DAT, NOWHERE, SEC, at, schedule, session
from tests.fakes.app_harness import AppHarness

ENDED = "Cloud 21 ended on Tue 30 Nov."
SOON = "Cloud 21 begins in 11 days, on Mon 29 Nov."


@pytest.fixture
async def after() -> AppHarness:
    """Somebody who was at two sessions comes back a week later."""
    app = await AppHarness(moment=at(8)).publish()
    await app.all("/hotel MGM", "/attend ARC301", "/attend SEC203")
    await app.wait(days=7)
    return app


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("/nextsession", f"{ENDED}\n→ /agenda"),
        ("/nextsession forum", f"{ENDED}\n→ /agenda"),
        ("/now", f"{ENDED}\n→ /nextsession"),
        ("/agenda 2021-12-03", f"{ENDED}\nNothing was on your agenda on Fri 3 Dec.\n→ /agenda 2021-11-29"),
        ("/onmyway ARC301", f"{ENDED}\n→ /nextsession"),
        ("/recap tuesday", f"{ENDED}\nNothing was on your agenda on Tue 30 Nov.\n→ /agenda"),
    ],
)
async def test_a_conference_that_is_over_ended_on_a_day(after: AppHarness, line: str, answer: str) -> None:
    assert await after.say(line) == answer


async def test_the_last_day_of_a_conference_that_is_over_is_what_one_comes_back_for(after: AppHarness) -> None:
    assert (await after.say("/recap")).startswith("Your Monday: 2 sessions")
    assert (await after.say("/agenda")).startswith("Mon 29 Nov: 2 sessions")


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("/nextsession", f"{SOON}\nNext at this conference:"),
        ("/now", f"{SOON}\n→ /nextsession"),
        ("/agenda", f"{SOON}\nNothing on your agenda on Thu 18 Nov. Find sessions with /find."),
        ("/recap", f"{SOON}\nNothing was on your agenda on Thu 18 Nov. Find sessions with /find.\n→ /agenda"),
        (
            "/onmyway ARC301",
            "\"Queues that never sleep\" doesn't start until Mon 29 Nov 09:00, so I'll still remind you",
        ),
    ],
)
async def test_a_conference_that_begins_in_eleven_days_says_so(line: str, answer: str) -> None:
    app = await AppHarness(moment=at(12, day=18)).publish()
    assert (await app.say(line)).startswith(answer)


async def test_the_first_session_of_a_conference_to_come_is_called_so() -> None:
    app = await AppHarness(moment=at(12, day=18)).publish()
    await app.say("/attend ARC301")
    assert (await app.say("/nextsession")).startswith(f"{SOON} Your first session, on Mon 29 Nov:\n")
    app.clock.move_to(at(12, day=28))
    assert (await app.say("/nextsession")).startswith("Cloud 21 begins tomorrow, on Mon 29 Nov.")
    app.clock.move_to(at(7))
    assert (await app.say("/nextsession")).startswith("Your next session starts")


async def test_a_place_that_is_not_on_the_map_is_named_and_no_walk_is_made_up() -> None:
    canteen = session("LUN1", at(12, 10), NOWHERE, room="Canteen", title="Soup for all")
    app = await AppHarness(moment=at(8)).publish(schedule([canteen]))
    await app.all("/hotel MGM", "/attend LUN1")
    sentence = "I don't know where Pop-up Stage is, so add your walk."
    for line in ("/nextsession", "/agenda", "/session LUN1"):
        assert f"Be there by 11:50 (20 min for the walk-up line). {sentence}" in await app.say(line)
    assert await app.wait(hours=4) == [("Mon 11:40", "ada", "leave-by")]
    assert app.messages()[0].startswith(
        f'Be at "Soup for all" by 11:50.\n20 min for the walk-up line. It starts at 12:10 in Canteen. {sentence}'
    )


async def test_nobody_walks_or_queues_for_an_online_session() -> None:
    online = replace(ARC, starts_at=at(14), ends_at=at(15), venue="", room="https://meet.example/1")
    app = await AppHarness(moment=at(13)).publish(schedule([online, SEC]))
    await app.say("/attend ARC301")
    for line in ("/nextsession", "/agenda", "/session ARC301"):
        answer = await app.say(line)
        assert "It's online: join at 14:00." in answer
        assert "walk" not in answer
    assert await app.say("/onmyway ARC301") == (
        '"Queues that never sleep" is online: join at 14:00. No more reminders for this one.'
    )
    assert await app.wait(hours=1) == []


async def test_nobody_is_on_the_way_to_what_has_ended_or_does_not_take_place() -> None:
    off = replace(SEC, state=SessionState.CANCELLED)
    app = await AppHarness(moment=at(10, 30)).publish(schedule([ARC, off, DAT]))
    assert await app.say("/onmyway ARC301") == '"Queues that never sleep" ended at 10:00.\n→ /nextsession'
    assert await app.say("/onmyway SEC203") == '"Keys, locks and doors" does not take place.\n→ /nextsession'
