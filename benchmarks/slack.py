"""A signed command in, its acknowledgement out, over loopback: `hallway run` beside a bare Bolt app that echoes.

Both are processes of their own. Bolt's answers as its documentation does it, with `await ack(text)`; ours answers after
it has acknowledged, at the address that came with the command. Then the same while 2,000 nudges are being sent.
"""

import asyncio
import os
import random
import socket
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import aiohttp
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from benchmarks.crowd import OPENS, filled, go, people, schedule
from benchmarks.figures import Figure, percentile, show
from bot.app.delivery.rate_limiter import Bucket, RateLimiter
from bot.domain.attendee.attendee import Attendee, Community, Reach
from bot.domain.nudges.nudge import Nudge, NudgeKind
from tests.fake_servers.slack import SECRET, TEAM, TOKEN, SlackPeer, signed, slack_peer

SESSIONS, ATTENDEES, NUDGES = 2_500, 20_000, 2_000
AT_ONCE, FAST, MOST, STEADY, PEAK = 16, 3.0, 1_000, 4.0, 15.0
"""Commands on their way at a time; seconds, and commands, as fast as it goes; seconds at half of Bolt's load, and while
nudges go out."""
TEXT = "You can type: " + ", ".join(f"/command{n} what it does in some words" for n in range(24))
KIND = "application/x-www-form-urlencoded"
LINES = ("/nextsession", "/agenda", "/now")


def bare(port: int, api: str) -> None:
    """The rival: one command that echoes, as Bolt's own examples do it."""
    app = AsyncApp(client=AsyncWebClient(TOKEN, base_url=api), signing_secret=SECRET)

    @app.command("/echo")
    async def echo(ack: AsyncAck, command: dict[str, Any]) -> None:
        """Answer."""
        await ack(command["text"])

    app.start(port=port, path="/slack/events", host="127.0.0.1")


def free_port() -> int:
    """One that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@asynccontextmanager
async def child(port: int, *command: str, **settings: str) -> AsyncIterator[str]:
    """A process that serves on the port; gives the address for commands."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", *command, env={**os.environ, **settings}, stderr=asyncio.subprocess.DEVNULL
    )
    try:
        async with asyncio.timeout(90), aiohttp.ClientSession() as session:
            while not await _answers(session, f"http://127.0.0.1:{port}/readyz"):  # noqa: ASYNC110 — nothing tells us
                await asyncio.sleep(0.1)
        # Whatever a process still does once it serves is no part of an answer.
        await asyncio.sleep(3)
        yield f"http://127.0.0.1:{port}/slack/events"
    finally:
        process.terminate()
        await process.wait()


async def _answers(session: aiohttp.ClientSession, url: str) -> bool:
    try:
        async with session.get(url) as answer:
            return answer.status in (200, 404)
    except aiohttp.ClientError:
        return False


class Asker:
    """Posts signed commands of random people, and keeps how long each acknowledgement took, in milliseconds."""

    def __init__(self, session: aiohttp.ClientSession, url: str, peer: SlackPeer, line: Callable[[], str]) -> None:
        self.session, self.url, self.peer, self.line = session, url, peer, line
        self.dice, self.times = random.Random(7), list[float]()

    async def ask(self) -> None:
        """One command."""
        command, _, text = self.line().partition(" ")
        body = urlencode(
            {
                "team_id": TEAM,
                "user_id": f"U{self.dice.randint(1, ATTENDEES)}",
                "user_name": "somebody",
                "command": command,
                "text": text,
                "channel_id": "C200",
                "response_url": f"{self.peer.url}/respond/{self.peer.new_id('R')}",
                "trigger_id": self.peer.new_id("trigger"),
            }
        )
        begins = time.perf_counter()
        async with self.session.post(self.url, data=body, headers=signed(body, KIND)) as answer:
            await answer.read()
            assert answer.status == 200
        self.times.append((time.perf_counter() - begins) * 1000)

    async def as_fast_as_it_goes(self, seconds: float = FAST) -> float:
        """Acknowledgements a second, with several commands on their way at any time."""
        self.times, begins = [], time.perf_counter()

        async def one() -> None:
            while time.perf_counter() < begins + seconds and len(self.times) < MOST:
                await self.ask()

        await asyncio.gather(*(one() for _ in range(AT_ONCE)))
        return len(self.times) / (time.perf_counter() - begins)

    async def at_a_pace(self, a_second: float, seconds: float) -> list[float]:
        """The times at so many commands a second, whether or not the ones before are answered."""
        self.times = []
        begins, asking = time.perf_counter(), []
        for number in range(int(a_second * seconds)):
            await asyncio.sleep(max(begins + number / a_second - time.perf_counter(), 0))
            asking.append(asyncio.create_task(self.ask()))
        await asyncio.gather(*asking)
        return self.times


async def prepared(url: str) -> None:
    """A full store in which 2,000 people are owed a nudge some time after the start."""
    made = schedule(SESSIONS)
    club = Community(1, "slack", TEAM, "crowd")
    crowd = [(_member(known, club), chosen) for known, chosen in people(ATTENDEES, made)]
    store = await filled(url, made, crowd, club.platform, club.tenant)
    due = OPENS + timedelta(seconds=75)
    async with store.write_transaction() as work:
        await work.people.save_reach({known.id: known.reach for known, _ in crowd})
        await work.deliveries.reconcile([(known, [_nudge(known, made, due)]) for known, _ in crowd[:NUDGES]], OPENS)
    await store.close()


