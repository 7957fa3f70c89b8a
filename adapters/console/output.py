"""Writes messages: as text for people, or as one JSON object per line for programs."""

import json
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol
from zoneinfo import ZoneInfo

from adapters.console.messages import Message
from adapters.console.render import BELL, TerminalStyle, body_lines, file_lines, lines_of, painted
from bot.app.messages import File

Write = Callable[[str], None]


class Sink(Protocol):
    """Shows messages."""

    def show(self, message: Message) -> None:
        """Show one message."""
        ...

    def note(self, text: str) -> None:
        """Show a remark that is not a message."""
        ...

    def reveal(self) -> None:
        """Print the files of the last message that had any."""
        ...


class MutedSink:
    """Shows nothing."""

    def show(self, message: Message) -> None:
        """Do nothing."""

    def note(self, text: str) -> None:
        """Do nothing."""

    def reveal(self) -> None:
        """Do nothing."""


@dataclass(slots=True)
class TextSink:
    """Text for people. A nudge starts with its time, kind and recipient; a reply does not."""

    write: Write
    terminal: TerminalStyle
    _files: tuple[File, ...] = ()

    def show(self, message: Message) -> None:
        """Write the message and an empty line."""
        if message.kind not in ("reply", "error"):
            at = message.at.astimezone(ZoneInfo(message.zone))
            head = f"● {at:%a %H:%M}  {message.name}  (to {message.to})"
            self.write(painted(head, BELL, self.terminal))
        for line in lines_of(message.content, message.at, self.terminal):
            self.write(line)
        self.write("")
        self._files = message.content.files or self._files

    def note(self, text: str) -> None:
        """Write the text."""
        self.write(text)

    def reveal(self) -> None:
        """Write each file under its name."""
        for file in self._files:
            for line in file_lines(file, self.terminal):
                self.write(line)
        self.write("" if self._files else "There is no file yet: /mydata makes one, and so does the evening recap.")


@dataclass(slots=True)
class JsonSink:
    """JSON for programs."""

    write: Write

    def show(self, message: Message) -> None:
        """Write one line of JSON."""
        self.write(json.dumps(as_json(message), ensure_ascii=False))

    def note(self, text: str) -> None:
        """Write nothing: the output has messages only."""

    def reveal(self) -> None:
        """Write nothing: the messages have their files."""


def as_json(message: Message) -> dict[str, object]:
    """The message as JSON values; the text is without colours, buttons and files."""
    content = message.content
    at = message.at.astimezone(ZoneInfo(message.zone)).isoformat(timespec="seconds")
    links = [{"label": link.label, "url": link.url} for link in content.links]
    return {
        "at": at,
        "to": message.to,
        "kind": message.kind,
        "name": message.name,
        "text": "\n".join(body_lines(content, message.at, TerminalStyle())),
        "buttons": [{"label": button.label, "line": button.line} for button in content.buttons],
        "files": [_file(file) for file in content.files],
        **({"links": links} if links else {}),
    }


def _file(file: File) -> dict[str, str]:
    """A file as JSON values; bytes are written in base64."""
    values = {"name": file.name, "media_type": file.media_type}
    if not file.binary:
        return {**values, "content": file.content}
    content = b64encode(file.binary).decode()
    return {**values, "content": content, "encoding": "base64", "description": file.description}
