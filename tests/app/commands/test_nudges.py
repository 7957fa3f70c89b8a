"""`/nudges`."""

from tests.fakes.app_harness import AppHarness


async def test_before_the_first_session_nobody_is_nudged(app: AppHarness) -> None:
    assert (await app.say("/nudges")).startswith(
        "Reminders are off. They start with your first /attend, or with /nudges on.\nYour settings\n   Reminders: off"
    )


async def test_what_is_owed_and_how_it_is_wanted(app: AppHarness) -> None:
    assert await app.all("/hotel Venetian", "/attend SEC203 reserved", "/nudges 15m 22:00-07:00") == (
        "2 reminders are coming up.\n"
        "Your settings\n"
        "   Reminders: on\n"
        "   Notice: 15 min before it's time to leave\n"
        "   Quiet hours: 22:00-07:00; reminders to leave still come\n"
        "   Be at the door: as early as the conference recommends\n"
        "Coming up\n"
        '   Mon 29 Nov 10:17: time to leave for "Keys, locks and doors"\n'
        "   Mon 29 Nov 18:00: your evening recap\n"
        "→ /nudges off · /nudges <notice> <quiet>"
    )
    assert await app.wait(hours=3) == [("Mon 10:17", "ada", "leave-by")]


async def test_off_withdraws_and_on_brings_back(app: AppHarness) -> None:
    await app.all("/hotel Venetian", "/attend SEC203", "/nudges off")
    assert await app.wait(hours=1) == []
    await app.say("/nudges on")
    assert await app.wait(hours=2) == [("Mon 10:12", "ada", "leave-by")]


async def test_being_early_can_be_raised_and_quiet_hours_dropped(app: AppHarness) -> None:
    await app.all("/hotel Venetian", "/attend SEC203", "/nudges early 40m", "/nudges 22:00-07:00")
    assert "Be at the door: 40 min before the start" in await app.say("/nudges none")
    assert "Quiet hours: none" in await app.say("/nudges")
    assert await app.wait(hours=2) == [("Mon 09:52", "ada", "leave-by")]


async def test_too_much_notice_is_refused(app: AppHarness) -> None:
    assert (await app.ask("/nudges 3h")).is_error


async def test_that_a_platform_is_left_alone_is_said(app: AppHarness) -> None:
    async with app.store.write_transaction() as work:
        await work.leases.hold({"console:club": "no answer", "console:other": "busy", "member:x:y": ""}, "me", 60)
    answer = await app.say("/nudges")
    assert "Messages are delayed right now: no answer. I'll send them as soon as I can." in answer
    assert "busy" not in answer
