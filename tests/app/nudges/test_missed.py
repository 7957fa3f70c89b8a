"""After an outage nothing stale goes out, and one honest summary does."""

from dataclasses import replace
from datetime import time, timedelta

from bot.app.nudges.missed import LISTED
from bot.app.ports import DeliveryState
from bot.domain.nudges.nudge import NudgeKind, missed
from bot.domain.times.zones import QuietHours
from tests.builders import SEC, at, nudge, schedule
from tests.fakes.app_harness import AppHarness


async def away(app: AppHarness, **span: float) -> AppHarness:
    """Ada goes to two sessions, and for a while nobody delivers."""
    await app.all("/hotel Venetian", "/attend SEC203", "/attend ARC301")
    app.clock.move_to(app.clock.now() + timedelta(**span))
    await app.scheduler.run_due()
    return app


async def test_what_is_stale_expires_and_one_message_says_so(app: AppHarness) -> None:
    await away(app, hours=6)
    assert app.post.sent == []
    assert [kind for _, _, kind in await app.wait(minutes=2)] == ["missed"]
    (message,) = app.messages()
    assert [line.strip() for line in message.splitlines()][:4] == [
        "Sorry, I was offline, and 2 reminders for you came too late to send.",
        "Missed",
        'Mon 29 Nov 08:16: time to leave for "Queues that never sleep"',
        'Mon 29 Nov 10:12: time to leave for "Keys, locks and doors"',
    ]
    assert [kind for _, _, kind in await app.wait(hours=6)] == ["evening-recap"]


async def test_a_restart_after_a_week_says_what_was_missed_and_nothing_else(app: AppHarness) -> None:
    await away(app, days=7)
    assert app.post.sent == []
    assert [kind for _, _, kind in await app.wait(hours=20)] == ["missed"]
    (message,) = app.messages()
    assert message.startswith("Sorry, I was offline, and 3 reminders for you came too late to send.")
    assert "your evening recap" in message


async def test_who_wants_no_nudges_hears_of_nothing(app: AppHarness) -> None:
    await app.all("/hotel Venetian", "/attend SEC203")
    async with app.store.write_transaction() as work:
        attendee = await work.people.find("console", "club", "ada")
        assert attendee
        owed = await work.deliveries.of_attendee(attendee.id)
    await app.say("/nudges off")
    async with app.store.write_transaction() as work:
        await work.deliveries.add([(attendee.community, delivery.nudge) for delivery in owed], at(8))
    app.clock.move_to(at(14))
    await app.scheduler.run_due()
    assert await app.wait(minutes=30) == []


async def test_who_turned_reminders_off_while_it_was_being_sent_hears_of_nothing(app: AppHarness) -> None:
    await away(app, hours=6)
    async with app.store.write_transaction() as work:
        ada = await work.people.find("console", "club", "ada")
        assert ada is not None
        # What is in flight is not withdrawn: the platform asked for a pause, and it is tried again.
        await work.people.save(replace(ada, nudges_on=False))
    assert await app.wait(minutes=5) == []


async def test_a_rehearsal_that_jumps_has_missed_nothing(app: AppHarness) -> None:
    await app.all("/hotel Venetian", "/attend SEC203")
    await app.rehearsal.jump(at(14))
    assert await app.wait(minutes=30) == []


async def test_a_second_summary_has_only_what_is_new_and_is_not_sent_for_nothing(app: AppHarness) -> None:
    await away(app, hours=6)
    await app.wait(minutes=2)
    async with app.store.write_transaction() as work:
        attendee = await work.people.find("console", "club", "ada")
        assert attendee
        again = missed(attendee, schedule().conference.tz, at(16))
        await work.deliveries.add([(attendee.community, again)], at(16))
    assert await app.wait(hours=3) == []
    async with app.store.read_transaction() as work:
        (expired,) = [
            delivery for delivery in await work.deliveries.of_attendee(attendee.id) if delivery.nudge == again
        ]
    assert (expired.state, expired.error) == (DeliveryState.EXPIRED, "no longer true")


async def test_a_long_list_is_cut_and_what_is_gone_is_said(app: AppHarness) -> None:
    await app.all("/hotel Venetian", "/attend SEC203")
    async with app.store.write_transaction() as work:
        attendee = await work.people.find("console", "club", "ada")
        assert attendee
        lost = [nudge(attendee.id, f"gone{number}", at(9)) for number in range(LISTED)]
        changed = nudge(attendee.id, SEC.id, at(9), kind=NudgeKind.SESSION_CHANGED, revision=9)
        several = nudge(attendee.id, "a1b2", at(9), kind=NudgeKind.SESSION_CHANGED)
        brief = nudge(attendee.id, "2021-11-29", at(8, 30), kind=NudgeKind.MORNING_BRIEF)
        await work.deliveries.add(
            [(attendee.community, planned) for planned in (brief, changed, several, *lost)], at(8)
        )
    app.clock.move_to(at(11))
    await app.scheduler.run_due()
    await app.wait(minutes=2)
    (message,) = app.messages()
    assert "14 reminders for you came too late" in message
    for part in (
        "your morning overview",
        "a change of the schedule",
        "Mon 29 Nov 09:00: a change of the schedule",
        "a session that is no longer in the schedule",
        "and 4 more",
    ):
        assert part in message


async def test_nobody_is_woken_for_it(app: AppHarness) -> None:
    await app.say("/attend SEC203")
    async with app.store.read_transaction() as work:
        ada = await work.people.find("console", "club", "ada")
    assert ada
    zone = schedule().conference.tz
    assert missed(ada, zone, at(14)).due_at == at(14, 1)
    sleeper = replace(ada, quiet=QuietHours(time(13), time(15)))
    assert missed(sleeper, zone, at(14)).due_at == at(15)
