"""A table of sessions as CSV, with common column names."""

from bot.domain.imports.draft import Draft
from bot.sources.field_names import meaning
from bot.sources.format import Format, Raw
from bot.sources.grid import csv_grid, grid_draft
from bot.sources.rows_csv import header


def recognise(raw: Raw) -> bool:
    """Whether the first line has a title column."""
    return not raw.head.startswith(("{", "[", "<")) and "title" in map(meaning, header(raw.head))


def parse(raw: Raw) -> Draft:
    """Parse a table with a header."""
    return grid_draft(csv_grid(raw), "catalog-csv")


FORMAT = Format(
    "catalog-csv", "a table with columns title, date, startTime, endTime, room…", recognise, parse, general=True
)
