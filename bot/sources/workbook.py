"""Tables in Excel workbooks. A workbook is a zip archive of XML, so its unpacked size is checked first."""

import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from io import BytesIO
from typing import TYPE_CHECKING
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile, LargeZipFile, ZipFile
from zlib import error as PackingError  # noqa: N812 — a class whose name is in lower case

from bot.domain.errors import ScheduleImportError
from bot.domain.imports.draft import Remark, remark
from bot.domain.phrases import phrase
from bot.sources.cells import cell_text
from bot.sources.format import Raw
from bot.sources.grid import TableGrid
from bot.sources.text import plain

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet._read_only import ReadOnlyWorksheet

MAX_MEMBER, MAX_UNPACKED = 32 * 1024**2, 64 * 1024**2
"""Maximum unpacked size in bytes of one member, and of all together. 50,000 sessions need about 25 million."""
MAX_MEMBERS, MAX_SHEETS = 1_000, 100
MAX_ROWS, MAX_COLUMNS = 60_000, 200
LAST_ROW = 1_048_576
"""The last row that a sheet of Excel can have."""
HEADER_ROWS = 50
"""A header is searched in this many rows from the top: people write a title above it."""
NAMED_SHEETS, LONGEST_NAME = 5, 40

_FAULTS = (
    BadZipFile, LargeZipFile, PackingError, ParseError, EOFError, OSError,
    LookupError, ValueError, TypeError, AttributeError, ArithmeticError, RuntimeError,
)  # fmt: skip
"""The errors of openpyxl for a damaged workbook; for most cases it has no error of its own."""


def workbook_grid(raw: Raw, is_header: Callable[[Sequence[str]], bool]) -> TableGrid:
    """Return the table in the first visible sheet that has a row for which `is_header` is true.

    Without such a row it is the first visible sheet with its first row. Raises `ScheduleImportError`.
    """
    _check_size(raw)
    from openpyxl import load_workbook  # noqa: PLC0415 — takes 0.3 s, and most schedules are no workbooks

    try:
        # openpyxl warns about everything that it does not keep, such as the style of a chart.
        with warnings.catch_warnings(action="ignore"):
            book = load_workbook(BytesIO(raw.data), read_only=True, data_only=True, keep_links=False)
            with closing(book):
                return _first_table(raw.name, book, is_header)
    except _FAULTS as error:
        message = phrase("{name} is a damaged workbook: export it again as .xlsx or as CSV.", name=raw.name)
        raise ScheduleImportError(message) from error


def _check_size(raw: Raw) -> None:
    """Refuse a small archive that unpacks to a huge one. zipfile reads no more than the size that it declares."""
    try:
        with ZipFile(BytesIO(raw.data)) as archive:
            sizes = [member.file_size for member in archive.infolist()]
    except (BadZipFile, LargeZipFile, ValueError, NotImplementedError, OSError) as error:
        message = phrase("{name} is an incomplete workbook: download or export it again.", name=raw.name)
        raise ScheduleImportError(message) from error
    if len(sizes) > MAX_MEMBERS or max(sizes, default=0) > MAX_MEMBER or sum(sizes) > MAX_UNPACKED:
        message = phrase(
            "{name} unpacks to more than {max_unpacked} MiB, or one part of it to more than {max_member}, which no "
            "schedule needs: export the sheet of the sessions alone.",
            name=raw.name,
            max_unpacked=MAX_UNPACKED // 1024**2,
            max_member=MAX_MEMBER // 1024**2,
        )
        raise ScheduleImportError(message)


def _first_table(source: str, book: "Workbook", is_header: Callable[[Sequence[str]], bool]) -> TableGrid:
    sheets = [sheet for sheet in book.worksheets[:MAX_SHEETS] if sheet.sheet_state == "visible"]
    first: TableGrid | None = None
    for sheet in sheets:
        for number, cells in _rows(source, sheet, HEADER_ROWS, MAX_COLUMNS):
            values = _trimmed(cells)
            others = [other.title for other in sheets if other is not sheet]
            grid = TableGrid(source, f"row {number}", values, (), _remarks(sheet.title, others))
            if is_header(values):
                rows = _rows(source, sheet, LAST_ROW, len(values))
                below = [(f"row {line}", row) for line, row in rows if line > number]
                return TableGrid(source, grid.top, values, below, grid.remarks)
            first = first or grid
    if first is None:
        message = phrase(
            "{source} has no visible sheet with a row in it: export the sheet of the sessions.", source=source
        )
        raise ScheduleImportError(message)
    return first


def _rows(source: str, sheet: "ReadOnlyWorksheet", last: int, columns: int) -> Iterator[tuple[int, Sequence[str]]]:
    """Yield (number, values) of each row that is not blank, up to the row `last`, with so many columns."""
    # The size that a sheet declares may be wrong.
    sheet.reset_dimensions()
    # The types of openpyxl say that this method belongs to another class of sheets.
    rows = sheet.iter_rows(max_row=last, max_col=columns)  # type: ignore[misc]
    before: object = None
    for number, cells in enumerate(rows, start=1):
        # A gap of a million rows comes as one row again and again.
        values = () if cells is before else tuple(map(cell_text, cells))
        before = cells
        if not any(value.strip() for value in values):
            continue
        if number > MAX_ROWS:
            message = phrase(
                "{source}, row {number}: it has more than {max_rows} rows, the limit for a conference: split it.",
                source=source,
                number=number,
                max_rows=f"{MAX_ROWS:,}",
            )
            raise ScheduleImportError(message)
        yield number, values


def _trimmed(values: Sequence[str]) -> Sequence[str]:
    """Return the values up to the last one that is not blank."""
    width = max((number for number, value in enumerate(values, start=1) if value.strip()), default=0)
    return values[:width]


def _remarks(read: str, others: Sequence[str]) -> Sequence[Remark]:
    if not others:
        return ()
    more = ["…"] if len(others) > NAMED_SHEETS else []
    unread = ", ".join([*map(_quoted, others[:NAMED_SHEETS]), *more])
    return (
        remark(
            "sheets", "the sessions are read from the sheet {sheet}; not read: {left}", sheet=_quoted(read), left=unread
        ),
    )


def _quoted(title: str) -> str:
    return repr(plain(title)[:LONGEST_NAME])
