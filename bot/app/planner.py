"""Gather, decide, apply: reads what a plan depends on, plans, and makes the outbox equal to the plan."""

from collections.abc import Collection
from datetime import datetime

from bot.app.ports import Work
from bot.domain.attendee import Attendee
from bot.domain.nudge import plan_nudges
from bot.domain.schedule import Schedule


async def replan(work: Work, attendee: Attendee, schedule: Schedule, now: datetime) -> None:
    """Plan one attendee anew, in the transaction of the change that made it necessary."""
    chosen = await work.attendances.of(attendee.id, schedule.conference.slug)
    await work.deliveries.reconcile([(attendee, plan_nudges(attendee, chosen, schedule, now))], now)


async def replan_affected(
    work: Work, schedule: Schedule, sessions: Collection[str] | None, now: datetime, community: int | None = None
) -> int:
    """Plan everyone anew who chose one of `sessions` (None: any), chunk by chunk; returns how many that were.

    With `community`, only those in it.
    """
    planned = 0
    async for chunk in work.attendances.everyone(schedule.conference.slug, sessions, community):
        plans = [(attendee, plan_nudges(attendee, chosen, schedule, now)) for attendee, chosen in chunk]
        await work.deliveries.reconcile(plans, now)
        planned += len(plans)
    return planned
