"""What the console shows: one message to one person at one moment."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.app.messages import Reply

MessageKind = Literal["reply", "nudge", "announcement", "error"]


@dataclass(frozen=True, slots=True)
class Message:
    """One message: `name` is the command or the kind of nudge; `at` is in the conference's `zone`.

    Attributes are those of the message: `name` is the command or the kind of nudge, and `at` is a time in `zone`, the
    conference's time zone.
    """

    at: datetime
    zone: str
    to: str
    kind: MessageKind
    name: str
    content: Reply
