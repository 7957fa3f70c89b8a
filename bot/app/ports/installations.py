"""Where a platform gives a token for each community that installs Hallway: kept sealed, renewed by one process."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from bot.domain.errors import HallwayError


@dataclass(frozen=True, slots=True)
class Installation:
    """An installation in one tenant of a platform, or in an organization of several.

    `sealed` is the platform's secret, encrypted by a `SecretCipher`; a tenant without one uses that of its `org`.
    The secret has to be renewed by `ends_at`, None if it lasts. `lease` counts the changes.
    """

    platform: str
    tenant: str
    sealed: str = field(default="", repr=False)
    org: str = ""
    ends_at: datetime | None = None
    lease: int = 0


class Installations(Protocol):
    """The installations of every platform."""

    async def get(self, platform: str, tenant: str) -> Installation | None:
        """The installation of a tenant or organization."""
        ...

    async def all(self, platform: str) -> Sequence[Installation]:
        """Those that have a secret of their own, by tenant."""
        ...

    async def save(self, installation: Installation) -> None:
        """Add or replace; whoever has claimed the old one loses it."""
        ...

    async def remove(self, platform: str, tenant: str) -> Sequence[str]:
        """Remove one, and those that live off it; gives the tenants of all that are gone."""
        ...

    async def claim(self, platform: str, tenant: str, now: datetime, until: datetime) -> Installation | None:
        """Take one for renewal, for nobody else until `until`; None if it is gone or somebody has it."""
        ...

    async def settle(self, installation: Installation) -> bool:
        """Keep what became of a claimed one and give it back; False, and nothing is kept, if it was lost."""
        ...


class OAuthStates(Protocol):
    """Installations that were begun: the word that somebody has to bring back, each good once and in one browser."""

    async def begin(self, word: str, browser: str, now: datetime, until: datetime) -> None:
        """Expect `word` from `browser` until `until`; both are digests. Those that are over are forgotten."""
        ...

    async def finish(self, word: str, browser: str, now: datetime) -> bool:
        """Whether the word was expected from this browser; nobody expects it again, whatever the answer."""
        ...


class CipherError(HallwayError):
    """A sealed secret cannot be read; the sentence says why and shows nothing of it."""


class SecretCipher(Protocol):
    """Keeps secrets so that the store alone does not give them away."""

    def close(self, owner: str, secret: str) -> str:
        """The secret sealed for `owner`, with the newest key."""
        ...

    def open(self, owner: str, sealed: str) -> str:
        """The secret; raises `CipherError` if no key fits, or if it was sealed for somebody else."""
        ...

    def is_newest(self, sealed: str) -> bool:
        """Whether the newest key sealed it."""
        ...
