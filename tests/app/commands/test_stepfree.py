"""`/stepfree`."""

from bot.domain.travel.way import LegSource, Mode, Way
from tests.builders import at, schedule
from tests.fakes.app_harness import AppHarness

BRIDGE = Way("MGM Grand", "Venetian", 20, LegSource.ORGANIZER, mode=Mode.BRIDGE, step_free=False)
SHUTTLE = Way("MGM Grand", "Venetian", 30, LegSource.ORGANIZER, mode=Mode.SHUTTLE, step_free=True)


async def test_it_is_set_and_says_where_nothing_is_known(talk: AppHarness) -> None:
    assert await talk.say("/stepfree") == "I advise every way, also with steps.\n→ /stepfree on"
    assert await talk.say("/stepfree on") == (
        "I advise only step-free ways. Where I don't know one, I say so.\n"
        "Nobody has entered yet which ways of this conference are step-free.\n→ /stepfree off"
    )


async def test_who_needs_no_steps_is_sent_over_no_bridge() -> None:
    talk = await AppHarness(moment=at(7)).publish(schedule(ways=(BRIDGE, SHUTTLE)))
    await talk.all("/hotel MGM", "/attend ARC301 reserved")
    assert "28 min walk over the bridge to Venetian (enough" in await talk.say("/session ARC301")
    assert "43 min by shuttle to Venetian (enough" in await talk.all("/stepfree on", "/session ARC301")


async def test_where_no_step_free_way_is_known_the_message_says_so() -> None:
    talk = await AppHarness(moment=at(7)).publish(schedule(ways=(BRIDGE,)))
    await talk.all("/hotel MGM", "/stepfree on")
    assert "I don't know whether this way is step-free." in await talk.say("/attend ARC301 reserved")
