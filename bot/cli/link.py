"""The functions of `hallway link`: the operator links or unlinks two communities, and lists all links."""

from bot.app.announcements.links import Partner, link, partners, unlink
from bot.app.command_spec.links import address_of
from bot.app.ports import Clock, UnitOfWork
from bot.cli.database import opened
from bot.domain.attendee.attendee import Community
from bot.domain.errors import HallwayError
from bot.domain.phrases import phrase


class LinkError(HallwayError):
    """The operator's request about links cannot be carried out."""


async def listed(database: str) -> str:
    """List all links, with the reason for each inactive one."""
    async with opened(database) as work:
        links = await work.links.all()
        first = await work.communities.by_id([link.one for link in links])
        rows = [(first[link.one], await _partner(work, first[link.one], link.other)) for link in links]
    return "\n".join(_line(*row) for row in rows) or phrase("No communities are linked.")


async def change(database: str, clock: Clock, community: str, other: str, *, undo: bool) -> str:
    """Link two communities, or unlink them if `undo` is set.

    Raises:
        HallwayError: this is not possible; the message has the reason.
    """
    async with opened(database, writes=True) as work:
        first, second = await _community(work, community), await _community(work, other)
        await (unlink if undo else link)(work, first, second, clock.now())
    if undo:
        return phrase("{first} and {second} are not linked any more.", first=_named(first), second=_named(second))
    return phrase("{first} and {second} are linked.", first=_named(first), second=_named(second))


async def _community(work: UnitOfWork, address: str) -> Community:
    platform, tenant = address_of(address)
    community = await work.communities.get(platform, tenant)
    if community is None:
        raise LinkError("I don't know the community {address}. Use Hallway there once first.", address=address)
    return community


async def _partner(work: UnitOfWork, community: Community, other: int) -> Partner:
    (matching,) = [partner for partner in await partners(work, community) if partner.community.id == other]
    return matching


def _line(community: Community, partner: Partner) -> str:
    link = partner.link
    counts = phrase("inactive: {reason}", reason=partner.why_not) if partner.why_not else link.conference
    since = phrase("since {moment:%Y-%m-%d %H:%M} UTC", moment=link.since)
    return "  ".join((_named(community), _named(partner.community), since, counts))


def _named(community: Community) -> str:
    address = f"{community.platform}:{community.tenant}"
    return f"{address} ({community.name})" if community.name else address
