"""Reading a file that somebody else wrote: bounded, decoded, and refused in one sentence."""

from pathlib import Path

from bot.domain.errors import ImportFault

LARGEST = 32 * 1024 * 1024
"""Bytes. The largest real schedule at hand has 2.7 million."""
MOST_SESSIONS = 50_000
PACKED = {
    b"PK\x03\x04": "a zip archive",
    b"\x1f\x8b": "a gzip archive",
    b"BZh": "a bzip2 archive",
    b"\xfd7zXZ": "an xz archive",
}


def read_text(path: Path) -> str:
    """The text of a file, without byte order mark; raises `ImportFault`."""
    name = path.name or str(path)
    return text_of(_read(path, name), name)


def text_of(data: bytes, name: str) -> str:
    """The text of what sentences call `name`, without byte order mark; raises `ImportFault`."""
    for magic, what in PACKED.items():
        if data.startswith(magic):
            message = f"{name} is {what}: unpack it first and import what is inside."
            raise ImportFault(message)
    text = _decoded(data, name)
    if "\x00" in text:
        line = text.count("\n", 0, text.index("\x00")) + 1
        message = f"{name}, line {line}: a NUL byte, so this is no text: export it again as CSV, JSON or XML."
        raise ImportFault(message)
    if not text.strip():
        message = f"{name} is empty: export the schedule again."
        raise ImportFault(message)
    return text


def _read(path: Path, name: str) -> bytes:
    # A path that was made of an address has lost one of its two slashes.
    if str(path).startswith(("http:/", "https:/")):
        address = str(path).replace(":/", "://", 1)
        message = f"{address} is an address: download the schedule first and import the file."
        raise ImportFault(message)
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except FileNotFoundError:
        message = f"There is no file {path}: check the path."
        raise ImportFault(message) from None
    except OSError as error:
        message = f"{name} cannot be read ({error.strerror}): name a schedule file that you may read."
        raise ImportFault(message) from None
    if len(data) > LARGEST:
        message = f"{name} is larger than {LARGEST // 1024**2} MiB, which no schedule is: split it."
        raise ImportFault(message)
    return data


def _decoded(data: bytes, name: str) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig"] if b"\x00" in data[:4096] else ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    message = f"{name} is no text in UTF-8: export the schedule again as CSV, JSON or XML."
    raise ImportFault(message)
