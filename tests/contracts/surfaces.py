"""The six surfaces on which a person has their day: what each can show and do, and the facts that it shows."""

import asyncio
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import Flag, auto
from typing import Any, Protocol
from zoneinfo import ZoneInfo

import httpx2
from icalendar import Calendar
from mcp.client import Client
from mcp.client.streamable_http import streamable_http_client
from mcp_types import TextContent

from adapters.mcp.http import AssistantRoutes
from bot.app.text.web_side import WebSide
from tests.adapters.discord.conftest import Stage as DiscordStage
from tests.adapters.site.stage import Stage as Pages
from tests.adapters.site.stage import served
from tests.adapters.slack.stage import Stage as SlackStage
from tests.contracts.attendees import ConsoleAttendee, DiscordAttendee, Facts, PlatformAttendee, SlackAttendee
from tests.contracts.page_reader import PageReader
from tests.fakes.app_harness import AppHarness

MINUTES = 300
"""Seconds for an answer on a busy machine, as the official client gives it."""
WEB = WebSide("https://hallway.example.org", ("a key",))
SECRET = re.compile(r"/p/([a-z2-7]{26})/")
HEAD = re.compile(r"^(?:\d+\. )?(?P<star>☆ )?(?P<title>.+) \((?P<code>[A-Z0-9-]+)\)$")
NUMBERED = re.compile(r"^\d+\. ")
QUESTION = re.compile(r"clash: which one\?$")
LEAVES = re.compile(r"^(?:Leave|Be at)\b.*?\bby (\d\d:\d\d)")
ENDS_CARDS = ("Free time", "Backups", "Not taking place")
OFF = " (cancelled)"
STATE = ("token", "seen", "was")
"""Fields of a form that say from which state of the page it comes."""


class Can(Flag):
    """What a surface can do. What it cannot, the scenario does elsewhere, or compares without."""

    CHOOSE = auto()
    """Choose, skip, star and decide between two that clash."""
    KINDS = auto()
    """Show the level, the track and whether it is recorded."""
    QUESTIONS = auto()
    """Ask which of two sessions it shall be."""
    ALTERNATIVES = auto()
    """Name another sitting below a session that clashes."""
    LATENESS = auto()
    """Say that a moment to leave has passed: what is read now knows the time, a calendar is read hours later."""
    STARS = auto()
    """Show what is starred and not decided."""
    OFF = auto()
    """Show which of the chosen sessions are cancelled, apart from those that were skipped."""
    GONE = auto()
    """Show what was on the agenda once and is not any more, whatever the reason."""


EVERYTHING = Can.CHOOSE | Can.KINDS | Can.QUESTIONS | Can.ALTERNATIVES | Can.LATENESS | Can.STARS | Can.OFF
READ_ONLY = Can.GONE
"""A calendar: it has the sessions, and cancels what it had."""


ADVICE_OF = {Can.ALTERNATIVES: "It's on again", Can.LATENESS: "That was"}
"""How the lines begin that not every surface shows."""


@dataclass(frozen=True, slots=True)
class SessionFacts:
    """A session on an agenda.

    Attributes:
        when: day and wall time, as in `2021-11-29 09:00-10:00`.
        kind: level, track and whether it is recorded.
        advice: when to leave from where, how sure that is, when a seat lapses; or what clashes.
    """

    title: str
    code: str
    when: str
    place: str
    kind: str = ""
    advice: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DayFacts:
    """A day as a surface shows it.

    Attributes:
        following: the code of the next session, and when to leave for it.
        off: codes of what was chosen and is cancelled.
        gone: codes of what was on the agenda and is not any more.
        starred: codes of what is starred.
    """

    sessions: tuple[SessionFacts, ...] = ()
    following: tuple[str, str] | None = None
    questions: tuple[str, ...] = ()
    off: tuple[str, ...] = ()
    starred: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()

    def seen_by(self, can: Can) -> "DayFacts":
        """The facts without those that a surface declares that it does not show."""
        unseen = tuple(start for need, start in ADVICE_OF.items() if need not in can)
        sessions = self.sessions
        if Can.KINDS not in can:
            sessions = tuple(replace(each, kind="") for each in sessions)
        sessions = tuple(
            replace(each, advice=tuple(line for line in each.advice if not line.startswith(unseen)))
            for each in sessions
        )
        return replace(
            self,
            sessions=sessions,
            questions=self.questions if Can.QUESTIONS in can else (),
            starred=self.starred if Can.STARS in can else (),
            off=self.off if Can.OFF in can else (),
            gone=self.gone if Can.GONE in can else (),
        )


class Surface(Protocol):
    """Where a person sees their day."""

    can: Can

    async def day(self, day: date) -> DayFacts:
        """What the surface shows of a day."""
        ...

    async def do(self, command: str, **arguments: str) -> None:
        """Do what `can` has `CHOOSE` for."""
        ...


