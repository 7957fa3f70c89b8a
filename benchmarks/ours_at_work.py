"""What the processes do that the benchmarks start, with our own outbox: `python -m benchmarks.ours_at_work ROLE …`."""

import asyncio
import gc
import sys
import time
from dataclasses import dataclass
from datetime import timedelta

from benchmarks.children import IN_FLIGHT, Stalls, play, resident, say, settled, told, watched
from benchmarks.figures import quiet
from benchmarks.ours import (
    DUE,
    OWED_AT,
    Post,
    chunks,
    crowd,
    founded,
    later,
    owed,
    states,
    ticking,
    wanting,
    warmed,
)
from bot.app.messages import Reply
from bot.app.ports import Receipt
from bot.app.registry import all_commands, all_nudges
from bot.domain.attendee.attendee import Attendee
from bot.storage.unit_of_work import SqlStore
from bot.timing.clock import RehearsalClock

NUDGES_EACH = 50


async def race(url: str, count: int, lead: float = 3.0) -> None:
    """Fill the outbox, then wait for the moment at which everything is due."""
    people = crowd(count)
    store = await founded(url, people)
    gc.collect()
    before = resident()
    filling = await owed(store, people)
    held = resident() - before
    was_owed = (await states(store))["owed"]
    await store.close()
    clock = RehearsalClock(DUE - timedelta(seconds=lead), 1)
    post, due = Post(), time.time() + lead
    async with ticking(url, clock, post) as application:
        await warmed(application)
        late, processor = time.time() - due, time.process_time()
        async with Stalls() as stalls:
            await settled(lambda: len(post.taken), count)
        processor = time.process_time() - processor
    store = SqlStore.at(url)
    sent = (await states(store))["sent"]
    await store.close()
    say(
        adds=count / filling,
        each=held / count,
        owed=was_owed,
        sent=sent,
        distinct=len(set(post.taken)),
        times=len(post.taken),
        ready=late,
        first=post.first - due,
        last=post.last - due,
        processor=processor,
        stall=stalls.longest,
    )


async def fill(url: str, count: int, lanes: int = 1) -> None:
    """Only fill."""
    people = crowd(count, lanes)
    store = await founded(url, people)
    await owed(store, people)
    await store.close()
    say(filled=count)


async def restart(url: str, count: int, after: float = 20.0) -> None:
    """A process that finds everything overdue; its commands are code, too."""
    all_commands()
    all_nudges()
    loaded = time.time()
    clock = RehearsalClock(DUE + timedelta(seconds=after), 1)
    post = Post()
    async with Stalls() as stalls, ticking(url, clock, post):
        await settled(lambda: len(post.taken), count)
    say(loaded=loaded, first=post.first, last=post.last, distinct=len(set(post.taken)), stall=stalls.longest)


@dataclass(slots=True)
class Telling(Post):
    """A platform that says on a line of its own what it took, with the clock's time, halfway to its answer."""

    clock: RehearsalClock | None = None

    async def send(self, attendee: Attendee, key: str, kind: str, content: Reply) -> Receipt:
        """Take it."""
        assert self.clock
        assert content.cards, kind
        await asyncio.sleep(self.latency / 2)
        told(key, (self.clock.now() - DUE).total_seconds())
        await asyncio.sleep(self.latency / 2)
        return Receipt(attendee.reach)


async def serve(url: str, after: float, latency: float) -> None:
    """Send until killed."""
    clock = RehearsalClock(DUE + timedelta(seconds=after), 1)
    async with ticking(url, clock, Telling(latency, IN_FLIGHT, clock=clock)):
        await asyncio.Event().wait()


async def work(url: str, due: float) -> None:
    """One of several processes: sends what it gets, until nobody has anything to send."""
    # Near enough for them to share the lanes, and too far for anything to be claimed before the time that is measured.
    clock = RehearsalClock(DUE - timedelta(minutes=20), 1)
    post = Post()
    async with ticking(url, clock, post) as application:
        await warmed(application)
        await asyncio.sleep(max(due - time.time(), 0))
        clock.move_to(DUE)
        application.delivery_loop.wake()
        before = time.process_time()
        while await wanting(application.store):  # noqa: ASYNC110 — others may be the last to send, and tell nobody
            await asyncio.sleep(0.5)
        processor = time.process_time() - before
    say(taken=post.taken, last=post.last, processor=processor)


async def fill_future(url: str, count: int) -> None:
    """Fifty nudges for each of many people, over the days to come: none is due within ten minutes."""
    people = crowd(max(count // NUDGES_EACH, 1))
    store = await founded(url, people)
    if count:
        for some in chunks(people):
            async with store.write_transaction() as changing:
                plans = [(known, [later(known, number) for number in range(NUDGES_EACH)]) for known in some]
                await changing.deliveries.reconcile(plans, OWED_AT)
    await store.close()
    say(filled=count)


async def idle(url: str, seconds: float) -> None:
    """The house with nothing to do."""
    clock = RehearsalClock(DUE, 1)
    post = Post()
    async with ticking(url, clock, post) as application:
        await warmed(application)
        await watched(seconds)
        assert not post.taken


ROLES = (race, fill, restart, serve, work, fill_future, idle)

if __name__ == "__main__":
    quiet()
    play(ROLES, sys.argv[1:])
