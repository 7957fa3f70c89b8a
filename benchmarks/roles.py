"""What the processes do that the benchmarks start: `python -m benchmarks.roles ROLE ARGUMENTS`; says one JSON object."""

import asyncio
import gc
import json
import logging
import sys
import time
from datetime import timedelta
from typing import Any

import structlog

from benchmarks.children import Stalls, in_background, resident, say, settled

PACED = 20
"""Messages in flight at once where a rival is told to send at a pace, as many as our own lanes have senders."""


def rival_of(name: str, url: str) -> Any:
    """The rival of that name; ours' process does not hold what is a rival's, nor the other way round."""
    from benchmarks.rivals import RIVALS  # noqa: PLC0415 — see the docstring

    return RIVALS[name][1](url)


async def race_ours(url: str, count: int, lead: float = 3.0) -> None:
    """Fill the outbox, then wait for the moment at which everything is due."""
    from benchmarks import ours  # noqa: PLC0415 — see `rival_of`

    people = ours.crowd(count)
    store = await ours.founded(url, people)
    gc.collect()
    before = resident()
    filling = await ours.owed(store, people)
    held = resident() - before
    was_owed = (await ours.states(store))["owed"]
    await store.close()
    clock = ours.RehearsalClock(ours.DUE - timedelta(seconds=lead), 1)
    post, due = ours.Post(clock), time.time() + lead
    async with ours.ticking(url, clock, post) as house:
        await ours.warmed(house)
        late = time.time() - due
        async with Stalls() as stalls:
            await settled(lambda: len(post.taken), count)
    store = ours.SqlStore.at(url)
    sent = (await ours.states(store))["sent"]
    await store.close()
    say(
        adds=count / filling,
        each=held / count,
        owed=was_owed,
        sent=sent,
        distinct=len(post.taken),
        times=post.taken.total(),
        ready=late,
        first=post.first - due,
        last=post.last - due,
        stall=stalls.longest,
    )


async def race_rival(name: str, url: str, count: int, lead: float, singly: int) -> None:
    """The same for a rival."""
    taken: list[int] = []
    moments: list[float] = []

    async def send(number: int) -> None:
        taken.append(number)
        moments.append(time.time())

    rival = rival_of(name, url)
    gc.collect()
    before, due = resident(), time.time() + lead
    adds = await rival.fill(range(1, count + 1), due, singly)
    held, ready = resident() - before, time.time() - due
    async with in_background(rival.serve(send)), Stalls() as stalls:
        await asyncio.sleep(max(due - time.time(), 0))
        await settled(lambda: len(taken), count)
    fired = {"first": moments[0] - due, "last": moments[-1] - due} if moments else {"first": 0.0, "last": 0.0}
    say(
        adds=adds,
        each=held / count,
        distinct=len(set(taken)),
        times=len(taken),
        ready=ready,
        stall=stalls.longest,
        **fired,
    )


async def fill_ours(url: str, count: int, lanes: int = 1) -> None:
    """Only fill."""
    from benchmarks import ours  # noqa: PLC0415 — see `rival_of`

    people = ours.crowd(count, lanes)
    store = await ours.founded(url, people)
    await ours.owed(store, people)
    await store.close()
    say(filled=count)


async def fill_rival(name: str, url: str, count: int, due_in: float) -> None:
    """Only fill."""
    due = time.time() + due_in
    await rival_of(name, url).fill(range(1, count + 1), due, 0)
    say(due=due, ready=time.time())


async def restart_ours(url: str, count: int, after: float = 20.0) -> None:
    """A process that finds everything overdue."""
    from benchmarks import ours  # noqa: PLC0415 — see `rival_of`

    loaded = time.time()
    clock = ours.RehearsalClock(ours.DUE + timedelta(seconds=after), 1)
    post = ours.Post(clock)
    async with Stalls() as stalls, ours.ticking(url, clock, post):
        await settled(lambda: len(post.taken), count)
    say(loaded=loaded, first=post.first, last=post.last, distinct=len(post.taken), stall=stalls.longest)


async def restart_rival(name: str, url: str, count: int) -> None:
    """The same for a rival."""
    taken: dict[int, float] = {}

    async def send(number: int) -> None:
        taken[number] = time.time()

    loaded = time.time()
    async with Stalls() as stalls, in_background(rival_of(name, url).serve(send)):
        await settled(lambda: len(taken), count)
    moments = sorted(taken.values()) or [0.0]
    say(loaded=loaded, first=moments[0], last=moments[-1], distinct=len(taken), stall=stalls.longest)


