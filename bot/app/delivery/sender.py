"""The clerk: reads what deliveries are written from, writes one, hands it to the messenger, says what became of it."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import structlog

from bot.app.command_spec import NotYetError, NudgeTemplate, RenderContext
from bot.app.delivery.outcomes import NOTHING, AttemptResult, Reached
from bot.app.messages import Reply
from bot.app.ports import (
    DOUBT,
    TOO_LATE,
    Clock,
    Delivery,
    DeliveryState,
    DeliveryUnknownError,
    InvalidMessageError,
    Lane,
    Messenger,
    Outcome,
    RateLimitedError,
    Receipt,
    RecipientUnreachableError,
    SendError,
    Store,
    TemporaryError,
    UnitOfWork,
)
from bot.app.schedules.cache import ScheduleCache, followed
from bot.domain.attendee.attendee import Attendee, Community
from bot.domain.nudges.nudge import UNPLANNED, NudgeKind, Place, missed
from bot.domain.nudges.retry import REPEAT, retry_at
from bot.domain.schedule.conference import Schedule

MOST_ATTEMPTS = 5
ON_TIME = timedelta()
SEND_SECONDS = 40.0
"""How long a platform may take to answer. The lease of a delivery has to outlast it."""
FRESH = timedelta(seconds=2)
"""For so long what was read for a message is taken as it was."""
GONE = Attendee(0, Community(0, "", ""), "")
"""Who is not there any more."""
AGAIN = "sent again after a doubt"
"""The error of what was sent and may have been sent before: where the platform forgot its key, it came twice."""

log = structlog.get_logger("hallway.outbox")


class PreparedDelivery(NamedTuple):
    """A claimed delivery with what it is written from; the `schedule` is None where its reader or conference is gone.

    The reader of what is for a channel is nobody (id 0) in its community. Platforms are given the `key`. After `due_at`
    it is late: its nudge was due then, or owed if that was later.
    """

    delivery: Delivery
    key: str
    due_at: datetime
    reader: Attendee
    schedule: Schedule | None
    read_at: datetime

    def is_stale(self, now: datetime) -> bool:
        """Whether it has waited: its reader may have moved, skipped it or asked to be forgotten."""
        return not self.read_at <= now < self.read_at + FRESH


@dataclass(frozen=True, slots=True)
class DeliverySender:
    """Render and send deliveries.

    `jitter` returns a float in [0, 1). The recipient of an expired nudge gets one summary of what was missed.
    """

    store: Store
    clock: Clock
    schedules: ScheduleCache
    messengers: Mapping[str, Messenger]
    texts: Mapping[NudgeKind, NudgeTemplate]
    jitter: Callable[[], float]
    tells_missed: bool = True
    send_seconds: float = SEND_SECONDS

    async def gathered(self, batch: Sequence[Delivery]) -> list[PreparedDelivery]:
        """What the batch is written from, read in one transaction."""
        async with self.store.read_transaction() as work:
            readers = await self._readers(work, batch)
            slugs = {reader.community.conference for reader in readers.values()}
            chosen = {slug: await followed(work, slug) for slug in slugs}
            shelved = {slug: await self.schedules.take(work, name) for slug, name in chosen.items() if name}
        parcels, read_at = [], self.clock.now()
        for delivery in batch:
            nudge = delivery.nudge
            reader = readers.get(nudge.place or nudge.attendee, GONE)
            kept = None if reader.community.left_at else shelved.get(reader.community.conference)
            due_at, schedule = max(nudge.due_at, delivery.owed_at), kept.schedule if kept else None
            parcels.append(PreparedDelivery(delivery, nudge.key, due_at, reader, schedule, read_at))
        return parcels

    async def _readers(self, work: UnitOfWork, batch: Sequence[Delivery]) -> Mapping[int | Place, Attendee]:
        """The people by their ids, and for each channel nobody, who is in its community."""
        nudges = [delivery.nudge for delivery in batch]
        people = await work.people.by_id({nudge.attendee for nudge in nudges})
        places = {nudge.place for nudge in nudges if nudge.place}
        communities = await work.communities.by_id({place.community for place in places})
        known = (place for place in places if place.community in communities)
        nobody = {place: Attendee(0, communities[place.community], "") for place in known}
        return dict[int | Place, Attendee]([*people.items(), *nobody.items()])

    def untried(self, delivery: Delivery, at: datetime | None = None) -> Outcome:
        """Owed as if it had never been claimed, from now or from `at` on, but not before it is due."""
        state = DeliveryState.UNCERTAIN if delivery.in_doubt else DeliveryState.OWED
        now = self.clock.now()
        again = at or max(now, delivery.nudge.due_at)
        return Outcome(delivery.id, delivery.attempt, state, now, delivery.error, again, tried=False)

    async def attempt(self, parcel: PreparedDelivery, lane: Lane, now: datetime) -> AttemptResult:
        """One attempt, whatever goes wrong in it: a fault of one delivery stops no other."""
        delivery = parcel.delivery
        try:
            if parcel.is_stale(now):
                (parcel,) = await self.gathered([delivery])
                now = self.clock.now()
            return await self._send(parcel, now)
        except NotYetError:
            held = self._outcome(delivery, DeliveryState.HELD, delivery.error)
            return AttemptResult(held._replace(tried=False))
        except SendError as fault:
            return self._failed(parcel, lane, fault)
        # Whatever is wrong with one delivery must not stop the others.
        except Exception as fault:
            log.exception("delivery failed", delivery=delivery.id, key=parcel.key, kind=delivery.nudge.kind)
            return AttemptResult(self._again(delivery, type(fault).__name__))

    def _failed(self, parcel: PreparedDelivery, lane: Lane, fault: SendError) -> AttemptResult:
        """What a fault means for the delivery, and what it tells of the lane."""
        delivery, why, now = parcel.delivery, str(fault), self.clock.now()
        match fault:
            case RateLimitedError(after=pause):
                return AttemptResult(self.untried(delivery, now + pause), pause=pause, why=why)
            case TemporaryError(after=timedelta() as pause):
                return AttemptResult(self.untried(delivery, now + pause), answered=True)
            case RecipientUnreachableError():
                refused = self._outcome(delivery, DeliveryState.REFUSED, why)
                return AttemptResult(refused, _refused(parcel, fault), answered=True)
            case InvalidMessageError():
                return AttemptResult(self._outcome(delivery, DeliveryState.DEAD, why), answered=True)
        outcome = (
            self._unsure(delivery, lane, why) if isinstance(fault, DeliveryUnknownError) else self._again(delivery, why)
        )
        # What we gave up because its time was over tells nothing of the platform.
        return AttemptResult(outcome, answered=False if now < delivery.nudge.expires_at else None, why=why)

    async def _send(self, parcel: PreparedDelivery, now: datetime) -> AttemptResult:
        delivery, _, due_at, reader, schedule, _ = parcel
        nudge = delivery.nudge
        if schedule is None:
            return self._settled(delivery, DeliveryState.EXPIRED, "nobody to tell")
        if now >= nudge.expires_at:
            return self._missed(delivery, reader, schedule, now)
        if delivery.attempt > 2 * MOST_ATTEMPTS:
            # Its lease was lost again and again: it may be what kills us.
            return self._settled(delivery, DeliveryState.DEAD, "tried too often")
        text, late = self.texts[nudge.kind], max(now - due_at, ON_TIME)
        occasion = RenderContext(nudge, reader, schedule, now, late, self.store.read_transaction)
        content = await text.write(occasion)
        if content is None:
            return self._settled(delivery, DeliveryState.EXPIRED, "no longer true")
        # A delivery must not expire while it waits for its platform.
        seconds = min((nudge.expires_at - now).total_seconds(), self.send_seconds)
        try:
            async with asyncio.timeout(seconds):
                receipt = await self._sending(parcel, content)
        except TimeoutError:
            raise DeliveryUnknownError(f"no answer within {seconds:.0f} s") from None
        # Mostly the very same: comparing it with itself would take its time.
        moved = receipt.reach is not reader.reach and receipt.reach != reader.reach
        reached = {reader.id: receipt.reach} if moved and nudge.place is None else NOTHING
        taught = text.teaches(occasion)
        learnt = {(nudge.attendee, id_): known for id_, known in taught.items()} if taught else NOTHING
        now, again = self.clock.now(), AGAIN if delivery.in_doubt else ""
        channel, message = receipt.channel, receipt.message
        sent = Outcome(delivery.id, delivery.attempt, DeliveryState.SENT, now, again, None, channel, message)
        return AttemptResult(sent, reached, schedule.conference.slug, learnt, answered=True)

    def _missed(self, delivery: Delivery, reader: Attendee, schedule: Schedule, now: datetime) -> AttemptResult:
        concerns = delivery.nudge.place is None and delivery.nudge.kind not in UNPLANNED
        wants = self.tells_missed and reader.nudges_on and reader.agreed_at is not None
        summary = missed(reader, schedule.conference.tz, now) if concerns and wants else None
        expired = self._outcome(delivery, DeliveryState.EXPIRED, TOO_LATE)
        return AttemptResult(expired, owes=(reader.community, summary) if summary else None)

    def _settled(self, delivery: Delivery, state: DeliveryState, why: str) -> AttemptResult:
        """Nothing was sent now, and nobody was asked; whether it was sent before stays as uncertain as it is."""
        if state is DeliveryState.EXPIRED and delivery.in_doubt:
            state, why = DeliveryState.UNCERTAIN, delivery.error
        return AttemptResult(self._outcome(delivery, state, why))

    def _sending(self, parcel: PreparedDelivery, content: Reply) -> Coroutine[Any, Any, Receipt]:
        reader, nudge = parcel.reader, parcel.delivery.nudge
        messenger = self.messengers[reader.community.platform]
        if nudge.place:
            return messenger.post(reader.community, nudge.place.channel, parcel.key, nudge.kind, content)
        return messenger.send(reader, parcel.key, nudge.kind, content)

    def _again(self, delivery: Delivery, error: str) -> Outcome:
        """Later, unless it was tried often enough or has expired by then."""
        now, expires_at = self.clock.now(), delivery.nudge.expires_at
        again = retry_at(now, expires_at, delivery.attempt, self.jitter())
        if delivery.attempt >= MOST_ATTEMPTS or again >= expires_at:
            return self._outcome(delivery, DeliveryState.DEAD, error)
        if delivery.in_doubt:
            return self._outcome(delivery, DeliveryState.UNCERTAIN, delivery.error, again)
        return self._outcome(delivery, DeliveryState.OWED, error, again)

    def _unsure(self, delivery: Delivery, lane: Lane, error: str) -> Outcome:
        """Again under the same key while that makes one message of it; once more where it may become two."""
        now, expires_at = self.clock.now(), delivery.nudge.expires_at
        again = retry_at(now, expires_at, delivery.attempt, self.jitter(), REPEAT)
        doubt = f"{DOUBT}: {error}"
        most = MOST_ATTEMPTS if again - now < lane.remembers else 2
        if delivery.attempt >= most or again >= expires_at:
            return self._outcome(delivery, DeliveryState.UNCERTAIN, doubt)
        return self._outcome(delivery, DeliveryState.UNCERTAIN, doubt, again)

    def _outcome(
        self, delivery: Delivery, state: DeliveryState, error: str = "", again: datetime | None = None
    ) -> Outcome:
        return Outcome(delivery.id, delivery.attempt, state, self.clock.now(), error, again)


def _refused(parcel: PreparedDelivery, fault: RecipientUnreachableError) -> Reached:
    """Remembered, so that it is not tried again before they have heard of it."""
    reader = parcel.reader
    if not reader.id:
        return NOTHING
    reach = fault.reach or replace(reader.reach, refused=str(fault), told=False)
    return {reader.id: reach} if reach != reader.reach else NOTHING
