"""The servers that host Hallway and the people met there: welcome, farewell, and a channel for direct messages."""

from dataclasses import dataclass, field
from typing import Any

import discord
import structlog

from adapters.discord.errors import TargetGoneError, translate_errors
from adapters.discord.messenger import DiscordMessenger
from adapters.discord.shards import Shards
from bot.app.access.communities import CommunityService
from bot.app.access.direct_messages import DmChannels
from bot.app.messages import Request
from bot.app.ports import SendError
from bot.domain.errors import StoreError

PLATFORM = "discord"
MOST_KNOWN = 20_000
WELCOME = (
    "Hello, I am Hallway: I tell people at a conference when to leave and how to walk to each session they chose.\n"
    "Organizers: `/conference` says which schedule this server follows, `/settings` where private threads may go.\n"
    "Everybody: start with `/nextsession`; only you see the answers."
)

log = structlog.get_logger("hallway.discord")


@dataclass(slots=True)
class DirectMessageOpener:
    """Opens a channel with whoever uses Hallway for the first time, and with nobody else."""

    contacts: DmChannels
    messenger: DiscordMessenger
    _known: set[str] = field(default_factory=set)

    async def meet(self, interaction: discord.Interaction[Any], request: Request) -> None:
        """Keep the channel of a direct message, or open one; who is known already costs nothing."""
        if request.user in self._known:
            return
        try:
            if await self.contacts.lacks_channel(PLATFORM, request.tenant, request.user):
                direct = isinstance(interaction.channel, discord.DMChannel) and interaction.channel_id
                channel = str(direct) if direct else await self.messenger.open(request.user)
                await self.contacts.store_channel(PLATFORM, request.user, channel)
        except (SendError, TargetGoneError, StoreError) as fault:
            # The first nudge tries again, and says so if it is refused.
            log.info("no channel for direct messages yet", fault=str(fault))
            return
        if len(self._known) >= MOST_KNOWN:
            self._known.clear()
        self._known.add(request.user)


@dataclass(frozen=True, slots=True)
class GuildEvents:
    """What happens when Hallway is invited into a server or removed from one."""

    hosting: CommunityService

    async def invited(self, guild: discord.Guild) -> None:
        """Say hello, once and where an organizer will see it."""
        if not await self.hosting.joined(PLATFORM, str(guild.id), guild.name):
            return
        place = _place(guild)
        if place is None:
            return
        try:
            with translate_errors():
                await place.send(WELCOME, allowed_mentions=discord.AllowedMentions.none())
        except (SendError, TargetGoneError) as fault:
            log.info("the welcome was not taken", fault=str(fault))

    async def removed(self, guild: int) -> None:
        """Stop what is owed there at once."""
        await self.hosting.left(PLATFORM, str(guild))

    async def found(self, guilds: list[discord.Guild], shards: Shards) -> None:
        """Notice what happened while we were away, in the servers that we hear of."""
        await self.hosting.is_only_in(PLATFORM, {str(guild.id): guild.name or "" for guild in guilds}, shards.see)


def _place(guild: discord.Guild) -> discord.TextChannel | None:
    """Where moderators get Discord's own notices, else where newcomers are greeted, else the first open channel."""
    for channel in (guild.public_updates_channel, guild.system_channel, *guild.text_channels):
        if channel is not None:
            mine = channel.permissions_for(guild.me)
            if mine.view_channel and mine.send_messages:
                return channel
    return None