def facts_of(lines: Facts, day: date, following: tuple[str, str] | None) -> DayFacts:
    """The facts in the words of `/agenda`."""
    heads = [number for number, line in enumerate(lines) if NUMBERED.match(line) or line in ENDS_CARDS]
    parts = [lines[start:end] for start, end in zip(heads, [*heads[1:], len(lines)], strict=True)]
    found = DayFacts(following=following, questions=tuple(line for line in lines if QUESTION.search(line)))
    for head, *rest in parts:
        if head == "Not taking place":
            names = (line.partition(OFF)[0] for line in rest if OFF in line)
            found = replace(found, off=tuple(match["code"] for name in names if (match := HEAD.match(name))))
        match = HEAD.match(head)
        if match and match["star"]:
            found = replace(found, starred=(*found.starred, match["code"]))
        elif match:
            found = replace(found, sessions=(*found.sessions, _session(match["title"], match["code"], rest, day)))
    return found


def _session(title: str, code: str, lines: Sequence[str], day: date) -> SessionFacts:
    time, _, place = lines[0].partition(", ")
    kind, advice = (lines[1], lines[2:]) if len(lines) > 1 and not _is_advice(lines[1]) else ("", lines[1:])
    return SessionFacts(title, code, f"{day} {time}", place, kind, tuple(advice))


def _is_advice(line: str) -> bool:
    return line.startswith(("Leave", "Be at", "Your ", "Overlaps", "You can", "I don't", "It's on again", "Same "))


def following_in(lines: Facts) -> tuple[str, str] | None:
    """The session and the moment to leave in the words of `/nextsession`; None if there is none."""
    # A numbered session is a proposal to somebody who has chosen nothing.
    own = [match["code"] for line in lines if (match := HEAD.match(line)) and not NUMBERED.match(line)]
    code = own[0] if own else None
    leave = next((match[1] for line in lines if (match := LEAVES.match(line))), "")
    return (code, leave) if code else None


@dataclass(slots=True)
class Chat:
    """The console, Discord or Slack."""

    attendee: PlatformAttendee
    can: Can = EVERYTHING

    async def day(self, day: date) -> DayFacts:
        following = following_in(await self.attendee.type("nextsession"))
        return facts_of(await self.attendee.type("agenda", day=day.isoformat()), day, following)

    async def do(self, command: str, **arguments: str) -> None:
        await self.attendee.type(command, **arguments)


@dataclass(slots=True)
class Assistant:
    """The tools at the private address, by the official client."""

    url: str
    can: Can = EVERYTHING

    async def day(self, day: date) -> DayFacts:
        following = following_in(await self._lines("nextsession"))
        return facts_of(await self._lines("agenda", day=day.isoformat()), day, following)

    async def do(self, command: str, **arguments: str) -> None:
        await self._lines(command, **arguments)

    async def _lines(self, tool: str, **arguments: str) -> Facts:
        # Without a certificate to check: to read those of the machine takes longer than the call.
        async with (
            httpx2.AsyncClient(verify=False, timeout=MINUTES) as http,
            Client(streamable_http_client(self.url, http_client=http)) as client,
        ):
            result = await client.call_tool(tool, arguments)
        assert not result.is_error, result.content
        first = result.content[0]
        assert isinstance(first, TextContent)
        return [line.strip() for line in first.text.split("\n")[1:-1] if line.strip()]


@dataclass(slots=True)
class Page:
    """The page at the private address, as a browser without scripts sees it."""

    pages: Pages
    secret: str
    can: Can = EVERYTHING

    async def day(self, day: date) -> DayFacts:
        read = await self._read(f"?day={day}")
        articles = read.articles.get("day", [])
        walks = read.walks.get("day", [])
        found = [self._session(lines, walk, day) for lines, walk in zip(articles, walks, strict=True)]
        asked = [line for lines in read.lines.values() for line in lines if QUESTION.search(line)]
        others = [(self._code(lines[0]), lines[1]) for lines in read.articles.get("others", ())]
        (*_, leave) = re.findall(r"\d\d:\d\d", " ".join(read.lines.get("next", [""]))) or [""]
        following = [(self._code(lines[0]), leave) for lines in read.articles.get("next", ())]
        return DayFacts(
            tuple(found),
            following[0] if following else None,
            tuple(asked),
            tuple(code for code, state in others if state.endswith("does not take place")),
            tuple(code for code, state in others if state.endswith("starred")),
        )

    async def do(self, command: str, **arguments: str) -> None:
        """Send the form of a button that the person sees: on the day, or on the page of the session."""
        wanted = {"command": command, **{f"a.{name}": value for name, value in arguments.items()}}
        forms = [*(await self._read("")).forms, *(await self._read(f"s/{arguments['code'].lower()}")).forms]
        shown = [{name: value for name, value in form.items() if name not in STATE} for form in forms]
        assert wanted in shown, (wanted, shown)
        form = forms[shown.index(wanted)]
        answer = await self.pages.send("POST", f"/p/{self.secret}/do", data=form)
        assert answer.status == 200, answer.text

    async def _read(self, path: str) -> PageReader:
        answer = await self.pages.get(f"/p/{self.secret}/{path}")
        assert answer.status == 200
        page = PageReader()
        page.feed(answer.text)
        return page

    def _code(self, heading: str) -> str:
        return heading.rpartition(" ")[2]

    def _session(self, lines: Facts, walk: str, day: date) -> SessionFacts:
        title, _, code = lines[0].rpartition(" ")
        session = _session(title, code, lines[1:], day)
        # The way stands between two sessions, and in the other surfaces below the second one.
        return replace(session, advice=(walk, *session.advice)) if walk else session


