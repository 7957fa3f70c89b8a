"""The operator's view of the outbox, in SQL."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, case, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection
from typing_extensions import override

from bot.app.ports import DISCARDED, DeadLetter, DeadLetterQueue, DeliveryState, Waiting
from bot.storage import tables
from bot.storage.bulk import among

OUTBOX = tables.delivery.c
DEAD, OWED, EXPIRED = DeliveryState.DEAD.value, DeliveryState.OWED.value, DeliveryState.EXPIRED.value


@dataclass(frozen=True, slots=True)
class SqlDeadLetterQueue(DeadLetterQueue):
    """`ports.DeadLetterQueue` on one connection."""

    connection: AsyncConnection

    @override
    async def count_by_state(self) -> Mapping[DeliveryState, int]:
        counted = await self.connection.execute(select(OUTBOX.state, func.count()).group_by(OUTBOX.state))
        counts = {row[0]: row[1] for row in counted}
        return {state: counts.get(state.value, 0) for state in DeliveryState}

    @override
    async def count_waiting(self, platforms: Collection[str], now: datetime, until: datetime) -> Sequence[Waiting]:
        overdue = func.sum(case((OUTBOX.wake_at <= now, 1), else_=0))
        query = select(OUTBOX.platform, OUTBOX.kind, overdue, func.count()).group_by(OUTBOX.platform, OUTBOX.kind)
        query = query.where(OUTBOX.platform.in_(sorted(platforms)), OUTBOX.wake_at <= until)
        counted = await self.connection.execute(query.order_by(OUTBOX.platform, OUTBOX.kind))
        return [Waiting(platform, kind, int(late), count - int(late)) for platform, kind, late, count in counted]

    @override
    async def all(self) -> Sequence[DeadLetter]:
        columns = ("id", "kind", "platform", "attempt", "settled_at", "expires_at", "error")
        query = select(*(OUTBOX[name] for name in columns)).where(OUTBOX.state == DEAD).order_by(OUTBOX.id)
        return [DeadLetter(*row) for row in await self.connection.execute(query)]

    @override
    async def requeue(self, ids: Collection[int], now: datetime) -> int:
        values = {"state": OWED, "attempt": 0, "wake_at": now, "settled_at": None, "error": ""}
        return await self._change(ids, values, OUTBOX.expires_at > now)

    @override
    async def discard(self, ids: Collection[int], now: datetime) -> int:
        # The row stays: its unique key prevents the nudge from being owed again.
        return await self._change(ids, {"state": EXPIRED, "settled_at": now, "error": DISCARDED})

    async def _change(self, ids: Collection[int], values: Mapping[str, object], *which: ColumnElement[bool]) -> int:
        chosen = (OUTBOX.state == DEAD, among(self.connection, OUTBOX.id, ids), *which)
        changed = await self.connection.execute(update(tables.delivery).where(*chosen).values(values))
        return changed.rowcount
