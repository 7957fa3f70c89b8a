"""Renders one delivery, sends it by its platform's messenger, and returns the result of the attempt."""

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
    CONNECTING,
    POSSIBLY_SENT,
    REPLACED,
    TOO_LATE,
    ChannelRecipient,
    Clock,
    Delivery,
    DeliveryState,
    DeliveryUnknownError,
    InvalidMessageError,
    Lane,
    Messenger,
    Outcome,
    PersonRecipient,
    RateLimitedError,
    Receipt,
    Recipient,
    RecipientUnreachableError,
    SearchableMessenger,
    SendError,
    Store,
    TemporaryError,
    UnitOfWork,
)
from bot.app.schedules.blocks import own_schedule
from bot.app.schedules.cache import ScheduleCache, resolve_conference
from bot.app.text.web_side import WebSide
from bot.domain.attendee.attendee import Attendee
from bot.domain.nudges.nudge import UNPLANNED, ChannelTarget, Nudge, NudgeKind, missed
from bot.domain.nudges.retry import LONGEST_PAUSE, REPEAT, retry_at
from bot.domain.schedule.conference import Schedule

MOST_ATTEMPTS = 5
ON_TIME = timedelta()
SEND_SECONDS = 40.0
"""How long a platform may take to answer. The lease of a delivery has to outlast it."""
EDIT_SECONDS = 5.0
"""How long a message waits for the edit of the one that it replaces."""
SEARCH_SECONDS = 10.0
"""How long a message that may have been sent before waits for the answer whether it arrived."""
FRESH = timedelta(seconds=2)
"""How long data read for a delivery may be reused before it is read again."""
POSSIBLE_DUPLICATE = "sent again after a doubt"
"""The error of a delivery that was retried after an unknown outcome.

It may be a duplicate if the platform no longer remembered the idempotency key.
"""

log = structlog.get_logger("hallway.delivery")


class PreparedDelivery(NamedTuple):
    """A claimed delivery with the data that it is rendered from.

    Attributes:
        delivery: as it was claimed.
        key: the idempotency key that the platform is given.
        due_at: after this moment it is late: the due time of the nudge, or the time it was added, whichever is later.
        recipient: None if the person or the channel's community is deleted.
        schedule: None if there is no recipient, or their community has left or follows no conference.
        read_at: when the data was read.
        superseded: whether a newer leave-by nudge for the same session was added since.
    """

    delivery: Delivery
    key: str
    due_at: datetime
    recipient: Recipient | None
    schedule: Schedule | None
    read_at: datetime
    superseded: bool = False

    def is_stale(self, now: datetime) -> bool:
        """Whether to read again: the recipient may have moved, skipped the session or asked to be forgotten."""
        return not self.read_at <= now < self.read_at + FRESH


