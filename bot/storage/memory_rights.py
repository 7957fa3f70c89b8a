"""Who organizes, and what was done with that, on dicts."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.app.ports import MOST_REFUSED
from bot.domain.announcements.organizer import AuditEntry, Organizer
from bot.storage.memory_data import Data


@dataclass(frozen=True, slots=True)
class MemoryOrganizers:
    """`ports.Organizers` on a dict."""

    data: Data

    async def is_organizer(self, community: int, user: str, at: datetime) -> bool:
        """Whether it is kept and holds."""
        known = self.data.organizers.get((community, user))
        return known is not None and known.is_one_at(at)

    async def of(self, community: int) -> Sequence[Organizer]:
        """By when they were added, then by id."""
        here = [each for (where, _), each in self.data.organizers.items() if where == community]
        return sorted(here, key=lambda each: (each.since, each.user))

    async def add(self, community: int, organizer: Organizer) -> None:
        """Add or replace."""
        self.data.organizers[community, organizer.user] = organizer

    async def remove(self, community: int, user: str) -> bool:
        """False if there was none."""
        return self.data.organizers.pop((community, user), None) is not None


@dataclass(frozen=True, slots=True)
class MemoryAudit:
    """`ports.Audit` on a dict."""

    data: Data

    async def note(self, community: int, deed: AuditEntry) -> int:
        """Keep it; a refused one makes room for itself."""
        deeds, new = self.data.deeds, self.data.new_id()
        deeds[new] = (community, deed)
        refused = [id_ for id_, (where, each) in deeds.items() if where == community and not each.allowed]
        for id_ in refused[:-MOST_REFUSED]:
            del deeds[id_]
        return new

    async def failed(self, deed: int) -> None:
        """Replace it."""
        where, known = self.data.deeds[deed]
        self.data.deeds[deed] = (where, replace(known, failed=True))

    async def latest(self, community: int, limit: int) -> Sequence[AuditEntry]:
        """Newest first."""
        return self._of(community)[:limit]

    async def by(self, community: int, user: str) -> Sequence[AuditEntry]:
        """Newest first."""
        return [each for each in self._of(community) if each.user == user]

    def _of(self, community: int) -> list[AuditEntry]:
        return [each for where, each in reversed(self.data.deeds.values()) if where == community]


def forget_organizer(data: Data, platform: str, user: str) -> None:
    """Take somebody out: their right goes, what they did stays and says no longer who it was."""
    there = {id_ for id_, each in data.communities.items() if each.platform == platform}
    for key in [key for key in data.organizers if key[0] in there and key[1] == user]:
        del data.organizers[key]
    for id_, (where, deed) in data.deeds.items():
        if where in there:
            kept = replace(deed, user="", name="") if deed.user == user else deed
            kept = replace(kept, whom="", whom_name="") if deed.whom == user else kept
            data.deeds[id_] = (where, kept)


def forget_community(data: Data, community: int) -> None:
    """Who organized it, and what they did, goes with it."""
    for key in [key for key in data.organizers if key[0] == community]:
        del data.organizers[key]
    for id_ in [id_ for id_, (where, _) in data.deeds.items() if where == community]:
        del data.deeds[id_]
