"""`/hotel`."""

from tests.fakes.app_harness import AppHarness


async def test_the_hotel_is_asked_for_kept_shown_and_taken_back(app: AppHarness) -> None:
    asked = await app.ask("/hotel")
    assert app.text(asked).startswith("Which hotel are you staying at?")
    assert await app.press(asked, "MGM Grand") == (
        "You're staying at MGM Grand. I'll plan your first walk each day from there. Only you see this.\n→ /nextsession"
    )
    assert await app.say("/hotel") == "You're staying at MGM Grand. Only you see this. To remove it: /hotel none"
    assert (await app.say("/hotel none")).startswith("Done, I've removed your hotel.")
    assert (await app.say("/hotel")).startswith("Which hotel are you staying at?")


async def test_the_first_way_of_the_day_starts_there(app: AppHarness) -> None:
    assert "Leave MGM Grand by 07:51: 49 min walk" in await app.all("/hotel MGM", "/attend ARC301")


async def test_an_unknown_hotel_changes_nothing(app: AppHarness) -> None:
    await app.say("/hotel MGM")
    assert (await app.ask("/hotel Atlantis")).is_error
    assert "MGM Grand" in await app.say("/hotel")
