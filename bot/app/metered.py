"""A store whose transactions are timed: how long one has to wait until it may begin."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bot.app.meter import Meter
from bot.app.ports import Store, Work


@dataclass(frozen=True, slots=True)
class MeteredStore:
    """`ports.Store`, the same as `store`."""

    store: Store
    meter: Meter

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Work]:
        """A transaction that only reads."""
        begins = asyncio.get_running_loop().time()
        async with self.store.reading() as work:
            self.meter.store["read"].observe(asyncio.get_running_loop().time() - begins)
            yield work

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[Work]:
        """A transaction that writes."""
        begins = asyncio.get_running_loop().time()
        async with self.store.writing() as work:
            self.meter.store["write"].observe(asyncio.get_running_loop().time() - begins)
            yield work
