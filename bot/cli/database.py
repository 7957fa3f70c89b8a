"""Databases for the operator's commands: one transaction on the configured one, or a temporary one."""

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bot.app.ports import UnitOfWork
from bot.domain.errors import HallwayError
from bot.storage.unit_of_work import SqlStore
from migrations import run as migrations


class SchemaError(HallwayError):
    """The schema of the database is not that of this version of Hallway."""


@asynccontextmanager
async def opened(database: str, *, writes: bool = False) -> AsyncIterator[UnitOfWork]:
    """Open the configured database for one transaction, without changing its schema.

    Raises:
        SchemaError: the schema is not the one of this version.
    """
    current, newest = await migrations.status(database)
    if current != newest:
        raise SchemaError(migrations.advice(current))
    store = SqlStore.at(database)
    try:
        async with store.write_transaction() if writes else store.read_transaction() as work:
            yield work
    finally:
        await store.close()


@asynccontextmanager
async def temporary_store() -> AsyncIterator[SqlStore]:
    """Yield an empty store on a SQLite file that is deleted afterwards."""
    with tempfile.TemporaryDirectory(prefix="hallway-", ignore_cleanup_errors=True) as folder:
        url = f"sqlite:///{Path(folder) / 'hallway.db'}"
        await migrations.upgrade(url)
        store = SqlStore.at(url)
        try:
            yield store
        finally:
            await store.close()
