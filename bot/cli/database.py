"""The database as an operator's commands use it: opened for one transaction, and never brought to another schema."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.app.ports import UnitOfWork
from bot.domain.errors import HallwayError
from bot.storage.unit_of_work import SqlStore
from migrations import run as migrations


class SchemaError(HallwayError):
    """The database is not of this version."""


@asynccontextmanager
async def opened(database: str, *, writes: bool = False) -> AsyncIterator[UnitOfWork]:
    """One transaction, closed behind it. Raises `SchemaError`."""
    current, newest = await migrations.status(database)
    if current != newest:
        raise SchemaError(f"The database has schema {current or 'none'}: run `hallway migrate`.")
    store = SqlStore.at(database)
    try:
        async with store.write_transaction() if writes else store.read_transaction() as work:
            yield work
    finally:
        await store.close()