@dataclass(frozen=True, slots=True)
class DeliverySender:
    """Render and send deliveries.

    The recipient of expired nudges gets one summary that lists them.

    Attributes:
        jitter: returns a float in [0, 1), which varies the delay before another attempt.
        summarizes_missed: False to send no summary of expired nudges.
        send_seconds: how long to wait for the answer of a platform.
        web: where browsers reach this installation; None if they do not.
    """

    store: Store
    clock: Clock
    schedules: ScheduleCache
    messengers: Mapping[str, Messenger]
    texts: Mapping[NudgeKind, NudgeTemplate]
    jitter: Callable[[], float]
    summarizes_missed: bool = True
    send_seconds: float = SEND_SECONDS
    web: WebSide | None = None

    async def prepare(self, batch: Sequence[Delivery]) -> list[PreparedDelivery]:
        """Read the data of all deliveries of the batch in one transaction."""
        async with self.store.read_transaction() as work:
            superseded = await work.deliveries.superseded(batch)
            recipients = await self._recipients(work, batch)
            slugs = {recipient.community.conference for recipient in recipients.values()}
            resolved = {slug: await resolve_conference(work, slug) for slug in slugs}
            cached = {slug: await self.schedules.get(work, name) for slug, name in resolved.items() if name}
        prepared, read_at = [], self.clock.now()
        for delivery in batch:
            nudge = delivery.nudge
            recipient = recipients.get(nudge.place or nudge.attendee)
            present = recipient is not None and not recipient.community.left_at
            cached_schedule = cached.get(recipient.community.conference) if recipient and present else None
            due_at = max(nudge.due_at, delivery.owed_at)
            schedule = cached_schedule.schedule if cached_schedule else None
            replaced = delivery.id in superseded
            prepared.append(PreparedDelivery(delivery, nudge.key, due_at, recipient, schedule, read_at, replaced))
        return prepared

    async def _recipients(self, work: UnitOfWork, batch: Sequence[Delivery]) -> Mapping[int | ChannelTarget, Recipient]:
        """The people by id, and the channels by place."""
        nudges = [delivery.nudge for delivery in batch]
        people = await work.people.by_id({nudge.attendee for nudge in nudges})
        places = {nudge.place for nudge in nudges if nudge.place}
        communities = await work.communities.by_id({place.community for place in places})
        recipients: dict[int | ChannelTarget, Recipient] = {
            id_: PersonRecipient(person) for id_, person in people.items()
        }
        for place in places:
            if place.community in communities:
                recipients[place] = ChannelRecipient(communities[place.community], place.channel)
        return recipients

    def untried(self, delivery: Delivery, at: datetime | None = None) -> Outcome:
        """Requeue the delivery as if it had never been claimed, from now or `at` on, but not before it is due."""
        state = DeliveryState.UNCERTAIN if delivery.possibly_sent else DeliveryState.OWED
        now = self.clock.now()
        owed_at = at or max(now, delivery.nudge.due_at)
        return Outcome(delivery.id, delivery.attempt, state, now, delivery.error, owed_at, tried=False)

    def _paused(self, delivery: Delivery, pause: timedelta) -> Outcome:
        """Return the delivery to the queue until the platform's pause is over, at the latest until it expires."""
        now = self.clock.now()
        return self.untried(delivery, max(now, min(now + min(pause, LONGEST_PAUSE), delivery.nudge.expires_at)))

    async def attempt(self, prepared: PreparedDelivery, lane: Lane, now: datetime) -> AttemptResult:
        """Make one attempt; every error becomes a result, so that it stops no other delivery."""
        delivery = prepared.delivery
        try:
            if prepared.is_stale(now):
                (prepared,) = await self.prepare([delivery])
                now = self.clock.now()
            return await self._send(prepared, now)
        except NotYetError:
            held = self._outcome(delivery, DeliveryState.HELD, delivery.error)
            return AttemptResult(held._replace(tried=False))
        except SendError as error:
            return self._failed(prepared, lane, error)
        # A programming error in one delivery must not stop the others.
        except Exception as error:
            log.exception("delivery failed", delivery=delivery.id, key=prepared.key, kind=delivery.nudge.kind)
            return AttemptResult(self._retry(delivery, type(error).__name__))

    def _failed(self, prepared: PreparedDelivery, lane: Lane, error: SendError) -> AttemptResult:
        """What an error means for the delivery, and what it shows about the lane."""
        delivery, why, now = prepared.delivery, str(error), self.clock.now()
        match error:
            case RateLimitedError(after=pause):
                return AttemptResult(self._paused(delivery, pause), pause=pause, why=why)
            case TemporaryError(after=timedelta() as pause):
                return AttemptResult(self._paused(delivery, pause), answered=True)
            case RecipientUnreachableError():
                refused = self._outcome(delivery, DeliveryState.REFUSED, why)
                return AttemptResult(refused, _refused(prepared.recipient, error), answered=True)
            case InvalidMessageError():
                return AttemptResult(self._outcome(delivery, DeliveryState.DEAD, why), answered=True)
            case DeliveryUnknownError():
                outcome = self._retry_possibly_sent(delivery, lane, why)
            case _:
                outcome = self._retry(delivery, why)
        # A send that was cut short because the delivery expired shows nothing about the platform.
        return AttemptResult(outcome, answered=False if now < delivery.nudge.expires_at else None, why=why)

    async def _send(self, prepared: PreparedDelivery, now: datetime) -> AttemptResult:
        delivery, recipient, schedule = prepared.delivery, prepared.recipient, prepared.schedule
        nudge = delivery.nudge
        if recipient is None or schedule is None or prepared.superseded:
            why = REPLACED if recipient and schedule else "nobody to tell"
            return self._ended(delivery, DeliveryState.EXPIRED, why)
        if now >= nudge.expires_at:
            return self._expired(delivery, recipient, schedule, now)
        if delivery.attempt > 2 * MOST_ATTEMPTS:
            # Its lease was lost again and again: this delivery may be what kills the process.
            return self._ended(delivery, DeliveryState.DEAD, "tried too often")
        template, late = self.texts[nudge.kind], max(now - prepared.due_at, ON_TIME)
        schedule = await self._own(recipient, schedule)
        context = RenderContext(nudge, recipient, schedule, now, late, self.store.read_transaction, self.web)
        content = await template.write(context)
        if content is None:
            return self._ended(delivery, DeliveryState.EXPIRED, "no longer true")
        if template.edits and isinstance(recipient, PersonRecipient):
            return await self._edited(delivery, recipient.attendee, content, now)
        if template.replacement and isinstance(recipient, PersonRecipient):
            await self._edit_replaced(recipient.attendee, template.replacement(context), nudge, now)
        receipt, doubt = await self._sent_once(prepared, recipient, content, now)
        reached = NOTHING
        # The receipt mostly holds the very same object, which needs no comparison.
        if isinstance(recipient, PersonRecipient) and receipt.reach is not recipient.attendee.reach:
            moved = receipt.reach != recipient.attendee.reach
            reached = {recipient.attendee.id: receipt.reach} if moved else NOTHING
        notified = template.notified_states(context)
        notified_states = {(nudge.attendee, id_): state for id_, state in notified.items()} if notified else NOTHING
        sent = self._sent_as(delivery, receipt.channel, receipt.message, doubt)
        return AttemptResult(sent, reached, schedule.conference.slug, notified_states, answered=True)

    async def _edit_replaced(self, reader: Attendee, content: Reply | None, nudge: Nudge, now: datetime) -> None:
        """Mark the message that this one replaces, before it is sent: repeating that changes nothing.

        It is left as it is where the platform cannot edit it, or not at this moment.
        """
        if content is None:
            return
        sent = [delivery for delivery in await self._leave_bys(reader, nudge, now) if _can_be_edited(delivery)]
        try:
            async with asyncio.timeout(EDIT_SECONDS):
                for old in sent[-1:]:
                    messenger = self.messengers[reader.community.platform]
                    await messenger.edit(reader.community, old.channel, old.message, content)
        except (SendError, TimeoutError) as error:
            log.info("a replaced message was not edited", kind=nudge.kind, fault=str(error))

    async def _edited(self, delivery: Delivery, reader: Attendee, content: Reply, now: datetime) -> AttemptResult:
        """Replace the leave-by message about the same session by `content`; repeating that changes nothing."""
        earlier = await self._leave_bys(reader, delivery.nudge, now)
        if any(leave_by.state is DeliveryState.CLAIMED for leave_by in earlier):
            raise TemporaryError("the message is being sent", CONNECTING)
        messenger = self.messengers[reader.community.platform]
        sent = [leave_by for leave_by in earlier if _can_be_edited(leave_by)]
        if not sent:
            return self._ended(delivery, DeliveryState.EXPIRED, "no such message")
        channel, message = sent[-1].channel, sent[-1].message
        try:
            async with asyncio.timeout(EDIT_SECONDS):
                await messenger.edit(reader.community, channel, message, content)
        except RecipientUnreachableError:
            # They deleted it, which says nothing about how they may be reached.
            return self._ended(delivery, DeliveryState.EXPIRED, "no such message")
        except TimeoutError:
            raise TemporaryError(f"no answer within {EDIT_SECONDS:.0f} s") from None
        return AttemptResult(self._sent_as(delivery, channel, message), answered=True)

    async def _leave_bys(self, reader: Attendee, nudge: Nudge, now: datetime) -> Sequence[Delivery]:
        """The other leave-by deliveries about the same session, oldest first."""
        async with self.store.read_transaction() as work:
            deliveries = await work.deliveries.leave_bys([reader.id], now)
        about = [
            delivery
            for delivery in deliveries
            if delivery.nudge.subject == nudge.subject and delivery.nudge.key != nudge.key
        ]
        return [delivery for delivery in about if delivery.nudge.kind is NudgeKind.LEAVE_BY]

    async def _sent_once(
        self, prepared: PreparedDelivery, recipient: Recipient, content: Reply, now: datetime
    ) -> tuple[Receipt, str]:
        """Send, unless an earlier attempt arrived; returns the receipt and the error to record, mostly ""."""
        if not prepared.delivery.possibly_sent:
            return await self._sent(prepared, recipient, content, now), ""
        try:
            receipt, doubt = await self._find_earlier(prepared, recipient, now), ""
        except SendError as error:
            log.info("it is not known whether a message arrived", key=prepared.key, fault=str(error))
            receipt, doubt = None, POSSIBLE_DUPLICATE
        return receipt or await self._sent(prepared, recipient, content, self.clock.now()), doubt

    async def _find_earlier(self, prepared: PreparedDelivery, recipient: Recipient, now: datetime) -> Receipt | None:
        """Ask the platform for the message of an earlier attempt; raises a `SendError` if it cannot say."""
        messenger = self.messengers[recipient.community.platform]
        if not isinstance(recipient, PersonRecipient) or not isinstance(messenger, SearchableMessenger):
            raise TemporaryError("there the messages cannot be searched")
        # At most half of the time that is left, so that the message can still be sent.
        seconds = min((prepared.delivery.nudge.expires_at - now).total_seconds() / 2, SEARCH_SECONDS)
        try:
            async with asyncio.timeout(seconds):
                return await messenger.find_sent(recipient.attendee, prepared.key)
        except TimeoutError:
            raise TemporaryError(f"no answer within {seconds:.0f} s") from None

    async def _sent(self, prepared: PreparedDelivery, recipient: Recipient, content: Reply, now: datetime) -> Receipt:
        """Send and wait for the answer, but not after the delivery has expired."""
        nudge = prepared.delivery.nudge
        seconds = min((nudge.expires_at - now).total_seconds(), self.send_seconds)
        try:
            async with asyncio.timeout(seconds):
                return await self._sending(recipient, prepared.key, nudge, content)
        except TimeoutError:
            raise DeliveryUnknownError(f"no answer within {seconds:.0f} s") from None

    def _sending(self, recipient: Recipient, key: str, nudge: Nudge, content: Reply) -> Coroutine[Any, Any, Receipt]:
        messenger = self.messengers[recipient.community.platform]
        match recipient:
            case ChannelRecipient(community=community, channel=channel):
                return messenger.post(community, channel, key, nudge.kind, content)
            case PersonRecipient(attendee=attendee):
                return messenger.send(attendee, key, nudge.kind, content)

    def _expired(self, delivery: Delivery, recipient: Recipient, schedule: Schedule, now: datetime) -> AttemptResult:
        """Record that the delivery came too late, and add a summary of missed nudges for its recipient."""
        if self.texts[delivery.nudge.kind].edits:
            return self._ended(delivery, DeliveryState.EXPIRED, "no longer true")
        expired = self._outcome(delivery, DeliveryState.EXPIRED, TOO_LATE)
        if not isinstance(recipient, PersonRecipient) or delivery.nudge.kind in UNPLANNED:
            return AttemptResult(expired)
        reader = recipient.attendee
        wants = self.summarizes_missed and reader.nudges_on and reader.agreed_at is not None
        summary = missed(reader, schedule.conference.tz, now) if wants else None
        return AttemptResult(expired, owes=(reader.community, summary) if summary else None)

    async def _own(self, recipient: Recipient, schedule: Schedule) -> Schedule:
        """Return the schedule, with the blocks of the person if there are any."""
        if not isinstance(recipient, PersonRecipient) or not recipient.attendee.has_blocks:
            return schedule
        async with self.store.read_transaction() as work:
            return await own_schedule(work, recipient.attendee, schedule)

    def _ended(self, delivery: Delivery, state: DeliveryState, why: str) -> AttemptResult:
        """End a delivery without asking the platform; one that was possibly sent before stays uncertain."""
        if state is DeliveryState.EXPIRED and delivery.possibly_sent:
            state, why = DeliveryState.UNCERTAIN, delivery.error
        return AttemptResult(self._outcome(delivery, state, why))

    def _retry(self, delivery: Delivery, error: str) -> Outcome:
        """Try a delivery again later, unless it was tried often enough or has expired by then."""
        now, expires_at = self.clock.now(), delivery.nudge.expires_at
        next_try = retry_at(now, expires_at, delivery.attempt, self.jitter())
        if delivery.attempt >= MOST_ATTEMPTS or next_try >= expires_at:
            return self._outcome(delivery, DeliveryState.DEAD, error)
        if delivery.possibly_sent:
            return self._outcome(delivery, DeliveryState.UNCERTAIN, delivery.error, next_try)
        return self._outcome(delivery, DeliveryState.OWED, error, next_try)

    def _retry_possibly_sent(self, delivery: Delivery, lane: Lane, error: str) -> Outcome:
        """Send it again with the same key while the platform recognizes a repeat; otherwise only once more."""
        now, expires_at = self.clock.now(), delivery.nudge.expires_at
        next_try = retry_at(now, expires_at, delivery.attempt, self.jitter(), REPEAT)
        error = f"{POSSIBLY_SENT}: {error}"
        most = MOST_ATTEMPTS if next_try - now < lane.remembers else 2
        if delivery.attempt >= most or next_try >= expires_at:
            return self._outcome(delivery, DeliveryState.UNCERTAIN, error)
        return self._outcome(delivery, DeliveryState.UNCERTAIN, error, next_try)

    def _outcome(
        self, delivery: Delivery, state: DeliveryState, error: str = "", owed_at: datetime | None = None
    ) -> Outcome:
        return Outcome(delivery.id, delivery.attempt, state, self.clock.now(), error, owed_at)

    def _sent_as(self, delivery: Delivery, channel: str, message: str, doubt: str = "") -> Outcome:
        now = self.clock.now()
        return Outcome(delivery.id, delivery.attempt, DeliveryState.SENT, now, doubt, None, channel, message)


def _can_be_edited(delivery: Delivery) -> bool:
    return delivery.state is DeliveryState.SENT and bool(delivery.message)


def _refused(recipient: Recipient | None, error: RecipientUnreachableError) -> Reached:
    """Return how the recipient can be reached from now on; the next command tells them about it."""
    if not isinstance(recipient, PersonRecipient):
        return NOTHING
    attendee = recipient.attendee
    reach = error.reach or replace(attendee.reach, refused=str(error), informed=False)
    return {attendee.id: reach} if reach != attendee.reach else NOTHING
