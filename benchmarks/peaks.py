"""Peaks against Discord's limits: 25,000 leave-by nudges of one moment, a half-hour grid, a broadcast before them.

In virtual time, on a real SQLite: the outbox, the lane and the pacer are those of `hallway run`, the platform is
simulated. It takes 50 requests in any second, wherever that begins, and answers the next with 429; a request is
30 to 40 ms on its way. Beside it an offline optimum, which knows everything beforehand and sends exactly 50 a second
(earliest deadline first is optimal for equal jobs), and a queue that is first come, first served.
"""

import random
import sys
import tempfile
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from heapq import heappop, heappush
from pathlib import Path

from adapters.discord.limits import TOKEN
from adapters.discord.messenger import LANE
from benchmarks import ours
from benchmarks.crowd import OPENS
from benchmarks.figures import Figure, quiet, tell
from benchmarks.virtual import StillStore, VirtualClock, VirtualLoop, VirtualTimer, passed
from bot.app.command_spec import NudgeTemplate, RenderContext
from bot.app.delivery.rate_limiter import RateLimiter
from bot.app.delivery.scheduler import DeliveryJob, DeliveryScheduler
from bot.app.messages import Reply
from bot.app.ports import DeliveryFilter, Lane, Receipt, TemporaryError
from bot.app.runtime.job_loop import JobLoop
from bot.app.schedules.cache import ScheduleCache
from bot.domain.attendee.attendee import Attendee, Community
from bot.domain.nudges.nudge import LONGEST_AHEAD, Nudge, NudgeKind
from bot.search import index_of
from bot.storage.unit_of_work import SqlStore

ALLOWED = 50
WALKS = (5, 12, 18, 25, 40)
SHARES = (45, 20, 15, 15, 5)
"""Minutes to walk, and how many of a hundred people have to: nearly half stay in the venue."""
ON_TIME = 1.0
"""Seconds after its deadline that a message still counts as on time: none of ours is sent early for less."""
START = ours.DUE - timedelta(minutes=15)
"""A quarter of an hour before the moment of the peak."""


async def fixed(occasion: RenderContext) -> Reply:
    """A text that needs nothing."""
    del occasion
    return Reply((("Leave Venetian by 13:05",),))


@dataclass(slots=True)
class Discord(ours.NoChannels):
    """The platform, and the messenger in front of it. Moments are seconds of the loop."""

    loop: VirtualLoop
    shared: bool = False
    """Whether several communities have one token, as they have on Discord; else this one has it alone."""
    pacer: RateLimiter = field(default_factory=RateLimiter)
    dice: random.Random = field(default_factory=lambda: random.Random(3))
    recent: deque[float] = field(default_factory=lambda: deque(maxlen=ALLOWED))
    taken: dict[str, float] = field(default_factory=dict)
    refused: int = 0

    def lane(self, community: Community) -> Lane:
        """As the adapter's, for the benchmark's own communities."""
        return replace(LANE, scope=DeliveryFilter(ours.PLATFORM, None if self.shared else community.id))

    async def send(self, attendee: Attendee, key: str, kind: str, content: Reply) -> Receipt:
        """Paced as the adapter paces it."""
        del kind, content
        await self.pacer.turn(TOKEN)
        begun = self.loop.time()
        await _pause(self.loop, self.dice.uniform(0.03, 0.04))
        now = self.loop.time()
        if len(self.recent) == ALLOWED and now - self.recent[0] < 1:
            self.refused += 1
            raise TemporaryError("429", timedelta(seconds=1))
        self.recent.append(now)
        assert key not in self.taken
        self.taken[key] = begun
        await _pause(self.loop, self.dice.uniform(0.03, 0.04))
        return Receipt(attendee.reach)


async def _pause(loop: VirtualLoop, seconds: float) -> None:
    """Sleeps in the loop's time."""
    future = loop.create_future()
    loop.call_later(seconds, future.set_result, None)
    await future


@dataclass(frozen=True, slots=True)
class Owed:
    """One message of a scenario, in seconds since its start: when it may go out, and when it is late."""

    nudge: Nudge
    ready: float
    deadline: float


def message(kind: NudgeKind, attendee: int, due: datetime, expires: datetime) -> Owed:
    """Of an attendee; a leave-by nudge may come early."""
    early = LONGEST_AHEAD if kind is NudgeKind.LEAVE_BY else timedelta()
    nudge = Nudge(kind, attendee, f"s{attendee % 500}", 1, due, expires, early=early)
    ready = max((due - early - START).total_seconds(), 0.0)
    return Owed(nudge, ready, (nudge.deadline - START).total_seconds())


def one_moment(count: int) -> list[Owed]:
    """Everybody has to leave at once."""
    return [message(NudgeKind.LEAVE_BY, n, ours.DUE, OPENS) for n in range(1, count + 1)]


def half_hours(count: int) -> list[Owed]:
    """Three starts half an hour apart, and walks as people have them."""
    dice = random.Random(4)
    made = []
    for n in range(1, count + 1):
        starts = OPENS + timedelta(minutes=30 * (n % 3))
        due = starts - timedelta(minutes=dice.choices(WALKS, SHARES)[0])
        made.append(message(NudgeKind.LEAVE_BY, n, due, starts))
    return made


def behind_a_broadcast(count: int, broadcast: int) -> list[Owed]:
    """A message to everybody is begun, then everybody of the others has to leave at once."""
    first = [message(NudgeKind.EVENING_RECAP, n, START, START + timedelta(hours=8)) for n in range(1, broadcast + 1)]
    return [*first, *(replace(each) for each in one_moment(count))]


def optimum(owed: Sequence[Owed]) -> list[float]:
    """By how many seconds leave-by nudges are late that are, at exactly the allowed rate."""
    return _served(owed, urgent=True)


