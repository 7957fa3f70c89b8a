"""Whether somebody may still do what they asked for, asked of the store and of the platform when it happens."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.app.access.authorization import may_organize
from bot.app.ports import Messenger, Permissions, Store
from bot.domain.attendee.attendee import Community


@dataclass(frozen=True, slots=True)
class PermissionChecker:
    """Who was demoted, removed or whose time is over meanwhile is no organizer."""

    store: Store
    messengers: Mapping[str, Messenger]

    async def of(self, community: Community, user: str, now: datetime) -> Permissions | None:
        """Return what an organizer may do now, None for others; raises `SendError` if the platform fails."""
        messenger = self.messengers.get(community.platform)
        if messenger is None:
            # Of a linked community whose platform another process serves nothing can be told.
            return None
        standing = await messenger.standing(community, user)
        held = {"organizer": standing.organizer, "roles": standing.roles}
        async with self.store.read_transaction() as work:
            may = await may_organize(work, community, user, now, **held)  # type: ignore[arg-type]  # each its own
        return standing if may else None
