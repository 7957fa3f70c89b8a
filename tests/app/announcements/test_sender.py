"""The broadcast where something is in its way: it waits, asks again, or says why it stopped."""

from dataclasses import replace
from datetime import timedelta

from bot.app.delivery.sender import POSSIBLE_DUPLICATE
from bot.app.messages import Reply
from bot.app.ports import (
    POSSIBLY_SENT,
    DeliveryFilter,
    DeliveryState,
    DeliveryUnknownError,
    Permissions,
    RateLimitedError,
    Receipt,
    TemporaryError,
)
from bot.domain.announcements.announcement import Announcement, Stage
from bot.domain.attendee.attendee import Attendee, Community
from tests.fakes.app_harness import AppHarness, FakeMessenger
from tests.fakes.memory_store import MemoryStore


async def confirmed(app: AppHarness, line: str) -> int:
    """Olga makes an announcement and confirms it; gives its number."""
    app.user = "olga"
    reply = await app.ask(line, organizer=True)
    await app.press(reply, "Confirm", organizer=True)
    return int(reply.buttons[0].arguments["number"])


async def stored_announcement(app: AppHarness, number: int) -> Announcement:
    async with app.store.read_transaction() as work:
        found = await work.announcements.get(number)
    assert found
    return found


def sent(app: AppHarness) -> list[str]:
    return sorted(message.to for message in app.post.sent if message.kind == "announcement")


class Asked(FakeMessenger):
    """A platform that cannot say at first what somebody may do."""

    async def permissions_of(self, community: Community, user: str) -> Permissions:
        if self.faults:
            raise self.faults.pop(0)
        return await FakeMessenger.permissions_of(self, community, user)


async def test_it_waits_where_the_platform_cannot_say_whether_its_author_may(app: AppHarness) -> None:
    number = await confirmed(app, '/announce "Lunch" in #general')
    asked = Asked(app.clock, standings=app.post.standings, faults=[TemporaryError("busy")])
    app.messengers["console"] = asked
    await app.wait(seconds=20)
    assert ((await stored_announcement(app, number)).stage, asked.sent) == (Stage.PLANNED, [])
    await app.wait(minutes=1)
    assert [message.to for message in asked.sent if message.kind == "announcement"] == ["#general"]


async def test_who_gets_it_as_an_organizer_is_asked_about_again(app: AppHarness) -> None:
    for user in ("bob", "cy"):
        app.user = user
        await app.say("/news on")
        await app.ask("/settings", organizer=True)
    del app.post.standings["cy"]
    await confirmed(app, '/announce "Badges are here" to organizers')
    await app.wait(minutes=1)
    assert sent(app) == ["bob"]


async def test_it_ends_with_the_conference_of_its_community(app: AppHarness) -> None:
    number = await confirmed(app, '/announce "Lunch" in #general at 12:00')
    async with app.store.write_transaction() as work:
        here = await work.communities.get("console", "club")
        assert here
        await work.communities.save(replace(here, conference="gone"))
    await app.wait(hours=5)
    found = await stored_announcement(app, number)
    assert (found.stage, found.why) == (Stage.CANCELLED, "its community follows no conference")


async def test_who_made_it_and_was_forgotten_sends_nothing(app: AppHarness) -> None:
    number = await confirmed(app, '/announce "Lunch" in #general at 12:00')
    await app.say("/forgetme yes")
    await app.wait(hours=5)
    found = await stored_announcement(app, number)
    assert (found.stage, found.why, sent(app)) == (Stage.CANCELLED, "its author is no longer an organizer", [])


async def test_a_recall_that_is_not_answered_is_tried_again(app: AppHarness) -> None:
    app.user = "bob"
    await app.say("/news on")
    number = await confirmed(app, '/announce "Wrong" to everyone by both in #general')
    await app.wait(minutes=1)
    assert sent(app) == ["#general", "bob"]
    await app.ask(f"/announce recall {number}", organizer=True)
    app.post.faults = [DeliveryUnknownError("no answer"), TemporaryError("busy")]
    await app.wait(seconds=20)
    assert sent(app) == ["#general", "bob"]
    await app.wait(minutes=2)
    assert sent(app) == []
    async with app.store.read_transaction() as work:
        assert (await work.announcement_deliveries.stats(number)).states == {DeliveryState.RECALLED: 2}


