"""`/forgetme`."""

from tests.fakes.app_harness import AppHarness


async def test_it_asks_first_and_then_nothing_is_left(app: AppHarness) -> None:
    asked = await app.all("/hotel MGM", "/attend ARC301", "/forgetme")
    assert asked == (
        "This removes your agenda (1 session), your hotel, your settings and your reminders.\n"
        "You can't undo this. To get a copy first: /mydata\n"
        "→ /forgetme yes · /mydata"
    )
    assert (await app.say("/forgetme yes")).startswith("Done.")
    async with app.store.read_transaction() as work:
        assert await work.people.find("console", "club", "ada") is None
    assert await app.wait(hours=24) == []
    assert (await app.say("/hotel")).startswith("Which hotel are you staying at?")


async def test_an_organizer_is_none_any_more_and_the_log_says_no_longer_who_it_was(app: AppHarness) -> None:
    await app.say("/organizer add bob", organizer=True)
    app.user = "bob"
    await app.say("/settings")
    asked = await app.say("/forgetme")
    assert asked.splitlines()[1:3] == [
        "You won't be an organizer any more.",
        "What you did as an organizer stays in the log, without your name and your words.",
    ]
    await app.say("/forgetme yes")
    assert await app.say("/settings") == "Only organizers can use /settings."
    app.user = "ada"
    assert await app.say("/organizer log", organizer=True) == (
        "What organizers did, newest first\n"
        "   Mon 29 Nov 08:00 ada: /organizer log\n"
        "   Mon 29 Nov 08:00 bob: /settings (refused)\n"
        "   Mon 29 Nov 08:00 somebody who was forgotten: /settings\n"
        "   Mon 29 Nov 08:00 ada: /organizer add (somebody who was forgotten)\n"
        "→ /organizer list"
    )
