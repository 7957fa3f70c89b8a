"""A table of sessions as CSV, with common column names."""

from collections.abc import Sequence

from bot.domain.errors import ScheduleImportError
from bot.domain.imports.draft import Draft
from bot.sources.field_names import known_facts, meaning
from bot.sources.format import Format, Raw
from bot.sources.rows_csv import header, rows
from bot.sources.table import REMEDY, fill
from bot.sources.text import plain

MOST_WORDS = 200


def recognise(raw: Raw) -> bool:
    """Whether the first line has a title column."""
    return not raw.head.startswith(("{", "[", "<")) and "title" in map(meaning, header(raw.head))


def parse(raw: Raw) -> Draft:
    """Parse a table with a header."""
    text = raw.text.lstrip("\r\n")
    names = header(text)
    facts = {meaning(name) for name in names}
    if "title" not in facts or not facts & {"start", "date"}:
        lacking = "no session in it has a date" if "title" in facts else "there is no column for the title"
        message = f"{raw.name}, line 1: {lacking} (its columns are {_listed(names)}); {REMEDY}."
        raise ScheduleImportError(message)
    found = ((where, known_facts(zip(names, values, strict=False))) for where, values in rows(text, raw.name))
    return fill(Draft("catalog-csv", raw.name), found)


def _listed(names: Sequence[str]) -> str:
    """List the column names, cut to fit a sentence."""
    words = ", ".join(word for name in names if (word := plain(name)))
    return words if len(words) <= MOST_WORDS else f"{words[:MOST_WORDS]}…"


FORMAT = Format(
    "catalog-csv", "a table with columns title, date, startTime, endTime, room…", recognise, parse, general=True
)
