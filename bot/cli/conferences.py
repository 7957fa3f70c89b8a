"""The functions of `hallway conference`: what the operator sees and does of conferences."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from bot.app.ports import Clock, ConferenceRecord, UnitOfWork
from bot.app.schedules import following
from bot.app.schedules.importer import save_schedule
from bot.app.text import n, plain
from bot.cli.database import opened
from bot.domain.attendee.attendee import Community
from bot.domain.errors import HallwayError
from bot.domain.imports.organizer_facts import MAX_TITLE_CHARACTERS, TITLE
from bot.domain.schedule.diff import NO_DIFFERENCE
from bot.domain.schedule.organizer_changes import ChangeKind
from bot.domain.travel.room_links import read_base
from bot.sources.info_csv import info_text
from bot.sources.schedule_csv import schedule_text
from bot.sources.venues_csv import venues_text
from bot.sources.ways_csv import ways_text

OFF = "off"


class ConferenceError(HallwayError):
    """The operator's request about a conference cannot be carried out."""


async def listed(database: str) -> str:
    """List all conferences: short name, title, days, sessions, who may follow each, and how many communities do."""
    async with opened(database) as work:
        lines = [await _line(work, record) for record in await work.conferences.records()]
    return "\n".join(lines) or "No conferences. To add one: hallway import FILE --conference NAME"


async def show(database: str, slug: str) -> str:
    """Show one conference in full, without any attendee."""
    async with opened(database) as work:
        record = await _record(work, slug)
        schedule, feed = await work.conferences.load(slug), await work.feeds.get(slug)
        followers = await work.communities.following(slug)
        people = sum([await following.count_people(work, slug, each) for each in followers])
        state = await _state(work, record)
    sessions = schedule.listed if schedule else ()
    days = [day.isoformat() for day in schedule.days] if schedule else []
    facts = {
        "name": slug,
        "title": record.conference.title,
        "state": state,
        "zone": record.conference.zone,
        "days": f"{days[0]} to {days[-1]}" if days else "none",
        "sessions": f"{len(sessions):,}",
        "indoor map": _map_text(record.conference.c3nav, len(schedule.room_ways) if schedule else 0),
        "source": f"{feed.url}, every {feed.every} min: {feed.health}" if feed else "a file",
        "followed by": ", ".join(map(_named, followers)) or "no community",
        "agendas": f"{people:,}",
    }
    return "\n".join(f"{name + ':':<13}{value}" for name, value in facts.items())


def _map_text(address: str, ways: int) -> str:
    if not address:
        return "none"
    return f"{address}, {ways:,} ways between rooms" if ways else address


async def retitle(database: str, slug: str, title: str) -> str:
    """Change the title. Later imports keep it, and it replaces a title that organizers chose.

    Raises:
        ConferenceError: there is no such conference, or the title is empty or too long.
    """
    title = " ".join(title.split())
    if not 0 < len(title) <= MAX_TITLE_CHARACTERS:
        raise ConferenceError("A title has 1 to {most} characters.", most=MAX_TITLE_CHARACTERS)
    async with opened(database, writes=True) as work:
        record = await _record(work, slug)
        schedule = await work.conferences.load(slug)
        if schedule and schedule.organizer_changes.rows:
            changes = schedule.organizer_changes.forgotten(ChangeKind.SETTING, TITLE)
            await work.conferences.save(replace(schedule, organizer_changes=changes), schedule)
        await work.conferences.save_record(replace(record, conference=replace(record.conference, title=title)))
    return f"{slug} is now called {title}."


async def link_rooms(database: str, clock: Clock, slug: str, address: str) -> str:
    """Set the address of the indoor map (c3nav) to which rooms are linked; `off` for none, and for no ways of it.

    Raises:
        ConferenceError: there is no such conference.
        BadInputError: it is no address.
    """
    base = "" if address.strip().casefold() == OFF else read_base(address)
    async with opened(database, writes=True) as work:
        record = await _record(work, slug)
        revision = record.conference.revision + 1
        conference = replace(record.conference, c3nav=base, revision=revision)
        await work.conferences.save_record(replace(record, conference=conference))
        old = None if base else await work.conferences.load(slug)
        if old and old.room_ways:
            await save_schedule(work, old, replace(old, room_ways=()), NO_DIFFERENCE, clock.now())
    return f"Rooms of {slug} are linked to {base}." if base else f"Rooms of {slug} are linked to no map."


