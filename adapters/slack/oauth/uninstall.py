"""What happens when Hallway is removed from a workspace: nothing more is sent, its token is forgotten."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import structlog

from adapters.slack.oauth.token import PLATFORM
from bot.app.access.communities import CommunityService

EVENTS = ("app_uninstalled", "team_access_revoked", "tokens_revoked")
"""What Slack tells us of a removal; none of them needs a scope."""

log = structlog.get_logger("hallway.slack")


class Tokens(Protocol):
    """Who keeps the tokens."""

    async def drop(self, tenant: str, at: float) -> Sequence[str]:
        """Forget a tenant's token; gives the tenants that are gone with it."""
        ...

    async def is_good(self, tenant: str) -> bool:
        """Whether Slack takes the token that we have for a tenant."""
        ...


@dataclass(frozen=True, slots=True)
class UninstallHandler:
    """Reads whole bodies of the Events API; what is not about a removal is passed over."""

    tokens: Tokens
    hosting: CommunityService

    async def heard(self, body: Mapping[str, Any]) -> bool:
        """Whether we were removed; then deliveries have stopped, and in 30 days the data goes."""
        at = body.get("event_time")
        moment = float(at) if isinstance(at, int | float) else float("inf")
        left = _left(body)
        if left and _kind(body) == "tokens_revoked" and await self.tokens.is_good(left[0]):
            # It was an older one: tokens are also replaced, and an event may come late.
            return False
        for tenant in left:
            for gone in await self.tokens.drop(tenant, moment):
                await self.hosting.left(PLATFORM, gone)
                log.info("removed from a workspace", tenant=gone)
        return bool(left)


def _left(body: Mapping[str, Any]) -> Sequence[str]:
    """The workspaces and organizations that we are no longer in."""
    event, kind = body.get("event"), _kind(body)
    if not isinstance(event, Mapping) or kind not in EVENTS:
        return ()
    if kind == "team_access_revoked":
        return _ids(event.get("team_ids"))
    tokens = event.get("tokens")
    if kind == "tokens_revoked" and not (isinstance(tokens, Mapping) and _ids(tokens.get("bot"))):
        # Those of people, which we do not have.
        return ()
    team, org = body.get("team_id"), body.get("enterprise_id")
    return _ids([org if org and (not team or _is_of_all(body)) else team])


def _kind(body: Mapping[str, Any]) -> object:
    event = body.get("event")
    return event.get("type") if isinstance(event, Mapping) else None


def _is_of_all(body: Mapping[str, Any]) -> bool:
    """Whether the event is about an installation in a whole organization."""
    given = body.get("authorizations")
    first = given[0] if isinstance(given, list) and given else {}
    return True in (
        body.get("is_enterprise_install"),
        isinstance(first, Mapping) and first.get("is_enterprise_install"),
    )


def _ids(found: object) -> Sequence[str]:
    return tuple(each for each in found if isinstance(each, str) and each) if isinstance(found, list) else ()
