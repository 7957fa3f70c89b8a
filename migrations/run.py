"""Upgrades and downgrades the schema, on SQLite and PostgreSQL alike.

Alembic is imported only for a change: importing it takes a tenth of the time in which a command starts, and nearly
every command finds the newest schema.
"""

import os
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import Connection, inspect, text

from bot.domain.errors import StoreError
from bot.storage.engine import migrating_engine, url_of
from bot.storage.faults import translate_errors
from bot.storage.tables import metadata
from bot.storage.writer_queue import BACKGROUND, WriterQueue

SCRIPTS = Path(__file__).parent
VERSIONS = (SCRIPTS / "versions",)
LOCK = 0x48616C6C776179
"""The key of PostgreSQL's advisory lock (`Hallway` in ASCII): processes that start together migrate one by one."""
NEWEST = "head"
FIRST = "0001_schema"
VERSION_TABLE = """
CREATE TABLE alembic_version (
    version_num VARCHAR(32) NOT NULL, CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
)
"""
"""The table of versions, as Alembic creates it."""
PRERELEASE = "0012"
"""The last revision before the first release. It made the same schema as `FIRST`."""
OLDER_PRERELEASES = {f"{number:04}" for number in range(1, 12)}


async def upgrade(url: str, to: str = NEWEST) -> None:
    """Bring the database at `url` to revision `to`, completely or not at all.

    Raises:
        StoreError: the database is unavailable, or its schema is of a newer version or an old pre-release.
    """
    await _run(url, to, down=False)


async def downgrade(url: str, to: str = "base") -> None:
    """Take the database at `url` back to revision `to`.

    Raises:
        StoreError: as for `upgrade`.
    """
    await _run(url, to, down=True)


async def status(url: str) -> tuple[str | None, str | None]:
    """Return the revision of the database (None if it is empty) and the newest revision.

    Raises:
        StoreError: the database is unavailable.
    """
    parsed = url_of(url)
    engine = migrating_engine(parsed)
    try:
        async with translate_errors(parsed), engine.connect() as connection:
            current = await connection.run_sync(_revision_of)
    finally:
        await engine.dispose()
    return current, revisions()[-1]


def revisions() -> list[str]:
    """Return all revisions, the oldest first. A revision has the name of its file, which begins with its number."""
    return sorted(path.stem for folder in VERSIONS for path in folder.glob("[0-9]*.py"))


def is_known(revision: str) -> bool:
    """Whether this version of Hallway can use or upgrade a database with schema `revision`."""
    return revision == PRERELEASE or revision in revisions()


def advice(current: str | None) -> str:
    """Say what is wrong with a schema that is not the newest, and what to do; `current` is None if there is none."""
    if current is None:
        return "The database has no schema yet: run `hallway migrate`."
    if current in OLDER_PRERELEASES:
        return f"The database has schema {current} of an old pre-release, which cannot be upgraded: use a new database."
    if not is_known(current):
        return f"The database has schema {current} of a newer Hallway: install the newer version."
    return f"The database has schema {current}, which is old: run `hallway migrate`."


async def missing(url: str) -> Sequence[str]:
    """Return what the newest schema has and the database does not: "table feed", "column attendee.hotel".

    Raises:
        StoreError: the database is unavailable.
    """
    parsed = url_of(url)
    engine = migrating_engine(parsed)
    try:
        async with translate_errors(parsed), engine.connect() as connection:
            return await connection.run_sync(_missing)
    finally:
        await engine.dispose()


def _missing(connection: Connection) -> list[str]:
    looked, missing = inspect(connection), []
    table_names = set(looked.get_table_names())
    for table in metadata.sorted_tables:
        if table.name not in table_names:
            missing.append(f"table {table.name}")
            continue
        columns = {column["name"] for column in looked.get_columns(table.name)}
        indexes = {index["name"] for index in looked.get_indexes(table.name)}
        missing += [f"column {table.name}.{column.name}" for column in table.columns if column.name not in columns]
        missing += [f"index {index.name}" for index in table.indexes if index.name not in indexes]
    return missing


async def _run(url: str, to: str, *, down: bool) -> None:
    parsed = url_of(url)
    engine = migrating_engine(parsed)
    try:
        sqlite = parsed.get_backend_name() == "sqlite"
        transaction = WriterQueue().transaction(engine, BACKGROUND) if sqlite else engine.begin()
        async with translate_errors(parsed), transaction as connection:
            await connection.run_sync(_migrate, to, down)
    finally:
        await engine.dispose()


def _migrate(connection: Connection, to: str, down: bool) -> None:  # noqa: FBT001 — run_sync passes on positions only
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
    if to == NEWEST and _revision_of(connection) is None and not inspect(connection).get_table_names():
        _create(connection)
        return
    _adopt_prerelease(connection)
    if down or _revision_of(connection) != revisions()[-1]:
        _run_alembic(connection, to, down=down)


def _create(connection: Connection) -> None:
    """Make the newest schema in an empty database at once, which takes a fifth of the time of all revisions."""
    metadata.create_all(connection, checkfirst=False)
    connection.execute(text(VERSION_TABLE))
    connection.execute(text("INSERT INTO alembic_version VALUES (:newest)"), {"newest": revisions()[-1]})


def _run_alembic(connection: Connection, to: str, *, down: bool) -> None:
    from alembic import command  # noqa: PLC0415 — see the top of this module
    from alembic.config import Config  # noqa: PLC0415 — as above
    from alembic.util import CommandError  # noqa: PLC0415 — as above

    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    config.set_main_option("path_separator", "os")
    config.set_main_option("version_locations", os.pathsep.join(map(str, VERSIONS)))
    config.attributes["connection"] = connection
    try:
        (command.downgrade if down else command.upgrade)(config, to)
    except CommandError as error:
        raise StoreError(
            f"The database has a schema that this Hallway does not know ({error}): install the newer Hallway."
        ) from error


def _adopt_prerelease(connection: Connection) -> None:
    """Record the last pre-release's schema as `FIRST`, because the two are the same."""
    current = _revision_of(connection)
    if current in OLDER_PRERELEASES:
        raise StoreError(
            f"The database has schema {current} of an old pre-release, which cannot be upgraded: use a new database."
        )
    if current == PRERELEASE:
        connection.execute(text("UPDATE alembic_version SET version_num = :first"), {"first": FIRST})


def _revision_of(connection: Connection) -> str | None:
    """Return what Alembic has recorded as the schema's revision; None if there is no schema."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    revision: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return revision