async def serve_ours(url: str, after: float, latency: float) -> None:
    """Send until killed; each message that the platform took is said on a line of its own, with the clock's time."""
    from benchmarks import ours  # noqa: PLC0415 — see `rival_of`

    clock = ours.RehearsalClock(ours.DUE + timedelta(seconds=after), 1)

    class Telling(ours.Post):
        async def send(
            self, attendee: ours.Attendee, key: str, kind: str, content: ours.Reply
        ) -> ours.Receipt:
            await asyncio.sleep(latency / 2)
            told(key, (clock.now() - ours.DUE).total_seconds())
            # The answer is on its way.
            await asyncio.sleep(latency / 2)
            return ours.Receipt(attendee.reach)

    async with ours.ticking(url, clock, Telling(clock, at_once=PACED)):
        await asyncio.Event().wait()


async def serve_rival(name: str, url: str, a_second: float) -> None:
    """The same for a rival, whose sends wait for their turn."""
    turns, latency = asyncio.Semaphore(PACED), PACED / a_second

    async def send(number: int) -> None:
        async with turns:
            await asyncio.sleep(latency / 2)
            told(str(number), time.time())
            await asyncio.sleep(latency / 2)

    await rival_of(name, url).serve(send)


async def work_ours(url: str, due: float) -> None:
    """One of several processes: sends what it gets, until nothing more comes."""
    from benchmarks import ours  # noqa: PLC0415 — see `rival_of`

    clock = ours.RehearsalClock(ours.DUE - timedelta(seconds=due - time.time()), 1)
    post = ours.Post(clock)
    async with ours.ticking(url, clock, post) as house:
        await ours.warmed(house)
        await asyncio.sleep(max(due - time.time(), 0))
        before = time.process_time()
        await settled(lambda: len(post.taken), 2**31, quiet=3)
        processor = time.process_time() - before
    say(taken=post.taken, last=post.last, processor=processor)


async def fill_future(url: str, count: int) -> None:
    """Fifty nudges for each of many people, over the days to come: none is due within ten minutes."""
    from benchmarks import ours  # noqa: PLC0415 — see `rival_of`

    each = 50
    people = ours.crowd(max(count // each, 1))
    store = await ours.founded(url, people)
    if count:
        for some in ours.chunks(people):
            async with store.writing() as work:
                plans = [(known, [ours.later(known, number) for number in range(each)]) for known in some]
                await work.deliveries.reconcile(plans, ours.OWED_AT)
    await store.close()
    say(filled=count)


async def idle_ours(url: str, seconds: float) -> None:
    """The house with nothing to do."""
    from benchmarks import ours  # noqa: PLC0415 — see `rival_of`

    clock = ours.RehearsalClock(ours.DUE, 1)
    post = ours.Post(clock)
    async with ours.ticking(url, clock, post) as house:
        await ours.warmed(house)
        await watched(seconds)
        assert not post.taken


async def idle_rival(count: int, seconds: float) -> None:
    """APScheduler with everything in memory."""
    rival = rival_of("jobs", "")
    await rival.fill(range(count), time.time() + 86_400, 0)
    async with in_background(rival.serve(asyncio.sleep)):
        await watched(seconds)


async def watched(seconds: float) -> None:
    """Says what this process used, and what it held more in the end, after a third to settle down."""
    await asyncio.sleep(seconds / 3)
    gc.collect()
    before, held, begins = time.process_time(), resident(), time.perf_counter()
    await asyncio.sleep(seconds * 2 / 3)
    used, took = time.process_time() - before, time.perf_counter() - begins
    gc.collect()
    now = resident()
    say(share=used / took, held=now, grown=now - held)


def told(key: str, at: float) -> None:
    """At once: whoever kills us sees everything that was taken."""
    sys.stdout.write(f"{key} {at:.3f}\n")
    sys.stdout.flush()


async def main(role: str, *arguments: str) -> None:
    """By the name of a role."""
    logging.getLogger("apscheduler").setLevel(logging.CRITICAL)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    await globals()[role](*map(read, arguments))


def read(argument: str) -> Any:
    """A number where it is one."""
    try:
        return json.loads(argument)
    except json.JSONDecodeError:
        return argument


if __name__ == "__main__" and sys.argv[1:]:
    asyncio.run(main(*sys.argv[1:]))
