"""Databases by URL, and what is said of those that cannot be used."""

from pathlib import Path

import pytest

from bot.domain.errors import StoreError
from bot.storage.engine import url_of
from bot.storage.unit_of_work import SqlStore


@pytest.mark.parametrize(
    ("text", "driver"),
    [
        ("sqlite:///hallway.db", "sqlite+aiosqlite"),
        ("postgresql://u:p@h/d", "postgresql+asyncpg"),
        ("postgresql+psycopg://u:p@h/d", "postgresql+asyncpg"),
        ("postgres://u:p@h/d", "postgresql+asyncpg"),
    ],
)
def test_the_driver_is_ours_whatever_the_url_says(text: str, driver: str) -> None:
    assert url_of(text).drivername == driver


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("nonsense", "is not a database URL"),
        ("mysql://u:s3cret@h/d", "not in mysql"),
        ("sqlite://", "forgets everything"),
        ("sqlite:///:memory:", "forgets everything"),
        ("postgresql://u:p@h:s3cret/d", "is not a database URL"),
    ],
)
def test_a_url_that_is_none_is_refused_without_its_password(text: str, sentence: str) -> None:
    with pytest.raises(StoreError, match=sentence) as caught:
        url_of(text)
    assert "s3cret" not in str(caught.value)


def test_the_encryption_that_hosts_ask_for_is_what_the_driver_calls_ssl() -> None:
    url = url_of("postgresql://u:p@h/d?sslmode=require&application_name=hallway")
    assert dict(url.query) == {"ssl": "require", "application_name": "hallway"}


async def test_the_cause_is_told_in_the_words_of_the_database(postgresql: str) -> None:
    nowhere = url_of(postgresql).set(database="nowhere").render_as_string(hide_password=False)
    store = SqlStore.at(nowhere)
    with pytest.raises(StoreError, match='The database nowhere cannot be used: database "nowhere" does not exist'):
        async with store.read_transaction() as work:
            await work.conferences.published()
    await store.close()


async def test_a_database_that_cannot_be_reached_is_one_sentence_without_a_password(tmp_path: Path) -> None:
    store = SqlStore.at("postgresql://hallway:s3cret@127.0.0.1:1/none")
    with pytest.raises(StoreError, match=r"127\.0\.0\.1/none cannot be used") as caught:
        async with store.read_transaction() as work:
            await work.conferences.published()
    assert "s3cret" not in str(caught.value)
    assert "s3cret" not in repr(store)
    await store.close()


async def test_a_database_without_tables_says_where_to_look(tmp_path: Path) -> None:
    store = SqlStore.at(f"sqlite:///{tmp_path / 'new' / 'empty.db'}")
    with pytest.raises(StoreError, match="hallway doctor"):
        async with store.read_transaction() as work:
            await work.conferences.published()
    await store.close()
    assert (tmp_path / "new").stat().st_mode & 0o077 == 0


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="cannot be made"):
        SqlStore.at(f"sqlite:///{tmp_path / 'file' / 'hallway.db'}")


async def test_sqlite_is_set_up_to_keep_what_it_is_told(tmp_path: Path) -> None:
    store = SqlStore.at(f"sqlite:///{tmp_path / 'hallway.db'}")
    settings = {}
    async with store.write_transaction() as work:
        for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete", "busy_timeout", "query_only"):
            settings[name] = (await work.people.connection.exec_driver_sql(f"PRAGMA {name}")).scalar()
    await store.close()
    assert settings == {
        "journal_mode": "wal",
        "synchronous": 1,  # NORMAL
        "foreign_keys": 1,
        "secure_delete": 1,
        "busy_timeout": 100,  # the queue of writers asks again
        "query_only": 0,
    }


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
async def test_readers_cannot_write(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    sqlite = kind == "sqlite"
    url = f"sqlite:///{tmp_path / 'hallway.db'}" if sqlite else request.getfixturevalue("postgresql")
    store = SqlStore.at(url)
    with pytest.raises(StoreError, match=r"readonly|read-only"):
        async with store.read_transaction() as work:
            await work.people.connection.exec_driver_sql("CREATE TABLE x (y INTEGER)")
    await store.close()


async def test_a_new_database_is_for_its_owner_only(tmp_path: Path) -> None:
    file = tmp_path / "hallway.db"
    await SqlStore.at(f"sqlite:///{file}").close()
    assert file.stat().st_mode & 0o077 == 0