@dataclass(slots=True)
class Subscription:
    """The calendar at the private address, as a calendar program reads it."""

    pages: Pages
    secret: str
    zone: str
    can: Can = READ_ONLY

    async def day(self, day: date) -> DayFacts:
        answer = await self.pages.get(f"/p/{self.secret}/agenda.ics")
        assert answer.status == 200
        tz = ZoneInfo(self.zone)
        events = list(Calendar.from_ical(answer.text).walk("VEVENT"))
        events.sort(key=lambda event: (event.decoded("dtstart"), event.decoded("dtend")))
        today = [event for event in events if event.decoded("dtstart").astimezone(tz).date() == day]
        now = self.pages.app.clock.now()
        coming = [event for event in events if event["status"] == "CONFIRMED" and event.decoded("dtstart") > now]
        going = [self._session(event, tz) for event in today if event["status"] != "CANCELLED"]
        return DayFacts(
            tuple(going),
            next(((self._name(event)[1], self._leave(event)) for event in coming), None),
            gone=tuple(self._name(event)[1] for event in today if event["status"] == "CANCELLED"),
        )

    async def do(self, command: str, **arguments: str) -> None:
        raise AssertionError(f"a calendar is only read: it cannot {command} {arguments}")

    def _name(self, event: Any) -> tuple[str, str]:
        match = HEAD.match(str(event["summary"]).partition(", leave by ")[0])
        assert match, event["summary"]
        return match["title"], match["code"]

    def _leave(self, event: Any) -> str:
        return str(event["summary"]).partition(", leave by ")[2]

    def _session(self, event: Any, tz: ZoneInfo) -> SessionFacts:
        start, end = (event.decoded(name).astimezone(tz) for name in ("dtstart", "dtend"))
        lines = [line for line in str(event.get("description", "")).split("\n") if _is_advice(line)]
        title, code = self._name(event)
        return SessionFacts(
            title, code, f"{start:%Y-%m-%d %H:%M}-{end:%H:%M}", str(event["location"]), "", tuple(lines)
        )


@dataclass(slots=True)
class World:
    """One person on a chat platform with their page, calendar and assistant."""

    app: AppHarness
    pages: Pages
    attendee: PlatformAttendee
    surfaces: dict[str, Surface] = field(default_factory=dict)

    def at(self, moment: datetime) -> None:
        """It is this moment."""
        self.app.clock.move_to(moment)

    @property
    def chat(self) -> Surface:
        """The chat, where everything can be done."""
        return self.surfaces["chat"]

    async def days(self, day: date) -> dict[str, DayFacts]:
        """What each surface shows of a day, all at the same moment."""
        return {name: await surface.day(day) for name, surface in self.surfaces.items()}


def harness_of(stage: AppHarness | DiscordStage | SlackStage) -> AppHarness:
    """The conference that a platform talks about."""
    return stage if isinstance(stage, AppHarness) else stage.app


@asynccontextmanager
async def world(stage: AppHarness | DiscordStage | SlackStage, zone: str) -> AsyncIterator[World]:
    """Serve the pages and tools of a conference, and give Ada a private address."""
    app, attendee = harness_of(stage), _attendee(stage, zone)
    object.__setattr__(app.dispatch, "web", WEB)
    assistants = AssistantRoutes(app.dispatch, app.store)
    async with in_its_own_task(assistants.serving()), served(app, WEB, more=assistants.routes) as pages:
        secret = await address_of(attendee)
        surfaces: dict[str, Surface] = {
            "chat": Chat(attendee),
            "page": Page(pages, secret),
            "calendar": Subscription(pages, secret, zone),
            "mcp": Assistant(f"{pages.url}/p/{secret}/mcp"),
        }
        yield World(app, pages, attendee, surfaces)


@asynccontextmanager
async def in_its_own_task(context: AbstractAsyncContextManager[None]) -> AsyncIterator[None]:
    """Enter and leave a context in one task, as the SDK wants it: a fixture is left in another than it was entered in."""
    opened, closes = asyncio.Event(), asyncio.Event()

    async def run() -> None:
        async with context:
            opened.set()
            await closes.wait()

    task = asyncio.create_task(run())
    await opened.wait()
    try:
        yield
    finally:
        closes.set()
        await task


def _attendee(stage: AppHarness | DiscordStage | SlackStage, zone: str) -> PlatformAttendee:
    match stage:
        case DiscordStage():
            return DiscordAttendee(stage, zone=zone)
        case SlackStage():
            return SlackAttendee(stage, zone=zone)
    return ConsoleAttendee(stage)


async def address_of(attendee: PlatformAttendee, *, new: bool = False) -> str:
    """The secret that `/agenda calendar` shows in the chat."""
    text = "\n".join(await attendee.type("agenda", form="calendar", **({"address": "new"} if new else {})))
    found = SECRET.search(text)
    assert found, text
    return found[1]
