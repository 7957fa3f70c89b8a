"""`kill -9` while reminders go out at Discord's pace, and a new process after it: how many are lost or come twice.

Discord shows a message once if it is repeated with the same nonce within two minutes: only a later repeat counts as
seen twice. The rivals send with discord.py, the timer table and APScheduler keep their reminders in SQLite.
"""

import asyncio
import time
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta

from benchmarks.children import running
from benchmarks.conference import DUE
from benchmarks.databases import POSTGRESQL, SQLITE, Databases, databases
from benchmarks.delivery import fill
from benchmarks.fake_discord import FakeDiscord, fake_discord
from benchmarks.figures import Figure, is_small, show
from benchmarks.rivals import RIVALS
from bot.cli.application import LEASE

REMEMBERED = 120.0
"""Seconds for which Discord remembers a nonce."""
PAUSE = LEASE + timedelta(seconds=4)
"""By so much the clock is set forward before the second start: what the killed process had claimed is free again."""
QUIET = 8.0 if is_small() else 12.0
"""Seconds without a message after which a process has no more to send; a new one waits 6 s for the lanes."""


@dataclass(slots=True)
class Arrivals:
    """The moments at which each message arrived, in seconds of the sender's clock."""

    moments: dict[str, list[float]] = field(default_factory=dict)

    def add(self, nonce: str, at: float) -> None:
        """One message."""
        self.moments.setdefault(nonce, []).append(at)

    @property
    def repeated(self) -> int:
        """How many arrived more than once."""
        return sum(len(moments) > 1 for moments in self.moments.values())

    @property
    def shown_twice(self) -> int:
        """How many of those are shown twice by a platform that remembers the nonce for two minutes."""
        return sum(max(moments) - min(moments) > REMEMBERED for moments in self.moments.values())


async def send_until(arrivals: Arrivals, discord: FakeDiscord, count: int, clock: float, *command: object,
                     **settings: str) -> None:  # fmt: skip
    """Run a process and kill it when `count` messages have arrived from it, or when no more come."""
    first, begins = len(discord.sent), time.monotonic()
    async with running(*command, **settings) as process:
        wait = 45.0
        while (have := len(discord.sent) - first) < count:
            if not await discord.until(lambda have=have: len(discord.sent) - first > have, wait):  # type: ignore[misc]
                break
            wait = QUIET
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
        # Requests that were on their way when the signal came have arrived, too.
        await asyncio.sleep(0.2)
    for nonce, at in discord.sent[first:]:
        arrivals.add(nonce, clock + at - begins)


async def ours(url: str, count: int, kill_at: int) -> Arrivals:
    """`hallway run`, killed once, then run to the end."""
    await fill(url, count)
    arrivals = Arrivals()
    async with fake_discord() as discord:
        settings = {**discord.settings, "HALLWAY_DATABASE_URL": url}
        at, restarts_at = DUE - timedelta(seconds=2), DUE + PAUSE
        await send_until(arrivals, discord, kill_at, 0, "bot", "run", "--at", at.isoformat(), **settings)
        clock = (restarts_at - at).total_seconds()
        await send_until(arrivals, discord, 2 * count, clock, "bot", "run", "--at", restarts_at.isoformat(), **settings)
    return arrivals


async def theirs(key: str, file: str, count: int, kill_at: int) -> Arrivals:
    """A rival, killed once, then run to the end."""
    await RIVALS[key].make(file).fill(range(count), time.time())
    arrivals = Arrivals()
    async with fake_discord() as discord:
        command = ("benchmarks.bare_discord", "reminders", discord.api, key, file)
        await send_until(arrivals, discord, kill_at, 0, *command)
        await send_until(arrivals, discord, 2 * count, PAUSE.total_seconds(), *command)
    return arrivals


async def measured(available: Databases, count: int, kills: dict[str, tuple[int, ...]]) -> list[Figure]:
    """Hallway, killed at different moments."""
    figures = []
    for kind, moments in kills.items():
        for kill_at in moments:
            arrivals = await ours(await available.new(kind), count, kill_at)
            name = f"Hallway, {kind}, killed at {kill_at}"
            figures += [
                Figure(f"{name}: lost", count - len(arrivals.moments), "nudges", 0),
                Figure(f"{name}: sent again under the same nonce", arrivals.repeated, "nudges", 50),
                Figure(f"{name}: seen twice", arrivals.shown_twice, "nudges", 0),
            ]
    return figures


async def main(count: int, kills: dict[str, tuple[int, ...]]) -> None:
    """Hallway, then the rivals."""
    kill_at = count * 2 // 5
    with databases() as available:
        figures = await measured(available, count, kills)
        for key in () if is_small() else ("timers", "jobs"):
            file = (await available.new(SQLITE)).removeprefix("sqlite:///")
            arrivals = await theirs(key, file, count, kill_at)
            figures.append(
                Figure(f"{RIVALS[key].name}, killed at {kill_at}: lost", count - len(arrivals.moments), "reminders")
            )
    show(f"kill -9 among {count:,} reminders at Discord's pace", figures)


if __name__ == "__main__":
    if is_small():
        asyncio.run(main(40, {SQLITE: (15,)}))
    else:
        asyncio.run(main(400, {SQLITE: (1, 160, 395), POSTGRESQL: (160,)}))