def in_order(owed: Sequence[Owed]) -> list[float]:
    """The same where whoever is due first goes first, and nothing goes early."""
    return _served(owed, urgent=False)


def _served(owed: Sequence[Owed], *, urgent: bool) -> list[float]:
    def ready_at(each: Owed) -> float:
        return each.ready if urgent else (each.nudge.due_at - START).total_seconds()

    coming = sorted(owed, key=ready_at, reverse=True)
    waiting: list[tuple[float, int, Owed]] = []
    late, moment = [], 0.0
    while coming or waiting:
        if not waiting:
            moment = max(moment, ready_at(coming[-1]))
        while coming and ready_at(coming[-1]) <= moment:
            each = coming.pop()
            heappush(waiting, (each.deadline if urgent else ready_at(each), -len(coming), each))
        *_, each = heappop(waiting)
        if each.nudge.kind is NudgeKind.LEAVE_BY and moment > each.deadline + ON_TIME:
            late.append(moment - each.deadline)
        moment += 1 / ALLOWED
    return late


async def delivered(loop: VirtualLoop, url: str, owed: Sequence[Owed], communities: int = 1) -> Discord:
    """Everything sent by the outbox, as its ticker and its alarm have it. People are in the communities in turn."""
    store = await _filled(url, owed, communities)
    clock, platform = VirtualClock(START, loop), Discord(loop, shared=communities > 1)
    loop.passed = 0.0
    texts = {kind: NudgeTemplate(kind, fixed) for kind in NudgeKind}
    scheduler = DeliveryScheduler(
        StillStore(store, loop),
        clock,
        ScheduleCache(index_of),
        {ours.PLATFORM: platform},
        texts,
        [DeliveryFilter(ours.PLATFORM)],
    )
    timer = VirtualTimer(clock)

    def wake() -> None:
        ticker.wake()

    ticker = JobLoop(DeliveryJob(scheduler, wake), clock, timer)
    timer.wake = wake
    task = loop.create_task(ticker.run())
    while len(platform.taken) < len(owed) and loop.time() < 4 * 3600:
        await _pause(loop, 5)
    ticker.stop()
    await scheduler.finish(10)
    await task
    await store.close()
    return platform


async def _filled(url: str, owed: Sequence[Owed], communities: int) -> SqlStore:
    people = ours.crowd(max(each.nudge.attendee for each in owed), communities)
    by_id = {known.id: known for known in people}
    # The tables are made before time is virtual: nobody here waits for a moment.
    store = await ours.founded(url, people)
    async with store.write_transaction() as work:
        for start in range(0, len(owed), ours.CHUNK):
            some = owed[start : start + ours.CHUNK]
            await work.deliveries.add(
                [(by_id[each.nudge.attendee].community, each.nudge) for each in some], ours.OWED_AT
            )
    return store


def figures(name: str, owed: Sequence[Owed], platform: Discord, best: int) -> list[Figure]:
    """What is promised of a scenario."""
    sent = [platform.taken.get(each.nudge.key, float("inf")) for each in owed]
    urgent = [(at, each) for at, each in zip(sent, owed, strict=True) if each.nudge.kind is NudgeKind.LEAVE_BY]
    late = [at - each.deadline for at, each in urgent if at > each.deadline + ON_TIME]
    early = [each.deadline - at for at, each in urgent]
    return [
        Figure(f"{name}: refusals (429)", platform.refused, "", 0),
        Figure(f"{name}: lost", len(owed) - len(platform.taken), "messages", 0),
        Figure(f"{name}: leave-by nudges late", len(late), f"(the optimum: {best:,})", best),
        Figure(f"{name}: the latest came after its time by", max(0.0, -min(early)), "s"),
        Figure(f"{name}: the earliest came early by", max(early), "s", LONGEST_AHEAD.total_seconds()),
    ]


def paced(name: str, owed: Sequence[Owed], platform: Discord) -> list[Figure]:
    """For a scenario in which there is always something to send, once it has begun."""
    span = max(platform.taken.values()) - min(platform.taken.values())
    bound = (len(owed) - 1) / ALLOWED
    return [
        Figure(f"{name}: of the allowed rate", bound / span * 100, "%", at_least=97),
        Figure(f"{name}: took, to the lower bound of {bound:,.0f} s", span / bound, "x", 1.05),
    ]


def main(nudges: int, broadcast: int) -> bool:
    """Every scenario; whether every bound is kept."""
    kept = True
    scenarios = (
        ("one moment", one_moment(nudges), True),
        ("half-hour grid", half_hours(nudges), False),
        (f"behind {broadcast:,} broadcast", behind_a_broadcast(nudges, broadcast), True),
    )
    for name, owed, is_dense in scenarios:
        with tempfile.TemporaryDirectory() as folder:
            url = f"sqlite:///{Path(folder) / 'peak.db'}"
            begins, processor = time.perf_counter(), time.process_time()
            platform = passed(partial(delivered, url=url, owed=owed))
            took, processor = time.perf_counter() - begins, time.process_time() - processor
        found = figures(name, owed, platform, len(optimum(owed)))
        if is_dense:
            found += paced(name, owed, platform)
        queued = in_order(owed)
        found.append(Figure(f"{name}: late where first come is first served", len(queued), "nudges"))
        found.append(Figure(f"{name}: the latest of these by", max(queued, default=0), "s"))
        found.append(Figure(f"{name}: real time it took here, processor time", took, f"s, {processor:,.1f} s"))
        kept = tell(f"{nudges:,} leave-by nudges, {name}, in virtual time", found) and kept
    return kept


if __name__ == "__main__":
    quiet()
    small = "--small" in sys.argv
    if not main(*((200, 400) if small else (25_000, 60_000))) and not small:
        sys.exit(1)
