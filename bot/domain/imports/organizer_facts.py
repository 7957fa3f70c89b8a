"""Facts that organizers add to a schedule, in the chat and in files: topics, venues, lines and the title."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.domain.imports.draft import Remark
from bot.domain.imports.way_facts import FileWay, way_values, with_file_ways, with_way
from bot.domain.schedule.conference import KindLine, Schedule, Topic
from bot.domain.schedule.organizer_changes import SESSIONS, ChangeKind, OrganizerChange, OrganizerChanges, Values
from bot.domain.schedule.session import Session
from bot.domain.schedule.weather_changes import WEATHER
from bot.domain.travel.venue import DoorTime, Entrance, Venue, VenueBook

TITLE, CHECK_IN, WALK_UP = "title", "check-in", "walk-up"
"""Names of settings. A line for one kind of session has the kind behind it: `walk-up for workshop`."""
FOR = " for "
MOST_TOPICS, LONGEST_NAME, LONGEST_PLACE, LONGEST_TEXT = 100, 80, 200, 1_500
"""The most topics, and the most characters of a topic's name, its place or hours, and its text."""
MAX_TITLE_CHARACTERS = 200
MOST_MINUTES = 120
"""Nobody has to be at a door earlier than this."""


@dataclass(frozen=True, slots=True)
class FileFacts:
    """Facts that files and options of an import bring beside the schedule. None for what is not given."""

    title: str | None = None
    check_in: int | None = None
    walk_up: int | None = None
    topics: tuple[Topic, ...] | None = None
    ways: tuple[FileWay, ...] | None = None


def changed(schedule: Schedule, kind: ChangeKind, name: str, patch: Values | None, at: datetime) -> Schedule:
    """Return the schedule with a change that an organizer makes. Its revision rises if anything differs."""
    before, base = schedule.organizer_changes, values_of(schedule, kind, name)
    name = before.name_of(kind, name)
    change = OrganizerChange(schedule.conference.revision + 1, kind, name, at, patch)
    changes = before.with_change(change, base)
    after = _with(schedule, kind, name, changes.values(kind, name))
    if kind is ChangeKind.VENUE and patch is not None:
        after, moved = _placed(after, name)
        if moved:
            changes = before.with_change(replace(change, patch={**patch, SESSIONS: moved}), base)
    return _revised(replace(after, organizer_changes=changes))


def undone(schedule: Schedule, number: int) -> Schedule:
    """Return the schedule without one change. Later changes of the same thing stay."""
    change = schedule.organizer_changes.numbered(number)
    if change is None:
        return schedule
    before = schedule.organizer_changes
    changes, (kind, name) = before.without(number), (change.kind, change.name)
    is_free = not any(thing == change.thing for thing in ((k, n.casefold()) for k, n in changes.things))
    values = before.base(kind, name) if is_free else changes.values(kind, name)
    after = _with(schedule, kind, name, values)
    moved: Mapping[str, Sequence[str]] = (change.patch or {}).get(SESSIONS, {})
    sessions = tuple(_back(session, name, moved) for session in after.sessions) if moved else after.sessions
    return _revised(replace(after, sessions=sessions, organizer_changes=changes))


def without_changes(schedule: Schedule) -> Schedule:
    """Return the schedule with all facts as files have them. Sessions stay where they are."""
    changes = schedule.organizer_changes
    for kind, name in changes.things:
        schedule = _with(schedule, kind, name, changes.base(kind, name))
    return schedule


def with_changes(schedule: Schedule, changes: OrganizerChanges) -> Schedule:
    """Apply all changes to a schedule that has its facts from files."""
    bases = {(kind, name): values_of(schedule, kind, name) for kind, name in changes.things}
    changes = changes.rebased(bases)
    for kind, name in changes.things:
        schedule = _with(schedule, kind, name, changes.values(kind, name))
    return replace(schedule, organizer_changes=changes)


def with_file_facts(schedule: Schedule, facts: FileFacts, venues: Sequence[Venue]) -> tuple[Schedule, Sequence[Remark]]:
    """Return the schedule with the facts of files in place of what earlier files said, and what cannot be used.

    Args:
        venues: those that ways may name: also venues that organizers added in the chat.
    """
    if facts.title is not None:
        schedule = _with(schedule, ChangeKind.SETTING, TITLE, {"value": facts.title})
    for name, minutes in ((CHECK_IN, facts.check_in), (WALK_UP, facts.walk_up)):
        if minutes is not None:
            schedule = _with(schedule, ChangeKind.SETTING, name, {"value": minutes})
    schedule = schedule if facts.topics is None else replace(schedule, topics=facts.topics)
    return (schedule, ()) if facts.ways is None else with_file_ways(schedule, facts.ways, venues)


def overruled(before: OrganizerChanges, after: OrganizerChanges) -> Sequence[Remark]:
    """Say which new facts of files are not used, because an organizer changed them in the chat."""
    return [
        Remark(f"{kind} {name!r}", "an organizer changed it in the chat, and that stays: /organizer undo takes it back")
        for kind, name in after.things
        if before.base(kind, name) != after.base(kind, name) and after.values(kind, name) != after.base(kind, name)
    ]


def placed_venues(schedule: Schedule) -> Sequence[Venue]:
    """The venues that organizers added or changed in the chat, as they are now."""
    names = [name.casefold() for kind, name in schedule.organizer_changes.things if kind is ChangeKind.VENUE]
    return [venue for venue in schedule.venues if venue.name.casefold() in names]


def values_of(schedule: Schedule, kind: ChangeKind, name: str) -> Values | None:
    """Return the facts of a thing in the schedule; None if it has no such thing."""
    return READ[kind](schedule, name)


