"""The answers of Overpass as JSON: `out body; >; out skel`, `out geom` and `out center`."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from bot.domain.errors import HallwayError
from bot.streets.geometry import Point
from bot.streets.places import Collector, FoundPlace, words
from bot.streets.rings import Line

Element = Mapping[str, object]


def search(path: Path, wanted: list[str]) -> list[FoundPlace]:
    """Return the things of an answer that have one of the wanted names; raises `HallwayError`."""
    collector = Collector([words(name) for name in wanted])
    elements = _elements(path)
    nodes = {
        number: point for element in elements if element.get("type") == "node" for number, point in _located(element)
    }
    ways = {_number(element): _line(element, nodes) for element in elements if element.get("type") == "way"}
    for element in elements:
        tags = _tags(element)
        if element.get("type") == "node" and "entrance" in tags:
            collector.entrance(_number(element))
        if not collector.wants(tags):
            continue
        kind, number = element.get("type"), _number(element)
        if kind == "node" and number in nodes:
            collector.add(f"node/{number}", tags, Line((number,), (nodes[number],)))
        elif kind == "way":
            collector.add(f"way/{number}", tags, ways[number])
        elif kind == "relation":
            members = dict(_members(element, nodes, ways))
            for member, line in members.items():
                collector.member(member, line)
            middle = tuple(point for _, point in _located(element))
            collector.add(f"relation/{number}", tags, Line((), middle), tuple(members))
    return collector.places()


def _elements(path: Path) -> list[Element]:
    try:
        loaded = json.loads(path.read_bytes())
    except (ValueError, RecursionError):
        raise HallwayError(f"{path.name} is no complete JSON: download it again.") from None
    elements = loaded.get("elements") if isinstance(loaded, dict) else None
    if not isinstance(elements, list):
        raise HallwayError(f"{path.name} has no list of elements: it is no answer of Overpass.")
    return [element for element in elements if isinstance(element, dict) and _number(element)]


def _number(element: Element) -> int:
    number = element.get("id")
    return number if isinstance(number, int) else 0


def _tags(element: Element) -> dict[str, str]:
    tags = element.get("tags")
    if not isinstance(tags, dict):
        return {}
    return {key: text for key, text in tags.items() if isinstance(key, str) and isinstance(text, str)}


def _point(value: object) -> Point | None:
    if not isinstance(value, dict):
        return None
    lat, lon = value.get("lat"), value.get("lon")
    if not isinstance(lat, int | float) or not isinstance(lon, int | float):
        return None
    return (float(lat), float(lon)) if abs(lat) <= 90 and abs(lon) <= 180 else None  # noqa: PLR2004 — degrees


def _located(element: Element) -> Iterator[tuple[int, Point]]:
    """The number of a thing and where it is: a node, or the centre of something larger."""
    point = _point(element) or _point(element.get("center"))
    if point:
        yield _number(element), point


def _line(element: Element, nodes: Mapping[int, Point]) -> Line:
    numbers, shape = element.get("nodes"), element.get("geometry")
    listed = [number for number in numbers if isinstance(number, int)] if isinstance(numbers, list) else []
    if isinstance(shape, list):
        points = [_point(place) for place in shape]
        if len(points) != len(listed):
            # `out geom` of a member has no numbers: equal points are one node.
            listed = [hash(point) for point in points]
        pairs = [(number, point) for number, point in zip(listed, points, strict=True) if point]
    else:
        pairs = [(number, nodes[number]) for number in listed if number in nodes]
    if not pairs:
        return Line((), tuple(point for _, point in _located(element)))
    return Line(tuple(number for number, _ in pairs), tuple(point for _, point in pairs))


def _members(element: Element, nodes: Mapping[int, Point], ways: Mapping[int, Line]) -> Iterator[tuple[int, Line]]:
    members = element.get("members")
    for member in members if isinstance(members, list) else ():
        if not isinstance(member, dict) or member.get("type") != "way" or member.get("role") not in ("outer", ""):
            continue
        number = member.get("ref")
        if not isinstance(number, int):
            continue
        line = ways.get(number) or _line(member, nodes)
        if line.points:
            yield number, line
