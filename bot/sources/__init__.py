"""Schedule formats: each module in `formats` parses one format into a `Draft`."""

from dataclasses import replace
from pathlib import Path

from bot.domain.errors import ScheduleImportError
from bot.domain.imports.draft import Draft
from bot.domain.phrases import phrase
from bot.sources.field_limits import within_limits
from bot.sources.field_map import FieldMap, read_map
from bot.sources.file_checks import checked, read_bytes
from bot.sources.format import Raw
from bot.sources.registry import all_formats
from bot.sources.venues_csv import read_venues

__all__ = ["all_formats", "parse_draft", "read_draft", "read_map", "read_venues"]


def read_draft(path: Path, format_name: str = "", fields: FieldMap | None = None) -> Draft:
    """Parse a schedule file; raises `ScheduleImportError` with one sentence."""
    return parse_draft(read_bytes(path), path.name, format_name, fields)


def parse_draft(data: bytes, name: str, format_name: str = "", fields: FieldMap | None = None) -> Draft:
    """Return the draft of the schedule in `data`; raises `ScheduleImportError` and nothing else.

    `name` is the name of the file or address in sentences. If no format is given, the first one that recognises the
    data parses it.
    """
    formats = all_formats()
    if format_name and format_name not in formats:
        message = phrase(
            "There is no format {format_name}: choose one of {formats}.",
            format_name=repr(format_name),
            formats=", ".join(formats),
        )
        raise ScheduleImportError(message)
    if fields and format_name not in ("", "mapped"):
        message = phrase(
            "A mapping is read by the format mapped, not by {format_name}: leave out --map or --format.",
            format_name=format_name,
        )
        raise ScheduleImportError(message)
    raw = Raw(name, checked(data, name), fields)
    chosen = (
        [formats[format_name]]
        if format_name
        else [candidate for candidate in formats.values() if candidate.recognise(raw)]
    )
    if not chosen:
        # Data that is not text gets its own error.
        format_names = ", ".join(formats) if raw.text else ""
        message = phrase(
            "{name} is in no format that is known here ({known}): name it with --format, or describe it with --map.",
            name=name,
            known=format_names,
        )
        raise ScheduleImportError(message)
    draft = chosen[0].parse(raw)
    return within_limits(replace(draft, warnings=[*raw.decoding_remarks(), *draft.warnings]))
