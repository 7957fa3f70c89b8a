"""What follows when Hallway is invited into a server, is removed from one, or meets a person for the first time."""

from dataclasses import dataclass, field

import discord
import structlog
from cachetools import LRUCache

from adapters.discord.errors import DiscordTargetGoneError, translate_errors
from adapters.discord.messenger import DiscordMessenger
from adapters.discord.shards import Shards
from bot.app.access.communities import CommunityService
from bot.app.access.direct_messages import DmChannels
from bot.app.messages import Request
from bot.app.ports import SendError
from bot.domain.errors import StoreError

PLATFORM = "discord"
MOST_REMEMBERED = 20_000
WELCOME = (
    "Hello, I am Hallway: I tell people at a conference when to leave and how to walk to each session they chose.\n"
    "Organizers: `/conference` says which schedule this server follows, `/settings` where private threads may go.\n"
    "Everybody: start with `/nextsession`; only you see the answers."
)

log = structlog.get_logger("hallway.discord")


@dataclass(slots=True)
class DirectMessageOpener:
    """Opens a direct message channel with each person who uses Hallway, and with no other person.

    Discord stops the direct messages of a bot that opens channels with strangers.
    """

    channels: DmChannels
    messenger: DiscordMessenger
    _with_channel: LRUCache[str, bool] = field(default_factory=lambda: LRUCache(MOST_REMEMBERED))
    _opening: set[str] = field(default_factory=set)

    async def open_first(self, current: str | None, request: Request) -> None:
        """Store the channel of a direct message, or open one, unless this person has a channel already.

        Of several commands that a person sends at once, the first opens the channel.

        Args:
            current: the channel of the direct messages with this person, if it is known.
            request: what the person asked.
        """
        if request.user in self._with_channel or request.user in self._opening:
            return
        self._opening.add(request.user)
        try:
            await self._open(current, request)
        finally:
            self._opening.discard(request.user)

    async def _open(self, current: str | None, request: Request) -> None:
        try:
            if await self.channels.lacks_channel(PLATFORM, request.tenant, request.user):
                channel = current or await self.messenger.open(request.user)
                await self.channels.store_channel(PLATFORM, request.user, channel)
        except (SendError, DiscordTargetGoneError, StoreError) as error:
            # The first nudge tries again, and its error is shown to the person.
            log.info("no channel for direct messages yet", fault=str(error))
            return
        self._with_channel[request.user] = True


@dataclass(frozen=True, slots=True)
class GuildEvents:
    """Tells the communities that Hallway was invited into a server or removed from one."""

    communities: CommunityService

    async def joined(self, guild: discord.Guild) -> None:
        """Install Hallway in a server, and post the welcome once where organizers see it."""
        if not await self.communities.joined(PLATFORM, str(guild.id), guild.name):
            return
        channel = _welcome_channel(guild)
        if channel is None:
            return
        try:
            with translate_errors():
                await channel.send(WELCOME, allowed_mentions=discord.AllowedMentions.none())
        except (SendError, DiscordTargetGoneError) as error:
            log.info("the welcome was not taken", fault=str(error))

    async def removed(self, guild_id: int) -> None:
        """Stop all deliveries of a server at once."""
        await self.communities.left(PLATFORM, str(guild_id))

    async def connected(self, guilds: list[discord.Guild], shards: Shards) -> None:
        """Catch up with servers that were joined or left while we were not connected.

        Args:
            guilds: all servers that Discord reports on our connections.
            shards: our connections; servers on other connections are left alone.
        """
        names = {str(guild.id): guild.name or "" for guild in guilds}
        await self.communities.is_only_in(PLATFORM, names, shards.receives)


def _welcome_channel(guild: discord.Guild) -> discord.TextChannel | None:
    """The channel of Discord's notices to moderators, else the one that greets members, else the first open one."""
    for channel in (guild.public_updates_channel, guild.system_channel, *guild.text_channels):
        if channel is not None:
            permissions = channel.permissions_for(guild.me)
            if permissions.view_channel and permissions.send_messages:
                return channel
    return None
