"""Real schedules, with exact counts; they are no part of the project."""

from pathlib import Path

import pytest

from bot.domain.errors import ImportFault
from bot.domain.settle import Settled, settle
from bot.sources import read_draft, read_venues


def settled(shared_data: Path, file: str, zone: str = "", venues: str = "") -> Settled:
    known = read_venues(shared_data / "venues" / venues) if venues else ()
    return settle(read_draft(shared_data / "schedules" / file), "real", zone, known)


@pytest.mark.parametrize(
    ("file", "zone", "venues", "sessions", "skipped", "known_venues"),
    [
        ("fosdem_2026.xml", "", "fosdem_venues.csv", 883, 0, 5),
        ("fosdem_2020.xml", "Europe/Brussels", "", 872, 0, 1),
        ("fosdem_2010.xml", "Europe/Brussels", "", 301, 0, 1),
        ("38c3_hub_2025-12-06.xml", "", "", 1007, 0, 1),
        ("frab_camp2019.json", "", "", 79, 0, 1),
        ("pretalx-democon.json", "", "", 36, 0, 1),
        ("reinvent2024_facts.csv", "America/Los_Angeles", "reinvent_venues.csv", 2408, 23, 5),
        ("reinvent2026_sample20_reseat.json", "America/Los_Angeles", "reinvent_venues.csv", 20, 0, 5),
    ],
)
def test_everything_in_it_is_taken_or_said_to_be_left(
    shared_data: Path, file: str, zone: str, venues: str, sessions: int, skipped: int, known_venues: int
) -> None:
    made = settled(shared_data, file, zone, venues)
    used = {session.venue for session in made.schedule.sessions} - {""}
    assert (len(made.schedule.sessions), len(made.skipped), len(used)) == (sessions, skipped, known_venues)
    assert len(made.schedule.by_id) == len(made.schedule.by_code) == sessions
    assert all(session.starts_at <= session.ends_at for session in made.schedule.sessions)


def test_repeats_of_re_invent_are_found(shared_data: Path) -> None:
    made = settled(shared_data, "reinvent2024_facts.csv", "America/Los_Angeles", "reinvent_venues.csv").schedule
    title = "A capability-oriented approach to defining your cloud architecture"
    sittings = [session for session in made.sessions if session.title == title]
    assert [(each.venue, each.room) for each in sittings] == [
        ("Caesars Forum", "Level 1, Alliance 305"),
        ("Mandalay Bay", "Level 2 South, Reef C"),
    ]
    assert made.repeats(sittings[0]) == [sittings[1]]


def test_a_catalog_without_dates_is_refused(shared_data: Path) -> None:
    with pytest.raises(ImportFault, match="no session in it has a date"):
        settled(shared_data, "reinvent2025_facts.csv", "America/Los_Angeles")


def test_a_file_without_a_zone_asks_for_one(shared_data: Path) -> None:
    with pytest.raises(ImportFault, match="give it with --zone"):
        settled(shared_data, "fosdem_2010.xml")
