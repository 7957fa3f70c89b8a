"""The store: one transaction is one `UnitOfWork` with a port for each aggregate."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.app.ports.announcements import AnnouncementDeliveries, Announcements, Audiences
from bot.app.ports.dead_letters import DeadLetterQueue
from bot.app.ports.delivery import Deliveries
from bot.app.ports.feeds import Feeds, HeldCopies
from bot.app.ports.installations import Installations, OAuthStates
from bot.app.ports.lanes import Backlog, Leases
from bot.app.ports.links import Links
from bot.app.ports.permissions import Audit, Organizers
from bot.domain.attendee.attendee import Attendance, Attendee, Community, Reach
from bot.domain.attendee.last_notified import LastNotified
from bot.domain.schedule.conference import Conference, Schedule


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
        """The whole schedule; in a transaction that writes, nobody else changes it until that ends."""
        ...

    async def save(self, schedule: Schedule, stored: Schedule | None = None) -> None:
        """Make `schedule` the conference's schedule and publish it: add, change and remove what differs.

        With `stored`, what `load` gave in this transaction, that need not be read again.
        """
        ...


class Communities(Protocol):
    """The guilds and workspaces that Hallway is or was in."""

    async def get(self, platform: str, tenant: str) -> Community | None:
        """The community, also one that Hallway was removed from."""
        ...

    async def add(self, platform: str, tenant: str) -> Community:
        """The community, made if new."""
        ...

    async def save(self, community: Community) -> None:
        """Keep everything about `community`, found by its id; a new `left_at` takes away what is owed there."""
        ...

    async def by_id(self, communities: Collection[int]) -> Mapping[int, Community]:
        """Those of `communities` that exist, by id."""
        ...

    async def on(self, platform: str) -> Sequence[Community]:
        """All of a platform that Hallway was not removed from, by id."""
        ...

    async def with_digest(self) -> Sequence[Community]:
        """Those that want changes of the schedule told in a channel and were not left, by id."""
        ...

    async def of(self, platform: str, user: str) -> Sequence[Community]:
        """Those in which a person uses Hallway and that it was not removed from, the one used last first."""
        ...

    async def forget_left(self, before: datetime) -> int:
        """Remove the communities that were left before then, with everything about them; says how many."""
        ...


class People(Protocol):
    """The attendees in the communities."""

    async def find(self, platform: str, tenant: str, user: str) -> Attendee | None:
        """The attendee, if they have used Hallway in this community before."""
        ...

    async def join(self, platform: str, tenant: str, user: str, name: str = "") -> Attendee:
        """The attendee, made if new, with the community; a `name` that is not empty replaces the one known."""
        ...

    async def by_id(self, attendees: Collection[int]) -> Mapping[int, Attendee]:
        """Those of `attendees` that exist, by id."""
        ...

    async def save(self, attendee: Attendee) -> None:
        """Keep what `attendee` told about itself, found by its id; not its community, its reach and `current`."""
        ...

    async def reached(self, reaches: Mapping[int, Reach]) -> None:
        """Keep how attendees are reached, by id; those that are gone are passed over."""
        ...

    async def use(self, attendee: Attendee) -> None:
        """Make this the community in which the person used Hallway last."""
        ...

    async def forget(self, attendee: Attendee) -> None:
        """Remove the person from every community of the platform: choices, deliveries, sent or not, and their right.

        What they did as an organizer stays, without who it was.
        """
        ...


class Attendances(Protocol):
    """Who chose which sessions."""

    async def of(self, attendee: int, conference: str) -> Sequence[Attendance]:
        """The choices of one attendee, by session id."""
        ...

    async def put(self, attendee: int, conference: str, attendance: Attendance) -> None:
        """Add or replace one choice."""
        ...

    async def learn(self, conference: str, known: Mapping[tuple[int, str], LastNotified]) -> None:
        """Keep what is known by (attendee, session); choices that were dropped meanwhile are passed over."""
        ...

    async def drop(self, attendee: int, conference: str, session: str) -> bool:
        """Remove one choice; False if there was none."""
        ...

    async def going(self, community: int, conference: str, session: str) -> tuple[int, Sequence[Fellow]]:
        """How many of the community go to a session, and those of them who let it be seen, by name."""
        ...

    def everyone(
        self, conference: str, sessions: Collection[str] | None = None, community: int | None = None
    ) -> AsyncIterator[Sequence[tuple[Attendee, Sequence[Attendance]]]]:
        """All attendees with choices in a conference, in chunks; with `sessions`, those who chose one of them.

        With `community`, only its own. Those in a community that Hallway was removed from are left out.
        """
        ...


class KeyValueStore(Protocol):
    """What processes leave for each other, by name: which commands a platform knows, who takes what came twice."""

    async def get(self, name: str) -> str:
        """What was put, "" if nothing was."""
        ...

    async def put(self, name: str, value: str) -> None:
        """Keep `value` under `name`."""
        ...

    async def claim(self, ends: Mapping[str, datetime], now: datetime) -> Collection[str]:
        """Those of the names that nobody has claimed, or whose claim is over by now; nobody else has them until then.

        Whichever process is first does what the name stands for; `ends` says for how long that counts.
        """
        ...

    async def forget_claims(self, now: datetime) -> None:
        """Remove the claims that are over."""
        ...


class UnitOfWork(Protocol):
    """One transaction on the store."""

    @property
    def conferences(self) -> Conferences:
        """The conferences and their schedules."""
        ...

    @property
    def communities(self) -> Communities:
        """The guilds and workspaces."""
        ...

    @property
    def people(self) -> People:
        """The attendees in them."""
        ...

    @property
    def attendances(self) -> Attendances:
        """Who chose which sessions."""
        ...

    @property
    def deliveries(self) -> Deliveries:
        """The outbox."""
        ...

    @property
    def backlog(self) -> Backlog:
        """How much waits in it."""
        ...

    @property
    def leases(self) -> Leases:
        """Which process looks after which lane."""
        ...

    @property
    def feeds(self) -> Feeds:
        """Where schedules come from."""
        ...

    @property
    def copies(self) -> HeldCopies:
        """What came from them and waits for somebody's word."""
        ...

    @property
    def ledger(self) -> DeadLetterQueue:
        """The outbox as its operator sees it."""
        ...

    @property
    def organizers(self) -> Organizers:
        """Those whom communities made organizers."""
        ...

    @property
    def audit(self) -> Audit:
        """What they did."""
        ...

    @property
    def links(self) -> Links:
        """Which communities they linked."""
        ...

    @property
    def announcements(self) -> Announcements:
        """What they announce."""
        ...

    @property
    def audiences(self) -> Audiences:
        """Whom it is for."""
        ...

    @property
    def mailings(self) -> AnnouncementDeliveries:
        """What became of it."""
        ...

    @property
    def marks(self) -> KeyValueStore:
        """What the last process left word of."""
        ...

    @property
    def installations(self) -> Installations:
        """Where we were given a token."""
        ...

    @property
    def handshakes(self) -> OAuthStates:
        """Where we are about to be given one."""
        ...


class Store(Protocol):
    """The store. `reading` sees a settled state; `writing` commits when its block ends well, else changes nothing."""

    def read_transaction(self) -> AbstractAsyncContextManager[UnitOfWork]:
        """A transaction that only reads."""
        ...

    def write_transaction(self) -> AbstractAsyncContextManager[UnitOfWork]:
        """A transaction that writes; short, one at a time on SQLite."""
        ...
