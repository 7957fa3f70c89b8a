"""Text of a cell in a workbook, as an export to CSV has it, but with dates and times in ISO 8601."""

import re
from datetime import date, datetime, time, timedelta
from typing import Protocol

HALF_SECOND = timedelta(microseconds=500_000)
_NOT_CODES = re.compile(r'"[^"]*+"?|\\.|\[[^\]]*+\]?|AM/PM|A/P', re.IGNORECASE)
"""Parts of a number format that are not codes of a date: quoted text, colours, halves of the day."""


class Cell(Protocol):
    """The attributes of openpyxl's cells that are read."""

    @property
    def value(self) -> object:
        """The value of the cell, or the last result of its formula."""
        ...

    @property
    def data_type(self) -> str:
        """The type of the value: `e` for an error such as #REF!."""
        ...

    @property
    def number_format(self) -> str:
        """The number format with which Excel shows the value."""
        ...


def cell_text(cell: Cell) -> str:
    """Return the text of a cell; "" if it is empty or holds an error."""
    value = cell.value
    if value is None or cell.data_type == "e":
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        return _number_text(value, cell.number_format)
    return _time_text(value, cell.number_format) or str(value)


def _time_text(value: object, form: str) -> str:
    """Return the text of a date or time; "" for any other value."""
    match value:
        case datetime():
            return _moment_text(value, form)
        case date():
            return value.isoformat()
        case time():
            since = timedelta(hours=value.hour, minutes=value.minute, seconds=value.second)
            return _clock_text(since + timedelta(microseconds=value.microsecond))
        case timedelta():
            return _clock_text(value)
    return ""


def _moment_text(value: datetime, form: str) -> str:
    """Return the part that the format shows: a cell shown as 09:00 may hold the day on which it was typed."""
    codes = _NOT_CODES.sub("", form.partition(";")[0]).casefold()
    clock = "h" in codes or "s" in codes
    day = "d" in codes or "y" in codes or not clock
    value = (value + HALF_SECOND).replace(microsecond=0)
    if not day:
        return _clock_text(timedelta(hours=value.hour, minutes=value.minute, seconds=value.second))
    return value.isoformat(sep=" ") if clock else value.date().isoformat()


def _clock_text(since: timedelta) -> str:
    """Return 09:00, 09:00:30 if there are seconds, or 25:30 for a time after midnight."""
    seconds = max(round(since.total_seconds()), 0)
    hours, minutes, rest = seconds // 3600, seconds // 60 % 60, seconds % 60
    return f"{hours:02}:{minutes:02}" + (f":{rest:02}" if rest else "")


def _number_text(value: float, form: str) -> str:
    """Return a number without the noise of binary fractions; 0.5 shown as a percentage is 50%."""
    if "%" in _NOT_CODES.sub("", form):
        return f"{value * 100:.15g}%"
    return str(value) if isinstance(value, int) else f"{value:.15g}"
