"""Session codes: generated where a file has none, and made unique."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from hashlib import blake2b

from bot.domain.imports.draft import DraftSession

_REPEATED = re.compile(r"\s*\[repeat\]\s*", re.IGNORECASE)
_LETTERS = re.compile(r"[^A-Z]")
CODE_LETTERS, CODE_NUMBERS = 3, 100_000


def bare_title(title: str) -> str:
    """Return the title without its repeat mark."""
    return _REPEATED.sub(" ", title).strip()


def unique_name(wanted: str, taken: set[str]) -> str:
    """Return `wanted`, with a number appended if it is in `taken`, and add it to `taken`."""
    name, number = wanted, 2
    while name.upper() in taken:
        name, number = f"{wanted}-{number}", number + 1
    taken.add(name.upper())
    return name


def row_order(row: DraftSession) -> tuple[object, ...]:
    """Sort key of rows that does not depend on their order in the file."""
    return (row.starts.replace(tzinfo=None), row.location, row.title, row.uid, row.kind, row.abstract, row.speakers)


def generate_codes(rows: Sequence[DraftSession]) -> Mapping[DraftSession, tuple[str, bool]]:
    """Generate codes for rows without one: letters of the kind and a number hashed from the title.

    Returns:
        For each row its code, and whether its talk is marked as repeated.
    """
    talks: dict[tuple[str, str], list[DraftSession]] = defaultdict(list)
    for row in rows:
        talks[row.kind, bare_title(row.title).casefold()].append(row)
    taken: set[str] = set()
    codes: dict[DraftSession, tuple[str, bool]] = {}
    for (kind, title), sittings in sorted(talks.items()):
        code = _code(kind, title, taken)
        repeated = any(_REPEATED.search(row.title) for row in sittings)
        codes.update(dict.fromkeys(sittings, (code, repeated)))
    return codes


def unique_sitting_code(code: str, taken: set[str], *, repeated: bool) -> str:
    """Return the next unused code of a talk: ARC1, ARC1-R, ARC1-R1 for repeats, otherwise ARC1, ARC1-2, ARC1-3."""
    if not repeated or code.upper() not in taken:
        return unique_name(code, taken)
    name, number = f"{code}-R", 1
    while name.upper() in taken:
        name, number = f"{code}-R{number}", number + 1
    taken.add(name.upper())
    return name


def _code(kind: str, title: str, taken: set[str]) -> str:
    letters = (_LETTERS.sub("", kind.upper()) + "SES")[:CODE_LETTERS] if kind else "SES"
    digest = blake2b(f"{kind}\x1f{title}".encode(), digest_size=8).digest()
    number = int.from_bytes(digest) % CODE_NUMBERS
    while f"{letters}{number:05}" in taken:
        number = (number + 1) % CODE_NUMBERS
    taken.add(f"{letters}{number:05}")
    return f"{letters}{number:05}"
