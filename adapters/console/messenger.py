"""Delivers on the console: shows the nudge."""

from dataclasses import dataclass, field

from adapters.console.messages import Message, MessageKind
from adapters.console.room import Room
from adapters.console.sinks import MutedSink, Sink
from bot.app.messages import Reply
from bot.app.ports import Lane, Receipt, Scope
from bot.domain.attendee import Attendee, Community


@dataclass(slots=True)
class ConsoleMessenger:
    """`ports.Messenger`; shows nothing until it is given a room and a sink."""

    room: Room | None = None
    sink: Sink = field(default_factory=MutedSink)

    def lane(self, community: Community) -> Lane:
        """Each community has its own, without a limit."""
        return Lane(f"console:{community.tenant}", Scope("console", community.id))

    async def send(self, attendee: Attendee, key: str, kind: str, content: Reply) -> Receipt:
        """Show `content`; a terminal takes everything."""
        del key
        if self.room is not None:
            what: MessageKind = "nudge"
            self.sink.show(Message(self.room.now(), self.room.zone, attendee.user, what, kind, content))
        return Receipt(attendee.reach)
