"""The schedule with one attendee's own blocks; without blocks it is the common schedule, and costs no query."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from bot.app.ports import UnitOfWork
from bot.domain.attendee.attendee import Attendance, Attendee
from bot.domain.attendee.block import Block, with_blocks
from bot.domain.schedule.conference import Schedule
from bot.domain.schedule.session import BLOCK_ID, Session


async def own_schedule(work: UnitOfWork, attendee: Attendee, schedule: Schedule) -> Schedule:
    """Return the schedule with the blocks of one attendee."""
    return (await own_schedules(work, [attendee], schedule)).get(attendee.id, schedule)


async def own_schedules(work: UnitOfWork, attendees: Iterable[Attendee], schedule: Schedule) -> Mapping[int, Schedule]:
    """Return the schedules of those attendees who have blocks, by attendee id."""
    having = [attendee.id for attendee in attendees if attendee.has_blocks]
    by_attendee = await work.blocks.of_attendees(having, schedule.conference.slug) if having else {}
    return {attendee: with_blocks(schedule, blocks) for attendee, blocks in by_attendee.items()}


async def add_block(work: UnitOfWork, attendee: Attendee, slug: str, block: Block, now: datetime) -> Block:
    """Store a block, and put it on the agenda."""
    added = await work.blocks.add(attendee.id, slug, block)
    await work.attendances.put(attendee.id, slug, Attendance(added.id, chosen_at=now))
    if not attendee.has_blocks:
        await work.people.save(replace(attendee, has_blocks=True))
    return added


async def take_off(work: UnitOfWork, attendee: Attendee, slug: str, session: Session) -> bool:
    """Take a session off the agenda; a block is deleted. Returns False if the session was not on the agenda."""
    if session.is_block:
        await work.blocks.remove(attendee.id, slug, int(session.id.removeprefix(BLOCK_ID)))
    return await work.attendances.remove(attendee.id, slug, session.id)
