"""What works through one lane: claims what it can send in the next moments, and sends the most urgent first.

Only so little is in hand that what becomes more urgent meanwhile overtakes nearly everything; and what is in hand is
given back when the lane has to rest or the process stops.
"""

import asyncio
import math
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from bot.app.delivery.circuit_breaker import Circuit, CircuitBreaker
from bot.app.delivery.outcomes import AttemptResult, OutcomeWriter
from bot.app.delivery.queue import ReadyQueue
from bot.app.delivery.sender import DeliverySender, PreparedDelivery
from bot.app.ports import Clock, DeliveryFilter, Lane, Outcome, Store
from bot.app.runtime.metrics import Metrics, NoMetrics
from bot.domain.errors import StoreError
from bot.domain.nudges.nudge import LONGEST_AHEAD

BATCH = 2_500
"""Claimed at once at most; twice as many are in hand where there is no limit."""
IN_HAND_SECONDS = 1.5
"""How many seconds' worth is in hand at most, where there is one."""
SAFE_SHARE = 0.5
"""Of a lease: what was not begun by then is left to whoever claims it next."""
READ_TOGETHER = 250
IN_A_ROW = 25
"""Begun without a pause: a messenger that answers at once never yields, and others want their turn every 2 ms."""
RETRY_AFTER = timedelta(seconds=5)
TAKEN_BY_OTHERS = timedelta(milliseconds=200)

log = structlog.get_logger("hallway.outbox")


@dataclass(frozen=True, slots=True)
class LaneState:
    """How a lane does: what is claimed and not begun, what is being sent, and until when it rests and why."""

    lane: Lane
    circuit: Circuit
    in_hand: int
    under_way: int
    rests_until: datetime | None = None
    why: str = ""


