"""Cells of files that are opened in a spreadsheet."""

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A spreadsheet reads a cell that begins with one of these as a formula."""


def harmless(cell: str) -> str:
    """Return a cell so that a spreadsheet shows it and does not compute it."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell
