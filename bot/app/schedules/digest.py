"""The digest of schedule changes: one message for each digest channel, once the schedule stops changing."""

from datetime import datetime, timedelta

from bot.app.ports import UnitOfWork
from bot.app.schedules.cache import resolve_conference
from bot.domain.attendee.attendee import Community
from bot.domain.nudges.changes import LONGEST_SETTLING, SETTLING
from bot.domain.nudges.digest import Facts, digest_facts, merge_facts
from bot.domain.nudges.nudge import ChannelTarget, Nudge, NudgeKind
from bot.domain.schedule.diff import Difference

KEEPS = timedelta(days=1)
"""Expiry of a digest that could not be posted."""


async def owe_digests(work: UnitOfWork, slug: str, changes: Difference, now: datetime) -> None:
    """Add the changes to the digests of all digest channels, in the transaction of the import.

    A pending digest is merged with them, so that repeated imports give one message.
    """
    facts = digest_facts(changes, now)
    if not facts:
        return
    for community in await work.communities.with_digest():
        if community.digest is not None and await resolve_conference(work, community.conference) == slug:
            await _owe(work, community, ChannelTarget(community.id, community.digest), slug, facts, now)


async def _owe(
    work: UnitOfWork, community: Community, place: ChannelTarget, slug: str, facts: Facts, now: datetime
) -> None:
    waiting = [
        digest for digest in await work.deliveries.take_back(NudgeKind.SCHEDULE_DIGEST, place) if digest.subject == slug
    ]
    first = min((digest.revision for digest in waiting), default=int(now.timestamp()))
    latest = datetime.fromtimestamp(first, now.tzinfo) + LONGEST_SETTLING
    nudge = Nudge(
        NudgeKind.SCHEDULE_DIGEST,
        0,
        slug,
        first,
        min(now + SETTLING, max(latest, now)),
        now + KEEPS,
        merge_facts([digest.facts for digest in waiting], facts),
        place=place,
    )
    await work.deliveries.add([(community, nudge)], now)
