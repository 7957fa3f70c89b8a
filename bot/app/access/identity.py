"""Find the attendee who makes a request, and the community that the request is answered for.

A direct message is answered for the community in which its sender used Hallway last. A button in a direct message is
answered for the community that the message with the button was about.
"""

from collections.abc import Sequence
from dataclasses import replace

from bot.app.messages import Button, Reply, Request, Text, Typed
from bot.app.ports import UnitOfWork
from bot.app.text import s, t
from bot.domain.attendee.attendee import Attendee

ALONE = "@"
"""Begins the tenant of a person who shares no community with Hallway; the person's id follows."""
MAX_TENANT_BUTTONS = 2
MAX_LOCALE = 20
"""Characters of a locale that are stored."""


async def resolve_tenant(work: UnitOfWork, request: Request) -> Request:
    """Return the request with the tenant that it is answered for."""
    tenant = await find_tenant(work, request.platform, request.tenant, request.user, request.home)
    return request if tenant == request.tenant else replace(request, tenant=tenant)


async def find_tenant(work: UnitOfWork, platform: str, tenant: str, user: str, home: str = "") -> str:
    """Return the tenant that a person's request is answered for.

    This is, in order: the `tenant` itself, the `home` of the pressed button if the person is an attendee there, the
    tenant that the person used last, or a tenant of their own.
    """
    if tenant:
        return tenant
    tenants = [community.tenant for community in await work.communities.of_user(platform, user)]
    return home if home in tenants else next(iter(tenants), f"{ALONE}{user}")


async def find_attendee(work: UnitOfWork, request: Request) -> Attendee | None:
    """Return the attendee who makes a request with a tenant; None if this person is new in the community."""
    return await work.people.find(request.platform, request.tenant, request.user)


def is_up_to_date(attendee: Attendee, request: Request) -> bool:
    """Whether the store already has what the request says about its sender and their community."""
    community = attendee.community
    same_names = request.tenant_name in ("", community.name) and request.user_name in ("", attendee.name)
    same_locale = request.locale[:MAX_LOCALE] in ("", attendee.locale)
    return same_names and same_locale and attendee.current and community.left_at is None


async def get_or_create_attendee(work: UnitOfWork, request: Request) -> Attendee:
    """Return the attendee who makes a request with a tenant, created if new, updated from the request."""
    attendee = await work.people.join(request.platform, request.tenant, request.user, request.user_name)
    if is_up_to_date(attendee, request):
        return attendee
    community = replace(attendee.community, name=request.tenant_name or attendee.community.name, left_at=None)
    if community != attendee.community:
        await work.communities.save(community)
    if not attendee.current:
        await work.people.set_current(attendee)
    if request.locale[:MAX_LOCALE] not in ("", attendee.locale):
        attendee = replace(attendee, locale=request.locale[:MAX_LOCALE])
        await work.people.save(attendee)
    return replace(attendee, community=community, current=True)


async def tenant_buttons(work: UnitOfWork, request: Request) -> tuple[Button, ...]:
    """Buttons for a direct message: each switches to another community of the person."""
    communities = await work.communities.of_user(request.platform, request.user)
    others = communities[1 : MAX_TENANT_BUTTONS + 1]
    return tuple(
        Button(s("Switch to {community}", community=other.called), "community", {"name": other.tenant})
        for other in others
    )


def delivery_warning(attendee: Attendee) -> Reply | None:
    """A warning that a direct message was refused, with buttons that help; None if there is no new refusal."""
    reach = attendee.reach
    if not reach.refused or reach.informed:
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
