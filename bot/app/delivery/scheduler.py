"""The outbox: finds the lanes in which something is due and sets a runner going in each.

The database decides who sends: a claim is a lease, and an outcome counts only while its lease holds.
"""

import asyncio
import math
import random
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

import structlog

from bot.app.command_spec import NudgeTemplate
from bot.app.delivery.circuit_breaker import CircuitBreaker
from bot.app.delivery.leases import LeaseManager
from bot.app.delivery.outcomes import OutcomeWriter
from bot.app.delivery.sender import SEND_SECONDS, DeliverySender
from bot.app.delivery.worker import LaneState, LaneWorker
from bot.app.ports import Clock, DeliveryFilter, Lane, Messenger, Store, UnitOfWork
from bot.app.runtime.metrics import Metrics
from bot.app.schedules.cache import ScheduleCache
from bot.domain.nudges.load_forecast import Forecast, forecast
from bot.domain.nudges.nudge import NudgeKind

FORESEEN = timedelta(minutes=30)
"""How far ahead a peak is seen: the longest that something may be sent early, and what comes right behind it."""
HEAD_START = timedelta(seconds=3)
"""A peak is begun so much before it has to."""
NO_PEAK = timedelta(seconds=1)
"""What needs no longer head start than this is sent when it is due."""
LOOK_AGAIN = timedelta(seconds=5)
"""Where a peak takes longer than it should, the one behind it is looked for as often."""
NONE_SEEN = Forecast()

GRACE = timedelta(seconds=5)
"""Who is told so little after the deadline is not counted as late."""

log = structlog.get_logger("hallway.outbox")


