"""Reading of untrusted files: bounded, decoded, and rejected with one sentence."""

import re
from pathlib import Path

from bot.domain.errors import EmptyScheduleError, ScheduleImportError
from bot.domain.phrases import phrase
from bot.sources.decode import decoded
from bot.sources.spreadsheets import ZIP, is_workbook, other_spreadsheet

LARGEST = 32 * 1024 * 1024
"""Maximum file size in bytes. The largest known real schedule has 2.7 million."""
MOST_SESSIONS = 50_000
_PAGE = re.compile(rb"<(?:!doctype\s++html|html)[\s>]", re.IGNORECASE)
_BLANKS = re.compile(rb"\s*+")
BOM = b"\xef\xbb\xbf"
PACKED = {
    ZIP: "a zip archive",
    b"\x1f\x8b": "a gzip archive",
    b"BZh": "a bzip2 archive",
    b"\xfd7zXZ": "an xz archive",
}


def read_text(path: Path) -> str:
    """Read a text file, without its byte order mark; raises `ScheduleImportError`."""
    return decoded(read_bytes(path), path.name or str(path))


def read_bytes(path: Path) -> bytes:
    """Read a file; raises `ScheduleImportError` if it is empty, packed or too large."""
    name = path.name or str(path)
    return checked(_read(path, name), name)


def checked(data: bytes, name: str) -> bytes:
    """Return `data`; raises `ScheduleImportError` if it is empty, packed, a web page or too large."""
    if what := other_spreadsheet(data):
        message = phrase("{name} is {what}: export the sheet as .xlsx or as CSV and import that.", name=name, what=what)
        raise ScheduleImportError(message)
    for magic, what in PACKED.items():
        if data.startswith(magic) and not is_workbook(data):
            message = phrase("{name} is {what}: unpack it first and import what is inside.", name=name, what=what)
            raise ScheduleImportError(message)
    if len(data) > LARGEST:
        message = phrase(
            "{name} is larger than {largest} MiB, the limit for a schedule: split it.",
            name=name,
            largest=LARGEST // 1024**2,
        )
        raise ScheduleImportError(message)
    if _is_page(data):
        message = phrase(
            "{name} is a web page and no schedule, perhaps one that asks to sign in: give the file or address of "
            "the export itself.",
            name=name,
        )
        raise ScheduleImportError(message)
    if not data.strip():
        message = phrase("{name} is empty: export the schedule again.", name=name)
        raise EmptyScheduleError(message)
    return data


def _is_page(data: bytes) -> bool:
    """Whether HTML begins behind the blanks and comments at the start, each of which is looked at once."""
    start = _blank_until(data, len(BOM) if data.startswith(BOM) else 0)
    while data.startswith(b"<!--", start):
        end = data.find(b"-->", start)
        if end < 0:
            return False
        start = _blank_until(data, end + len(b"-->"))
    return _PAGE.match(data, start) is not None


def _blank_until(data: bytes, start: int) -> int:
    match = _BLANKS.match(data, start)
    return match.end() if match else start


def _read(path: Path, name: str) -> bytes:
    # `Path("https://…")` has lost one of the two slashes.
    if str(path).startswith(("http:/", "https:/")):
        address = str(path).replace(":/", "://", 1)
        message = phrase("{address} is an address: download the schedule first and import the file.", address=address)
        raise ScheduleImportError(message)
    try:
        with path.open("rb") as file:
            return file.read(LARGEST + 1)
    except FileNotFoundError:
        message = phrase("There is no file {path}: check the path.", path=path)
        raise ScheduleImportError(message) from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        message = phrase(
            "{name} cannot be read ({reason}): name a schedule file that you may read.", name=name, reason=reason
        )
        raise ScheduleImportError(message) from None
