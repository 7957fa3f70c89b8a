"""Duplicate rows in a file."""

from collections.abc import Iterable
from dataclasses import fields
from operator import attrgetter

from bot.domain.imports.draft import DraftSession, Remark, remark

_ANYWHERE = attrgetter(*(field.name for field in fields(DraftSession) if field.name != "where"))
"""All facts of a row except its position."""


def without_doubles(rows: Iterable[DraftSession]) -> tuple[list[DraftSession], list[Remark]]:
    """Return the rows without exact copies of an earlier one, and a remark on each copy."""
    first: dict[object, str] = {}
    doubles: list[Remark] = []
    unique: list[DraftSession] = []
    for row in rows:
        anywhere = _ANYWHERE(row)
        if anywhere in first:
            doubles.append(
                remark(
                    row.where, "{title} is exactly the same as {first}", title=repr(row.title), first=first[anywhere]
                )
            )
        else:
            first[anywhere] = row.where
            unique.append(row)
    return unique, doubles
