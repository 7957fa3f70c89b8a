"""Wakes other processes at once: what is owed soon is told by PostgreSQL itself when its transaction commits."""

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
"""What is due later is found in time by everybody who looks now and then."""
PAUSE, PING = 2.0, 20.0
"""Seconds until a lost connection is made anew, and between two looks whether it still is one."""

log = structlog.get_logger("hallway.notices")


async def tell(connection: AsyncConnection, due: datetime, now: datetime) -> None:
    """Tell every process that something is owed at `due`, once this transaction commits."""
    if connection.dialect.name == "postgresql" and due <= now + SOON:
        await connection.execute(select(func.pg_notify(CHANNEL, "")))


async def listen(url: URL, ring: Callable[[], None]) -> None:
    """Ring when another process owes something soon, and after each time that we may have missed it."""
    if url.get_backend_name() != "postgresql":
        return
    engine = create_async_engine(url, poolclass=NullPool)
    while True:
        with suppress(SQLAlchemyError, OSError, PostgresError, InterfaceError):
            async with engine.connect() as connection:
                await _listen_on(connection, ring)
        log.warning("not told by the database what is owed: looking now and then")
        await asyncio.sleep(PAUSE)


async def _listen_on(connection: AsyncConnection, ring: Callable[[], None]) -> None:
    """Until the connection is lost."""
    raw: Any = (await connection.get_raw_connection()).driver_connection
    gone = asyncio.Event()
    raw.add_termination_listener(lambda _: gone.set())
    await raw.add_listener(CHANNEL, lambda *_: ring())
    ring()
    while not gone.is_set():
        with suppress(TimeoutError):
            await asyncio.wait_for(gone.wait(), PING)
            return
        await raw.execute("SELECT 1")
