"""Named things of a file in the formats .osm and .osm.pbf."""

from pathlib import Path

import osmium

from bot.streets.osm_file import faults_of, kind_of
from bot.streets.places import NAMES, Collector, FoundPlace, words
from bot.streets.rings import Line


def file_of(path: Path) -> osmium.io.File:
    """Return a file object that reads the format given by the file's name."""
    return osmium.io.File(str(path), "pbf" if kind_of(path).endswith("pbf") else "osm")


def opened(path: Path) -> osmium.FileProcessor:
    """Return a processor of all things in a file."""
    return osmium.FileProcessor(file_of(path))


def search(path: Path, wanted: list[str]) -> list[FoundPlace]:
    """Return the things of a file that have one of the wanted names; raises `HallwayError`."""
    collector = Collector([words(name) for name in wanted])
    with faults_of(path):
        if members := _relations(path, collector):
            # A way of a relation mostly has no name of its own.
            ways = opened(path).with_locations().with_filter(osmium.filter.EntityFilter(osmium.osm.WAY))
            for way in ways.with_filter(osmium.filter.IdFilter(members)):
                if isinstance(way, osmium.osm.Way):
                    collector.member(way.id, line_of(way))
        for thing in opened(path).with_locations().with_filter(osmium.filter.KeyFilter(*NAMES, "entrance")):
            if isinstance(thing, osmium.osm.Node):
                _node(thing, collector)
            elif isinstance(thing, osmium.osm.Way):
                _way(thing, collector)
    return collector.places()


def line_of(way: osmium.osm.Way) -> Line:
    """Return the nodes of a way that are in the file, and where they are."""
    nodes = [(node.ref, (node.lat, node.lon)) for node in way.nodes if node.location.valid()]
    return Line(tuple(number for number, _ in nodes), tuple(point for _, point in nodes))


def _relations(path: Path, collector: Collector) -> set[int]:
    """Gather the relations; returns the numbers of the ways around them."""
    outer: set[int] = set()
    relations = opened(path).with_filter(osmium.filter.EntityFilter(osmium.osm.RELATION))
    for relation in relations.with_filter(osmium.filter.KeyFilter(*NAMES)):
        tags = {tag.k: tag.v for tag in relation.tags}
        if isinstance(relation, osmium.osm.Relation) and collector.wants(tags):
            numbers = tuple(
                member.ref for member in relation.members if member.type == "w" and member.role in ("outer", "")
            )
            collector.add(f"relation/{relation.id}", tags, Line((), ()), numbers)
            outer.update(numbers)
    return outer


def _node(node: osmium.osm.Node, collector: Collector) -> None:
    if not len(node.tags):
        return
    tags = {tag.k: tag.v for tag in node.tags}
    if "entrance" in tags:
        collector.entrance(node.id)
    if collector.wants(tags) and node.location.valid():
        collector.add(f"node/{node.id}", tags, Line((node.id,), ((node.lat, node.lon),)))


def _way(way: osmium.osm.Way, collector: Collector) -> None:
    tags = {tag.k: tag.v for tag in way.tags}
    if collector.wants(tags):
        collector.add(f"way/{way.id}", tags, line_of(way))
