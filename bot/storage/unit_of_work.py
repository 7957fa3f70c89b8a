"""The store on SQLAlchemy: one transaction is one `UnitOfWork`."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Self

from sqlalchemy import URL
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.storage.engine import engines, translate_errors, url_of
from bot.storage.repositories.announcement_deliveries import SqlMailings
from bot.storage.repositories.announcements import SqlAnnouncements
from bot.storage.repositories.attendances import SqlAttendances
from bot.storage.repositories.audiences import SqlAudiences
from bot.storage.repositories.backlog import SqlBacklog
from bot.storage.repositories.communities import SqlCommunities
from bot.storage.repositories.conferences import SqlConferences
from bot.storage.repositories.dead_letters import SqlLedger
from bot.storage.repositories.deliveries import SqlDeliveries
from bot.storage.repositories.feeds import SqlFeeds, SqlHeldCopies
from bot.storage.repositories.installations import SqlHandshakes, SqlInstallations
from bot.storage.repositories.key_value import SqlMarks
from bot.storage.repositories.leases import SqlLeases
from bot.storage.repositories.links import SqlLinks
from bot.storage.repositories.people import SqlPeople
from bot.storage.repositories.permissions import SqlAudit, SqlOrganizers


@dataclass(frozen=True, slots=True)
class SqlWork:
    """One transaction on one connection."""

    conferences: SqlConferences
    communities: SqlCommunities
    people: SqlPeople
    attendances: SqlAttendances
    deliveries: SqlDeliveries
    backlog: SqlBacklog
    leases: SqlLeases
    feeds: SqlFeeds
    copies: SqlHeldCopies
    ledger: SqlLedger
    organizers: SqlOrganizers
    audit: SqlAudit
    links: SqlLinks
    marks: SqlMarks
    installations: SqlInstallations
    handshakes: SqlHandshakes
    announcements: SqlAnnouncements
    audiences: SqlAudiences
    mailings: SqlMailings

    @classmethod
    def on(cls, connection: AsyncConnection, *, writes: bool) -> Self:
        """The aggregates on `connection`."""
        return cls(
            SqlConferences(connection, writes),
            SqlCommunities(connection),
            SqlPeople(connection, writes),
            SqlAttendances(connection, writes),
            SqlDeliveries(connection),
            SqlBacklog(connection),
            SqlLeases(connection),
            SqlFeeds(connection),
            SqlHeldCopies(connection),
            SqlLedger(connection),
            SqlOrganizers(connection),
            SqlAudit(connection),
            SqlLinks(connection),
            SqlMarks(connection),
            SqlInstallations(connection),
            SqlHandshakes(connection),
            SqlAnnouncements(connection, writes),
            SqlAudiences(connection),
            SqlMailings(connection),
        )


@dataclass(frozen=True, slots=True)
class SqlStore:
    """A store on SQLite or PostgreSQL; its tables are there already (`migrations`)."""

    url: URL
    reader: AsyncEngine
    writer: AsyncEngine

    @classmethod
    def at(cls, url: str) -> Self:
        """The store at `url`; nothing is opened before it is used."""
        parsed = url_of(url)
        return cls(parsed, *engines(parsed))

    @asynccontextmanager
    async def read_transaction(self) -> AsyncIterator[SqlWork]:
        """A transaction that only reads."""
        async with translate_errors(self.url), self.reader.begin() as connection:
            yield SqlWork.on(connection, writes=False)

    @asynccontextmanager
    async def write_transaction(self) -> AsyncIterator[SqlWork]:
        """A transaction that writes; commits when its block ends well."""
        async with translate_errors(self.url), self.writer.begin() as connection:
            yield SqlWork.on(connection, writes=True)

    async def close(self) -> None:
        """Give back every connection."""
        await self.reader.dispose()
        await self.writer.dispose()
