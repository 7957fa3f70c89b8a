"""Codes for sessions that come without one, and names that no other has."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from hashlib import blake2b

from bot.domain.imports.draft import DraftSession

_REPEATED = re.compile(r"\s*\[repeat\]\s*", re.IGNORECASE)
_LETTERS = re.compile(r"[^A-Z]")
CODE_LETTERS, CODE_NUMBERS = 3, 100_000


def bare(title: str) -> str:
    """The title without the mark of a repeat."""
    return _REPEATED.sub(" ", title).strip()


def free(wanted: str, taken: set[str]) -> str:
    """`wanted`, or with a number behind it if it is taken; then it is taken."""
    name, number = wanted, 2
    while name.upper() in taken:
        name, number = f"{wanted}-{number}", number + 1
    taken.add(name.upper())
    return name


def order(row: DraftSession) -> tuple[object, ...]:
    """One order of rows whatever order they came in: by start and place, then by all else that tells them apart."""
    return (row.starts.replace(tzinfo=None), row.location, row.title, row.uid, row.kind, row.abstract, row.speakers)


def invented(rows: Sequence[DraftSession]) -> Mapping[DraftSession, tuple[str, bool]]:
    """For rows without a code: letters of the kind and a number made from the title, and whether it is a repeat."""
    talks: dict[tuple[str, str], list[DraftSession]] = defaultdict(list)
    for row in rows:
        talks[row.kind, bare(row.title).casefold()].append(row)
    taken: set[str] = set()
    codes: dict[DraftSession, tuple[str, bool]] = {}
    for (kind, title), sittings in sorted(talks.items()):
        code = _code(kind, title, taken)
        repeated = any(_REPEATED.search(row.title) for row in sittings)
        codes.update(dict.fromkeys(sittings, (code, repeated)))
    return codes


def free_sitting(code: str, taken: set[str], *, repeated: bool) -> str:
    """The next free code of a talk's sittings: ARC1, ARC1-R, ARC1-R1 for repeats, else ARC1, ARC1-2, ARC1-3."""
    if not repeated or code.upper() not in taken:
        return free(code, taken)
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
