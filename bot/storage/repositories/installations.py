"""Installations and OAuth states, in SQL. A lease decides which process renews a token."""

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

INSTALLATION, STATE = tables.installation.c, tables.handshake.c
INSTALLATION_COLUMNS = (
    INSTALLATION.platform,
    INSTALLATION.tenant,
    INSTALLATION.sealed,
    INSTALLATION.org,
    INSTALLATION.ends_at,
    INSTALLATION.lease,
)
"""The columns of an installation, in the order of the fields of `Installation`."""


@dataclass(frozen=True, slots=True)
class SqlInstallations(Installations):
    """`ports.Installations` on one connection."""

    connection: AsyncConnection

    @override
    async def get(self, platform: str, tenant: str) -> Installation | None:
        row = (
            await self.connection.execute(select(*INSTALLATION_COLUMNS).where(*_is_tenant(platform, tenant)))
        ).first()
        return _installation_of(row) if row else None

    @override
    async def all(self, platform: str) -> Sequence[Installation]:
        rows = await self.connection.execute(
            select(*INSTALLATION_COLUMNS).where(INSTALLATION.platform == platform, INSTALLATION.org == "")
        )
        return sorted((_installation_of(row) for row in rows), key=lambda installation: installation.tenant)

    @override
    async def save(self, installation: Installation) -> None:
        # A higher lease number: a process that claimed the old installation loses its claim.
        values = {**_values(installation), "leased_until": None}
        tenant_key = {"platform": installation.platform, "tenant": installation.tenant}
        statement = insert_for(self.connection, tables.installation).values(
            **tenant_key, **values, lease=installation.lease
        )
        change = {**values, "lease": INSTALLATION.lease + 1}
        keys = [INSTALLATION.platform, INSTALLATION.tenant]
        await self.connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=change))

    @override
    async def remove(self, platform: str, tenant: str) -> Sequence[str]:
        conditions = (INSTALLATION.platform == platform, or_(INSTALLATION.tenant == tenant, INSTALLATION.org == tenant))
        return sorted(
            await self.connection.scalars(delete(tables.installation).where(*conditions).returning(INSTALLATION.tenant))
        )

    @override
    async def claim(self, platform: str, tenant: str, now: datetime, until: datetime) -> Installation | None:
        # One statement, so that two processes never lease the same row.
        free = or_(INSTALLATION.leased_until.is_(None), INSTALLATION.leased_until <= now)
        lease = {"lease": INSTALLATION.lease + 1, "leased_until": until}
        statement = (
            update(tables.installation)
            .where(*_is_tenant(platform, tenant), free)
            .values(lease)
            .returning(*INSTALLATION_COLUMNS)
        )
        row = (await self.connection.execute(statement)).first()
        return _installation_of(row) if row else None

    @override
    async def release(self, installation: Installation) -> bool:
        conditions = (*_is_tenant(installation.platform, installation.tenant), INSTALLATION.lease == installation.lease)
        row = {**_values(installation), "lease": installation.lease + 1, "leased_until": None}
        return (await self.connection.execute(update(tables.installation).where(*conditions).values(row))).rowcount > 0


@dataclass(frozen=True, slots=True)
class SqlOAuthStates(OAuthStates):
    """`ports.OAuthStates` on one connection."""

    connection: AsyncConnection

    @override
    async def issue(self, state: str, browser: str, now: datetime, until: datetime) -> None:
        await self.connection.execute(delete(tables.handshake).where(STATE.ends_at <= now))
        await self.connection.execute(tables.handshake.insert().values(word=state, browser=browser, ends_at=until))

    @override
    async def consume(self, state: str, browser: str, now: datetime) -> bool:
        # One statement, so that only one of two concurrent calls gets the row.
        statement = delete(tables.handshake).where(STATE.word == state).returning(STATE.browser, STATE.ends_at)
        row = (await self.connection.execute(statement)).first()
        return row is not None and row.browser == browser and row.ends_at > now


def _installation_of(row: Sequence[Any]) -> Installation:
    platform, tenant, sealed, org, ends_at, lease = row
    return Installation(platform=platform, tenant=tenant, sealed=sealed, org=org, ends_at=ends_at, lease=lease)


def _is_tenant(platform: str, tenant: str) -> tuple[ColumnElement[bool], ...]:
    return (INSTALLATION.platform == platform, INSTALLATION.tenant == tenant)


def _values(installation: Installation) -> dict[str, Any]:
    return {name: getattr(installation, name) for name in ("sealed", "org", "ends_at")}
