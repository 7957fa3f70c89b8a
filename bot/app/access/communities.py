"""The communities that host Hallway: what happens when it is invited, renamed with them, removed, and asked back."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.app.access.identity import ALONE
from bot.app.ports import Clock, Store, UnitOfWork
from bot.app.schedules.cache import ScheduleCache
from bot.app.schedules.replanning import replan_affected
from bot.domain.attendee.attendee import Community

KEPT = timedelta(days=30)
"""How long a community's data stays after Hallway was removed: who removed it by mistake loses nothing."""


@dataclass(frozen=True, slots=True)
class CommunityService:
    """Keeps track of the communities of all platforms; `on_replan` is told when nudges came back."""

    store: Store
    clock: Clock
    schedules: ScheduleCache
    on_replan: Callable[[], None]

    async def joined(self, platform: str, tenant: str, name: str = "") -> bool:
        """Hallway is in a community; True if it was not before. What was owed to people there is owed again."""
        async with self.store.write_transaction() as work:
            known = await work.communities.get(platform, tenant)
            community = known or await work.communities.add(platform, tenant)
            await self._returned(work, community, name)
        self.on_replan()
        return known is None or known.left_at is not None

    async def left(self, platform: str, tenant: str) -> None:
        """Hallway was removed from a community: nothing more is sent there, and in 30 days its data goes."""
        async with self.store.write_transaction() as work:
            community = await work.communities.get(platform, tenant)
            if community and community.left_at is None:
                await work.communities.save(replace(community, left_at=self.clock.now()))

    async def is_only_in(
        self, platform: str, names: Mapping[str, str], sees: Callable[[str], bool] = lambda _: True
    ) -> None:
        """Hallway is in exactly these communities of a platform (name by tenant), whatever happened meanwhile.

        Of those whose tenant it does not see nothing is said.
        """
        async with self.store.read_transaction() as work:
            known = {each.tenant for each in await work.communities.on_platform(platform) if sees(each.tenant)}
        for tenant in sorted(names.keys() - known):
            await self.joined(platform, tenant, names[tenant])
        for tenant in sorted(each for each in known - names.keys() if not each.startswith(ALONE)):
            await self.left(platform, tenant)

    async def forget_long_gone(self) -> int:
        """Remove what belongs to communities that were left 30 days ago; says how many those were.

        What was kept so that nothing is done twice goes too, once its time is over.
        """
        async with self.store.write_transaction() as work:
            await work.idempotency_keys.remove_expired(self.clock.now())
            return await work.communities.forget_left(self.clock.now() - KEPT)

    async def _returned(self, work: UnitOfWork, community: Community, name: str) -> None:
        back = replace(community, name=name or community.name, left_at=None)
        if back != community:
            await work.communities.save(back)
        cached = await self.schedules.for_community(work, community) if community.left_at else None
        if cached:
            await replan_affected(work, cached.schedule, None, self.clock.now(), back.id)
