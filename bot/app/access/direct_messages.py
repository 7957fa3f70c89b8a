"""How to write to somebody who used Hallway: the channel for direct messages, opened at the first use and kept."""

from dataclasses import dataclass, replace

from bot.app.access.identity import placed_tenant
from bot.app.ports import Store


@dataclass(frozen=True, slots=True)
class DmChannels:
    """Kept on every attendee that a person is."""

    store: Store

    async def lacks_channel(self, platform: str, tenant: str, user: str) -> bool:
        """Whether somebody uses Hallway here and has no channel yet; False for a stranger."""
        async with self.store.read_transaction() as work:
            known = await work.people.find(platform, await placed_tenant(work, platform, tenant, user), user)
        return known is not None and not known.reach.channel

    async def keep_channel(self, platform: str, user: str, channel: str) -> None:
        """Write to them in this channel, whichever of their communities it is about."""
        async with self.store.write_transaction() as work:
            for community in await work.communities.of_user(platform, user):
                known = await work.people.find(platform, community.tenant, user)
                if known and known.reach.channel != channel:
                    await work.people.save_reach({known.id: replace(known.reach, channel=channel)})
