"""One suite for every platform: the same day, played on each, gives people the same facts."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from html import unescape
from typing import Any, Protocol

import pytest

from adapters.console.render import TerminalStyle, lines_of, moment
from bot.app.messages import Reply, Request, TimeForm, When
from bot.domain.schedule.conference import Schedule
from tests.adapters.discord.conftest import Stage
from tests.adapters.slack.stage import Stage as Scene
from tests.builders import ARC, DAT, DAT_AGAIN, FORUM, KEY, SEC, ZONE, at, schedule
from tests.fake_servers.discord import Asked, Message
from tests.fake_servers.slack import Asked as SlackAsked
from tests.fakes.app_harness import AppHarness

Facts = list[str]
"""The lines that a person reads, in words."""


class Theatre(Protocol):
    """A platform with one attendee."""

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
class ConsoleTheatre:
    """The console, as text."""

    talk: AppHarness
    last: Reply = field(default_factory=Reply)

    async def type(self, command: str, **arguments: str) -> Facts:
        request = Request("console", "club", "ada", command, arguments=arguments)
        self.last = await self.talk.dispatch.handle(request)
        return self._words(self.last)

    async def press(self, label: str) -> Facts:
        (button,) = [each for each in self.last.buttons if each.label == label]
        return await self.type(button.command, **button.arguments)

    async def wait(self, **span: float) -> list[Facts]:
        before = len(self.talk.post.sent)
        await self.talk.wait(**span)
        return [self._words(each.content, each.at) for each in self.talk.post.sent[before:]]

    def _words(self, reply: Reply, now: datetime | None = None) -> Facts:
        shown = replace(reply, buttons=(), files=())
        return [line.strip() for line in lines_of(shown, now or self.talk.clock.now(), TerminalStyle()) if line.strip()]


@dataclass(slots=True)
class DiscordTheatre:
    """Discord, as a phone in Las Vegas shows it."""

    stage: Stage
    last: Asked | None = None

    async def type(self, command: str, **arguments: str) -> Facts:
        self.last = await self.stage.ada.type(command, **arguments)
        await self.stage.quiet()
        return self._words(self.last.body["data"])

    async def press(self, label: str) -> Facts:
        assert self.last is not None
        self.last = await self.stage.ada.press(self.last, label)
        return self._words(self.last.body["data"])

    async def wait(self, **span: float) -> list[Facts]:
        posted: Sequence[Message] = await self.stage.wait(**span)
        return [self._words(each.body) for each in posted]

    def _words(self, body: dict[str, Any]) -> Facts:
        lines = [*(body.get("content") or "").split("\n")]
        for embed in body.get("embeds", ()):
            lines += [re.sub(r"^(\d+) · ", r"\1. ", embed["title"]), *embed.get("description", "").split("\n")]
            lines += [f"{each['name']}: {each['value']}" for each in embed.get("fields", ())]
        return [self._read(line).strip() for line in lines if line.strip()]

    def _read(self, line: str) -> str:
        """What Discord makes of markdown, for somebody in the zone of the conference."""
        shown = re.sub(r"<t:(\d+):(\w)>", self._moment, line.replace("\u200b", ""))
        shown = re.sub(r"\*\*(.+?)\*\*|`(.+?)`", lambda found: found[1] or found[2], shown)
        return re.sub(r"\\([^0-9A-Za-z\s])", r"\1", shown)

    def _moment(self, found: re.Match[str]) -> str:
        instant = datetime.fromtimestamp(int(found[1]), UTC)
        form = {"R": TimeForm.RELATIVE, "t": TimeForm.TIME, "F": TimeForm.DAY_TIME}[found[2]]
        return "«soon»" if form is TimeForm.RELATIVE else moment(When(instant, ZONE, form), instant)


@dataclass(slots=True)
class SlackTheatre:
    """Slack, as a phone in Las Vegas shows it; what Discord asks for by name is typed in the order of its options."""

    scene: Scene
    last: SlackAsked | None = None

    async def type(self, command: str, **arguments: str) -> Facts:
        words = " to ".join(arguments.values()) if command == "walk" else " ".join(arguments.values())
        self.last = await self.scene.ada.type(f"/{command} {words}".strip())
        await self.scene.quiet()
        return self._words(self.last.body)

    async def press(self, label: str) -> Facts:
        assert self.last is not None
        self.last = await self.scene.ada.press(self.last, label)
        await self.scene.quiet()
        return self._words(self.last.body)

    async def wait(self, **span: float) -> list[Facts]:
        return [self._words(each.body) for each in await self.scene.wait(**span)]

    def _words(self, body: dict[str, Any]) -> Facts:
        lines: list[str] = []
        for block in body["blocks"]:
            lines += block["text"]["text"].split("\n") if "text" in block else []
            lines += [each["text"].replace("\n", ": ", 1) for each in block.get("fields", ())]
        return [self._read(line).strip() for line in lines if line.strip()]

    def _read(self, line: str) -> str:
        """What Slack makes of its markup, for somebody in the zone of the conference."""
        shown = re.sub(r"<!date\^(\d+)\^([^|]+)\|[^>]*>", self._moment, line.replace("\u200b", ""))
        shown = re.sub(r"^\*(\d+) · ", r"*\1. ", shown)
        shown = re.sub(r"\*(.+?)\*|`(.+?)`", lambda found: found[1] or found[2], shown)
        return unescape(shown)

    def _moment(self, found: re.Match[str]) -> str:
        instant = datetime.fromtimestamp(int(found[1]), UTC)
        return "«soon»" if found[2] == "{ago}" else moment(When(instant, ZONE, TimeForm.TIME), instant)


async def newer(talk: AppHarness, made: Schedule) -> None:
    """An organizer imports a newer version, and everybody is planned anew."""
    async with talk.store.write_transaction() as work:
        await work.conferences.save(made)
        known = [each async for chunk in work.attendances.everyone("cloud21") for each, _ in chunk]
        assert known


RELATIVE = re.compile(r"\b(?:in \d+ (?:h|min|days)(?: \d+ min)?|now|\d+ min ago)\b")


async def day(theatre: Theatre, talk: AppHarness) -> list[Facts]:
    """Find, choose, ask for the next session, be nudged, be moved, and read the recap in the evening."""
    read = [
        await theatre.type("find", words="queues"),
        await theatre.type("hotel", venue="MGM"),
        await theatre.type("attend", code="ARC301", seat="reserved"),
        await theatre.type("attend", code="SEC203"),
        await theatre.press("Agenda"),
        await theatre.type("nextsession"),
        await theatre.type("walk", **{"from": "Venetian", "to": "Forum"}),
        *await theatre.wait(hours=2),
    ]
    moved = replace(SEC, starts_at=at(13), ends_at=at(14), venue=FORUM.name, room="Hall 9", revision=2)
    made = schedule([ARC, moved, DAT, DAT_AGAIN, KEY])
    await newer(talk, replace(made, conference=replace(made.conference, revision=2)))
    read += [await theatre.type("agenda"), await theatre.type("nextsession")]
    read += await theatre.wait(hours=9)
    return [[RELATIVE.sub("«soon»", line) for line in facts] for facts in read]


@pytest.fixture
async def console_day() -> list[Facts]:
    """The day as the console tells it: what every other platform is compared with."""
    talk = await AppHarness().publish()
    return await day(ConsoleTheatre(talk), talk)


async def test_the_day_on_the_console_has_everything_in_it(console_day: list[Facts]) -> None:
    text = "\n".join("\n".join(facts) for facts in console_day)
    for expected in ("Leave Venetian by", "Leave MGM Grand by", "18 min walk", "13:00-14:00", "Your Monday", "Hall 9"):
        assert expected in text, expected


async def test_discord_gives_the_same_facts(stage: Stage, console_day: list[Facts]) -> None:
    assert await day(DiscordTheatre(stage), stage.talk) == console_day


async def test_slack_gives_the_same_facts(scene: Scene, console_day: list[Facts]) -> None:
    assert await day(SlackTheatre(scene), scene.talk) == console_day
