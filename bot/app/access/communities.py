"""The communities in which Hallway is installed: installation, renaming, removal and return."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.app.access.identity import ALONE
from bot.app.ports import Clock, Store, UnitOfWork
from bot.app.schedules.cache import ScheduleCache
from bot.app.schedules.replanning import replan_affected
from bot.domain.attendee.attendee import Community

RETENTION = timedelta(days=30)
"""A community's data is deleted this long after Hallway was removed, so a removal by mistake loses nothing."""


@dataclass(frozen=True, slots=True)
class CommunityService:
    """Stores in which communities Hallway is installed. `on_replan` is called when deliveries may be due again."""

    store: Store
    clock: Clock
    schedules: ScheduleCache
    on_replan: Callable[[], None]

    async def joined(self, platform: str, tenant: str, name: str = "") -> bool:
        """Record that Hallway is in a community, and plan the nudges of its attendees again.

        Returns:
            True if Hallway was not in the community before.
        """
        async with self.store.write_transaction() as work:
            stored = await work.communities.get(platform, tenant)
            community = stored or await work.communities.add(platform, tenant)
            await self._restore(work, community, name)
        self.on_replan()
        return stored is None or stored.left_at is not None

    async def left(self, platform: str, tenant: str) -> None:
        """Record that Hallway was removed: nothing is sent there, and the data is deleted after `RETENTION`."""
        async with self.store.write_transaction() as work:
            community = await work.communities.get(platform, tenant)
            if community and community.left_at is None:
                await work.communities.save(replace(community, left_at=self.clock.now()))

    async def is_only_in(
        self, platform: str, names: Mapping[str, str], sees: Callable[[str], bool] = lambda _: True
    ) -> None:
        """Correct the stored communities of a platform after a time in which events may have been lost.

        A community in `names` that is not stored is recorded as joined; a stored one that `names` lacks, as left.

        Args:
            platform: the platform.
            names: the name of every community in which Hallway is now, by tenant.
            sees: whether `names` would include a tenant. Communities for which it is False do not change.
        """
        async with self.store.read_transaction() as work:
            stored = {
                community.tenant for community in await work.communities.on_platform(platform) if sees(community.tenant)
            }
        for tenant in sorted(names.keys() - stored):
            await self.joined(platform, tenant, names[tenant])
        for tenant in sorted(tenant for tenant in stored - names.keys() if not tenant.startswith(ALONE)):
            await self.left(platform, tenant)

    async def forget_long_gone(self) -> int:
        """Delete the data of communities that Hallway left `RETENTION` ago, and expired idempotency keys.

        Returns:
            The number of deleted communities.
        """
        async with self.store.write_transaction() as work:
            await work.idempotency_keys.remove_expired(self.clock.now())
            return await work.communities.forget_left(self.clock.now() - RETENTION)

    async def _restore(self, work: UnitOfWork, community: Community, name: str) -> None:
        restored = replace(community, name=name or community.name, left_at=None)
        if restored != community:
            await work.communities.save(restored)
        cached = await self.schedules.for_community(work, community) if community.left_at else None
        if cached:
            await replan_affected(work, cached.schedule, None, self.clock.now(), restored.id)
