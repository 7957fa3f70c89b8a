"""`/privacy`."""

from tests.fakes.app_harness import AppHarness


async def test_everybody_starts_private_and_friends_are_not_offered(app: AppHarness) -> None:
    assert await app.say("/privacy") == (
        "Private: nobody sees which sessions you go to. You are counted, but not named.\n"
        "Nobody ever sees your hotel.\n"
        "→ /privacy community"
    )
    assert (await app.say("/privacy friends")).startswith("'friends' is not one of private, community.")
    await app.say("/attend ARC301")
    assert (await app.say("/whosgoing ARC301")).startswith('1 person is going to "Queues that never sleep".')


async def test_the_community_sees_who_wants_to_be_seen(app: AppHarness) -> None:
    await app.all("/privacy community", "/attend ARC301")
    assert (await app.say("/whosgoing ARC301")).startswith('1 person is going to "Queues that never sleep": ada.')


async def test_another_level_is_no_level(app: AppHarness) -> None:
    assert (await app.say("/privacy public")).startswith("'public' is not one of private, community.")
