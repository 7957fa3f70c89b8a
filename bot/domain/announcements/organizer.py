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
        """Whether the person is an organizer at `moment`; at `until` the appointment has ended."""
        return self.until is None or moment < self.until

    @property
    def called(self) -> str:
        """The display name."""
        return self.name or self.user


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One use of an organizers' command.

    Attributes:
        user, name: the person who used the command; both "" after the person was deleted.
        what: the command as typed.
        allowed: whether the person was an organizer.
        failed: whether an allowed command had no effect.
        whom, whom_name: the person that the command was about. `what` does not name them, so that the entry can stay
            when the person is deleted.
        about: whether the command was about a person.
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
        """Display name of the person who used the command."""
        return self.name or self.user or FORGOTTEN

    @property
    def concerned(self) -> str:
        """Display name of the person that the command was about; "" if there is none."""
        return (self.whom_name or self.whom or FORGOTTEN) if self.about else ""

    def without_doer(self) -> "AuditEntry":
        """Return the entry after the person who used the command was deleted: the command without its arguments."""
        return replace(self, user="", name="", what=self.what.partition(" ")[0])

    def without_concerned(self) -> "AuditEntry":
        """Return the entry after the person that it was about was deleted."""
        return replace(self, whom="", whom_name="")
