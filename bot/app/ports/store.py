"""The store: each transaction is one `UnitOfWork`, with a port for each aggregate."""

from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol

from bot.app.ports.addresses import Addresses
from bot.app.ports.announcements import AnnouncementDeliveries, Announcements, Audiences
from bot.app.ports.attendances import Attendances
from bot.app.ports.blocks import Blocks
from bot.app.ports.communities import Communities
from bot.app.ports.conferences import Conferences
from bot.app.ports.dead_letters import DeadLetterQueue
from bot.app.ports.delivery import Deliveries
from bot.app.ports.delivery_backlog import Backlog
from bot.app.ports.edits import SessionEdits, UploadedCopies
from bot.app.ports.feedback import SessionFeedback
from bot.app.ports.feeds import Feeds, HeldCopies
from bot.app.ports.installations import Installations, OAuthStates
from bot.app.ports.key_value import IdempotencyKeys, KeyValueStore
from bot.app.ports.leases import Leases
from bot.app.ports.links import Links
from bot.app.ports.numbers import Numbers
from bot.app.ports.people import People
from bot.app.ports.permissions import Audit, Organizers
from bot.app.ports.walks import WalkCounts


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
    def blocks(self) -> Blocks:
        """The attendees' own entries."""
        ...

    @property
    def attendances(self) -> Attendances:
        """The sessions that attendees chose."""
        ...

    @property
    def feedback(self) -> SessionFeedback:
        """The answers of attendees about sessions and rooms."""
        ...

    @property
    def addresses(self) -> Addresses:
        """The private addresses of attendees."""
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
    def session_edits(self) -> SessionEdits:
        """The edits of sessions by organizers."""
        ...

    @property
    def uploaded_copies(self) -> UploadedCopies:
        """Uploaded schedules that wait for their organizer."""
        ...

    @property
    def dead_letters(self) -> DeadLetterQueue:
        """The operator's view of the outbox: the deliveries that failed for good, and the numbers of all others."""
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
    def numbers(self) -> Numbers:
        """Counts of people, agendas and nudges, without names."""
        ...

    @property
    def walks(self) -> WalkCounts:
        """The counted walks, from which walking times are learned."""
        ...

    @property
    def key_values(self) -> KeyValueStore:
        """Values that processes share, by name."""
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


@dataclass(slots=True)
class Commits:
    """Counts the ended write transactions: while the count stays the same, this process has changed nothing."""

    count: int = 0


class Store(Protocol):
    """The database. Both kinds of transaction raise `StoreError` if it is unavailable."""

    @property
    def commits(self) -> "Commits":
        """How many write transactions this process has ended; always the same object."""
        ...

    def read_transaction(self) -> AbstractAsyncContextManager[UnitOfWork]:
        """Begin a read-only transaction, which sees one committed state from its start to its end."""
        ...

    def write_transaction(self) -> AbstractAsyncContextManager[UnitOfWork]:
        """Begin a transaction that commits when its block ends, and rolls back if the block raises.

        Keep it short: SQLite runs one at a time.
        """
        ...
