"""Installations on platforms that issue one token for each community: encrypted, and renewed by one process."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from bot.domain.errors import HallwayError


@dataclass(frozen=True, slots=True)
class Installation:
    """An installation in one tenant of a platform, or in an organization of several tenants.

    Attributes:
        platform: the name of the platform.
        tenant: the platform's id of the workspace or organization.
        sealed: the platform's secret, encrypted by a `SecretCipher`. A tenant without one uses that of its `org`.
        org: the organization that the tenant belongs to, empty if there is none.
        ends_at: when the secret has to be renewed, None if it does not expire.
        lease: counts the changes. A change with an old count is refused.
    """

    platform: str
    tenant: str
    sealed: str = field(default="", repr=False)
    org: str = ""
    ends_at: datetime | None = None
    lease: int = 0


class Installations(Protocol):
    """The installations on every platform."""

    async def get(self, platform: str, tenant: str) -> Installation | None:
        """Return the installation of a tenant or organization."""
        ...

    async def all(self, platform: str) -> Sequence[Installation]:
        """Return the installations that do not belong to an organization, by tenant."""
        ...

    async def save(self, installation: Installation) -> None:
        """Add or replace an installation. A claim of the old one is lost."""
        ...

    async def remove(self, platform: str, tenant: str) -> Sequence[str]:
        """Delete an installation and those of the tenants in its organization. Returns all deleted tenants."""
        ...

    async def claim(self, platform: str, tenant: str, now: datetime, until: datetime) -> Installation | None:
        """Lease an installation for the renewal of its token.

        Args:
            platform: the name of the platform.
            tenant: the tenant or organization.
            now: an earlier lease that ends now or earlier is over.
            until: until then no other process can claim it.

        Returns:
            The installation with the new lease, None if it was removed or another process holds it.
        """
        ...

    async def release(self, installation: Installation) -> bool:
        """Store a claimed installation and end its lease.

        Returns:
            False if the claim was lost meanwhile. Then nothing was stored.
        """
        ...


class OAuthStates(Protocol):
    """The `state` parameters of OAuth flows: each is valid once, and only in the browser that began the flow."""

    async def issue(self, state: str, browser: str, now: datetime, until: datetime) -> None:
        """Store a state that is valid until `until`, and delete expired ones.

        Args:
            state: the digest of the state, so that a reader of the database cannot use it.
            browser: the digest of the browser's cookie.
            now: the current time.
            until: when the state expires.
        """
        ...

    async def consume(self, state: str, browser: str, now: datetime) -> bool:
        """Delete a state, and return whether it was valid in this browser."""
        ...


class CipherError(HallwayError):
    """A secret cannot be decrypted. The message says why and shows nothing of the secret."""


class SecretCipher(Protocol):
    """Encrypts secrets with keys that are not in the database."""

    def encrypt(self, owner: str, secret: str) -> str:
        """Encrypt `secret` with the newest key and bind it to `owner`."""
        ...

    def decrypt(self, owner: str, sealed: str) -> str:
        """Decrypt a secret.

        Raises:
            CipherError: no key decrypts it, or it is bound to another owner.
        """
        ...

    def is_newest(self, sealed: str) -> bool:
        """Whether a secret was encrypted with the newest key."""
        ...
