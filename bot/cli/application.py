"""Builds the parts of one process: store, dispatcher, deliveries, feeds and announcements."""

import asyncio
import random
from collections.abc import AsyncIterator, Callable, Collection, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import URL

from bot.app.access.authorization import PermissionChecker
from bot.app.access.communities import CommunityService
from bot.app.announcements.sender import AnnouncementSender
from bot.app.delivery.leases import LeaseManager
from bot.app.delivery.scheduler import DeliveryJob, DeliveryScheduler
from bot.app.dispatcher import CommandLimits, Dispatcher
from bot.app.ports import Clock, Copy, DeliveryFilter, Messenger, Store, Validators
from bot.app.registry import all_commands, all_nudges
from bot.app.runtime.heartbeat import Heartbeat
from bot.app.runtime.instrumented_store import InstrumentedStore
from bot.app.runtime.job_loop import BackgroundJob, JobGroup, JobLoop
from bot.app.runtime.metrics import Metrics, NoMetrics
from bot.app.schedules.cache import ScheduleCache
from bot.app.schedules.editor import ScheduleEditorService
from bot.app.schedules.feeds import FeedPollJob, FeedService
from bot.app.schedules.learning import WalkLearningJob
from bot.app.text.web_side import WebSide
from bot.pictures import paint
from bot.search import index_of
from bot.sources.sandbox.parser import SandboxedParser
from bot.storage.engine import PROBE
from bot.storage.unit_of_work import SqlStore
from bot.timing.clock import SystemClock
from bot.timing.timer import TimerScheduler
from migrations import run as migrations

LEASE = timedelta(seconds=90)
"""How long a claim of a delivery lasts: shorter than the time for which Discord remembers an idempotency key.

So Discord posts one message if another process repeats the delivery of a killed process.
"""
CLOSING = 1.0
"""Seconds for closing the connections to the database."""
FEEDS_STUCK = 900.0
"""Seconds after which the feed job counts as stuck: one run fetches many feeds, each for up to half a minute."""


@dataclass(frozen=True, slots=True)
class Application:
    """The parts of one process. Each background job has a loop, and all loops share `timers`."""

    store: Store
    probing_store: Store
    database: URL
    clock: Clock
    dispatch: Dispatcher
    communities: CommunityService
    scheduler: DeliveryScheduler
    feeds: FeedService
    announcements: AnnouncementSender
    learning: WalkLearningJob
    timers: TimerScheduler
    delivery_loop: JobLoop
    feed_loop: JobLoop
    announcement_loop: JobLoop


@asynccontextmanager
async def build_application(
    database: str,
    clock: Clock,
    messengers: Mapping[str, Messenger],
    scopes: Collection[DeliveryFilter],
    speed: float = 1,
    feed_hosts: Collection[str] = (),
    leases: LeaseManager | None = None,
    metrics: Metrics | None = None,
    limits: CommandLimits | None = None,
    web: WebSide | None = None,
) -> AsyncIterator[Application]:
    """Upgrade the schema of a database, build the application on it, and close the application at the end.

    Args:
        database: the address of the database.
        clock: the time of the application; it may run `speed` times as fast as the real time.
        messengers: by platform.
        scopes: the deliveries and announcements that this process sends.
        speed: how fast `clock` runs; 0 if it stands still.
        feed_hosts: hosts of private networks from which feeds may be fetched.
        leases: shares the lanes with other processes; None if this process sends in all lanes.
        metrics: counts deliveries, requests and transactions; None if nothing observes the process.
        limits: of what one person may ask; None where the operator is the only one who asks.
        web: where browsers reach this process; None if they do not.
    """
    metrics = metrics or NoMetrics()
    sql_store, answering_store, probing_store = stores = await _stores(database)
    store = InstrumentedStore(sql_store, metrics)
    schedules, timers = ScheduleCache(index_of), TimerScheduler(clock, SystemClock(), speed)
    # The length of a lease is in real time. If the clock runs faster, the lease must be longer by that factor.
    lease, texts = LEASE * max(speed, 1), all_nudges()
    scheduler = DeliveryScheduler(
        store,
        clock,
        schedules,
        messengers,
        texts,
        scopes,
        lease=lease,
        speed=speed,
        leases=leases,
        metrics=metrics,
        web=web,
    )
    delivery_loop = _delivery_loop(scheduler, clock, timers, leases)
    permissions = PermissionChecker(store, messengers)
    announcements = AnnouncementSender(
        store, clock, schedules, permissions, scopes, delivery_loop.wake, lease=lease, web=web
    )
    announcement_loop = _loop("announcements", announcements, clock, timers)
    wake, answering = _wake(delivery_loop, announcement_loop), InstrumentedStore(answering_store, metrics)
    feeds = feed_service(store, clock, feed_hosts, wake, lease)
    learning = WalkLearningJob(store, clock, wake)
    feed_loop = _slow_loop(FeedPollJob(feeds), learning, clock, timers)
    editor = ScheduleEditorService(store, clock, feeds.parse, wake)
    dispatch = Dispatcher(
        answering, clock, schedules, all_commands(), wake, feeds, messengers, editor, limits, metrics, paint, web
    )
    try:
        yield Application(
            store=store,
            probing_store=probing_store,
            database=sql_store.url,
            clock=clock,
            dispatch=dispatch,
            communities=CommunityService(store, clock, schedules, delivery_loop.wake),
            scheduler=scheduler,
            feeds=feeds,
            announcements=announcements,
            learning=learning,
            timers=timers,
            delivery_loop=delivery_loop,
            feed_loop=feed_loop,
            announcement_loop=announcement_loop,
        )
    finally:
        timers.shutdown()
        await _close(*stores)


