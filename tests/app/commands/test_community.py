"""`/community`."""

from tests.fakes.app_harness import AppHarness


async def test_the_only_community_is_named(app: AppHarness) -> None:
    assert await app.say("/community") == ("Our direct messages are about club, the only community where you use me.")


async def test_a_direct_message_is_answered_for_the_community_used_last_and_a_button_switches(app: AppHarness) -> None:
    await app.say("/attend ARC301")
    app.tenant = "other"
    await app.say("/hotel Wynn")
    app.tenant = ""
    elsewhere = await app.ask("/agenda")
    assert app.text(elsewhere).startswith("Nothing")
    assert [button.label for button in elsewhere.buttons][-1] == "Switch to club"
    assert await app.press(elsewhere, "Switch to club") == (
        "Our direct messages are now about club.\n→ /now · /community other"
    )
    assert "ARC301" in await app.say("/agenda")


async def test_a_community_that_one_is_not_in_cannot_be_chosen(app: AppHarness) -> None:
    await app.say("/now")
    assert await app.say("/community elsewhere") == 'You don\'t use me in "elsewhere". You use me in club.'


async def test_somebody_who_only_ever_writes_directly_is_a_community_of_one(app: AppHarness) -> None:
    app.tenant = ""
    await app.say("/attend ARC301")
    assert "ARC301" in await app.say("/agenda")
    app.user = "bob"
    assert "ARC301" not in await app.say("/agenda")
