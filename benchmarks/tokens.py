"""One token's limit over real HTTP: one `hallway run`, two of them on one PostgreSQL, and bare discord.py.

The peer allows 50 requests a second (a bucket of 50 that fills as fast), answers more with 429, and counts. Answers to
interactions and the gateway are not counted, as on Discord.
"""

import asyncio
import os
import re
import sys
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import discord

from benchmarks import ours
from benchmarks.children import say, told_by
from benchmarks.crowd import OPENS, go
from benchmarks.figures import Figure, tell
from bot.domain.attendee.attendee import Attendee, Community, Reach
from bot.domain.nudges.nudge import Nudge, NudgeKind
from tests.fake_servers.discord import GUILD, TOKEN, Asked, DiscordPeer, Fault, discord_peer
from tests.stores import new_database, postgresql_server

ALLOWED = 50
FIRST_USER = 10**17
EXEMPT = ("/interactions/", "/webhooks/")


@dataclass(slots=True)
class Turnstile:
    """Lets 50 requests a second through."""

    left: float = ALLOWED
    seen: float = field(default_factory=time.monotonic)
    refused: int = 0
    peer: DiscordPeer | None = None

    def check(self, asked: Asked) -> None:
        """Refuse what is too much: it is answered by a fault that fits nothing else."""
        if asked.path.startswith(EXEMPT) or self.peer is None:
            return
        now = time.monotonic()
        self.left, self.seen = min(self.left + (now - self.seen) * ALLOWED, ALLOWED), now
        if self.left >= 1:
            self.left -= 1
            return
        self.refused += 1
        wait = (1 - self.left) / ALLOWED
        body = {"message": "You are being rate limited.", "retry_after": wait, "global": True}
        headers = {"X-RateLimit-Global": "true", "X-RateLimit-Scope": "global", "Retry-After": f"{wait:.3f}"}
        # Behind the one that is asked of now nothing waits: the peer answers one request at a time.
        self.peer.faults[:] = [Fault(asked.method, re.escape(asked.path), 429, body, headers=headers)]


async def bare(api: str, count: int, at_once: int) -> None:
    """The rival: a message to each, `at_once` under way together; discord.py waits as it does."""
    discord.http.Route.BASE = api
    turns = asyncio.Semaphore(at_once)

    async with discord.Client(intents=discord.Intents.none()) as client:
        await client.login(TOKEN)

        async def post(number: int) -> bool:
            async with turns:
                try:
                    await client.get_partial_messageable(int(f"7{FIRST_USER + number}")).send("Leave by 13:05")
                except discord.HTTPException:
                    return False
                return True

        begins = time.monotonic()
        done = await asyncio.gather(*(post(number) for number in range(count)))
        say(delivered=sum(done), seconds=time.monotonic() - begins)


async def prepared(url: str, count: int) -> None:
    """A store in which so many people are owed a nudge at one moment."""
    server = Community(1, "discord", str(GUILD), "crowd")
    agreed = OPENS - timedelta(days=30)
    people = []
    for number in range(1, count + 1):
        user = str(FIRST_USER + number)
        people.append(Attendee(number, server, user, agreed_at=agreed, reach=Reach(f"7{user}")))
    store = await ours.founded(url, people)
    async with store.write_transaction() as work:
        await work.people.save_reach({known.id: known.reach for known in people})
        for some in ours.chunks(people):
            await work.deliveries.reconcile([(known, [patient(known)]) for known in some], ours.OWED_AT)
    await store.close()


def patient(known: Attendee) -> Nudge:
    """One that is not sent ahead: all of them begin when they are due."""
    facts = ours.leave_by(known).facts
    return Nudge(NudgeKind.LEAVE_BY, known.id, f"s{5 * (known.id % 100)}", 1, ours.DUE, OPENS, facts)


async def paced(name: str, url: str, count: int, processes: int, lead: float) -> list[Figure]:
    """So many `hallway run` with the same token on the same database; they have `lead` seconds to start."""
    await prepared(url, count)
    turnstile = Turnstile()
    async with discord_peer(turnstile.check) as peer, AsyncExitStack() as running:
        turnstile.peer = peer
        settings = {
            "HALLWAY_DISCORD_TOKEN": TOKEN,
            "HALLWAY_DISCORD_API_URL": f"{peer.url}/api/v10",
            "HALLWAY_DISCORD_GATEWAY_URL": f"{peer.url.replace('http', 'ws')}/gateway",
            "HALLWAY_DATABASE_URL": url,
            "HALLWAY_HTTP_PORT": "0",
            "HALLWAY_LOG_LEVEL": "error",
        }
        at = (ours.DUE - timedelta(seconds=lead)).isoformat()
        for _ in range(processes):
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot", "run", "--at", at, env={**os.environ, **settings}
            )
            running.push_async_callback(process.wait)
            running.callback(process.terminate)
        await peer.until(lambda: len(peer.messages) >= count, lead + count / ALLOWED * 4 + 60)
        moments = [each.at for each in peer.messages]
        keys = {each.body["nonce"] for each in peer.messages}
    share = (count - 1) / (moments[count - 1] - moments[0]) / ALLOWED
    busiest = max(sum(begins <= each < begins + 1 for each in moments[n : n + 400]) for n, begins in enumerate(moments))
    return [
        Figure(f"{name}: of the allowed rate", share * 100, "%", at_least=97),
        Figure(f"{name}: refusals (429)", turnstile.refused, "", 0),
        Figure(f"{name}: lost", count - len(keys), "nudges", 0),
        Figure(f"{name}: arrived in the busiest second", busiest, "nudges"),
    ]


async def unpaced(count: int, at_once: int) -> list[Figure]:
    """Bare discord.py."""
    turnstile = Turnstile()
    async with discord_peer(turnstile.check) as peer:
        turnstile.peer = peer
        told: dict[str, Any] = await told_by("tokens", "bare", f"{peer.url}/api/v10", count, at_once)
        delivered = len(peer.messages)
    name = f"bare discord.py, {f'{at_once} at once' if at_once < count else 'all at once'}"
    return [
        Figure(f"{name}: of the allowed rate", delivered / told["seconds"] / ALLOWED * 100, "%"),
        Figure(f"{name}: refusals (429); 10,000 in ten minutes are a ban", turnstile.refused, ""),
        Figure(f"{name}: lost", count - told["delivered"], "messages"),
    ]


async def main(count: int, lead: float) -> bool:
    """All, one after the other; whether every bound is kept."""
    figures: list[Figure] = []
    with TemporaryDirectory() as folder:
        figures += await paced("hallway run, SQLite", f"sqlite:///{Path(folder) / 'one.db'}", count, 1, lead)
    with postgresql_server() as server:
        async with new_database(server) as url:
            figures += await paced("two hallway run, PostgreSQL", url, count, 2, lead)
    figures += await unpaced(count, count)
    figures += await unpaced(count, 10)
    return tell(f"{count:,} messages under one token's limit, over loopback", figures)


if __name__ == "__main__":
    if sys.argv[1:2] == ["bare"]:
        go(bare(sys.argv[2], int(sys.argv[3]), int(sys.argv[4])))
    else:
        small = "--small" in sys.argv
        if not go(main(*((60, 8) if small else (1_500, 30)))) and not small:
            sys.exit(1)
