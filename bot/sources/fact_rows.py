"""Rows of the small tables that organizers write: venues, ways and topics. A wrong row affects only itself."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.domain.errors import ScheduleImportError
from bot.domain.phrases import phrase
from bot.sources.rows_csv import header, rows
from bot.sources.text import plain

LARGEST_TABLE = 2 * 1024 * 1024
"""Maximum characters of such a table: a thousand venues, or the ways between all of a hundred, need less."""


@dataclass(frozen=True, slots=True)
class FactRow:
    """One row: `where` names the file and the line, and `values` has the cells by the column's name."""

    where: str
    values: Mapping[str, str]

    def text(self, column: str, longest: int) -> str:
        """Return the text of a cell in one line; raises `ScheduleImportError` if it is too long."""
        text = plain(self.values.get(column))
        if len(text) > longest:
            raise self.wrong(
                column,
                phrase("has {count} characters, and {longest} fit: shorten it", count=len(text), longest=longest),
            )
        return text

    def number(self, column: str, least: float, most: float) -> float | None:
        """Return the number of a cell, None if it is empty; raises `ScheduleImportError` for anything else."""
        text = self.values.get(column, "").strip().replace(",", ".")
        if not text:
            return None
        try:
            number = float(text)
        except ValueError:
            number = math.nan
        if not least <= number <= most:
            raise self.wrong(
                column,
                phrase(
                    "is {text}; it should be a number from {least} to {most}",
                    text=repr(text[:40]),
                    least=f"{least:g}",
                    most=f"{most:g}",
                ),
            )
        return number

    def flag(self, column: str) -> bool | None:
        """Return yes or no, None if the cell is empty; raises `ScheduleImportError` if it is neither."""
        text = self.values.get(column, "").strip().casefold()
        if text not in FLAGS:
            raise self.wrong(column, phrase("is {text}; it should be yes or no", text=repr(text[:40])))
        return FLAGS[text]

    def wrong(self, column: str, problem: str) -> ScheduleImportError:
        """Return the error of one cell."""
        return ScheduleImportError("{where}: {column} {problem}.", where=self.where, column=column, problem=problem)


FLAGS = {"": None, "yes": True, "no": False, "true": True, "false": False, "1": True, "0": False}


def fact_rows(text: str, source: str, needed: Sequence[str], columns: Sequence[str], most: int) -> Iterator[FactRow]:
    """Yield the rows of a table whose first line names its columns, in any order and with any usual separator.

    Args:
        text: the decoded file.
        source: the name of the file, for sentences.
        needed: the required columns.
        columns: all columns, for the sentence that says what the header should be.
        most: the largest number of rows.

    Raises:
        ScheduleImportError: the table is too long, lacks a column or is not CSV.
    """
    if len(text) > LARGEST_TABLE:
        raise ScheduleImportError(
            "{source} is larger than {largest_table} MiB, the limit for such a table: split it.",
            source=source,
            largest_table=LARGEST_TABLE // 1024**2,
        )
    names = [name.strip().casefold() for name in header(text)]
    if missing := [name for name in needed if name not in names]:
        expected = ",".join(columns)
        raise ScheduleImportError(
            "{source}, line 1: the header lacks {missing}; it should be {expected}.",
            source=source,
            missing=", ".join(missing),
            expected=expected,
        )
    for count, (where, cells) in enumerate(rows(text, source), 1):
        if count > most:
            raise ScheduleImportError(
                "{source}, {where}: the list is too long: at most {most} rows fit.",
                source=source,
                where=where,
                most=most,
            )
        yield FactRow(f"{source}, {where}", dict(zip(names, cells, strict=False)))
