"""What `hallway doctor` and `hallway invite discord` ask of Discord: is the token good, what may we do where."""

import asyncio
from base64 import urlsafe_b64decode
from binascii import Error
from collections.abc import AsyncIterator, Iterable

import aiohttp
import discord

from adapters.discord.permissions import PERMISSIONS, invite_link
from adapters.discord.platform import BAD_TOKEN, Line, PlatformError
from bot.domain.attendee.attendee import Community

THREADS = ("view_channel", "create_private_threads", "send_messages_in_threads", "embed_links", "attach_files")
PATIENCE = 20.0
FOREIGN = (discord.DiscordException, aiohttp.ClientError, OSError, TimeoutError)

Finding = tuple[bool, str]


async def application_of(line: Line) -> int:
    """The application's id: it stands in the token, and else Discord is asked. Raises `PlatformError`."""
    if known := _in_token(line.token):
        return known
    line.point()
    async with discord.Client(intents=discord.Intents.none()) as client:
        await _login(client, line)
        return client.application_id or 0


async def examine(line: Line, hosts: Iterable[Community]) -> AsyncIterator[Finding]:
    """The token, the gateway, and the permissions in each channel that is used; nothing is changed."""
    line.point()
    async with discord.Client(intents=discord.Intents.none()) as client:
        try:
            await _login(client, line)
            shards, _, limit = await asyncio.wait_for(client.http.get_bot_gateway(), PATIENCE)
        except PlatformError as fault:
            yield False, str(fault)
            return
        except FOREIGN as error:
            yield False, f"no answer ({type(error).__name__}): is the network there?"
            return
        yield True, f"the token is of {client.user}, no privileged intents are asked for"
        left = limit["remaining"]
        said = f"{shards} connection{'s' if shards > 1 else ''} to the gateway, {left} starts left today"
        yield left > 0, said if left else f"{said}: wait for tomorrow, then look why it starts so often"
        for host in hosts:
            if host.tenant.isdecimal():
                yield await _host(client, host)


async def _login(client: discord.Client, line: Line) -> None:
    try:
        await asyncio.wait_for(client.login(line.token), PATIENCE)
    except discord.LoginFailure:
        raise PlatformError(BAD_TOKEN) from None
    except FOREIGN as error:
        raise PlatformError(f"Discord does not answer ({type(error).__name__}): is the network there?") from None


async def _host(client: discord.Client, host: Community) -> Finding:
    """Whether we may do in a server what we were invited for."""
    try:
        guild = await client.fetch_guild(int(host.tenant), with_counts=False)
        me = await guild.fetch_member(client.user.id if client.user else 0)
        channels = {str(channel.id): channel for channel in await guild.fetch_channels()}
    except FOREIGN as error:
        return False, f"{host.called}: cannot be looked at ({type(error).__name__}): invite Hallway again"
    missing = [name for name in PERMISSIONS if not getattr(me.guild_permissions, name)]
    if missing:
        return (
            False,
            f"{host.called}: lacks {_words(missing)}: invite again with {invite_link(client.application_id or 0)}",
        )
    if not host.reminders:
        return True, f"{host.called}: all permissions are there; no reminders channel (`/settings reminders`)"
    channel = channels.get(host.reminders)
    if not isinstance(channel, discord.TextChannel):
        return False, f"{host.called}: the reminders channel is gone: choose another with `/settings reminders`"
    denied = [name for name in THREADS if not getattr(channel.permissions_for(me), name)]
    if denied:
        return False, f"{host.called}: #{channel.name} denies {_words(denied)}: allow it in the channel's permissions"
    return True, f"{host.called}: all permissions are there, also in #{channel.name}"


def _words(names: Iterable[str]) -> str:
    return ", ".join(name.replace("_", " ") for name in names)


def _in_token(token: str) -> int | None:
    """The first part of a token is its application's id in base 64."""
    head = token.partition(".")[0]
    try:
        text = urlsafe_b64decode(head + "=" * (-len(head) % 4)).decode("ascii")
    except (Error, UnicodeDecodeError, ValueError):
        return None
    return int(text) if text.isdecimal() else None
