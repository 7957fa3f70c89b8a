"""Ways that organizers add, in the chat and in files; those of a file replace those of earlier files."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, time

from bot.domain.imports.draft import Remark, remark
from bot.domain.phrases import phrase
from bot.domain.schedule.conference import Schedule
from bot.domain.schedule.organizer_changes import Values
from bot.domain.travel.travel import Travel
from bot.domain.travel.venue import Place, Venue, VenueBook
from bot.domain.travel.way import LegSource, Mode, Way

MOST_MINUTES, MOST_METRES, MOST_WAIT, MOST_INSIDE = 600, 100_000, 240, 120
"""Limits of one way, and of minutes inside a venue. Nobody waits four hours for a bus."""
OWN_FIGURES = (LegSource.LEARNED, LegSource.ESTIMATE)
"""Sources that Hallway fills in itself."""
SAME = 0.05
"""Minutes by which a figure that was written with one digit may differ from the exact one."""


@dataclass(frozen=True, slots=True)
class FileWay:
    """A way in a row of a file; `where` names the row."""

    where: str
    way: Way


def way_name(way: Way) -> str:
    """The name of a way: `Venetian to Wynn by monorail`."""
    return f"{way.origin} to {way.target} by {way.mode}"


def way_values(schedule: Schedule, name: str) -> Values | None:
    """Return the facts of a way that an organizer set; None if no organizer set it."""
    way = _find_way(schedule, name)
    if way is None:
        return None
    return {
        "from": way.origin,
        "to": way.target,
        "mode": way.mode.value,
        "minutes": way.minutes,
        "p90": way.p90,
        "metres": way.metres,
        "step_free": way.step_free,
        "outdoor": way.outdoor,
        "wait": way.wait,
        "days": None if way.days is None else sorted(way.days),
        "hours": None if way.hours is None else [hour.isoformat() for hour in way.hours],
        "both_ways": way.both_ways,
        "as_of": way.as_of.isoformat() if way.as_of else None,
        "line": [list(point) for point in way.line],
    }


def with_way(schedule: Schedule, name: str, values: Values | None) -> Schedule:
    """Return the schedule with the way that an organizer sets in place of the way with its name; None removes it."""
    before, way = _find_way(schedule, name), _way_of(values)
    ways = [way if other is before else other for other in schedule.ways]
    if way is not None and before is None:
        ways.append(way)
    return replace(schedule, ways=tuple(other for other in ways if other is not None))


def with_file_ways(
    schedule: Schedule, rows: Sequence[FileWay], venues: Sequence[Venue]
) -> tuple[Schedule, Sequence[Remark]]:
    """Return the schedule with the ways of a file, and remarks on wrong rows.

    The ways of a file replace all stored ways from the same sources. Rows with figures that Hallway had written itself
    are left out: they would hide better figures that it learns.
    """
    book, remarks = VenueBook.of(venues), list[Remark]()
    stored = {_key(way): way for way in schedule.ways}
    bare = Travel.of(venues)
    fresh: dict[tuple[str, str, Mode, LegSource], Way] = {}
    for row in rows:
        way, problem = _named(row.way, book)
        if way is None:
            remarks.append(remark("legs", "{place}: {problem}", place=row.where, problem=problem))
            continue
        way = _by_organizer(way, stored, bare)
        if way is None:
            continue
        if _key(way) in fresh:
            remarks.append(
                remark(
                    "legs",
                    "{place}: {way_name} is there twice: remove one of both rows.",
                    place=row.where,
                    way_name=way_name(way),
                )
            )
            continue
        fresh[_key(way)] = _completed(way, stored.get(_key(way)))
    replaced = {way.source for way in fresh.values()}
    unchanged = [way for way in schedule.ways if way.source not in replaced or way.source in OWN_FIGURES]
    ways = {_key(way): way for way in unchanged} | fresh
    return replace(schedule, ways=tuple(ways.values())), remarks


def _by_organizer(way: Way, stored: Mapping[tuple[str, str, Mode, LegSource], Way], bare: Travel) -> Way | None:
    """Return the way as set by an organizer, if its row has another figure than Hallway's own; else None."""
    if way.source not in OWN_FIGURES:
        return way
    existing = stored.get(_key(way))
    if way.source is LegSource.LEARNED and existing is None:
        return way
    minutes = existing.minutes if existing else estimated_minutes(bare, way.origin, way.target)
    if minutes is not None and abs(minutes - way.minutes) <= SAME:
        return None
    return replace(way, source=LegSource.ORGANIZER)


def estimated_minutes(bare: Travel, origin: str, target: str) -> float | None:
    """Return the median by the distance, from a `Travel` without ways; None if a position is unknown."""
    leg = bare.best(Place(origin), Place(target))
    return leg.median if leg else None


def _completed(way: Way, stored: Way | None) -> Way:
    """A way with what no row of a file can say, if it is the stored one."""
    if stored is None:
        return way
    outdoor = stored.outdoor if way.outdoor is None else way.outdoor
    completed = replace(way, line=stored.line, outdoor=outdoor, samples=stored.samples)
    return completed if completed == stored else way


def _named(way: Way, book: VenueBook) -> tuple[Way | None, str]:
    """The way with the names that its venues have in the list, or what is wrong with them."""
    for column, name in (("from", way.origin), ("to", way.target)):
        if book.named(name) is None:
            listed = ", ".join(venue.name for venue in book.venues[:10]) or "none"
            return None, phrase(
                "{column} is {name}, which is not a venue: write one of {known}.",
                column=column,
                name=repr(name[:60]),
                known=listed,
            )
    origin, target = (book.named(name) for name in (way.origin, way.target))
    if origin is None or target is None or origin == target:
        return None, phrase(
            "from and to are both {origin}: minutes inside a venue belong into the list of venues.",
            origin=repr(way.origin[:60]),
        )
    return replace(way, origin=origin.name, target=target.name), ""


def _find_way(schedule: Schedule, name: str) -> Way | None:
    by_organizers = (way for way in schedule.ways if way.source is LegSource.ORGANIZER)
    return next((way for way in by_organizers if way_name(way).casefold() == name.casefold()), None)


def _key(way: Way) -> tuple[str, str, Mode, LegSource]:
    return way.origin, way.target, way.mode, way.source


def _way_of(values: Values | None) -> Way | None:
    if values is None:
        return None
    facts = {name: value for name, value in values.items() if name not in ("from", "to")}
    days, hours, as_of = values.get("days"), values.get("hours"), values.get("as_of")
    facts |= {"mode": Mode(values.get("mode", Mode.WALK)), "days": None if days is None else frozenset(days)}
    facts |= {"hours": (time.fromisoformat(hours[0]), time.fromisoformat(hours[1])) if hours else None}
    facts |= {"as_of": date.fromisoformat(as_of) if as_of else None}
    facts |= {"line": tuple((lat, lon) for lat, lon in values.get("line", ()))}
    return Way(origin=values["from"], target=values["to"], source=LegSource.ORGANIZER, **facts)
