"""Schedules with their search indexes, kept in memory until their revision changes."""

from dataclasses import dataclass, field

from bot.app.ports import Indexer, SearchIndex, UnitOfWork
from bot.domain.schedule.conference import Conference, Schedule

NO_CONFERENCE = Conference("", "no conference", "UTC")


@dataclass(frozen=True, slots=True)
class CachedSchedule:
    """A schedule and the index that belongs to it."""

    schedule: Schedule
    search: SearchIndex


@dataclass(slots=True)
class ScheduleCache:
    """Answers from memory while the conference's stored revision stays the same."""

    indexer: Indexer
    _kept: dict[str, CachedSchedule] = field(default_factory=dict)
    _empty: CachedSchedule | None = None

    async def take(self, work: UnitOfWork, slug: str) -> CachedSchedule | None:
        """The schedule as it is stored now, or None if there is no such conference."""
        stored = await work.conferences.get(slug)
        if stored is None:
            self._kept.pop(slug, None)
            return None
        kept = self._kept.get(slug)
        if kept is None or kept.schedule.conference != stored:
            kept = await self._loaded(work, stored)
        return kept

    def empty(self) -> CachedSchedule:
        """What a community has that follows no conference yet."""
        if self._empty is None:
            nothing = Schedule(NO_CONFERENCE)
            self._empty = CachedSchedule(nothing, self.indexer(nothing))
        return self._empty

    async def _loaded(self, work: UnitOfWork, stored: Conference) -> CachedSchedule | None:
        schedule = await work.conferences.load(stored.slug)
        if schedule is None:
            return None
        kept = CachedSchedule(schedule, self.indexer(schedule))
        self._kept[stored.slug] = kept
        return kept


async def followed(work: UnitOfWork, chosen: str | None) -> str | None:
    """The conference that a community follows: the chosen one, else the published one if it is the only one."""
    if chosen:
        return chosen
    published = await work.conferences.published()
    return published[0].slug if len(published) == 1 else None
