"""Links between communities: whether they are active now, and how two communities are linked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from secrets import choice

from bot.app.ports import UnitOfWork
from bot.app.schedules.cache import resolve_conference
from bot.app.text import community_text, s
from bot.domain.announcements.announcement import Announcement
from bot.domain.announcements.link import LENGTH, LETTERS, CommunityLink
from bot.domain.announcements.organizer import AuditEntry
from bot.domain.attendee.attendee import Attendee, Community
from bot.domain.errors import BadInputError

OFFER_LASTS = timedelta(hours=1)
MOST_TRIES, TRIES_WITHIN = 10, timedelta(hours=1)
"""How often a community may enter a code within an hour: a code of 60 bits is not to be guessed."""
OPERATOR = "the operator"
UNDONE = "the link was undone"


@dataclass(frozen=True, slots=True)
class Partner:
    """The community at the other end of a link; `why_not` is why the link is inactive now, "" if it is active."""

    community: Community
    link: CommunityLink
    why_not: str = ""


async def partners(work: UnitOfWork, community: Community) -> Sequence[Partner]:
    """Return all linked communities, oldest link first, with the reason for each inactive link."""
    links = await work.links.all(community.id)
    others = await work.communities.by_id([existing.partner_of(community.id) for existing in links])
    mine = await resolve_conference(work, community.conference)
    result = []
    for link in links:
        other = others[link.partner_of(community.id)]
        result.append(
            Partner(other, link, _why_not(link, other, mine, await resolve_conference(work, other.conference)))
        )
    return result


def _why_not(link: CommunityLink, other: Community, own_slug: str | None, other_slug: str | None) -> str:
    if other.left_at is not None:
        return "I was removed from it"
    if own_slug != link.conference:
        return "this community follows another conference than when they were linked"
    return "" if other_slug == link.conference else "it follows another conference now"


async def lost(work: UnitOfWork, home: Community, announcement: Announcement) -> Mapping[int, str]:
    """Return the linked communities that may not get an announcement now, each with the reason."""
    reasons = (
        {partner.community.id: partner.why_not for partner in await partners(work, home)} if announcement.linked else {}
    )
    why = {id_: reasons.get(id_, UNDONE) for id_ in announcement.linked}
    return {id_: reason for id_, reason in why.items() if reason}


async def origin_of(work: UnitOfWork, announcement: Announcement, here: Community) -> Community | None:
    """Return the community where `announcement` was made, if it is linked with `here`, else None.

    `here` is the community in which the announcement is shown.
    """
    links = await work.links.all(announcement.community)
    linked = any(existing.partner_of(announcement.community) == here.id for existing in links)
    return (await work.communities.by_id([announcement.community])).get(announcement.community) if linked else None


async def check_pair(work: UnitOfWork, first: Community, second: Community) -> str:
    """Return the conference that two communities share; raises `BadInputError` if they cannot be linked.

    A conference that only one of the two owns can be shared by linking: the other one may follow it then.
    """
    if first.id == second.id:
        raise BadInputError(s("That is the same community: a link needs two."))
    slugs = [await resolve_conference(work, community.conference) for community in (first, second)]
    own = await _own_conference(work, (first, second), slugs)
    for community, slug in zip((first, second), slugs, strict=True):
        name = community_text(community)
        if community.left_at is not None:
            raise BadInputError(s("I was removed from {community}. Invite me there again first.", community=name))
        if slug is None and own is None:
            raise BadInputError(s("{community} follows no conference yet. Choose one there first.", community=name))
    if slugs[0] != slugs[1] and own is None:
        raise BadInputError(
            s(
                "Only communities that follow the same conference can be linked: "
                "{one} follows {conference}, {other} follows {other_conference}.",
                one=community_text(first),
                conference=str(slugs[0]),
                other=community_text(second),
                other_conference=str(slugs[1]),
            )
        )
    if any(partner.community.id == second.id and not partner.why_not for partner in await partners(work, first)):
        raise BadInputError(
            s("{one} and {other} are linked already.", one=community_text(first), other=community_text(second))
        )
    return own or str(slugs[0])


async def _own_conference(
    work: UnitOfWork, communities: Sequence[Community], slugs: Sequence[str | None]
) -> str | None:
    """Return the conference that one of two communities follows and owns, and that is not published; None if none."""
    for community, slug in zip(communities, slugs, strict=True):
        record = await work.conferences.record(slug) if slug else None
        if record and not record.published and record.owner == community.id:
            return slug
    return None


async def link(
    work: UnitOfWork, first: Community, second: Community, now: datetime, doer: Attendee | None = None
) -> None:
    """Link two communities and note it in both audit logs; without a `doer` the operator did it.

    Raises:
        BadInputError: they follow no common conference or are linked already.
    """
    conference = await check_pair(work, first, second)
    await work.links.add(CommunityLink.between(first.id, second.id, conference, now))
    for community in (first, second):
        if await resolve_conference(work, community.conference) is None:
            await work.communities.save(replace(community, conference=conference))
    await _note(work, first, second, "linked with", now, doer)


async def unlink(
    work: UnitOfWork, first: Community, second: Community, now: datetime, doer: Attendee | None = None
) -> None:
    """Unlink two communities and note it in both audit logs; raises `BadInputError` if they are not linked."""
    if not await work.links.remove(CommunityLink.between(first.id, second.id, "", now)):
        raise BadInputError(
            s("{one} and {other} are not linked.", one=community_text(first), other=community_text(second))
        )
    await _note(work, first, second, "undid the link with", now, doer)


async def _note(
    work: UnitOfWork, first: Community, second: Community, what: str, now: datetime, doer: Attendee | None
) -> None:
    """Name the person only in their own community: `/forgetme` does not reach the other log."""
    for here, there in ((first, second), (second, first)):
        user, name = "", OPERATOR if doer is None else f"an organizer of {community_text(there)}"
        if doer is not None and doer.community.id == here.id:
            user, name = doer.user, doer.name
        await work.audit.add(here.id, AuditEntry(now, user, name, f"{what} {community_text(there)}"))


async def note_received(
    work: UnitOfWork, here: Community, origin: Community, announcement: Announcement, now: datetime
) -> None:
    """Note an announcement of a linked community in the audit log of a community that gets it."""
    summary = announcement.words.title or " ".join(announcement.words.text.split())[:60]
    author = f"an organizer of {community_text(origin)}"
    await work.audit.add(here.id, AuditEntry(now, "", author, f"announced here, by the link: {summary}"))


# Both communities have to agree: one makes a code, the other enters it.


async def offered(work: UnitOfWork, community: Community, now: datetime) -> str:
    """Make a new code, of which only a digest is stored; the earlier code is no longer valid."""
    code = "".join(choice(LETTERS) for _ in range(LENGTH))
    await work.links.add_offer(community.id, digest_of(code), now + OFFER_LASTS)
    return code


async def may_try(work: UnitOfWork, community: Community, now: datetime) -> bool:
    """Whether a community may enter one more code now; right codes count too."""
    for number in range(MOST_TRIES):
        if await work.idempotency_keys.claim({f"link:{community.id}:{number}": now + TRIES_WITHIN}, now):
            return True
    return False


async def offerer(work: UnitOfWork, code: str, now: datetime, *, take: bool) -> Community | None:
    """Return the community that made a code, None if the code is wrong, used or expired; `take` uses it up."""
    ask = work.links.accept_offer if take else work.links.find_offer
    offering = await ask(digest_of(code), now)
    return (await work.communities.by_id([offering])).get(offering) if offering is not None else None


def digest_of(code: str) -> str:
    """Return the digest that is stored in place of a code."""
    return sha256(code.encode()).hexdigest()
