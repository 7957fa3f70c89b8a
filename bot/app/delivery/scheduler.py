"""Finds the lanes with due deliveries and starts a worker for each.

The database decides which process sends: a claim is a lease, and an outcome counts only while its lease holds.
"""

import asyncio
import math
import random
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import NamedTuple

import structlog

from bot.app.command_spec import NudgeTemplate
from bot.app.delivery.circuit_breaker import CircuitBreaker
from bot.app.delivery.leases import LeaseManager
from bot.app.delivery.outcomes import OutcomeWriter
from bot.app.delivery.sender import SEND_SECONDS, DeliverySender
from bot.app.delivery.worker import LaneState, LaneWorker
from bot.app.ports import Clock, DeliveryFilter, Lane, Messenger, Store, UnitOfWork
from bot.app.runtime.metrics import Metrics, NoMetrics
from bot.app.runtime.tasks import cancel_all
from bot.app.schedules.cache import ScheduleCache
from bot.app.text.web_side import WebSide
from bot.domain.nudges.load_forecast import Forecast, forecast
from bot.domain.nudges.nudge import NudgeKind

LOOK_AHEAD = timedelta(minutes=30)
"""Look-ahead of the load forecast: the maximum early send (10 min) plus the load that follows it."""
HEAD_START = timedelta(seconds=3)
"""A peak is begun this much before its latest possible beginning."""
NO_PEAK = timedelta(seconds=1)
"""Load that needs at most this head start is not a peak: it is sent when it is due."""
LOOK_AGAIN = timedelta(seconds=5)
"""How often a lane whose peak takes longer than forecast looks for the next peak."""
NO_FORECAST = Forecast()
GRACE = timedelta(seconds=5)
"""A delivery this little after its deadline does not count as late in the forecast."""
CANCELLING = 1.0
"""Seconds for cancelled tasks to end when the process stops."""

log = structlog.get_logger("hallway.delivery")


class DueLane(NamedTuple):
    """A lane with something to do soon: `scope` confines its claims, `first_at` is when its first delivery is due."""

    lane: Lane
    scope: DeliveryFilter
    first_at: datetime


