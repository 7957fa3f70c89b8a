"""Our side of the gateway: events go to the desk and the hosts; commands are told to Discord when they changed."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import discord
import structlog
from discord import app_commands
from discord.utils import MISSING

from adapters.discord.commands import discord_command, fingerprint
from adapters.discord.components import FORM, Pick, Press
from adapters.discord.guild_events import GuildEvents
from adapters.discord.interactions import DiscordInteractionHandler
from adapters.discord.limits import Limits
from adapters.discord.permissions import intents
from adapters.discord.shards import Shards
from adapters.discord.translations import Translator
from bot.app.ports import Store

LONGEST_WAIT = 30.0
"""Seconds that a request may wait for a rate limit inside discord.py; longer ones come back to us as a fault."""

ONLY = Shards()
"""One connection for all servers."""

log = structlog.get_logger("hallway.discord")


@dataclass(frozen=True, slots=True)
class ClientDependencies:
    """Who does the work behind a client."""

    desk: DiscordInteractionHandler
    hosts: GuildEvents
    store: Store
    is_up: Callable[[bool], None]


class _Wired:
    """What both clients have in common; discord.py finds the `on_…` handlers by their names."""

    desk: DiscordInteractionHandler
    staff: ClientDependencies
    tree: app_commands.CommandTree[Any]
    shards_of_ours: Shards

    def wire(self, client: discord.Client, staff: ClientDependencies, shards: Shards) -> None:
        """Give the client its tree and what dynamic items need; done once, when it is made."""
        self.staff, self.desk, self.shards_of_ours = staff, staff.desk, shards
        self.tree = app_commands.CommandTree(client)
        for command in staff.desk.dispatch.commands.values():
            self.tree.add_command(discord_command(command, staff.desk.run, staff.desk.suggest))
        client.add_dynamic_items(Press, Pick)

    def dispatch(self, event: str, /, *args: object, **kwargs: object) -> None:
        """Pass an event to its handlers, unless closed: discord.py would make a coroutine that it cannot start."""
        if self.loop is not MISSING:  # type: ignore[attr-defined]  # a client's
            super().dispatch(event, *args, **kwargs)  # type: ignore[misc]  # a client's

    async def setup_hook(self) -> None:
        """Logged in, not connected yet."""
        await self.tree.set_translator(Translator())
        await tell_commands(self.tree, self.staff.store)

    async def on_ready(self) -> None:
        """Connected, and told which servers we are in."""
        guilds = list(self.guilds)  # type: ignore[attr-defined]  # a client's
        log.info("connected", servers=len(guilds))
        await self.staff.hosts.found(guilds, self.shards_of_ours)
        self.staff.is_up(True)  # noqa: FBT003 — up it is

    async def on_resumed(self) -> None:
        """The connection is back and nothing was lost."""
        self.staff.is_up(True)  # noqa: FBT003 — up it is

    async def on_disconnect(self) -> None:
        """The connection is gone; discord.py resumes it."""
        self.staff.is_up(False)  # noqa: FBT003 — down it is

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Invited."""
        await self.staff.hosts.invited(guild)

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Removed."""
        await self.staff.hosts.removed(guild.id)

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        """Forms come here by their custom id, so that one opened before a restart is taken too."""
        wire = str(dict(interaction.data or {}).get("custom_id", ""))
        if interaction.type is discord.InteractionType.modal_submit and wire.startswith(f"{FORM}:"):
            await self.staff.desk.submit(interaction)


class OneShard(_Wired, discord.Client):
    """For up to some 2,500 servers."""


class ManyShards(_Wired, discord.AutoShardedClient):
    """For as many as Discord says."""


def new_client(staff: ClientDependencies, limits: Limits, shards: Shards = ONLY) -> OneShard | ManyShards:
    """A client that keeps nothing of what it sees but servers and channels, and asks within `limits`."""
    options: dict[str, Any] = {
        "intents": intents(),
        "allowed_mentions": discord.AllowedMentions.none(),
        "max_messages": None,
        "chunk_guilds_at_startup": False,
        "member_cache_flags": discord.MemberCacheFlags.none(),
        "max_ratelimit_timeout": LONGEST_WAIT,
        "http_trace": limits.trace(),
        "enable_debug_events": False,
    }
    many: dict[str, Any] = {"shard_count": shards.count, "shard_ids": list(shards.ids)}
    client = OneShard(**options) if shards.count == 1 else ManyShards(**many, **options)
    client.wire(client, staff, shards)
    return client


async def tell_commands(tree: app_commands.CommandTree[Any], store: Store) -> bool:
    """Tell Discord the commands if they are not those it was told last; says whether it was told."""
    name, now = f"discord-commands-{tree.client.application_id}", await fingerprint(tree)
    async with store.read_transaction() as work:
        if await work.key_values.get(name) == now:
            return False
    try:
        told = await tree.sync()
    except discord.HTTPException as error:
        # The commands of the last version still work: better those than none.
        log.warning("the commands were not taken", status=error.status, code=error.code)
        return False
    async with store.write_transaction() as work:
        await work.key_values.put(name, now)
    log.info("told the commands", commands=len(told))
    return True
