"""Any JSON, CSV or workbook, read with a custom mapping."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache

from bot.domain.errors import ScheduleImportError
from bot.domain.imports.draft import Draft
from bot.domain.phrases import phrase
from bot.sources.dates import LONGEST
from bot.sources.field_map import FieldMap, Lookup
from bot.sources.field_names import Row
from bot.sources.format import Format, Raw
from bot.sources.grid import TableGrid, csv_grid
from bot.sources.json_path import Around, at, from_within, index, trace, words
from bot.sources.json_text import load
from bot.sources.spreadsheets import is_workbook
from bot.sources.table import fill
from bot.sources.text import plain

JOINTS = {
    "room": " | ",
    "venue": " | ",
    "date": " ",
    "start": " ",
    "end": " ",
    "track": "; ",
    "kind": "; ",
    "level": "; ",
}
"""Separator between several values of one fact; a space by default."""


def recognise(raw: Raw) -> bool:
    """Whether a mapping was given."""
    return raw.fields is not None


def parse(raw: Raw) -> Draft:
    """Parse the file with its mapping."""
    fields = raw.fields
    if fields is None:
        message = phrase("{name}: the format mapped needs a mapping: give it with --map FILE.", name=raw.name)
        raise ScheduleImportError(message)
    draft = Draft("mapped", raw.name, fields.title, fields.zone)
    if raw.head.startswith(("{", "[")):
        rows = _json_rows(raw, fields)
    else:
        grid = _table(raw, fields)
        draft.warnings.extend(grid.remarks)
        rows = _table_rows(grid, fields)
    return fill(draft, ((where, _in_iso(row, fields.times)) for where, row in rows))


def _json_rows(raw: Raw, fields: FieldMap) -> Iterator[tuple[str, Row]]:
    value = load(raw.text, raw.name)

    @cache
    def table_of(lookup: Lookup) -> Mapping[str, str]:
        if lookup.table and at(value, lookup.table) is None:
            message = phrase(
                "{name}: there is no {table} in it to look {path} up in: correct the mapping.",
                name=raw.name,
                table=lookup.table,
                path=lookup.path,
            )
            raise ScheduleImportError(message)
        return index(at(value, lookup.table), lookup.by, lookup.take) if lookup.table else {}

    seen = False
    for where, around in trace(value, fields.sessions):
        seen = True
        yield where, {name: _joined(name, _values(around, places, table_of)) for name, places in fields.fields.items()}
    if not seen:
        message = phrase(
            "{name}: there is no list at {value}: correct sessions in the mapping.",
            name=raw.name,
            value=fields.sessions or "the top",
        )
        raise ScheduleImportError(message)


def _values(around: Around, places: Sequence[Lookup], table_of: Callable[[Lookup], Mapping[str, str]]) -> Iterator[str]:
    for place in places:
        for value in from_within(around, place.path):
            text = "" if not words(value).startswith(place.starts) else _resolved(value, place, table_of)
            if text:
                yield text


def _resolved(value: object, place: Lookup, table_of: Callable[[Lookup], Mapping[str, str]]) -> str:
    """Resolve an id; "" if it is unknown, because an id is not a name."""
    return table_of(place).get(str(value), "") if place.table else words(value)


def _joined(name: str, values: Iterator[str]) -> str:
    return JOINTS.get(name, "\n" if name in ("speakers", "abstract") else " ").join(values)


def _table(raw: Raw, fields: FieldMap) -> TableGrid:
    if not is_workbook(raw.data):
        return csv_grid(raw)
    from bot.sources.workbook import workbook_grid  # noqa: PLC0415 — most files are no workbook

    needed = {place.path for places in fields.fields.values() for place in places}
    return workbook_grid(raw, lambda names: needed <= set(map(plain, names)))


def _table_rows(grid: TableGrid, fields: FieldMap) -> Iterator[tuple[str, Row]]:
    names = [plain(name) for name in grid.names]
    for fact, places in fields.fields.items():
        if lacking := [place.path for place in places if place.path not in names]:
            message = phrase(
                "{source}, {top}: there is no column {lacking}, where the mapping looks for {fact}.",
                source=grid.source,
                top=grid.top,
                lacking=repr(lacking[0]),
                fact=fact,
            )
            raise ScheduleImportError(message)
    for where, values in grid.rows:
        cells = dict(zip(names, values, strict=False))
        yield (
            where,
            {
                fact: _joined(fact, (cell for place in places if (cell := cells.get(place.path, "").strip())))
                for fact, places in fields.fields.items()
            },
        )


def _in_iso(row: Row, patterns: Sequence[str]) -> Row:
    """Return the row with times that match the mapping's patterns converted to ISO."""
    if not patterns:
        return row
    return {**row, **{name: _iso(row[name], patterns) for name in ("date", "start", "end") if row.get(name)}}


def _iso(text: str, patterns: Sequence[str]) -> str:
    for pattern in patterns if len(text) <= LONGEST else ():
        try:
            moment = datetime.strptime(text.strip(), pattern)  # noqa: DTZ007 — the zone is settled later
        except ValueError:
            continue
        day, clock = any(f"%{code}" in pattern for code in "djxcm"), any(f"%{code}" in pattern for code in "HIXcM")
        return moment.isoformat() if day and clock else str(moment.date() if day else moment.time())
    return text


FORMAT = Format(
    "mapped",
    "any JSON, CSV or workbook, with a mapping (`--map FILE`) that tells which column or path is what",
    recognise,
    parse,
)
