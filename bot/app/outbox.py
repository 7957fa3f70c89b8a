"""The outbox: takes what is due, writes it, hands it to the messenger and records what became of it.

The database decides who sends: a claim is a lease, and an outcome counts only while its lease holds. Outcomes are
recorded every 50 ms, so a crash leaves at most what was in flight unrecorded.
"""

import asyncio
from collections.abc import AsyncIterator, Collection, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import structlog

from bot.app.declare import NotYet, NudgeText, Occasion
from bot.app.messages import Reply
from bot.app.ports import (
    Clock,
    Delivery,
    DeliveryState,
    Messenger,
    NotNow,
    Outcome,
    Receipt,
    Refused,
    Scope,
    Spoilt,
    Store,
    Unsure,
    Work,
)
from bot.app.shelf import Shelf, followed
from bot.domain.attendee import Attendance, Attendee, Reach
from bot.domain.known import Known
from bot.domain.nudge import NudgeKind
from bot.domain.schedule import Schedule

BATCH = 2_500
SENDERS = 16
FLUSH_SECONDS = 0.05
MOST_ATTEMPTS = 5
RETRY_AFTER = timedelta(seconds=30)
SAFE_SHARE = 0.75
"""Of a lease: what was not begun by then is left to whoever claims it next."""

log = structlog.get_logger("hallway.outbox")


