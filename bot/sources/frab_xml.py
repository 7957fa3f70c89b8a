"""frab's and Pentabarf's `schedule.xml`, read event by event."""

import re
from collections.abc import Iterator
from io import BytesIO
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from bot.domain.draft import Draft
from bot.domain.errors import ImportFault
from bot.sources.frab import add_event
from bot.sources.reader import Reader
from bot.sources.words import plain

_EVENT = re.compile(r"<event[\s>]")
_DECLARED = re.compile(r"^\s*<\?xml[^>]*\?>")


def knows(text: str) -> bool:
    """XML whose root is `schedule`."""
    return text.lstrip().startswith("<") and "<schedule" in text[:4096]


def read(text: str, source: str) -> Draft:
    """The draft of a whole file; one element at a time is in memory as a tree."""
    draft = Draft("frab-xml", source)
    title, zone, site, day = "", "", "", ""
    lines = _lines_of_events(text)
    for step, element in _elements(text, source):
        if step == "start":
            day = element.get("date", day) if element.tag == "day" else day
        elif element.tag == "conference":
            title, zone = (
                _text(element, "title"),
                _text(element, "time_zone_name") or _text(element, "timezone"),
            )
            site = _text(element, "venue")
            element.clear()
        elif element.tag == "event":
            where = f"line {next(lines, 0)}"
            event = {**{child.tag: child.text or "" for child in element}, **element.attrib}
            add_event(draft, event, [person.text or "" for person in element.iterfind("persons/person")], day, where)
            element.clear()
        elif element.tag == "day" or (element.tag == "room" and len(element)):
            element.clear()
    return Draft(
        draft.format,
        source,
        title,
        zone,
        site,
        draft.sessions,
        draft.skipped,
        draft.impossible,
        draft.warnings,
    )


def _elements(text: str, source: str) -> Iterator[tuple[str, Element]]:
    """Starts and ends of elements; entities and whatever is no XML end in a sentence."""
    # The text is decoded already: what the declaration says of its encoding no longer holds.
    data = BytesIO(_DECLARED.sub("", text).encode())
    try:
        yield from iterparse(data, events=("start", "end"))
    except ParseError as error:
        message = (
            f"{source}, line {error.position[0]}: this is no complete XML ({error.msg}): export the schedule again."
        )
        raise ImportFault(message) from error
    except DefusedXmlException as error:
        line = text.count("\n", 0, max(text.find("<!ENTITY"), 0)) + 1
        message = f"{source}, line {line}: it defines XML entities, which no schedule needs: remove them."
        raise ImportFault(message) from error


def _text(element: Element, name: str) -> str:
    return plain(element.findtext(name))


def _lines_of_events(text: str) -> Iterator[int]:
    line, seen = 1, 0
    for match in _EVENT.finditer(text):
        line, seen = line + text.count("\n", seen, match.start()), match.start()
        yield line


READER = Reader("frab-xml", knows, read)
