"""What works through one lane: claims what it can send in the next moments, and sends the most urgent first.

Only so little is in hand that what becomes more urgent meanwhile overtakes nearly everything; and what is in hand is
given back when the lane has to rest or the process stops.
"""

import asyncio
import math
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from heapq import heapify, heappop, heappush

import structlog
from structlog.typing import FilteringBoundLogger

from bot.app.breaker import Breaker, Circuit
from bot.app.clerk import Attempt, Clerk, Parcel
from bot.app.meter import Meter
from bot.app.ports import Clock, Delivery, Lane, Outcome, Scope, Store
from bot.app.recorder import Entry, Recorder
from bot.domain.errors import StoreFault
from bot.domain.nudge import LONGEST_AHEAD, PATIENT

BATCH = 2_500
"""Claimed at once at most; twice as many are in hand where there is no limit."""
IN_HAND_SECONDS = 1.5
"""How many seconds' worth is in hand at most, where there is one."""
SAFE_SHARE = 0.5
"""Of a lease: what was not begun by then is left to whoever claims it next."""
READ_TOGETHER = 250
READ_TOGETHER = 250
IN_A_ROW = 25
"""Begun without a pause: a messenger that answers at once never yields, and others want their turn every 2 ms."""
AFTER_FAULT = timedelta(seconds=5)
WHENEVER = datetime.max.replace(tzinfo=UTC)
"""What can wait for hours goes in the order in which it was claimed."""
TAKEN_BY_OTHERS = timedelta(milliseconds=200)

log = structlog.get_logger("hallway.outbox")


@dataclass(frozen=True, slots=True)
class LaneState:
    """How a lane fares: what was claimed and not begun, what is under way, and until when it rests and why."""

    lane: Lane
    circuit: Circuit
    in_hand: int
    under_way: int
    rests_until: datetime | None = None
    why: str = ""


