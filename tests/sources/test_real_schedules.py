"""Real schedules, with exact counts; they are no part of the project."""

from pathlib import Path

import pytest

from bot.domain.errors import ScheduleImportError
from bot.domain.imports.resolve import ResolvedDraft, resolve_draft
from bot.sources import read_draft, read_map, read_venues


def settled(shared_data: Path, file: str, zone: str = "", venues: str = "") -> ResolvedDraft:
    venue_list = read_venues(shared_data / "venues" / venues) if venues else ()
    return resolve_draft(read_draft(shared_data / "schedules" / file), "real", zone, venue_list)


@pytest.mark.parametrize(
    ("file", "zone", "venues", "sessions", "skipped", "known_venues"),
    [
        ("fosdem_2026.xml", "", "fosdem_venues.csv", 883, 0, 5),
        ("fosdem_2020.xml", "Europe/Brussels", "", 872, 0, 1),
        ("fosdem_2010.xml", "Europe/Brussels", "", 301, 0, 1),
        ("38c3_hub_2025-12-06.xml", "", "", 1007, 0, 1),
        ("frab_camp2019.json", "", "", 79, 0, 1),
        ("pretalx-democon.json", "", "", 36, 0, 1),
        ("pretalx-rc3.json", "Europe/Berlin", "", 48, 0, 1),
        ("hub-schedule2.json", "", "", 2, 0, 1),
        ("kubecon_eu_2026_facts_2026-03-22.ics", "Europe/Amsterdam", "", 596, 0, 1),
        ("droidcon_berlin2022_gridsmart.json", "Europe/Berlin", "", 137, 0, 1),
        ("droidcon_london2024_gridsmart.json", "Europe/London", "", 137, 0, 1),
        ("google_io_2019.json", "America/Los_Angeles", "", 1097, 0, 1),
        ("scale_18x.json", "America/Los_Angeles", "", 166, 0, 1),
        ("scale_22x.json", "America/Los_Angeles", "", 296, 0, 1),
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
    assert [(sitting.venue, sitting.room) for sitting in sittings] == [
        ("Caesars Forum", "Level 1, Alliance 305"),
        ("Mandalay Bay", "Level 2 South, Reef C"),
    ]
    assert made.repeats(sittings[0]) == [sittings[1]]


def test_a_catalog_without_dates_is_refused(shared_data: Path) -> None:
    with pytest.raises(ScheduleImportError, match="no session in it has a date"):
        settled(shared_data, "reinvent2025_facts.csv", "America/Los_Angeles")


def test_a_file_without_a_zone_asks_for_one(shared_data: Path) -> None:
    with pytest.raises(ScheduleImportError, match="give it with --zone"):
        settled(shared_data, "fosdem_2010.xml")


def test_a_feed_of_its_own_form_is_read_by_a_mapping(shared_data: Path) -> None:
    fields = read_map(Path(__file__).parent / "oscon.toml")
    made = resolve_draft(
        read_draft(shared_data / "schedules/oscon_2014_osconfeed.json", "", fields), "oscon", "", ()
    ).schedule
    assert (len(made.sessions), len({session.room for session in made.sessions}), len(made.days)) == (484, 46, 5)
    (dart,) = (session for session in made.sessions if session.id == "33451")
    assert (dart.room, dart.speakers) == ("D139/140", ("Faisal Abid",))


def test_without_its_mapping_it_is_refused_with_the_remedy(shared_data: Path) -> None:
    with pytest.raises(
        ScheduleImportError, match=r"there is no list of sessions in it; .* or a mapping \(--map FILE\)"
    ):
        settled(shared_data, "oscon_2014_osconfeed.json")


def test_the_city_behind_every_room_is_left_off(shared_data: Path) -> None:
    made = settled(shared_data, "kubecon_eu_2026_facts_2026-03-22.ics", "Europe/Amsterdam").schedule
    rooms = {session.room for session in made.sessions}
    assert len(rooms) == 51
    assert {"Elicium 2", "Hall 8, Room E"} <= rooms


def test_offsets_that_contradict_the_zone_are_told(shared_data: Path) -> None:
    remarks = [remark.what for remark in settled(shared_data, "pretalx-democon.json").warnings]
    assert any("36 sessions say +0100 where UTC has +0000" in what for what in remarks)
    assert not any(
        "+0100" in remark.what for remark in settled(shared_data, "pretalx-democon.json", "Europe/Berlin").warnings
    )


@pytest.mark.parametrize("file", ["fosdem_2010.xml", "kubecon_eu_2026_facts_2026-03-22.ics", "reinvent2024_facts.csv"])
def test_the_same_real_file_again_changes_nothing(shared_data: Path, file: str) -> None:
    draft = read_draft(shared_data / "schedules" / file)
    first = resolve_draft(draft, "real", "Europe/Amsterdam", ()).schedule
    assert resolve_draft(draft, "real", "Europe/Amsterdam", (), first).schedule == first
