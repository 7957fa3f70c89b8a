"""The counts of unsent deliveries by community, in SQL, on the index of (platform, wake_at)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection
from typing_extensions import override

from bot.app.ports import Backlog, DeliveryFilter
from bot.domain.nudges.load_forecast import Load
from bot.storage import tables
from bot.storage.repositories.deliveries import CLAIMED, OUTBOX, OWED, within


@dataclass(frozen=True, slots=True)
class SqlBacklog(Backlog):
    """`ports.Backlog` on one connection."""

    connection: AsyncConnection

    @override
    async def soonest(self, scopes: Collection[DeliveryFilter], until: datetime) -> Mapping[DeliveryFilter, datetime]:
        query = select(OUTBOX.platform, OUTBOX.community, func.min(OUTBOX.wake_at))
        query = query.where(within(scopes), OUTBOX.wake_at <= until).group_by(OUTBOX.platform, OUTBOX.community)
        rows = await self.connection.execute(query)
        return {DeliveryFilter(platform, community): wake_at for platform, community, wake_at in rows}

    @override
    async def loads(self, scope: DeliveryFilter, until: datetime) -> Sequence[Load]:
        # Sessions begin at few different times, so there are few groups.
        moments = (OUTBOX.wake_at, OUTBOX.due_at, OUTBOX.early, OUTBOX.patience)
        owed = (within([scope]), OUTBOX.state == OWED, OUTBOX.wake_at <= until)
        query = select(*moments, func.count()).where(*owed).group_by(*moments)
        rows = await self.connection.execute(query)
        return [_load(*row) for row in rows]

    @override
    async def release(self, scope: DeliveryFilter, at: datetime) -> int:
        # The process that claimed a row may still settle it until another one claims it.
        claimed = (within([scope]), OUTBOX.state == CLAIMED, OUTBOX.wake_at > at)
        freed = await self.connection.execute(update(tables.delivery).where(*claimed).values(wake_at=at))
        return freed.rowcount


def _load(wake_at: datetime, due_at: datetime, early: int, patience: int, count: int) -> Load:
    ready_at = wake_at if wake_at != due_at else due_at - timedelta(seconds=early)
    return Load(ready_at, due_at + timedelta(seconds=patience), count)
