"""`/settings`."""

from tests.fakes.app_harness import AppHarness


async def test_only_organizers_see_and_change_them(app: AppHarness) -> None:
    assert await app.say("/settings") == "Only organizers can use /settings."
    assert await app.say("/settings", organizer=True) == (
        "How I work in this community:\n"
        "Settings\n"
        "   Conference: Cloud 21\n"
        "   Reminders channel: not set. People who block direct messages get no reminders.\n"
        "   Digest channel: not set. Only affected people hear about changes.\n"
        "   Announcements channel: not set. Name a channel in each announcement.\n"
        "   Check-in: 10 min\n"
        "   Walk-up: 20 min\n"
        "   Feedback: off. To ask people: /settings feedback:on\n"
        "   Linked communities: none. To link one: /settings link:new"
    )


async def test_the_reminders_channel_is_kept_and_taken_back(app: AppHarness) -> None:
    answer = await app.say("/settings reminders <#4711>", organizer=True)
    assert answer.startswith("Saved.")
    assert "Reminders channel: #4711" in await app.say("/settings", organizer=True)
    assert "Reminders channel: not set" in await app.say("/settings reminders none", organizer=True)


async def test_naming_one_channel_sets_no_other(app: AppHarness) -> None:
    answer = await app.say("/settings reminders #hall", organizer=True)
    assert (
        "   Reminders channel: #hall\n"
        "   Digest channel: not set. Only affected people hear about changes.\n"
        "   Announcements channel: not set. Name a channel in each announcement.\n"
    ) in answer


async def test_a_channel_alone_is_asked_about(app: AppHarness) -> None:
    asked = (
        'What is "{}" for? Put a word before it: reminders, digest, announcements or title. Try /settings reminders {}'
    )
    assert await app.say("/settings #hall", organizer=True) == asked.format("#hall", "#hall")
    answer = await app.say("/settings #hall digest #news", organizer=True)
    assert answer == asked.format("#hall", "#hall")
    assert "Digest channel: not set" in await app.say("/settings", organizer=True)


async def test_the_announcements_channel_is_kept_beside_it(app: AppHarness) -> None:
    await app.say("/settings reminders #hall announcements #news", organizer=True)
    answer = await app.say("/settings announcements none", organizer=True)
    assert "Reminders channel: #hall" in answer
    assert "Announcements channel: not set. Name a channel in each announcement." in answer


async def test_the_digest_channel_is_another_and_each_is_kept(app: AppHarness) -> None:
    await app.say("/settings reminders #4711", organizer=True)
    answer = await app.say("/settings digest #news", organizer=True)
    assert ("Reminders channel: #4711" in answer, "Digest channel: #news" in answer) == (True, True)
    answer = await app.say("/settings digest none", organizer=True)
    assert ("Reminders channel: #4711" in answer, "Digest channel: not set" in answer) == (True, True)


async def test_what_is_no_channel_is_refused(app: AppHarness) -> None:
    answer = await app.say('/settings reminders:"two words"', organizer=True)
    assert answer == "'two words' is not a channel: choose one from the list, or type none."
