"""Who organizes a community: whom its platform says so of, and whom it made one itself."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.app.messages import Request
from bot.app.ports import Entry, Grant, Messenger, SendFault, Standing, Store
from bot.app.reception import placed
from bot.domain.attendee import Community

LONGEST_TOLD = 200
"""Characters of a request that the log keeps."""


def is_granted(grants: Iterable[Grant], user: str, roles: Collection[str]) -> bool:
    """Whether somebody with these roles has a grant."""
    names = {user, *(f"&{role}" for role in roles)}
    return any(grant.user in names for grant in grants)


@dataclass(frozen=True, slots=True)
class Rights:
    """Asks the store, and the platform where a request does not say what it lets its sender do."""

    store: Store
    messengers: Mapping[str, Messenger] = field(default_factory=dict)

    async def admitted(self, request: Request, now: datetime) -> bool:
        """Whether whoever asks may organize; a line in the log says so before anything is done."""
        async with self.store.reading() as work:
            request, direct = await placed(work, request), not request.tenant
            community = await work.communities.get(request.platform, request.tenant)
            grants = await work.organizers.of(community.id, now) if community else ()
        may = request.organizer or is_granted(grants, request.user, request.roles)
        if community and direct and not may:
            standing = await self._asked(community, request.user)
            may = standing.organizer or is_granted(grants, request.user, standing.roles)
        if community or may:
            await self._note(request, now, allowed=may)
        return may

    async def organizes(self, community: Community, user: str, now: datetime) -> Standing | None:
        """What an organizer may do now, None for whoever is none; raises a `SendFault` if the platform cannot say."""
        async with self.store.reading() as work:
            grants = await work.organizers.of(community.id, now)
        standing = await self.messengers[community.platform].standing(community, user)
        return standing if standing.organizer or is_granted(grants, user, standing.roles) else None

    async def _asked(self, community: Community, user: str) -> Standing:
        """In a direct message nothing says what somebody may do in a community."""
        messenger = self.messengers.get(community.platform)
        if messenger is None:
            return Standing()
        try:
            return await messenger.standing(community, user)
        except SendFault:
            return Standing()

    async def _note(self, request: Request, now: datetime, *, allowed: bool) -> None:
        arguments = " ".join(f"{name}={value}" for name, value in request.arguments.items())
        told = " ".join((request.line or arguments).split())[:LONGEST_TOLD]
        async with self.store.writing() as work:
            community = await work.communities.add(request.platform, request.tenant)
            name = request.user_name or request.user
            await work.organizers.note(community.id, Entry(now, request.user, name, request.command, told, allowed))
