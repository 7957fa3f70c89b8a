"""A later import does not undo what organizers changed in the chat, and holds positions that are slips."""

from dataclasses import replace

import pytest

from bot.app.schedules.importer import ImportHeldError, ImportOptions, import_draft, ingest
from bot.domain.imports.draft import Draft, Remark
from bot.domain.imports.organizer_facts import FileFacts, changed
from bot.domain.schedule.conference import KindLine, Schedule, Topic
from bot.domain.schedule.organizer_changes import CREATES, ChangeKind, Values
from bot.domain.travel.venue import Venue
from tests.builders import at
from tests.domain.imports.test_resolve import row
from tests.fakes.memory_store import MemoryStore

WYNN, ENCORE = Venue("Wynn", (), 36.1291, -115.1643), Venue("Encore", (), 36.1312, -115.1651)
PLACES = ("Wynn | A", "Encore | B", "Annex | C")


def draft(*places: str) -> Draft:
    rows = [row(f"Talk {n}", 9 + n, place, uid=str(n)) for n, place in enumerate(places)]
    return Draft("test", "file.csv", "Cloud", "America/Los_Angeles", sessions=rows)


async def imported(store: MemoryStore, *places: str, venues: tuple[Venue, ...] = ()) -> Schedule:
    report = await ingest(store, draft(*places), "cloud21", at(8), venues=venues)
    return report.schedule


async def edit(store: MemoryStore, *changes: tuple[ChangeKind, str, Values | None]) -> Schedule:
    async with store.write_transaction() as work:
        made = await work.conferences.load("cloud21")
        assert made
        for kind, name, patch in changes:
            made = changed(made, kind, name, patch, at(8))
        await work.conferences.save(made)
    return made


MOVE: Values = {"lat": 36.13, "lon": -115.165}


async def test_the_same_schedule_again_changes_nothing_at_all() -> None:
    store = MemoryStore()
    await imported(store, *PLACES, venues=(WYNN, ENCORE))
    made = await edit(
        store,
        (ChangeKind.VENUE, "Annex", {CREATES: True, **MOVE}),
        (ChangeKind.VENUE, "Wynn", MOVE),
        (ChangeKind.VENUE, "Encore", None),
        (ChangeKind.TOPIC, "Lunch", {CREATES: True, "text": "Soup."}),
        (ChangeKind.SETTING, "title", {CREATES: True, "value": "Cloud Week"}),
        (ChangeKind.SETTING, "walk-up for talk", {CREATES: True, "value": 30}),
    )
    assert [session.venue for session in made.sessions] == ["Wynn", "Encore", "Annex"]
    assert await imported(store, *PLACES) == made


async def test_a_new_list_of_venues_keeps_what_was_changed_in_the_chat_and_says_so() -> None:
    store = MemoryStore()
    await imported(store, *PLACES, venues=(WYNN, ENCORE))
    await edit(store, (ChangeKind.VENUE, "Wynn", MOVE))
    newer = (replace(WYNN, lat=36.2, aliases=("The Wynn",)), ENCORE, Venue("Annex"))
    report = await ingest(store, draft(*PLACES), "cloud21", at(8), venues=newer)
    assert report.schedule.venues == (replace(newer[0], lat=36.13, lon=-115.165), ENCORE, Venue("Annex"))
    stays = "an organizer changed it in the chat, and that stays: /organizer undo takes it back"
    assert Remark("venue 'Wynn'", stays) in report.warnings


async def test_venues_are_still_guessed_after_one_got_a_position_in_the_chat() -> None:
    store = MemoryStore()
    await imported(store, *PLACES)
    await edit(store, (ChangeKind.VENUE, "Wynn", MOVE))
    fresh = await imported(store, *PLACES, "Palazzo | D")
    assert [session.venue for session in fresh.sessions] == ["Wynn", "Encore", "Annex", "Palazzo"]
    assert {venue.name: venue.lat for venue in fresh.venues} == {
        "Wynn": 36.13,
        "Encore": None,
        "Annex": None,
        "Palazzo": None,
    }


async def test_a_venue_of_the_chat_keeps_its_sessions_where_venues_are_guessed() -> None:
    store = MemoryStore()
    await imported(store, "K.1.105", "H.2213", "Cafe")
    await edit(
        store,
        (ChangeKind.VENUE, "K", {CREATES: True, **MOVE}),
        (ChangeKind.VENUE, "K", {"aliases+": ["K."]}),
    )
    first = await imported(store, "K.1.105", "H.2213", "Cafe")
    assert (first.sessions[0].venue, first.sessions[0].room) == ("K", "K.1.105")
    assert await imported(store, "K.1.105", "H.2213", "Cafe") == first


async def test_facts_of_files_stay_when_a_later_import_does_not_bring_them() -> None:
    store = MemoryStore()
    facts = FileFacts("Cloud Week", 15, 25, (Topic("Lunch", "Soup."),))
    async with store.write_transaction() as work:
        terms = ImportOptions(venues=(WYNN, ENCORE), facts=facts)
        await import_draft(work, draft(*PLACES), "cloud21", at(8), terms)
    again = await imported(store, *PLACES)
    assert (again.conference.title, again.topics) == ("Cloud Week", (Topic("Lunch", "Soup."),))
    assert again.conference.lines == (KindLine("", 15, 25),)


async def test_a_position_that_is_a_slip_holds_the_import_until_it_is_forced() -> None:
    store, wrong = MemoryStore(), replace(ENCORE, lon=115.1651)
    with pytest.raises(
        ImportHeldError, match=r"Encore is 1.* km from Wynn, .* so it is held: if that is right, say --force"
    ):
        await imported(store, *PLACES, venues=(WYNN, wrong))
    async with store.read_transaction() as work:
        assert await work.conferences.load("cloud21") is None
    report = await ingest(store, draft(*PLACES), "cloud21", at(8), venues=(WYNN, wrong), force=True)
    assert report.schedule.venues == (WYNN, wrong)