async def export(database: str, slug: str, folder: str) -> str:
    """Write the sessions, venues, ways and topics as they are now, with what organizers changed in the chat.

    Raises:
        ConferenceError: there is no such conference, or the files cannot be written.
    """
    async with opened(database) as work:
        await _record(work, slug)
        schedule = await work.conferences.load(slug)
    if schedule is None:
        raise ConferenceError("There is no conference {slug}.", slug=repr(slug))
    texts = {
        "venues": venues_text(schedule.venues),
        "legs": ways_text(schedule.ways),
        "info": info_text(schedule.topics),
    }
    _write(Path(folder), {**texts, "schedule": schedule_text(schedule)})
    files = " ".join(f"--{name} {Path(folder) / name}.csv" for name in texts)
    source = Path(folder) / "schedule.csv"
    zone = schedule.conference.zone
    return f"To import them again: hallway import {source} --conference {slug} --zone {zone} {files}"


async def publish(database: str, slug: str) -> str:
    """Let every community follow it; raises `ConferenceError` if there is no such conference."""
    async with opened(database, writes=True) as work:
        await following.publish(work, await _record(work, slug))
    return f"Every community may follow {slug} now: /conference {slug}. Communities keep the one that they follow."


async def archive(database: str, slug: str) -> str:
    """Offer it to nobody, and poll its feed no more; raises `ConferenceError` if there is no such conference."""
    async with opened(database, writes=True) as work:
        record = await _record(work, slug)
        await following.keep_followers(work)
        await work.conferences.save_record(replace(record, archived=True))
        await work.feeds.remove(slug)
    back = f"To offer it again: hallway conference publish {slug}"
    return f"{slug} is archived. Communities that follow it keep it; its source is not checked any more. {back}"


async def delete(database: str, clock: Clock, slug: str, *, force: bool) -> str:
    """Delete it with all its data.

    Raises:
        ConferenceError: there is no such conference, or communities follow it and `force` is off.
    """
    async with opened(database, writes=True) as work:
        await _record(work, slug)
        await following.keep_followers(work)
        followers = await work.communities.following(slug)
        if followers and not force:
            names = ", ".join(map(_named, followers))
            raise ConferenceError(
                "{slug} is followed by {names}. To delete it with their agendas: --force", slug=slug, names=names
            )
        async for chunk in work.attendances.everyone(slug):
            await work.deliveries.reconcile([(attendee, []) for attendee, _ in chunk], clock.now())
        await work.conferences.delete(slug)
    return f"{slug} is deleted."


def _write(folder: Path, texts: Mapping[str, str]) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            (folder / f"{name}.csv").write_text(text, "utf-8")
    except OSError as error:
        raise ConferenceError(
            "{folder} cannot be written: {reason}.", folder=folder, reason=error.strerror or error
        ) from error


async def _record(work: UnitOfWork, slug: str) -> ConferenceRecord:
    record = await work.conferences.record(slug)
    if record is None:
        known = ", ".join(each.conference.slug for each in await work.conferences.records()) or "none"
        raise ConferenceError("There is no conference {slug}. I know: {known}.", slug=repr(slug), known=known)
    return record


async def _line(work: UnitOfWork, record: ConferenceRecord) -> str:
    slug = record.conference.slug
    schedule = await work.conferences.load(slug)
    days = [day.isoformat() for day in schedule.days] if schedule else []
    sessions = len(schedule.listed) if schedule else 0
    when = f"{days[0]} to {days[-1]}" if days else "no days"
    followers: Sequence[Community] = await work.communities.following(slug)
    followed = plain(n("followed by {count} community", "followed by {count} communities", len(followers)))
    size = plain(n("{count} session", "{count} sessions", sessions))
    return "  ".join((slug, record.conference.title, when, size, await _state(work, record), followed))


async def _state(work: UnitOfWork, record: ConferenceRecord) -> str:
    if record.archived:
        return "archived"
    if record.published:
        return "published"
    found = await work.communities.by_id([record.owner] if record.owner is not None else [])
    owners = [f"only for {_named(owner)}" for owner in found.values()]
    return owners[0] if owners else "for nobody"


def _named(community: Community) -> str:
    address = f"{community.platform}:{community.tenant}"
    return f"{address} ({community.name})" if community.name else address
