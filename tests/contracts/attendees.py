"""One attendee on each platform: what he types and presses, and what he reads, in words that can be compared."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from html import unescape
from typing import Any, Protocol

from adapters.console.render import TerminalStyle, lines_of, moment
from bot.app.messages import Reply, Request, TimeForm, When
from tests.adapters.discord.conftest import DiscordHarness
from tests.adapters.slack.harness import SlackHarness
from tests.builders import ZONE
from tests.fake_servers.discord import Asked, Message
from tests.fake_servers.slack import Asked as SlackAsked
from tests.fakes.app_harness import AppHarness

Facts = list[str]
"""The lines that a person reads, in words."""

RELATIVE = re.compile(r"\b(?:in \d+ (?:h|min|days)(?: \d+ min)?|now|\d+ min ago)\b")


def without_relative(facts: Facts) -> Facts:
    """Each platform says `in 5 min` in its own words, and moves it along: `«soon»` stands for it."""
    return [RELATIVE.sub("«soon»", line) for line in facts]


class PlatformAttendee(Protocol):
    """Somebody who talks to Hallway on one platform."""

    async def type(self, command: str, **arguments: str) -> Facts:
        """Use a command."""
        ...

    async def press(self, label: str) -> Facts:
        """Press a button of the last answer."""
        ...

    async def wait(self, **span: float) -> list[Facts]:
        """Let time pass; gives what came meanwhile."""
        ...


@dataclass(slots=True)
class ConsoleAttendee:
    """The console, as text."""

    harness: AppHarness
    last: Reply = field(default_factory=Reply)

    async def type(self, command: str, **arguments: str) -> Facts:
        request = Request("console", "club", "ada", command, arguments=arguments)
        self.last = await self.harness.dispatch.handle(request)
        return self._words(self.last)

    async def press(self, label: str) -> Facts:
        (button,) = [item for item in self.last.buttons if item.label == label]
        return await self.type(button.command, **button.arguments)

    async def wait(self, **span: float) -> list[Facts]:
        before = len(self.harness.post.sent)
        await self.harness.wait(**span)
        return [self._words(message.content, message.at) for message in self.harness.post.sent[before:]]

    def _words(self, reply: Reply, now: datetime | None = None) -> Facts:
        shown = replace(reply, buttons=(), files=(), links=())
        return [
            line.strip() for line in lines_of(shown, now or self.harness.clock.now(), TerminalStyle()) if line.strip()
        ]


@dataclass(slots=True)
class DiscordAttendee:
    """Discord, as a phone in the zone of the conference shows it."""

    harness: DiscordHarness
    last: Asked | None = None
    zone: str = ZONE

    async def type(self, command: str, **arguments: str) -> Facts:
        self.last = await self.harness.ada.type(command, **arguments)
        await self.harness.quiet()
        return self._words(self.last.body["data"])

    async def press(self, label: str) -> Facts:
        assert self.last is not None
        self.last = await self.harness.ada.press(self.last, label)
        return self._words(self.last.body["data"])

    async def wait(self, **span: float) -> list[Facts]:
        posted: Sequence[Message] = await self.harness.wait(**span)
        return [self._words(message.body) for message in posted]

    def _words(self, body: dict[str, Any]) -> Facts:
        lines = [*(body.get("content") or "").split("\n")]
        for embed in body.get("embeds", ()):
            lines += [re.sub(r"^(\d+) · ", r"\1. ", embed["title"]), *embed.get("description", "").split("\n")]
            lines += [f"{pair['name']}: {pair['value']}" for pair in embed.get("fields", ())]
        return [self._read(line).strip() for line in lines if line.strip()]

    def _read(self, line: str) -> str:
        """What Discord makes of markdown, for somebody in the zone of the conference."""
        shown = re.sub(r"<t:(\d+):(\w)>", self._moment, line.replace("\u200b", ""))
        shown = re.sub(r"\*\*(.+?)\*\*|`(.+?)`", lambda found: found[1] or found[2], shown)
        return re.sub(r"\\([^0-9A-Za-z\s])", r"\1", shown)

    def _moment(self, found: re.Match[str]) -> str:
        instant = datetime.fromtimestamp(int(found[1]), UTC)
        form = {"R": TimeForm.RELATIVE, "t": TimeForm.TIME, "F": TimeForm.DAY_TIME}[found[2]]
        return "«soon»" if form is TimeForm.RELATIVE else moment(When(instant, self.zone, form), instant)


@dataclass(slots=True)
class SlackAttendee:
    """Slack, as a phone in the zone of the conference shows it; what Discord asks for by name is typed in the order of its options."""

    harness: SlackHarness
    last: SlackAsked | None = None
    zone: str = ZONE

    async def type(self, command: str, **arguments: str) -> Facts:
        words = " to ".join(arguments.values()) if command == "walk" else " ".join(arguments.values())
        self.last = await self.harness.ada.type(f"/{command} {words}".strip())
        await self.harness.quiet()
        return self._words(self.last.body)

    async def press(self, label: str) -> Facts:
        assert self.last is not None
        self.last = await self.harness.ada.press(self.last, label)
        await self.harness.quiet()
        return self._words(self.last.body)

    async def wait(self, **span: float) -> list[Facts]:
        return [self._words(message.body) for message in await self.harness.wait(**span)]

    def _words(self, body: dict[str, Any]) -> Facts:
        lines: list[str] = []
        for block in body["blocks"]:
            lines += block["text"]["text"].split("\n") if "text" in block else []
            lines += [text_object["text"].replace("\n", ": ", 1) for text_object in block.get("fields", ())]
        return [self._read(line).strip() for line in lines if line.strip()]

    def _read(self, line: str) -> str:
        """What Slack makes of its markup, for somebody in the zone of the conference."""
        shown = re.sub(r"<!date\^(\d+)\^([^|]+)\|[^>]*>", self._moment, line.replace("\u200b", ""))
        shown = re.sub(r"^\*(\d+) · ", r"*\1. ", shown)
        shown = re.sub(r"\*(.+?)\*|`(.+?)`", lambda found: found[1] or found[2], shown)
        return unescape(shown)

    def _moment(self, found: re.Match[str]) -> str:
        instant = datetime.fromtimestamp(int(found[1]), UTC)
        return "«soon»" if found[2] == "{ago}" else moment(When(instant, self.zone, TimeForm.TIME), instant)
