"""Decoding of untrusted bytes."""

import re

from bot.domain.errors import ScheduleImportError

_DECLARED = re.compile(rb"""^\s*<\?xml[^>]{0,100}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_MARKS = (b"\xff\xfe", b"\xfe\xff")


def encoding_of(data: bytes) -> str:
    """Return the encoding that the byte order mark indicates; UTF-8 without one."""
    return "utf-16" if data.startswith(_MARKS) else "utf-8-sig"


def decoded(data: bytes, name: str) -> str:
    """Decode `data`, without its byte order mark.

    Raises:
        ScheduleImportError: it is not text; the sentence names the file.
    """
    text = _text(data, name)
    if "\x00" in text:
        line = text.count("\n", 0, text.index("\x00")) + 1
        message = f"{name}, line {line}: a NUL byte, so this is no text: export it again as CSV, JSON or XML."
        raise ScheduleImportError(message)
    return text


def _text(data: bytes, name: str) -> str:
    encodings = [encoding_of(data)]
    if not data.startswith(_MARKS) and b"\x00" not in data[:4096]:
        declared = _DECLARED.match(data)
        encodings += [declared[1].decode()] if declared else []
        encodings.append("cp1252")
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except (UnicodeError, LookupError):
            continue
    message = f"{name} is no text in UTF-8: export the schedule again as CSV, JSON or XML."
    raise ScheduleImportError(message)
