"""Edits of sessions and uploaded files by organizers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.domain.attendee.attendee import Attendance
from bot.domain.imports.draft import Draft
from bot.domain.imports.edits import SessionEdit
from bot.domain.imports.report import ImportReport
from bot.domain.imports.upload import UploadedCopy
from bot.domain.schedule.session import Session


class SessionEdits(Protocol):
    """The edits of sessions: a session has at most one."""

    async def of_conference(self, conference: str) -> Sequence[SessionEdit]:
        """Return the edits of a conference, oldest first."""
        ...

    async def replace(self, conference: str, edits: Sequence[SessionEdit]) -> None:
        """Store these edits in place of all earlier edits of the conference."""
        ...


@dataclass(frozen=True, slots=True)
class UploadResult:
    """The result of an upload: `number` is the number of the waiting file, 0 if no file waits."""

    conference: str
    report: ImportReport
    number: int = 0


@dataclass(frozen=True, slots=True)
class EditResult:
    """A session before and after an edit, and the number of people who have it on their agenda."""

    before: Session
    after: Session
    people: int


class ScheduleEditor(Protocol):
    """Changes schedules for organizers, in transactions of its own. Each `HallwayError` says what to do."""

    async def upload(self, upload: UploadedCopy) -> UploadResult:
        """Compare a file with the schedule, and store it until its organizer applies it."""
        ...

    async def apply_upload(self, number: int, community: int) -> UploadResult:
        """Import an uploaded file of a community.

        If the schedule has changed since the upload, nothing is imported, and the result has the new difference.
        """
        ...

    async def discard_upload(self, number: int, community: int) -> None:
        """Delete an uploaded file of a community."""
        ...

    async def read_file(self, body: bytes, name: str) -> Draft:
        """Parse a file that somebody sent; `name` is used in messages."""
        ...

    async def save_attendances(self, attendee: int, conference: str, attendances: Sequence[Attendance]) -> None:
        """Store choices of an attendee, and plan their nudges. Choosing a session to attend is consent to messages."""
        ...

    async def preview_edit(self, conference: str, edit: SessionEdit) -> EditResult:
        """Return what an edit would change."""
        ...

    async def apply_edit(self, conference: str, edit: SessionEdit) -> EditResult:
        """Change a session, and merge the edit with an earlier edit of it."""
        ...

    async def preview_restore(self, conference: str, session: str) -> EditResult:
        """Return what the removal of an edit would change."""
        ...

    async def apply_restore(self, conference: str, session: str) -> EditResult:
        """Remove the edit of a session, which restores what its source says."""
        ...


class UploadedCopies(Protocol):
    """Uploaded files that wait for their organizer: a community has at most one."""

    async def add(self, upload: UploadedCopy, expired: datetime) -> int:
        """Store a file in place of the community's earlier one, and delete all files from before `expired`.

        Returns:
            The number of the file.
        """
        ...

    async def get(self, number: int) -> UploadedCopy | None:
        """Return the file with a number."""
        ...

    async def remove(self, number: int) -> bool:
        """Delete a file. False if it is gone already."""
        ...
