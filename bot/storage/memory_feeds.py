"""The feeds of the memory store."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.imports.feed import Feed
from bot.storage.memory_data import Data


@dataclass(frozen=True, slots=True)
class MemoryFeeds:
    """`ports.Feeds` on dicts."""

    data: Data

    async def get(self, conference: str) -> Feed | None:
        """The feed of a conference."""
        kept = self.data.feeds.get(conference)
        return kept[0] if kept else None

    async def all(self) -> Sequence[Feed]:
        """By conference."""
        return [feed for _, (feed, _) in sorted(self.data.feeds.items())]

    async def save(self, feed: Feed) -> None:
        """One lease further, so that whoever has claimed the old one loses it."""
        known = await self.get(feed.conference)
        kept = replace(feed, lease=known.lease + 1) if known else feed
        self.data.feeds[feed.conference] = (kept, feed.due_at)

    async def claim(self, now: datetime, until: datetime, conference: str = "") -> Feed | None:
        """The longest due first."""
        due = [(wake_at, name) for name, (_, wake_at) in self.data.feeds.items() if wake_at <= now]
        name = conference or min(due, default=(now, ""))[1]
        known = await self.get(name)
        if known is None:
            return None
        claimed = replace(known, lease=known.lease + 1)
        self.data.feeds[name] = (claimed, until)
        return claimed

    async def settle(self, feed: Feed) -> bool:
        """Kept only while the lease is the newest; it is over then."""
        known = await self.get(feed.conference)
        if known is None or known.lease != feed.lease:
            return False
        self.data.feeds[feed.conference] = (replace(feed, lease=feed.lease + 1), feed.due_at)
        return True

    async def next_due(self) -> datetime | None:
        """The earliest moment at which something wants attention."""
        return min((wake_at for _, wake_at in self.data.feeds.values()), default=None)


@dataclass(frozen=True, slots=True)
class MemoryHeldCopies:
    """`ports.HeldCopies` on dicts."""

    data: Data

    async def get(self, conference: str) -> bytes | None:
        """What is held for a conference."""
        return self.data.copies.get(conference)

    async def put(self, conference: str, body: bytes | None) -> None:
        """Instead of what was held."""
        self.data.copies.pop(conference, None)
        if body is not None:
            self.data.copies[conference] = body
