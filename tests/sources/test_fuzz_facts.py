"""No bytes make what is read beside a schedule fail but in one sentence: ways, topics, venues, maps, an indoor map."""

import json
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import HallwayError
from bot.domain.imports.way_facts import MOST_MINUTES
from bot.domain.schedule.conference import Topic
from bot.domain.travel.venue import DoorTime, Entrance, Venue
from bot.domain.travel.way import LegSource, Mode, Way
from bot.sources.fetch.c3nav import read_route
from bot.sources.info_csv import info_text, parse_info
from bot.sources.venues_csv import parse_venues, venues_text
from bot.sources.ways_csv import parse_ways, ways_text
from bot.streets import candidates
from bot.streets.routing import routed
from tests.sources.test_fuzz import FUZZING, again, one_sentence, spoilt
from tests.streets.town import STEP, WAYS, town

PLACES = {"Hall": (2.5 * STEP, 0.0), "Hotel": (STEP, 2.5 * STEP), "Kiosk": (0.0, STEP)}
SQUARE = (300, "A D F E C B A", {"highway": "pedestrian", "area": "yes"})
RELATION = (
    '<relation id="9" version="1"><member type="way" ref="200" role="outer"/><member type="way" ref="202" role="inner"/>'
    '<tag k="type" v="multipolygon"/><tag k="highway" v="pedestrian"/></relation></osm>'
)
XML = town((*WAYS, SQUARE)).replace("</osm>", RELATION).encode()
WAY = Way(
    *("Venetian", "Wynn, tower", 12.5, LegSource.ORGANIZER, 20, Mode.TRAM, 300, 420, 80, 4.5),
    days=frozenset({0, 4}),
    as_of=date(2026, 1, 31),
)
LEGS = ways_text((WAY, Way("A", "B", 3, LegSource.ROUTED, both_ways=False, step_free=False))).encode()
INFO = info_text((Topic("Lunch", "In every\nhotel", "Level 1", "11:30-13:30"), Topic("Wi-Fi", '"cloud"'))).encode()
VENUES = venues_text(
    (
        Venue(
            "Hall",
            ("Big Hall", "H."),
            36.1,
            -115.2,
            8,
            (DoorTime("Level 2 | *", 4),),
            (Entrance(36.1, -115.2, step_free=True),),
        ),
        Venue("Nowhere"),
    )
).encode()
OVERPASS = json.dumps(
    {
        "elements": [
            {"type": "node", "id": 1, "lat": 60.1, "lon": 24.9, "tags": {"name": "Grand Hall", "entrance": "yes"}},
            {
                "type": "way",
                "id": 2,
                "nodes": [1, 1],
                "geometry": [{"lat": 60.1, "lon": 24.9}, {"lat": 60.2, "lon": 25}],
                "tags": {"name": "Grand Hall"},
            },
            {
                "type": "relation",
                "id": 3,
                "center": {"lat": 60.1, "lon": 24.9},
                "members": [{"type": "way", "ref": 2, "role": "outer"}],
                "tags": {"name": "Grand Hall"},
            },
        ]
    }
).encode()
ROUTE = json.dumps({"request": {}, "result": {"distance": 123.5, "duration": 95, "items": [{"id": 1}]}}).encode()
MOST_OPEN = 700
"""Open files of this process: a limit of 1,024 is usual."""
Read = Callable[[bytes], object]


def _text(data: bytes) -> str:
    return data.decode(errors="replace")


def _ways(data: bytes) -> None:
    ways, remarks = parse_ways(_text(data), "legs.csv")
    assert all(0 < read_way.way.minutes <= MOST_MINUTES for read_way in ways)
    assert all(len(remark.what) <= 1_000 and "\n" not in remark.what for remark in remarks)
    again_, none = parse_ways(ways_text(read_way.way for read_way in ways), "again.csv")
    assert ([read_way.way for read_way in again_], none) == ([read_way.way for read_way in ways], ())


def _info(data: bytes) -> None:
    topics, remarks = parse_info(_text(data), "info.csv")
    assert all(len(remark.what) <= 1_000 and "\n" not in remark.what for remark in remarks)
    assert parse_info(info_text(topics), "again.csv") == (topics, ())


def _venues(data: bytes) -> None:
    venues = parse_venues(_text(data), "venues.csv")
    assert parse_venues(venues_text(venues), "again.csv") == venues


def _route(data: bytes) -> None:
    read_route(data, "nav.example.org")


def _searched(data: bytes, ending: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"map{ending}"
        path.write_bytes(data)
        found = candidates.search(path, ["Grand Hall", "Bridge"])
        for candidate in candidates.ranked(found, "Grand Hall"):
            assert -90 <= candidate.at[0] <= 90
            assert candidate.minutes_inside > 0


def _osm(ending: str) -> Read:
    def read(data: bytes) -> None:
        try:
            _searched(data, ending)
        except HallwayError as fault:
            assert one_sentence(fault)  # noqa: PT017 — many examples raise nothing
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"map{ending}"
            path.write_bytes(data)
            for route in routed(path, PLACES).routes:
                assert 0 <= route.outdoor <= route.metres + 1
                assert route.line

    return read


def pbf() -> bytes:
    osmium = pytest.importorskip("osmium", reason="osmium is not installed")
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "town.osm", Path(folder) / "town.osm.pbf"
        source.write_bytes(XML)
        with osmium.SimpleWriter(str(target)) as writer:
            for thing in osmium.FileProcessor(str(source)):
                writer.add(thing)
        return target.read_bytes()


def survives(read: Read, seed: bytes) -> None:
    read(seed)

    @FUZZING
    @given(st.one_of(spoilt(seed), st.binary(max_size=200)))
    def fuzz(data: bytes) -> None:
        try:
            read(data)
        except HallwayError as fault:
            assert one_sentence(fault)  # noqa: PT017 — many examples raise nothing

    again(fuzz)


@pytest.mark.parametrize(
    ("read", "seed"),
    [
        pytest.param(_ways, LEGS, id="ways"),
        pytest.param(_info, INFO, id="topics"),
        pytest.param(_venues, VENUES, id="venues"),
        pytest.param(_route, ROUTE, id="an indoor map"),
        pytest.param(lambda data: _searched(data, ".json"), OVERPASS, id="Overpass"),
    ],
)
def test_spoilt_facts_end_in_values_or_in_a_sentence(read: Read, seed: bytes) -> None:
    survives(read, seed)


def test_a_spoilt_map_as_xml_ends_in_ways_or_in_a_sentence() -> None:
    pytest.importorskip("osmium", reason="osmium is not installed")
    survives(_osm(".osm"), XML)


def test_a_spoilt_map_as_pbf_ends_in_ways_or_in_a_sentence() -> None:
    read = _osm(".osm.pbf")

    def read_while_files_are_left(data: bytes) -> None:
        # The library leaves a file open after each wrong one; Hallway reads one in a process of its own.
        if sum(1 for _ in Path("/dev/fd").iterdir()) < MOST_OPEN:
            read(data)

    survives(read_while_files_are_left, pbf())
