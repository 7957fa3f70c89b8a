"""`/here`."""

from tests.fakes.app_harness import AppHarness


async def test_the_next_way_starts_where_one_is(talk: AppHarness) -> None:
    told = await talk.all("/hotel MGM", "/attend ARC301", "/here forum")
    assert told == ("Got it, you're at Caesars Forum. I'll plan your next walk from there.\n→ /nextsession")
    assert "Leave Caesars Forum by 08:22: 18 min walk to Venetian" in await talk.say("/nextsession")


async def test_the_nudge_is_timed_anew(talk: AppHarness) -> None:
    await talk.all("/hotel MGM", "/attend SEC203", "/here Venetian")
    assert await talk.wait(hours=3) == [("Mon 10:12", "ada", "leave-by")]


async def test_a_venue_is_needed(talk: AppHarness) -> None:
    assert (await talk.ask("/here")).is_error
