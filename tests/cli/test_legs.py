"""`hallway legs`: ways come in and go out as the same table."""

from pathlib import Path

import pytest

from bot.cli import ways
from bot.cli.conferences import ConferenceError, export
from bot.domain.imports.organizer_facts import changed
from bot.domain.schedule.organizer_changes import CREATES, ChangeKind
from bot.sources.info_csv import read_info
from bot.sources.venues_csv import read_venues
from bot.sources.ways_csv import HEADER, parse_ways, read_ways
from bot.storage.unit_of_work import SqlStore
from bot.timing.clock import SystemClock
from tests.builders import at, schedule

FILE = "from,to,mode,minutes,hours\nVenetian,MGM,monorail,20,07:00-19:00\nVenetian,Luxor,walk,9,\n"
STORED = f"{','.join(HEADER)}\nVenetian,MGM Grand,monorail,20,,,,,07:00-19:00,,yes,organizer,\n"


@pytest.fixture
async def database(migrated: str) -> str:
    store = SqlStore.at(migrated)
    async with store.write_transaction() as work:
        made = changed(schedule(ways=()), ChangeKind.TOPIC, "Lunch", {CREATES: True, "text": "Soup."}, at(8))
        await work.conferences.save(made)
    await store.close()
    return migrated


async def test_a_file_is_imported_shown_and_imported_again_without_a_change(database: str, tmp_path: Path) -> None:
    path = tmp_path / "legs.csv"
    path.write_text(FILE)
    report = await ways.import_ways(database, SystemClock(), "", *read_ways(path))
    assert report == (
        "Cloud 21: 1 way is stored, 2 from the file.\n"
        "1 skipped:\n"
        "  legs.csv, line 3: to is 'Luxor', which is not a venue: write one of "
        "Venetian, Caesars Forum, MGM Grand, Pop-up Stage."
    )
    shown = await ways.ways_table(database, "cloud21")
    assert shown == STORED
    before = await _revision(database)
    await ways.import_ways(database, SystemClock(), "cloud21", *parse_ways(shown, "shown"))
    assert (await _revision(database), await ways.ways_table(database, "")) == (before, STORED)


async def test_a_template_has_every_pair_and_changes_nothing_when_it_is_imported_as_it_is(database: str) -> None:
    printed = await ways.template(database, "")
    assert len(printed.splitlines()) == 1 + 6
    assert "Venetian,Pop-up Stage,walk,,,,,,,,yes,organizer,\n" in printed
    before = await _revision(database)
    await ways.import_ways(database, SystemClock(), "", *parse_ways(printed, "template"))
    assert await _revision(database) == before


async def test_ways_to_a_venue_that_an_organizer_added_in_the_chat_are_imported(database: str) -> None:
    store = SqlStore.at(database)
    async with store.write_transaction() as work:
        made = await work.conferences.load("cloud21")
        assert made
        hall = {CREATES: True, "lat": 36.1, "lon": -115.1}
        await work.conferences.save(changed(made, ChangeKind.VENUE, "Hall 5", hall, at(8)))
    await store.close()
    file = parse_ways("from,to,mode,minutes\nhall 5,MGM,walk,7\n", "legs.csv")
    report = await ways.import_ways(database, SystemClock(), "", *file)
    assert report == "Cloud 21: 1 way is stored, 1 from the file."


async def test_an_unknown_conference_is_named(database: str) -> None:
    with pytest.raises(ConferenceError, match=r"There is no conference 'other'\. I know: cloud21\."):
        await ways.ways_table(database, "other")


async def _revision(database: str) -> int:
    store = SqlStore.at(database)
    async with store.read_transaction() as work:
        conference = await work.conferences.get("cloud21")
    await store.close()
    assert conference
    return conference.revision


async def test_what_is_exported_is_imported_as_the_same(database: str, tmp_path: Path) -> None:
    store = SqlStore.at(database)
    async with store.write_transaction() as work:
        made = await work.conferences.load("cloud21")
        assert made
        made = changed(made, ChangeKind.VENUE, "MGM Grand", {"entrances+": [[36.1, -115.1, True]]}, at(8))
        made = changed(made, ChangeKind.VENUE, "MGM Grand", {"door_times+": [["Level 2 | Titian *", 4.5]]}, at(8))
        await work.conferences.save(made)
    await store.close()
    await export(database, "cloud21", str(tmp_path / "out"))
    assert read_venues(tmp_path / "out" / "venues.csv") == made.venues
    assert read_info(tmp_path / "out" / "info.csv") == (made.topics, ())
    assert read_ways(tmp_path / "out" / "legs.csv") == ((), ())
