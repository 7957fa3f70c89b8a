"""Thousands of deliveries at Discord's real pace, in virtual time on a real SQLite database."""

import asyncio
import logging
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

import structlog

from adapters.discord.limits import TOKEN
from adapters.discord.messenger import LANE
from bot.app.command_spec import NudgeTemplate, RenderContext
from bot.app.delivery.rate_limiter import RateLimiter
from bot.app.delivery.scheduler import DeliveryJob, DeliveryScheduler
from bot.app.messages import Card, Reply
from bot.app.ports import DeliveryFilter, Lane, Permissions, Receipt, TemporaryError
from bot.app.runtime.job_loop import JobLoop
from bot.app.schedules.cache import ScheduleCache
from bot.domain.attendee.attendee import Attendee, Community
from bot.domain.nudges.nudge import Nudge, NudgeKind
from bot.domain.schedule.conference import Conference
from bot.search import index_of
from bot.storage.unit_of_work import SqlStore
from tests.builders import ZONE, schedule
from tests.simulation.crowd import CONFERENCE
from tests.simulation.on_sqlite import SqliteBase
from tests.simulation.process import VirtualTimer
from tests.simulation.world import OPENS, SimulatedClock
from tests.stores import migrate
from tests.support.virtual_time import StillStore, VirtualLoop

ALLOWED = 50
"""Requests that Discord takes in any second; the next one gets a 429."""
LONGEST = 4 * 3600.0
"""Virtual seconds after which the rest counts as lost."""
PLATFORM = "discord"
CHUNK = 1_000


@dataclass(slots=True)
class LimitedDiscord:
    """`ports.Messenger`: the adapter's rate limiter, and behind it a platform that refuses the 51st in a second."""

    loop: VirtualLoop
    limiter: RateLimiter = field(default_factory=RateLimiter)
    random: Random = field(default_factory=lambda: Random(3))
    sent: dict[str, float] = field(default_factory=dict)
    """When each message was begun, in seconds of the loop."""
    refused: int = 0
    recent: deque[float] = field(default_factory=lambda: deque(maxlen=ALLOWED))

    def lane(self, community: Community) -> Lane:
        del community
        return LANE

    async def send(self, attendee: Attendee, key: str, kind: str, content: Reply) -> Receipt:
        del kind, content
        await self.limiter.acquire(TOKEN)
        begun = self.loop.time()
        await asyncio.sleep(self.random.uniform(0.03, 0.04))
        now = self.loop.time()
        if len(self.recent) == ALLOWED and now - self.recent[0] < 1:
            self.refused += 1
            raise TemporaryError("429", timedelta(seconds=1))
        self.recent.append(now)
        assert key not in self.sent
        self.sent[key] = begun
        await asyncio.sleep(self.random.uniform(0.03, 0.04))
        return Receipt(attendee.reach)

    def describe_card(self, card: Card) -> str:
        raise NotImplementedError

    async def post(self, community: Community, channel: str, key: str, kind: str, content: Reply) -> Receipt:
        raise NotImplementedError

    async def edit(self, community: Community, channel: str, message: str, content: Reply) -> None:
        raise NotImplementedError

    async def delete(self, community: Community, channel: str, message: str) -> None:
        raise NotImplementedError

    async def permissions_of(self, community: Community, user: str) -> Permissions:
        raise NotImplementedError


def nudge(kind: NudgeKind, attendee: int, due: datetime, expires: datetime, early: timedelta = timedelta()) -> Nudge:
    return Nudge(kind, attendee, f"s{attendee}", 1, due, expires, early=early)


def delivered(nudges: Sequence[Nudge], folder: Path, communities: int = 1) -> LimitedDiscord:
    """Everything sent by the scheduler of `hallway run`, from `OPENS` on; attendee n is in community n modulo m."""
    url = f"sqlite:///{folder / 'paced.db'}"
    people = _people(max(planned.attendee for planned in nudges), communities)
    asyncio.run(_filled(url, people, nudges))
    loop, configured = VirtualLoop(threads=True), structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    try:
        return loop.run_until_complete(_sent(loop, url, len(nudges)))
    finally:
        loop.close()
        structlog.configure(**configured)


def _people(count: int, communities: int) -> list[Attendee]:
    places = [Community(n + 1, PLATFORM, f"guild{n + 1}", CONFERENCE) for n in range(communities)]
    return [Attendee(n, places[n % communities], f"user{n}", agreed_at=OPENS) for n in range(1, count + 1)]


async def _filled(url: str, people: Sequence[Attendee], nudges: Sequence[Nudge]) -> None:
    await migrate(url)
    base = SqliteBase.at(url, VirtualLoop())
    tenants = sorted({attendee.community.tenant for attendee in people})
    conference = schedule(conference=Conference(CONFERENCE, "Simulated", ZONE, revision=1))
    await base.found(
        conference,
        {tenant: [attendee for attendee in people if attendee.community.tenant == tenant] for tenant in tenants},
    )
    async with base.looking.write_transaction() as work:
        for start in range(0, len(nudges), CHUNK):
            some = nudges[start : start + CHUNK]
            await work.deliveries.add([(people[planned.attendee - 1].community, planned) for planned in some], OPENS)
    await base.looking.close()
    base.loop.close()


async def _sent(loop: VirtualLoop, url: str, count: int) -> LimitedDiscord:
    clock, platform, store = SimulatedClock(loop), LimitedDiscord(loop), SqlStore.at(url)
    texts = {kind: NudgeTemplate(kind, _fixed) for kind in NudgeKind}
    scheduler = DeliveryScheduler(
        StillStore(store, loop),
        clock,
        ScheduleCache(index_of),
        {PLATFORM: platform},
        texts,
        [DeliveryFilter(PLATFORM)],
    )
    timer = VirtualTimer(clock)
    woken = asyncio.Event()
    job_loop = JobLoop(DeliveryJob(scheduler, woken.set), clock, timer, woken)
    timer.wake = job_loop.wake
    task = loop.create_task(job_loop.run())
    while len(platform.sent) < count and loop.time() < LONGEST:  # noqa: ASYNC110 — the platform has no event
        await asyncio.sleep(5)
    job_loop.stop()
    await scheduler.finish(10)
    await task
    if timer.handle:
        timer.handle.cancel()
    await store.close()
    return platform


async def _fixed(context: RenderContext) -> Reply:
    del context
    return Reply((("Leave Venetian by 13:05",),))
