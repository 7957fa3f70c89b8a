"""What a schedule format declares, and what it is given to read."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from bot.domain.imports.draft import Draft
from bot.sources.decode import decoded, encoding_of
from bot.sources.field_map import FieldMap

HEAD = 64 * 1024
"""Bytes that a format may look at to recognise a file."""


@dataclass(frozen=True)
class Raw:
    """A file as it came: its name, its bytes, and the mapping that somebody wrote for it, if any."""

    name: str
    data: bytes
    fields: FieldMap | None = None

    @cached_property
    def text(self) -> str:
        """All of it, without byte order mark; raises `ScheduleImportError` for what is no text."""
        return decoded(self.data, self.name)

    @cached_property
    def head(self) -> str:
        """How it begins, from the first character that is no blank; never fails."""
        start = self.data[:HEAD].decode(encoding_of(self.data), errors="replace")
        return start.lstrip("\ufeff \t\r\n")


@dataclass(frozen=True, slots=True)
class Format:
    """One format. `help` is half a sentence for people; `parse` raises nothing but `ScheduleImportError`.

    `general` formats are asked last: they take a table of anything, so a format that knows better goes first.
    """

    name: str
    help: str
    recognise: Callable[[Raw], bool]
    parse: Callable[[Raw], Draft]
    general: bool = False
