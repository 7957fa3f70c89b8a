"""Ways on foot in a town whose distances are known."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain.errors import HallwayError
from bot.domain.travel.distance import great_circle_m
from bot.domain.travel.venue import Venue
from bot.domain.travel.way import LegSource, Way
from bot.storage.unit_of_work import SqlStore
from bot.streets.osm_file import library
from bot.streets.routing import Route, Routes, build, routed
from tests.e2e.hallway import Hallway
from tests.streets.town import METRES, STEP, TAGS, WAYS, town

pytest.importorskip("osmium", reason="osmium is not installed")

PLACES = {"Hall": (2.5 * STEP, 0.0), "Hotel": (STEP, 2.5 * STEP), "Kiosk": (0.0, STEP)}
VENUES = "name,aliases,lat,lon,minutes_inside\nHall,,0.0025,0,6\nHotel,,0.001,0.0025,4\nKiosk,,0,0.001,0\n"


@pytest.fixture
def extract(tmp_path: Path) -> Path:
    path = tmp_path / "town.osm"
    path.write_text(town())
    return path


def distances(found: Routes) -> dict[str, tuple[int, int | None, int]]:
    """Metres, metres without steps, and metres outside, in one direction."""
    return {
        f"{route.origin}-{route.target}": (route.metres, route.step_free, route.outdoor)
        for route in found.routes
        if route.origin < route.target
    }


def test_ways_go_from_entrance_to_entrance_over_the_bridge_and_without_steps_around(extract: Path) -> None:
    found = routed(extract, PLACES)
    assert distances(found) == {
        "Hall-Hotel": (round(3.1 * METRES), round(5.1 * METRES), round(2.6 * METRES)),
        "Hall-Kiosk": (round(3 * METRES), round(3 * METRES), round(3 * METRES)),
        "Hotel-Kiosk": (round(2.1 * METRES), round(2.1 * METRES), round(2.1 * METRES)),
    }
    assert found.entrances == {"Hall": 1, "Hotel": 1, "Kiosk": 0}
    assert [(route.origin, route.target) for route in found.routes] == [
        *(("Hall", "Hotel"), ("Hall", "Kiosk"), ("Hotel", "Hall")),
        *(("Hotel", "Kiosk"), ("Kiosk", "Hall"), ("Kiosk", "Hotel")),
    ]


def test_the_line_and_the_outlines_are_those_of_the_map(extract: Path) -> None:
    found = routed(extract, PLACES)
    hall_to_hotel = found.routes[0]
    assert hall_to_hotel.line == ((0.002, 0.0), (0.002, 0.002), (0.001, 0.002), (0.001, 0.0021))
    assert hall_to_hotel == found.routes[2].back()
    assert {footprint.venue: footprint.points for footprint in found.footprints} == {
        "Hall": ((0.003, -0.0005), (0.003, 0.0005), (0.002, 0.0005), (0.002, -0.0005)),
        "Hotel": ((0.0015, 0.0021), (0.0015, 0.003), (0.0005, 0.003), (0.0005, 0.0021)),
        "Kiosk": ((0.0, 0.001), (-0.001, 0.0008), (-0.001, 0.0012)),
    }


def test_a_way_that_needs_steps_has_no_figure_without_them(extract: Path) -> None:
    extract.write_text(town(tuple(way for way in WAYS if way[0] != 104)))
    found = distances(routed(extract, {name: PLACES[name] for name in ("Hall", "Hotel")}))
    assert found == {"Hall-Hotel": (round(3.1 * METRES), None, round(2.6 * METRES))}


@pytest.mark.parametrize(
    ("tags", "metres", "step_free"),
    [
        # The back door is an emergency exit: nobody goes in there.
        ({"A": {"entrance": "emergency"}, "H3": {"entrance": "yes"}, "T5": {"entrance": "yes"}}, 2.6, 5.6),
        # Both doors may be used: the nearer one counts, with and without steps.
        ({"A": {"entrance": "yes"}, "H3": {"entrance": "yes"}, "T5": {"entrance": "yes"}}, 2.6, 5.1),
        # The only door has a step.
        ({"A": {"entrance": "yes"}, "T5": {"entrance": "yes", "wheelchair": "no"}}, 3.1, None),
    ],
)
def test_the_door_matters(
    extract: Path, tags: dict[str, dict[str, str]], metres: float, step_free: float | None
) -> None:
    extract.write_text(town(tags=tags))
    way = routed(extract, {name: PLACES[name] for name in ("Hall", "Hotel")}).routes[0]
    assert (way.metres, way.step_free) == (round(metres * METRES), step_free and round(step_free * METRES))


def test_a_building_that_is_drawn_by_several_ways_has_its_doors(extract: Path) -> None:
    halves = (
        (200, "H1 H2 H3", {}),
        (203, "H1 H4 A H3", {"barrier": "wall"}),
        *(way for way in WAYS if way[0] != 200),
    )
    members = '<member type="way" ref="200" role="outer"/><member type="way" ref="203" role="outer"/>'
    tags = '<tag k="type" v="multipolygon"/><tag k="building" v="yes"/>'
    relation = f'<relation id="300" version="1">{members}{tags}</relation></osm>'
    extract.write_text(town(halves).replace("</osm>", relation))
    found = routed(extract, PLACES)
    assert found.entrances == {"Hall": 1, "Hotel": 1, "Kiosk": 0}
    assert {footprint.venue for footprint in found.footprints} == {"Hall", "Hotel", "Kiosk"}
    assert distances(found)["Hall-Hotel"][0] == round(3.1 * METRES)


def test_a_door_may_be_in_the_middle_of_a_street(extract: Path) -> None:
    extract.write_text(town(tags={**TAGS, "F": {"entrance": "yes"}}))
    found = routed(extract, {**PLACES, "Kiosk": (-0.5 * STEP, STEP)})
    assert found.entrances["Kiosk"] == 1
    assert distances(found)["Hotel-Kiosk"] == (round(2.1 * METRES),) * 3


def test_an_island_and_a_far_venue_are_named_and_not_guessed(extract: Path) -> None:
    found = routed(extract, {**PLACES, "Island": (9 * STEP, 9 * STEP), "Moon": (0.02, 0.02)})
    assert found.unreached == ("Island", "Moon")
    assert len(found.routes) == 6
    with pytest.raises(HallwayError, match=r"^town\.osm has no streets around these venues: check their coordinates"):
        routed(extract, {"Moon": (0.02, 0.02), "Mars": (0.02, 0.021)})


@pytest.mark.parametrize(
    ("name", "count", "sentence"),
    [
        ("answer.json", 2, "answer.json is an answer as JSON: ask Overpass for [out:xml], or export .osm."),
        ("town.osm", 1, "Routes need 2 to 100 venues with coordinates; these are 1."),
        ("town.osm", 101, "Routes need 2 to 100 venues with coordinates; these are 101."),
    ],
)
def test_what_cannot_be_routed_gets_one_sentence(extract: Path, name: str, count: int, sentence: str) -> None:
    path = extract.with_name(name)
    path.write_text(extract.read_text())
    venues = [Venue(f"V{number}", lat=0, lon=0) for number in range(count)]
    with pytest.raises(HallwayError) as raised:
        build(path, [*venues, Venue("nowhere")])
    assert str(raised.value) == sentence


def test_too_many_streets_get_one_sentence(extract: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.streets.graph.MOST_POINTS", 5)
    with pytest.raises(HallwayError, match=r"^This extract has too many streets: cut it first"):
        routed(extract, PLACES)


def test_without_osmium_the_remedy_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "osmium", None)
    with pytest.raises(HallwayError, match=r"install it with `pip install 'hallway\[routing\]'`\.$"):
        library()


def test_all_pairs_of_helsinki_are_routed(shared_data: Path) -> None:
    venues = [
        Venue("Kiasma", lat=60.172017, lon=24.936672),
        Venue("Oodi", lat=60.173724, lon=24.938058),
        Venue("University", lat=60.169459, lon=24.950097),
        Venue("Musiikkitalo", lat=60.173697, lon=24.935485),
    ]
    found = build(shared_data / "osm" / "Helsinki.osm.pbf", venues)
    assert distances(found) == {
        "Kiasma-Oodi": (220, 255, 220),
        "Kiasma-Musiikkitalo": (257, 314, 257),
        "Kiasma-University": (862, 884, 862),
        # Straight across the square between both: around it they are 328 m apart.
        "Musiikkitalo-Oodi": (165, 165, 165),
        "Musiikkitalo-University": (1032, 1073, 951),
        "Oodi-University": (910, 951, 910),
    }
    # Centres lie inside the buildings, up to 130 m from the doors.
    by_name = {venue.name: venue for venue in venues}
    for route in found.routes:
        crow = great_circle_m(by_name[route.origin], by_name[route.target]) or 0
        assert crow - 130 < route.metres < 2.5 * crow


# --- The commands ---


def test_the_command_writes_a_list_of_ways_with_its_source(extract: Path, tmp_path: Path) -> None:
    (tmp_path / "venues.csv").write_text(VENUES)
    done = Hallway(tmp_path).run("route", "build", str(extract), "--venues", "venues.csv", "--outlines", "o.geojson")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == (
        "6 ways between 3 venues; 2 entrances are used.\n"
        "Kiosk: no entrance on the map, so the way begins at its coordinates.\n"
        "legs.csv: 6 ways.\n"
        "o.geojson: 3 outlines.\n"
        "Map data: (c) OpenStreetMap contributors, ODbL\n"
    )
    today = (tmp_path / "legs.csv").read_text().split(",")[-2]
    assert (tmp_path / "legs.csv").read_text().replace(today, "TODAY") == (
        "from,to,mode,minutes,p90,metres,step_free,days,hours,wait,both_ways,source,as_of,outdoor\n"
        "Hall,Hotel,walk,9.6,,345,567,,,,no,routed,TODAY,289\n"
        "Hall,Kiosk,walk,7.5,,334,334,,,,no,routed,TODAY,334\n"
        "Hotel,Hall,walk,9.6,,345,567,,,,no,routed,TODAY,289\n"
        "Hotel,Kiosk,walk,5.1,,234,234,,,,no,routed,TODAY,234\n"
        "Kiosk,Hall,walk,7.5,,334,334,,,,no,routed,TODAY,334\n"
        "Kiosk,Hotel,walk,5.1,,234,234,,,,no,routed,TODAY,234\n"
    )
    outlines = json.loads((tmp_path / "o.geojson").read_text())
    assert outlines["attribution"] == "(c) OpenStreetMap contributors, ODbL"
    assert outlines["features"][0]["geometry"]["coordinates"][0] == [
        *([-0.0005, 0.003], [0.0005, 0.003], [0.0005, 0.002], [-0.0005, 0.002], [-0.0005, 0.003]),
    ]


def test_entrances_that_organizers_gave_go_before_those_of_the_map(extract: Path, tmp_path: Path) -> None:
    rows = ("Hall,,0.0025,0,6,0 0 stairs", "Hotel,,0.001,0.0025,4,", "Kiosk,,0,0.001,0,0 0.0012; 0 0.0015 stepfree")
    header = "name,aliases,lat,lon,minutes_inside,entrances"
    (tmp_path / "venues.csv").write_text("\n".join((header, *rows)))
    done = Hallway(tmp_path).run("route", "build", str(extract), "--venues", "venues.csv")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[:3] == [
        "6 ways between 3 venues; 4 entrances are used.",
        "4 of them cannot be made without steps.",
        "Hall, Kiosk: its entrances are those that organizers gave.",
    ]
    ways = [line.split(",") for line in (tmp_path / "legs.csv").read_text().splitlines()[1:]]
    assert {
        f"{start}-{end}": (float(metres), free) for start, end, _, _, _, metres, free, *_ in ways if start < end
    } == {
        "Hall-Hotel": (round(3.1 * METRES), "no"),
        "Hall-Kiosk": (round(1.2 * METRES), "no"),
        "Hotel-Kiosk": (round(1.6 * METRES), str(round(1.6 * METRES))),
    }


async def test_ways_are_stored_in_a_conference_and_replaced_by_the_next_run(extract: Path, tmp_path: Path) -> None:
    (tmp_path / "venues.csv").write_text(VENUES)
    (tmp_path / "schedule.csv").write_text(
        "code,title,date,startTime,endTime,room\nA1,Opening,2030-05-06,09:00,10:00,Hall | One\n"
    )
    hallway = Hallway(tmp_path)
    options = ("--conference", "town", "--zone", "UTC", "--venues", "venues.csv")
    # The town lies at 0, 0, which is in the sea.
    assert hallway.run("import", "schedule.csv", *options, "--force").returncode == 0
    for _ in range(2):
        done = hallway.run("route", "build", str(extract), "--conference", "town")
        assert (done.returncode, done.stderr) == (0, "")
        assert "town: 6 ways are stored." in done.stdout
    store = SqlStore.at(f"sqlite:///{tmp_path / 'data' / 'hallway' / 'hallway.db'}")
    async with store.read_transaction() as work:
        schedule = await work.conferences.load("town")
    assert schedule
    assert len(schedule.ways) == 6
    outline = ((0.003, -0.0005), (0.003, 0.0005), (0.002, 0.0005), (0.002, -0.0005))
    assert schedule.venues[0] == Venue("Hall", (), 0.0025, 0, 6, outline=outline)
    # A list of venues has no outlines: those of the map stay.
    assert hallway.run("import", "schedule.csv", *options, "--force").returncode == 0
    async with store.read_transaction() as work:
        again = await work.conferences.load("town")
    assert again
    assert (again.venues, again.ways) == (schedule.venues, schedule.ways)
    way = replace(schedule.ways[0], as_of=None)
    assert way == Way(
        "Hall",
        "Hotel",
        9.6,
        LegSource.ROUTED,
        metres=345,
        step_free=567,
        outdoor=289,
        both_ways=False,
        line=((0.002, 0.0), (0.002, 0.002), (0.001, 0.002), (0.001, 0.0021)),
    )
    assert not (tmp_path / "legs.csv").exists()
    await store.close()


def test_a_cut_keeps_what_routes_and_searches_need(extract: Path, tmp_path: Path) -> None:
    (tmp_path / "venues.csv").write_text(VENUES)
    run = Hallway(tmp_path).run
    done = run("route", "cut", str(extract), "--venues", "venues.csv", "--margin", "50")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == (
        "small.osm.pbf: 13 streets, buildings and names within 50 m of the venues.\n"
        "Map data: (c) OpenStreetMap contributors, ODbL\n"
    )
    assert routed(tmp_path / "small.osm.pbf", PLACES) == routed(extract, PLACES)
    done = run("venues", "suggest", "small.osm.pbf", "Grand Hall")
    assert "1. Grand Hall (conference centre, 157 m across, 1 entrance)" in done.stdout
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_file()) == [
        *("small.osm.pbf", "town.osm", "venues.csv"),
    ]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (
            ("cut", "town.osm", "--venues", "venues.csv", "--output", "town.osm"),
            "town.osm would replace the extract itself",
        ),
        (("cut", "town.osm", "--venues", "venues.csv", "--output", "gone/x.osm"), "There is no folder gone"),
        (("cut", "town.osm", "--venues", "venues.csv", "--output", "x.json"), "An extract is cut from and to .osm or"),
        (("build", "town.osm", "--conference", "town"), "The database"),
        (("build", "town.osm", "--venues", "gone.csv"), "There is no file gone.csv"),
    ],
)
def test_a_wrong_request_gets_one_sentence(
    extract: Path, tmp_path: Path, arguments: tuple[str, ...], sentence: str
) -> None:
    (tmp_path / "venues.csv").write_text(VENUES)
    done = Hallway(tmp_path).run("route", *arguments)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"hallway: {sentence}")
    assert done.stderr.count("\n") == 1


def test_venues_or_a_conference_is_named(extract: Path, tmp_path: Path) -> None:
    done = Hallway(tmp_path).run("route", "build", str(extract))
    assert (done.returncode, "name either --venues or --conference" in done.stderr) == (2, True)


def test_a_route_and_its_way_back_are_the_same_way() -> None:
    route = Route("A", "B", 10, None, 5, ((1, 2), (3, 4)))
    assert route.back() == Route("B", "A", 10, None, 5, ((3, 4), (1, 2)))
