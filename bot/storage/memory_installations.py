"""The installations and handshakes of the memory store."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.app.ports import Installation
from bot.storage.memory_data import Data


@dataclass(frozen=True, slots=True)
class MemoryInstallations:
    """`ports.Installations` on dicts."""

    data: Data

    async def get(self, platform: str, tenant: str) -> Installation | None:
        """The installation of a tenant or organization."""
        kept = self.data.installations.get((platform, tenant))
        return kept[0] if kept else None

    async def all(self, platform: str) -> Sequence[Installation]:
        """By tenant."""
        known = [each for each, _ in self.data.installations.values() if (each.platform, each.org) == (platform, "")]
        return sorted(known, key=lambda each: each.tenant)

    async def save(self, installation: Installation) -> None:
        """One lease further, so that whoever has claimed the old one loses it."""
        known = await self.get(installation.platform, installation.tenant)
        kept = replace(installation, lease=known.lease + 1) if known else installation
        self.data.installations[installation.platform, installation.tenant] = (kept, None)

    async def remove(self, platform: str, tenant: str) -> Sequence[str]:
        """With those that live off it."""
        known = (each for each, _ in self.data.installations.values() if each.platform == platform)
        gone = sorted(each.tenant for each in known if tenant in (each.tenant, each.org))
        for name in gone:
            del self.data.installations[platform, name]
        return gone

    async def claim(self, platform: str, tenant: str, now: datetime, until: datetime) -> Installation | None:
        """None while somebody else has it."""
        known, leased_until = self.data.installations.get((platform, tenant), (None, None))
        if known is None or (leased_until and leased_until > now):
            return None
        claimed = replace(known, lease=known.lease + 1)
        self.data.installations[platform, tenant] = (claimed, until)
        return claimed

    async def settle(self, installation: Installation) -> bool:
        """Kept only while the lease is the newest; it is over then."""
        known = await self.get(installation.platform, installation.tenant)
        if known is None or known.lease != installation.lease:
            return False
        await self.save(installation)
        return True


@dataclass(frozen=True, slots=True)
class MemoryOAuthStates:
    """`ports.OAuthStates` on a dict."""

    data: Data

    async def begin(self, word: str, browser: str, now: datetime, until: datetime) -> None:
        """Those that are over go."""
        for over in [name for name, (_, ends_at) in self.data.handshakes.items() if ends_at <= now]:
            del self.data.handshakes[over]
        self.data.handshakes[word] = (browser, until)

    async def finish(self, word: str, browser: str, now: datetime) -> bool:
        """Taken, whatever the answer."""
        whose, ends_at = self.data.handshakes.pop(word, ("", now))
        return whose == browser and ends_at > now