def _delivery_loop(
    scheduler: DeliveryScheduler, clock: Clock, timers: TimerScheduler, leases: LeaseManager | None
) -> JobLoop:
    wake = asyncio.Event()
    loop = _loop("delivery", DeliveryJob(scheduler, wake.set), clock, timers, wake)
    if leases is not None:
        leases.on_change = loop.wake
    return loop


def _slow_loop(polls: FeedPollJob, learning: WalkLearningJob, clock: Clock, timers: TimerScheduler) -> JobLoop:
    """The loop of the jobs that nobody waits for: reading schedules again, and learning from walks."""
    return _loop("feeds", JobGroup((polls, learning)), clock, timers, heartbeat=Heartbeat(FEEDS_STUCK))


async def _stores(database: str) -> tuple[SqlStore, SqlStore, SqlStore]:
    """Upgrade the schema; return the stores for background work, for people who wait, and for the readiness check."""
    await migrations.upgrade(database)
    store = SqlStore.at(database)
    return store, store.interactive(), store.interactive(PROBE)


async def _close(*stores: SqlStore) -> None:
    """Close the connections. A connection in which a statement still runs is left to the end of the process."""
    with suppress(TimeoutError):
        async with asyncio.timeout(CLOSING):
            for store in stores:
                await store.close()


def _wake(*loops: JobLoop) -> Callable[[], None]:
    """Return a function that wakes all of `loops`."""

    def wake() -> None:
        for loop in loops:
            loop.wake()

    return wake


def feed_service(
    store: Store, clock: Clock, hosts: Collection[str], on_change: Callable[[], None], lease: timedelta = LEASE
) -> FeedService:
    """Build the service that fetches feeds from the public internet, and from `hosts` of private networks."""

    async def fetch(url: str, validators: Validators) -> Copy | None:
        from bot.sources.fetch.fetcher import HttpFetcher  # noqa: PLC0415 — aiohttp takes a third of a second to import

        return await HttpFetcher(hosts)(url, validators)

    return FeedService(store, clock, fetch, SandboxedParser(), random.random, on_change, lease)


def _loop(
    name: str,
    job: BackgroundJob,
    clock: Clock,
    timers: TimerScheduler,
    wake_event: asyncio.Event | None = None,
    heartbeat: Heartbeat | None = None,
) -> JobLoop:
    """Build a loop for `job`, with a timer of its own in the shared scheduler."""
    wake_event = wake_event or asyncio.Event()
    timer = timers.timer(name, wake_event.set)
    return JobLoop(job, clock, timer, wake_event, heartbeat or Heartbeat())
