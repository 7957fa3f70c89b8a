"""The worker of one lane: claims the deliveries it can send in the next moments, and sends the most urgent first.

It holds only a few claimed deliveries, so that a delivery which becomes more urgent overtakes nearly all others. It
gives them back when the lane has to rest or the process stops.
"""

import asyncio
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import structlog

from bot.app.delivery.circuit_breaker import Circuit, CircuitBreaker
from bot.app.delivery.outcomes import AttemptResult, OutcomeWriter
from bot.app.delivery.queue import ReadyQueue
from bot.app.delivery.sender import DeliverySender, PreparedDelivery
from bot.app.ports import Clock, Delivery, DeliveryFilter, Lane, Outcome, Store
from bot.app.runtime.metrics import Metrics, NoMetrics
from bot.domain.errors import StoreError
from bot.domain.nudges.nudge import LONGEST_AHEAD

BATCH = 2_500
"""Maximum deliveries of one claim; a lane without a rate limit holds four times as many."""
FIRST_BATCH = 100
"""Maximum deliveries of a claim while nothing is held: nobody waits until thousands are read."""
QUEUED_SECONDS = 1.5
"""How many seconds' worth of deliveries a lane with a rate limit holds at most."""
SAFE_SHARE = 0.5
"""The share of a lease after which a delivery that was not begun is left to the next claim."""
READ_TOGETHER = 250
"""Maximum stale deliveries that are read again in one transaction."""
IN_A_ROW = 25
"""Deliveries begun before the event loop gets a turn: a messenger that answers at once never yields."""
RETRY_AFTER = timedelta(seconds=5)
CLAIMED_ELSEWHERE = timedelta(milliseconds=200)
"""How long a lane rests if other processes have claimed all its due deliveries."""

log = structlog.get_logger("hallway.delivery")


@dataclass(frozen=True, slots=True)
class LaneState:
    """The load of a lane: deliveries claimed and not begun, deliveries being sent, and until when it rests and why."""

    lane: Lane
    circuit: Circuit
    queued: int
    under_way: int
    rests_until: datetime | None = None
    why: str = ""


class ClaimedBatch(NamedTuple):
    """The deliveries of one claim, which are to be prepared. Until `safe_until` nobody else can have claimed them."""

    deliveries: Sequence[Delivery]
    safe_until: datetime


