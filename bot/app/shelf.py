"""Schedules with their search indexes, kept in memory until their revision changes."""

from dataclasses import dataclass, field

from bot.app.ports import Indexer, SearchIndex, Work
from bot.domain.schedule import Conference, Schedule

NO_CONFERENCE = Conference("", "no conference", "UTC")


@dataclass(frozen=True, slots=True)
class Shelved:
    """A schedule and the index that belongs to it."""

    schedule: Schedule
    search: SearchIndex


@dataclass(slots=True)
class Shelf:
    """Answers from memory while the conference's stored revision stays the same."""

    indexer: Indexer
    _kept: dict[str, Shelved] = field(default_factory=dict)
    _empty: Shelved | None = None

    async def take(self, work: Work, slug: str) -> Shelved | None:
        """The schedule as it is stored now, or None if there is no such conference."""
        stored = await work.conferences.get(slug)
        if stored is None:
            self._kept.pop(slug, None)
            return None
        kept = self._kept.get(slug)
        if kept is None or kept.schedule.conference != stored:
            kept = await self._loaded(work, stored)
        return kept

    def empty(self) -> Shelved:
        """What a community has that follows no conference yet."""
        if self._empty is None:
            nothing = Schedule(NO_CONFERENCE)
            self._empty = Shelved(nothing, self.indexer(nothing))
        return self._empty

    async def _loaded(self, work: Work, stored: Conference) -> Shelved | None:
        schedule = await work.conferences.load(stored.slug)
        if schedule is None:
            return None
        kept = Shelved(schedule, self.indexer(schedule))
        self._kept[stored.slug] = kept
        return kept


async def followed(work: Work, chosen: str | None) -> str | None:
    """The conference that a community follows: the chosen one, else the published one if it is the only one."""
    if chosen:
        return chosen
    published = await work.conferences.published()
    return published[0].slug if len(published) == 1 else None
