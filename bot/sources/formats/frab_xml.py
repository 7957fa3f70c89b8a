"""frab's `schedule.xml` and its dialects: Pentabarf, pretalx, wafer and the CCC's hub, read event by event."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from io import BytesIO
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from bot.domain.errors import EmptyScheduleError, ScheduleImportError
from bot.domain.imports.draft import Draft
from bot.domain.phrases import phrase
from bot.sources.format import Format, Raw
from bot.sources.frab import RECORDING, Frame, add_event, finish
from bot.sources.recordings import recording_among
from bot.sources.text import plain

_EVENT = re.compile(r"<event[\s/>]")
_DECLARED = re.compile(r"^\s*<\?xml[^>]*\?>")
_ROOT = re.compile(r"<(?:[a-zA-Z]\w*:)?schedule[\s>]")
DEEPEST, MOST_ATTRIBUTES = 64, 100


def recognise(raw: Raw) -> bool:
    """Whether the data is XML with the root `schedule`."""
    return raw.head.startswith("<") and _ROOT.search(raw.head[:4096]) is not None


def parse(raw: Raw) -> Draft:
    """Parse a whole file; only one event at a time is in memory as a tree."""
    draft, frame, days = Draft("frab-xml", raw.name), Frame(), 0
    lines = _lines_of_events(raw.text)
    for step, element in _elements(raw.text, raw.name):
        name = _name(element)
        if step == "start":
            if name == "day":
                frame.start_day(element.attrib, days)
                days += 1
            elif name == "room" and element.get("name"):
                frame.room = element.get("name", "")
        elif name == "conference":
            about = {_name(child): plain(child.text) for child in element}
            frame.first = about.get("start", "")
            frame.change(about.get("day_change", ""))
            zone = next((about[key] for key in ("time_zone_name", "timezone", "time_zone") if about.get(key)), "")
            draft = replace(draft, title=about.get("title", ""), zone=zone, site=about.get("venue", ""))
            element.clear()
        elif name == "event":
            add_event(draft, _facts(element), _speakers(element), frame, f"line {next(lines, 0)}")
            element.clear()
        elif name == "day" or (name == "room" and len(element)):
            element.clear()
    finish(draft, frame)
    if not draft.sessions and not draft.skipped and not draft.impossible:
        message = phrase(
            "{name}: there is no <event> in it: export it as frab or pretalx does, with its sessions.", name=raw.name
        )
        raise EmptyScheduleError(message)
    return draft


def _facts(event: Element) -> Mapping[str, str]:
    """Return the texts of children by tag, then the attributes; the recording opt-out may be one level deeper."""
    facts = {_name(child): child.text or "" for child in event}
    facts.update({_name(inner): inner.text or "" for inner in event.iterfind("recording/optout")})
    return {**facts, **event.attrib, RECORDING: _recording(event)}


def _recording(event: Element) -> str:
    """The recording of the file's own fields, else the one among its links."""
    own = (event.findtext(path) for path in ("recording/url", "recording/link", "video_download_url"))
    links = ((link.text or "", link.get("href") or "") for link in event.iterfind("links/link"))
    return next((address for text in own if (address := plain(text))), "") or recording_among(links)


def _speakers(event: Element) -> list[str]:
    return ["".join(person.itertext()) for person in event.iterfind("persons/person")]


def _name(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _elements(text: str, source: str) -> Iterator[tuple[str, Element]]:
    """Yield starts and ends of elements; raises `ScheduleImportError` for entities and invalid XML."""
    # The text is decoded already: what the declaration says of its encoding no longer holds.
    data, depth = BytesIO(_DECLARED.sub("", text).encode(errors="replace")), 0
    try:
        for step, element in iterparse(data, events=("start", "end")):
            depth += 1 if step == "start" else -1
            if len(element.attrib) > MOST_ATTRIBUTES:
                message = phrase(
                    "{source}: an element has more than {most_attributes} attributes: export the schedule again.",
                    source=source,
                    most_attributes=MOST_ATTRIBUTES,
                )
                raise ScheduleImportError(message)
            if depth > DEEPEST:
                message = phrase(
                    "{source}: its elements are nested more than {deepest} deep: export the schedule again.",
                    source=source,
                    deepest=DEEPEST,
                )
                raise ScheduleImportError(message)
            yield step, element
    except ParseError as error:
        line, column = error.position
        reason = str(error.msg).partition(":")[0]
        where = f"{source}, line {line}, column {column + 1}"
        message = phrase(
            "{where}: this is not complete XML ({reason}): export the schedule again.", where=where, reason=reason
        )
        raise ScheduleImportError(message) from error
    except DefusedXmlException as error:
        line = text.count("\n", 0, max(text.find("<!ENTITY"), 0)) + 1
        message = phrase(
            "{source}, line {line}: it defines XML entities, which no schedule needs: remove them.",
            source=source,
            line=line,
        )
        raise ScheduleImportError(message) from error


def _lines_of_events(text: str) -> Iterator[int]:
    line, seen = 1, 0
    for match in _EVENT.finditer(text):
        line, seen = line + text.count("\n", seen, match.start()), match.start()
        yield line


FORMAT = Format(
    "frab-xml",
    "schedule.xml of frab, Pentabarf, pretalx, wafer and the CCC's hub",
    recognise,
    parse,
)
