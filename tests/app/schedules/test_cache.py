"""The cache of schedules: a new revision is loaded and indexed once, and the event loop goes on meanwhile."""

import asyncio
import threading
from dataclasses import dataclass, field, replace

import pytest

from bot.app.ports import SearchIndex, Store
from bot.app.schedules.cache import CachedSchedule, ScheduleCache
from bot.domain.errors import StoreError
from bot.domain.schedule.conference import Schedule
from bot.search import index_of
from tests import builders
from tests.builders import ARC, SESSIONS
from tests.fakes.memory_store import MemoryStore

SLUG = "cloud21"
MOST = 60
"""Seconds after which a test gives up."""


@dataclass
class SlowIndexer:
    """An indexer that waits until the loop lets it go on; it would wait for good if it ran on the loop."""

    may_end: threading.Event = field(default_factory=threading.Event)
    faults: list[Exception] = field(default_factory=list)
    begun: list[threading.Thread] = field(default_factory=list)
    has_begun: asyncio.Event = field(default_factory=asyncio.Event)
    loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.get_running_loop)

    def __call__(self, schedule: Schedule) -> SearchIndex:
        self.begun.append(threading.current_thread())
        self.loop.call_soon_threadsafe(self.has_begun.set)
        assert self.may_end.wait(MOST), "the event loop does not go on while the index is built"
        if self.faults:
            raise self.faults.pop()
        return index_of(schedule)


@pytest.fixture
async def store() -> Store:
    store = MemoryStore()
    async with store.write_transaction() as work:
        await work.conferences.save(builders.schedule())
    return store


async def get(cache: ScheduleCache, store: Store) -> CachedSchedule | None:
    async with store.read_transaction() as work:
        return await cache.get(work, SLUG)


async def test_the_loop_goes_on_while_an_index_is_built_and_the_index_works_afterwards(store: Store) -> None:
    indexer = SlowIndexer()
    asking = asyncio.create_task(get(ScheduleCache(indexer), store))
    await indexer.has_begun.wait()
    indexer.may_end.set()
    cached = await asking
    assert cached
    assert indexer.begun != [threading.current_thread()]
    assert cached.search.search("sleep", 5) == [ARC]


async def test_many_who_wait_for_a_revision_get_one_index(store: Store) -> None:
    indexer = SlowIndexer()
    cache = ScheduleCache(indexer)
    asking = [asyncio.create_task(get(cache, store)) for _ in range(20)]
    await indexer.has_begun.wait()
    indexer.may_end.set()
    first, *others = await asyncio.gather(*asking)
    assert first
    assert all(schedule is first for schedule in others)
    assert len(indexer.begun) == 1


@pytest.mark.parametrize("cancelled", [True, False], ids=["cancelled", "failed"])
async def test_who_waits_gets_an_index_although_the_first_request_did_not(store: Store, *, cancelled: bool) -> None:
    indexer = SlowIndexer(faults=[] if cancelled else [StoreError("disk full")])
    cache = ScheduleCache(indexer)
    first: asyncio.Task[object] = asyncio.create_task(get(cache, store))
    await indexer.has_begun.wait()
    second = asyncio.create_task(get(cache, store))
    if cancelled:
        first.cancel()
    indexer.may_end.set()
    with pytest.raises((StoreError, asyncio.CancelledError)):
        await first
    cached = await second
    assert cached
    assert cached.schedule.sessions == SESSIONS


async def test_a_new_revision_is_indexed_anew_and_the_old_one_no_more(store: Store) -> None:
    indexer = SlowIndexer()
    indexer.may_end.set()
    cache = ScheduleCache(indexer)
    old = await get(cache, store)
    async with store.write_transaction() as work:
        made = builders.schedule([ARC])
        await work.conferences.save(replace(made, conference=replace(made.conference, revision=2)))
    new = await get(cache, store)
    assert old
    assert new
    assert (len(old.schedule.sessions), len(new.schedule.sessions)) == (len(SESSIONS), 1)
    assert await get(cache, store) is new
    assert len(indexer.begun) == 2
