"""`/pace`."""

from tests.fakes.app_harness import AppHarness


async def test_pace_and_stride_are_kept(app: AppHarness) -> None:
    assert await app.say("/pace") == (
        "You walk at normal pace: 75 m a minute, 0.75 m a step.\n→ /pace slow · /pace fast"
    )
    assert (await app.say("/pace fast 0.8")).startswith("You walk at fast pace: 95 m a minute, 0.8 m a step.")


async def test_who_walks_slowly_leaves_earlier(app: AppHarness) -> None:
    await app.all("/hotel MGM", "/attend ARC301")
    assert "Leave MGM Grand by 07:33: 67 min walk" in await app.all("/pace slow", "/nextsession")


async def test_who_likes_to_walk_says_so(app: AppHarness) -> None:
    assert await app.say("/pace prefer walking") == (
        "You walk at normal pace: 75 m a minute, 0.75 m a step.\n"
        "You like to walk: I advise a ride only if it saves more than 10 min.\n→ /pace slow · /pace fast"
    )
    assert "You like to walk" not in await app.say("/pace prefer fastest")


async def test_a_stride_that_is_none(app: AppHarness) -> None:
    assert await app.say("/pace slow 9") == "A step can't be 9 m long. Type the metres per step, such as 0.75."
