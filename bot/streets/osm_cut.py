"""A small extract cut out of a large one: the streets, buildings, entrances and names around venues."""

import os
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

import osmium

from bot.streets.geometry import Point
from bot.streets.osm_file import faults_of
from bot.streets.osm_search import file_of, opened
from bot.streets.osm_streets import KEYS, Box, is_walked_area
from bot.streets.places import NAMES

WANTED = (*KEYS, *NAMES)


def cut(source: Path, places: Sequence[Point], margin: float, output: Path) -> int:
    """Write everything within `margin` metres of places to a new file; returns the number of things in it.

    Nodes of the streets and buildings are included. The file appears only when it is complete.
    """
    box = Box.around(places, margin)
    part = output.with_name(f"part-{os.getpid()}-{output.name}")
    count = 0
    try:
        with faults_of(source):
            relations = _areas(source, box)
            reader = opened(source).with_locations().with_filter(osmium.filter.KeyFilter(*WANTED))
            with osmium.BackReferenceWriter(file_of(part), ref_src=file_of(source), overwrite=True) as writer:
                for thing in reader:
                    if _is_wanted(thing, box, relations):
                        writer.add(thing)
                        count += 1
        part.replace(output)
    finally:
        part.unlink(missing_ok=True)
    return count


def _is_wanted(thing: object, box: Box, relations: set[int]) -> bool:
    if isinstance(thing, osmium.osm.Way):
        return _is_inside(thing, box)
    if isinstance(thing, osmium.osm.Node):
        return thing.location.valid() and box.has(thing.location.lat, thing.location.lon)
    return isinstance(thing, osmium.osm.Relation) and thing.id in relations


def _is_inside(way: osmium.osm.Way, box: Box) -> bool:
    return any(node.location.valid() and box.has(node.location.lat, node.location.lon) for node in way.nodes)


def _areas(source: Path, box: Box) -> set[int]:
    """The relations that draw a building or a square in the box."""
    relations = defaultdict[int, list[int]](list)
    for member, relation in _members(source):
        relations[member].append(relation)
    ways = opened(source).with_locations().with_filter(osmium.filter.EntityFilter(osmium.osm.WAY))
    numbers = set[int]()
    for way in ways.with_filter(osmium.filter.IdFilter(relations.keys())) if relations else ():
        if isinstance(way, osmium.osm.Way) and _is_inside(way, box):
            numbers.update(relations[way.id])
    return numbers


def _members(source: Path) -> Iterator[tuple[int, int]]:
    """The ways around buildings and squares, each with the number of its relation."""
    relations = osmium.FileProcessor(file_of(source), osmium.osm.RELATION)
    for relation in relations.with_filter(osmium.filter.KeyFilter(*KEYS)):
        if isinstance(relation, osmium.osm.Relation) and ("building" in relation.tags or is_walked_area(relation)):
            yield from ((member.ref, relation.id) for member in relation.members if member.type == "w")
