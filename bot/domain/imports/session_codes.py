"""Session codes: generated where a file has none, and made unique."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from hashlib import blake2b

from bot.domain.imports.cancel_marks import without_mark
from bot.domain.imports.draft import DraftSession

_REPEATED = re.compile(r"\[repeat\]", re.IGNORECASE)
_LETTERS = re.compile(r"[^A-Z]")
CODE_LETTERS, CODE_NUMBERS = 3, 100_000


def bare_title(title: str) -> str:
    """Return the title without its repeat mark."""
    if "[" not in title:
        return title.strip()
    parts = _REPEATED.split(title)
    return " ".join(part for part in map(str.strip, parts) if part)


def talk_title(title: str) -> str:
    """Return the title of the talk, the same before and after it was cancelled or repeated."""
    return composed(without_mark(bare_title(title)) or title)


def composed(text: str) -> str:
    """Return the text in Unicode's composed form (NFC), in which new text is stored; older versions may differ."""
    return unicodedata.normalize("NFC", text)


class TakenNames(set[str]):
    """Names in use, in upper case.

    `numbers` has the next number to try for each name, so that 50,000 equal ones do not try all numbers each time.
    """

    def __init__(self, names: Iterable[str] = ()) -> None:
        super().__init__(name.upper() for name in names)
        self.numbers: dict[str, int] = {}


def unique_name(wanted: str, used: TakenNames, also: Container[str] = ()) -> str:
    """Return `wanted`, with a number appended if it is in `used` or `also`, and add it to `used`."""
    return _numbered(wanted, wanted + "-", 2, used, also)


def _numbered(first: str, stem: str, number: int, used: TakenNames, also: Container[str]) -> str:
    """Return `first`, or `stem` with the first free number from `number` on."""
    name, number = first, used.numbers.get(stem.upper(), number)
    while name.upper() in used or name.upper() in also:
        name, number = f"{stem}{number}", number + 1
    used.numbers[stem.upper()] = number
    used.add(name.upper())
    return name


def row_order(row: DraftSession) -> tuple[object, ...]:
    """Return a sort key of a row that does not depend on the order of the rows in the file."""
    return (row.starts.replace(tzinfo=None), row.location, row.title, row.uid, row.kind, row.abstract, row.speakers)


def generate_codes(rows: Sequence[DraftSession]) -> Mapping[DraftSession, tuple[str, bool]]:
    """Generate codes for rows without one: letters of the kind and a number hashed from the title.

    Returns:
        For each row its code, and whether its talk is marked as repeated.
    """
    talks: dict[tuple[str, str], list[DraftSession]] = defaultdict(list)
    for row in rows:
        talks[row.kind, talk_title(row.title).casefold()].append(row)
    used: set[str] = set()
    codes: dict[DraftSession, tuple[str, bool]] = {}
    for (kind, title), sittings in sorted(talks.items()):
        code = _code(kind, title, used)
        repeated = any(_REPEATED.search(row.title) for row in sittings)
        codes.update(dict.fromkeys(sittings, (code, repeated)))
    return codes


def unique_sitting_code(code: str, used: TakenNames, *, repeated: bool, also: Container[str] = ()) -> str:
    """Return the next unused code of a talk: ARC1, ARC1-R, ARC1-R1 for repeats, otherwise ARC1, ARC1-2, ARC1-3."""
    if not repeated or (code.upper() not in used and code.upper() not in also):
        return unique_name(code, used, also)
    return _numbered(f"{code}-R", f"{code}-R", 1, used, also)


def _code(kind: str, title: str, used: set[str]) -> str:
    letters = (_LETTERS.sub("", kind.upper()) + "SES")[:CODE_LETTERS] if kind else "SES"
    digest = blake2b(f"{kind}\x1f{title}".encode(), digest_size=8).digest()
    number = int.from_bytes(digest) % CODE_NUMBERS
    while f"{letters}{number:05}" in used:
        number = (number + 1) % CODE_NUMBERS
    used.add(f"{letters}{number:05}")
    return f"{letters}{number:05}"
