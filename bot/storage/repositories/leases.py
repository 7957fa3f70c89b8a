"""Leases on lanes, in SQL: the database and its clock arbitrate."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, delete, literal, literal_column, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection
from typing_extensions import override

from bot.app.ports import Lease, Leases
from bot.storage import tables
from bot.storage.bulk import among, insert_for
from bot.storage.types import Instant

LEASE = tables.lane_lease.c
NOW = {
    "sqlite": "CAST((julianday('now') - 2440587.5) * 86400000000.0 AS INTEGER)",
    "postgresql": "CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS BIGINT)",
}
LONGEST = literal(3_600_000_000, BigInteger)
"""What seems to last longer than an hour was written by a clock that has been set back since."""


@dataclass(frozen=True, slots=True)
class SqlLeases(Leases):
    """`ports.Leases` on one connection."""

    connection: AsyncConnection

    @override
    async def hold(self, wanted: Mapping[str, str], owner: str, seconds: float) -> Collection[str]:
        # Sorted names: two processes lock the rows in the same order and cannot deadlock.
        if not wanted:
            return set()
        until = self._now() + literal(int(seconds * 1_000_000), BigInteger)
        rows = [{"name": name, "owner": owner, "until": until, "said": wanted[name]} for name in sorted(wanted)]
        statement = insert_for(self.connection, tables.lane_lease).values(rows)
        change = {name: statement.excluded[name] for name in ("owner", "until", "said")}
        free = or_(LEASE.owner == owner, self._is_over())
        statement = statement.on_conflict_do_update(index_elements=[LEASE.name], set_=change, where=free)
        return set(await self.connection.scalars(statement.returning(LEASE.name)))

    @override
    async def give_back(self, names: Collection[str], owner: str) -> None:
        conditions = (among(self.connection, LEASE.name, names), LEASE.owner == owner)
        await self.connection.execute(delete(tables.lane_lease).where(*conditions))

    @override
    async def all(self) -> Sequence[Lease]:
        query = select(LEASE.name, LEASE.owner, LEASE.said).where(~self._is_over()).order_by(LEASE.name)
        return [Lease(*row) for row in await self.connection.execute(query)]

    @override
    async def lapsed(self, owner: str) -> Collection[str]:
        return set(await self.connection.scalars(select(LEASE.name).where(self._is_over(), LEASE.owner != owner)))

    def _is_over(self) -> ColumnElement[bool]:
        now = self._now()
        return or_(LEASE.until <= now, LEASE.until > now + LONGEST)

    def _now(self) -> ColumnElement[Any]:
        return literal_column(NOW[self.connection.dialect.name], Instant())
