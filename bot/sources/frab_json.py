"""frab's and pretalx's `schedule.json`."""

from collections.abc import Mapping

from bot.domain.draft import Draft
from bot.domain.errors import ImportFault
from bot.sources.frab import add_event
from bot.sources.json_text import load, mapping
from bot.sources.reader import Reader
from bot.sources.words import plain


def knows(text: str) -> bool:
    """A JSON object with a `schedule`."""
    return text.lstrip().startswith("{") and '"schedule"' in text[:4096]


def read(text: str, source: str) -> Draft:
    """The draft of a whole file."""
    conference = mapping(mapping(mapping(load(text, source)).get("schedule")).get("conference"))
    days = conference.get("days")
    if not isinstance(days, list):
        message = f"{source}: there is no list schedule.conference.days in it: export it as frab or pretalx does."
        raise ImportFault(message)
    zone, site = plain(conference.get("time_zone_name")), plain(conference.get("venue"))
    draft = Draft("frab-json", source, plain(conference.get("title")), zone, site)
    for number, day in enumerate(days):
        for room, events in mapping(mapping(day).get("rooms")).items():
            path = f"days[{number}].rooms[{room!r}]"
            for position, event in enumerate(events if isinstance(events, list) else []):
                where = f"{path}[{position}]"
                add_event(draft, _strings(event), _speakers(event), plain(mapping(day).get("date")), where)
    return draft


def _strings(event: object) -> Mapping[str, str]:
    known = mapping(event)
    return {
        name: "" if value is None else str(value)
        for name, value in known.items()
        if not isinstance(value, (list, dict))
    }


def _speakers(event: object) -> list[str]:
    persons = mapping(event).get("persons")
    known = [mapping(person) for person in persons] if isinstance(persons, list) else []
    return [plain(person.get("public_name") or person.get("name")) for person in known]


READER = Reader("frab-json", knows, read)
