"""Venues found on a map: shown, never taken."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain.errors import HallwayError
from bot.streets.candidates import VenueCandidate, suggest
from tests.e2e.hallway import Hallway
from tests.streets.town import town

OVERPASS = {
    "elements": [
        {"type": "node", "id": 1, "lat": 0.0, "lon": 0.0, "tags": {"entrance": "main"}},
        {"type": "node", "id": 2, "lat": 0.0, "lon": 0.002},
        {"type": "node", "id": 3, "lat": 0.002, "lon": 0.002},
        {"type": "node", "id": 4, "lat": 0.002, "lon": 0.0},
        {
            "type": "node",
            "id": 5,
            "lat": 0.5,
            "lon": 0.5,
            "tags": {"name": "Crystal Palace Poker Room", "amenity": "casino"},
        },
        {"type": "way", "id": 6, "nodes": [1, 2, 3]},
        {"type": "way", "id": 7, "nodes": [1, 4, 3]},
        {"type": "way", "id": 8, "nodes": [1, 2], "tags": {"name": "Crystal Palace Road", "highway": "primary"}},
        {
            "type": "relation",
            "id": 9,
            "members": [{"type": "way", "ref": 6, "role": "outer"}, {"type": "way", "ref": 7, "role": "outer"}],
            "tags": {"name": "Kristallpalast", "name:en": "Crystal Palace", "building": "yes", "tourism": "hotel"},
        },
        {
            "type": "way",
            "id": 10,
            "geometry": [{"lat": 0.1, "lon": 0.1}, {"lat": 0.1, "lon": 0.1}],
            "tags": {"old_name": "The Mirage"},
        },
        {
            "type": "way",
            "id": 11,
            "center": {"lat": 1, "lon": 2},
            "tags": {"name": "Forum; Academy", "building": "yes"},
        },
    ]
}


@pytest.fixture
def overpass(tmp_path: Path) -> Path:
    path = tmp_path / "answer.json"
    path.write_text(json.dumps(OVERPASS))
    return path


def test_an_answer_of_overpass_is_searched_without_osmium(overpass: Path) -> None:
    found = suggest(overpass, ["Crystal Palace", "mirage", "Academy", "Nowhere"])
    rounded = {name: [replace(venue, size=round(venue.size)) for venue in found[name]] for name in found}
    assert rounded == {
        "Crystal Palace": [
            VenueCandidate("Kristallpalast", "relation/9", "hotel", (0.001, 0.001), 315, 1),
            VenueCandidate("Crystal Palace Poker Room", "node/5", "casino", (0.5, 0.5), 0, 0),
        ],
        "mirage": [VenueCandidate("The Mirage", "way/10", "place", (0.1, 0.1), 0, 0)],
        "Academy": [VenueCandidate("Forum", "way/11", "building", (1.0, 2.0), 0, 0)],
        "Nowhere": [],
    }


def test_minutes_inside_grow_with_the_building() -> None:
    sizes = (0, 80, 239, 425, 618)
    assert [VenueCandidate("", "", "", (0, 0), size, 0).minutes_inside for size in sizes] == [3, 3, 5, 7, 10]


def test_an_export_is_searched_without_regard_to_accents_and_by_other_names(tmp_path: Path) -> None:
    pytest.importorskip("osmium", reason="osmium is not installed")
    path = tmp_path / "town.osm"
    path.write_text(town())
    found = suggest(path, ["hotel du pont", "Bridge", "Grand Hall"])
    shown = {
        name: [(venue.name, venue.kind, round(venue.size), venue.entrances) for venue in found[name]] for name in found
    }
    assert shown == {
        "hotel du pont": [("Hôtel du Pont", "hotel", 150, 1)],
        "Bridge": [("Hôtel du Pont", "hotel", 150, 1)],
        "Grand Hall": [("Grand Hall", "conference centre", 157, 1)],
    }


STRIP = {
    "Venetian": ("relation/7770314", 7),
    "Wynn": ("way/205501268", 5),
    "Encore": ("way/27910891", 4),
    "Caesars Palace": ("way/115672893", 10),
    "MGM Grand": ("way/116770006", 9),
    "Mandalay Bay": ("way/116660358", 10),
    "Aria": ("way/52175576", 9),
    "Bellagio": ("relation/1599958", 11),
    "Park MGM": ("way/115080290", 7),
    "Caesars Forum": None,
    "Mirage": None,
}


def test_the_hotels_of_las_vegas_are_found_first_and_what_is_missing_is_not_guessed(shared_data: Path) -> None:
    found = suggest(shared_data / "venues" / "las_vegas_strip_hotels_casinos.overpass.json", list(STRIP))
    assert {
        name: (found_venues[0].key, found_venues[0].minutes_inside) if found_venues else None
        for name, found_venues in found.items()
    } == STRIP


def test_venues_of_helsinki_are_found_first(shared_data: Path) -> None:
    pytest.importorskip("osmium", reason="osmium is not installed")
    names = ["Kiasma", "Oodi", "Musiikkitalo", "Helsinki University", "Finlandia"]
    found = suggest(shared_data / "osm" / "Helsinki.osm.pbf", names)
    assert [found[name][0].name for name in names] == [
        "Kiasma",
        "Helsingin keskustakirjasto Oodi",
        "Musiikkitalo",
        "Helsingin yliopiston päärakennus",
        "Finlandia Caviar",  # which is a restaurant: so nothing is taken without a choice
    ]


# --- The command ---


def test_nothing_is_taken_without_a_choice(overpass: Path, tmp_path: Path) -> None:
    done = Hallway(tmp_path).run("venues", "suggest", str(overpass), "Crystal Palace", "Nowhere")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == (
        "Crystal Palace\n"
        "  1. Kristallpalast (hotel, 315 m across, 1 entrance): 0.00100,0.00100, 6 min inside, relation/9\n"
        "  2. Crystal Palace Poker Room (casino, a point, 0 entrances): 0.50000,0.50000, 3 min inside, node/5\n"
        "Nowhere\n"
        "  nothing on this map has that name: add its coordinates to the list by hand\n"
        "Map data: (c) OpenStreetMap contributors, ODbL\n"
        'Nothing is written yet: choose candidates with --take "Crystal Palace=1" and so on.\n'
    )
    assert not (tmp_path / "venues.csv").exists()


def test_what_is_taken_joins_the_list_and_keeps_the_aliases_that_were_there(overpass: Path, tmp_path: Path) -> None:
    (tmp_path / "venues.csv").write_text(
        "name,aliases,lat,lon,minutes_inside\nCrystal Palace,CP.|Glass House,9,9,2\nWynn,,36.126613,-115.165352,5\n"
    )
    run = Hallway(tmp_path).run
    done = run("venues", "suggest", str(overpass), "Crystal Palace", "Academy", "--take", "Chrystal=1")
    assert done.stderr == "hallway: --take 'Chrystal=1' names no venue of this search: write it as NAME=NUMBER.\n"
    done = run("venues", "suggest", str(overpass), "Crystal Palace", "--take", "Crystal Palace=3")
    assert (done.returncode, done.stderr) == (1, "hallway: Crystal Palace has no candidate '3': it has 2.\n")
    take = ("--take", "crystal palace = 1", "--take", "Academy=1")
    done = run("venues", "suggest", str(overpass), "Crystal Palace", "Academy", *take)
    assert done.stdout.splitlines()[-1] == (
        "venues.csv: Crystal Palace, Academy written; 3 venues in total. Check minutes_inside."
    )
    assert (tmp_path / "venues.csv").read_text() == (
        "name,aliases,lat,lon,minutes_inside\n"
        "Crystal Palace,CP.|Glass House|Kristallpalast,0.001000,0.001000,6\n"
        "Wynn,,36.126613,-115.165352,5\n"
        "Academy,Forum,1.000000,2.000000,3\n"
    )


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("gone.osm", None, "There is no file {path}: check the path."),
        ("map.zip", b"PK", "map.zip is no extract of OpenStreetMap: it should end in .osm, .osm.pbf or .json."),
        ("empty.json", b"", "empty.json is empty: export it again."),
        ("broken.json", b'{"elements": [', "broken.json is no complete JSON: download it again."),
        ("deep.json", b"[" * 200_000, "deep.json is no complete JSON: download it again."),
        ("other.json", b'{"events": []}', "other.json has no list of elements: it is no answer of Overpass."),
    ],
)
def test_a_file_that_is_no_map_gets_one_sentence(
    tmp_path: Path, name: str, content: bytes | None, sentence: str
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(HallwayError) as raised:
        suggest(path, ["Hall"])
    assert str(raised.value) == sentence.format(path=path)


@pytest.mark.parametrize("name", ["cut.osm", "noise.osm.pbf", "bomb.osm"])
def test_a_damaged_extract_gets_one_sentence(tmp_path: Path, name: str) -> None:
    pytest.importorskip("osmium", reason="osmium is not installed")
    path = tmp_path / name
    bomb = '<!DOCTYPE osm [<!ENTITY a "aaaa">]><osm version="0.6"><node id="1" lat="&a;" lon="0"/></osm>'
    path.write_bytes({"cut.osm": town()[:900].encode(), "bomb.osm": bomb.encode()}.get(name, bytes(range(256)) * 40))
    with pytest.raises(HallwayError, match=rf"^{name} is no complete extract \(.*\): export it again\.$"):
        suggest(path, ["Hall"])


def test_a_huge_file_is_not_opened(tmp_path: Path) -> None:
    path = tmp_path / "country.json"
    with path.open("wb") as file:
        file.truncate(65 * 1024**2)
    with pytest.raises(HallwayError, match=r"^country.json is larger than 64 MiB: export a smaller region\.$"):
        suggest(path, ["Hall"])
