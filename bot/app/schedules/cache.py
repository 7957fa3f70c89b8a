"""Parsed schedules with their search indexes, kept in memory until their stored revision changes."""

import asyncio
from collections import defaultdict
from dataclasses import dataclass, field

from bot.app.ports import Indexer, SearchIndex, UnitOfWork
from bot.domain.attendee.attendee import Community
from bot.domain.schedule.conference import Conference, Schedule

NO_CONFERENCE = Conference("", "no conference", "UTC")


@dataclass(frozen=True, slots=True)
class CachedSchedule:
    """A schedule and its search index."""

    schedule: Schedule
    search: SearchIndex


@dataclass(slots=True)
class ScheduleCache:
    """Answers from memory while the stored revision of a conference stays the same.

    A new revision is loaded and indexed once, however many requests wait for it. The index is built in a thread: for
    2,400 sessions it takes 100 ms and more, in which nobody would get an answer.
    """

    indexer: Indexer
    _cached: dict[str, CachedSchedule] = field(default_factory=dict)
    _loading: defaultdict[str, asyncio.Lock] = field(default_factory=lambda: defaultdict(asyncio.Lock))
    _empty: CachedSchedule | None = None

    async def get(self, work: UnitOfWork, slug: str) -> CachedSchedule | None:
        """Return the schedule as it is stored now, or None if there is no such conference."""
        stored = await work.conferences.get(slug)
        if stored is None:
            self._cached.pop(slug, None)
            return None
        if cached := self._current(stored):
            return cached
        async with self._loading[slug]:
            return self._current(stored) or await self._load(work, stored)

    async def for_community(self, work: UnitOfWork, community: Community | None) -> CachedSchedule | None:
        """Return the schedule of the conference that a community follows, or None if it follows none.

        Without a community this is the schedule of the only published conference.
        """
        slug = await resolve_conference(work, community.conference if community else None)
        return await self.get(work, slug) if slug else None

    def empty(self) -> CachedSchedule:
        """Return a schedule without sessions, for a community that follows no conference yet."""
        if self._empty is None:
            schedule = Schedule(NO_CONFERENCE)
            self._empty = CachedSchedule(schedule, self.indexer(schedule))
        return self._empty

    def _current(self, stored: Conference) -> CachedSchedule | None:
        cached = self._cached.get(stored.slug)
        return cached if cached and cached.schedule.conference == stored else None

    async def _load(self, work: UnitOfWork, stored: Conference) -> CachedSchedule | None:
        schedule = await work.conferences.load(stored.slug)
        if schedule is None:
            return None
        cached = CachedSchedule(schedule, await asyncio.to_thread(self.indexer, schedule))
        self._cached[stored.slug] = cached
        return cached


async def resolve_conference(work: UnitOfWork, chosen: str | None) -> str | None:
    """Return the conference that a community follows: its choice, or else the only published one, if there is one."""
    if chosen:
        return chosen
    published = await work.conferences.published()
    return published[0].slug if len(published) == 1 else None
