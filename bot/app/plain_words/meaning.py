"""What a sentence means: a command with its arguments."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Meaning:
    """A command with its arguments, by parameter."""

    command: str
    arguments: Mapping[str, str] = field(default_factory=dict)

    @property
    def key(self) -> tuple[str, tuple[tuple[str, str], ...]]:
        """A value that is equal for equal meanings."""
        return self.command, tuple(sorted(self.arguments.items()))
