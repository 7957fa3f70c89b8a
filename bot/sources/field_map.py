"""Custom mappings in TOML: the column or JSON path of each fact."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bot.domain.errors import ScheduleImportError
from bot.domain.phrases import phrase
from bot.sources.file_checks import read_text

FACTS = (
    "title",
    "code",
    "uid",
    "date",
    "start",
    "end",
    "length",
    "room",
    "venue",
    "kind",
    "level",
    "track",
    "speakers",
    "abstract",
    "language",
    "recorded",
    "recording",
    "overflow",
    "state",
)
"""The facts of a session that a mapping may set."""
TOP = ("sessions", "title", "zone", "times", "fields")
LOOKUP = ("path", "in", "by", "take", "starts")


@dataclass(frozen=True, slots=True)
class Lookup:
    """A value at `path`, or a value that is looked up by it.

    With a `table` (a path from the top), the result is the `take` of the table's object whose `by` equals the value at
    `path`. Only values that begin with `starts` count.
    """

    path: str
    table: str = ""
    by: str = "id"
    take: str = "name"
    starts: str = ""


@dataclass(frozen=True, slots=True)
class FieldMap:
    """A mapping from facts to places in a file.

    `fields` has, for each fact, the places whose values are joined. `sessions` is the path of the list of sessions in
    JSON. `times` are additional patterns of dates and times, in the syntax of `strptime`.
    """

    fields: Mapping[str, tuple[Lookup, ...]]
    sessions: str = ""
    title: str = ""
    zone: str = ""
    times: tuple[str, ...] = ()


def read_map(path: Path) -> FieldMap:
    """Read a mapping from a file; raises `ScheduleImportError` naming the error."""
    return parse_map(read_text(path), path.name)


def parse_map(text: str, source: str) -> FieldMap:
    """Parse a mapping; raises `ScheduleImportError` naming the error."""
    try:
        table = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        message = phrase("{source}: this is not TOML ({error}): correct it.", source=source, error=error)
        raise ScheduleImportError(message) from error
    _only(table, TOP, source)
    fields = table.get("fields")
    if not isinstance(fields, dict) or "title" not in fields:
        message = phrase(
            '{source}, fields: no title is given: say where it is, such as title = "name" under [fields].',
            source=source,
        )
        raise ScheduleImportError(message)
    _only(fields, FACTS, f"{source}, fields")
    places = {name: _places(value, f"{source}, fields.{name}") for name, value in fields.items()}
    if not places.keys() & {"start", "date"}:
        message = phrase(
            '{source}, fields: neither start nor date is given: say where it is, such as start = "begins".',
            source=source,
        )
        raise ScheduleImportError(message)
    texts = {name: _text(table.get(name, ""), f"{source}, {name}") for name in ("sessions", "title", "zone")}
    times = table.get("times", [])
    patterns = tuple(
        _pattern(pattern, f"{source}, times") for pattern in (times if isinstance(times, list) else [times])
    )
    return FieldMap(places, times=patterns, **texts)


def _pattern(value: object, where: str) -> str:
    pattern = _text(value, where)
    try:
        datetime.strptime(datetime(2000, 1, 1, tzinfo=UTC).strftime(pattern), pattern)  # noqa: DTZ007 — only tried
    except (ValueError, re.error) as error:
        message = phrase(
            "{where}: {pattern} is not a time pattern ({error}): write it as %d.%m.%Y %H:%M.",
            where=where,
            pattern=repr(pattern),
            error=error,
        )
        raise ScheduleImportError(message) from error
    return pattern


def _only(table: Mapping[str, object], names: tuple[str, ...], where: str) -> None:
    if unknown := [name for name in table if name not in names]:
        message = phrase(
            "{where}: {unknown} is not a key of a mapping: use {known}.",
            where=where,
            unknown=repr(unknown[0]),
            known=", ".join(names),
        )
        raise ScheduleImportError(message)


def _places(value: object, where: str) -> tuple[Lookup, ...]:
    return tuple(_place(place, where) for place in (value if isinstance(value, list) else [value]))


def _place(value: object, where: str) -> Lookup:
    if not isinstance(value, dict):
        return Lookup(_text(value, where))
    _only(value, LOOKUP, where)
    if "path" not in value:
        message = phrase("{where}: there is no path: say where the value stands in a session.", where=where)
        raise ScheduleImportError(message)
    texts = {name: _text(text, f"{where}.{name}") for name, text in value.items()}
    return Lookup(**{"table" if name == "in" else name: text for name, text in texts.items()})


def _text(value: object, where: str) -> str:
    if isinstance(value, str):
        return value
    message = phrase("{where}: {value} is not text: put it between quotes.", where=where, value=repr(value))
    raise ScheduleImportError(message)
