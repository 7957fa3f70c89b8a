"""`/whosgoing`."""

from tests.fakes.app_harness import AppHarness


async def test_only_the_willing_are_named(talk: AppHarness) -> None:
    for user, level in (("bob", "community"), ("cy", "private"), ("dot", "community")):
        talk.user = user
        await talk.all(f"/privacy {level}", "/attend ARC301")
    talk.user = "ada"
    assert await talk.say("/whosgoing ARC301") == (
        '3 people are going to "Queues that never sleep": bob, dot and 1 more.\n'
        "Your own name isn't shown. To show it: /privacy community\n"
        "→ /session ARC301"
    )


async def test_a_hotel_is_never_shown(talk: AppHarness) -> None:
    talk.user = "bob"
    await talk.all("/privacy community", "/hotel MGM", "/attend ARC301")
    talk.user = "ada"
    assert "MGM" not in await talk.say("/whosgoing ARC301")


async def test_nobody_yet(talk: AppHarness) -> None:
    assert (await talk.say("/whosgoing ARC301")).startswith('Nobody here is going to "Queues that never sleep" yet.')
