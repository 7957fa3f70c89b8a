"""The conference that a community follows: stored at its first use, changed only here."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.app.ports import ConferenceRecord, UnitOfWork
from bot.app.schedules.announcement_plans import replan_announcements
from bot.app.schedules.cache import resolve_conference
from bot.app.schedules.replanning import replan_affected
from bot.domain.attendee.attendee import Attendee, Community
from bot.domain.schedule.conference import Conference, Schedule


async def store_default_conference(work: UnitOfWork, community: Community) -> Community:
    """Store the conference that a community follows by default, at its first use; return the community as stored."""
    slug = None if community.conference else await resolve_conference(work, None)
    if slug is None:
        return community
    followed = replace(community, conference=slug)
    await work.communities.save(followed)
    return followed


async def keeps_nothing(work: UnitOfWork, attendee: Attendee) -> bool:
    """Whether the community follows a conference only by default, so that its first use has to store it."""
    return attendee.community.conference is None and await resolve_conference(work, None) is not None


async def keep_followers(work: UnitOfWork) -> None:
    """Store the only published conference with the communities that use it, before another one is published."""
    published = await work.conferences.published()
    if len(published) == 1:
        await work.communities.pin(published[0].slug)


async def publish(work: UnitOfWork, record: ConferenceRecord) -> None:
    """Let every community follow the conference; those that follow another one keep theirs."""
    if not record.published or record.archived:
        await keep_followers(work)
        await work.conferences.save_record(replace(record, published=True, archived=False))


async def available_to(work: UnitOfWork, community: Community) -> Sequence[Conference]:
    """Return the conferences that a community may follow: published, its own, and those of linked communities."""
    links = await work.links.all(community.id)
    return await work.conferences.available([community.id, *(link.partner_of(community.id) for link in links)])


async def count_people(work: UnitOfWork, slug: str, community: Community) -> int:
    """Count the attendees of a community who have sessions of a conference on their agenda."""
    people = 0
    async for chunk in work.attendances.everyone(slug, None, community.id):
        people += len(chunk)
    return people


async def follow(work: UnitOfWork, community: Community, schedule: Schedule, now: datetime) -> None:
    """Let a community follow another conference: withdraw the nudges of the old one, and plan those of the new one."""
    await work.communities.save(replace(community, conference=schedule.conference.slug))
    if community.conference:
        async for chunk in work.attendances.everyone(community.conference, None, community.id):
            await work.deliveries.reconcile([(attendee, []) for attendee, _ in chunk], now)
    await replan_affected(work, schedule, None, now, community.id)
    await replan_announcements(work, schedule, now)
