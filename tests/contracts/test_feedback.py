"""What attendees say about sessions and rooms, on every store."""

from dataclasses import replace

from bot.app.ports import Store
from bot.domain.attendee.attendee import Attendee
from bot.domain.attendee.feedback import Feedback, FeedbackCount, RoomTap
from tests.builders import schedule


async def joined(store: Store, user: str = "ada", tenant: str = "club") -> Attendee:
    async with store.write_transaction() as work:
        return await work.people.join("console", tenant, user)


async def test_an_answer_replaces_the_one_before_and_leaves_the_room_alone(store: Store) -> None:
    ada, bob = await joined(store), await joined(store, "bob")
    async with store.write_transaction() as work:
        await work.feedback.tap(ada.id, "cloud21", "sec203", RoomTap.FULL)
        await work.feedback.rate(ada.id, "cloud21", "sec203", "too long", useful=False)
        await work.feedback.rate(ada.id, "cloud21", "arc301", "", useful=True)
        await work.feedback.rate(bob.id, "cloud21", "arc301", "", useful=False)
        assert await work.feedback.of_attendee(ada.id, "cloud21") == [
            Feedback("arc301", useful=True),
            Feedback("sec203", useful=False, word="too long", room=RoomTap.FULL),
        ]
        await work.feedback.rate(ada.id, "cloud21", "sec203", "", useful=True)
        await work.feedback.tap(ada.id, "cloud21", "sec203", RoomTap.IN)
    async with store.read_transaction() as work:
        assert await work.feedback.of_attendee(ada.id, "cloud21") == [
            Feedback("arc301", useful=True),
            Feedback("sec203", useful=True, room=RoomTap.IN),
        ]
        assert await work.feedback.of_attendee(ada.id, "other") == []


async def test_counts_and_words_are_those_of_one_community_and_conference(store: Store) -> None:
    ada, bob = await joined(store), await joined(store, "bob")
    eve = await joined(store, "eve", "elsewhere")
    async with store.write_transaction() as work:
        await work.feedback.rate(ada.id, "cloud21", "arc301", "slow", useful=False)
        await work.feedback.rate(bob.id, "cloud21", "arc301", "clear", useful=True)
        await work.feedback.rate(eve.id, "cloud21", "arc301", "elsewhere", useful=True)
        await work.feedback.rate(ada.id, "other", "arc301", "other", useful=True)
        await work.feedback.tap(ada.id, "cloud21", "sec203", RoomTap.FULL)
        await work.feedback.tap(bob.id, "cloud21", "sec203", RoomTap.IN)
    async with store.read_transaction() as work:
        arc, sec, here = FeedbackCount(1, 1), FeedbackCount(full=1, got_in=1), ada.community.id
        assert await work.feedback.counts(here, "cloud21") == {"arc301": arc, "sec203": sec}
        assert await work.feedback.counts(here, "cloud21", ["sec203", "key001"]) == {"sec203": sec}
        assert await work.feedback.counts(here, "cloud21", []) == {}
        assert await work.feedback.words(here, "cloud21") == {"arc301": ["clear", "slow"]}


async def test_forgotten_with_the_person_and_with_the_conference(store: Store) -> None:
    ada, bob = await joined(store), await joined(store, "bob")
    async with store.write_transaction() as work:
        await work.conferences.save(schedule())
        for who in (ada, bob):
            await work.feedback.rate(who.id, "cloud21", "arc301", "", useful=True)
        await work.people.forget(ada)
        assert await work.feedback.counts(bob.community.id, "cloud21") == {"arc301": FeedbackCount(useful=1)}
        await work.conferences.delete("cloud21")
        assert await work.feedback.counts(bob.community.id, "cloud21") == {}


async def test_a_community_that_wants_feedback_still_wants_it_later(store: Store) -> None:
    ada = await joined(store)
    async with store.write_transaction() as work:
        await work.communities.save(replace(ada.community, feedback=True))
    async with store.read_transaction() as work:
        found = await work.people.by_id([ada.id])
        assert found[ada.id].community.feedback
