"""Parsing of untrusted CSV."""

import csv
from collections.abc import Iterator, Sequence
from io import StringIO

from bot.domain.errors import ScheduleImportError

SEPARATORS = ",;\t"


def header(text: str) -> Sequence[str]:
    """Return the column names; empty if the first line is not CSV."""
    first = _first_line(text)
    try:
        return next(csv.reader([first], delimiter=separator(first)), [])
    except csv.Error:
        return []


def _first_line(text: str) -> str:
    return text.partition("\n")[0].partition("\r")[0]


def separator(line: str) -> str:
    """Return the most frequent separator of a line."""
    return max(SEPARATORS, key=line.count)


def rows(text: str, source: str) -> Iterator[tuple[str, Sequence[str]]]:
    """Yield (line number, values) of each row; raises `ScheduleImportError` naming the line."""
    held: list[tuple[int, Sequence[str]]] = []
    narrowest = 0
    for begins, values in _lines(text, source):
        for line, row in held:
            narrowest = min(narrowest or len(row), len(row))
            yield f"line {line}", row
        held = [(begins, values)]
    for line, row in held:
        # A download that broke off would otherwise look like sessions that were taken out.
        if len(row) < narrowest and not text.endswith(("\n", "\r")):
            message = (
                f"{source}, line {line}: it breaks off after {len(row)} of {narrowest} columns: download it again."
            )
            raise ScheduleImportError(message)
        yield f"line {line}", row


def _lines(text: str, source: str) -> Iterator[tuple[int, Sequence[str]]]:
    lines = csv.reader(StringIO(text, newline=""), delimiter=separator(_first_line(text)))
    begins = 1
    while True:
        try:
            values = next(lines)
        except StopIteration:
            return
        except csv.Error as error:
            message = (
                f"{source}, line {begins}: this line is no CSV ({error}): correct it, or export the catalog again."
            )
            raise ScheduleImportError(message) from error
        if begins > 1 and any(value.strip() for value in values):
            yield begins, values
        begins = lines.line_num + 1
