"""Where messages go: to people as text, to programs as one JSON object a line."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol
from zoneinfo import ZoneInfo

from adapters.console.messages import Message
from adapters.console.render import BELL, Look, body_lines, file_lines, lines_of, painted
from bot.app.messages import File

Write = Callable[[str], None]


class Sink(Protocol):
    """Takes messages."""

    def show(self, message: Message) -> None:
        """Show one message."""
        ...

    def note(self, text: str) -> None:
        """Say something of the stage itself, which is nobody's message."""
        ...

    def reveal(self) -> None:
        """Print the files of the last message that had any."""
        ...


class MutedSink:
    """Shows nothing."""

    def show(self, message: Message) -> None:
        """Nothing."""

    def note(self, text: str) -> None:
        """Nothing."""

    def reveal(self) -> None:
        """Nothing."""


@dataclass(slots=True)
class TextSink:
    """For people. A nudge has a bell, its time and whom it is for; an answer needs neither."""

    write: Write
    look: Look
    _files: tuple[File, ...] = ()

    def show(self, message: Message) -> None:
        """One block of lines and an empty one."""
        if message.kind not in ("reply", "error"):
            at = message.at.astimezone(ZoneInfo(message.zone))
            head = f"● {at:%a %H:%M}  {message.name}  (to {message.to})"
            self.write(painted(head, BELL, self.look))
        for line in lines_of(message.content, message.at, self.look):
            self.write(line)
        self.write("")
        self._files = message.content.files or self._files

    def note(self, text: str) -> None:
        """A line as it is."""
        self.write(text)

    def reveal(self) -> None:
        """Each file with its name above it."""
        for file in self._files:
            for line in file_lines(file, self.look):
                self.write(line)
        self.write("" if self._files else "There is no file yet: /mydata makes one, and so does the evening recap.")


@dataclass(slots=True)
class JsonSink:
    """For programs."""

    write: Write

    def show(self, message: Message) -> None:
        """One line of JSON."""
        self.write(json.dumps(as_json(message), ensure_ascii=False))

    def note(self, text: str) -> None:
        """Programs are told nothing that is no message."""

    def reveal(self) -> None:
        """The files are in the messages already."""


def as_json(message: Message) -> dict[str, object]:
    """The message as plain values; the text is what people would read, without colours, buttons and files."""
    content = message.content
    at = message.at.astimezone(ZoneInfo(message.zone)).isoformat(timespec="seconds")
    return {
        "at": at,
        "to": message.to,
        "kind": message.kind,
        "name": message.name,
        "text": "\n".join(body_lines(content, message.at, Look())),
        "buttons": [{"label": button.label, "line": button.line} for button in content.buttons],
        "files": [{"name": f.name, "media_type": f.media_type, "content": f.content} for f in content.files],
    }
