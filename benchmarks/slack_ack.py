"""A signed Slack command in, its acknowledgement out, over loopback: `hallway run` beside a Bolt app that echoes.

Slack shows an error to the person if the acknowledgement takes longer than three seconds. Bolt's app answers within
it, as Bolt's documentation does; Hallway acknowledges first and answers at the address that came with the command.
"""

import asyncio
import random
import socket
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta

import aiohttp

from benchmarks.children import running
from benchmarks.conference import DUE, SESSIONS, attendees, filled, owed, schedule, with_choices
from benchmarks.databases import SQLITE, databases
from benchmarks.fake_slack import SECRET, TEAM, TOKEN, FakeSlack, fake_slack
from benchmarks.figures import Figure, is_small, percentile, show
from bot.domain.attendee.attendee import Community

AT_ONCE, PACE = 16, 20.0
"""`AT_ONCE` commands are on their way at a time; `PACE` commands come in a second while nudges go out."""
LINES = ("/nextsession", "/agenda", "/now")
TEXT = "You can type: " + ", ".join(f"/command{n} what it does in some words" for n in range(24))
SETTLING = 0.5 if is_small() else 3.0
"""Seconds after a process serves in which it still starts."""


@dataclass(slots=True)
class Crowd:
    """Types random lines as random people to the app at `app`."""

    slack: FakeSlack
    session: aiohttp.ClientSession
    app: str
    people: int
    line: Callable[[], str]
    chance: random.Random = field(default_factory=lambda: random.Random(7))

    async def type(self) -> float:
        """One command; the milliseconds until it is acknowledged."""
        return await self.slack.command(self.session, self.app, f"U{self.chance.randint(1, self.people)}", self.line())

    async def per_second(self, count: int) -> float:
        """Acknowledgements a second, as fast as it goes."""
        await asyncio.gather(*(self.type() for _ in range(AT_ONCE)))
        await self.slack.wait_until_quiet()
        begins = time.perf_counter()

        async def type_many() -> None:
            for _ in range(count // AT_ONCE):
                await self.type()

        await asyncio.gather(*(type_many() for _ in range(AT_ONCE)))
        rate = count // AT_ONCE * AT_ONCE / (time.perf_counter() - begins)
        await self.slack.wait_until_quiet()
        return rate

    async def at_pace(self, a_second: float, seconds: float) -> list[float]:
        """The milliseconds of each, at so many commands a second."""
        begins, typing = time.perf_counter(), []
        for number in range(int(a_second * seconds)):
            await asyncio.sleep(max(begins + number / a_second - time.perf_counter(), 0))
            typing.append(asyncio.create_task(self.type()))
        times = await asyncio.gather(*typing)
        await self.slack.wait_until_quiet()
        return times


@asynccontextmanager
async def serving(session: aiohttp.ClientSession, port: int, *command: object, **settings: str) -> AsyncIterator[str]:
    """A process that serves on the port; gives the address for commands."""
    async with running(*command, **settings), asyncio.timeout(600):
        while not await _answers(session, f"http://127.0.0.1:{port}/readyz"):  # noqa: ASYNC110 — it sends no event
            await asyncio.sleep(0.1)
        await asyncio.sleep(SETTLING)
        yield f"http://127.0.0.1:{port}/slack/events"


async def _answers(session: aiohttp.ClientSession, url: str) -> bool:
    try:
        async with session.get(url) as answer:
            return answer.status in (200, 404)
    except aiohttp.ClientError:
        return False


def free_port() -> int:
    """A port on which nothing listens."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


async def fill(url: str, count: int) -> None:
    """A workspace of `count` people with agendas, who are all owed a nudge at `DUE`."""
    conference = schedule(SESSIONS)
    people = attendees(count, Community(1, "slack", TEAM), user="U{}", channel="D{}")
    store = await filled(url, conference, with_choices(people, conference))
    await owed(store, people)
    await store.close()


async def ours(slack: FakeSlack, session: aiohttp.ClientSession, url: str, people: int, bare: float,
               seconds: float, commands: int) -> list[Figure]:  # fmt: skip
    """Hallway, twice: as fast as it goes, and while nudges go out. `bare` is what the rival takes in a second."""
    random_, port = random.Random(3), free_port()
    settings = {
        "HALLWAY_SLACK_BOT_TOKEN": TOKEN,
        "HALLWAY_SLACK_SIGNING_SECRET": SECRET,
        "HALLWAY_SLACK_API_URL": slack.api,
        "HALLWAY_DATABASE_URL": url,
        "HALLWAY_HTTP_PORT": str(port),
        "HALLWAY_LOG_LEVEL": "error",
    }

    def crowd(app: str) -> Crowd:
        return Crowd(slack, session, app, people, lambda: random_.choice(LINES))

    before = (DUE - timedelta(days=1)).isoformat()
    async with serving(session, port, "bot", "run", "--at", before, **settings) as app:
        rate = await crowd(app).per_second(commands)
        half = await crowd(app).at_pace(bare / 2, seconds)
    async with serving(session, port, "bot", "run", "--at", DUE.isoformat(), **settings) as app:
        first = slack.sent
        peak = await crowd(app).at_pace(PACE, seconds * 4)
        sent = slack.sent - first
    return [
        Figure("acknowledgements a second, Hallway", rate, "/s"),
        Figure("Hallway's rate to the bare one's", rate / bare, "x", at_least=1.5),
        Figure("at half of Bolt's rate, Hallway: p99", percentile(half, 99), "ms", 100),
        Figure(f"at {PACE:g}/s while {sent} nudges went out, Hallway: p99", percentile(peak, 99), "ms", 500),
        Figure("nudges refused for their pace (429)", slack.refused, "", 0),
    ]


async def main(people: int, seconds: float, commands: int) -> None:
    """The rival, then Hallway."""
    async with fake_slack() as slack, aiohttp.ClientSession() as session:
        port = free_port()
        async with serving(session, port, "benchmarks.bare_slack", port, slack.api) as app:
            crowd = Crowd(slack, session, app, people, lambda: f"/echo {TEXT}")
            bare = await crowd.per_second(commands)
            half = await crowd.at_pace(bare / 2, seconds)
        with databases() as available:
            url = await available.new(SQLITE)
            await fill(url, people)
            figures = await ours(slack, session, url, people, bare, seconds, commands)
    rival = [
        Figure("acknowledgements a second, bare Bolt", bare, "/s"),
        Figure("at half of Bolt's rate, bare Bolt: p99", percentile(half, 99), "ms"),
    ]
    show(f"Slack commands over loopback, {SESSIONS:,} sessions, {people:,} attendees", [*rival, *figures])


if __name__ == "__main__":
    asyncio.run(main(*((50, 0.2, 32) if is_small() else (20_000, 4.0, 1_000))))
