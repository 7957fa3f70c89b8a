"""Links between communities whose organizers may announce to both, by consent or by the operator."""

import re
from dataclasses import dataclass
from datetime import datetime

LETTERS, LENGTH, GROUP = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ", 12, 4
"""Alphabet (no look-alikes), length and group size of a link code: 60 bits."""


@dataclass(frozen=True, slots=True)
class CommunityLink:
    """An undirected, non-transitive link of two communities (ids, the smaller first).

    It is active while both follow `conference`.
    """

    one: int
    other: int
    conference: str
    since: datetime

    @classmethod
    def between(cls, first: int, second: int, conference: str, since: datetime) -> "CommunityLink":
        """Build a link; the order of the two ids does not matter."""
        return cls(min(first, second), max(first, second), conference, since)

    def partner_of(self, community: int) -> int:
        """The id of the other community."""
        return self.other if community == self.one else self.one


def code_in(text: str) -> str | None:
    """Normalize a typed code; None if it is not a code."""
    code = re.sub(r"[\s-]", "", text).upper()
    return code if len(code) == LENGTH and set(code) <= set(LETTERS) else None


def code_text(code: str) -> str:
    """Format a code for people: `ABCD-EFGH-JKLM`."""
    return "-".join(code[start : start + GROUP] for start in range(0, LENGTH, GROUP))