async def test_what_was_just_being_sent_when_it_was_recalled_is_recalled_too(app: AppHarness) -> None:
    number = await confirmed(app, '/announce "Wrong" in #general')
    await app.wait(minutes=1)
    async with app.store.write_transaction() as work:
        here = await work.communities.get("console", "club")
        assert here
        ((delivery,),) = [await work.announcement_deliveries.next_page(number, 0, 9)]
        await work.announcement_deliveries.record_amendments({delivery.id: (DeliveryState.CLAIMED, "")})
    await app.ask(f"/announce recall {number}", organizer=True)
    await app.wait(seconds=20)
    assert ((await stored_announcement(app, number)).job, sent(app)) == ("recall", ["#general"])
    async with app.store.write_transaction() as work:
        await work.announcement_deliveries.record_amendments({delivery.id: (DeliveryState.SENT, "")})
    await app.wait(seconds=20)
    assert ((await stored_announcement(app, number)).job, sent(app)) == (None, [])


async def test_what_was_held_while_it_went_on_already_is_let_go(app: AppHarness) -> None:
    app.user = "bob"
    await app.all("/news on", "/nudges quiet 07:00-09:00")
    number = await confirmed(app, '/announce "Lunch" to everyone by dm')
    await app.wait(minutes=1)
    async with app.store.write_transaction() as work:
        await work.announcement_deliveries.transition(number, DeliveryState.HELD, app.clock.now())
        await work.announcements.save(await work.announcements.get(number), app.clock.now())  # type: ignore[arg-type]  # it is there
    await app.wait(hours=1, minutes=5)
    assert sent(app) == ["bob"]
    assert (await stored_announcement(app, number)).stage is Stage.DONE


async def test_two_who_take_the_same_step_owe_everybody_theirs_once(app: AppHarness) -> None:
    for number in range(3):
        app.user = f"user{number}"
        await app.say("/news on")
    await confirmed(app, '/announce "Lunch" to everyone by dm')
    await app.broadcast.run_due()
    other = AppHarness(app.store, app.clock.now() + timedelta(minutes=5))
    other.messengers["console"] = app.post
    await other.broadcast.run_due()
    await app.wait(minutes=10)
    assert sent(app) == ["user0", "user1", "user2"]


async def test_a_pause_of_the_platform_is_waited_out_by_a_recall(app: AppHarness) -> None:
    number = await confirmed(app, '/announce "Wrong" in #general')
    await app.wait(minutes=1)
    await app.ask(f"/announce recall {number}", organizer=True)
    app.post.faults = [RateLimitedError("too many requests", timedelta(seconds=9))]
    await app.wait(seconds=20)
    assert ((await stored_announcement(app, number)).job, sent(app)) == ("recall", ["#general"])
    await app.wait(minutes=1)
    assert ((await stored_announcement(app, number)).job, sent(app)) == (None, [])


async def doubtful(app: AppHarness, error: str, state: DeliveryState) -> int:
    """Bob's announcement is out, and stands in the outbox as given; gives its number."""
    app.user = "bob"
    await app.say("/news on")
    number = await confirmed(app, '/announce "Lunch" to everyone by dm')
    await app.wait(minutes=1)
    async with app.store.write_transaction() as work:
        (delivery,) = await work.announcement_deliveries.next_page(number, 0, 9)
        await work.announcement_deliveries.record_amendments({delivery.id: (state, error)})
    return number


async def reported(app: AppHarness, number: int) -> list[tuple[str, str]]:
    async with app.store.read_transaction() as work:
        return [
            (delivery.state, delivery.error) for delivery in await work.announcement_deliveries.next_page(number, 0, 9)
        ]


async def test_what_perhaps_came_twice_is_told_though_it_was_corrected_and_recalled(app: AppHarness) -> None:
    number = await doubtful(app, POSSIBLE_DUPLICATE, DeliveryState.SENT)
    await app.ask(f'/announce edit {number} "Lunch in B"', organizer=True)
    await app.wait(minutes=1)
    assert await reported(app, number) == [("sent", POSSIBLE_DUPLICATE)]
    await app.ask(f"/announce recall {number}", organizer=True)
    await app.wait(minutes=1)
    assert (await reported(app, number), sent(app)) == ([("recalled", POSSIBLE_DUPLICATE)], [])
    assert "Delay" in await app.say(f"/announce report {number}", organizer=True)


