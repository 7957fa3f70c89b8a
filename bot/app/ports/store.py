"""The store: each transaction is one `UnitOfWork`, with a port for each aggregate."""

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
    """An attendee who goes to a session and lets the community see it."""

    user: str
    name: str


class Conferences(Protocol):
    """The conferences and their schedules."""

    async def get(self, slug: str) -> Conference | None:
        """Return the conference without its sessions."""
        ...

    async def published(self) -> Sequence[Conference]:
        """Return the conferences that every community may follow, by slug."""
        ...

    async def load(self, slug: str) -> Schedule | None:
        """Return the whole schedule.

        In a write transaction the schedule is locked: no other transaction can change it until this one ends.
        """
        ...

    async def save(self, schedule: Schedule, stored: Schedule | None = None) -> None:
        """Store and publish the schedule. Only differences to the stored one are written.

        Args:
            schedule: replaces the schedule of its conference.
            stored: the result of `load` in this transaction, if there is one. It saves reading the sessions again.
        """
        ...


class Communities(Protocol):
    """The guilds and workspaces in which Hallway is or was installed."""

    async def get(self, platform: str, tenant: str) -> Community | None:
        """Return the community, including one that Hallway was removed from."""
        ...

    async def add(self, platform: str, tenant: str) -> Community:
        """Return the community; create it if it is new."""
        ...

    async def save(self, community: Community) -> None:
        """Update a community by its id. Deletes its unsent deliveries if `left_at` is set."""
        ...

    async def by_id(self, communities: Collection[int]) -> Mapping[int, Community]:
        """Return the communities by id. Unknown ids are left out."""
        ...

    async def on_platform(self, platform: str) -> Sequence[Community]:
        """Return the communities of a platform by id, without those that Hallway was removed from."""
        ...

    async def with_digest(self) -> Sequence[Community]:
        """Return the communities with a channel for schedule changes, by id, without those that Hallway left."""
        ...

    async def of_user(self, platform: str, user: str) -> Sequence[Community]:
        """Return the communities in which a person uses Hallway: the current one first, then by id.

        Communities that Hallway was removed from are left out.
        """
        ...

    async def forget_left(self, before: datetime) -> int:
        """Delete the communities that Hallway left before `before`, with all their data, and return their number."""
        ...


class People(Protocol):
    """The attendees in the communities."""

    async def find(self, platform: str, tenant: str, user: str) -> Attendee | None:
        """Return the attendee. In a write transaction the row is locked until the transaction ends."""
        ...

    async def join(self, platform: str, tenant: str, user: str, name: str = "") -> Attendee:
        """Return the attendee; create them and the community if they are new.

        Args:
            platform: the name of the platform.
            tenant: the platform's id of the guild or workspace.
            user: the platform's id of the person.
            name: replaces the stored name, unless it is empty.
        """
        ...

    async def by_id(self, attendees: Collection[int]) -> Mapping[int, Attendee]:
        """Return the attendees by id. Unknown ids are left out."""
        ...

    async def save(self, attendee: Attendee) -> None:
        """Update an attendee by id, except `community`, `reach` and `current`."""
        ...

    async def save_reach(self, reaches: Mapping[int, Reach]) -> None:
        """Store how attendees can be reached, by attendee id. Unknown ids are ignored."""
        ...

    async def set_current(self, attendee: Attendee) -> None:
        """Record that the person used Hallway last in this attendee's community."""
        ...

    async def forget(self, attendee: Attendee) -> None:
        """Delete the person from every community of the platform, with choices, deliveries and organizer rights.

        The audit log keeps their actions without their name and id.
        """
        ...


