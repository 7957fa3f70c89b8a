"""Learns from attendees whether a conference has reserved seats."""

from dataclasses import replace
from datetime import datetime

from bot.app.ports import UnitOfWork
from bot.app.schedules.replanning import replan_affected
from bot.domain.schedule.conference import Schedule

ENOUGH = 3
"""Attendees with a reserved seat who show that the conference reserves seats: one alone may be wrong."""


async def learn_of_seats(work: UnitOfWork, schedule: Schedule, now: datetime) -> None:
    """Store that a conference reserves seats once enough attendees have one, and plan everybody's nudges again."""
    slug = schedule.conference.slug
    if schedule.has_seats or await work.attendances.count_seated(slug) < ENOUGH:
        return
    stored = await work.conferences.load(slug)
    if stored is None or stored.conference.seats:
        return
    conference = replace(stored.conference, seats=True, revision=stored.conference.revision + 1)
    updated = replace(stored, conference=conference)
    await work.conferences.save(updated, stored)
    await replan_affected(work, updated, None, now)