@dataclass(slots=True)
class DeliveryScheduler:
    """Sends the due deliveries of its scopes.

    Args:
        lease: how long a claim lasts, in the clock's time.
        speed: how many times as fast as real time the clock runs.
        jitter: returns a float in [0, 1).
        leases: without it this process works in all lanes, with it only in those whose lease it holds.
        summarizes_missed: whether the recipient of an expired nudge gets a summary of what was missed.
        send_seconds: how long a platform may take to answer.
        web: where browsers reach this installation; None if they do not.
    """

    store: Store
    clock: Clock
    schedules: ScheduleCache
    messengers: Mapping[str, Messenger]
    texts: Mapping[NudgeKind, NudgeTemplate]
    scopes: Collection[DeliveryFilter]
    lease: timedelta = timedelta(seconds=90)
    speed: float = 1
    jitter: Callable[[], float] = random.random
    metrics: Metrics = field(default_factory=NoMetrics)
    leases: LeaseManager | None = None
    summarizes_missed: bool = True
    send_seconds: float = SEND_SECONDS
    web: WebSide | None = None
    outcomes: OutcomeWriter = field(init=False)
    _lanes: dict[DeliveryFilter, Lane] = field(default_factory=dict)
    _workers: dict[str, LaneWorker] = field(default_factory=dict)
    _running: dict[str, asyncio.Task[int]] = field(default_factory=dict)
    _forecasts: dict[str, Forecast] = field(default_factory=dict)
    _stopping: bool = False

    def __post_init__(self) -> None:
        """All lanes share one writer of outcomes."""
        self.outcomes = OutcomeWriter(self.store)

    async def run_due(self) -> int:
        """Send everything that is due now; returns how many deliveries were claimed for it."""
        claimed = 0
        while running := await self.begin_due():
            counts = await asyncio.gather(*running)
            claimed += sum(counts)
            if not any(counts):
                break
        return claimed

    async def begin_due(self) -> list[asyncio.Task[int]]:
        """Start a worker for each lane with due deliveries; return the running tasks."""
        if self._stopping:
            return []
        await self.outcomes.record()
        now = self.clock.now()
        due_lanes = self._owned(await self._due_lanes(now))
        if await self._take_over(due_lanes, now):
            due_lanes = self._owned(await self._due_lanes(now))
        for lane, scope, first_at in due_lanes:
            worker, begins_at = self._worker(lane, scope), self._peak_begins_at(lane)
            peak_begun = begins_at is not None and begins_at <= now
            worker.ahead_until = self._forecasts[lane.name].until if peak_begun else None
            if first_at <= now or peak_begun:
                self._start(worker)
        return list(self._running.values())

    def stop(self) -> None:
        """Begin nothing more: deliveries being sent are finished, those only claimed are given back."""
        self._stopping = True
        for worker in self._workers.values():
            worker.stop()

    async def finish(self, seconds: float) -> None:
        """Wait at most `seconds` for deliveries being sent; those that get no answer stay claimed."""
        tasks = [*self._running.values(), asyncio.create_task(self.outcomes.record())]
        _, late = await asyncio.wait(tasks, timeout=seconds)
        await cancel_all(late, CANCELLING)

    async def next_due(self) -> datetime | None:
        """Return when a delivery is due, a peak has to begin or a lane has rested; None if no delivery is pending."""
        now = self.clock.now()
        due_lanes = await self._due_lanes(now)
        if due_lanes:
            owned = [due for due in due_lanes if self._owns(due.lane)]
            return min([moment for due in owned for moment in self._wake_ups(due, now)], default=None)
        async with self.store.read_transaction() as work:
            return await work.deliveries.next_due(self.scopes)

    def lanes(self) -> list[LaneState]:
        """The states of all lanes that had something to do, by name."""
        return [worker.state for _, worker in sorted(self._workers.items())]

    def _wake_ups(self, due: DueLane, now: datetime) -> Iterator[datetime]:
        lane, scope, first_at = due
        worker, begins_at = self._worker(lane, scope), self._peak_begins_at(lane)
        rest = worker.breaker.rest if worker.breaker.rests(now) else None
        # Also while the lane is running: its worker does not know when to claim ahead.
        if begins_at is not None and begins_at > now:
            yield begins_at
        elif (until := self._forecasts.get(lane.name, NO_FORECAST).until) and lane.name in self._running:
            # Only the first peak is forecast: the one right behind it shows when the first is over.
            yield until if until > now else now + LOOK_AGAIN * self.speed
        # A running worker looks for due deliveries by itself.
        if lane.name not in self._running or first_at > now:
            yield max(first_at, rest.until) if rest else first_at

    async def _due_lanes(self, now: datetime) -> list[DueLane]:
        """The lanes with something to do within the look-ahead, with a fresh forecast for each."""
        async with self.store.read_transaction() as work:
            soonest = await work.backlog.soonest(self.scopes, now + LOOK_AHEAD)
            await self._learn_lanes(work, soonest)
            due_lanes: dict[str, DueLane] = {}
            for community, first_at in soonest.items():
                lane = self._lanes[community]
                scope = lane.scope if self._covers(lane.scope) else community
                before = due_lanes.get(lane.name)
                due_lanes[lane.name] = DueLane(lane, scope, min(first_at, before.first_at) if before else first_at)
            for lane, scope, _ in due_lanes.values():
                await self._forecast(work, lane, scope, now)
        return list(due_lanes.values())

    def _owns(self, lane: Lane) -> bool:
        return self.leases is None or self.leases.owns(lane.name)

    def _owned(self, due_lanes: list[DueLane]) -> list[DueLane]:
        """Return the lanes whose lease this process holds; publish their status to the other processes."""
        if self.leases is not None:
            self.leases.want(due.lane.name for due in due_lanes)
            states = (worker.state for worker in self._workers.values())
            self.leases.status.update({state.lane.name: state.why if state.rests_until else "" for state in states})
        return [due for due in due_lanes if self._owns(due.lane)]

    async def _take_over(self, due_lanes: list[DueLane], now: datetime) -> int:
        """Release the claims of processes that died, before their leases end; returns how many claims those were."""
        if self.leases is None:
            return 0
        released = 0
        for lane, scope, _ in due_lanes:
            grace = None if lane.name in self._running else self.leases.take_grace(lane.name)
            if grace is not None:
                async with self.store.write_transaction() as work:
                    count = await work.backlog.release(scope, now + timedelta(seconds=grace * max(self.speed, 1)))
                log.info("goes on for a process that died", lane=lane.name, claimed=count)
                released += count
        return released

    def _start(self, worker: LaneWorker) -> None:
        name = worker.lane.name
        if name in self._running:
            worker.look()
        elif not worker.breaker.rests(self.clock.now()):
            self._running[name] = asyncio.create_task(worker.drain())
            self._running[name].add_done_callback(partial(self._ended, name))

    def _ended(self, name: str, _: asyncio.Task[int]) -> None:
        self._running.pop(name, None)

    def _covers(self, scope: DeliveryFilter) -> bool:
        return scope in self.scopes or DeliveryFilter(scope.platform) in self.scopes

    async def _learn_lanes(self, work: UnitOfWork, scopes: Collection[DeliveryFilter]) -> None:
        new = [scope for scope in scopes if scope not in self._lanes]
        if new:
            communities = await work.communities.by_id({scope.community or 0 for scope in new})
            for scope in new:
                community, messenger = communities.get(scope.community or 0), self.messengers.get(scope.platform)
                # A lane of its own for a platform without messenger: its deliveries end and hold up no other lane.
                unserved = Lane(f"{scope.platform}:{scope.community}", scope)
                self._lanes[scope] = messenger.lane(community) if messenger and community else unserved

    async def _forecast(self, work: UnitOfWork, lane: Lane, scope: DeliveryFilter, now: datetime) -> None:
        a_second = lane.a_second / self.speed if self.speed else math.inf
        if math.isinf(a_second):
            return
        before = self._forecasts.get(lane.name, NO_FORECAST)
        fresh = forecast(await work.backlog.loads(scope, now + LOOK_AHEAD), a_second, now, GRACE * self.speed)
        self._forecasts[lane.name] = fresh
        if fresh.late and not before.late and fresh.head_start > NO_PEAK:
            log.warning("a peak is too high", lane=lane.name, late=fresh.late, ends_at=str(fresh.ends_at))

    def _peak_begins_at(self, lane: Lane) -> datetime | None:
        """Return when deliveries have to be started before they are due; None if no peak is forecast."""
        latest_forecast = self._forecasts.get(lane.name)
        if latest_forecast is None or latest_forecast.begins_at is None or latest_forecast.head_start <= NO_PEAK:
            return None
        return latest_forecast.begins_at - HEAD_START * self.speed

    def _worker(self, lane: Lane, scope: DeliveryFilter) -> LaneWorker:
        worker = self._workers.get(lane.name)
        if worker is None:
            worker = self._workers[lane.name] = LaneWorker(
                lane=lane,
                scope=scope,
                store=self.store,
                clock=self.clock,
                make_sender=self._make_sender,
                outcomes=self.outcomes,
                breaker=CircuitBreaker(self.speed),
                lease=self.lease,
                metrics=self.metrics,
                is_ours=partial(self._owns, lane),
            )
        return worker

    def _make_sender(self) -> DeliverySender:
        return DeliverySender(
            store=self.store,
            clock=self.clock,
            schedules=self.schedules,
            messengers=self.messengers,
            texts=self.texts,
            jitter=self.jitter,
            summarizes_missed=self.summarizes_missed,
            send_seconds=self.send_seconds,
            web=self.web,
        )


@dataclass(frozen=True, slots=True)
class DeliveryJob:
    """The scheduler as a background job that waits for no lane: each calls `wake` when it is done."""

    scheduler: DeliveryScheduler
    wake: Callable[[], None]

    async def run_due(self) -> int:
        """Start the lanes with due deliveries; returns how many lanes are running."""
        running = await self.scheduler.begin_due()
        for task in running:
            task.add_done_callback(self._done)
        return len(running)

    async def next_due(self) -> datetime | None:
        """When there is something to do next."""
        return await self.scheduler.next_due()

    def stop(self) -> None:
        """Begin nothing more."""
        self.scheduler.stop()

    def _done(self, task: asyncio.Task[int]) -> None:
        if not task.cancelled() and (error := task.exception()):
            log.error("a lane failed", fault=type(error).__name__, exc_info=error)
        self.wake()
