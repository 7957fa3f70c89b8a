"""Attendees' own entries, on every store."""

from dataclasses import replace

from bot.app.ports import Store
from bot.app.schedules.blocks import add_block, own_schedule, take_off
from bot.domain.attendee.attendee import Attendance, Attendee
from bot.domain.attendee.block import Block
from tests.builders import at, schedule

LUNCH, CALL = Block(0, at(12), at(13), "lunch", "MGM Grand"), Block(0, at(10), at(11))


async def joined(store: Store, user: str = "ada") -> Attendee:
    async with store.write_transaction() as work:
        return await work.people.join("console", "club", user)


async def test_blocks_are_added_read_and_removed(store: Store) -> None:
    ada, bob = await joined(store), await joined(store, "bob")
    async with store.write_transaction() as work:
        lunch = await work.blocks.add(ada.id, "cloud21", LUNCH)
        call = await work.blocks.add(ada.id, "cloud21", CALL)
        other = await work.blocks.add(bob.id, "cloud21", CALL)
    assert [lunch, call] == [replace(LUNCH, number=lunch.number), replace(CALL, number=call.number)]
    async with store.write_transaction() as work:
        assert await work.blocks.of_attendees([ada.id, bob.id, 999], "cloud21") == {
            ada.id: [call, lunch],
            bob.id: [other],
        }
        assert await work.blocks.of_attendees([], "cloud21") == await work.blocks.of_attendees([ada.id], "other") == {}
        assert not await work.blocks.remove(bob.id, "cloud21", lunch.number)
        assert not await work.blocks.remove(ada.id, "other", lunch.number)
        assert await work.blocks.remove(ada.id, "cloud21", lunch.number)
        assert not await work.blocks.remove(ada.id, "cloud21", lunch.number)
        assert await work.blocks.of_attendees([ada.id], "cloud21") == {ada.id: [call]}


async def test_a_number_is_never_used_again(store: Store) -> None:
    ada = await joined(store)
    async with store.write_transaction() as work:
        first = await work.blocks.add(ada.id, "cloud21", LUNCH)
        await work.blocks.remove(ada.id, "cloud21", first.number)
        again = await work.blocks.add(ada.id, "cloud21", LUNCH)
    assert again.number > first.number


async def test_a_block_is_on_the_agenda_until_it_is_taken_off(store: Store) -> None:
    ada, made = await joined(store), schedule()
    async with store.write_transaction() as work:
        await work.conferences.save(made)
        lunch = await add_block(work, ada, "cloud21", LUNCH, at(8))
    async with store.write_transaction() as work:
        ada = (await work.people.by_id([ada.id]))[ada.id]
        assert ada.has_blocks
        own = await own_schedule(work, ada, made)
        assert own.by_id[lunch.id] == lunch.session
        assert await work.attendances.of_attendee(ada.id, "cloud21") == [Attendance(lunch.id, chosen_at=at(8))]
        assert await take_off(work, ada, "cloud21", lunch.session)
        assert not await take_off(work, ada, "cloud21", lunch.session)
        assert await work.attendances.of_attendee(ada.id, "cloud21") == []
        assert await own_schedule(work, ada, made) is made


async def test_forgotten_with_the_person_and_with_the_conference(store: Store) -> None:
    ada, bob = await joined(store), await joined(store, "bob")
    async with store.write_transaction() as work:
        await work.conferences.save(schedule())
        for who in (ada, bob):
            await add_block(work, who, "cloud21", LUNCH, at(8))
        await work.people.forget(ada)
        assert list(await work.blocks.of_attendees([ada.id, bob.id], "cloud21")) == [bob.id]
        await work.conferences.delete("cloud21")
        assert await work.blocks.of_attendees([ada.id, bob.id], "cloud21") == {}
