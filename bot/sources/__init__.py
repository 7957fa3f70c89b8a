"""Schedules as they come: one file per format, each turning text into a `Draft`."""

from collections.abc import Mapping
from pathlib import Path

from bot.domain.draft import Draft
from bot.domain.errors import ImportFault
from bot.sources import catalog, frab_json, frab_xml
from bot.sources.read import read_text
from bot.sources.reader import Reader
from bot.sources.venues_csv import read_venues

__all__ = ["FORMATS", "read_draft", "read_venues"]

FORMATS: Mapping[str, Reader] = {
    reader.name: reader for reader in (frab_xml.READER, frab_json.READER, catalog.CSV_READER, catalog.JSON_READER)
}


def read_draft(path: Path, format_name: str = "") -> Draft:
    """The draft of the schedule in a file; raises `ImportFault` with one sentence for what is none."""
    if format_name and format_name not in FORMATS:
        message = f"There is no format {format_name!r}: choose one of {', '.join(FORMATS)}."
        raise ImportFault(message)
    text = read_text(path)
    readers = [FORMATS[format_name]] if format_name else [each for each in FORMATS.values() if each.knows(text)]
    if not readers:
        message = f"{path.name} is in no format that is known here ({', '.join(FORMATS)}): name it with --format."
        raise ImportFault(message)
    return readers[0].read(text, path.name)