@dataclass(slots=True)
class Outbox:
    """Sends the due deliveries of its scopes. `lease` is in the clock's time."""

    store: Store
    clock: Clock
    shelf: Shelf
    messengers: Mapping[str, Messenger]
    texts: Mapping[NudgeKind, NudgeText]
    scopes: Collection[Scope]
    lease: timedelta = timedelta(minutes=2)
    _unrecorded: list[Outcome] = field(default_factory=list)
    _reached: dict[int, Reach] = field(default_factory=dict)
    _learnt: dict[str, dict[tuple[int, str], Known]] = field(default_factory=dict)
    _recorder: asyncio.Lock = field(default_factory=asyncio.Lock)
    _stopping: bool = False

    async def deliver_due(self) -> int:
        """Send everything that is due now; returns how many deliveries were claimed for it."""
        claimed = 0
        async with self._recording():
            while not self._stopping and (batch := await self._claim()):
                claimed += len(batch)
                await self._send_all(await self._gathered(batch))
                # Before more is claimed, or a lease that just ran out would be taken for a message not sent.
                await self._record()
        return claimed

    def stop(self) -> None:
        """Begin nothing more: what is in flight is finished, what is only claimed is given back."""
        self._stopping = True

    async def next_due(self) -> datetime | None:
        """When there is something to do next."""
        async with self.store.reading() as work:
            return await work.deliveries.next_due(self.scopes)

    async def _claim(self) -> Sequence[Delivery]:
        now = self.clock.now()
        async with self.store.writing() as work:
            return await work.deliveries.claim(self.scopes, now, now + self.lease, BATCH)

    async def _gathered(self, batch: Sequence[Delivery]) -> list["_Parcel"]:
        """What the batch is written from, read in one transaction."""
        leased_until = self.clock.now() + self.lease * SAFE_SHARE
        async with self.store.reading() as work:
            readers = await self._readers(work, batch)
            slugs = {reader.community.conference for reader in readers.values()}
            chosen = {slug: await followed(work, slug) for slug in slugs}
            shelved = {slug: await self.shelf.take(work, name) for slug, name in chosen.items() if name}
        parcels = []
        for delivery in batch:
            reader = readers.get(delivery.nudge.recipient)
            reader = None if reader and reader.community.left_at else reader
            kept = shelved.get(reader.community.conference) if reader else None
            occasion = self._occasion(delivery, reader, kept.schedule) if reader and kept else None
            parcels.append(_Parcel(delivery, occasion, leased_until))
        return parcels

    async def _readers(self, work: Work, batch: Sequence[Delivery]) -> Mapping[str, Attendee]:
        """By recipient: the people, and where it is for a channel nobody, who is in its community."""
        nudges = [delivery.nudge for delivery in batch]
        people = await work.people.by_id({nudge.attendee for nudge in nudges})
        places = {nudge.recipient: nudge.place.community for nudge in nudges if nudge.place}
        communities = await work.communities.by_id(set(places.values()))
        nobody = {name: Attendee(0, communities[id_], "") for name, id_ in places.items() if id_ in communities}
        return {**{str(id_): known for id_, known in people.items()}, **nobody}

    def _occasion(self, delivery: Delivery, attendee: Attendee, schedule: Schedule) -> Occasion:
        async def chosen() -> Sequence[Attendance]:
            async with self.store.reading() as work:
                return await work.attendances.of(attendee.id, schedule.conference.slug)

        now = self.clock.now()
        late = max(now - max(delivery.nudge.due_at, delivery.owed_at), timedelta())
        return Occasion(delivery.nudge, attendee, schedule, chosen, now, late, self.store.reading)

    async def _send_all(self, parcels: Iterable["_Parcel"]) -> None:
        queue = iter(parcels)

        async def sender() -> None:
            for parcel in queue:
                # Awaited first: the list may be taken away to be recorded while the messenger is at it.
                outcome = await self._attempt(parcel) if self._may_send(parcel) else self._back(parcel)
                self._unrecorded.append(outcome)
                # A messenger that answers at once never yields: others get their turn here.
                await asyncio.sleep(0)

        async with asyncio.TaskGroup() as senders:
            for _ in range(SENDERS):
                senders.create_task(sender())

    def _may_send(self, parcel: "_Parcel") -> bool:
        """Not when we stop, and not so late that another process may take it over before we are done."""
        return not self._stopping and self.clock.now() < parcel.leased_until

    def _back(self, parcel: "_Parcel") -> Outcome:
        """Owed as if it had never been claimed."""
        return self._outcome(parcel.delivery, DeliveryState.OWED)

    async def _attempt(self, parcel: "_Parcel") -> Outcome:
        """One attempt, whatever goes wrong in it: a fault of one delivery stops no other."""
        delivery = parcel.delivery
        try:
            return await self._send(parcel)
        except Refused as fault:
            self._refused(parcel, fault)
            return self._outcome(delivery, DeliveryState.REFUSED, str(fault))
        except (Unsure, Spoilt) as fault:
            state = DeliveryState.UNCERTAIN if isinstance(fault, Unsure) else DeliveryState.DEAD
            return self._outcome(delivery, state, str(fault))
        except NotYet:
            return self._outcome(delivery, DeliveryState.HELD)
        except NotNow as fault:
            return self._again(delivery, str(fault))
        # Whatever is wrong with one delivery must not stop the others.
        except Exception as fault:
            log.exception("delivery failed", key=delivery.nudge.key, kind=delivery.nudge.kind)
            return self._again(delivery, type(fault).__name__)

    async def _send(self, parcel: "_Parcel") -> Outcome:
        delivery, occasion = parcel.delivery, parcel.occasion
        nudge = delivery.nudge
        if occasion is None or self.clock.now() >= nudge.expires_at:
            return self._outcome(delivery, DeliveryState.EXPIRED, "too late" if occasion else "nobody to tell")
        content = await self.texts[nudge.kind].write(occasion)
        if content is None:
            return self._outcome(delivery, DeliveryState.EXPIRED, "no longer true")
        receipt = await self._hand_over(occasion.attendee, delivery, content)
        learnt = self._learnt.setdefault(occasion.schedule.conference.slug, {})
        learnt |= {(nudge.attendee, id_): known for id_, known in self.texts[nudge.kind].teaches(occasion).items()}
        sent = self._outcome(delivery, DeliveryState.SENT)
        return replace(sent, channel=receipt.channel, message=receipt.message)

    async def _hand_over(self, attendee: Attendee, delivery: Delivery, content: Reply) -> Receipt:
        messenger, nudge = self.messengers[attendee.community.platform], delivery.nudge
        if nudge.place:
            return await messenger.post(attendee.community, nudge.place.channel, nudge.key, nudge.kind, content)
        receipt = await messenger.send(attendee, nudge.key, nudge.kind, content)
        if receipt.reach != attendee.reach:
            self._reached[attendee.id] = receipt.reach
        return receipt

    def _refused(self, parcel: "_Parcel", fault: Refused) -> None:
        """Remembered, so that it is not tried again before they have heard of it."""
        if parcel.occasion and parcel.delivery.nudge.place is None:
            attendee = parcel.occasion.attendee
            reach = fault.reach or replace(attendee.reach, refused=str(fault), told=False)
            if reach != attendee.reach:
                self._reached[attendee.id] = reach

    def _again(self, delivery: Delivery, error: str) -> Outcome:
        """Later, unless it was tried often enough or would then be past its expiry."""
        retry_at = self.clock.now() + RETRY_AFTER * 2 ** (delivery.attempt - 1)
        if delivery.attempt >= MOST_ATTEMPTS or retry_at >= delivery.nudge.expires_at:
            return self._outcome(delivery, DeliveryState.DEAD, error)
        return self._outcome(delivery, DeliveryState.OWED, error, retry_at)

    def _outcome(
        self, delivery: Delivery, state: DeliveryState, error: str = "", retry_at: datetime | None = None
    ) -> Outcome:
        return Outcome(delivery.id, delivery.attempt, state, self.clock.now(), error, retry_at)

    @asynccontextmanager
    async def _recording(self) -> AsyncIterator[None]:
        """Records outcomes every 50 ms while the block runs, and the rest at its end."""
        over = asyncio.Event()
        flusher = asyncio.create_task(self._flush(over))
        try:
            yield
        finally:
            over.set()
            await flusher

    async def _flush(self, over: asyncio.Event) -> None:
        while not over.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(over.wait(), FLUSH_SECONDS)
            await self._record()

    async def _record(self) -> None:
        async with self._recorder:
            outcomes, self._unrecorded = self._unrecorded, []
            reached, self._reached = self._reached, {}
            learnt, self._learnt = self._learnt, {}
            if outcomes:
                async with self.store.writing() as work:
                    await work.deliveries.settle(outcomes)
                    await work.people.reached(reached)
                    for conference, known in learnt.items():
                        await work.attendances.learn(conference, known)


@dataclass(frozen=True, slots=True)
class _Parcel:
    """A claimed delivery with what it is written from; None where its recipient or conference is gone."""

    delivery: Delivery
    occasion: Occasion | None
    leased_until: datetime
