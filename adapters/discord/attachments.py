"""Files that people attach to a command or a form; each is downloaded only if the command wants it."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

import aiohttp
import discord
from yarl import URL

from bot.app.messages import Attachment, no_attachment
from bot.domain.errors import FetchError

CDN_HOSTS = frozenset({"cdn.discordapp.com", "media.discordapp.net"})
DOWNLOAD_TIMEOUT = 20
"""Seconds for a download."""
NOT_GIVEN = "Discord does not give me the file: send it again."


def attachments_of(interaction: discord.Interaction[Any]) -> Callable[[str], Attachment | None]:
    """Return a function that takes the id of a file and returns the file, if it came with the interaction."""
    resolved = _mapping(interaction.data).get("resolved")
    if resolved is None:
        return no_attachment
    by_id = _mapping(_mapping(resolved).get("attachments"))

    def attached(id_: str) -> Attachment | None:
        found = _mapping(by_id.get(id_))
        return _attachment(found, interaction.client.http) if found else None

    return attached


def _attachment(found: Mapping[str, Any], http: discord.http.HTTPClient) -> Attachment:
    url = str(found.get("url") or "")

    async def fetch(most: int) -> bytes:
        # The caller has compared the size with its limit already; Discord tells the size, not the person.
        if not is_cdn_url(url):
            raise FetchError(NOT_GIVEN)
        try:
            async with asyncio.timeout(DOWNLOAD_TIMEOUT):
                content = await http.get_from_cdn(url)
        except (discord.HTTPException, aiohttp.ClientError, OSError, TimeoutError) as error:
            raise FetchError(NOT_GIVEN) from error
        return content[: most + 1]

    return Attachment(str(found.get("filename") or ""), int(found.get("size") or 0), fetch)


def is_cdn_url(url: str) -> bool:
    """Whether a file is on one of Discord's hosts, or on the configured host of its API."""
    try:
        parsed, api = URL(url), URL(discord.http.Route.BASE)
    except ValueError:
        return False
    if parsed.user or parsed.password or not parsed.host:
        return False
    if parsed.origin() == api.origin():
        return True
    return parsed.scheme == "https" and parsed.explicit_port in (None, 443) and parsed.host.casefold() in CDN_HOSTS


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
