"""What the application needs from the world, each as a short noun. Stores keep, messengers send, the clock tells.

Every port is small and has no optional members; the memory store and the SQL stores pass one contract suite.
"""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from bot.app.messages import Reply
from bot.domain.attendee import Attendance, Attendee
from bot.domain.nudge import Nudge
from bot.domain.schedule import Conference, Schedule
from bot.domain.session import Session


class Clock(Protocol):
    """The one thing that reads the clock."""

    def now(self) -> datetime:
        """This instant, aware, in UTC."""
        ...


class Alarm(Protocol):
    """Calls the ticker at the next due time; holds a single moment, the earliest one asked for."""

    def wake_at(self, moment: datetime | None) -> None:
        """Ring at `moment`, at once if it is past; None: not before somebody asks again."""
        ...


class DeliveryState(StrEnum):
    """Where a delivery stands."""

    OWED = "owed"
    CLAIMED = "claimed"
    SENT = "sent"
    EXPIRED = "expired"
    REFUSED = "refused"
    DEAD = "dead"
    UNCERTAIN = "uncertain"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message owed to one attendee: a nudge, and what became of it. Instants are UTC."""

    id: int
    nudge: Nudge
    owed_at: datetime
    state: DeliveryState = DeliveryState.OWED
    attempt: int = 0
    settled_at: datetime | None = None
    error: str = ""


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose deliveries a process sends: those of a platform, of one community only if `community` is given."""

    platform: str
    community: int | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one attempt of one claimed delivery; `attempt` fences a lease that was lost."""

    delivery: int
    attempt: int
    state: DeliveryState
    at: datetime
    error: str = ""
    retry_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Fellow:
    """Somebody who goes to a session and lets the community see it."""

    user: str
    name: str


class Conferences(Protocol):
    """The conferences and their schedules."""

    async def get(self, slug: str) -> Conference | None:
        """The conference without its sessions; cheap."""
        ...

    async def published(self) -> Sequence[Conference]:
        """The conferences that every community may follow, by slug."""
        ...

    async def load(self, slug: str) -> Schedule | None:
        """The whole schedule."""
        ...

    async def save(self, schedule: Schedule) -> None:
        """Make `schedule` the conference's schedule and publish it: add, change and remove what differs."""
        ...


class People(Protocol):
    """Communities and the attendees in them."""

    async def find(self, platform: str, tenant: str, user: str) -> Attendee | None:
        """The attendee, if they have used Hallway in this community before."""
        ...

    async def join(self, platform: str, tenant: str, user: str, name: str = "") -> Attendee:
        """The attendee, made if new, with the community; a `name` that is not empty replaces the one known."""
        ...

    async def following(self, platform: str, tenant: str) -> str | None:
        """The conference that a community chose to follow."""
        ...

    async def follow(self, community: int, conference: str) -> None:
        """Let the community follow a conference."""
        ...

    async def by_id(self, attendees: Collection[int]) -> Mapping[int, Attendee]:
        """Those of `attendees` that exist, by id."""
        ...

    async def save(self, attendee: Attendee) -> None:
        """Keep everything about `attendee`, found by its id; its community is not touched."""
        ...

    async def forget(self, attendee: int) -> None:
        """Remove the attendee, the attendances and every delivery, sent or not."""
        ...


class Attendances(Protocol):
    """Who chose which sessions."""

    async def of(self, attendee: int, conference: str) -> Sequence[Attendance]:
        """The choices of one attendee, by session id."""
        ...

    async def put(self, attendee: int, conference: str, attendance: Attendance) -> None:
        """Add or replace one choice."""
        ...

    async def drop(self, attendee: int, conference: str, session: str) -> bool:
        """Remove one choice; False if there was none."""
        ...

    async def going(self, community: int, conference: str, session: str) -> tuple[int, Sequence[Fellow]]:
        """How many of the community go to a session, and those of them who let it be seen, by name."""
        ...

    def everyone(
        self, conference: str, sessions: Collection[str] | None = None
    ) -> AsyncIterator[Sequence[tuple[Attendee, Sequence[Attendance]]]]:
        """All attendees with choices in a conference, in chunks; with `sessions`, those who chose one of them."""
        ...


class Deliveries(Protocol):
    """The outbox: what is owed, claimed and settled. The unique key decides what is one delivery."""

    async def reconcile(self, plans: Sequence[tuple[Attendee, Sequence[Nudge]]], now: datetime) -> None:
        """Make what each attendee is owed equal to the plan: add, re-time, re-word, withdraw.

        Only owed rows change: what is claimed or settled under the same key stays as it is. `now` becomes the
        `owed_at` of what is new. One call may hold thousands of nudges and costs a few statements.
        """
        ...

    async def claim(self, scopes: Collection[Scope], now: datetime, until: datetime, limit: int) -> list[Delivery]:
        """Take up to `limit` due deliveries, earliest deadline (expires_at) first, for nobody else until `until`.

        Due are the owed whose `due_at` (or `retry_at`) has come and the claimed whose lease ran out. Each claim
        counts one attempt. The expired are claimed too, so that somebody settles them.
        """
        ...

    async def settle(self, outcomes: Sequence[Outcome]) -> None:
        """Record what became of claimed deliveries; those whose lease was lost are passed over."""
        ...

    async def next_due(self, scopes: Collection[Scope]) -> datetime | None:
        """When the next delivery is due, or the next lease or retry runs out; None if nothing is owed."""
        ...

    async def of(self, attendee: int) -> Sequence[Delivery]:
        """Everything about one attendee, by due time."""
        ...


class Work(Protocol):
    """One transaction on the store."""

    @property
    def conferences(self) -> Conferences:
        """The conferences and their schedules."""
        ...

    @property
    def people(self) -> People:
        """Communities and the attendees in them."""
        ...

    @property
    def attendances(self) -> Attendances:
        """Who chose which sessions."""
        ...

    @property
    def deliveries(self) -> Deliveries:
        """The outbox."""
        ...


class Store(Protocol):
    """The store. `reading` sees a settled state; `writing` commits when its block ends well, else changes nothing."""

    def reading(self) -> AbstractAsyncContextManager[Work]:
        """A transaction that only reads."""
        ...

    def writing(self) -> AbstractAsyncContextManager[Work]:
        """A transaction that writes; short, one at a time on SQLite."""
        ...


class SearchIndex(Protocol):
    """Full-text search in one schedule."""

    def search(self, words: str, limit: int) -> list[Session]:
        """Sessions that match `words`, best first: title before speaker, track, abstract; tolerates a typo."""
        ...

    def nearest(self, text: str, limit: int) -> list[Session]:
        """Sessions whose code or title looks most like `text`, best first."""
        ...


class Indexer(Protocol):
    """Makes the search index of a schedule."""

    def __call__(self, schedule: Schedule) -> SearchIndex:
        """The index of `schedule`."""
        ...


class SendFault(Exception):
    """A delivery did not go out; says whether trying again can help."""


class Refused(SendFault):
    """The platform will never take this message for this person."""


class Unsure(SendFault):
    """The platform may have taken it and did not say so."""


class NotNow(SendFault):
    """The platform asks to try again later."""


class Messenger(Protocol):
    """Sends one delivery on one platform."""

    async def send(self, attendee: Attendee, key: str, kind: str, content: Reply) -> None:
        """Hand `content` to the platform for `attendee`; raises a `SendFault` if it was not taken."""
        ...
