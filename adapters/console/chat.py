"""The conversation: one line after another, from a person at a terminal or from a pipe."""

import asyncio
import sys
from collections.abc import AsyncIterable, AsyncIterator
from dataclasses import dataclass, field

from adapters.console.interactions import Action, As, At, Organizer, Quit, Say, Show, Wait, read_line
from adapters.console.messages import Message, MessageKind
from adapters.console.room import Room
from adapters.console.sinks import Sink
from bot.app.messages import Reply, Request
from bot.domain.errors import HallwayError

PLATFORM = "console"


@dataclass(slots=True)
class Stage:
    """Who speaks at the moment, in which community, and where it is shown."""

    room: Room
    sink: Sink
    tenant: str
    user: str
    organizer: bool = False
    organizers: set[str] = field(default_factory=set)

    async def play(self, line: str) -> bool:
        """Do what a line says; False where it ends the conversation."""
        try:
            action = read_line(line, self.room.zone)
            if isinstance(action, Quit):
                return False
            if action is not None:
                await self._do(action)
        except HallwayError as fault:
            self._show("error", line.split(maxsplit=1)[0], Reply(((str(fault),),), is_error=True))
        return True

    async def _do(self, action: Action) -> None:
        match action:
            case Say():
                await self._say(action)
            case As():
                self.user = action.user
            case Organizer():
                self.organizer = action.on
                self._know()
            case At():
                await self.room.jump(action.moment)
            case Wait():
                await self.room.wait(action.duration)
            case Show():
                self.sink.reveal()

    async def _say(self, said: Say) -> None:
        self._know()
        may = self.organizer
        request = Request(
            PLATFORM, self.tenant, self.user, said.command, said.line, organizer=may, notify=may, by_name=True
        )
        reply = await self.room.handle(request)
        self._show("error" if reply.is_error else "reply", said.command, reply)
        await self.room.deliver_due()

    def _know(self) -> None:
        """Remember whether who speaks is an organizer, for when somebody asks later."""
        if self.organizer:
            self.organizers.add(self.user)
        else:
            self.organizers.discard(self.user)

    def _show(self, kind: MessageKind, name: str, reply: Reply) -> None:
        self.sink.show(Message(self.room.now(), self.room.zone, self.user, kind, name, reply))


async def lines_of_input() -> AsyncIterator[str]:
    """The lines of stdin; while one is awaited, the clock and the ticker go on."""
    while line := await asyncio.to_thread(sys.stdin.readline):
        yield line


async def chat_piped(stage: Stage, lines: AsyncIterable[str]) -> None:
    """Play lines until they end; what is due then is still delivered."""
    async for line in lines:
        if line.strip():
            stage.sink.note(f"> {line.strip()}")
        if not await stage.play(line):
            break
    await stage.room.deliver_due()
