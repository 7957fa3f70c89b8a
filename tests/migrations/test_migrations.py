"""The migrations make exactly the tables, on both databases, up and down."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text
from sqlalchemy.ext.asyncio import create_async_engine

from bot.domain.errors import StoreError
from bot.domain.travel.way import LegSource, Mode, Way
from bot.storage.engine import url_of
from bot.storage.tables import metadata
from bot.storage.unit_of_work import SqlStore
from migrations import run
from tests.stores import new_database
from tests.support.forked import exit_code_of_script

ROOT = Path(__file__).parents[2]


@pytest.fixture(params=["sqlite", "postgresql"])
async def url(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'new' / 'hallway.db'}"
        return
    async with new_database(request.getfixturevalue("postgresql")) as made:
        yield made


async def looked_at(url: str, look: object) -> object:
    engine = create_async_engine(url_of(url))
    try:
        async with engine.connect() as connection:
            return await connection.run_sync(look)  # type: ignore[arg-type]  # any question
    finally:
        await engine.dispose()


def differences(connection: Connection) -> list[object]:
    return list(compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), metadata))


def test_the_revisions_are_those_of_alembic_in_their_order() -> None:
    script = ScriptDirectory(str(run.SCRIPTS), version_locations=list(map(str, run.VERSIONS)))
    assert run.revisions() == [revision.revision for revision in reversed(list(script.walk_revisions()))]


def names(connection: Connection) -> set[str]:
    return set(inspect(connection).get_table_names())


def index(reflected: Any) -> dict[str, object]:
    """An index whose conditions can be compared."""
    options = {name: str(value) for name, value in reflected.get("dialect_options", {}).items()}
    return {**reflected, "dialect_options": options}


def schema(connection: Connection) -> dict[str, object]:
    """Everything that can be asked of a schema, but for the order of the columns."""
    looked = inspect(connection)
    return {
        table: {
            "columns": {column["name"]: {key: str(value) for key, value in column.items()} for column in columns},
            "primary key": looked.get_pk_constraint(table),
            "foreign keys": sorted(looked.get_foreign_keys(table), key=str),
            "indexes": sorted(map(index, looked.get_indexes(table)), key=str),
            "unique": sorted(looked.get_unique_constraints(table), key=str),
            "checks": sorted(looked.get_check_constraints(table), key=str),
        }
        for table in looked.get_table_names()
        for columns in [looked.get_columns(table)]
    }


async def test_a_new_database_has_the_schema_that_all_revisions_make(url: str) -> None:
    await run.upgrade(url, run.FIRST)
    await run.upgrade(url)
    step_by_step = await looked_at(url, schema)
    await run.downgrade(url)
    await execute(url, "DROP TABLE alembic_version")
    await run.upgrade(url)
    assert await looked_at(url, schema) == step_by_step


async def test_the_migrations_make_the_tables(url: str) -> None:
    await run.upgrade(url, run.FIRST)
    await run.upgrade(url)
    assert await looked_at(url, differences) == []
    assert await looked_at(url, names) == {*metadata.tables, "alembic_version"}


async def test_they_go_down_and_up_again(url: str) -> None:
    await run.upgrade(url)
    await run.downgrade(url)
    assert await looked_at(url, names) == {"alembic_version"}
    await run.upgrade(url)
    assert await looked_at(url, differences) == []


async def test_upgrading_twice_changes_nothing_and_the_status_says_so(url: str) -> None:
    before = await run.status(url)
    await run.upgrade(url)
    await run.upgrade(url)
    current, newest = await run.status(url)
    assert before == (None, newest)
    assert current == newest


async def execute(url: str, statement: str) -> None:
    engine = create_async_engine(url_of(url))
    async with engine.begin() as connection:
        await connection.execute(text(statement))
    await engine.dispose()


async def test_a_database_from_the_future_is_refused_in_one_sentence(url: str) -> None:
    await run.upgrade(url)
    await execute(url, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreError, match="install the newer Hallway"):
        await run.upgrade(url)


async def test_a_database_of_the_last_pre_release_is_upgraded_with_what_it_holds(url: str) -> None:
    await run.upgrade(url)
    await run.downgrade(url, run.FIRST)
    await execute(url, "INSERT INTO community (platform, tenant) VALUES ('console', 'club')")
    await execute(url, "UPDATE alembic_version SET version_num = '0012'")
    before = await run.status(url)
    await run.upgrade(url)
    current, newest = await run.status(url)
    assert (before, current) == (("0012", newest), newest)
    assert await looked_at(url, differences) == []
    assert await looked_at(url, lambda c: c.scalar(text("SELECT tenant FROM community"))) == "club"


JOINED = """
INSERT INTO attendee (community, "user", name, pace, stride, notice, arrive_early, nudges_on, privacy, last_list)
SELECT id, 'ada', '', 'normal', 0.75, 10, 0, TRUE, 'friends', '[]' FROM community WHERE tenant = 'club'
"""


async def test_communities_that_use_the_only_conference_keep_it(url: str) -> None:
    await run.upgrade(url)
    await run.downgrade(url, "0004_choices")
    for statement in (
        "INSERT INTO conference VALUES ('cloud21', 'Cloud 21', 'UTC', 10, 20, 1, TRUE)",
        "INSERT INTO community (platform, tenant) VALUES ('console', 'club')",
        "INSERT INTO community (platform, tenant) VALUES ('console', 'unused')",
    ):
        await execute(url, statement)
    await execute(url, JOINED)
    await run.upgrade(url)
    follows = await looked_at(url, lambda c: list(c.execute(text("SELECT tenant, conference FROM community"))))
    assert sorted(map(tuple, follows), key=str) == [("club", "cloud21"), ("unused", None)]  # type: ignore[call-overload]  # rows


async def test_every_leg_of_the_time_before_is_a_way(url: str) -> None:
    await run.upgrade(url)
    await run.downgrade(url, "0007_conference_owners")
    columns = "slug, title, zone, check_in, walk_up, revision, published"
    for statement in (
        f"INSERT INTO conference ({columns}) VALUES ('cloud21', 'Cloud 21', 'UTC', 10, 20, 1, TRUE)",
        "INSERT INTO leg VALUES ('cloud21', 'Venetian', 'Forum', 'ORGANIZER', 12, 620, 'walk', NULL)",
        "INSERT INTO leg VALUES ('cloud21', 'Venetian', 'Forum', 'LEARNED', 14, NULL, 'monorail', 23)",
    ):
        await execute(url, statement)
    await run.upgrade(url)
    store = SqlStore.at(url)
    async with store.read_transaction() as work:
        loaded = await work.conferences.load("cloud21")
    await store.close()
    assert loaded
    assert set(loaded.ways) == {
        Way("Venetian", "Forum", 12, LegSource.ORGANIZER, metres=620),
        Way("Venetian", "Forum", 14, LegSource.LEARNED, mode=Mode.MONORAIL, samples=23),
    }


@pytest.mark.parametrize("revision", ["0001", "0011"])
async def test_a_database_of_an_older_pre_release_is_refused_in_one_sentence(url: str, revision: str) -> None:
    await run.upgrade(url)
    await execute(url, f"UPDATE alembic_version SET version_num = '{revision}'")
    with pytest.raises(StoreError, match=rf"^The database has schema {revision} of an old pre-release, .* database\.$"):
        await run.upgrade(url)
    assert (await run.status(url))[0] == revision


def named(connection: Connection) -> dict[str, set[str | None]]:
    look = inspect(connection)
    found: dict[str, set[str | None]] = {}
    for table in metadata.tables:
        keys = [look.get_pk_constraint(table), *look.get_foreign_keys(table), *look.get_unique_constraints(table)]
        indexes = [item for item in look.get_indexes(table) if not item.get("duplicates_constraint")]
        found[table] = {key["name"] for key in (*keys, *indexes)}
    return found


async def test_every_constraint_and_index_has_the_name_that_the_tables_give_it(url: str) -> None:
    await run.upgrade(url)
    engine = create_async_engine(url_of(url))
    dialect = engine.dialect
    expected: dict[str, set[str | None]] = {
        table.name: {dialect.identifier_preparer.format_constraint(constraint) for constraint in table.constraints}
        | {item.name for item in table.indexes}
        for table in metadata.tables.values()
    }
    if dialect.name == "sqlite":
        # The key of a table whose numbers are never used again has no name there.
        expected["block"] = {None, *expected["block"]} - {"pk_block"}
    await engine.dispose()
    assert await looked_at(url, named) == expected


async def test_processes_that_start_at_once_make_one_schema(url: str) -> None:
    code = "import asyncio, sys; from migrations import run; asyncio.run(run.upgrade(sys.argv[1]))"
    codes = await asyncio.gather(*(asyncio.to_thread(exit_code_of_script, code, url) for _ in range(5)))
    assert codes == [0] * 5
    assert await looked_at(url, differences) == []


async def test_an_upgrade_that_breaks_off_leaves_the_database_as_it_was(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = command.upgrade

    def breaks_off(config: Config, to: str) -> None:
        whole(config, to)
        raise LookupError

    await run.upgrade(url, run.FIRST)
    before = await looked_at(url, schema)
    monkeypatch.setattr(command, "upgrade", breaks_off)
    with pytest.raises(LookupError):
        await run.upgrade(url)
    assert await looked_at(url, schema) == before
    monkeypatch.undo()
    await run.upgrade(url)
    assert await looked_at(url, differences) == []


async def test_a_new_database_that_is_not_finished_stays_empty(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks_off() -> list[str]:
        raise LookupError

    monkeypatch.setattr(run, "revisions", breaks_off)
    with pytest.raises(LookupError):
        await run.upgrade(url)
    assert await looked_at(url, names) == set()
    monkeypatch.undo()
    await run.upgrade(url)
    assert await looked_at(url, differences) == []
