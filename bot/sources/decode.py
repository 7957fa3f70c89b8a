"""Decodes untrusted bytes to text, and reports guesses, repairs and lost characters with a sample."""

import codecs
import re
import unicodedata
from dataclasses import dataclass

from bot.domain.errors import ScheduleImportError
from bot.domain.imports.draft import Remark, remark
from bot.domain.phrases import phrase
from bot.sources.encodings import detected
from bot.sources.mojibake import repaired

_DECLARED = re.compile(rb"""^\s*<\?xml[^>]{0,100}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_HEAD, _LEAST = 4096, 16
_FEW_ZEROS = 5
"""UTF-16 without a byte order mark: at least one in 5 characters has a NUL byte, always at the same side."""
_ISO_2022_JP = (b"\x1b$B", b"\x1b$@", b"\x1b(J")
_SURROGATE = re.compile("[\ud800-\udfff]")
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|.)", re.DOTALL)
_FIRST_OUTSIDE_ASCII = 0x80
LOST = "\ufffd"
_BROKEN = "hallway.windows-1252"
SAMPLE = 30
"""Characters of a sample on either side of what it shows."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text in Unicode's composed form (NFC), and remarks on what was guessed or repaired."""

    text: str
    remarks: tuple[Remark, ...] = ()


def encoding_of(data: bytes) -> str:
    """Return the encoding that a byte order mark or NUL bytes indicate; UTF-8 without them."""
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return encoding
    head = data[:_HEAD] if len(data) >= _LEAST else b""
    left, right = head[::2].count(0), head[1::2].count(0)
    if right * _FEW_ZEROS >= len(head) // 2 > 0 == left:
        return "utf-16-le"
    if left * _FEW_ZEROS >= len(head) // 2 > 0 == right:
        return "utf-16-be"
    return "utf-8-sig"


def decoded(data: bytes, name: str) -> str:
    """Decode `data`, without its byte order mark; raises `ScheduleImportError` as `decode` does."""
    return decode(data, name).text


def decode(data: bytes, name: str) -> Decoded:
    """Decode `data`: by its byte order mark, as UTF-8, as declared, else as the most likely encoding.

    Raises:
        ScheduleImportError: it is not text; the sentence names the file.
    """
    remarks: list[Remark] = []
    text = _text(data, name, remarks).removeprefix("\ufeff")
    if "\x00" in text:
        line = text.count("\n", 0, text.index("\x00")) + 1
        raise ScheduleImportError(
            "{name}, line {line}: a NUL byte, so this is not text: export it again as CSV, JSON or XML.",
            name=name,
            line=line,
        )
    text = _with_joined_surrogates(_unescaped(text), remarks)
    text, repair = repaired(text)
    if repair:
        remarks.append(Remark("text", repair))
    return Decoded(unicodedata.normalize("NFC", text), tuple(remarks))


def _text(data: bytes, name: str, remarks: list[Remark]) -> str:
    encoding = encoding_of(data)
    try:
        if encoding == "utf-8-sig":
            text = _as_utf_8(data)
            return _in_another(data, remarks) if text is None else text
        return data.decode(encoding, "surrogatepass")
    except (UnicodeError, LookupError) as error:
        raise ScheduleImportError(
            "{name} is not text in UTF-8: export the schedule again as CSV, JSON or XML.", name=name
        ) from error


def _as_utf_8(data: bytes) -> str | None:
    """Return the text, None if this is not UTF-8. Surrogates in UTF-8 (CESU-8) are left for `_whole`."""
    if data.isascii() and any(mark in data for mark in _ISO_2022_JP):
        return None
    try:
        return data.decode("utf-8-sig", "surrogatepass")
    except UnicodeError:
        return None


def _in_another(data: bytes, remarks: list[Remark]) -> str:
    if text := _declared(data):
        return text
    if text := _nearly_utf_8(data, remarks):
        return text
    encoding = detected(data)
    text = data.decode(encoding, "replace")
    what = phrase(
        "the file does not say its encoding: read as {encoding}, such as {sample}",
        encoding=encoding,
        sample=repr(_sample(text)),
    )
    remarks.append(remark("encoding", "{what}; if that is wrong, save the file as UTF-8", what=what))
    return text


def _declared(data: bytes) -> str:
    declared = _DECLARED.match(data)
    try:
        return data.decode(declared[1].decode()) if declared else ""
    except (UnicodeError, LookupError):
        return ""


def _nearly_utf_8(data: bytes, remarks: list[Remark]) -> str:
    """Return text that is UTF-8 but for a few bytes, which are read as Windows-1252; "" if it is not."""
    strict = data.decode("utf-8-sig", "replace")
    broken = strict.count(LOST)
    outside = len(strict) - len(strict.encode("ascii", "ignore")) - broken
    if not broken or outside <= 2 * broken:
        return ""
    text = data.decode("utf-8-sig", _BROKEN)
    at = max(strict.find(LOST), 0)
    number = "1 character is" if broken == 1 else phrase("{broken} characters are", broken=broken)
    what = phrase(
        "{number} not UTF-8, unlike the rest: read as Windows-1252, such as {around}",
        number=number,
        around=repr(_excerpt(text, at)),
    )
    remarks.append(Remark("encoding", what))
    return text


def _as_windows_1252(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error(_BROKEN, _as_windows_1252)


def _unescaped(text: str) -> str:
    r"""Replace the escapes of JSON (`\u00fc`) by their characters, so that what follows sees these too."""
    if text.lstrip()[:1] not in ("{", "[") or "\\u" not in text:
        return text
    return _ESCAPE.sub(_character, text)


def _character(match: re.Match[str]) -> str:
    code = int(match[1], 16) if match[1] else 0
    return chr(code) if code >= _FIRST_OUTSIDE_ASCII else match[0]


def _with_joined_surrogates(text: str, remarks: list[Remark]) -> str:
    """Join surrogate pairs; half a pair becomes U+FFFD."""
    if not _SURROGATE.search(text):
        return text
    repaired = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    if cut := repaired.count(LOST) - text.count(LOST):
        halves = "1 character was" if cut == 1 else phrase("{cut} characters were", cut=cut)
        sample = _excerpt(repaired, repaired.index(LOST))
        remarks.append(
            remark(
                "text",
                "{halves} cut in half and cannot be read: shown as {lost}, such as {sample}",
                halves=halves,
                lost=LOST,
                sample=repr(sample),
            )
        )
    return repaired


def _sample(text: str) -> str:
    """Return the surroundings of the first character outside ASCII."""
    return _excerpt(text, next((at for at, character in enumerate(text) if character > "\x7f"), 0))


def _excerpt(text: str, at: int) -> str:
    """Return the part of a line around a position, between quotes, commas and tags."""
    before = re.split(r'[\n\r,;\t"<>]', text[max(at - SAMPLE, 0) : at])[-1]
    after = re.split(r'[\n\r,;\t"<>]', text[at : at + SAMPLE])[0]
    return (before + after).strip()
