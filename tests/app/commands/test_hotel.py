"""`/hotel`."""

from tests.fakes.app_harness import AppHarness


async def test_the_hotel_is_asked_for_kept_shown_and_taken_back(talk: AppHarness) -> None:
    asked = await talk.ask("/hotel")
    assert talk.text(asked).startswith("Which hotel are you staying at?")
    assert await talk.press(asked, "MGM Grand") == (
        "You're staying at MGM Grand. I'll plan your first walk each day from there. Only you see this.\n→ /nextsession"
    )
    assert await talk.say("/hotel") == "You're staying at MGM Grand. Only you see this. To remove it: /hotel none"
    assert (await talk.say("/hotel none")).startswith("Done, I've removed your hotel.")
    assert (await talk.say("/hotel")).startswith("Which hotel are you staying at?")


async def test_the_first_way_of_the_day_starts_there(talk: AppHarness) -> None:
    assert "Leave MGM Grand by 07:51: 49 min walk" in await talk.all("/hotel MGM", "/attend ARC301")


async def test_an_unknown_hotel_changes_nothing(talk: AppHarness) -> None:
    await talk.say("/hotel MGM")
    assert (await talk.ask("/hotel Atlantis")).is_error
    assert "MGM Grand" in await talk.say("/hotel")