def _revised(schedule: Schedule) -> Schedule:
    conference = schedule.conference
    return replace(schedule, conference=replace(conference, revision=conference.revision + 1))


def _placed(schedule: Schedule, name: str) -> tuple[Schedule, Mapping[str, Sequence[str]]]:
    """Put sessions into a changed venue that their room names, if nobody knows where their own venue is.

    Returns:
        The schedule, and the venue and room that each of them had before, by session id.
    """
    book = VenueBook.of(schedule.venues)
    venue = book.named(name)
    if venue is None or venue.lat is None:
        return schedule, {}
    located = {other.name for other in schedule.venues if other.lat is not None}
    sessions: list[Session] = []
    moved: dict[str, Sequence[str]] = {}
    for session in schedule.sessions:
        found = book.all_at(session.room) if session.room and session.venue not in located else ()
        if found[:1] == (venue,):
            moved[session.id] = [session.venue, session.room]
            session = replace(session, venue=venue.name, room=_room(session.room, venue, book))  # noqa: PLW2901 — the same session
        sessions.append(session)
    return (replace(schedule, sessions=tuple(sessions)) if moved else schedule), moved


def _room(room: str, venue: Venue, book: VenueBook) -> str:
    """The room without the venue before it."""
    first, comma, rest = room.partition(",")
    return rest.strip() if comma and book.named(first.strip()) == venue else room


def _back(session: Session, venue: str, moved: Mapping[str, Sequence[str]]) -> Session:
    if session.id not in moved or session.venue.casefold() != venue.casefold():
        return session
    before, room = moved[session.id]
    return replace(session, venue=before, room=room)


def _with(schedule: Schedule, kind: ChangeKind, name: str, values: Values | None) -> Schedule:
    if values == values_of(schedule, kind, name):
        return schedule
    return WRITE[kind](schedule, name, values)


# Topics.


def _topic_values(schedule: Schedule, name: str) -> Values | None:
    found = next((topic for topic in schedule.topics if topic.name.casefold() == name.casefold()), None)
    if found is None:
        return None
    return {"name": found.name, "text": found.text, "place": found.place, "hours": found.hours}


def _with_topic(schedule: Schedule, name: str, values: Values | None) -> Schedule:
    topic = Topic(**{"name": name, "text": "", **values}) if values is not None else None
    return replace(schedule, topics=_listed(schedule.topics, name, topic))


# Venues.


def _venue_values(schedule: Schedule, name: str) -> Values | None:
    found = next((venue for venue in schedule.venues if venue.name.casefold() == name.casefold()), None)
    if found is None:
        return None
    return {
        "name": found.name,
        "aliases": list(found.aliases),
        "lat": found.lat,
        "lon": found.lon,
        "minutes_inside": found.minutes_inside,
        "entrances": [[door.lat, door.lon, door.step_free] for door in found.entrances],
        "door_times": [[each.rooms, each.minutes] for each in found.door_times],
    }


def _with_venue(schedule: Schedule, name: str, values: Values | None) -> Schedule:
    return replace(schedule, venues=_listed(schedule.venues, name, _venue_of(name, values)))


def _venue_of(name: str, values: Values | None) -> Venue | None:
    if values is None:
        return None
    made = {"name": name, **values, "aliases": tuple(values.get("aliases", ()))}
    made |= {"entrances": tuple(Entrance(*door) for door in values.get("entrances", ()))}
    return Venue(**{**made, "door_times": tuple(DoorTime(*each) for each in values.get("door_times", ()))})


def _listed(things: Sequence[Any], name: str, thing: Any) -> tuple[Any, ...]:  # noqa: ANN401 — topics or venues
    """The things with one of them replaced, removed (None) or added at the end."""
    kept = [thing if each.name.casefold() == name.casefold() else each for each in things]
    if thing is not None and thing not in kept:
        kept.append(thing)
    return tuple(each for each in kept if each is not None)


# Settings.


def _setting_values(schedule: Schedule, name: str) -> Values | None:
    if name == TITLE:
        return {"value": schedule.conference.title}
    if name.startswith(WEATHER):
        return None
    fact, _, kind = name.partition(FOR)
    line = next((line for line in schedule.conference.lines if line.kind == kind), None)
    minutes = (line.check_in if fact == CHECK_IN else line.walk_up) if line else None
    return None if minutes is None else {"value": minutes}


def _with_setting(schedule: Schedule, name: str, values: Values | None) -> Schedule:
    conference = schedule.conference
    if name == TITLE:
        return replace(schedule, conference=replace(conference, title=values["value"])) if values else schedule
    # The weather is read from the changes themselves.
    if name.startswith(WEATHER):
        return schedule
    fact, _, kind = name.partition(FOR)
    by_kind = {line.kind: line for line in conference.lines}
    minutes, line = values["value"] if values else None, by_kind.get(kind, KindLine(kind))
    line = replace(line, check_in=minutes) if fact == CHECK_IN else replace(line, walk_up=minutes)
    lines = {**by_kind, kind: line}.values()
    used = sorted((each for each in lines if each != KindLine(each.kind)), key=lambda each: each.kind)
    return replace(schedule, conference=replace(conference, lines=tuple(used)))


READ: Mapping[ChangeKind, Callable[[Schedule, str], Values | None]] = {
    ChangeKind.TOPIC: _topic_values,
    ChangeKind.VENUE: _venue_values,
    ChangeKind.SETTING: _setting_values,
    ChangeKind.WAY: way_values,
}
WRITE: Mapping[ChangeKind, Callable[[Schedule, str, Values | None], Schedule]] = {
    ChangeKind.TOPIC: _with_topic,
    ChangeKind.VENUE: _with_venue,
    ChangeKind.SETTING: _with_setting,
    ChangeKind.WAY: with_way,
}
