"""Plans announcements again when the schedule changes, in the same transaction, or holds them with a question."""

from datetime import datetime, timedelta

from bot.app.ports import UnitOfWork
from bot.app.schedules.cache import resolve_conference
from bot.domain.announcements.announcement import LOOK_AGAIN, NOBODY, Announcement, Stage
from bot.domain.attendee.attendee import Attendee
from bot.domain.nudges.nudge import Nudge, NudgeKind
from bot.domain.schedule.conference import Schedule

KEEPS = timedelta(days=1)
"""Expiry of a question that could not be sent."""


async def replan_announcements(work: UnitOfWork, schedule: Schedule, now: datetime) -> None:
    """Plan the announcements tied to this schedule again; hold those whose time is over or does not exist."""
    waiting = [announcement for announcement in await work.announcements.waiting() if announcement.moment.follows]
    communities = await work.communities.by_id({announcement.community for announcement in waiting})
    for announcement in waiting:
        community = communities.get(announcement.community)
        if community and await resolve_conference(work, community.conference) == schedule.conference.slug:
            planned = announcement.replanned(schedule, now)
            if planned != announcement:
                await store_plan(work, planned, schedule, now)


async def store_plan(work: UnitOfWork, planned: Announcement, schedule: Schedule, now: datetime) -> None:
    """Store an announcement that was planned again; if it was held, add the question to its author.

    The announcement job then checks whether the author may still decide: a platform cannot be asked in a transaction.
    """
    if planned.stage is not Stage.HELD:
        due = planned.due_at(schedule, now) or now
        await work.announcements.save(planned, min(due, now + LOOK_AGAIN))
        return
    await work.announcements.save(planned, now)
    people = await work.people.by_id([planned.author] if planned.author != NOBODY else [])
    author = people.get(planned.author)
    if author and author.community.left_at is None:
        await work.deliveries.add([(author.community, question(planned, author, schedule, now))], now)


def question(held: Announcement, person: Attendee, schedule: Schedule, now: datetime) -> Nudge:
    """Return the question, due at once if the planned time is near, else after the quiet hours of its recipient."""
    quiet_until = person.quiet.end_after(now, schedule.conference.tz) if person.quiet else None
    due = quiet_until or now
    if held.planned_at and now <= held.planned_at < due:
        due = now
    return Nudge(NudgeKind.ANNOUNCEMENT_HELD, person.id, str(held.id), held.version, due, due + KEEPS)
