"""The conversation: one line after another, from a person at a terminal or from a pipe."""

import asyncio
import sys
from collections.abc import AsyncIterable, AsyncIterator
from dataclasses import dataclass, field

from adapters.console.backend import ChatBackend
from adapters.console.files import local_file
from adapters.console.interactions import (
    CommandInput,
    Input,
    OrganizerInput,
    PlainInput,
    QuitInput,
    SetClockInput,
    ShowFilesInput,
    SwitchUserInput,
    WaitInput,
    read_line,
)
from adapters.console.messages import Message, MessageKind
from adapters.console.output import Sink
from bot.app.messages import Reply, Request
from bot.domain.errors import HallwayError

PLATFORM = "console"
PLAIN_WORDS = "words"
"""The name of a reply to words that mean no command."""


@dataclass(slots=True)
class ChatSession:
    """The user who types, their community, and where messages are shown."""

    backend: ChatBackend
    sink: Sink
    tenant: str
    user: str
    organizer: bool = False
    organizers: set[str] = field(default_factory=set)

    async def play(self, line: str) -> bool:
        """Run one line; False if it ends the conversation."""
        try:
            action = read_line(line, self.backend.zone)
            if isinstance(action, QuitInput):
                return False
            if action is not None:
                await self._do(action)
        except HallwayError as error:
            self._show("error", line.split(maxsplit=1)[0], Reply(((str(error),),), is_error=True))
        return True

    async def _do(self, action: Input) -> None:
        match action:
            case CommandInput():
                await self._run_command(action)
            case PlainInput():
                await self._answer_words(action.line)
            case SwitchUserInput():
                self.user = action.user
            case OrganizerInput():
                self.organizer = action.on
                self._update_organizers()
            case SetClockInput():
                await self.backend.jump(action.moment)
            case WaitInput():
                await self.backend.wait(action.duration)
            case ShowFilesInput():
                self.sink.reveal()

    async def _run_command(self, command: CommandInput) -> None:
        reply = await self.backend.handle(self._request(command.command, command.line))
        self._show("error" if reply.is_error else "reply", command.command, reply)
        await self.backend.deliver_due()

    async def _answer_words(self, line: str) -> None:
        """Answer plain words; small talk gets no answer."""
        name, reply = await self.backend.interpret(self._request(PLAIN_WORDS, line))
        if reply is not None:
            self._show("error" if reply.is_error else "reply", name or PLAIN_WORDS, reply)
        await self.backend.deliver_due()

    def _request(self, command: str, line: str) -> Request:
        self._update_organizers()
        may = self.organizer
        return Request(
            PLATFORM,
            self.tenant,
            self.user,
            command,
            line,
            organizer=may,
            notify=may,
            by_name=True,
            attached=local_file,
        )

    def _update_organizers(self) -> None:
        """Store whether this user is an organizer, for permission checks that come later."""
        if self.organizer:
            self.organizers.add(self.user)
        else:
            self.organizers.discard(self.user)

    def _show(self, kind: MessageKind, name: str, reply: Reply) -> None:
        self.sink.show(Message(self.backend.now(), self.backend.zone, self.user, kind, name, reply))


async def lines_of_input() -> AsyncIterator[str]:
    """The lines of stdin. The event loop runs while it waits for a line."""
    while line := await asyncio.to_thread(sys.stdin.readline):
        yield line


async def chat_piped(session: ChatSession, lines: AsyncIterable[str]) -> None:
    """Run lines until they end, then deliver what is due."""
    async for line in lines:
        if line.strip():
            session.sink.note(f"> {line.strip()}")
        if not await session.play(line):
            break
    await session.backend.deliver_due()
