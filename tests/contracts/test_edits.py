"""One suite for every store: edits of sessions, and uploaded files that wait for their organizer."""

from datetime import timedelta

from bot.app.ports import Store
from bot.domain.imports.edits import SessionEdit, SessionFacts
from bot.domain.imports.upload import UploadedCopy
from tests.builders import ARC, SEC, at, schedule

WAITS = timedelta(days=1)


def edit_of(organizer: int | None = None, **facts: object) -> SessionEdit:
    return SessionEdit(SEC.id, SessionFacts.of(SEC), at(8), organizer, **facts)  # type: ignore[arg-type]


async def test_edits_are_stored_whole_and_replaced_together(store: Store) -> None:
    async with store.write_transaction() as work:
        await work.conferences.save(schedule())
        ada = await work.people.join("console", "club", "ada")
        whole = edit_of(ada.id, starts_at=at(12), ends_at=at(13), venue="", room="Hall 1", cancelled=True)
        older = SessionEdit(ARC.id, SessionFacts.of(ARC), at(7))
        await work.session_edits.replace("cloud21", [whole, older])
    async with store.read_transaction() as work:
        assert await work.session_edits.of_conference("cloud21") == [older, whole]
        assert await work.session_edits.of_conference("other") == []
    async with store.write_transaction() as work:
        await work.session_edits.replace("cloud21", [])
        assert await work.session_edits.of_conference("cloud21") == []


async def test_an_edit_outlives_the_organizer_who_made_it(store: Store) -> None:
    async with store.write_transaction() as work:
        await work.conferences.save(schedule())
        ada = await work.people.join("console", "club", "ada")
        await work.session_edits.replace("cloud21", [edit_of(ada.id, room="Hall 1")])
        await work.people.forget(ada)
    async with store.read_transaction() as work:
        assert await work.session_edits.of_conference("cloud21") == [edit_of(None, room="Hall 1")]


async def test_a_community_has_one_file_and_old_ones_go(store: Store) -> None:
    async with store.write_transaction() as work:
        here, there = [(await work.people.join("console", name, "ada")).community.id for name in ("club", "other")]
        first = UploadedCopy(0, "mine", here, "talks.csv", "", 0, at(8), b"\x00one\xff")
        other = UploadedCopy(0, "mine", there, "talks.csv", "UTC", 3, at(9), b"two")
        old = await work.uploaded_copies.add(first, at(8) - WAITS)
        theirs = await work.uploaded_copies.add(other, at(9) - WAITS)
        new = await work.uploaded_copies.add(first, at(8) - WAITS)
    async with store.read_transaction() as work:
        assert await work.uploaded_copies.get(old) is None
        found = await work.uploaded_copies.get(new)
        assert found == UploadedCopy(new, "mine", here, "talks.csv", "", 0, at(8), b"\x00one\xff")
    async with store.write_transaction() as work:
        assert await work.uploaded_copies.remove(new)
        assert not await work.uploaded_copies.remove(new)
        await work.uploaded_copies.add(first, at(9, 1))
        assert await work.uploaded_copies.get(theirs) is None
