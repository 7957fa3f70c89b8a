"""The store on SQLAlchemy: one transaction is one `UnitOfWork`."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Self

from sqlalchemy import URL
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.app.ports import Commits
from bot.storage.engine import PEOPLE, engines, url_of
from bot.storage.faults import translate_errors
from bot.storage.repositories.addresses import SqlAddresses
from bot.storage.repositories.announcement_deliveries import SqlAnnouncementDeliveries
from bot.storage.repositories.announcements import SqlAnnouncements
from bot.storage.repositories.attendances import SqlAttendances
from bot.storage.repositories.audiences import SqlAudiences
from bot.storage.repositories.blocks import SqlBlocks
from bot.storage.repositories.communities import SqlCommunities
from bot.storage.repositories.conferences import SqlConferences
from bot.storage.repositories.dead_letters import SqlDeadLetterQueue
from bot.storage.repositories.deliveries import SqlDeliveries
from bot.storage.repositories.delivery_backlog import SqlBacklog
from bot.storage.repositories.edits import SqlSessionEdits, SqlUploadedCopies
from bot.storage.repositories.feedback import SqlFeedback
from bot.storage.repositories.feeds import SqlFeeds, SqlHeldCopies
from bot.storage.repositories.installations import SqlInstallations, SqlOAuthStates
from bot.storage.repositories.key_value import SqlIdempotencyKeys, SqlKeyValueStore
from bot.storage.repositories.leases import SqlLeases
from bot.storage.repositories.links import SqlLinks
from bot.storage.repositories.numbers import SqlNumbers
from bot.storage.repositories.people import SqlPeople
from bot.storage.repositories.permissions import SqlAudit, SqlOrganizers
from bot.storage.repositories.walks import SqlWalks
from bot.storage.writer_queue import BACKGROUND, INTERACTIVE, Patience, WriterQueue


@dataclass(frozen=True, slots=True, kw_only=True)
class SqlUnitOfWork:
    """One transaction on one connection."""

    conferences: SqlConferences
    communities: SqlCommunities
    people: SqlPeople
    attendances: SqlAttendances
    addresses: SqlAddresses
    blocks: SqlBlocks
    feedback: SqlFeedback
    deliveries: SqlDeliveries
    backlog: SqlBacklog
    leases: SqlLeases
    feeds: SqlFeeds
    held_copies: SqlHeldCopies
    session_edits: SqlSessionEdits
    uploaded_copies: SqlUploadedCopies
    dead_letters: SqlDeadLetterQueue
    organizers: SqlOrganizers
    audit: SqlAudit
    links: SqlLinks
    key_values: SqlKeyValueStore
    idempotency_keys: SqlIdempotencyKeys
    installations: SqlInstallations
    oauth_states: SqlOAuthStates
    announcements: SqlAnnouncements
    audiences: SqlAudiences
    announcement_deliveries: SqlAnnouncementDeliveries
    numbers: SqlNumbers
    walks: SqlWalks

    @classmethod
    def on(cls, connection: AsyncConnection, *, writes: bool) -> Self:
        """Build the repositories on `connection`.

        Args:
            connection: in a transaction, which the caller commits or rolls back.
            writes: lock the rows that a later write of the transaction depends on.
        """
        return cls(
            conferences=SqlConferences(connection, writes),
            communities=SqlCommunities(connection),
            people=SqlPeople(connection, writes),
            attendances=SqlAttendances(connection, writes),
            addresses=SqlAddresses(connection, writes),
            blocks=SqlBlocks(connection),
            feedback=SqlFeedback(connection),
            deliveries=SqlDeliveries(connection),
            backlog=SqlBacklog(connection),
            leases=SqlLeases(connection),
            feeds=SqlFeeds(connection),
            held_copies=SqlHeldCopies(connection),
            session_edits=SqlSessionEdits(connection),
            uploaded_copies=SqlUploadedCopies(connection),
            dead_letters=SqlDeadLetterQueue(connection),
            organizers=SqlOrganizers(connection),
            audit=SqlAudit(connection),
            links=SqlLinks(connection),
            key_values=SqlKeyValueStore(connection),
            idempotency_keys=SqlIdempotencyKeys(connection),
            installations=SqlInstallations(connection),
            oauth_states=SqlOAuthStates(connection),
            announcements=SqlAnnouncements(connection, writes),
            audiences=SqlAudiences(connection),
            announcement_deliveries=SqlAnnouncementDeliveries(connection),
            numbers=SqlNumbers(connection),
            walks=SqlWalks(connection),
        )


@dataclass(frozen=True, slots=True)
class SqlStore:
    """The store on SQLite or PostgreSQL. Its tables must exist already: `migrations` creates them.

    Attributes:
        url: the database, with the driver that Hallway uses.
        reader: makes the connections of read transactions.
        writer: makes the connections of write transactions.
        patience: the longest wait of a write transaction on SQLite before it begins.
        commits: counts the write transactions of this store and of those that `interactive` made from it.
    """

    url: URL
    reader: AsyncEngine
    writer: AsyncEngine
    patience: Patience = BACKGROUND
    _queue: WriterQueue = field(default_factory=WriterQueue, repr=False)
    commits: Commits = field(default_factory=Commits, repr=False)

    @classmethod
    def at(cls, url: str) -> Self:
        """Return the store at `url`. The first transaction connects.

        Raises:
            StoreError: `url` is not a database URL that Hallway supports.
        """
        parsed = url_of(url)
        return cls(parsed, *engines(parsed))

    def interactive(self, pool: str = PEOPLE) -> Self:
        """Return a store on the same database for people who wait for an answer: it gives up within seconds.

        On PostgreSQL it has the connections of `pool`; on SQLite all share the queue of write transactions.
        """
        if self.url.get_backend_name() == "sqlite":
            return replace(self, patience=INTERACTIVE)
        reader, writer = engines(self.url, pool)
        return replace(self, reader=reader, writer=writer, patience=INTERACTIVE)

    @asynccontextmanager
    async def read_transaction(self) -> AsyncIterator[SqlUnitOfWork]:
        """Begin a read-only transaction. On PostgreSQL its isolation level is REPEATABLE READ."""
        async with translate_errors(self.url), self.reader.begin() as connection:
            yield SqlUnitOfWork.on(connection, writes=False)

    @asynccontextmanager
    async def write_transaction(self) -> AsyncIterator[SqlUnitOfWork]:
        """Begin a write transaction. SQLite runs one at a time (BEGIN IMMEDIATE)."""
        sqlite = self.url.get_backend_name() == "sqlite"
        transaction = self._queue.transaction(self.writer, self.patience) if sqlite else self.writer.begin()
        try:
            async with translate_errors(self.url), transaction as connection:
                yield SqlUnitOfWork.on(connection, writes=True)
        finally:
            # One that failed counts, for it may have committed.
            self.commits.count += 1

    async def close(self) -> None:
        """Close every connection."""
        await self.reader.dispose()
        await self.writer.dispose()
