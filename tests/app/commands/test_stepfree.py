"""`/stepfree`."""

from bot.domain.travel.way import LegSource, Mode, Way
from tests.builders import at, schedule
from tests.fakes.app_harness import AppHarness

BRIDGE = Way("MGM Grand", "Venetian", 20, LegSource.ORGANIZER, mode=Mode.BRIDGE, step_free=False)
SHUTTLE = Way("MGM Grand", "Venetian", 30, LegSource.ORGANIZER, mode=Mode.SHUTTLE, step_free=True)


async def test_it_is_set_and_says_where_nothing_is_known(app: AppHarness) -> None:
    assert await app.say("/stepfree") == "I advise every way, also with steps.\n→ /stepfree on"
    assert await app.say("/stepfree on") == (
        "I advise only step-free ways. Where I don't know one, I say so.\n"
        "Nobody has entered yet which ways of this conference are step-free.\n→ /stepfree off"
    )


async def test_who_needs_no_steps_is_sent_over_no_bridge() -> None:
    app = await AppHarness(moment=at(7)).publish(schedule(ways=(BRIDGE, SHUTTLE)))
    await app.all("/hotel MGM", "/attend ARC301 reserved")
    assert "28 min walk over the bridge to Venetian (enough" in await app.say("/session ARC301")
    assert "43 min by shuttle to Venetian (enough" in await app.all("/stepfree on", "/session ARC301")


async def test_where_no_step_free_way_is_known_the_message_says_so() -> None:
    app = await AppHarness(moment=at(7)).publish(schedule(ways=(BRIDGE,)))
    await app.all("/hotel MGM", "/stepfree on")
    assert "I don't know whether this way is step-free." in await app.say("/attend ARC301 reserved")
