"""Changes that organizers made in the chat, as patches on the facts of files: no later file undoes them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

Values = Mapping[str, Any]
"""The facts of one thing by name, as plain values."""
CREATES, SESSIONS = "creates", "sessions"
"""Marks in a patch: it may make a new thing; the sessions that it moved, with their venue and room before."""
MOST_CHANGES = 2_000


class ChangeKind(StrEnum):
    """The subject of a change."""

    VENUE = "venue"
    TOPIC = "topic"
    WAY = "way"
    SETTING = "setting"


@dataclass(frozen=True, slots=True)
class OrganizerChange:
    """One change of one thing.

    Attributes:
        number: the revision of the conference that the change made, so it rises and is unique in the conference. 0
            stands for the facts from files, before all changes.
        name: the name of the thing among those of its kind.
        patch: the facts to set; `fact+` and `fact-` add to a list and take from it. None removes the thing.
    """

    number: int
    kind: ChangeKind
    name: str
    at: datetime
    patch: Values | None

    @property
    def thing(self) -> tuple[ChangeKind, str]:
        """The thing that it changes; names are compared without regard to case."""
        return self.kind, self.name.casefold()


@dataclass(frozen=True, slots=True)
class OrganizerChanges:
    """All changes of a conference, by number. Each changed thing also has an entry with the number 0."""

    rows: tuple[OrganizerChange, ...] = ()

    def __post_init__(self) -> None:
        """Sort the changes: two lists of the same changes are equal."""
        ordered = sorted(self.rows, key=lambda row: (row.number, row.kind.value, row.name))
        object.__setattr__(self, "rows", tuple(ordered))

    @property
    def things(self) -> Sequence[tuple[ChangeKind, str]]:
        """The changed things in the order of their first change, with their names as they were written first."""
        first: dict[tuple[ChangeKind, str], int] = {}
        for row in self.rows:
            if row.number:
                first.setdefault(row.thing, row.number)
        bases = [row for row in self.rows if row.number == 0]
        return [(row.kind, row.name) for row in sorted(bases, key=lambda row: first.get(row.thing, 0))]

    @property
    def last(self) -> OrganizerChange | None:
        """The newest change."""
        return self.rows[-1] if self.rows and self.rows[-1].number else None

    def numbered(self, number: int) -> OrganizerChange | None:
        """Return the change with this number; None if there is none, or it was undone."""
        return next((row for row in self.rows if row.number == number and number), None)

    def values(self, kind: ChangeKind, name: str) -> Values | None:
        """Return the facts of a thing after all its changes; None if it does not exist."""
        facts: Values | None = None
        for row in self._of(kind, name):
            facts = row.patch if row.number == 0 else patched(facts, row.patch)
        return facts

    def name_of(self, kind: ChangeKind, name: str) -> str:
        """Return the name of a thing as it was written first."""
        return next((row.name for row in self._of(kind, name)), name)

    def base(self, kind: ChangeKind, name: str) -> Values | None:
        """Return the facts of a thing without its changes."""
        return next((row.patch for row in self._of(kind, name) if row.number == 0), None)

    def is_created(self, kind: ChangeKind, name: str) -> bool:
        """Whether a change created the thing, which no file has."""
        return self.base(kind, name) is None

    def with_change(self, change: OrganizerChange, base: Values | None) -> "OrganizerChanges":
        """Add a change; `base` is the facts from files, if the thing has no change yet."""
        first = () if self._of(*change.thing) else (replace(change, number=0, patch=base),)
        return OrganizerChanges((*self.rows, *first, change))

    def without(self, number: int) -> "OrganizerChanges":
        """Undo one change. A thing without changes is removed: it is as the files have it."""
        undone_change = self.numbered(number)
        rows = tuple(row for row in self.rows if row.number != number or row.number == 0)
        if undone_change and not any(row.number for row in rows if row.thing == undone_change.thing):
            rows = tuple(row for row in rows if row.thing != undone_change.thing)
        return OrganizerChanges(rows)

    def forgotten(self, kind: ChangeKind, name: str) -> "OrganizerChanges":
        """Return the changes without those of one thing."""
        return OrganizerChanges(tuple(row for row in self.rows if row.thing != (kind, name.casefold())))

    def rebased(self, bases: Mapping[tuple[ChangeKind, str], Values | None]) -> "OrganizerChanges":
        """Replace the facts from files of changed things."""
        by_thing = {(kind, name.casefold()): values for (kind, name), values in bases.items()}
        return OrganizerChanges(
            tuple(
                replace(row, patch=by_thing[row.thing]) if row.number == 0 and row.thing in by_thing else row
                for row in self.rows
            )
        )

    def _of(self, kind: ChangeKind, name: str) -> list[OrganizerChange]:
        thing = (kind, name.casefold())
        return [row for row in self.rows if row.thing == thing]


def patched(facts: Values | None, patch: Values | None) -> Values | None:
    """Return the facts with a patch. A patch that does not create a thing leaves a missing thing missing."""
    if patch is None or (facts is None and not patch.get(CREATES)):
        return None
    changed = dict(facts or {})
    for name, value in patch.items():
        if name in (CREATES, SESSIONS):
            continue
        if name.endswith("+"):
            changed[name[:-1]] = _added(changed.get(name[:-1], ()), value)
        elif name.endswith("-"):
            changed[name[:-1]] = [entry for entry in changed.get(name[:-1], ()) if entry not in value]
        else:
            changed[name] = value
    return changed


def _added(entries: Iterable[Any], new: Sequence[Any]) -> list[Any]:
    """Add entries to a list; an entry of several values replaces the one that differs only in the last value."""
    keys = [_key(entry) for entry in new]
    return [*(entry for entry in entries if _key(entry) not in keys), *new]


def _key(entry: Any) -> Any:  # noqa: ANN401 — a plain value
    return entry[:-1] if isinstance(entry, list) else entry
