"""`/walk`."""

from tests.fakes.app_harness import AppHarness


async def test_the_leg_with_its_source_metres_and_steps(talk: AppHarness) -> None:
    assert await talk.say("/walk Venetian to Forum") == (
        "18 min walk from Venetian to Caesars Forum (set by the organizers).\n"
        "900 m, about 1,200 steps at your normal pace."
    )


async def test_a_slow_walker_with_short_steps_is_told_their_own_figures(talk: AppHarness) -> None:
    await talk.say("/pace slow 0.5")
    assert await talk.say("/walk Venetian to MGM") == (
        "63 min walk from Venetian to MGM Grand (estimate).\n2,875 m, about 5,750 steps at your slow pace."
    )


async def test_an_unknown_way_is_said_to_be_unknown(talk: AppHarness) -> None:
    told = await talk.say("/walk MGM to Pop-up Stage")
    assert told == "I don't know where Pop-up Stage is, so I can't tell you the walk."


async def test_a_venue_that_is_not_there_gets_the_nearest_to_choose_from(talk: AppHarness) -> None:
    reply = await talk.ask("/walk Venetian to Ceasars Forum")
    assert reply.is_error
    assert await talk.press(reply, "Caesars Forum") == await talk.say("/walk Venetian to Forum")


async def test_a_missing_end_is_asked_for(talk: AppHarness) -> None:
    assert await talk.say("/walk MGM") == ("Where do you want to go? Try /walk Wynn to MGM Grand")


async def test_a_room_stands_for_its_venue(talk: AppHarness) -> None:
    there = await talk.say("/walk Venetian to Room SEC203")
    assert there == await talk.say("/walk Venetian to Caesars Forum")