@dataclass(slots=True)
class Runner:
    """Of one lane, whose deliveries are those of `scope`. `lease` is in the clock's time.

    Until `ahead_until`, what may be sent early is claimed before it is due.
    """

    lane: Lane
    scope: Scope
    store: Store
    clock: Clock
    clerk: Clerk
    recorder: Recorder
    breaker: Breaker
    lease: timedelta
    meter: Meter = field(default_factory=Meter)
    ahead_until: datetime | None = None
    is_ours: Callable[[], bool] = lambda: True
    _hand: list[tuple[datetime, int, datetime, Parcel]] = field(default_factory=list)
    _parcels: int = 0
    _under_way: int = 0
    _filled: asyncio.Event = field(default_factory=asyncio.Event)
    _look: asyncio.Event = field(default_factory=asyncio.Event)
    _claimed: int = 0
    _begun: int = 0
    _dry: bool = False
    _stopping: bool = False
    _closing: bool = False
    # Bound once: binding anew for each message costs as much as recording it.
    _log: FilteringBoundLogger = field(default_factory=log.bind)

    @property
    def state(self) -> LaneState:
        """How it fares now."""
        rest = self.breaker.rest if self.breaker.rests(self.clock.now()) else None
        told = (rest.until, rest.why) if rest else (None, "")
        return LaneState(self.lane, self.breaker.circuit, len(self._hand), self._under_way, *told)

    def look(self) -> None:
        """Something was added, or came due: look at once."""
        self._look.set()

    def stop(self) -> None:
        """Begin nothing more."""
        self._stopping = True
        self._look.set()

    async def drain(self) -> int:
        """Claim and send until nothing is due; returns how many were claimed. A fault of the store makes it rest."""
        self._claimed = 0
        try:
            async with self.recorder.flushing():
                await self._work()
        except StoreFault as fault:
            log.warning("the store failed a lane", lane=self.lane.name, fault=str(fault))
            self.breaker.pause(self.clock.now(), AFTER_FAULT, "the store failed")
        return self._claimed

    async def _work(self) -> None:
        """Senders work while we claim. A fault of a claim waits for them: it must not cut short what is in flight."""
        async with asyncio.TaskGroup() as senders:
            for _ in range(self.lane.at_once):
                senders.create_task(self._send_on())
            (fault,) = await asyncio.gather(self._keep_claiming(), return_exceptions=True)
            self._closing = True
            self._filled.set()
        self._closing = False
        if fault:
            self.breaker.pause(self.clock.now(), AFTER_FAULT, "the store failed")
            raise fault
        if not self._claimed and self._may_begin(self.clock.now()):
            self.breaker.pause(self.clock.now(), TAKEN_BY_OTHERS, "somebody else has claimed what is due")

    async def _keep_claiming(self) -> None:
        while self._may_begin(self.clock.now()):
            # Cleared before we look: what is added from here on is seen by the next look.
            self._look.clear()
            if room := self._room():
                got = await self._claim(room)
                self._claimed += got
                self._dry = got < room
                if not got and not self._busy():
                    break
            await self._look.wait()

    async def _claim(self, limit: int) -> int:
        # Before more is claimed, or a lease that just ran out would be taken for a message not sent.
        await self.recorder.record()
        now = self.clock.now()
        ahead = min(max((self.ahead_until or now) - now, timedelta()), LONGEST_AHEAD)
        async with self.store.writing() as work:
            batch = await work.deliveries.claim([self.scope], now, now + self.lease, limit, ahead)
        self.meter.claims[self.lane.name] += len(batch)
        if batch:
            safe_until = now + self.lease * SAFE_SHARE
            for parcel in await self.clerk.gathered(batch):
                delivery = parcel.delivery
                nudge, self._parcels = delivery.nudge, self._parcels + 1
                # In the order of the claims, in which communities take turns.
                urgency = nudge.deadline if nudge.patience < PATIENT else WHENEVER
                self._hand.append((urgency, self._parcels, safe_until, parcel))
            heapify(self._hand)
            self._filled.set()
        return len(batch)

    def _room(self) -> int:
        """How many more may be in hand: none before half of them are gone, and only one where one is tried."""
        if self.breaker.circuit is Circuit.HALF_OPEN:
            return 0 if self._busy() else 1
        most = self._most()
        return min(most - len(self._hand), BATCH) if len(self._hand) <= most // 2 else 0

    def _most(self) -> int:
        return 2 * BATCH if math.isinf(self.lane.a_second) else math.ceil(self.lane.a_second * IN_HAND_SECONDS)

    def _busy(self) -> bool:
        return bool(self._hand) or self._under_way > 0

    def _may_begin(self, now: datetime) -> bool:
        return not self._stopping and self.is_ours() and not self.breaker.rests(now)

    async def _send_on(self) -> None:
        while True:
            while not self._hand:
                if self._closing:
                    return
                self._filled.clear()
                await self._filled.wait()
            _, _, safe_until, parcel = heappop(self._hand)
            now = self.clock.now()
            if now < safe_until and self._may_begin(now):
                await self._send(parcel, now)
            else:
                self.recorder.add(Entry(self.clerk.untried(parcel.delivery)))
            # Once there was no more to claim, only when everything in hand is done.
            if not self._busy() or (not self._dry and self._room()):
                self._look.set()
            self._begun += 1
            if self._begun % IN_A_ROW == 0:
                await asyncio.sleep(0)

    async def _send(self, parcel: Parcel, now: datetime) -> None:
        self._under_way += 1
        try:
            if parcel.is_stale(now):
                parcel = await self._read_anew(parcel, now)
            attempt = await self.clerk.attempt(parcel, self.lane)
        finally:
            self._under_way -= 1
        self.recorder.add(attempt.entry)
        self._measure(parcel.delivery, attempt.entry.outcome)
        self._learn(attempt)

    async def _read_anew(self, parcel: Parcel, now: datetime) -> Parcel:
        """Together with those behind it that waited as long: one by one they would wait ever longer."""
        behind: list[tuple[datetime, int, datetime, Parcel]] = []
        while self._hand and len(behind) < READ_TOGETHER and self._hand[0][-1].is_stale(now):
            behind.append(heappop(self._hand))
        try:
            waited = [parcel.delivery, *(each[-1].delivery for each in behind)]
            parcel, *others = await self.clerk.gathered(waited)
            behind = [(*each[:-1], again) for each, again in zip(behind, others, strict=True)]
        except StoreFault as fault:
            # The attempt reads its own, and says what comes of that.
            log.warning("what waited could not be read anew", lane=self.lane.name, fault=str(fault))
        for each in behind:
            heappush(self._hand, each)
        self._filled.set()
        return parcel

    def _measure(self, delivery: Delivery, outcome: Outcome) -> None:
        kind, due = delivery.nudge.kind, max(delivery.nudge.due_at, delivery.owed_at)
        self._log.debug("attempted", id=delivery.id, kind=kind, state=outcome.state, attempt=outcome.attempt)
        self.meter.attempted(self.scope.platform, kind, outcome.state, (outcome.at - due).total_seconds())

    def _learn(self, attempt: Attempt) -> None:
        if attempt.answered:
            self.breaker.answered()
            return
        now = self.clock.now()
        if attempt.pause is not None:
            self.breaker.pause(now, attempt.pause, attempt.why)
        elif attempt.answered is False:
            before = self.breaker.circuit
            self.breaker.failed(now, attempt.why, self.clerk.dice())
            if self.breaker.circuit is not before:
                log.warning("a lane rests", lane=self.lane.name, why=attempt.why)
