"""A store that reports how long each transaction waits until it begins."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bot.app.ports import Commits, Store, UnitOfWork
from bot.app.runtime.metrics import Metrics


@dataclass(frozen=True, slots=True)
class InstrumentedStore:
    """`ports.Store` with the transactions of `store`."""

    store: Store
    metrics: Metrics

    @property
    def commits(self) -> Commits:
        """How many write transactions this process has ended."""
        return self.store.commits

    @asynccontextmanager
    async def read_transaction(self) -> AsyncIterator[UnitOfWork]:
        """A transaction that only reads."""
        start = asyncio.get_running_loop().time()
        async with self.store.read_transaction() as work:
            self.metrics.transaction_waited("read", asyncio.get_running_loop().time() - start)
            yield work

    @asynccontextmanager
    async def write_transaction(self) -> AsyncIterator[UnitOfWork]:
        """A transaction that writes."""
        start = asyncio.get_running_loop().time()
        async with self.store.write_transaction() as work:
            self.metrics.transaction_waited("write", asyncio.get_running_loop().time() - start)
            yield work
