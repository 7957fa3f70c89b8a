"""`/forgetme` leaves nothing in the files of the database, while the process goes on."""

from pathlib import Path

from bot.storage.unit_of_work import SqlStore
from tests.fakes.app_harness import AppHarness
from tests.stores import new_store

USER = "user-733100000000000042"
WORDS = ("Umbrella stand", USER)


def found_in(folder: Path) -> set[tuple[str, str]]:
    """Which of the words are in which file."""
    return {
        (file.name, word)
        for file in folder.iterdir()
        for word in WORDS
        if word.encode() in file.read_bytes() or word.encode("utf-16-le") in file.read_bytes()
    }


async def test_the_user_s_id_and_words_are_in_no_file_of_the_database(tmp_path: Path) -> None:
    async with new_store("sqlite", tmp_path, "") as store:
        assert isinstance(store, SqlStore)
        app = await AppHarness(store.interactive()).publish()
        app.user = USER
        await app.all("/hotel MGM", "/attend ARC301", "/attend SEC203")
        await app.say('/announce "Umbrella stand is in hall B" to everyone in #general', organizer=True)
        assert {word for _, word in found_in(tmp_path)} == set(WORDS)
        await app.talk_to("bob", "/attend ARC301")
        await app.say("/forgetme yes")
        assert found_in(tmp_path) == set()


async def test_a_reader_of_older_data_delays_it_until_the_next_change(tmp_path: Path) -> None:
    async with new_store("sqlite", tmp_path, "") as store:
        assert isinstance(store, SqlStore)
        app = await AppHarness(store.interactive()).publish()
        app.user = USER
        await app.all("/hotel MGM", "/attend ARC301")
        async with store.read_transaction() as work:
            await work.conferences.published()
            await app.say("/forgetme yes")
            assert ("hallway.db-wal", USER) in found_in(tmp_path)
        await app.talk_to("bob", "/hotel MGM")
        assert found_in(tmp_path) == set()
