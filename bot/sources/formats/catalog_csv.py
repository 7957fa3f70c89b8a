"""A table of sessions as CSV, with the column names that such exports have."""

from collections.abc import Sequence

from bot.domain.draft import Draft
from bot.domain.errors import ImportFault
from bot.sources.format import Format, Raw
from bot.sources.rows_csv import header, rows
from bot.sources.table import REMEDY, Row, fill, meaning


def recognise(raw: Raw) -> bool:
    """A first line with a column for the title."""
    return not raw.head.startswith(("{", "[", "<")) and "title" in map(meaning, header(raw.head))


def parse(raw: Raw) -> Draft:
    """The draft of a table with a header."""
    text = raw.text.lstrip("\r\n")
    names = [meaning(name) for name in header(text)]
    if "title" not in names:
        message = f"{raw.name}, line 1: there is no column for the title; {REMEDY}."
        raise ImportFault(message)
    return fill(
        Draft("catalog-csv", raw.name), ((where, _row(names, values)) for where, values in rows(text, raw.name))
    )


def _row(names: Sequence[str], values: Sequence[str]) -> Row:
    """Of two columns that mean the same, the first that says something."""
    row: dict[str, str] = {}
    for name, value in zip(names, values, strict=False):
        if name and not row.get(name):
            row[name] = value
    return row


FORMAT = Format(
    "catalog-csv", "a table with columns title, date, startTime, endTime, room…", recognise, parse, general=True
)
