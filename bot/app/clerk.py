"""The clerk: reads what deliveries are written from, writes one, hands it to the messenger, says what became of it."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from bot.app.declare import NudgeText, Occasion
from bot.app.messages import Reply
from bot.app.ports import (
    DOUBT,
    Clock,
    Delivery,
    DeliveryState,
    Lane,
    Messenger,
    NotNow,
    Outcome,
    Paused,
    Refused,
    SendFault,
    Spoilt,
    Store,
    Unsure,
)
from bot.app.recorder import Entry, Reached
from bot.app.shelf import Shelf, followed
from bot.domain.attendee import Attendance, Attendee
from bot.domain.nudge import NudgeKind
from bot.domain.retry import REPEAT, retry_at
from bot.domain.schedule import Schedule

MOST_ATTEMPTS = 5
SEND_SECONDS = 40.0
"""An answer that takes longer is none: the lease has to hold until we know."""
AGAIN = "sent again after a doubt"
"""The error of what was sent and may have been sent before: where the platform forgot its key, it came twice."""

log = structlog.get_logger("hallway.outbox")


@dataclass(frozen=True, slots=True)
class Parcel:
    """A claimed delivery with what it is written from; None where its reader or conference is gone."""

    delivery: Delivery
    occasion: Occasion | None


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt: what is to be recorded, and what it tells of the lane.

    `answered` is whether the platform answered, None where it was not asked; `pause` how long it wants none, and `why`.
    """

    entry: Entry
    answered: bool | None = None
    pause: timedelta | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Clerk:
    """Writes and sends. `dice` gives a number from 0 to 1."""

    store: Store
    clock: Clock
    shelf: Shelf
    messengers: Mapping[str, Messenger]
    texts: Mapping[NudgeKind, NudgeText]
    dice: Callable[[], float]

    async def gathered(self, batch: Sequence[Delivery]) -> list[Parcel]:
        """What the batch is written from, read in one transaction."""
        async with self.store.reading() as work:
            people = await work.people.by_id({delivery.nudge.attendee for delivery in batch})
            slugs = {attendee.community.conference for attendee in people.values()}
            chosen = {slug: await followed(work, slug) for slug in slugs}
            shelved = {slug: await self.shelf.take(work, name) for slug, name in chosen.items() if name}
        parcels = []
        for delivery in batch:
            attendee = people.get(delivery.nudge.attendee)
            attendee = None if attendee and attendee.community.left_at else attendee
            kept = shelved.get(attendee.community.conference) if attendee else None
            occasion = self._occasion(delivery, attendee, kept.schedule) if attendee and kept else None
            parcels.append(Parcel(delivery, occasion))
        return parcels

    def untried(self, delivery: Delivery, at: datetime | None = None) -> Outcome:
        """Owed as if it had never been claimed, from now or from `at` on."""
        state = DeliveryState.UNCERTAIN if delivery.in_doubt else DeliveryState.OWED
        now = self.clock.now()
        return Outcome(delivery.id, delivery.attempt, state, now, delivery.error, at or now, tried=False)

    async def attempt(self, parcel: Parcel, lane: Lane) -> Attempt:
        """One attempt, whatever goes wrong in it: a fault of one delivery stops no other."""
        delivery = parcel.delivery
        try:
            return await self._send(parcel)
        except SendFault as fault:
            return self._failed(parcel, lane, fault)
        # Whatever is wrong with one delivery must not stop the others.
        except Exception as fault:
            log.exception("delivery failed", delivery=delivery.id, key=delivery.nudge.key, kind=delivery.nudge.kind)
            return Attempt(Entry(self._again(delivery, type(fault).__name__)))

    def _failed(self, parcel: Parcel, lane: Lane, fault: SendFault) -> Attempt:
        """What a fault means for the delivery, and what it tells of the lane."""
        delivery, why, now = parcel.delivery, str(fault), self.clock.now()
        match fault:
            case Paused(after=pause):
                return Attempt(Entry(self.untried(delivery, now + pause)), pause=pause, why=why)
            case NotNow(after=timedelta() as pause):
                return Attempt(Entry(self.untried(delivery, now + pause)), answered=True)
            case Refused():
                refused = self._outcome(delivery, DeliveryState.REFUSED, why)
                return Attempt(Entry(refused, _refused(parcel, fault)), answered=True)
            case Spoilt():
                return Attempt(Entry(self._outcome(delivery, DeliveryState.DEAD, why)), answered=True)
        outcome = self._unsure(delivery, lane, why) if isinstance(fault, Unsure) else self._again(delivery, why)
        return Attempt(Entry(outcome), answered=False, why=why)

    async def _send(self, parcel: Parcel) -> Attempt:
        delivery, occasion = parcel.delivery, parcel.occasion
        nudge = delivery.nudge
        if occasion is None or self.clock.now() >= nudge.expires_at:
            return self._settled(delivery, DeliveryState.EXPIRED, "too late" if occasion else "nobody to tell")
        if delivery.attempt > 2 * MOST_ATTEMPTS:
            # Its lease was lost again and again: it may be what kills us.
            return self._settled(delivery, DeliveryState.DEAD, "tried too often")
        text = self.texts[nudge.kind]
        content = await text.write(occasion)
        if content is None:
            return self._settled(delivery, DeliveryState.EXPIRED, "no longer true")
        reached = await self._hand_over(occasion.attendee, delivery, content)
        taught = text.teaches(occasion)
        learnt = {(nudge.attendee, id_): known for id_, known in taught.items()} if taught else {}
        sent = self._outcome(delivery, DeliveryState.SENT, AGAIN if delivery.in_doubt else "")
        return Attempt(Entry(sent, reached, occasion.schedule.conference.slug, learnt), answered=True)

    def _settled(self, delivery: Delivery, state: DeliveryState, why: str) -> Attempt:
        """Nothing was sent, and nobody was asked."""
        return Attempt(Entry(self._outcome(delivery, state, why)))

    async def _hand_over(self, attendee: Attendee, delivery: Delivery, content: Reply) -> Reached:
        messenger = self.messengers[attendee.community.platform]
        try:
            async with asyncio.timeout(SEND_SECONDS):
                receipt = await messenger.send(attendee, delivery.nudge.key, delivery.nudge.kind, content)
        except TimeoutError:
            raise Unsure(f"no answer within {SEND_SECONDS:.0f} s") from None
        return {attendee.id: receipt.reach} if receipt.reach != attendee.reach else {}

    def _again(self, delivery: Delivery, error: str) -> Outcome:
        """Later, unless it was tried often enough or has expired by then."""
        now, expires_at = self.clock.now(), delivery.nudge.expires_at
        again = retry_at(now, expires_at, delivery.attempt, self.dice())
        if delivery.attempt >= MOST_ATTEMPTS or again >= expires_at:
            return self._outcome(delivery, DeliveryState.DEAD, error)
        if delivery.in_doubt:
            return self._outcome(delivery, DeliveryState.UNCERTAIN, delivery.error, again)
        return self._outcome(delivery, DeliveryState.OWED, error, again)

    def _unsure(self, delivery: Delivery, lane: Lane, error: str) -> Outcome:
        """Again under the same key while that makes one message of it; once more where it may become two."""
        now, expires_at = self.clock.now(), delivery.nudge.expires_at
        again = retry_at(now, expires_at, delivery.attempt, self.dice(), REPEAT)
        doubt = f"{DOUBT}: {error}"
        most = MOST_ATTEMPTS if again - now < lane.remembers else 2
        if delivery.attempt >= most or again >= expires_at:
            return self._outcome(delivery, DeliveryState.UNCERTAIN, doubt)
        return self._outcome(delivery, DeliveryState.UNCERTAIN, doubt, again)

    def _outcome(
        self, delivery: Delivery, state: DeliveryState, error: str = "", again: datetime | None = None
    ) -> Outcome:
        return Outcome(delivery.id, delivery.attempt, state, self.clock.now(), error, again)

    def _occasion(self, delivery: Delivery, attendee: Attendee, schedule: Schedule) -> Occasion:
        async def chosen() -> Sequence[Attendance]:
            async with self.store.reading() as work:
                return await work.attendances.of(attendee.id, schedule.conference.slug)

        now = self.clock.now()
        late = max(now - max(delivery.nudge.due_at, delivery.owed_at), timedelta())
        return Occasion(delivery.nudge, attendee, schedule, chosen, now, late)


def _refused(parcel: Parcel, fault: Refused) -> Reached:
    """Remembered, so that it is not tried again before they have heard of it."""
    if parcel.occasion is None:
        return {}
    attendee = parcel.occasion.attendee
    reach = fault.reach or replace(attendee.reach, refused=str(fault), told=False)
    return {attendee.id: reach} if reach != attendee.reach else {}
