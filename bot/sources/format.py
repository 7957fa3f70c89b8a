"""The declaration of a schedule format, and its input."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from bot.domain.imports.draft import Draft, Remark
from bot.sources.decode import decode, encoding_of
from bot.sources.field_map import FieldMap

_CALENDAR = "BEGIN:VCALENDAR"
_FOLD = re.compile(rb"\r?\n[ \t]")
HEAD = 64 * 1024
"""Number of bytes a format may inspect to recognise a file."""


@dataclass(frozen=True)
class Raw:
    """A raw file: name, bytes and, if given, the mapping for it. `remarks` are about guesses of its encoding."""

    name: str
    data: bytes
    fields: FieldMap | None = None
    remarks: list[Remark] = field(default_factory=list, compare=False)

    @cached_property
    def text(self) -> str:
        """The whole text, without its byte order mark; raises `ScheduleImportError` if it is not text."""
        read = decode(self.data, self.name)
        self.remarks.extend(read.remarks)
        return read.text

    def decoding_remarks(self) -> Sequence[Remark]:
        """Remarks on how the text was decoded, after it was parsed."""
        if self.remarks or not self.head[: len(_CALENDAR)].upper().startswith(_CALENDAR):
            return self.remarks
        # Calendars are unfolded as bytes, because some programs fold inside a character.
        return decode(_FOLD.sub(b"", self.data), self.name).remarks

    @cached_property
    def head(self) -> str:
        """The beginning, from the first non-blank character; never fails."""
        start = self.data[:HEAD].decode(encoding_of(self.data), errors="replace")
        return start.lstrip("\ufeff \t\r\n")


@dataclass(frozen=True, slots=True)
class Format:
    """A schedule format. `help` is a phrase for people; `parse` raises only `ScheduleImportError`.

    `general` formats accept any table and are tried last.
    """

    name: str
    help: str
    recognise: Callable[[Raw], bool]
    parse: Callable[[Raw], Draft]
    general: bool = False
