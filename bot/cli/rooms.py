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
    """Ask the indoor map for the way between each two rooms, and store them; return a report in lines.

    They replace those of an earlier run; people are planned again. After an error nothing is changed.

    Args:
        database: its address.
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
        raise ConferenceError(f"There is no conference {slug!r}: see `hallway conference list`.")
    base = schedule.conference.c3nav
    if not base:
        raise ConferenceError(
            f"{slug} has no indoor map: give its address with `hallway conference c3nav {slug} ADDRESS`."
        )
    rooms, left_out = rooms_of(schedule)
    async with connect(base) as map_:
        known = {name: places for name, places in rooms.items() if await map_.knows(name)}
        unknown = [places[0].room for name, places in rooms.items() if name not in known]
        if len(known) < 2:  # noqa: PLR2004 — a pair
            raise ConferenceError(
                f"{base} knows {len(known)} of the {len(rooms)} rooms of {slug}, so there is no way between two: "
                "check the address, and how the map names its rooms."
            )
        ways = await _ways(map_, known, clock.now().date(), progress)
    async with opened(database, writes=True) as work:
        old = await work.conferences.load(slug)
        if old is None:
            raise ConferenceError(f"{slug} was deleted meanwhile.")
        revised = replace(old.conference, revision=old.conference.revision + 1)
        new = replace(old, conference=revised, room_ways=tuple(ways))
        await save_schedule(work, old, new, NO_DIFFERENCE, clock.now())
    counts = n("{count} way", "{count} ways", len(ways)), n("{count} room", "{count} rooms", len(known))
    lines = [f"{slug}: stored {plain(counts[0])} between {plain(counts[1])}."]
    lines += [f"The map does not know {_named(unknown)}."] if unknown else []
    if left_out:
        lines.append(f"Only the {MOST_ROOMS} rooms with the most sessions were asked for: {left_out} are left out.")
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
    progress(f"Asking for {len(pairs):,} ways: about {minutes} min.")
    found: list[RoomWay] = []
    for origin, target in pairs:
        route = await map_.route(origin, target)
        if route is not None:
            found += [
                RoomWay(start, end, route.minutes, route.metres, today)
                for start in rooms[origin]
                for end in rooms[target]
            ]
    return found


def _named(rooms: Sequence[str]) -> str:
    more = f" and {len(rooms) - MOST_NAMED} more" if len(rooms) > MOST_NAMED else ""
    return ", ".join(rooms[:MOST_NAMED]) + more
