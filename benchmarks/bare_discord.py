"""Rivals on Discord, as discord.py's own examples do it: a `/help` command, and messages sent as fast as it goes."""

import asyncio
import sys
import time
from typing import Any

import discord
import yarl
from discord import app_commands

from benchmarks.children import print_result
from benchmarks.fake_discord import FIRST_USER, TOKEN
from benchmarks.rivals import RIVALS

TEXT = "You can type: " + ", ".join(f"/command{n} what it does in some words" for n in range(24))


async def help_command(api: str, gateway: str) -> None:
    """One command that answers a fixed text."""
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


async def messages(api: str, count: str, at_once: str) -> None:
    """A message to each of `count` people, `at_once` of them at the same time."""
    discord.http.Route.BASE = api
    turns = asyncio.Semaphore(int(at_once))

    async with discord.Client(intents=discord.Intents.none()) as client:
        await client.login(TOKEN)

        async def post(number: int) -> bool:
            async with turns:
                try:
                    await _send(client, number)
                except discord.HTTPException:
                    return False
                return True

        begins = time.monotonic()
        done = await asyncio.gather(*(post(number) for number in range(int(count))))
        print_result(delivered=sum(done), seconds=time.monotonic() - begins)


async def reminders(api: str, rival: str, place: str) -> None:
    """Reminders of a rival's store, sent until the process is killed."""
    discord.http.Route.BASE = api
    async with discord.Client(intents=discord.Intents.none()) as client:
        await client.login(TOKEN)
        await RIVALS[rival].make(place).serve(lambda number: _send(client, number))


async def _send(client: discord.Client, number: int) -> None:
    await client.get_partial_messageable(int(f"7{FIRST_USER + number}")).send(f"{number}: leave by 13:05")


if __name__ == "__main__":
    roles: dict[str, Any] = {"help": help_command, "messages": messages, "reminders": reminders}
    asyncio.run(roles[sys.argv[1]](*sys.argv[2:]))
