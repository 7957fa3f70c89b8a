"""Who asks, and for which community: a direct message is answered for the one that was used last.

What is pressed on a message counts for the community that the message came from.
"""

from collections.abc import Sequence
from dataclasses import replace

from bot.app.messages import Button, Reply, Request, Text, Typed
from bot.app.ports import UnitOfWork
from bot.app.text import s, t
from bot.domain.attendee.attendee import Attendee

ALONE = "@"
"""Before a user's id: the tenant of somebody who writes to Hallway and shares no community with it."""
MOST_SWITCHES = 2


async def placed(work: UnitOfWork, request: Request) -> Request:
    """The request with a tenant: its own, else where it comes from, the community used last, or one of its own."""
    tenant = await placed_tenant(work, request.platform, request.tenant, request.user, request.home)
    return request if tenant == request.tenant else replace(request, tenant=tenant)


async def placed_tenant(work: UnitOfWork, platform: str, tenant: str, user: str, home: str = "") -> str:
    """The tenant that somebody is answered for; at `home` only if they are known there."""
    if tenant:
        return tenant
    known = [each.tenant for each in await work.communities.of(platform, user)]
    return home if home in known else next(iter(known), f"{ALONE}{user}")


def is_settled(attendee: Attendee, request: Request) -> bool:
    """Whether everything that a request tells of its sender and community is known already."""
    community = attendee.community
    named = request.tenant_name in ("", community.name) and request.user_name in ("", attendee.name)
    return named and attendee.current and community.left_at is None


async def welcomed(work: UnitOfWork, request: Request) -> Attendee:
    """The asker, kept if new, with what the request tells of them and of their community."""
    attendee = await work.people.join(request.platform, request.tenant, request.user, request.user_name)
    if is_settled(attendee, request):
        return attendee
    community = replace(attendee.community, name=request.tenant_name or attendee.community.name, left_at=None)
    if community != attendee.community:
        await work.communities.save(community)
    if not attendee.current:
        await work.people.use(attendee)
    return replace(attendee, community=community, current=True)


async def switches(work: UnitOfWork, request: Request) -> tuple[Button, ...]:
    """In a direct message: the other communities to be answered for."""
    known = await work.communities.of(request.platform, request.user)
    others = known[1 : MOST_SWITCHES + 1]
    return tuple(
        Button(s("Switch to {community}", community=each.called), "community", {"name": each.tenant}) for each in others
    )


def unreached(attendee: Attendee) -> Reply | None:
    """A one-time notice after a refused direct message, with what to do about it."""
    reach = attendee.reach
    if not reach.refused or reach.told:
        return None
    lines: Sequence[Text] = (
        t("I couldn't send you a reminder by direct message: {reason}.", reason=reach.refused),
        t("Allow direct messages from this community, then type {on}.", on=Typed("/nudges on")),
    )
    buttons = [Button(s("Try again"), "nudges", {"switch": "on"})]
    if attendee.community.reminders and not attendee.threads:
        lines = (*lines, t("Or let me write to you in a private thread instead."))
        buttons.append(Button(s("Use a private thread"), "nudges", {"threads": "on"}))
    return Reply(tuple(lines), buttons=tuple(buttons))