def _member(known: Attendee, club: Community) -> Attendee:
    return replace(known, community=club, user=f"U{known.id}", name="somebody", reach=Reach(f"D{known.id}"))


def _nudge(known: Attendee, made: Any, due: Any) -> Nudge:
    day = made.days[known.id % len(made.days)].isoformat()
    return Nudge(NudgeKind.MORNING_BRIEF, known.id, day, 1, due, due + timedelta(hours=1), catch_up=False)


class Watch:
    """Time that passes only while somebody sleeps."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def time(self) -> float:
        """In seconds."""
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        """Takes no time."""
        self.seconds += seconds


async def minutes(count: int, a_minute: float, burst: int) -> float:
    """How long so many requests take at Slack's pace, by our own pacer on a clock that is not waited for."""
    watch = Watch()
    pacer, bucket = RateLimiter(watch.time, watch.sleep), Bucket("", a_minute / 60, burst)
    for _ in range(count):
        await pacer.turn(bucket)
    return watch.seconds / 60


async def ours(peer: SlackPeer, address: str, session: aiohttp.ClientSession, half: float) -> dict[str, Any]:
    """The figures of Hallway, which the address serves; `half` is half of what Bolt takes in a second."""
    dice = random.Random(3)
    asker = Asker(session, address, peer, lambda: dice.choice(LINES))
    await asker.as_fast_as_it_goes(0.3)
    await drained(peer)
    found: dict[str, Any] = {"fast": await asker.as_fast_as_it_goes(), "asked": len(asker.times)}
    found["drained"] = await drained(peer)
    found["half"] = await asker.at_a_pace(half, STEADY)
    await drained(peer)
    await peer.until(lambda: len(peer.messages) > 20, 180)
    first = len(peer.messages)
    found["peak"] = await asker.at_a_pace(20, PEAK)
    found["sent"] = len(peer.messages) - first
    found["refused"] = peer.refused
    return found


async def drained(peer: SlackPeer) -> float:
    """Wait until no answer comes any more; gives how many seconds that took."""
    begins, before = time.perf_counter(), -1
    while before != len(peer.asked):
        before = len(peer.asked)
        await asyncio.sleep(0.5)
    return time.perf_counter() - begins - 0.5


async def main() -> None:
    """Both, one after the other, on an otherwise idle machine."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'slack.db'}"
        await prepared(url)
        async with slack_peer() as peer, aiohttp.ClientSession() as session:
            peer.a_minute = 300
            port, api = free_port(), f"{peer.url}/api/"
            async with child(port, "benchmarks.slack", "bare", str(port), api) as address:
                echoed = Asker(session, address, peer, lambda: f"/echo {TEXT}")
                await echoed.as_fast_as_it_goes(0.3)
                theirs = await echoed.as_fast_as_it_goes()
                half = await echoed.at_a_pace(theirs / 2, STEADY)
            settings = {
                "HALLWAY_SLACK_BOT_TOKEN": TOKEN,
                "HALLWAY_SLACK_SIGNING_SECRET": SECRET,
                "HALLWAY_SLACK_API_URL": api,
                "HALLWAY_DATABASE_URL": url,
                "HALLWAY_HTTP_PORT": str(port),
                "HALLWAY_LOG_LEVEL": "error",
            }
            async with child(port, "bot", "run", "--at", OPENS.isoformat(), **settings) as address:
                found = await ours(peer, address, session, theirs / 2)
    show(
        f"Slack over loopback, {SESSIONS:,} sessions, {ATTENDEES:,} attendees",
        [
            Figure("acks a second, bare Bolt echo", theirs, "/s"),
            Figure("acks a second, Hallway, /nextsession, /agenda, /now", found["fast"], "/s"),
            Figure("the bare one's to ours", theirs / found["fast"], "x", 1 / 0.6),
            Figure(f"the last of {found['asked']:,} answers after the last ack", found["drained"], "s"),
            Figure("ack at half of Bolt's load, bare Bolt: p99", percentile(half, 99), "ms"),
            Figure("ack at half of Bolt's load, Hallway: median", percentile(found["half"], 50), "ms"),
            Figure("ack at half of Bolt's load, Hallway: p99", percentile(found["half"], 99), "ms", 100),
            Figure(f"ack while {found['sent']} nudges went out: median", percentile(found["peak"], 50), "ms"),
            Figure(f"ack while {found['sent']} nudges went out: p99", percentile(found["peak"], 99), "ms", 500),
            Figure("nudges that Slack refused for their pace (300 a minute)", found["refused"], "", 0),
            Figure("2,000 nudges at our pace", await minutes(NUDGES, 270, 20), "min", 7.5),
            Figure("2,000 scheduled messages taken back at Slack's pace", await minutes(NUDGES, 50, 10), "min"),
        ],
    )


if __name__ == "__main__":
    if sys.argv[1:2] == ["bare"]:
        bare(int(sys.argv[2]), sys.argv[3])
    else:
        go(main())