class Attendances(Protocol):
    """The sessions that attendees chose."""

    async def of_attendee(self, attendee: int, conference: str) -> Sequence[Attendance]:
        """Return the choices of one attendee, by session id."""
        ...

    async def put(self, attendee: int, conference: str, attendance: Attendance) -> None:
        """Add or replace the choice of one session."""
        ...

    async def save_last_notified(self, conference: str, states: Mapping[tuple[int, str], LastNotified]) -> None:
        """Store the session states that attendees were last notified of.

        Args:
            conference: the slug of the conference.
            states: by attendee id and session id. Sessions that the attendee no longer has are ignored.
        """
        ...

    async def remove(self, attendee: int, conference: str, session: str) -> bool:
        """Delete one choice. Returns False if it did not exist."""
        ...

    async def going(self, community: int, conference: str, session: str) -> tuple[int, Sequence[Fellow]]:
        """Count the members of a community who go to a session, and list those who let it be seen, by name."""
        ...

    def everyone(
        self, conference: str, sessions: Collection[str] | None = None, community: int | None = None
    ) -> AsyncIterator[Sequence[tuple[Attendee, Sequence[Attendance]]]]:
        """Yield the attendees with choices in a conference and all those choices, in chunks.

        In a write transaction the attendees of a chunk are locked until the transaction ends.

        Args:
            conference: the slug of the conference.
            sessions: only attendees who chose at least one of these session ids.
            community: only attendees of this community. By default all, without communities that Hallway left.
        """
        ...


class KeyValueStore(Protocol):
    """Values that processes leave for each other, by name: for example, which commands a platform has."""

    async def get(self, name: str) -> str | None:
        """Return the value of `name`, None if there is none."""
        ...

    async def put(self, name: str, value: str) -> None:
        """Add or replace the value of `name`."""
        ...


class IdempotencyKeys(Protocol):
    """Keys of work that must be done once, although several processes or retries see it."""

    async def claim(self, ends: Mapping[str, datetime], now: datetime) -> Collection[str]:
        """Claim keys and return those that this call got: of concurrent callers each key goes to one.

        Args:
            ends: for each key, when its claim expires. Until then no other call gets it.
            now: a claim that expires now or earlier is free.
        """
        ...

    async def remove_expired(self, now: datetime) -> None:
        """Delete the claims that expire now or earlier."""
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
        """The attendees in the communities."""
        ...

    @property
    def attendances(self) -> Attendances:
        """The sessions that attendees chose."""
        ...

    @property
    def deliveries(self) -> Deliveries:
        """The outbox."""
        ...

    @property
    def backlog(self) -> Backlog:
        """How many deliveries wait in the outbox."""
        ...

    @property
    def leases(self) -> Leases:
        """Which process sends in which lane."""
        ...

    @property
    def feeds(self) -> Feeds:
        """The sources of schedules."""
        ...

    @property
    def held_copies(self) -> HeldCopies:
        """Fetched schedules that wait for an organizer's confirmation."""
        ...

    @property
    def dead_letters(self) -> DeadLetterQueue:
        """The outbox as its operator sees it."""
        ...

    @property
    def organizers(self) -> Organizers:
        """The organizers that communities named."""
        ...

    @property
    def audit(self) -> Audit:
        """The log of organizers' commands."""
        ...

    @property
    def links(self) -> Links:
        """The links between communities."""
        ...

    @property
    def announcements(self) -> Announcements:
        """The announcements of organizers."""
        ...

    @property
    def audiences(self) -> Audiences:
        """The recipients of announcements."""
        ...

    @property
    def announcement_deliveries(self) -> AnnouncementDeliveries:
        """The deliveries of one announcement."""
        ...

    @property
    def key_values(self) -> KeyValueStore:
        """Values that processes leave for each other."""
        ...

    @property
    def idempotency_keys(self) -> IdempotencyKeys:
        """Keys of work that must be done once."""
        ...

    @property
    def installations(self) -> Installations:
        """The encrypted tokens of installed workspaces."""
        ...

    @property
    def oauth_states(self) -> OAuthStates:
        """The states of OAuth flows that have begun."""
        ...


class Store(Protocol):
    """The database. Both kinds of transaction raise `StoreError` if it is unavailable."""

    def read_transaction(self) -> AbstractAsyncContextManager[UnitOfWork]:
        """Begin a read-only transaction, which sees one committed state from its start to its end."""
        ...

    def write_transaction(self) -> AbstractAsyncContextManager[UnitOfWork]:
        """Begin a transaction that commits when its block ends, and rolls back if the block raises.

        Keep it short: SQLite runs one at a time.
        """
        ...
