"""The functions of `hallway legs`: the ways between venues as a table, in and out."""

from collections.abc import Iterator, Sequence
from itertools import combinations

from bot.app.ports import Clock, UnitOfWork
from bot.app.schedules.importer import import_facts
from bot.app.text import n, plain
from bot.cli.conferences import ConferenceError
from bot.cli.database import opened
from bot.domain.imports.draft import Remark
from bot.domain.imports.organizer_facts import FileFacts
from bot.domain.imports.way_facts import FileWay
from bot.domain.schedule.conference import Schedule
from bot.domain.travel.distance import estimated_way
from bot.domain.travel.way import LegSource, Way
from bot.sources.ways_csv import ways_text


async def import_ways(database: str, clock: Clock, slug: str, ways: Sequence[FileWay], wrong: Sequence[Remark]) -> str:
    """Store the ways of a file, and update the plans of everybody affected; return a report in lines.

    Raises:
        ConferenceError: there is no such conference.
    """
    async with opened(database, writes=True) as work:
        schedule = await _schedule(work, slug)
        facts = FileFacts(ways=tuple(ways))
        new, remarks = await import_facts(work, schedule, facts, clock.now())
    stored = plain(n("{count} way is stored", "{count} ways are stored", len(new.ways)))
    lines = [f"{new.conference.title}: {stored}, {len(ways):,} came with the file."]
    skipped = [*wrong, *remarks]
    lines += [f"{len(skipped)} skipped:"] if skipped else []
    return "\n".join([*lines, *(f"  {remark.what}" for remark in skipped)])


async def shown(database: str, slug: str) -> str:
    """Return the stored ways as a table."""
    async with opened(database) as work:
        return ways_text((await _schedule(work, slug)).ways)


async def template(database: str, slug: str) -> str:
    """Return every pair of venues with its ways, or with the estimate, as a table."""
    async with opened(database) as work:
        return ways_text(_all_ways(await _schedule(work, slug)))


def _all_ways(schedule: Schedule) -> Iterator[Way]:
    """Yield all stored ways, and a walk by the distance for each pair without any; 0 minutes stand for nothing."""
    yield from schedule.ways
    known = {frozenset((way.origin, way.target)) for way in schedule.ways}
    for one, other in combinations(schedule.venues, 2):
        if frozenset((one.name, other.name)) in known:
            continue
        way = estimated_way(one, other)
        if way is None:
            yield Way(one.name, other.name, 0, LegSource.ORGANIZER)
        else:
            yield Way(way.origin, way.target, round(way.minutes, 1), way.source, metres=way.metres)


async def _schedule(work: UnitOfWork, slug: str) -> Schedule:
    """The schedule with this short name; without one, that of the only conference."""
    records = await work.conferences.records()
    known = [record.conference.slug for record in records]
    if not slug and len(known) == 1:
        slug = known[0]
    schedule = await work.conferences.load(slug) if slug in known else None
    if schedule is None:
        asked = f"There is no conference {slug!r}" if slug else "Which conference? Say --conference NAME"
        raise ConferenceError("{asked}. I know: {names}.", asked=asked, names=", ".join(known) or "none")
    return schedule
