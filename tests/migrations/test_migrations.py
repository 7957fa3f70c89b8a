"""The migrations make exactly the tables, on both databases, up and down."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, inspect, text
from sqlalchemy.ext.asyncio import create_async_engine

from bot.domain.errors import StoreFault
from bot.storage.engine import url_of
from bot.storage.tables import metadata
from migrations import run
from tests.stores import new_database


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


def names(connection: Connection) -> set[str]:
    return set(inspect(connection).get_table_names())


async def test_the_migrations_make_the_tables(url: str) -> None:
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


async def test_a_database_from_the_future_is_refused_in_one_sentence(url: str) -> None:
    await run.upgrade(url)
    engine = create_async_engine(url_of(url))
    async with engine.begin() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    await engine.dispose()
    with pytest.raises(StoreFault, match="install the newer Hallway"):
        await run.upgrade(url)
