"""Ways between venues as a table, with the columns of `HEADER`."""

import csv
from collections.abc import Iterable, Mapping
from datetime import date, time
from io import StringIO
from pathlib import Path
from typing import TypeVar

from bot.domain.errors import BadInputError, ScheduleImportError
from bot.domain.imports.draft import Remark
from bot.domain.imports.way_facts import MOST_METRES, MOST_MINUTES, MOST_WAIT, FileWay
from bot.domain.phrases import phrase
from bot.domain.travel.way import LegSource, Mode, Way
from bot.domain.travel.way_hours import days_text, hours_text, read_days, read_hours
from bot.sources.fact_rows import FLAGS, FactRow, fact_rows
from bot.sources.file_checks import read_text

HEADER = (
    "from",
    "to",
    "mode",
    "minutes",
    "p90",
    "metres",
    "step_free",
    "days",
    "hours",
    "wait",
    "both_ways",
    "source",
    "as_of",
)
OUTDOOR = "outdoor"
"""One more column, if it is known of any way: the metres that are not under a roof."""
MOST_WAYS, LONGEST_NAME = 20_000, 200
SOURCES = {source.name.casefold(): source for source in LegSource if source not in (LegSource.INSIDE, LegSource.OWN)}
T = TypeVar("T")
SHORTEST = 0.1
"""The fewest minutes of a way."""


def read_ways(path: Path) -> tuple[tuple[FileWay, ...], tuple[Remark, ...]]:
    """Read ways and remarks on wrong rows; raises `ScheduleImportError` if the file is not such a table."""
    return parse_ways(read_text(path), path.name)


def parse_ways(text: str, source: str) -> tuple[tuple[FileWay, ...], tuple[Remark, ...]]:
    """Parse ways, in order. A wrong row is left out, with one sentence; a row without minutes is ignored."""
    ways: list[FileWay] = []
    remarks: list[Remark] = []
    for row in fact_rows(text, source, HEADER[:4], HEADER, MOST_WAYS):
        try:
            way = _way(row)
        except ScheduleImportError as error:
            remarks.append(Remark("legs", str(error)))
        else:
            ways += [FileWay(row.where, way)] if way else []
    return tuple(ways), tuple(remarks)


def ways_text(ways: Iterable[Way]) -> str:
    """Write ways as a table that `parse_ways` reads."""
    table, listed = StringIO(), list(ways)
    writer = csv.writer(table, lineterminator="\n")
    rows = list(map(_row, listed))
    if any(way.outdoor is not None for way in listed):
        writer.writerow((*HEADER, OUTDOOR))
        metres = ("" if way.outdoor is None else str(way.outdoor) for way in listed)
        writer.writerows([*row, outdoor] for row, outdoor in zip(rows, metres, strict=True))
    else:
        writer.writerow(HEADER)
        writer.writerows(rows)
    return table.getvalue()


def _way(row: FactRow) -> Way | None:
    minutes = row.number("minutes", SHORTEST, MOST_MINUTES)
    if minutes is None:
        return None
    names = [row.text(column, LONGEST_NAME) for column in ("from", "to")]
    for column, name in zip(("from", "to"), names, strict=True):
        if not name:
            raise row.wrong(column, "is empty: name a venue")
    p90 = row.number("p90", SHORTEST, 2 * MOST_MINUTES)
    if p90 is not None and p90 < minutes:
        raise row.wrong(
            "p90",
            phrase(
                "is {p90}, less than the {minutes} minutes that are usual: write a larger number",
                p90=f"{p90:g}",
                minutes=f"{minutes:g}",
            ),
        )
    metres, wait = row.number("metres", 0, MOST_METRES), row.number("wait", 0, MOST_WAIT)
    outdoor = row.number(OUTDOOR, 0, MOST_METRES)
    both_ways = row.flag("both_ways")
    return Way(
        origin=names[0],
        target=names[1],
        minutes=minutes,
        source=_choice_of(row, "source", SOURCES, LegSource.ORGANIZER),
        p90=p90,
        mode=_choice_of(row, "mode", {mode.value: mode for mode in Mode}, Mode.WALK),
        metres=None if metres is None else round(metres),
        step_free=_step_free(row),
        outdoor=None if outdoor is None else round(outdoor),
        wait=wait or 0.0,
        days=_days(row),
        hours=_hours(row),
        both_ways=both_ways is not False,
        as_of=_date(row),
    )


def _choice_of(row: FactRow, column: str, values: Mapping[str, T], default: T) -> T:
    text = row.text(column, LONGEST_NAME).casefold()
    if text and text not in values:
        raise row.wrong(
            column, phrase("is {text}; it should be one of {values}", text=repr(text[:40]), values=", ".join(values))
        )
    return values[text] if text else default


def _step_free(row: FactRow) -> int | bool | None:
    text = row.text("step_free", LONGEST_NAME).casefold()
    if text in ("", "yes", "no", "true", "false"):
        return FLAGS[text]
    try:
        metres = row.number("step_free", 0, MOST_METRES)
    except ScheduleImportError:
        raise row.wrong(
            "step_free", phrase("is {text}; it should be yes, no or metres", text=repr(text[:40]))
        ) from None
    return None if metres is None else round(metres)


def _days(row: FactRow) -> frozenset[int] | None:
    text = row.text("days", LONGEST_NAME)
    try:
        return read_days(text) if text else None
    except BadInputError:
        raise row.wrong(
            "days", phrase("is {text}; write it such as Mon-Fri or Sat,Sun", text=repr(text[:40]))
        ) from None


def _hours(row: FactRow) -> tuple[time, time] | None:
    text = row.text("hours", LONGEST_NAME)
    try:
        return read_hours(text) if text else None
    except BadInputError:
        raise row.wrong("hours", phrase("is {text}; write it such as 07:00-19:00", text=repr(text[:40]))) from None


def _date(row: FactRow) -> date | None:
    text = row.text("as_of", LONGEST_NAME)
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise row.wrong("as_of", phrase("is {text}; write it such as 2026-01-31", text=repr(text[:40]))) from None


def _row(way: Way) -> list[str]:
    step_free = str(way.step_free)
    if way.step_free is None or isinstance(way.step_free, bool):
        step_free = {None: "", True: "yes", False: "no"}[way.step_free]
    return [
        way.origin,
        way.target,
        way.mode.value,
        _number(way.minutes) if way.minutes else "",
        "" if way.p90 is None else _number(way.p90),
        "" if way.metres is None else str(way.metres),
        step_free,
        "" if way.days is None else days_text(way.days),
        hours_text(way.hours) if way.hours else "",
        _number(way.wait) if way.wait else "",
        "yes" if way.both_ways else "no",
        way.source.name.casefold(),
        way.as_of.isoformat() if way.as_of else "",
    ]


def _number(number: float) -> str:
    return str(int(number)) if number == int(number) else repr(float(number))
