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


async def confirmed(talk: AppHarness, line: str) -> int:
    """Olga makes an announcement and confirms it; gives its number."""
    talk.user = "olga"
    reply = await talk.ask(line, organizer=True)
    await talk.press(reply, "Confirm", organizer=True)
    return int(reply.buttons[0].arguments["number"])


async def known(talk: AppHarness, number: int) -> Announcement:
    async with talk.store.read_transaction() as work:
        found = await work.announcements.get(number)
    assert found
    return found


def sent(talk: AppHarness) -> list[str]:
    return sorted(each.to for each in talk.post.sent if each.kind == "announcement")


class Asked(FakeMessenger):
    """A platform that cannot say at first what somebody may do."""

    async def permissions_of(self, community: Community, user: str) -> Permissions:
        if self.faults:
            raise self.faults.pop(0)
        return await FakeMessenger.permissions_of(self, community, user)


async def test_it_waits_where_the_platform_cannot_say_whether_its_author_may(talk: AppHarness) -> None:
    number = await confirmed(talk, '/announce "Lunch" in #general')
    asked = Asked(talk.clock, standings=talk.post.standings, faults=[TemporaryError("busy")])
    talk.messengers["console"] = asked
    await talk.wait(seconds=20)
    assert ((await known(talk, number)).stage, asked.sent) == (Stage.PLANNED, [])
    await talk.wait(minutes=1)
    assert [each.to for each in asked.sent if each.kind == "announcement"] == ["#general"]


async def test_who_gets_it_as_an_organizer_is_asked_about_again(talk: AppHarness) -> None:
    for user in ("bob", "cy"):
        talk.user = user
        await talk.say("/news on")
        await talk.ask("/settings", organizer=True)
    del talk.post.standings["cy"]
    await confirmed(talk, '/announce "Badges are here" to organizers')
    await talk.wait(minutes=1)
    assert sent(talk) == ["bob"]


async def test_it_ends_with_the_conference_of_its_community(talk: AppHarness) -> None:
    number = await confirmed(talk, '/announce "Lunch" in #general at 12:00')
    async with talk.store.write_transaction() as work:
        here = await work.communities.get("console", "club")
        assert here
        await work.communities.save(replace(here, conference="gone"))
    await talk.wait(hours=5)
    found = await known(talk, number)
    assert (found.stage, found.why) == (Stage.CANCELLED, "its community follows no conference")


async def test_who_made_it_and_was_forgotten_sends_nothing(talk: AppHarness) -> None:
    number = await confirmed(talk, '/announce "Lunch" in #general at 12:00')
    await talk.say("/forgetme yes")
    await talk.wait(hours=5)
    found = await known(talk, number)
    assert (found.stage, found.why, sent(talk)) == (Stage.CANCELLED, "its author is no longer an organizer", [])


async def test_a_recall_that_is_not_answered_is_tried_again(talk: AppHarness) -> None:
    talk.user = "bob"
    await talk.say("/news on")
    number = await confirmed(talk, '/announce "Wrong" to everyone by both in #general')
    await talk.wait(minutes=1)
    assert sent(talk) == ["#general", "bob"]
    await talk.ask(f"/announce recall {number}", organizer=True)
    talk.post.faults = [DeliveryUnknownError("no answer"), TemporaryError("busy")]
    await talk.wait(seconds=20)
    assert sent(talk) == ["#general", "bob"]
    await talk.wait(minutes=2)
    assert sent(talk) == []
    async with talk.store.read_transaction() as work:
        assert (await work.announcement_deliveries.stats(number)).states == {DeliveryState.RECALLED: 2}


async def test_what_was_just_being_sent_when_it_was_recalled_is_recalled_too(talk: AppHarness) -> None:
    number = await confirmed(talk, '/announce "Wrong" in #general')
    await talk.wait(minutes=1)
    async with talk.store.write_transaction() as work:
        here = await work.communities.get("console", "club")
        assert here
        ((delivery,),) = [await work.announcement_deliveries.next_page(number, 0, 9)]
        await work.announcement_deliveries.record_amendments({delivery.id: (DeliveryState.CLAIMED, "")})
    await talk.ask(f"/announce recall {number}", organizer=True)
    await talk.wait(seconds=20)
    assert ((await known(talk, number)).job, sent(talk)) == ("recall", ["#general"])
    async with talk.store.write_transaction() as work:
        await work.announcement_deliveries.record_amendments({delivery.id: (DeliveryState.SENT, "")})
    await talk.wait(seconds=20)
    assert ((await known(talk, number)).job, sent(talk)) == (None, [])


