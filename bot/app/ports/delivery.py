"""Deliveries, lanes and messengers, and the errors of sending."""

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple, Protocol, runtime_checkable

from bot.app.messages import Card, Reply
from bot.domain.attendee.attendee import Attendee, Community, Reach
from bot.domain.nudges.nudge import ChannelTarget, Nudge, NudgeKind

POSSIBLY_SENT = "perhaps sent"
"""How the error of a delivery begins that the platform may have accepted: no answer came, or the lease was lost."""
REPLACED = "replaced"
"""The error of a leave-by delivery that was not sent because a newer one had been added."""
ANSWERED = "answered"
"""The error of a leave-by delivery that was not sent because the answer to a command had said the same."""
TOO_LATE = "too late"
"""The error of a delivery that expired before it could be sent."""


class DeliveryState(StrEnum):
    """The state of a delivery. A held one waits until an organizer resumes or cancels its announcement."""

    OWED = "owed"
    CLAIMED = "claimed"
    SENT = "sent"
    EXPIRED = "expired"
    REFUSED = "refused"
    DEAD = "dead"
    UNCERTAIN = "uncertain"
    HELD = "held"
    RECALLED = "recalled"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message to one attendee or channel: a nudge and its state. Instants are UTC.

    `channel` and `message` are the ids in the platform's `Receipt`.
    """

    id: int
    nudge: Nudge
    owed_at: datetime
    state: DeliveryState = DeliveryState.OWED
    attempt: int = 0
    settled_at: datetime | None = None
    error: str = ""
    channel: str = ""
    message: str = ""

    @property
    def possibly_sent(self) -> bool:
        """Whether an earlier attempt may have reached the recipient."""
        return self.error.startswith(POSSIBLY_SENT)


@dataclass(frozen=True, slots=True)
class DeliveryFilter:
    """Selects the deliveries of a platform, or of one community on it."""

    platform: str
    community: int | None = None


@dataclass(frozen=True, slots=True)
class Lane:
    """The deliveries that share one rate limit of a platform, such as a bot's token or a workspace.

    Attributes:
        name: unique among all platforms.
        scope: selects its deliveries.
        a_second: how many messages may begin in a second.
        at_once: how many messages may be sent at the same time.
        remembers: how long the platform recognises an idempotency key, and makes one message of a repeated send.
    """

    name: str
    scope: DeliveryFilter
    a_second: float = math.inf
    at_once: int = 16
    remembers: timedelta = timedelta()


class Outcome(NamedTuple):
    """The result of one attempt of a claimed delivery.

    Attributes:
        attempt: the number of the attempt; an outcome of an older attempt, whose lease was lost, is ignored.
        retry_at: when an owed or uncertain delivery is tried again.
        channel: the platform's id of where it was sent.
        message: the platform's id of what was sent.
        tried: False if the attempt does not count, because nothing was sent.
    """

    delivery: int
    attempt: int
    state: DeliveryState
    at: datetime
    error: str = ""
    retry_at: datetime | None = None
    channel: str = ""
    message: str = ""
    tried: bool = True


class SendError(Exception):
    """A delivery was not sent; the subclass says whether trying again can help."""


class RecipientUnreachableError(SendError):
    """The platform does not deliver to this recipient; `reach` is how they may be reached from now on."""

    def __init__(self, why: str, reach: Reach | None = None) -> None:
        super().__init__(why)
        self.reach = reach


class DeliveryUnknownError(SendError):
    """The platform may have accepted the message, but no answer came."""


class InvalidMessageError(SendError):
    """The platform accepts no such message for any recipient: trying again cannot help."""


CONNECTING = timedelta(seconds=1)
"""How long a messenger that is not connected yet pauses its lane, so that no attempt is spent."""


class TemporaryError(SendError):
    """The message was not accepted, but may be later. If the platform says when, in `after`, no attempt is spent."""

    def __init__(self, why: str, after: timedelta | None = None) -> None:
        super().__init__(why)
        self.after = after


class RateLimitedError(SendError):
    """The platform wants no request of the whole lane for `after`. Nothing was accepted; no attempt is spent."""

    def __init__(self, why: str, after: timedelta) -> None:
        super().__init__(why)
        self.after = after


class PersonRecipient(NamedTuple):
    """A person who gets a delivery as a direct message."""

    attendee: Attendee

    @property
    def community(self) -> Community:
        """The community in which the person uses Hallway."""
        return self.attendee.community


class ChannelRecipient(NamedTuple):
    """A channel of a community in which a delivery is posted."""

    community: Community
    channel: str


Recipient = PersonRecipient | ChannelRecipient


class Receipt(NamedTuple):
    """A platform's answer to a message that it accepted.

    `reach` is how the recipient was reached, with the direct-message channel that was opened for it. `channel` and
    `message` are the platform's ids of the message, "" if the platform gives none.
    """

    reach: Reach
    channel: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True)
class Permissions:
    """The permissions of a user in a community: organize it, mention everybody there.

    `roles` are the ids of the user's roles, None if the platform has no roles.
    """

    organizer: bool = False
    notify: bool = False
    roles: tuple[str, ...] | None = None


class Outlet(Protocol):
    """Facts about a platform; getting them sends no message."""

    def lane(self, community: Community) -> Lane:
        """Return the lane of a community's deliveries; always the same one."""
        ...

    def describe_card(self, card: Card) -> str:
        """Describe in words how a card looks there, for an author on another platform."""
        ...


