"""`/whosgoing`."""

from tests.fakes.app_harness import AppHarness


async def test_only_the_willing_are_named(app: AppHarness) -> None:
    for user, level in (("bob", "community"), ("cy", "private"), ("dot", "community")):
        app.user = user
        await app.all(f"/privacy {level}", "/attend ARC301")
    app.user = "ada"
    assert await app.say("/whosgoing ARC301") == (
        '3 people are going to "Queues that never sleep": bob, dot and 1 more.\n'
        "Your own name isn't shown. To show it: /privacy community\n"
        "→ /session ARC301"
    )


async def test_a_hotel_is_never_shown(app: AppHarness) -> None:
    app.user = "bob"
    await app.all("/privacy community", "/hotel MGM", "/attend ARC301")
    app.user = "ada"
    assert "MGM" not in await app.say("/whosgoing ARC301")


async def test_nobody_yet(app: AppHarness) -> None:
    assert (await app.say("/whosgoing ARC301")).startswith('Nobody here is going to "Queues that never sleep" yet.')
