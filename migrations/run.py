"""Brings a database up or down, on SQLite and PostgreSQL alike."""

from collections.abc import Callable
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, text

from bot.domain.errors import StoreError
from bot.storage.engine import migrating_engine, translate_errors, url_of

LOCK = 0x48616C6C776179
"""Two processes that start together take turns (`Hallway` in ASCII)."""


async def upgrade(url: str) -> None:
    """Bring the database at `url` to the newest schema."""
    await _run(url, "head", command.upgrade)


async def downgrade(url: str, to: str = "base") -> None:
    """Take the database at `url` back to revision `to`."""
    await _run(url, to, command.downgrade)


async def status(url: str) -> tuple[str | None, str | None]:
    """The revision of the database and the newest one there is; equal if nothing is to be done."""
    parsed = url_of(url)
    engine = migrating_engine(parsed)
    try:
        async with translate_errors(parsed), engine.connect() as connection:
            current = await connection.run_sync(lambda c: MigrationContext.configure(c).get_current_revision())
    finally:
        await engine.dispose()
    return current, ScriptDirectory.from_config(_config()).get_current_head()


async def _run(url: str, to: str, change: Callable[[Config, str], None]) -> None:
    parsed = url_of(url)
    engine = migrating_engine(parsed)
    try:
        async with translate_errors(parsed), engine.begin() as connection:
            await connection.run_sync(_changed, to, change)
    finally:
        await engine.dispose()


def _changed(connection: Connection, to: str, change: Callable[[Config, str], None]) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
    config = _config()
    config.attributes["connection"] = connection
    try:
        change(config, to)
    except CommandError as error:
        message = f"The database has a schema that this Hallway does not know ({error}): install the newer Hallway."
        raise StoreError(message) from error


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    return config
