"""`/help` on Discord over loopback: `hallway run` beside a bare command of discord.py that answers a fixed text."""

import asyncio
import time
from asyncio.subprocess import Process
from datetime import timedelta

from benchmarks.children import processor_seconds, running
from benchmarks.conference import DUE
from benchmarks.databases import SQLITE, databases
from benchmarks.delivery import fill
from benchmarks.fake_discord import ASKERS, FakeDiscord, fake_discord
from benchmarks.figures import Figure, is_small, percentile, show

EVE = DUE - timedelta(days=1)
"""Nothing is due."""
SETTLING, WARMING = (0.5, 20) if is_small() else (4.0, ASKERS)
"""Seconds after the connection, and first answers, that are not counted: a client is still starting, and looks once for
each person whether a channel for direct messages is known."""

CLOCK_TICK = 0.01
"""Seconds; the operating system counts processor time in ticks, and a small run may take less than one."""


async def measured(discord: FakeDiscord, process: Process, count: int) -> tuple[list[float], float]:
    """The milliseconds of each answer, and the milliseconds of processor time of one."""
    assert await discord.until(lambda: discord.connected > 0, 60)
    await asyncio.sleep(SETTLING)
    for _ in range(WARMING):
        await discord.help()
    times, before = [], processor_seconds(process)
    for _ in range(count):
        begins = time.perf_counter()
        await discord.help()
        times.append((time.perf_counter() - begins) * 1000)
    used = max(processor_seconds(process) - before, CLOCK_TICK)
    return times, used * 1000 / count


async def main(count: int, people: int) -> None:
    """One after the other."""
    with databases() as available:
        url = await available.new(SQLITE)
        await fill(url, people)
        async with (
            fake_discord() as discord,
            running("bot", "run", "--at", EVE.isoformat(), **discord.settings, HALLWAY_DATABASE_URL=url) as process,
        ):
            ours, our_processor = await measured(discord, process, count)
    async with (
        fake_discord() as discord,
        running("benchmarks.bare_discord", "help", discord.api, discord.gateway) as process,
    ):
        bare, bare_processor = await measured(discord, process, count)
    show(
        f"/help on Discord over loopback, {people:,} attendees",
        [
            Figure("Hallway: median", percentile(ours, 50), "ms"),
            Figure("Hallway: p99", percentile(ours, 99), "ms", 50),
            Figure("bare discord.py: median", percentile(bare, 50), "ms"),
            Figure("bare discord.py: p99", percentile(bare, 99), "ms"),
            Figure("Hallway: processor time of one", our_processor, "ms"),
            Figure("bare discord.py: processor time of one", bare_processor, "ms"),
            Figure("Hallway's processor time to the bare one's", our_processor / bare_processor, "x", 1.5),
        ],
    )


if __name__ == "__main__":
    asyncio.run(main(*((20, 20) if is_small() else (1_600, 20_000))))
