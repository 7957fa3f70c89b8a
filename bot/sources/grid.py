"""Tables with a header, from CSV text or from a workbook: column names, and rows of text."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.domain.errors import ScheduleImportError
from bot.domain.imports.draft import Draft, Remark
from bot.domain.phrases import phrase
from bot.sources.field_names import meaning, recognised_facts
from bot.sources.format import Raw
from bot.sources.rows_csv import header, rows
from bot.sources.table import REMEDY, fill
from bot.sources.text import plain

MOST_WORDS = 200


@dataclass(frozen=True, slots=True)
class TableGrid:
    """A table.

    Attributes:
        source: the name of its file.
        top: the position of the header, such as "line 1".
        names: the names of its columns.
        rows: (position, values) of each row below the header.
    """

    source: str
    top: str
    names: Sequence[str]
    rows: Iterable[tuple[str, Sequence[str]]]
    remarks: Sequence[Remark] = ()


def csv_grid(raw: Raw) -> TableGrid:
    """Return the table in a CSV text; its header is the first line."""
    text = raw.text.lstrip("\r\n")
    return TableGrid(raw.name, "line 1", header(text), rows(text, raw.name))


def has_schedule(names: Iterable[str]) -> bool:
    """Whether columns of these names hold a title and a time."""
    facts = {meaning(name) for name in names}
    return "title" in facts and bool(facts & {"start", "date"})


def grid_draft(grid: TableGrid, format_name: str) -> Draft:
    """Parse a table by the names of its columns; raises `ScheduleImportError`."""
    if not has_schedule(grid.names):
        titled = "title" in map(meaning, grid.names)
        lacking = "no session in it has a date" if titled else "there is no column for the title"
        message = phrase(
            "{source}, {top}: {lacking} (its columns are {listed}); {remedy}.",
            source=grid.source,
            top=grid.top,
            lacking=lacking,
            listed=_listed(grid.names),
            remedy=REMEDY,
        )
        raise ScheduleImportError(message)
    rows = ((where, recognised_facts(zip(grid.names, values, strict=False))) for where, values in grid.rows)
    return fill(Draft(format_name, grid.source, warnings=list(grid.remarks)), rows)


def _listed(names: Sequence[str]) -> str:
    """List the column names, cut to fit a sentence."""
    words = ", ".join(word for name in names if (word := plain(name)))
    return words if len(words) <= MOST_WORDS else f"{words[:MOST_WORDS]}…"
