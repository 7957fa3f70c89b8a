"""Delivers on the console: shows what people and channels are sent, and what becomes of it."""

from dataclasses import dataclass, field

from adapters.console.messages import Message, MessageKind
from adapters.console.render import describe_card
from adapters.console.room import Room
from adapters.console.sinks import MutedSink, Sink
from bot.app.messages import Card, Reply
from bot.app.ports import DeliveryFilter, Lane, Permissions, Receipt
from bot.domain.attendee.attendee import Attendee, Community, Reach


@dataclass(slots=True)
class ConsoleMessenger:
    """`ports.Messenger`; shows nothing until it is given a room and a sink. `organizers` are those of its stage."""

    room: Room | None = None
    sink: Sink = field(default_factory=MutedSink)
    organizers: set[str] = field(default_factory=set)

    def lane(self, community: Community) -> Lane:
        """Each community has its own, without a limit."""
        return Lane(f"console:{community.tenant}", DeliveryFilter("console", community.id))

    def describe_card(self, card: Card) -> str:
        """As `render` has it."""
        return describe_card(card)

    async def send(self, attendee: Attendee, key: str, kind: str, content: Reply) -> Receipt:
        """Show `content`; a terminal takes everything."""
        self._show(attendee.user, "nudge", kind, content)
        return Receipt(attendee.reach, attendee.user, key)

    async def post(self, community: Community, channel: str, key: str, kind: str, content: Reply) -> Receipt:
        """Show what stands in a channel."""
        del community
        place = f"#{channel}"
        self._show(place, "announcement", kind, content)
        return Receipt(Reach(), place, key)

    async def edit(self, community: Community, channel: str, message: str, content: Reply) -> None:
        """Show what it says now."""
        del community, message
        self._show(channel, "announcement", "edited", content)

    async def delete(self, community: Community, channel: str, message: str) -> None:
        """Say that it is gone."""
        del community, message
        self._show(channel, "announcement", "deleted", Reply((("A message was deleted.",),)))

    async def standing(self, community: Community, user: str) -> Permissions:
        """Whoever last spoke as an organizer is one; everybody may be called here."""
        del community
        mine = user in self.organizers
        return Permissions(organizer=mine, notify=mine)

    def _show(self, to: str, what: MessageKind, name: str, content: Reply) -> None:
        if self.room is not None:
            self.sink.show(Message(self.room.now(), self.room.zone, to, what, name, content))
