"""Ways between 25 venues from an extract, beside reading the same extract with osmium alone.

The rival delivers to Python what routes need: every object that has a tag, with its tags, and of ways the places of
their nodes. It does nothing with them. Two other lines show what it takes with the areas of buildings, and with places
only.

    python -m benchmarks.routing [FILE.osm.pbf] reads a real extract instead of a made-up town.
"""

import gc
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import osmium

from benchmarks.figures import Figure, is_small, show
from bot.streets.geometry import Point, centroid, square_metres
from bot.streets.osm_streets import read_town
from bot.streets.routing import routed

RUNS = 1 if is_small() else 7
BLOCKS = 10 if is_small() else 40
VENUES = 25
STEP = 0.001
"""Degrees from one crossing of the town to the next: a block of 111 m by 56 m."""
STREET_POINTS = 4
"""Points of a street between two crossings."""


def write_town(path: Path) -> None:
    """Write a town of blocks: streets with bends and names, steps here and there, two buildings a block, entrances."""
    with osmium.SimpleWriter(str(path), overwrite=True) as writer:
        ways = list(_ways())
        points = {number: place for _, nodes in ways for number, place in nodes}
        for number, (lat, lon) in sorted(points.items()):
            tags = {"entrance": "yes"} if number % 10 == 7 else {}
            writer.add_node(osmium.osm.mutable.Node(id=number, location=(lon, lat), tags=tags))
        for number, (tags, nodes) in enumerate(ways, 1):
            writer.add_way(osmium.osm.mutable.Way(id=number, nodes=[node for node, _ in nodes], tags=tags))


def _ways() -> Iterator[tuple[dict[str, str], list[tuple[int, Point]]]]:
    for row in range(BLOCKS):
        for column in range(BLOCKS):
            number = (row * (BLOCKS + 1) + column) * 100
            lat, lon = 60 + row * STEP, 24 + column * STEP
            about = {"name": f"Street {row}", "surface": "asphalt", "lit": "yes", "maxspeed": "30"}
            east = [(number, (lat, lon))]
            east += [
                (number + 1 + bend, (lat + STEP / 50 * (bend % 2), lon + STEP * (bend + 1) / (STREET_POINTS + 1)))
                for bend in range(STREET_POINTS)
            ]
            east.append((number + 100, (lat, lon + STEP)))
            kind = "steps" if (row * 7 + column) % 17 == 0 else "residential"
            yield {**about, "highway": kind}, east
            north = [(number, (lat, lon)), (number + (BLOCKS + 1) * 100, (lat + STEP, lon))]
            yield {**about, "highway": "footway"}, north
            for part in range(2):
                yield _building(number + 20 + part * 20, lat + STEP * 0.2, lon + STEP * (0.15 + part * 0.4))


def _building(number: int, lat: float, lon: float) -> tuple[dict[str, str], list[tuple[int, Point]]]:
    corners = [(0, 0), (0, 0.3), (0.3, 0.3), (0.3, 0.6), (0.6, 0.6), (0.6, 0), (0.3, 0), (0.2, 0)]
    ring = [(number + at, (lat + up * STEP, lon + right * STEP / 2)) for at, (up, right) in enumerate(corners)]
    return {"building": "yes", "name": f"House {number}", "addr:street": "Street", "levels": "4"}, [*ring, ring[0]]


def read_alone(path: Path) -> int:
    """Deliver every object with its tags, the places of its nodes, and the areas."""
    return _delivered(osmium.FileProcessor(str(path)).with_areas())


def read_needed(path: Path) -> int:
    """Deliver every object that has a tag, with its tags and the places of its nodes."""
    return _delivered(osmium.FileProcessor(str(path)).with_locations().with_filter(osmium.filter.EmptyTagFilter()))


def _delivered(things: osmium.FileProcessor) -> int:
    count = 0
    for thing in things:
        tags = {tag.k: tag.v for tag in thing.tags}
        if isinstance(thing, osmium.osm.Way):
            count += len([(node.ref, node.lat, node.lon) for node in thing.nodes if node.location.valid()])
        elif isinstance(thing, osmium.osm.Node):
            count += bool(tags) + bool(thing.lat + thing.lon)
    return count


def read_bare(path: Path) -> int:
    """Deliver every object with the places of its nodes, without tags and areas."""
    count = 0
    for thing in osmium.FileProcessor(str(path)).with_locations():
        if isinstance(thing, osmium.osm.Way):
            count += sum(node.location.valid() for node in thing.nodes)
    return count


def seconds(work: Callable[[], object]) -> float:
    """Processor seconds of all threads: a busy machine does not count."""
    begins = time.process_time()
    work()
    return time.process_time() - begins


def venues_of(path: Path) -> dict[str, Point]:
    """Large buildings all over the extract."""
    box = osmium.io.Reader(str(path)).header().box()
    middle = (60 + BLOCKS * STEP / 2, 24 + BLOCKS * STEP / 2)
    if box.valid():
        middle = ((box.bottom_left.lat + box.top_right.lat) / 2, (box.bottom_left.lon + box.top_right.lon) / 2)
    around = [(middle[0] + up / 400, middle[1] + right / 200) for up in range(-6, 7) for right in range(-6, 7)]
    outlines = sorted(
        (building.outline for building in read_town(path, around).buildings), key=square_metres, reverse=True
    )
    large = outlines[: VENUES * 4]
    return {
        f"Venue {number}": centroid(outline) for number, outline in enumerate(large[:: len(large) // VENUES][:VENUES])
    }


def main(path: Path) -> None:
    """Both on the same file, in turn."""
    places = venues_of(path)
    gc.disable()
    runs = [
        [seconds(partial(work, path)) for work in (partial(routed, places=places), read_needed, read_alone, read_bare)]
        for _ in range(RUNS)
    ]
    routes = routed(path, places)
    ours, needed, alone, bare = (statistics.median(run[what] for run in runs) for what in range(4))
    figures = [
        Figure(f"Hallway: {len(routes.routes)} ways between {len(places)} venues", ours, "s"),
        Figure("osmium alone: every object that has a tag, with tags and places", needed, "s"),
        Figure("osmium alone: every object with tags, places and areas", alone, "s"),
        Figure("osmium alone: every object with places only", bare, "s"),
        Figure("Hallway's time to that of osmium with tags and places", ours / needed, "x", 2),
        Figure("Hallway's time to that of osmium with areas", ours / alone, "x"),
        Figure("Hallway's time to that of osmium with places only", ours / bare, "x"),
    ]
    show(f"Routes from an extract of {path.stat().st_size / 1024:,.0f} KiB", figures)


if __name__ == "__main__":
    if named := [argument for argument in sys.argv[1:] if not argument.startswith("-")]:
        main(Path(named[0]))
    else:
        with tempfile.TemporaryDirectory() as folder:
            town = Path(folder) / "town.osm.pbf"
            write_town(town)
            main(town)