class Messenger(Outlet, Protocol):
    """Sends messages on one platform, to people and to channels; edits and deletes them."""

    async def send(self, attendee: Attendee, key: str, kind: str, content: Reply) -> Receipt:
        """Send `content` to `attendee`; raises a `SendError` if the platform did not accept it.

        Args:
            key: the idempotency key of the message.
            kind: the kind of nudge.
        """
        ...

    async def post(self, community: Community, channel: str, key: str, kind: str, content: Reply) -> Receipt:
        """Post `content` in a channel; raises `RecipientUnreachableError` if it is not in `community`."""
        ...

    async def edit(self, community: Community, channel: str, message: str, content: Reply) -> None:
        """Replace the content of a message; raises `RecipientUnreachableError` if it is gone."""
        ...

    async def delete(self, community: Community, channel: str, message: str) -> None:
        """Delete a message; nothing happens if it is gone already."""
        ...

    async def permissions_of(self, community: Community, user: str) -> Permissions:
        """Ask the platform for the permissions of a user; a user who left the community has none."""
        ...


@runtime_checkable
class SearchableMessenger(Protocol):
    """A messenger that can check whether a direct message arrived, for platforms that do not recognise a repeat."""

    async def find_sent(self, attendee: Attendee, key: str) -> Receipt | None:
        """Look for the direct message that an earlier attempt may have sent.

        Args:
            key: the idempotency key of the message.

        Returns:
            The receipt of the message; None if it did not arrive.

        Raises:
            SendError: the platform cannot say it now, so that the message may have arrived or not.
        """
        ...


class Deliveries(Protocol):
    """The outbox table: pending, claimed and ended deliveries. Their unique key prevents duplicates."""

    async def reconcile(self, plans: Sequence[tuple[Attendee, Sequence[Nudge]]], now: datetime) -> None:
        """Make each attendee's owed deliveries equal to the plan: add, move, reword or withdraw them.

        Only owed rows of planned kinds change; a claimed or ended delivery with the same key stays as it is. One call
        may hold thousands of nudges and costs a few statements.

        Args:
            plans: all planned nudges of each attendee.
            now: becomes the `owed_at` of new deliveries.
        """
        ...

    async def leave_bys(self, attendees: Collection[int], since: datetime, *, hold: bool = False) -> Sequence[Delivery]:
        """Return the claimed and ended leave-by deliveries, and those that withdraw them, which expire after `since`.

        Args:
            attendees: the ids of their recipients. The oldest delivery comes first.
            since: a moment.
            hold: until the write transaction ends, no process claims any that these attendees are owed.
        """
        ...

    async def superseded(self, deliveries: Collection[Delivery]) -> Collection[int]:
        """Return the ids of those leave-by deliveries that a newer one for the same session and person follows."""
        ...

    async def add(self, owed: Sequence[tuple[Community, Nudge]], now: datetime) -> None:
        """Add deliveries that are not planned, to people and channels; one whose key exists stays as it is."""
        ...

    async def answer(self, owed: Sequence[tuple[Community, Nudge]], now: datetime) -> None:
        """End deliveries whose message the answer to a command has already given; add them first if necessary.

        Deliveries that are claimed or ended stay as they are.
        """
        ...

    async def take_back(self, kind: NudgeKind, place: ChannelTarget) -> Sequence[Nudge]:
        """Delete the pending deliveries of a kind to a channel and return their nudges. Claimed ones stay."""
        ...

    async def claim(
        self,
        scopes: Collection[DeliveryFilter],
        now: datetime,
        until: datetime,
        limit: int,
        ahead: timedelta = timedelta(),
    ) -> list[Delivery]:
        """Lease up to `limit` due deliveries until `until`, earliest deadline first.

        No other process gets them before `until`. A delivery is due if its `due_at` or `retry_at` has come, or if the
        lease of its last claim ran out: that one may have been sent. An expired delivery is claimed too, so that its
        outcome is recorded. Each claim counts as one attempt. Deliveries with deadlines in the same minute, or hours
        away by the patience of their kind, are taken from the communities in turns.

        Args:
            scopes: whose deliveries; each of them matches at least one of these.
            now: the clock's time.
            until: when the lease ends.
            limit: at most this many, 1 or more.
            ahead: claim also untried deliveries that are due at most this much later, if their `early` permits it.
        """
        ...

    async def record_outcomes(self, outcomes: Sequence[Outcome]) -> None:
        """Record the outcomes of claimed deliveries; an outcome whose lease was lost is ignored."""
        ...

    async def next_due(self, scopes: Collection[DeliveryFilter]) -> datetime | None:
        """Return when the next delivery is due, or the next lease or retry wait ends; None if nothing is pending."""
        ...

    async def of_attendee(self, attendee: int) -> Sequence[Delivery]:
        """Return all deliveries of one attendee, by due time."""
        ...

    async def of_channel(self, place: ChannelTarget) -> Sequence[Delivery]:
        """Return all deliveries of one channel, by due time."""
        ...
