"""Checks for `hallway doctor` and `hallway invite discord`: the token, and Hallway's permissions in each server."""

import asyncio
from base64 import urlsafe_b64decode
from binascii import Error
from collections.abc import AsyncIterator, Iterable

import aiohttp
import discord

from adapters.discord.permissions import PERMISSIONS, invite_link
from adapters.discord.platform import BAD_TOKEN, ConnectionSettings, PlatformError
from bot.domain.attendee.attendee import Community

THREADS = ("view_channel", "create_private_threads", "send_messages_in_threads", "embed_links", "attach_files")
"""Permissions in the reminders channel, for private threads."""
PATIENCE = 20.0
"""Seconds."""
LIBRARY_ERRORS = (discord.DiscordException, aiohttp.ClientError, OSError, TimeoutError)

Finding = tuple[bool, str]
"""Whether a check passed, and a sentence about it."""


async def application_of(settings: ConnectionSettings) -> int:
    """The application's id, from the token if possible, else from Discord.

    Raises:
        PlatformError: Discord refuses the token or does not answer.
    """
    if application := _application_in(settings.token):
        return application
    settings.apply()
    async with discord.Client(intents=discord.Intents.none()) as client:
        await _login(client, settings)
        return client.application_id or 0


async def examine(settings: ConnectionSettings, communities: Iterable[Community]) -> AsyncIterator[Finding]:
    """Check the token, the gateway, and the permissions in each server and reminders channel; changes nothing."""
    settings.apply()
    async with discord.Client(intents=discord.Intents.none()) as client:
        try:
            await _login(client, settings)
            shards, _, limit = await asyncio.wait_for(client.http.get_bot_gateway(), PATIENCE)
        except PlatformError as error:
            yield False, str(error)
            return
        except LIBRARY_ERRORS as error:
            yield False, f"no answer ({type(error).__name__}): is the network there?"
            return
        yield True, f"the token is of {client.user}, no privileged intents are asked for"
        remaining = limit["remaining"]
        gateway = f"{shards} connection{'s' if shards > 1 else ''} to the gateway, {remaining} starts left today"
        yield remaining > 0, gateway if remaining else f"{gateway}: wait for tomorrow, then look why it starts so often"
        for community in communities:
            if community.tenant.isdecimal():
                yield await _permissions_in(client, community)


async def _login(client: discord.Client, settings: ConnectionSettings) -> None:
    try:
        await asyncio.wait_for(client.login(settings.token), PATIENCE)
    except discord.LoginFailure:
        raise PlatformError(BAD_TOKEN) from None
    except LIBRARY_ERRORS as error:
        raise PlatformError(f"Discord does not answer ({type(error).__name__}): is the network there?") from None


async def _permissions_in(client: discord.Client, community: Community) -> Finding:
    """Whether Hallway has the permissions that it was invited with."""
    try:
        guild = await client.fetch_guild(int(community.tenant), with_counts=False)
        me = await guild.fetch_member(client.user.id if client.user else 0)
        channels = {str(channel.id): channel for channel in await guild.fetch_channels()}
    except LIBRARY_ERRORS as error:
        return False, f"{community.called}: cannot be looked at ({type(error).__name__}): invite Hallway again"
    missing = [name for name in PERMISSIONS if not getattr(me.guild_permissions, name)]
    if missing:
        link = invite_link(client.application_id or 0)
        return False, f"{community.called}: lacks {_spaced(missing)}: invite again with {link}"
    if not community.reminders:
        return True, f"{community.called}: all permissions are there; no reminders channel (`/settings reminders`)"
    channel = channels.get(community.reminders)
    if not isinstance(channel, discord.TextChannel):
        return False, f"{community.called}: the reminders channel is gone: choose another with `/settings reminders`"
    denied = [name for name in THREADS if not getattr(channel.permissions_for(me), name)]
    if denied:
        problem = f"#{channel.name} denies {_spaced(denied)}"
        return False, f"{community.called}: {problem}: allow it in the channel's permissions"
    return True, f"{community.called}: all permissions are there, also in #{channel.name}"


def _spaced(names: Iterable[str]) -> str:
    return ", ".join(name.replace("_", " ") for name in names)


def _application_in(token: str) -> int | None:
    """The application's id, which is the first part of a token in base 64; None if the token has another form."""
    head = token.partition(".")[0]
    try:
        text = urlsafe_b64decode(head + "=" * (-len(head) % 4)).decode("ascii")
    except (Error, UnicodeDecodeError, ValueError):
        return None
    return int(text) if text.isdecimal() else None
