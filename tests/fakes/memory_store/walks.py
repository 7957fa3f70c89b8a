"""Counted walks in the memory store."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.app.ports.walks import Promise
from bot.domain.walks.publishing import LegState
from bot.domain.walks.voice import Voice, voice_name
from bot.domain.walks.walk import Cells, Walk, WalkedLeg, fold
from tests.fakes.memory_store.data import Data, VoiceRow


@dataclass(frozen=True, slots=True)
class MemoryWalks:
    """`ports.Walks` on dicts. Cells are counted from the voices, or from what they were when the key was deleted."""

    data: Data

    async def record(self, conference: str, platform: str, user: str, walk: Walk) -> Voice | None:
        secret = self.data.walk_keys.setdefault(conference, f"{self.data.new_id():064x}")
        name = voice_name(secret, platform, user, walk.batch.leg)
        row = self.data.voices.get(name)
        before = row.voice if row else None
        self.data.voices[name] = VoiceRow(conference, before.after(walk) if before else Voice.first(walk))
        self.data.voices[voice_name(secret, platform, user, None)] = VoiceRow(conference, None)
        return before

    async def cells(self, conference: str) -> Cells:
        cells: Cells = {batch: list(counts) for batch, counts in self.data.closed_walks.get(conference, {}).items()}
        voices = [row.voice for row in self.data.voices.values() if row.conference == conference and row.voice]
        fold(cells, [Walk(voice.batch, voice.half) for voice in voices])
        return cells

    async def states(self, conference: str) -> Mapping[WalkedLeg, LegState]:
        found: dict[WalkedLeg, LegState] = {}
        for row in self.data.voices.values():
            if row.conference == conference and row.voice:
                leg = row.voice.batch.leg
                before = found.get(leg, LegState())
                found[leg] = LegState(before.people + 1, before.changed + row.fresh)
        return found

    async def waiting(self) -> Mapping[str, int]:
        found = dict.fromkeys(self.data.walk_keys, 0)
        for row in self.data.voices.values():
            if row.voice is None and row.fresh:
                found[row.conference] += 1
        return found

    async def mark_published(self, conference: str, legs: Collection[WalkedLeg]) -> None:
        for name, row in list(self.data.voices.items()):
            if row.conference == conference and (row.voice is None or row.voice.batch.leg in legs):
                self.data.voices[name] = replace(row, fresh=False)

    async def count(self, conference: str, promise: Promise) -> None:
        key = (conference, promise.leg, promise.hour)
        before = self.data.promises.get(key)
        self.data.promises[key] = before + promise if before else promise

    async def promises(self, conference: str) -> Sequence[Promise]:
        found = [promise for (slug, _, _), promise in self.data.promises.items() if slug == conference]
        return sorted(found, key=lambda promise: (promise.leg, promise.hour))

    async def forget(self, platform: str, user: str) -> None:
        forget_walks(self.data, platform, user)

    async def close(self, conference: str) -> bool:
        self.data.closed_walks[conference] = await self.cells(conference)
        self.data.voices = {name: row for name, row in self.data.voices.items() if row.conference != conference}
        return self.data.walk_keys.pop(conference, None) is not None


def forget_walks(data: Data, platform: str, user: str) -> None:
    """The voices of a person go."""
    for secret in data.walk_keys.values():
        legs = {row.voice.batch.leg for row in data.voices.values() if row.voice}
        for leg in (None, *legs):
            data.voices.pop(voice_name(secret, platform, user, leg), None)
