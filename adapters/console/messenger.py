"""Delivers on the console: shows messages to people and channels."""

from dataclasses import dataclass, field

from adapters.console.backend import ChatBackend
from adapters.console.messages import Message, MessageKind
from adapters.console.output import MutedSink, Sink
from adapters.console.render import describe_card
from bot.app.messages import Card, Reply
from bot.app.ports import DeliveryFilter, Lane, Permissions, Receipt
from bot.domain.attendee.attendee import Attendee, Community, Reach
from bot.domain.nudges.nudge import NudgeKind


@dataclass(slots=True)
class ConsoleMessenger:
    """`ports.Messenger`; shows nothing without a backend and a sink. `organizers` are those of its chat session."""

    backend: ChatBackend | None = None
    sink: Sink = field(default_factory=MutedSink)
    organizers: set[str] = field(default_factory=set)

    def lane(self, community: Community) -> Lane:
        """Return the lane of the community, which has no rate limit."""
        return Lane(f"console:{community.tenant}", DeliveryFilter("console", community.id))

    def describe_card(self, card: Card) -> str:
        """The layout of the card in words."""
        return describe_card(card)

    async def send(self, attendee: Attendee, key: str, kind: str, content: Reply) -> Receipt:
        """Show a message to a person."""
        self._show(attendee.user, "nudge", kind, content)
        # A terminal cannot change what it has shown; what replaces a reminder says so itself. Only a corrected
        # announcement is shown again.
        return Receipt(attendee.reach, attendee.user, key if kind == NudgeKind.ANNOUNCEMENT else "")

    async def post(self, community: Community, channel: str, key: str, kind: str, content: Reply) -> Receipt:
        """Show a message in a channel."""
        del community
        target = f"#{channel}"
        self._show(target, "announcement", kind, content)
        return Receipt(Reach(), target, key)

    async def edit(self, community: Community, channel: str, message: str, content: Reply) -> None:
        """Show the new content."""
        del community, message
        self._show(channel, "announcement", "edited", content)

    async def delete(self, community: Community, channel: str, message: str) -> None:
        """Show that the message was deleted."""
        del community, message
        self._show(channel, "announcement", "deleted", Reply((("A message was deleted.",),)))

    async def permissions_of(self, community: Community, user: str) -> Permissions:
        """Return the permissions of a user: a user who last typed as an organizer has all, any other user none."""
        del community
        is_organizer = user in self.organizers
        return Permissions(organizer=is_organizer, notify=is_organizer)

    def _show(self, to: str, kind: MessageKind, name: str, content: Reply) -> None:
        if self.backend is not None:
            self.sink.show(Message(self.backend.now(), self.backend.zone, to, kind, name, content))
