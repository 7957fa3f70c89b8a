"""Counts walks when people tap: "On my way", "I'm here", "Not yet"."""

from collections.abc import Sequence
from datetime import datetime

from bot.app.ports import Promise, UnitOfWork
from bot.app.text import closed
from bot.domain.attendee.attendee import Attendance, Attendee
from bot.domain.schedule.conference import Schedule
from bot.domain.walks.taps import TakenWalk, departed_for, walk_so_far, walk_to
from bot.domain.walks.walk import WalkedLeg, WalkOutcome


async def count_departure(
    work: UnitOfWork,
    attendee: Attendee,
    chosen: Sequence[Attendance],
    schedule: Schedule,
    session: str,
    now: datetime,
) -> None:
    """Count a person who follows the advice for a session.

    Args:
        chosen: their attendances; that of the session has `left_at`.
        session: its id.
    """
    if departed := departed_for(attendee, chosen, schedule, session):
        leg, minutes = departed
        promise = Promise(leg, _hour(now), followed=1, minutes=round(minutes))
        await work.walks.count(schedule.conference.slug, promise)


async def count_arrival(
    work: UnitOfWork, attendee: Attendee, chosen: Sequence[Attendance], schedule: Schedule, venue: str, now: datetime
) -> None:
    """Count the walk that ends with "I'm here", if one does.

    Args:
        attendee: before the "I'm here".
        venue: the name of the reported venue.
    """
    if taken_walk := walk_to(attendee, chosen, schedule, venue, now):
        await _count(work, attendee, schedule, taken_walk)


async def count_not_yet(
    work: UnitOfWork, attendee: Attendee, chosen: Sequence[Attendance], schedule: Schedule, session: str, now: datetime
) -> bool:
    """Count a walk that takes longer than promised; return whether there is one."""
    taken_walk = walk_so_far(attendee, chosen, schedule, session, now)
    if taken_walk is None:
        return False
    await _count(work, attendee, schedule, taken_walk)
    return True


async def _count(work: UnitOfWork, attendee: Attendee, schedule: Schedule, taken_walk: TakenWalk) -> None:
    slug, batch = schedule.conference.slug, taken_walk.walk.batch
    before = await work.walks.record(slug, attendee.community.platform, attendee.user, taken_walk.walk)
    # A person who was late already when they said "not yet" counts as late only once.
    is_counted = before is not None and before.walks[-1][0] is WalkOutcome.NOT_YET
    if batch.outcome is WalkOutcome.BY_THEN or is_counted:
        return
    late = taken_walk.is_late or batch.outcome is WalkOutcome.NOT_YET
    await work.walks.count(slug, _outcome(batch.leg, taken_walk.left_at, late=late))


def _outcome(leg: WalkedLeg, left_at: datetime, *, late: bool) -> Promise:
    return Promise(leg, _hour(left_at), arrived=int(not late), late=int(late))


def _hour(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)


async def closed_promises(work: UnitOfWork, now: datetime) -> list[tuple[str, Promise]]:
    """Return the promises of all conferences that may be shown, each with the short name of its conference."""
    slugs = [record.conference.slug for record in await work.conferences.records()]
    return [(slug, promise) for slug in slugs for promise in closed(await work.walks.promises(slug), now)]
