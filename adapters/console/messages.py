"""What the console shows: one message to one person at one moment."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.app.messages import Reply

MessageKind = Literal["reply", "nudge", "announcement", "error"]


@dataclass(frozen=True, slots=True)
class Message:
    """`name` is the command or the kind of nudge; `at` is in `zone`, the conference's."""

    at: datetime
    zone: str
    to: str
    kind: MessageKind
    name: str
    content: Reply
