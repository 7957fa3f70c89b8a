"""Replanning: reads the data of a plan, plans, and makes the owed deliveries equal to the plan."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

from bot.app.ports import UnitOfWork
from bot.domain.attendee.attendee import Attendance, Attendee
from bot.domain.nudges.changes import after_change
from bot.domain.nudges.nudge import plan_nudges
from bot.domain.schedule.conference import Schedule
from bot.domain.schedule.session import Session

Before = Mapping[str, Session]
"""Sessions that an import changed, by id, as they were before."""
NOTHING: Before = MappingProxyType({})


async def replan(work: UnitOfWork, attendee: Attendee, schedule: Schedule, now: datetime) -> None:
    """Plan one attendee's nudges again, in the same transaction as the change that requires it."""
    chosen = await work.attendances.of_attendee(attendee.id, schedule.conference.slug)
    await work.deliveries.reconcile([(attendee, plan_nudges(attendee, chosen, schedule, now))], now)


async def replan_affected(
    work: UnitOfWork,
    schedule: Schedule,
    sessions: Collection[str] | None,
    now: datetime,
    community: int | None = None,
    before: Before = NOTHING,
) -> int:
    """Replan all attendees who chose one of `sessions`, chunk by chunk; returns how many there are.

    Args:
        sessions: ids; None means any session.
        community: only attendees of this community.
        before: the old versions of changed sessions, by id; attendees of these sessions get a message about the change.
    """
    planned, slug = 0, schedule.conference.slug
    async for chunk in work.attendances.everyone(slug, sessions, community):
        fresh = [(attendee, _changed(chosen, schedule, before, now)) for attendee, chosen in chunk]
        news = ((attendee.id, each) for attendee, chosen in fresh for each in chosen if each.session in before)
        states = {(who, each.session): each.last_notified for who, each in news if each.last_notified}
        await work.attendances.save_last_notified(slug, states)
        plans = [(attendee, plan_nudges(attendee, chosen, schedule, now)) for attendee, chosen in fresh]
        await work.deliveries.reconcile(plans, now)
        planned += len(plans)
    return planned


def _changed(chosen: Sequence[Attendance], schedule: Schedule, before: Before, now: datetime) -> Sequence[Attendance]:
    return [
        after_change(each, before[each.session], schedule.by_id[each.session], now) if each.session in before else each
        for each in chosen
    ]
