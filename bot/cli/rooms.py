"""`hallway route rooms`: ways between rooms, from the indoor map of a conference."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import combinations

from bot.app.ports import Clock
from bot.app.schedules.importer import save_schedule
from bot.app.text import n, plain
from bot.cli.conferences import ConferenceError
from bot.cli.database import opened
from bot.domain.phrases import phrase
from bot.domain.schedule.conference import Schedule
from bot.domain.schedule.diff import NO_DIFFERENCE
from bot.domain.travel.room_links import room_slug
from bot.domain.travel.room_ways import RoomWay
from bot.domain.travel.venue import Place
from bot.sources.fetch.c3nav import PAUSE, C3nav

MOST_ROOMS = 80
"""Rooms that the map is asked about: 3,160 ways, some 11 minutes at five requests a second."""
MOST_NAMED = 5
Progress = Callable[[str], None]


async def import_rooms(
    database: str, slug: str, clock: Clock, connect: Callable[[str], C3nav], progress: Progress
) -> str:
    """Ask the indoor map for the way between each two rooms, and store the ways; return a report in lines.

    The ways replace those of an earlier run; people are planned again. After an error nothing is changed.

    Args:
        database: the address of the database.
        slug: the conference.
        clock: the time.
        connect: returns a connection to the map at an address.
        progress: shows a line while the work goes on.

    Raises:
        ConferenceError: there is no such conference, or it has no indoor map, or the map knows none of its rooms.
        FetchError: the map does not answer, or refuses the key.
    """
    async with opened(database) as work:
        schedule = await work.conferences.load(slug)
    if schedule is None:
        raise ConferenceError("There is no conference {slug}: see `hallway conference list`.", slug=repr(slug))
    base = schedule.conference.c3nav
    if not base:
        raise ConferenceError(
            "{slug} has no indoor map: give its address with `hallway conference c3nav {slug} ADDRESS`.", slug=slug
        )
    rooms, left_out = rooms_of(schedule)
    async with connect(base) as map_:
        on_map = {name: places for name, places in rooms.items() if await map_.knows(name)}
        unknown = [places[0].room for name, places in rooms.items() if name not in on_map]
        if len(on_map) < 2:  # noqa: PLR2004 — a pair
            raise ConferenceError(
                "{base} knows {known} of the {rooms} rooms of {slug}, so no way between two rooms can be found: "
                "check the address, and how the map names its rooms.",
                base=base,
                known=len(on_map),
                rooms=len(rooms),
                slug=slug,
            )
        ways = await _ways(map_, on_map, clock.now().date(), progress)
    async with opened(database, writes=True) as work:
        old = await work.conferences.load(slug)
        if old is None:
            raise ConferenceError("{slug} was deleted meanwhile.", slug=slug)
        revised = replace(old.conference, revision=old.conference.revision + 1)
        new = replace(old, conference=revised, room_ways=tuple(ways))
        await save_schedule(work, old, new, NO_DIFFERENCE, clock.now())
    counts = n("{count} way", "{count} ways", len(ways)), n("{count} room", "{count} rooms", len(on_map))
    lines = [phrase("{slug}: stored {ways} between {rooms}.", slug=slug, ways=plain(counts[0]), rooms=plain(counts[1]))]
    lines += [phrase("The map does not know {rooms}.", rooms=_named(unknown))] if unknown else []
    if left_out:
        lines.append(
            phrase(
                "Hallway asked only for the {most} rooms with the most sessions; {count} rooms are left out.",
                most=MOST_ROOMS,
                count=left_out,
            )
        )
    return "\n".join(lines)


def rooms_of(schedule: Schedule) -> tuple[Mapping[str, Sequence[Place]], int]:
    """Return the rooms with the most sessions by the names that the map has for them, and how many more there are.

    A schedule may write one room in several ways.
    """
    uses: Counter[str] = Counter()
    places: defaultdict[str, list[Place]] = defaultdict(list)
    for session in schedule.listed:
        place = session.place
        name = room_slug(session.room)
        if place is None or not name or session.online:
            continue
        uses[name] += 1
        if place not in places[name]:
            places[name].append(place)
    most = sorted(uses, key=lambda name: (-uses[name], name))
    return {name: places[name] for name in most[:MOST_ROOMS]}, max(0, len(most) - MOST_ROOMS)


async def _ways(map_: C3nav, rooms: Mapping[str, Sequence[Place]], today: date, progress: Progress) -> list[RoomWay]:
    pairs = list(combinations(rooms, 2))
    minutes = max(1, round(len(pairs) * PAUSE / 60))
    progress(phrase("Asking for {count:,} ways: about {minutes} min.", count=len(pairs), minutes=minutes))
    ways: list[RoomWay] = []
    for origin, target in pairs:
        route = await map_.route(origin, target)
        if route is not None:
            ways += [
                RoomWay(start, end, route.minutes, route.metres, today)
                for start in rooms[origin]
                for end in rooms[target]
            ]
    return ways


def _named(rooms: Sequence[str]) -> str:
    listed = ", ".join(rooms[:MOST_NAMED])
    more = len(rooms) - MOST_NAMED
    return phrase("{rooms} and {count} more", rooms=listed, count=more) if more > 0 else listed
