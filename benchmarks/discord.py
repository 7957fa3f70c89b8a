"""Interaction in, first answer out, over loopback: `hallway run` beside a bare echo command on discord.py.

Both are processes of their own, connected to the same small server that speaks Discord. Then the options are
completed while 2,000 nudges go out.
"""

import asyncio
import os
import random
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import discord
import yarl
from discord import app_commands

from benchmarks.crowd import OPENS, filled, go, people, schedule
from benchmarks.figures import Figure, percentile, show
from bot.domain.attendee.attendee import Attendee, Community, Reach
from bot.domain.nudges.nudge import Nudge, NudgeKind
from tests.fake_servers.discord import GUILD, TOKEN, DiscordPeer, Person, discord_peer

SESSIONS, ATTENDEES, NUDGES, ASKED, PACED = 2_500, 20_000, 2_000, 400, 600
FIRST_USER = 10**17
TICKS = os.sysconf("SC_CLK_TCK")
TEXT = "You can type: " + ", ".join(f"/command{n} what it does in some words" for n in range(24))


async def bare(api: str, gateway: str) -> None:
    """The rival: one command that answers a fixed text, as discord.py's own examples do it."""
    discord.http.Route.BASE = api
    discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway)
    client = discord.Client(intents=discord.Intents(guilds=True))
    tree = app_commands.CommandTree(client)

    @tree.command(name="help")
    async def help_(interaction: discord.Interaction[Any]) -> None:
        """Answer."""
        await interaction.response.send_message(TEXT, ephemeral=True)

    async with client:
        await client.start(TOKEN)


def processor_seconds(pid: int) -> float:
    """User and system time of a process so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


@asynccontextmanager
async def child(peer: DiscordPeer, *command: str, **settings: str) -> AsyncIterator[int]:
    """A connected bot; gives its process id."""
    before = len(peer.identified)
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", *command, env={**os.environ, **settings}, stderr=asyncio.subprocess.DEVNULL
    )
    try:
        await peer.until(lambda: len(peer.identified) > before, 60)
        # Whatever a client still does once it is connected is no part of an answer.
        await asyncio.sleep(4)
        yield process.pid
    finally:
        process.terminate()
        await process.wait()


async def asked(count: int, ask: Callable[[], Awaitable[Any]]) -> list[float]:
    """Milliseconds of each question, one after another."""
    times = []
    for _ in range(count):
        begins = time.perf_counter()
        await ask()
        times.append((time.perf_counter() - begins) * 1000)
    return times[10:]


async def processor(pid: int, peer: DiscordPeer) -> float:
    """Milliseconds of processor time that one `/help` takes."""
    somebody = Person(peer, id=FIRST_USER)
    await asked(30, lambda: somebody.type("help"))
    before = processor_seconds(pid)
    await asked(ASKED, lambda: somebody.type("help"))
    return (processor_seconds(pid) - before) * 1000 / ASKED


async def prepared(url: str) -> None:
    """A full store in which 2,000 people are owed a nudge half a minute after the start."""
    made = schedule(SESSIONS)
    server = Community(1, "discord", str(GUILD), "crowd")
    crowd = [(_member(known, server), chosen) for known, chosen in people(ATTENDEES, made)]
    store = await filled(url, made, crowd, server.platform, server.tenant)
    due = OPENS + timedelta(seconds=45)
    async with store.write_transaction() as work:
        await work.people.save_reach({known.id: known.reach for known, _ in crowd})
        await work.people.join("discord", str(GUILD), str(FIRST_USER), "ada")
        await work.deliveries.reconcile([(known, [_nudge(known, made, due)]) for known, _ in crowd[:NUDGES]], OPENS)
    await store.close()


def _member(known: Attendee, server: Community) -> Attendee:
    user = str(FIRST_USER + known.id)
    return replace(known, community=server, user=user, name="somebody", reach=Reach(f"7{user}"))


def _nudge(known: Attendee, made: Any, due: Any) -> Nudge:
    day = made.days[known.id % len(made.days)].isoformat()
    return Nudge(NudgeKind.MORNING_BRIEF, known.id, day, 1, due, due + timedelta(hours=1), catch_up=False)


async def main() -> None:
    """Both, one after the other."""
    dice = random.Random(5)
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'discord.db'}"
        await prepared(url)
        async with discord_peer() as peer:
            api, gateway = f"{peer.url}/api/v10", f"{peer.url.replace('http', 'ws')}/gateway"
            async with child(peer, "benchmarks.discord", "bare", api, gateway) as pid:
                theirs = await asked(ASKED, lambda: Person(peer, id=FIRST_USER).type("help"))
                their_processor = await processor(pid, peer)
            settings = {
                "HALLWAY_DISCORD_TOKEN": TOKEN,
                "HALLWAY_DISCORD_API_URL": api,
                "HALLWAY_DISCORD_GATEWAY_URL": gateway,
                "HALLWAY_DATABASE_URL": url,
                "HALLWAY_HTTP_PORT": "0",
                "HALLWAY_LOG_LEVEL": "error",
            }
            async with child(peer, "bot", "run", "--at", OPENS.isoformat(), **settings) as pid:

                def anybody() -> Person:
                    return Person(peer, id=FIRST_USER + dice.randint(1, ATTENDEES), name="somebody")

                helped = await asked(ASKED, lambda: Person(peer, id=FIRST_USER).type("help"))
                our_processor = await processor(pid, peer)
                mixed = await asked(ASKED, lambda: anybody().type(dice.choice(("nextsession", "agenda", "now"))))
                await peer.until(lambda: len(peer.messages) > 20, 120)
                first = len(peer.messages)
                letters = ("ve", "wyn1", "queue", "graphs", "cae12", "models dr", "")
                completed = await asked(ASKED, lambda: anybody().complete("attend", "code", dice.choice(letters)))
                sent = len(peer.messages) - first
                await peer.until(lambda: len(peer.messages) > first + PACED, 120)
                moments = [each.at for each in peer.messages[first : first + PACED]]
                busiest = max(sum(begins <= each < begins + 1 for each in moments) for begins in moments)
    show(
        f"Discord over loopback, {SESSIONS:,} sessions, {ATTENDEES:,} attendees",
        [
            Figure("/help, bare discord.py: p99", percentile(theirs, 99), "ms"),
            Figure("/help, Hallway: p99", percentile(helped, 99), "ms", 50),
            Figure("/nextsession, /agenda, /now: median", percentile(mixed, 50), "ms"),
            Figure("/nextsession, /agenda, /now: p99", percentile(mixed, 99), "ms", 50),
            Figure("/help, bare discord.py: processor time", their_processor, "ms"),
            Figure("/help, Hallway: processor time", our_processor, "ms"),
            Figure("/help: ours to the bare one's", our_processor / their_processor, "x", 1.5),
            Figure("nudges a second", (PACED - 1) / (moments[-1] - moments[0]), "/s"),
            Figure("nudges in the busiest second; Discord allows 50", busiest, "", 50),
            Figure(f"completion while {sent} nudges went out: median", percentile(completed, 50), "ms"),
            Figure(f"completion while {sent} nudges went out: p99", percentile(completed, 99), "ms", 100),
        ],
    )


if __name__ == "__main__":
    go(bare(*sys.argv[2:]) if sys.argv[1:2] == ["bare"] else main())