async def test_what_was_held_while_it_went_on_already_is_let_go(talk: AppHarness) -> None:
    talk.user = "bob"
    await talk.all("/news on", "/nudges quiet 07:00-09:00")
    number = await confirmed(talk, '/announce "Lunch" to everyone by dm')
    await talk.wait(minutes=1)
    async with talk.store.write_transaction() as work:
        await work.announcement_deliveries.transition(number, DeliveryState.HELD, talk.clock.now())
        await work.announcements.save(await work.announcements.get(number), talk.clock.now())  # type: ignore[arg-type]  # it is there
    await talk.wait(hours=1, minutes=5)
    assert sent(talk) == ["bob"]
    assert (await known(talk, number)).stage is Stage.DONE


async def test_two_who_take_the_same_step_owe_everybody_theirs_once(talk: AppHarness) -> None:
    for number in range(3):
        talk.user = f"user{number}"
        await talk.say("/news on")
    await confirmed(talk, '/announce "Lunch" to everyone by dm')
    await talk.broadcast.run_due()
    other = AppHarness(talk.store, talk.clock.now() + timedelta(minutes=5))
    other.messengers["console"] = talk.post
    await other.broadcast.run_due()
    await talk.wait(minutes=10)
    assert sent(talk) == ["user0", "user1", "user2"]


async def test_a_pause_of_the_platform_is_waited_out_by_a_recall(talk: AppHarness) -> None:
    number = await confirmed(talk, '/announce "Wrong" in #general')
    await talk.wait(minutes=1)
    await talk.ask(f"/announce recall {number}", organizer=True)
    talk.post.faults = [RateLimitedError("too many requests", timedelta(seconds=9))]
    await talk.wait(seconds=20)
    assert ((await known(talk, number)).job, sent(talk)) == ("recall", ["#general"])
    await talk.wait(minutes=1)
    assert ((await known(talk, number)).job, sent(talk)) == (None, [])


async def doubtful(talk: AppHarness, error: str, state: DeliveryState) -> int:
    """Bob's announcement is out, and stands in the outbox as given; gives its number."""
    talk.user = "bob"
    await talk.say("/news on")
    number = await confirmed(talk, '/announce "Lunch" to everyone by dm')
    await talk.wait(minutes=1)
    async with talk.store.write_transaction() as work:
        (delivery,) = await work.announcement_deliveries.next_page(number, 0, 9)
        await work.announcement_deliveries.record_amendments({delivery.id: (state, error)})
    return number


async def reported(talk: AppHarness, number: int) -> list[tuple[str, str]]:
    async with talk.store.read_transaction() as work:
        return [(each.state, each.error) for each in await work.announcement_deliveries.next_page(number, 0, 9)]


async def test_what_perhaps_came_twice_is_told_though_it_was_corrected_and_recalled(talk: AppHarness) -> None:
    number = await doubtful(talk, POSSIBLE_DUPLICATE, DeliveryState.SENT)
    await talk.ask(f'/announce edit {number} "Lunch in B"', organizer=True)
    await talk.wait(minutes=1)
    assert await reported(talk, number) == [("sent", POSSIBLE_DUPLICATE)]
    await talk.ask(f"/announce recall {number}", organizer=True)
    await talk.wait(minutes=1)
    assert (await reported(talk, number), sent(talk)) == ([("recalled", POSSIBLE_DUPLICATE)], [])
    assert "Delay" in await talk.say(f"/announce report {number}", organizer=True)


