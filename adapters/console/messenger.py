"""Delivers on the console: shows the nudge."""

from dataclasses import dataclass, field

from adapters.console.messages import Message, MessageKind
from adapters.console.room import Room
from adapters.console.sinks import MutedSink, Sink
from bot.app.messages import Reply
from bot.app.ports import Receipt
from bot.domain.attendee import Attendee


@dataclass(slots=True)
class ConsoleMessenger:
    """`ports.Messenger`; shows nothing until it is given a room and a sink."""

    room: Room | None = None
    sink: Sink = field(default_factory=MutedSink)

    async def send(self, attendee: Attendee, key: str, kind: str, content: Reply) -> Receipt:
        """Show `content`; a terminal takes everything."""
        del key
        if self.room is not None:
            what: MessageKind = "nudge"
            self.sink.show(Message(self.room.now(), self.room.zone, attendee.user, what, kind, content))
        return Receipt(attendee.reach)
