"""Adds the sender's permissions to requests that come without them."""

from dataclasses import replace

from bot.app.messages import Request
from bot.app.ports import Messenger, Permissions, SendError, Store


async def with_permissions(request: Request, store: Store, messenger: Messenger | None) -> Request:
    """Add the permissions that the platform gives the sender, if a direct message comes without them."""
    if request.tenant or request.organizer or messenger is None:
        return request
    async with store.read_transaction() as work:
        community = next(iter(await work.communities.of_user(request.platform, request.user)), None)
    try:
        permissions = await messenger.permissions_of(community, request.user) if community else Permissions()
    except SendError:
        return request
    return replace(request, organizer=permissions.organizer, notify=permissions.notify, roles=permissions.roles)
