"""Two communities whose organizers may announce to both: by their own consent, or because an operator says so."""

import re
from dataclasses import dataclass
from datetime import datetime

LETTERS, LENGTH, GROUP = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ", 12, 4
"""Of a code: 60 bits, without the letters that look like others."""


@dataclass(frozen=True, slots=True)
class Link:
    """A link has no direction, and goes no further: who is linked with `other` is not linked with `one` by that.

    `one` and `other` are ids of communities, the smaller first. It counts while both follow `conference`.
    """

    one: int
    other: int
    conference: str
    since: datetime

    @classmethod
    def between(cls, first: int, second: int, conference: str, since: datetime) -> "Link":
        """The same whichever of them comes first."""
        return cls(min(first, second), max(first, second), conference, since)

    def beyond(self, community: int) -> int:
        """The other of the two."""
        return self.other if community == self.one else self.one


def code_in(text: str) -> str | None:
    """The letters of a code as somebody may have typed it; None if it is none."""
    code = re.sub(r"[\s-]", "", text).upper()
    return code if len(code) == LENGTH and set(code) <= set(LETTERS) else None


def code_text(code: str) -> str:
    """The letters of a code as they are read out: `ABCD-EFGH-JKLM`."""
    return "-".join(code[start : start + GROUP] for start in range(0, LENGTH, GROUP))
