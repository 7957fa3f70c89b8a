"""A store that measures how long a transaction waits until it begins."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bot.app.ports import Store, UnitOfWork
from bot.app.runtime.metrics import Metrics


@dataclass(frozen=True, slots=True)
class InstrumentedStore:
    """`ports.Store` that adds measurements to another store."""

    store: Store
    metrics: Metrics

    @asynccontextmanager
    async def read_transaction(self) -> AsyncIterator[UnitOfWork]:
        """A transaction that only reads."""
        begins = asyncio.get_running_loop().time()
        async with self.store.read_transaction() as work:
            self.metrics.store["read"].observe(asyncio.get_running_loop().time() - begins)
            yield work

    @asynccontextmanager
    async def write_transaction(self) -> AsyncIterator[UnitOfWork]:
        """A transaction that writes."""
        begins = asyncio.get_running_loop().time()
        async with self.store.write_transaction() as work:
            self.metrics.store["write"].observe(asyncio.get_running_loop().time() - begins)
            yield work