async def held_in_doubt(talk: AppHarness, stage: Stage) -> int:
    """An announcement of which one message was held in doubt, and goes on while the whole is at `stage`."""
    number = await doubtful(talk, POSSIBLY_SENT, DeliveryState.HELD)
    async with talk.store.write_transaction() as work:
        before = await work.announcements.get(number)
        assert before
        await work.announcement_deliveries.transition(number, DeliveryState.OWED, talk.clock.now())
        await work.announcements.save(replace(before, stage=stage), None)
    return number


async def test_what_is_held_in_doubt_stays_in_doubt(talk: AppHarness) -> None:
    number = await held_in_doubt(talk, Stage.PAUSED)
    await talk.wait(seconds=10)
    assert await reported(talk, number) == [("held", POSSIBLY_SENT)]
    await talk.ask(f"/announce resume {number}", organizer=True)
    await talk.wait(minutes=1)
    assert (await reported(talk, number), sent(talk)) == ([("sent", POSSIBLE_DUPLICATE)], ["bob", "bob"])


async def test_what_is_recalled_in_doubt_is_uncertain(talk: AppHarness) -> None:
    number = await held_in_doubt(talk, Stage.CANCELLED)
    await talk.wait(minutes=1)
    assert await reported(talk, number) == [("uncertain", POSSIBLY_SENT)]


async def test_what_is_over_wakes_nobody(talk: AppHarness) -> None:
    talk.user = "bob"
    await talk.say("/news on")
    number = await confirmed(talk, '/announce "Lunch" to everyone by dm')
    for line in ("pause", "resume", "recall"):
        await talk.ask(f"/announce {line} {number}", organizer=True)
        await talk.wait(minutes=5)
        async with talk.store.read_transaction() as work:
            assert await work.announcements.next_due([DeliveryFilter("console")]) is None, line


async def test_how_it_ended_is_shown_when_the_platform_takes_it_again(talk: AppHarness) -> None:
    talk.user = "bob"
    await talk.say("/news on")
    number = await confirmed(talk, '/announce "Lunch" to everyone by dm')
    await talk.broadcast.run_due()
    (shown,) = [each for each in talk.post.sent if each.kind == "announcement-progress"]
    await talk.scheduler.run_due()
    talk.post.faults = [RateLimitedError("too many requests", timedelta(seconds=9))]
    await talk.wait(seconds=10)
    assert (await known(talk, number)).stage is Stage.DONE
    assert "is being sent" in talk.text(shown.content)
    await talk.wait(minutes=1)
    assert "has been sent" in talk.text(shown.content)


class Meanwhile(FakeMessenger):
    """Somebody does something while the first message of its progress is on its way."""

    async def send(self, attendee: Attendee, key: str, kind: str, content: Reply) -> Receipt:
        receipt = await FakeMessenger.send(self, attendee, key, kind, content)
        if kind == "announcement-progress":
            await self.meanwhile()
        return receipt

    async def meanwhile(self) -> None:
        raise NotImplementedError


async def test_its_progress_is_shown_in_one_place_though_it_was_paused_meanwhile(talk: AppHarness) -> None:
    talk.user = "bob"
    await talk.say("/news on")
    number = await confirmed(talk, '/announce "Lunch" to everyone by dm')
    post = Meanwhile(talk.clock, standings=talk.post.standings)

    async def paused() -> None:
        await talk.ask(f"/announce pause {number}", organizer=True)

    post.meanwhile = paused  # type: ignore[method-assign]  # what happens meanwhile is the test's
    talk.messengers["console"] = post
    await talk.wait(minutes=1)
    await talk.ask(f"/announce resume {number}", organizer=True)
    await talk.wait(minutes=1)
    assert [each.to for each in post.sent] == ["olga", "bob"]


async def test_its_progress_ends_with_it(talk: AppHarness) -> None:
    await confirmed(talk, '/announce "Lunch" in #general')
    post = Meanwhile(talk.clock, standings=talk.post.standings)

    async def forgotten() -> None:
        talk.store = MemoryStore()
        talk.broadcast.store = talk.scheduler.store = talk.store

    post.meanwhile = forgotten  # type: ignore[method-assign]  # as above
    talk.messengers["console"] = post
    await talk.broadcast.run_due()
    assert [each.to for each in post.sent] == ["olga"]