@dataclass(slots=True)
class LaneWorker:
    """Of one lane, whose deliveries are those of `scope`. `lease` is in the clock's time.

    Until `ahead_until`, what may be sent early is claimed before it is due.
    """

    lane: Lane
    scope: DeliveryFilter
    store: Store
    clock: Clock
    sender: DeliverySender
    outcomes: OutcomeWriter
    breaker: CircuitBreaker
    lease: timedelta
    metrics: Metrics = field(default_factory=NoMetrics)
    ahead_until: datetime | None = None
    is_ours: Callable[[], bool] = lambda: True
    _hand: ReadyQueue = field(default_factory=ReadyQueue)
    _most: int = field(init=False)
    _under_way: int = 0
    _filled: asyncio.Event = field(default_factory=asyncio.Event)
    _look: asyncio.Event = field(default_factory=asyncio.Event)
    _claimed: int = 0
    _begun: int = 0
    _dry: bool = False
    _stopping: bool = False
    _closing: bool = False

    def __post_init__(self) -> None:
        """So many are in hand at most."""
        self._most = 2 * BATCH if math.isinf(self.lane.a_second) else math.ceil(self.lane.a_second * IN_HAND_SECONDS)

    @property
    def state(self) -> LaneState:
        """How it fares now."""
        rest = self.breaker.rest if self.breaker.rests(self.clock.now()) else None
        told = (rest.until, rest.why) if rest else (None, "")
        return LaneState(self.lane, self.breaker.circuit, len(self._hand.due), self._under_way, *told)

    def look(self) -> None:
        """Something was added, or came due: look at once."""
        self._look.set()

    def stop(self) -> None:
        """Begin nothing more."""
        self._stopping = True
        self._look.set()

    async def drain(self) -> int:
        """Send until nothing is due; returns how many were to be sent. A fault of the store makes it rest."""
        self._claimed = 0
        try:
            async with self.outcomes.flushing():
                await self._work()
        except StoreError as fault:
            log.warning("the store failed a lane", lane=self.lane.name, fault=str(fault))
            self.breaker.pause(self.clock.now(), RETRY_AFTER, "the store failed")
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
            self.breaker.pause(self.clock.now(), RETRY_AFTER, "the store failed")
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
            if self._busy():
                await self._look.wait()

    async def _claim(self, limit: int) -> int:
        now = self.clock.now()
        ahead = min(max((self.ahead_until or now) - now, timedelta()), LONGEST_AHEAD)
        parcels, safe_until = await self._claimed_parcels(limit, ahead)
        if parcels:
            self._hand.take(parcels, safe_until)
            self._filled.set()
        return len(parcels)

    async def _claimed_parcels(self, limit: int, ahead: timedelta) -> tuple[list[PreparedDelivery], datetime]:
        """With the moment until which they are safe to be begun."""
        # Before more is claimed, or a lease that just ran out would be taken for a message not sent.
        await self.outcomes.record()
        now = self.clock.now()
        async with self.store.write_transaction() as work:
            batch = await work.deliveries.claim([self.scope], now, now + self.lease, limit, ahead)
        self.metrics.deliveries_claimed(self.lane.name, len(batch))
        return await self.sender.gathered(batch) if batch else [], now + self.lease * SAFE_SHARE

    def _room(self) -> int:
        """How many more may be in hand: none before half of them are gone, and only one where one is tried."""
        if self.breaker.circuit is Circuit.HALF_OPEN:
            return 0 if self._busy() else 1
        return min(self._most - len(self._hand.due), BATCH) if self._wanes() else 0

    def _wanes(self) -> bool:
        return 2 * len(self._hand.due) <= self._most

    def _busy(self) -> bool:
        return bool(self._hand.due) or self._under_way > 0

    def _may_begin(self, now: datetime) -> bool:
        return not self._stopping and self.is_ours() and not self.breaker.rests(now)

    async def _send_on(self) -> None:
        while True:
            while not self._hand.due:
                if self._closing:
                    return
                self._filled.clear()
                await self._filled.wait()
            _, _, safe_until, parcel = self._hand.due.pop()
            now = self.clock.now()
            if now < safe_until and self._may_begin(now):
                await self._send(parcel, now)
            else:
                self.outcomes.add(AttemptResult(self.sender.untried(parcel.delivery)))
            # Once there was no more to claim, only when everything in hand is done.
            if self._wanes() and not (self._dry and self._busy()):
                self._look.set()
            self._begun += 1
            if self._begun % IN_A_ROW == 0:
                await asyncio.sleep(0)

    async def _send(self, parcel: PreparedDelivery, now: datetime) -> None:
        self._under_way += 1
        try:
            if parcel.is_stale(now):
                parcel, now = await self._read_anew(parcel, now), self.clock.now()
            entry = await self.sender.attempt(parcel, self.lane, now)
        finally:
            self._under_way -= 1
        self.outcomes.add(entry)
        self._measure(parcel, entry.outcome)
        if entry.answered:
            self.breaker.answered()
        else:
            self._rest(entry)

    async def _read_anew(self, parcel: PreparedDelivery, now: datetime) -> PreparedDelivery:
        """Together with those behind it that waited as long: one by one they would wait ever longer."""
        behind = self._hand.waited(now, READ_TOGETHER)
        try:
            waited = [parcel.delivery, *(held.parcel.delivery for held in behind)]
            parcel, *others = await self.sender.gathered(waited)
            behind = [held._replace(parcel=again) for held, again in zip(behind, others, strict=True)]
        except StoreError as fault:
            # The attempt reads its own, and says what comes of that.
            log.warning("what waited could not be read anew", lane=self.lane.name, fault=str(fault))
        self._hand.put_back(behind)
        self._filled.set()
        return parcel

    def _measure(self, parcel: PreparedDelivery, outcome: Outcome) -> None:
        kind, state = parcel.delivery.nudge.kind, outcome.state
        log.debug("attempted", id=outcome.delivery, kind=kind, state=state, attempt=outcome.attempt)
        late = (outcome.at - parcel.due_at).total_seconds()
        self.metrics.delivery_attempted(self.scope.platform, kind, state, late)

    def _rest(self, entry: AttemptResult) -> None:
        """If the platform wants it, or did not answer again and again."""
        now = self.clock.now()
        if entry.pause is not None:
            self.breaker.pause(now, entry.pause, entry.why)
        elif entry.answered is False:
            before = self.breaker.circuit
            self.breaker.failed(now, entry.why, self.sender.jitter())
            if self.breaker.circuit is not before:
                log.warning("a lane rests", lane=self.lane.name, why=entry.why)
