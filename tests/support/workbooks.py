"""Excel workbooks for tests, made of rows; and archives with members of any content."""

from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl import Workbook

Rows = Iterable[Sequence[object]]


def workbook(sheets: Mapping[str, Rows], forms: Mapping[str, str] | None = None, hidden: Sequence[str] = ()) -> bytes:
    """A workbook of sheets; `forms` are number formats by cell of the first sheet."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
        if title in hidden:
            sheet.sheet_state = "hidden"
    for cell, form in (forms or {}).items():
        book.worksheets[0][cell].number_format = form
    return saved(book)


def saved(book: Workbook) -> bytes:
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def replaced(data: bytes, member: str, content: bytes) -> bytes:
    """The same archive with another content of one member."""
    file = BytesIO()
    with ZipFile(BytesIO(data)) as old, ZipFile(file, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, content if name == member else old.read(name))
    return file.getvalue()
