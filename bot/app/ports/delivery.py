"""What is owed, who sends it, and what became of it."""

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple, Protocol

from bot.app.messages import Card, Reply
from bot.domain.attendee.attendee import Attendee, Community, Reach
from bot.domain.nudges.nudge import Nudge, NudgeKind, Place

POSSIBLY_SENT = "perhaps sent"
"""How the error begins of what the platform may have taken: its answer never came, or the lease was lost."""


TOO_LATE = "too late"
"""The error of what expired before it could be sent."""


class DeliveryState(StrEnum):
    """Where a delivery stands. What is held waits until somebody lets it go on, or ends it."""

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
    """One message owed to one attendee or channel: a nudge, and what became of it. Instants are UTC.

    `channel` and `message` are where it stands, as the platform's `Receipt` said.
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
        """Whether an earlier attempt may have reached its reader without our knowing."""
        return self.error.startswith(POSSIBLY_SENT)


@dataclass(frozen=True, slots=True)
class DeliveryFilter:
    """Whose deliveries a process sends: those of a platform, of one community only if `community` is given."""

    platform: str
    community: int | None = None


@dataclass(frozen=True, slots=True)
class Lane:
    """What shares one allowance of a platform: a bot's token, a workspace. One lane holds up no other.

    `name` is unique among all platforms. `a_second` is how many messages may begin in a second, `at_once` how many
    may be under way together. For as long as it `remembers` a key, the platform makes one message of a repeat.
    """

    name: str
    scope: DeliveryFilter
    a_second: float = math.inf
    at_once: int = 16
    remembers: timedelta = timedelta()


class Outcome(NamedTuple):
    """What became of one attempt of one claimed delivery; `attempt` fences a lease that was lost.

    With `retry_at` it is tried again then, whether it is owed or uncertain. One that is owed again and was not
    `tried` is owed as if that attempt had never been.
    `channel` and `message` are where it stands now, if it was sent.
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
    """A delivery did not go out; says whether trying again can help."""


class RecipientUnreachableError(SendError):
    """The platform will never take this message for its reader; `reach` is how they may be reached from now on."""

    def __init__(self, why: str, reach: Reach | None = None) -> None:
        super().__init__(why)
        self.reach = reach


class DeliveryUnknownError(SendError):
    """The platform may have taken it and did not say so."""


class InvalidMessageError(SendError):
    """The platform takes no such message, whoever it is for: trying again cannot help."""


CONNECTING = timedelta(seconds=1)
"""For so long a messenger that is not connected pauses its lane: what is due when we start spends no attempt on it."""


class TemporaryError(SendError):
    """Nothing was taken, and later it may be. Where the platform says how long, in `after`, no attempt is spent."""

    def __init__(self, why: str, after: timedelta | None = None) -> None:
        super().__init__(why)
        self.after = after


class RateLimitedError(SendError):
    """The whole lane is to be left alone for `after`; nothing was taken, and no attempt is spent."""

    def __init__(self, why: str, after: timedelta) -> None:
        super().__init__(why)
        self.after = after


@dataclass(frozen=True, slots=True)
class PersonRecipient:
    """A person who gets a delivery as a direct message."""

    attendee: Attendee

    @property
    def community(self) -> Community:
        """The community in which the person uses Hallway."""
        return self.attendee.community


@dataclass(frozen=True, slots=True)
class ChannelRecipient:
    """A channel of a community in which a delivery is posted."""

    community: Community
    channel: str


Recipient = PersonRecipient | ChannelRecipient


class Receipt(NamedTuple):
    """What a platform gave for a message that it took.

    `reach` is how its reader was reached, with what was opened for it, so that the next message need not look for it.
    `channel` and `message` are the platform's ids of where it stands, "" where the platform gives none.
    """

    reach: Reach
    channel: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True)
class Permissions:
    """What a platform lets somebody do in a community: organize it, call everybody there.

    `roles` are the ids of the roles that they have, None where the platform has none.
    """

    organizer: bool = False
    notify: bool = False
    roles: tuple[str, ...] | None = None


class Outlet(Protocol):
    """What can be told of a platform without sending anything there."""

    def lane(self, community: Community) -> Lane:
        """What the deliveries of a community share an allowance with; the same answer every time."""
        ...

    def describe_card(self, card: Card) -> str:
        """How a card looks there, in words: for somebody who writes it on another platform."""
        ...


class Messenger(Outlet, Protocol):
    """Sends on one platform, to people and to channels; edits and takes back what it sent."""

    async def send(self, attendee: Attendee, key: str, kind: str, content: Reply) -> Receipt:
        """Hand `content` to the platform for `attendee`; raises a `SendError` if it was not taken."""
        ...

    async def post(self, community: Community, channel: str, key: str, kind: str, content: Reply) -> Receipt:
        """The same for a channel of `community`; one of another community is `RecipientUnreachableError`."""
        ...

    async def edit(self, community: Community, channel: str, message: str, content: Reply) -> None:
        """Replace the content of a message that we sent; raises `RecipientUnreachableError` if it is gone."""
        ...

    async def delete(self, community: Community, channel: str, message: str) -> None:
        """Take back a message of ours; nothing happens if it is gone already."""
        ...

    async def standing(self, community: Community, user: str) -> Permissions:
        """What somebody may do there now, as the platform has it; nothing for whoever is not there any more."""
        ...


class Deliveries(Protocol):
    """The outbox: what is owed, claimed and settled. The unique key decides what is one delivery."""

    async def reconcile(self, plans: Sequence[tuple[Attendee, Sequence[Nudge]]], now: datetime) -> None:
        """Make what each attendee is owed equal to the plan: add, re-time, re-word, withdraw.

        Only owed rows of planned kinds change: what is claimed or settled under the same key stays as it is. `now`
        becomes the `owed_at` of what is new. One call may hold thousands of nudges and costs a few statements.
        """
        ...

    async def add(self, owed: Sequence[tuple[Community, Nudge]], now: datetime) -> None:
        """Owe these too, which no plan speaks of, to people and channels of the communities.

        What is there under the same key already stays as it is.
        """
        ...

    async def take_back(self, kind: NudgeKind, place: Place) -> Sequence[Nudge]:
        """Withdraw what of a kind is owed to a channel and nobody has claimed; gives what that was."""
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
        """Record what became of claimed deliveries; those whose lease was lost are passed over."""
        ...

    async def next_due(self, scopes: Collection[DeliveryFilter]) -> datetime | None:
        """When the next delivery is due, or the next lease or retry runs out; None if nothing is owed."""
        ...

    async def of(self, attendee: int) -> Sequence[Delivery]:
        """Everything about one attendee, by due time."""
        ...

    async def at(self, place: Place) -> Sequence[Delivery]:
        """Everything for one channel, by due time."""
        ...
