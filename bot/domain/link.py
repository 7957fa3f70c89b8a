"""Two communities whose organizers may announce to both: by their own consent, or because an operator says so."""

from dataclasses import dataclass
from datetime import datetime


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
