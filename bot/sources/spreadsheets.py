"""Detects kinds of spreadsheet files by their bytes: Excel workbooks are read, others are refused in one sentence."""

ZIP = b"PK\x03\x04"
_BOOK = b"xl/workbook.xml"
_OPEN_DOCUMENT = b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet"
_BINARY_BOOK = b"xl/workbook.bin"
_OLD_EXCEL = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""The beginning of a compound file: Excel before 2007, and newer workbooks with a password."""
_BEGINNING = 200


def is_workbook(data: bytes) -> bool:
    """Whether the data is an Excel workbook (.xlsx): a zip archive has the names of its members uncompressed."""
    return data.startswith(ZIP) and _BOOK in data


def other_spreadsheet(data: bytes) -> str:
    """Return the kind of a spreadsheet that cannot be read; "" for any other file."""
    if data.startswith(_OLD_EXCEL):
        return "an Excel file of the old kind (.xls), or one with a password"
    if data.startswith(ZIP) and _OPEN_DOCUMENT in data[:_BEGINNING]:
        return "an OpenDocument spreadsheet (.ods)"
    return "a binary Excel file (.xlsb)" if data.startswith(ZIP) and _BINARY_BOOK in data else ""
