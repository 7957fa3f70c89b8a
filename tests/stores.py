"""The stores that the contract suite runs on, and databases on the PostgreSQL of the tests."""

import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from uuid import uuid4

import psycopg
from psycopg.rows import TupleRow

from bot.app.ports import Store
from bot.storage.engine import url_of
from bot.storage.unit_of_work import SqlStore
from migrations import run
from tests.fakes.memory_store import MemoryStore

KINDS = ("memory", "sqlite", "postgresql")
TEMPLATE = "hallway_template"
MIGRATING = 7_023
"""The number of the lock that a process holds which makes the template."""


@asynccontextmanager
async def new_database(server: str, template: str = "template1") -> AsyncIterator[str]:
    """The URL of a new database on `server`: a copy of `template`, by default empty."""
    name = f"hallway_{uuid4().hex}"
    _copy(server, template, name)
    try:
        yield _url(server, name)
    finally:
        _admin(server).execute(f"DROP DATABASE {name} WITH (FORCE)")


@asynccontextmanager
async def migrated_database(server: str) -> AsyncIterator[str]:
    """As `new_database`, with the newest schema: real upgrades are tests of `tests/migrations`."""
    await _make_template(server)
    async with new_database(server, TEMPLATE) as url:
        yield url


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
        async with migrated_database(server) as url, _opened(url) as store:
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
    assert address.database
    _admin(server).execute(f"DROP DATABASE {address.database}")
    _copy(server, TEMPLATE, address.database)


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
    """Migrate one database on `server`, once for all processes; each test gets a copy."""
    if server in _WITH_TEMPLATE:
        return
    admin = _admin(server)
    # Whoever waits here is another process: in this one nobody else is in the middle of it.
    admin.execute(f"SELECT pg_advisory_lock({MIGRATING})")
    try:
        if not admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [TEMPLATE]).fetchone():
            made = f"{TEMPLATE}_{uuid4().hex}"
            _copy(server, "template1", made)
            await run.upgrade(_url(server, made))
            admin.execute(f"ALTER DATABASE {made} RENAME TO {TEMPLATE}")
    finally:
        admin.execute(f"SELECT pg_advisory_unlock({MIGRATING})")
    _WITH_TEMPLATE.add(server)


_WITH_TEMPLATE: set[str] = set()
"""The servers on which this process has seen the template."""


def _copy(server: str, template: str, name: str) -> None:
    _admin(server).execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")


@cache
def _admin(server: str) -> psycopg.Connection[TupleRow]:
    """A connection that makes databases: to connect costs as much as to make one. It belongs to no event loop."""
    address = url_of(server).set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.connect(address, autocommit=True)


def _url(server: str, name: str) -> str:
    return url_of(server).set(database=name).render_as_string(hide_password=False)


@asynccontextmanager
async def _opened(url: str) -> AsyncIterator[SqlStore]:
    store = SqlStore.at(url)
    try:
        yield store
    finally:
        await store.close()
