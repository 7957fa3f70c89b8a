"""Direct messages at Discord's pace over loopback: how much of the allowed rate is used, and how much is refused.

The server allows one token 50 requests a second, and answers more with 429; 10,000 of those in ten minutes get a bot
banned. Measured are one `hallway run` on SQLite, two with the same token on one PostgreSQL, and bare discord.py.
"""

import asyncio
from contextlib import AsyncExitStack
from datetime import timedelta

from benchmarks.children import result_of, running
from benchmarks.conference import DUE, attendees, filled, owed, schedule
from benchmarks.databases import POSTGRESQL, SQLITE, databases
from benchmarks.fake_discord import ALLOWED, FIRST_USER, GUILD, fake_discord
from benchmarks.figures import Figure, is_small, show
from bot.domain.attendee.attendee import Attendee, Community

SESSIONS = 500


def members(count: int) -> list[Attendee]:
    """People of one Discord server whose channels for direct messages are open."""
    server = Community(1, "discord", GUILD)
    return attendees(count, server, user=f"{FIRST_USER // 10**6}{{:06}}", channel=f"7{FIRST_USER // 10**6}{{:06}}")


async def fill(url: str, count: int) -> None:
    """A database in which `count` people are owed a nudge at the same moment."""
    people = members(count)
    store = await filled(url, schedule(SESSIONS), [(person, ()) for person in people])
    await owed(store, people)
    await store.close()


async def ours(name: str, url: str, count: int, processes: int, lead: float) -> list[Figure]:
    """`processes` times `hallway run` on one database; they have `lead` seconds to start."""
    await fill(url, count)
    at = (DUE - timedelta(seconds=lead)).isoformat()
    async with fake_discord() as discord, AsyncExitStack() as stack:
        for _ in range(processes):
            settings = {**discord.settings, "HALLWAY_DATABASE_URL": url}
            await stack.enter_async_context(running("bot", "run", "--at", at, **settings))
        await discord.until(lambda: len(discord.sent) >= count, lead + count / ALLOWED * 4 + 200)
        seconds = discord.sent[-1][1] - discord.sent[0][1]
        copies, refused = discord.copies, discord.refused
    return [
        Figure(f"{name}: of the allowed rate", (copies.total() - 1) / seconds / ALLOWED * 100, "%", at_least=97),
        Figure(f"{name}: refused (429)", refused, "requests", 0),
        Figure(f"{name}: lost or sent twice", count - len(copies) + copies.total() - len(copies), "nudges", 0),
    ]


async def bare(count: int, at_once: int) -> list[Figure]:
    """discord.py alone, which waits only after it was refused."""
    async with fake_discord() as discord:
        result = await result_of("bare_discord", "messages", discord.api, count, at_once)
        delivered, refused = len(discord.sent), discord.refused
    name = f"bare discord.py, {f'{at_once} at once' if at_once < count else 'all at once'}"
    return [
        Figure(f"{name}: of the allowed rate", delivered / result["seconds"] / ALLOWED * 100, "%"),
        Figure(f"{name}: refused (429)", refused, "requests"),
        Figure(f"{name}: lost", count - result["delivered"], "messages"),
    ]


async def main(count: int, lead: float) -> None:
    """One after the other."""
    with databases() as available:
        figures = await ours("hallway run, SQLite", await available.new(SQLITE), count, 1, lead)
        figures += await ours("two hallway run, PostgreSQL", await available.new(POSTGRESQL), count, 2, lead)
    figures += [*await bare(count, count), *await bare(count, 10)]
    show(f"{count:,} direct messages on one Discord token", figures)


if __name__ == "__main__":
    asyncio.run(main(*((40, 6) if is_small() else (1_500, 30))))
