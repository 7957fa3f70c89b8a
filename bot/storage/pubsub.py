"""Wakes other processes with LISTEN and NOTIFY of PostgreSQL. On SQLite there is nothing to do."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import structlog
from asyncpg import InterfaceError, PostgresError
from sqlalchemy import URL, func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import NullPool

CHANNEL = "hallway_owed"
SOON = timedelta(minutes=1)
"""Deliveries due within this time are notified. The processes find later ones when they poll."""
RECONNECT_DELAY, PING_INTERVAL = 2.0, 20.0
"""Seconds before a lost connection is opened again, and between two checks of a connection."""

log = structlog.get_logger("hallway.pubsub")


async def notify_owed(connection: AsyncConnection, due: datetime, now: datetime) -> None:
    """Notify every process that a delivery is due soon. PostgreSQL sends it when the transaction commits.

    Args:
        connection: in a write transaction.
        due: when the earliest new delivery is due. Nothing is sent if that is later than `SOON`.
        now: the current time.
    """
    if connection.dialect.name == "postgresql" and due <= now + SOON:
        await connection.execute(select(func.pg_notify(CHANNEL, "")))


async def listen(url: URL, ring: Callable[[], None]) -> None:
    """Call `ring` when another process adds a delivery that is due soon, and after each reconnect.

    Runs until it is cancelled.
    """
    if url.get_backend_name() != "postgresql":
        return
    engine = create_async_engine(url, poolclass=NullPool)
    while True:
        with suppress(SQLAlchemyError, OSError, PostgresError, InterfaceError):
            async with engine.connect() as connection:
                await _listen_on(connection, ring)
        log.warning("no notices from the database: polling it instead")
        await asyncio.sleep(RECONNECT_DELAY)


async def _listen_on(connection: AsyncConnection, ring: Callable[[], None]) -> None:
    """Listen until the connection is lost."""
    raw: Any = (await connection.get_raw_connection()).driver_connection
    closed = asyncio.Event()
    raw.add_termination_listener(lambda _: closed.set())
    await raw.add_listener(CHANNEL, lambda *_: ring())
    ring()
    while not closed.is_set():
        with suppress(TimeoutError):
            async with asyncio.timeout(PING_INTERVAL):
                await closed.wait()
            return
        await raw.execute("SELECT 1")
