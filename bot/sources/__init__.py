"""Schedules as they come: one file per format, each turning text into a `Draft`."""

from collections.abc import Mapping
from pathlib import Path

from bot.domain.draft import Draft
from bot.domain.errors import ImportFault
from bot.sources import catalog, frab_json, frab_xml
from bot.sources.read import read_text, text_of
from bot.sources.reader import Reader
from bot.sources.venues_csv import read_venues

__all__ = ["FORMATS", "parse_draft", "read_draft", "read_venues"]

FORMATS: Mapping[str, Reader] = {
    reader.name: reader for reader in (frab_xml.READER, frab_json.READER, catalog.CSV_READER, catalog.JSON_READER)
}


def read_draft(path: Path, format_name: str = "") -> Draft:
    """The draft of the schedule in a file; raises `ImportFault` with one sentence for what is none."""
    return _parsed(read_text(path), path.name, format_name)


def parse_draft(data: bytes, name: str, format_name: str = "") -> Draft:
    """The draft of the schedule in `data`, which came from what sentences call `name`; raises `ImportFault`."""
    return _parsed(text_of(data, name), name, format_name)


def _parsed(text: str, name: str, format_name: str) -> Draft:
    if format_name and format_name not in FORMATS:
        message = f"There is no format {format_name!r}: choose one of {', '.join(FORMATS)}."
        raise ImportFault(message)
    readers = [FORMATS[format_name]] if format_name else [each for each in FORMATS.values() if each.knows(text)]
    if not readers:
        message = f"{name} is in no format that is known here ({', '.join(FORMATS)}): name it with --format."
        raise ImportFault(message)
    return readers[0].read(text, name)
