"""Wires everything once, by arguments: store, dispatch, outbox and rehearsal around one clock."""

from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

from bot.app.dispatch import Dispatch
from bot.app.hosting import Hosting
from bot.app.outbox import Outbox
from bot.app.ports import Clock, Messenger, Scope
from bot.app.registry import all_commands, all_nudges
from bot.app.shelf import Shelf
from bot.app.ticker import Ticker
from bot.search import index_of
from bot.storage.store import SqlStore
from bot.timing.alarm import SchedulerAlarm
from bot.timing.clock import SystemClock
from migrations import run as migrations

LEASE = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class House:
    """Everything of one process, wired."""

    store: SqlStore
    clock: Clock
    dispatch: Dispatch
    hosting: Hosting
    outbox: Outbox
    ticker: Ticker
    alarm: SchedulerAlarm


@asynccontextmanager
async def open_house(
    database: str,
    clock: Clock,
    messengers: Mapping[str, Messenger],
    scopes: Collection[Scope],
    speed: float = 1,
) -> AsyncIterator[House]:
    """The house on a database, which is brought to the newest schema first."""
    await migrations.upgrade(database)
    store = SqlStore.at(database)
    shelf = Shelf(index_of)
    # A lease is real time: where the clock runs fast, it has to be longer by as much.
    outbox = Outbox(store, clock, shelf, messengers, all_nudges(), scopes, LEASE * max(speed, 1))
    alarm = SchedulerAlarm(clock, SystemClock(), speed)
    ticker = Ticker(outbox, clock, alarm)
    dispatch = Dispatch(store, clock, shelf, all_commands(), ticker.ring)
    hosting = Hosting(store, clock, shelf, ticker.ring)
    try:
        yield House(store, clock, dispatch, hosting, outbox, ticker, alarm)
    finally:
        alarm.shutdown()
        await store.close()
