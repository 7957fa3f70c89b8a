"""The database as an operator's commands use it: opened for one transaction, and never brought to another schema."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.app.ports import Work
from bot.domain.errors import HallwayFault
from bot.storage.store import SqlStore
from migrations import run as migrations


class SchemaFault(HallwayFault):
    """The database is not of this version."""


@asynccontextmanager
async def opened(database: str, *, writes: bool = False) -> AsyncIterator[Work]:
    """One transaction, closed behind it. Raises `SchemaFault`."""
    current, newest = await migrations.status(database)
    if current != newest:
        raise SchemaFault(f"The database has schema {current or 'none'}: run `hallway migrate`.")
    store = SqlStore.at(database)
    try:
        async with store.writing() if writes else store.reading() as work:
            yield work
    finally:
        await store.close()
