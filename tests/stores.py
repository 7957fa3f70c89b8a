"""The stores that the contract suite runs on, and databases on the PostgreSQL of the tests."""

import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from uuid import uuid4

import asyncpg

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
    async with _connected(server) as admin:
        await admin.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    try:
        yield _url(server, name)
    finally:
        async with _connected(server) as admin:
            await admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


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
    async with _connected(server) as admin:
        await admin.execute(f"DROP DATABASE {address.database}")
        await admin.execute(f"CREATE DATABASE {address.database} TEMPLATE {TEMPLATE}")


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
    async with _connected(server) as admin:
        await admin.execute(f"SELECT pg_advisory_lock({MIGRATING})")
        if not await admin.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", TEMPLATE):
            made = f"{TEMPLATE}_{uuid4().hex}"
            await admin.execute(f"CREATE DATABASE {made}")
            await run.upgrade(_url(server, made))
            await admin.execute(f"ALTER DATABASE {made} RENAME TO {TEMPLATE}")
    _WITH_TEMPLATE.add(server)


_WITH_TEMPLATE: set[str] = set()
"""The servers on which this process has seen the template."""


@asynccontextmanager
async def _connected(server: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(
        url_of(server).set(drivername="postgresql").render_as_string(hide_password=False)
    )
    try:
        yield connection
    finally:
        await connection.close()


def _url(server: str, name: str) -> str:
    return url_of(server).set(database=name).render_as_string(hide_password=False)


@asynccontextmanager
async def _opened(url: str) -> AsyncIterator[SqlStore]:
    store = SqlStore.at(url)
    try:
        yield store
    finally:
        await store.close()
