"""`/help` on Discord over loopback: `hallway run` beside a bare command of discord.py that answers a fixed text."""

import asyncio
import time
from asyncio.subprocess import Process
from dataclasses import dataclass, field
from datetime import timedelta

from benchmarks.children import processor_seconds, running
from benchmarks.conference import DUE
from benchmarks.databases import SQLITE, databases
from benchmarks.delivery import fill
from benchmarks.fake_discord import ASKERS, FakeDiscord, fake_discord
from benchmarks.figures import Figure, is_small, percentile, show

EVE = DUE - timedelta(days=1)
"""Nothing is due."""
SETTLING, WARMING = 4.0, ASKERS
"""Seconds after the connection, and first answers, that are not counted: a client is still starting, and looks once for
each person whether a channel for direct messages is known."""

CLOCK_TICK = 0.01
"""Seconds; the operating system counts processor time in ticks, and a small run may take less than one."""
ROUNDS = 2 if is_small() else 8
"""Both take turns, so that what else the machine does is the same for both."""


@dataclass(slots=True)
class Bot:
    """A process that answers `/help`, and what its answers took, in milliseconds."""

    discord: FakeDiscord
    process: Process
    times: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)

    async def warm_up(self) -> None:
        """Wait until it has started, and give the first answers."""
        assert await self.discord.until(lambda: self.discord.connected > 0, 60)
        await asyncio.sleep(SETTLING)
        for _ in range(WARMING):
            await self.discord.help()

    async def measure(self, count: int) -> None:
        """Ask for `count` answers, one after another."""
        before = processor_seconds(self.process)
        for _ in range(count):
            begins = time.perf_counter()
            await self.discord.help()
            self.times.append((time.perf_counter() - begins) * 1000)
        used = max(processor_seconds(self.process) - before, CLOCK_TICK)
        self.processor.append(used * 1000 / count)


async def main(count: int, people: int) -> None:
    """In turns."""
    with databases() as available:
        url = await available.new(SQLITE)
        await fill(url, people)
        async with (
            fake_discord() as ours,
            fake_discord() as bare,
            running("bot", "run", "--at", EVE.isoformat(), **ours.settings, HALLWAY_DATABASE_URL=url) as our_process,
            running("benchmarks.bare_discord", "help", bare.api, bare.gateway) as bare_process,
        ):
            hallway, rival = Bot(ours, our_process), Bot(bare, bare_process)
            for bot in (hallway, rival):
                await bot.warm_up()
            for _ in range(ROUNDS):
                for bot in (hallway, rival):
                    await bot.measure(count // ROUNDS)
    ratios = [one / other for one, other in zip(hallway.processor, rival.processor, strict=True)]
    show(
        f"/help on Discord over loopback, {people:,} attendees",
        [
            Figure("Hallway: median", percentile(hallway.times, 50), "ms"),
            Figure("Hallway: p99", percentile(hallway.times, 99), "ms", 50),
            Figure("bare discord.py: median", percentile(rival.times, 50), "ms"),
            Figure("bare discord.py: p99", percentile(rival.times, 99), "ms"),
            Figure("Hallway: processor time of one", percentile(hallway.processor, 50), "ms"),
            Figure("bare discord.py: processor time of one", percentile(rival.processor, 50), "ms"),
            Figure("Hallway's processor time to the bare one's", percentile(ratios, 50), "x", 1.5),
        ],
    )


if __name__ == "__main__":
    asyncio.run(main(*((20, 20) if is_small() else (3_200, 20_000))))