@dataclass(slots=True)
class DeliveryScheduler:
    """Sends the due deliveries of its scopes. `lease` is in the clock's time, which runs `speed` times as fast.

    With a `keeper` it works only in the lanes that this process looks after.
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
    metrics: Metrics = field(default_factory=Metrics)
    leases: LeaseManager | None = None
    summarizes_missed: bool = True
    send_seconds: float = SEND_SECONDS
    outcomes: OutcomeWriter = field(init=False)
    _lanes: dict[DeliveryFilter, Lane] = field(default_factory=dict)
    _workers: dict[str, LaneWorker] = field(default_factory=dict)
    _going: dict[str, asyncio.Task[int]] = field(default_factory=dict)
    _forecasts: dict[str, Forecast] = field(default_factory=dict)
    _stopping: bool = False

    def __post_init__(self) -> None:
        """All lanes record together."""
        self.outcomes = OutcomeWriter(self.store)

    async def run_due(self) -> int:
        """Send everything that is due now; returns how many deliveries were claimed for it."""
        claimed = 0
        while going := await self.begin_due():
            done = await asyncio.gather(*going)
            claimed += sum(done)
            if not any(done):
                break
        return claimed

    async def begin_due(self) -> list[asyncio.Task[int]]:
        """Set every lane going in which something is due; returns the tasks of those that are going."""
        if self._stopping:
            return []
        await self.outcomes.record()
        now = self.clock.now()
        foreseen = self._ours(await self._foreseen(now))
        if await self._take_over(foreseen, now):
            foreseen = self._ours(await self._foreseen(now))
        for lane, scope, first_at in foreseen:
            worker = self._worker(lane, scope)
            begins_at = self._begins_at(lane)
            begun = begins_at is not None and begins_at <= now
            worker.ahead_until = self._forecasts[lane.name].until if begun else None
            if first_at <= now or begun:
                self._set_going(worker)
        return list(self._going.values())

    def stop(self) -> None:
        """Begin nothing more: what is in flight is finished, what is only claimed is given back."""
        self._stopping = True
        for worker in self._workers.values():
            worker.stop()

    async def finish(self, seconds: float) -> None:
        """Wait for what is in flight, but not for ever: what a platform does not answer for stays claimed."""
        tasks = [*self._going.values(), asyncio.create_task(self.outcomes.record())]
        _, late = await asyncio.wait(tasks, timeout=seconds)
        for task in late:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def next_due(self) -> datetime | None:
        """When there is something to do next: something comes due, a peak has to begin, or a lane has rested."""
        now = self.clock.now()
        foreseen = await self._foreseen(now)
        moments = [moment for each in foreseen if self._owns(each[0]) for moment in self._moments(*each, now)]
        if foreseen:
            return min(moments, default=None)
        async with self.store.read_transaction() as work:
            return await work.deliveries.next_due(self.scopes)

    def lanes(self) -> list[LaneState]:
        """How every lane fares that had something to do, by name."""
        return [worker.state for _, worker in sorted(self._workers.items())]

    def _moments(self, lane: Lane, scope: DeliveryFilter, first_at: datetime, now: datetime) -> Iterator[datetime]:
        worker, begins_at = self._worker(lane, scope), self._begins_at(lane)
        rest = worker.breaker.rest if worker.breaker.rests(now) else None
        # Also while the lane is busy: its runner does not know when to look ahead.
        if begins_at is not None and begins_at > now:
            yield begins_at
        elif (until := self._forecasts.get(lane.name, NONE_SEEN).until) and lane.name in self._going:
            # Only the first peak is foreseen: who comes right behind it is seen when it is over.
            yield until if until > now else now + LOOK_AGAIN * self.speed
        if lane.name in self._going and first_at <= now:
            # Its runner looks for itself.
            return
        yield max(first_at, rest.until) if rest else first_at

    async def _foreseen(self, now: datetime) -> list[tuple[Lane, DeliveryFilter, datetime]]:
        """The lanes in which something wants attention soon, each with what its claims are confined to and when."""
        async with self.store.read_transaction() as work:
            soonest = await work.backlog.soonest(self.scopes, now + FORESEEN)
            await self._learn_lanes(work, soonest)
            found: dict[str, tuple[Lane, DeliveryFilter, datetime]] = {}
            for place, first_at in soonest.items():
                lane = self._lanes[place]
                scope = lane.scope if self._covers(lane.scope) else place
                known = found.get(lane.name)
                found[lane.name] = (lane, scope, min(first_at, known[2]) if known else first_at)
            for lane, scope, _ in found.values():
                await self._forecast(work, lane, scope, now)
        return list(found.values())

    def _owns(self, lane: Lane) -> bool:
        return self.leases is None or self.leases.owns(lane.name)

    def _ours(
        self, foreseen: list[tuple[Lane, DeliveryFilter, datetime]]
    ) -> list[tuple[Lane, DeliveryFilter, datetime]]:
        """Those that we look after, and what others shall read about them."""
        if self.leases is not None:
            self.leases.want(lane.name for lane, _, _ in foreseen)
            states = (worker.state for worker in self._workers.values())
            self.leases.status.update({state.lane.name: state.why if state.rests_until else "" for state in states})
        return [each for each in foreseen if self._owns(each[0])]

    async def _take_over(self, foreseen: list[tuple[Lane, DeliveryFilter, datetime]], now: datetime) -> int:
        """What a process that died had claimed does not wait for its lease; returns how much that is."""
        if self.leases is None:
            return 0
        released = 0
        for lane, scope, _ in foreseen:
            patience = None if lane.name in self._going else self.leases.inherited(lane.name)
            if patience is not None:
                async with self.store.write_transaction() as work:
                    count = await work.backlog.release(scope, now + timedelta(seconds=patience * max(self.speed, 1)))
                log.info("goes on for a process that died", lane=lane.name, claimed=count)
                released += count
        return released

    def _set_going(self, worker: LaneWorker) -> None:
        name = worker.lane.name
        if name in self._going:
            worker.look()
        elif not worker.breaker.rests(self.clock.now()):
            self._going[name] = asyncio.create_task(worker.drain())
            self._going[name].add_done_callback(partial(self._gone, name))

    def _gone(self, name: str, _: asyncio.Task[int]) -> None:
        self._going.pop(name, None)

    def _covers(self, scope: DeliveryFilter) -> bool:
        return scope in self.scopes or DeliveryFilter(scope.platform) in self.scopes

    async def _learn_lanes(self, work: UnitOfWork, places: Collection[DeliveryFilter]) -> None:
        new = [place for place in places if place not in self._lanes]
        if new:
            communities = await work.communities.by_id({place.community or 0 for place in new})
            for place in new:
                community, messenger = communities.get(place.community or 0), self.messengers.get(place.platform)
                # Where nobody can send, everything is settled as such, and holds up nobody.
                nowhere = Lane(f"{place.platform}:{place.community}", place)
                self._lanes[place] = messenger.lane(community) if messenger and community else nowhere

    async def _forecast(self, work: UnitOfWork, lane: Lane, scope: DeliveryFilter, now: datetime) -> None:
        a_second = lane.a_second / self.speed if self.speed else math.inf
        if math.isinf(a_second):
            return
        before = self._forecasts.get(lane.name, Forecast())
        told = forecast(await work.backlog.loads(scope, now + FORESEEN), a_second, now, GRACE * self.speed)
        self._forecasts[lane.name] = told
        if told.late and not before.late and told.head_start > NO_PEAK:
            log.warning("a peak is too high", lane=lane.name, late=told.late, ends_at=str(told.ends_at))

    def _begins_at(self, lane: Lane) -> datetime | None:
        """When what is not due yet has to be begun, None where nothing has."""
        told = self._forecasts.get(lane.name)
        if told is None or told.begins_at is None or told.head_start <= NO_PEAK:
            return None
        return told.begins_at - HEAD_START * self.speed

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
        )


@dataclass(frozen=True, slots=True)
class DeliveryJob:
    """The outbox as an errand that waits for no lane: each rings when it is through."""

    scheduler: DeliveryScheduler
    wake: Callable[[], None]

    async def run_due(self) -> int:
        """Set going what is due."""
        going = await self.scheduler.begin_due()
        for task in going:
            task.add_done_callback(self._through)
        return len(going)

    async def next_due(self) -> datetime | None:
        """When there is something to do next."""
        return await self.scheduler.next_due()

    def stop(self) -> None:
        """Begin nothing more."""
        self.scheduler.stop()

    def _through(self, task: asyncio.Task[int]) -> None:
        if not task.cancelled() and (fault := task.exception()):
            log.error("a lane failed", fault=type(fault).__name__, exc_info=fault)
        self.wake()
