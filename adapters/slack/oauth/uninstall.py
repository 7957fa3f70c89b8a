"""Handles the removal of Hallway from a workspace: deliveries stop, and the token is deleted.

Bolt's `enable_token_revocation_listeners` is not used: it ignores the event's time, so a late event would
delete a newer installation, and it cannot tell a workspace from its whole organization.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import structlog

from adapters.slack.oauth.token import PLATFORM
from adapters.slack.payload import mapping_at
from bot.app.access.communities import CommunityService

EVENTS = ("app_uninstalled", "team_access_revoked", "tokens_revoked")
"""The events that report a removal; none of them needs a scope."""

log = structlog.get_logger("hallway.slack")


class Tokens(Protocol):
    """The tokens of workspaces and organizations."""

    async def remove(self, tenant: str, removed_at: float) -> Sequence[str]:
        """Remove the token of a tenant and return the tenants that have no token now."""
        ...

    async def is_token_valid(self, tenant: str) -> bool:
        """Return whether Slack accepts the token of a tenant."""
        ...


@dataclass(frozen=True, slots=True)
class UninstallHandler:
    """Handles bodies of the Events API and ignores those that are not about a removal."""

    tokens: Tokens
    hosting: CommunityService

    async def handle(self, body: Mapping[str, Any]) -> bool:
        """Return whether Hallway was removed; then its deliveries have stopped, and its data goes after 30 days."""
        event_time = body.get("event_time")
        removed_at = float(event_time) if isinstance(event_time, int | float) else float("inf")
        tenants = _removed_tenants(body)
        if tenants and _event_type(body) == "tokens_revoked" and await self.tokens.is_token_valid(tenants[0]):
            # An older token was revoked: tokens are also replaced, and an event may arrive late.
            return False
        for tenant in tenants:
            for removed in await self.tokens.remove(tenant, removed_at):
                await self.hosting.left(PLATFORM, removed)
                log.info("removed from a workspace", tenant=removed)
        return bool(tenants)


def _removed_tenants(body: Mapping[str, Any]) -> Sequence[str]:
    """Return the workspaces and organizations from which Hallway was removed."""
    event, kind = mapping_at(body, "event"), _event_type(body)
    if kind not in EVENTS:
        return ()
    if kind == "team_access_revoked":
        return _ids(event.get("team_ids"))
    if kind == "tokens_revoked" and not _ids(mapping_at(event, "tokens").get("bot")):
        # Only tokens of users were revoked, and Hallway has none.
        return ()
    team, enterprise = body.get("team_id"), body.get("enterprise_id")
    return _ids([enterprise if enterprise and (not team or _is_for_organization(body)) else team])


def _event_type(body: Mapping[str, Any]) -> object:
    return mapping_at(body, "event").get("type")


def _is_for_organization(body: Mapping[str, Any]) -> bool:
    """Return whether the event is about an installation in a whole organization."""
    authorizations = body.get("authorizations")
    first = authorizations[0] if isinstance(authorizations, list) and authorizations else {}
    return True in (
        body.get("is_enterprise_install"),
        isinstance(first, Mapping) and first.get("is_enterprise_install"),
    )


def _ids(value: object) -> Sequence[str]:
    return tuple(item for item in value if isinstance(item, str) and item) if isinstance(value, list) else ()
