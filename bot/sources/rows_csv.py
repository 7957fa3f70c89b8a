"""Parsing of untrusted CSV."""

import csv
import re
from collections.abc import Iterator, Sequence
from io import StringIO

from bot.domain.errors import ScheduleImportError
from bot.domain.phrases import phrase

SEPARATORS = ",;\t|"
_SEPARATOR_LINE = re.compile(r'"?sep=(\\t|\t|[^"\w\s])"?[,;\t| ]*(?:\r\n|\r|\n)[\r\n]*', re.IGNORECASE)
"""Excel's line `sep=;` before the header. A program that does not know it adds separators behind it."""


def header(text: str) -> Sequence[str]:
    """Return the column names; empty if the first line is not CSV."""
    named = _SEPARATOR_LINE.match(text)
    first = _first_line(text[named.end() :] if named else text)
    try:
        return next(csv.reader([first], delimiter=_separator(named, first)), [])
    except csv.Error:
        return []


def _separator(named: re.Match[str] | None, first: str) -> str:
    """Return the separator that the file tells, otherwise the most frequent one of its header."""
    if named:
        return "\t" if named[1] == r"\t" else named[1]
    return separator(first)


def _first_line(text: str) -> str:
    return text.partition("\n")[0].partition("\r")[0]


def separator(line: str) -> str:
    """Return the most frequent separator of a line."""
    return max(SEPARATORS, key=line.count)


def rows(text: str, source: str) -> Iterator[tuple[str, Sequence[str]]]:
    """Yield (line number, values) of each row; raises `ScheduleImportError` naming the line."""
    waiting: list[tuple[int, Sequence[str]]] = []
    narrowest = 0
    for begins, values in _lines(text, source):
        for line, row in waiting:
            narrowest = min(narrowest or len(row), len(row))
            yield f"line {line}", row
        waiting = [(begins, values)]
    for line, row in waiting:
        # An incomplete download would otherwise look like removed sessions.
        if len(row) < narrowest and not text.endswith(("\n", "\r")):
            message = phrase(
                "{source}, line {line}: it breaks off after {count} of {narrowest} columns: download it again.",
                source=source,
                line=line,
                count=len(row),
                narrowest=narrowest,
            )
            raise ScheduleImportError(message)
        yield f"line {line}", row


def _lines(text: str, source: str) -> Iterator[tuple[int, Sequence[str]]]:
    named = _SEPARATOR_LINE.match(text)
    skipped = len(re.findall(r"\r\n|\r|\n", named[0])) if named else 0
    text = text[named.end() :] if named else text
    lines = csv.reader(StringIO(text, newline=""), delimiter=_separator(named, _first_line(text)))
    begins = 1
    while True:
        try:
            values = next(lines)
        except StopIteration:
            return
        except csv.Error as error:
            where = f"{source}, line {begins + skipped}"
            raise ScheduleImportError(
                "{where}: this line is not CSV ({error}): correct it, or export the catalog again.",
                where=where,
                error=error,
            ) from error
        if begins > 1 and any(value.strip() for value in values):
            yield begins + skipped, values
        begins = lines.line_num + 1
