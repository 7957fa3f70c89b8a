"""What an operator asks of the outbox, in SQL."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, case, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.app.ports import DROPPED, DeadLetter, DeliveryState, Waiting
from bot.storage import tables
from bot.storage.bulk import among

OUTBOX = tables.delivery.c
DEAD, OWED, EXPIRED = DeliveryState.DEAD.value, DeliveryState.OWED.value, DeliveryState.EXPIRED.value


@dataclass(frozen=True, slots=True)
class SqlLedger:
    """`ports.Ledger` on one connection."""

    connection: AsyncConnection

    async def tally(self) -> Mapping[DeliveryState, int]:
        """One scan."""
        counted = await self.connection.execute(select(OUTBOX.state, func.count()).group_by(OUTBOX.state))
        found = {row[0]: row[1] for row in counted}
        return {state: found.get(state.value, 0) for state in DeliveryState}

    async def waiting(self, platforms: Collection[str], now: datetime, until: datetime) -> Sequence[Waiting]:
        """The index of (platform, wake_at) up to `until`."""
        overdue = func.sum(case((OUTBOX.wake_at <= now, 1), else_=0))
        query = select(OUTBOX.platform, OUTBOX.kind, overdue, func.count()).group_by(OUTBOX.platform, OUTBOX.kind)
        query = query.where(OUTBOX.platform.in_(sorted(platforms)), OUTBOX.wake_at <= until)
        counted = await self.connection.execute(query.order_by(OUTBOX.platform, OUTBOX.kind))
        return [Waiting(platform, kind, int(late), count - int(late)) for platform, kind, late, count in counted]

    async def dead(self) -> Sequence[DeadLetter]:
        """By id."""
        columns = ("id", "kind", "platform", "attempt", "settled_at", "expires_at", "error")
        query = select(*(OUTBOX[name] for name in columns)).where(OUTBOX.state == DEAD).order_by(OUTBOX.id)
        return [DeadLetter(*row) for row in await self.connection.execute(query)]

    async def revive(self, ids: Collection[int], now: datetime) -> int:
        """Only what has not expired."""
        again = {"state": OWED, "attempt": 0, "wake_at": now, "settled_at": None, "error": ""}
        return await self._change(ids, again, OUTBOX.expires_at > now)

    async def drop(self, ids: Collection[int], now: datetime) -> int:
        """The row stays: its key keeps it from being owed again."""
        return await self._change(ids, {"state": EXPIRED, "settled_at": now, "error": DROPPED})

    async def _change(self, ids: Collection[int], values: Mapping[str, object], *which: ColumnElement[bool]) -> int:
        chosen = (OUTBOX.state == DEAD, among(self.connection, OUTBOX.id, ids), *which)
        changed = await self.connection.execute(update(tables.delivery).where(*chosen).values(values))
        return changed.rowcount
