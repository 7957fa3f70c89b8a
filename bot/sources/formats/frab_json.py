"""frab's, pretalx's and the CCC hub's `schedule.json`: events under days and rooms, or (version 2) in one list."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

from bot.domain.errors import EmptyScheduleError, ScheduleImportError
from bot.domain.imports.draft import Draft
from bot.domain.phrases import phrase
from bot.sources.format import Format, Raw
from bot.sources.frab import RECORDING, Frame, add_event, finish
from bot.sources.json_text import load, mapping, sequence
from bot.sources.recordings import recording_among
from bot.sources.text import plain

_SCHEDULE = re.compile(r'"schedule"\s*:\s*\{')


def recognise(raw: Raw) -> bool:
    """Whether the data is a JSON object with a member `schedule`."""
    return raw.head.startswith("{") and _SCHEDULE.search(raw.head[:4096]) is not None


def parse(raw: Raw) -> Draft:
    """Parse a whole file."""
    schedule = mapping(mapping(load(raw.text, raw.name)).get("schedule"))
    conference = mapping(schedule.get("conference"))
    days, events = conference.get("days"), schedule.get("events")
    if not isinstance(days, list) and not isinstance(events, list):
        message = phrase(
            "{name}: there is no list schedule.conference.days in it: export it as frab or pretalx does, or "
            "describe it with a mapping (--map FILE).",
            name=raw.name,
        )
        raise ScheduleImportError(message)
    zone = plain(conference.get("time_zone_name") or conference.get("timezone"))
    draft = Draft("frab-json", raw.name, plain(_local(conference.get("title"))), zone, plain(conference.get("venue")))
    frame = Frame(first=plain(conference.get("start")))
    rooms, tracks = _names(conference.get("rooms")), _names(conference.get("tracks"))
    for where, event in chain(_under_days(sequence(days), frame), _in_list(sequence(events))):
        facts = _facts(event, rooms, tracks)
        add_event(draft, facts, _speakers(event), frame, where)
    finish(draft, frame)
    if not draft.sessions and not draft.skipped and not draft.impossible:
        message = phrase(
            "{name}: neither schedule.conference.days nor schedule.events has an event: export it once more.",
            name=raw.name,
        )
        raise EmptyScheduleError(message)
    return draft


def _under_days(days: Sequence[object], frame: Frame) -> Iterator[tuple[str, Mapping[str, object]]]:
    for number, day in enumerate(days):
        frame.start_day(mapping(day), number)
        for room, events in mapping(mapping(day).get("rooms")).items():
            frame.room = room
            for position, event in enumerate(sequence(events)):
                yield f"days[{number}].rooms[{room!r}][{position}]", mapping(event)


def _in_list(events: Sequence[object]) -> Iterator[tuple[str, Mapping[str, object]]]:
    return ((f"events[{position}]", mapping(event)) for position, event in enumerate(events))


def _facts(event: Mapping[str, object], rooms: Mapping[str, str], tracks: Mapping[str, str]) -> Mapping[str, str]:
    facts = {name: plain_text for name, value in event.items() if (plain_text := _local(value))}
    places = {"room": _named(event.get("room"), rooms), "track": _named(event.get("track"), tracks)}
    return {**facts, **places, RECORDING: _recording(event)}


def _recording(event: Mapping[str, object]) -> str:
    """The recording of the file's own fields, else the one among its links."""
    own = (event.get(name) for name in ("video_download_url", "recording_url", "video_url"))
    inner = mapping(event.get("recording"))
    listed = map(mapping, sequence(event.get("links")))
    links = ((_local(link.get("title")), _local(link.get("url"))) for link in listed)
    addresses = (plain(_local(address)) for address in (*own, inner.get("url"), inner.get("link")))
    return next(filter(None, addresses), "") or recording_among(links)


def _local(value: object) -> str:
    """Return a string; of a multilingual text the English or first one."""
    if isinstance(value, dict):
        value = value.get("en") or next((text for text in value.values() if isinstance(text, str)), "")
    if isinstance(value, list | dict) or value is None:
        return ""
    return str(value)


def _named(value: object, names: Mapping[str, str]) -> str:
    """Return the name of a room or track given by name, object, guid or slug."""
    facts = mapping(value)
    if not facts:
        return _local(value)
    name = _local(facts.get("name"))
    return name or next((names[key] for key in map(str, (facts.get("guid"), facts.get("slug"))) if key in names), "")


def _names(value: object) -> Mapping[str, str]:
    names: dict[str, str] = {}
    for track in map(mapping, sequence(value)):
        for key in ("guid", "slug"):
            if isinstance(track.get(key), str):
                names.setdefault(str(track[key]), _local(track.get("name")))
    return names


def _speakers(event: Mapping[str, object]) -> list[str]:
    listed = sequence(event.get("persons")) or sequence(event.get("participants"))
    persons = [mapping(person) or {"name": person} for person in listed]
    return [
        plain(person.get("public_name") or person.get("full_public_name") or person.get("name"))
        for person in persons
        if plain(person.get("role")).upper() != "CONTRIBUTOR"
    ]


FORMAT = Format("frab-json", "schedule.json (version 1 and 2) of frab, pretalx and the CCC's hub", recognise, parse)
