"""The installations and the handshakes before them, in SQL: the database decides which process renews a token."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection
from typing_extensions import override

from bot.app.ports import Installation, Installations, OAuthStates
from bot.storage import tables
from bot.storage.bulk import insert_for

ROW, SHAKE = tables.installation.c, tables.handshake.c
WHOLE = (ROW.platform, ROW.tenant, ROW.sealed, ROW.org, ROW.ends_at, ROW.lease)
"""In the order of `Installation`."""


@dataclass(frozen=True, slots=True)
class SqlInstallations(Installations):
    """`ports.Installations` on one connection."""

    connection: AsyncConnection

    @override
    async def get(self, platform: str, tenant: str) -> Installation | None:
        row = (await self.connection.execute(select(*WHOLE).where(*_one(platform, tenant)))).first()
        return Installation(*row) if row else None

    @override
    async def all(self, platform: str) -> Sequence[Installation]:
        found = await self.connection.execute(select(*WHOLE).where(ROW.platform == platform, ROW.org == ""))
        return sorted((Installation(*row) for row in found), key=lambda each: each.tenant)

    @override
    async def save(self, installation: Installation) -> None:
        # A higher lease number: a process that claimed the old installation loses its claim.
        values = {**_values(installation), "leased_until": None}
        whose = {"platform": installation.platform, "tenant": installation.tenant}
        statement = insert_for(self.connection, tables.installation).values(**whose, **values, lease=installation.lease)
        change = {**values, "lease": ROW.lease + 1}
        keys = [ROW.platform, ROW.tenant]
        await self.connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=change))

    @override
    async def remove(self, platform: str, tenant: str) -> Sequence[str]:
        gone = (ROW.platform == platform, or_(ROW.tenant == tenant, ROW.org == tenant))
        return sorted(await self.connection.scalars(delete(tables.installation).where(*gone).returning(ROW.tenant)))

    @override
    async def claim(self, platform: str, tenant: str, now: datetime, until: datetime) -> Installation | None:
        # One statement, so that two processes never lease the same row.
        free = or_(ROW.leased_until.is_(None), ROW.leased_until <= now)
        lease = {"lease": ROW.lease + 1, "leased_until": until}
        statement = update(tables.installation).where(*_one(platform, tenant), free).values(lease).returning(*WHOLE)
        row = (await self.connection.execute(statement)).first()
        return Installation(*row) if row else None

    @override
    async def release(self, installation: Installation) -> bool:
        mine = (*_one(installation.platform, installation.tenant), ROW.lease == installation.lease)
        row = {**_values(installation), "lease": installation.lease + 1, "leased_until": None}
        return (await self.connection.execute(update(tables.installation).where(*mine).values(row))).rowcount > 0


@dataclass(frozen=True, slots=True)
class SqlOAuthStates(OAuthStates):
    """`ports.OAuthStates` on one connection."""

    connection: AsyncConnection

    @override
    async def issue(self, state: str, browser: str, now: datetime, until: datetime) -> None:
        await self.connection.execute(delete(tables.handshake).where(SHAKE.ends_at <= now))
        await self.connection.execute(tables.handshake.insert().values(word=state, browser=browser, ends_at=until))

    @override
    async def consume(self, state: str, browser: str, now: datetime) -> bool:
        # One statement, so that only one of two concurrent calls gets the row.
        statement = delete(tables.handshake).where(SHAKE.word == state).returning(SHAKE.browser, SHAKE.ends_at)
        row = (await self.connection.execute(statement)).first()
        return row is not None and row.browser == browser and row.ends_at > now


def _one(platform: str, tenant: str) -> tuple[ColumnElement[bool], ...]:
    return (ROW.platform == platform, ROW.tenant == tenant)


def _values(installation: Installation) -> dict[str, Any]:
    return {name: getattr(installation, name) for name in ("sealed", "org", "ends_at")}
