"""What the processes do that the benchmarks start, with a rival: `python -m benchmarks.rivals_at_work ROLE …`."""

import asyncio
import gc
import logging
import sys
import time

from benchmarks.children import IN_FLIGHT, Stalls, in_background, play, resident, say, settled, told, watched
from benchmarks.rivals import RIVALS, Rival


def rival_of(key: str, url: str) -> Rival:
    """The rival of that name, on its database."""
    return RIVALS[key][1](url)


async def race(key: str, url: str, count: int, lead: float, singly: int) -> None:
    """Fill, then wait for the moment at which everything is due, which is `lead` seconds from now."""
    taken: list[int] = []
    moments: list[float] = []

    async def send(number: int) -> None:
        taken.append(number)
        moments.append(time.time())

    rival = rival_of(key, url)
    gc.collect()
    before, due = resident(), time.time() + lead
    adds = await rival.fill(range(1, count + 1), due, singly)
    held, ready = resident() - before, time.time() - due
    async with in_background(rival.serve(send)), Stalls() as stalls:
        await asyncio.sleep(max(due - time.time(), 0))
        await settled(lambda: len(taken), count)
    first, last = (moments[0] - due, moments[-1] - due) if moments else (0.0, 0.0)
    say(
        adds=adds,
        each=held / count,
        distinct=len(set(taken)),
        times=len(taken),
        ready=ready,
        first=first,
        last=last,
        stall=stalls.longest,
    )


async def fill(key: str, url: str, count: int, due_in: float) -> None:
    """Only fill."""
    due = time.time() + due_in
    await rival_of(key, url).fill(range(1, count + 1), due, 0)
    say(due=due, ready=time.time())


async def restart(key: str, url: str, count: int) -> None:
    """A process that finds everything overdue."""
    taken: dict[int, float] = {}

    async def send(number: int) -> None:
        taken[number] = time.time()

    loaded = time.time()
    async with Stalls() as stalls, in_background(rival_of(key, url).serve(send)):
        await settled(lambda: len(taken), count)
    moments = sorted(taken.values()) or [0.0]
    say(loaded=loaded, first=moments[0], last=moments[-1], distinct=len(taken), stall=stalls.longest)


async def serve(key: str, url: str, a_second: float) -> None:
    """Send until killed; each send waits for its turn, so that so many go out a second."""
    turns, latency = asyncio.Semaphore(IN_FLIGHT), IN_FLIGHT / a_second

    async def send(number: int) -> None:
        async with turns:
            await asyncio.sleep(latency / 2)
            told(str(number), time.time())
            await asyncio.sleep(latency / 2)

    await rival_of(key, url).serve(send)


async def idle(count: int, seconds: float) -> None:
    """APScheduler with everything in memory and nothing to do."""
    rival = rival_of("jobs", "")
    await rival.fill(range(count), time.time() + 86_400, 0)

    async def send(number: int) -> None:
        raise AssertionError(number)

    async with in_background(rival.serve(send)):
        await watched(seconds)


ROLES = (race, fill, restart, serve, idle)

if __name__ == "__main__":
    # It logs a warning for each reminder that it drops.
    logging.getLogger("apscheduler").setLevel(logging.CRITICAL)
    play(ROLES, sys.argv[1:])