@dataclass(slots=True)
class LaneWorker:
    """Sends the deliveries of one lane, which are those of `scope`.

    Args:
        make_sender: called whenever the worker starts, so that changed settings apply.
        lease: how long a claim lasts, in the clock's time.
        is_ours: whether this process holds the lease of the lane.
        ahead_until: until this moment, deliveries that may be sent early are claimed before they are due.
    """

    lane: Lane
    scope: DeliveryFilter
    store: Store
    clock: Clock
    make_sender: Callable[[], DeliverySender]
    outcomes: OutcomeWriter
    breaker: CircuitBreaker
    lease: timedelta
    metrics: Metrics = field(default_factory=NoMetrics)
    is_ours: Callable[[], bool] = lambda: True
    ahead_until: datetime | None = None
    _sender: DeliverySender = field(init=False)
    _log: Any = field(init=False)
    _queue: ReadyQueue = field(default_factory=ReadyQueue)
    _batch: ClaimedBatch | None = None
    _most: int = field(init=False)
    _under_way: int = 0
    _trial: int = 1
    _filled: asyncio.Event = field(default_factory=asyncio.Event)
    _look: asyncio.Event = field(default_factory=asyncio.Event)
    _claimed: int = 0
    _begun: int = 0
    _dry: bool = False
    _stopping: bool = False
    _closing: bool = False

    def __post_init__(self) -> None:
        self._sender = self.make_sender()
        self._most = 4 * BATCH if math.isinf(self.lane.a_second) else math.ceil(self.lane.a_second * QUEUED_SECONDS)

    @property
    def state(self) -> LaneState:
        """The load of the lane at this moment."""
        rest = self.breaker.rest if self.breaker.rests(self.clock.now()) else None
        return LaneState(
            lane=self.lane,
            circuit=self.breaker.circuit,
            queued=self._held,
            under_way=self._under_way,
            rests_until=rest.until if rest else None,
            why=rest.why if rest else "",
        )

    def look(self) -> None:
        """Look for due deliveries at once: one was added or came due."""
        self._look.set()

    def stop(self) -> None:
        """Begin nothing more."""
        self._stopping = True
        self._look.set()

    async def drain(self) -> int:
        """Send until nothing is due; returns how many deliveries were claimed. After a `StoreError` the lane rests."""
        # Here and not for each message: every call of `log` makes a new logger.
        self._log = log.bind()
        self._sender, self._claimed, self._batch = self.make_sender(), 0, None
        try:
            async with self.outcomes.flushing():
                await self._work()
        except StoreError as error:
            log.warning("the store failed a lane", lane=self.lane.name, fault=str(error))
            self.breaker.pause(self.clock.now(), RETRY_AFTER, "the store failed")
        return self._claimed

    async def _work(self) -> None:
        """Send and claim at the same time. A failed claim waits for the senders, which must not be cut short."""
        async with asyncio.TaskGroup() as senders:
            for _ in range(self.lane.at_once):
                senders.create_task(self._keep_sending())
            (error,) = await asyncio.gather(self._keep_claiming(), return_exceptions=True)
            self._closing = True
            self._filled.set()
        self._closing = False
        if error:
            self.breaker.pause(self.clock.now(), RETRY_AFTER, "the store failed")
            raise error
        if not self._claimed and self._may_begin(self.clock.now()):
            self.breaker.pause(self.clock.now(), CLAIMED_ELSEWHERE, "somebody else has claimed what is due")

    async def _keep_claiming(self) -> None:
        while self._batch or self._may_begin(self.clock.now()):
            # Cleared before the claim: a delivery that is added from here on sets it again.
            self._look.clear()
            room = self._room()
            if room or self._batch:
                await self._fill(room)
                if room and not self._busy():
                    break
            if self._busy() and not self._batch:
                await self._look.wait()

    async def _fill(self, room: int) -> None:
        """Claim `room` deliveries while the batch of the claim before is read. Both end before an error is raised."""
        results = await asyncio.gather(self._claim(room), self._prepare_batch(), return_exceptions=True)
        claimed, prepared = results
        if isinstance(claimed, BaseException):
            raise claimed
        if isinstance(prepared, BaseException):
            raise prepared
        self._batch = claimed

    async def _prepare_batch(self) -> None:
        if self._batch:
            self._queue.add(await self._sender.prepare(self._batch.deliveries), self._batch.safe_until)
            self._batch = None
            self._filled.set()

    async def _claim(self, limit: int) -> ClaimedBatch | None:
        if not limit:
            return None
        now = self.clock.now()
        if self.outcomes.is_overdue(now):
            # Before the claim: else a delivery whose lease just ran out would count as not sent.
            await self.outcomes.record()
            now = self.clock.now()
        ahead = min(max((self.ahead_until or now) - now, timedelta()), LONGEST_AHEAD)
        async with self.store.write_transaction() as work:
            batch = await work.deliveries.claim([self.scope], now, now + self.lease, limit, ahead)
        self.metrics.deliveries_claimed(self.lane.name, len(batch))
        self._claimed += len(batch)
        self._dry = len(batch) < limit
        return ClaimedBatch(batch, now + self.lease * SAFE_SHARE) if batch else None

    def _room(self) -> int:
        """How many deliveries to claim: none while the lane holds half its maximum, few while the breaker tries one."""
        if not self._may_begin(self.clock.now()) or (self._dry and self._batch):
            return 0
        if self.breaker.circuit is Circuit.HALF_OPEN:
            return 0 if self._busy() else self._trial
        return min(self._most - self._held, BATCH if self._held else FIRST_BATCH) if self._is_half_empty() else 0

    @property
    def _held(self) -> int:
        """How many deliveries are claimed and not begun."""
        return len(self._queue.items) + (len(self._batch.deliveries) if self._batch else 0)

    def _is_half_empty(self) -> bool:
        return 2 * self._held <= self._most

    def _busy(self) -> bool:
        return self._held + self._under_way > 0

    def _may_begin(self, now: datetime) -> bool:
        return not self._stopping and self.is_ours() and not self.breaker.rests(now)

    def _may_ask(self, prepared: PreparedDelivery, now: datetime) -> bool:
        """Whether the delivery needs no answer of the platform, or another may wait for one at this moment."""
        is_tried = self.breaker.circuit is Circuit.HALF_OPEN and self._under_way > 0
        return not is_tried or now >= prepared.delivery.nudge.expires_at

    async def _keep_sending(self) -> None:
        while True:
            while not self._queue.items:
                if self._closing:
                    return
                self._filled.clear()
                await self._filled.wait()
            item = self._queue.items.pop()
            now = self.clock.now()
            if now < item.safe_until and self._may_begin(now) and self._may_ask(item.prepared, now):
                await self._send(item.prepared, item.safe_until, now)
            else:
                self._trial = 1
                self.outcomes.add(AttemptResult(self._sender.untried(item.prepared.delivery)), item.safe_until)
            # If the last claim found all there was, look again only when everything claimed is sent.
            if self._is_half_empty() and not (self._dry and self._busy()):
                self._look.set()
            self._begun += 1
            if self._begun % IN_A_ROW == 0:
                await asyncio.sleep(0)

    async def _send(self, prepared: PreparedDelivery, safe_until: datetime, now: datetime) -> None:
        self._under_way += 1
        try:
            if prepared.is_stale(now):
                prepared, now = await self._read_again(prepared, now), self.clock.now()
            result = await self._sender.attempt(prepared, self.lane, now)
        finally:
            self._under_way -= 1
        self.outcomes.add(result, safe_until)
        # After an outage thousands may have expired: one claim for each would keep those behind them waiting.
        self._trial = min(2 * self._trial, BATCH) if result.answered is None else 1
        self._measure(prepared, result.outcome)
        if result.answered:
            self.breaker.answered()
        else:
            self._rest(result)

    async def _read_again(self, prepared: PreparedDelivery, now: datetime) -> PreparedDelivery:
        """Read a delivery again together with the stale ones behind it, which would wait longer if read one by one."""
        behind = self._queue.take_stale(now, READ_TOGETHER)
        try:
            stale = [prepared.delivery, *(item.prepared.delivery for item in behind)]
            prepared, *others = await self._sender.prepare(stale)
            behind = [item._replace(prepared=fresh) for item, fresh in zip(behind, others, strict=True)]
        except StoreError as error:
            # The attempt reads its own data, and reports the error if that fails too.
            log.warning("what waited could not be read again", lane=self.lane.name, fault=str(error))
        self._queue.put_back(behind)
        self._filled.set()
        return prepared

    def _measure(self, prepared: PreparedDelivery, outcome: Outcome) -> None:
        kind, state = prepared.delivery.nudge.kind, outcome.state
        self._log.debug("attempted", id=outcome.delivery, kind=kind, state=state, attempt=outcome.attempt)
        late = (outcome.at - prepared.due_at).total_seconds()
        self.metrics.delivery_attempted(self.scope.platform, kind, state, late)

    def _rest(self, result: AttemptResult) -> None:
        """Rest if the platform asks for a pause, or failed too often in a row."""
        now, before = self.clock.now(), self.breaker.circuit
        if result.pause is not None:
            self.breaker.pause(now, result.pause, result.why)
        elif result.answered is False:
            self.breaker.failed(now, result.why, self._sender.jitter())
        if self.breaker.circuit is not before and self.breaker.rest:
            log.warning("a lane rests", lane=self.lane.name, why=result.why, until=str(self.breaker.rest.until))
