"""Who may organize a community beside those whom its platform knows, and what was done with that."""

from dataclasses import dataclass
from datetime import datetime

FORGOTTEN = "somebody who was forgotten"


@dataclass(frozen=True, slots=True)
class Organizer:
    """Somebody whom the community made an organizer; `user` is the platform's id. Without `until` it has no end."""

    user: str
    name: str
    since: datetime
    until: datetime | None = None

    def is_one_at(self, moment: datetime) -> bool:
        """Whether the right holds then; at `until` it is over."""
        return self.until is None or moment < self.until

    @property
    def called(self) -> str:
        """What people call them."""
        return self.name or self.user


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One use of an organizers' command, by whoever tried: when, who, in which words, and whether they might.

    `failed` if they might and nothing came of it.

    `whom` is the person it was about, who is not named in `what`: so that the person can be forgotten and the deed
    stays. Where both an id and its name are empty, somebody was.
    """

    at: datetime
    user: str
    name: str
    what: str
    allowed: bool = True
    failed: bool = False
    whom: str = ""
    whom_name: str = ""
    about: bool = False

    @property
    def doer(self) -> str:
        """Who did it, as people call them."""
        return self.name or self.user or FORGOTTEN

    @property
    def concerned(self) -> str:
        """Whom it was about, as people call them; "" where it was about nobody."""
        return (self.whom_name or self.whom or FORGOTTEN) if self.about else ""
