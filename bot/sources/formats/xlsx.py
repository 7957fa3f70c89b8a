"""A table of sessions in an Excel workbook (.xlsx), as Excel, Google Sheets and LibreOffice write it."""

from bot.domain.imports.draft import Draft
from bot.sources.format import Format, Raw
from bot.sources.grid import grid_draft, has_schedule
from bot.sources.spreadsheets import is_workbook


def recognise(raw: Raw) -> bool:
    """Whether the data is a workbook."""
    return is_workbook(raw.data)


def parse(raw: Raw) -> Draft:
    """Parse the first sheet that has a header of a schedule."""
    from bot.sources.workbook import workbook_grid  # noqa: PLC0415 — most files are no workbook

    return grid_draft(workbook_grid(raw, has_schedule), "xlsx")


FORMAT = Format("xlsx", "an Excel workbook: the first sheet with the columns of `catalog-csv`", recognise, parse)
