"""What a schedule format offers."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.domain.draft import Draft


@dataclass(frozen=True, slots=True)
class Reader:
    """One format: `knows` looks at the beginning of a text, `read` makes the draft of (text, the file's name)."""

    name: str
    knows: Callable[[str], bool]
    read: Callable[[str, str], Draft]