async def held_in_doubt(app: AppHarness, stage: Stage) -> int:
    """An announcement of which one message was held in doubt, and goes on while the whole is at `stage`."""
    number = await doubtful(app, POSSIBLY_SENT, DeliveryState.HELD)
    async with app.store.write_transaction() as work:
        before = await work.announcements.get(number)
        assert before
        await work.announcement_deliveries.transition(number, DeliveryState.OWED, app.clock.now())
        await work.announcements.save(replace(before, stage=stage), None)
    return number


async def test_what_is_held_in_doubt_stays_in_doubt(app: AppHarness) -> None:
    number = await held_in_doubt(app, Stage.PAUSED)
    await app.wait(seconds=10)
    assert await reported(app, number) == [("held", POSSIBLY_SENT)]
    await app.ask(f"/announce resume {number}", organizer=True)
    await app.wait(minutes=1)
    assert (await reported(app, number), sent(app)) == ([("sent", POSSIBLE_DUPLICATE)], ["bob", "bob"])


async def test_what_is_recalled_in_doubt_is_uncertain(app: AppHarness) -> None:
    number = await held_in_doubt(app, Stage.CANCELLED)
    await app.wait(minutes=1)
    assert await reported(app, number) == [("uncertain", POSSIBLY_SENT)]


async def test_what_is_over_wakes_nobody(app: AppHarness) -> None:
    app.user = "bob"
    await app.say("/news on")
    number = await confirmed(app, '/announce "Lunch" to everyone by dm')
    for line in ("pause", "resume", "recall"):
        await app.ask(f"/announce {line} {number}", organizer=True)
        await app.wait(minutes=5)
        async with app.store.read_transaction() as work:
            assert await work.announcements.next_due([DeliveryFilter("console")]) is None, line


async def test_how_it_ended_is_shown_when_the_platform_takes_it_again(app: AppHarness) -> None:
    app.user = "bob"
    await app.say("/news on")
    number = await confirmed(app, '/announce "Lunch" to everyone by dm')
    await app.broadcast.run_due()
    (shown,) = [message for message in app.post.sent if message.kind == "announcement-progress"]
    await app.scheduler.run_due()
    app.post.faults = [RateLimitedError("too many requests", timedelta(seconds=9))]
    await app.wait(seconds=10)
    assert (await stored_announcement(app, number)).stage is Stage.DONE
    assert "is being sent" in app.text(shown.content)
    await app.wait(minutes=1)
    assert "has been sent" in app.text(shown.content)


class Meanwhile(FakeMessenger):
    """Somebody does something while the first message of its progress is on its way."""

    async def send(self, attendee: Attendee, key: str, kind: str, content: Reply) -> Receipt:
        receipt = await FakeMessenger.send(self, attendee, key, kind, content)
        if kind == "announcement-progress":
            await self.meanwhile()
        return receipt

    async def meanwhile(self) -> None:
        raise NotImplementedError


async def test_its_progress_is_shown_in_one_place_though_it_was_paused_meanwhile(app: AppHarness) -> None:
    app.user = "bob"
    await app.say("/news on")
    number = await confirmed(app, '/announce "Lunch" to everyone by dm')
    post = Meanwhile(app.clock, standings=app.post.standings)

    async def paused() -> None:
        await app.ask(f"/announce pause {number}", organizer=True)

    post.meanwhile = paused  # type: ignore[method-assign]  # what happens meanwhile is the test's
    app.messengers["console"] = post
    await app.wait(minutes=1)
    await app.ask(f"/announce resume {number}", organizer=True)
    await app.wait(minutes=1)
    assert [message.to for message in post.sent] == ["olga", "bob"]


async def test_its_progress_ends_with_it(app: AppHarness) -> None:
    await confirmed(app, '/announce "Lunch" in #general')
    post = Meanwhile(app.clock, standings=app.post.standings)

    async def forgotten() -> None:
        app.store = MemoryStore()
        app.broadcast.store = app.scheduler.store = app.store

    post.meanwhile = forgotten  # type: ignore[method-assign]  # as above
    app.messengers["console"] = post
    await app.broadcast.run_due()
    assert [message.to for message in post.sent] == ["olga"]
