"""Wires everything once, by arguments: store, dispatch, outbox and rehearsal around one clock."""

import asyncio
import gc
import random
from collections.abc import AsyncIterator, Callable, Collection, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import URL

from bot.app.access.authorization import PermissionChecker
from bot.app.access.communities import CommunityService
from bot.app.announcements.sender import AnnouncementSender
from bot.app.delivery.leases import LeaseManager
from bot.app.delivery.scheduler import DeliveryJob, DeliveryScheduler
from bot.app.dispatcher import Dispatch
from bot.app.ports import Clock, Copy, DeliveryFilter, Messenger, Store, Validators
from bot.app.registry import all_commands, all_nudges
from bot.app.runtime.heartbeat import Heartbeat
from bot.app.runtime.instrumented_store import InstrumentedStore
from bot.app.runtime.job_loop import JobLoop
from bot.app.runtime.metrics import Metrics
from bot.app.schedules.cache import ScheduleCache
from bot.app.schedules.feeds import FeedPollJob, FeedService
from bot.search import index_of
from bot.sources import parse_draft
from bot.storage.store import SqlStore
from bot.timing.alarm import SchedulerAlarm
from bot.timing.clock import SystemClock
from migrations import run as migrations

LEASE = timedelta(seconds=90)
"""Short enough that what a killed process had in flight is repeated while Discord remembers its key."""
LOOKED_AFTER = 10_000
"""New values between two looks of the garbage collector."""
ROUNDS_STUCK = 900.0
"""Seconds: one round fetches many feeds, and each may take half a minute."""


@dataclass(frozen=True, slots=True)
class Application:
    """Everything of one process, wired."""

    store: Store
    database: URL
    clock: Clock
    meter: Metrics
    dispatch: Dispatch
    hosting: CommunityService
    outbox: DeliveryScheduler
    ticker: JobLoop
    alarm: SchedulerAlarm
    desk: FeedService
    rounds: JobLoop
    rounds_alarm: SchedulerAlarm
    broadcast: AnnouncementSender
    broadcasting: JobLoop
    broadcast_alarm: SchedulerAlarm


def spare_collector() -> None:
    """Once everything is loaded: it stays, and the garbage collector need not walk it in the middle of a peak.

    Nor need it look after every 700 values: in a peak they come and go by thousands, and few are in a cycle.
    """
    gc.freeze()
    gc.set_threshold(LOOKED_AFTER)


@asynccontextmanager
async def build_application(
    database: str,
    clock: Clock,
    messengers: Mapping[str, Messenger],
    scopes: Collection[DeliveryFilter],
    speed: float = 1,
    feed_hosts: Collection[str] = (),
    keeper: LeaseManager | None = None,
) -> AsyncIterator[Application]:
    """The house on a database, which is brought to the newest schema first."""
    await migrations.upgrade(database)
    database_store, meter = SqlStore.at(database), Metrics()
    store = InstrumentedStore(database_store, meter)
    shelf = ScheduleCache(index_of)
    # A lease is real time: where the clock runs fast, it has to be longer by as much.
    lease = LEASE * max(speed, 1)
    outbox = DeliveryScheduler(
        store, clock, shelf, messengers, all_nudges(), scopes, lease, speed, keeper=keeper, meter=meter
    )
    alarm = SchedulerAlarm(clock, SystemClock(), speed)
    rung = asyncio.Event()
    ticker = JobLoop(DeliveryJob(outbox, rung.set), clock, alarm, rung)
    desk = feed_desk(store, clock, feed_hosts, ticker.ring, lease)
    rounds_alarm = SchedulerAlarm(clock, SystemClock(), speed)
    rounds = JobLoop(FeedPollJob(desk), clock, rounds_alarm, pulse=Heartbeat(ROUNDS_STUCK))
    broadcast = AnnouncementSender(
        store, clock, shelf, PermissionChecker(store, messengers), scopes, ticker.ring, lease
    )
    broadcast_alarm = SchedulerAlarm(clock, SystemClock(), speed)
    broadcasting = JobLoop(broadcast, clock, broadcast_alarm)

    def ring() -> None:
        ticker.ring()
        broadcasting.ring()

    dispatch = Dispatch(store, clock, shelf, all_commands(), ring, desk, messengers)
    hosting = CommunityService(store, clock, shelf, ticker.ring)
    if keeper is not None:
        keeper.on_change = ticker.ring
    try:
        yield Application(
            store,
            database_store.url,
            clock,
            meter,
            dispatch,
            hosting,
            outbox,
            ticker,
            alarm,
            desk,
            rounds,
            rounds_alarm,
            broadcast,
            broadcasting,
            broadcast_alarm,
        )
    finally:
        broadcast_alarm.shutdown()
        rounds_alarm.shutdown()
        alarm.shutdown()
        await database_store.close()


def feed_desk(
    store: Store, clock: Clock, hosts: Collection[str], on_change: Callable[[], None], lease: timedelta = LEASE
) -> FeedService:
    """The desk that fetches from the public internet and from `hosts`."""

    async def fetch(url: str, known: Validators) -> Copy | None:
        from bot.sources.fetch.fetcher import Fetcher  # noqa: PLC0415 — aiohttp takes a third of a second, and few need it

        return await Fetcher(hosts)(url, known)

    return FeedService(store, clock, fetch, parse_draft, random.random, on_change, lease)
