"""A schedule file that an organizer uploaded, waiting until the organizer applies it."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class UploadedCopy:
    """An uploaded file; a community has at most one.

    Attributes:
        number: given by the store; 0 before.
        conference: the conference whose schedule it becomes.
        community: id of the organizer's community.
        name: the name of the file in messages.
        zone: time zone to use in place of that of the file; "" to use that of the file.
        revision: revision of the schedule that it was compared with; 0 if there was none.
        at: the time of the upload.
    """

    number: int
    conference: str
    community: int
    name: str
    zone: str
    revision: int
    at: datetime
    body: bytes = field(repr=False)
