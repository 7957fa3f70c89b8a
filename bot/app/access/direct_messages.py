"""The channel for direct messages to a person, opened when they first use Hallway and stored."""

from dataclasses import dataclass, replace

from bot.app.access.identity import find_tenant
from bot.app.ports import Store


@dataclass(frozen=True, slots=True)
class DmChannels:
    """Stores the channel with every attendee of the person: one for each of their communities."""

    store: Store

    async def lacks_channel(self, platform: str, tenant: str, user: str) -> bool:
        """Whether the person is an attendee without a channel; False for a person who never used Hallway."""
        async with self.store.read_transaction() as work:
            tenant = await find_tenant(work, platform, tenant, user)
            attendee = await work.people.find(platform, tenant, user)
        return attendee is not None and not attendee.reach.channel

    async def store_channel(self, platform: str, user: str, channel: str) -> None:
        """Store the channel for all communities of the person."""
        async with self.store.write_transaction() as work:
            for community in await work.communities.of_user(platform, user):
                attendee = await work.people.find(platform, community.tenant, user)
                if attendee and attendee.reach.channel != channel:
                    await work.people.save_reach({attendee.id: replace(attendee.reach, channel=channel)})
