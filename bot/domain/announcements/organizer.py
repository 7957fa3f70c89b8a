"""Organizers appointed in Hallway, beside the platform's own administrators, and the audit log."""

from dataclasses import dataclass, replace
from datetime import datetime

FORGOTTEN = "somebody who was forgotten"


@dataclass(frozen=True, slots=True)
class Organizer:
    """An appointed organizer; `user` is the platform's id. Without `until` the appointment does not end."""

    user: str
    name: str
    since: datetime
    until: datetime | None = None

    def is_valid_at(self, moment: datetime) -> bool:
        """Whether the appointment is valid at `moment`; at `until` it has ended."""
        return self.until is None or moment < self.until

    @property
    def called(self) -> str:
        """The display name."""
        return self.name or self.user


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One use of an organizers' command.

    Attributes:
        user, name: who tried; both "" after that person was forgotten.
        what: the command as typed.
        allowed: whether they had the right.
        failed: whether an allowed command had no effect.
        whom, whom_name: the person it was about. Not named in `what`, so that the person can be forgotten and the
            entry stays.
        about: whether it was about a person.
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
        """Display name of the person who did it."""
        return self.name or self.user or FORGOTTEN

    @property
    def concerned(self) -> str:
        """Display name of the person it was about; "" if it was about nobody."""
        return (self.whom_name or self.whom or FORGOTTEN) if self.about else ""

    def without_doer(self) -> "AuditEntry":
        """The entry after the person who did it was forgotten: the command without what the person typed after it."""
        return replace(self, user="", name="", what=self.what.partition(" ")[0])

    def without_concerned(self) -> "AuditEntry":
        """The entry after the person it was about was forgotten."""
        return replace(self, whom="", whom_name="")
