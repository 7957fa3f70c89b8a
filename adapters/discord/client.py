"""The Discord client: passes gateway events on, and registers the commands with Discord when they have changed."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import aiohttp
import discord
import structlog
from discord import app_commands
from discord.utils import MISSING

from adapters.discord.commands import discord_command, fingerprint
from adapters.discord.components import FORM, ActionButton, ActionSelect, AgainButton
from adapters.discord.guild_events import GuildEvents
from adapters.discord.interactions import DiscordInteractionHandler
from adapters.discord.limits import TokenLimits
from adapters.discord.permissions import intents
from adapters.discord.plain_words import PlainWordsHandler
from adapters.discord.shards import Shards
from adapters.discord.translations import Translator
from bot.app.ports import Store
from bot.domain.errors import StoreError

LONGEST_WAIT = 30.0
"""Seconds that discord.py waits for a rate limit by itself; if it would have to wait longer, it raises an error."""

CATCHING_UP = 10.0
"""Seconds between two attempts to store what servers Hallway is in."""

SINGLE = Shards()
"""One connection for all servers."""

log = structlog.get_logger("hallway.discord")


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientDependencies:
    """What a client passes events to. `on_connection` gets True when it is connected, and False when it is not."""

    handler: DiscordInteractionHandler
    plain_words: PlainWordsHandler
    guild_events: GuildEvents
    store: Store
    on_connection: Callable[[bool], None]


class ClientMixin:
    """What both clients have in common; discord.py finds the `on_…` methods by their names."""

    handler: DiscordInteractionHandler
    dependencies: ClientDependencies
    tree: app_commands.CommandTree[Any]
    own_shards: Shards
    taken_shards: set[int]

    def set_up(self, client: discord.Client, dependencies: ClientDependencies, shards: Shards) -> None:
        """Create the command tree and the components of `client`.

        Args:
            client: this object, with the type that discord.py expects.
            dependencies: the parts of the application that the client uses.
            shards: the shards that this process connects.
        """
        self.dependencies, self.handler, self.own_shards = dependencies, dependencies.handler, shards
        self.taken_shards = set()
        self.tree = app_commands.CommandTree(client)
        for command in self.handler.dispatch.commands.values():
            self.tree.add_command(discord_command(command, self.handler.run, self.handler.suggest))
        client.add_dynamic_items(ActionButton, AgainButton, ActionSelect)

    def dispatch(self, event: str, /, *args: object, **kwargs: object) -> None:
        """Pass an event on unless the client is closed, when discord.py would make a coroutine and never await it."""
        if self.loop is not MISSING:  # type: ignore[attr-defined]  # a client's
            super().dispatch(event, *args, **kwargs)  # type: ignore[misc]  # a client's

    async def setup_hook(self) -> None:
        """Prepare the commands; nothing is asked here, because people wait for the connection."""
        await self.tree.set_translator(Translator())

    def report_connection(self) -> None:
        """Report that people are answered on all of our shards."""
        log.info("connected", servers=len(self.guilds))  # type: ignore[attr-defined]  # a client's
        self.dependencies.on_connection(True)  # noqa: FBT003 — connected

    async def on_ready(self) -> None:
        """Catch up with the servers that Discord reports, and register the commands: two seconds after the connection.

        Until then the commands of the last version work.
        """
        await self._catch_up()
        if self.is_closed():  # type: ignore[attr-defined]  # a client's
            return
        try:
            await register_commands(self.tree, self.dependencies.store)
        except StoreError as error:
            # The next connection registers the commands.
            log.warning("the commands could not be compared", fault=str(error))

    async def _catch_up(self) -> None:
        """Compare the stored servers with those of the client; as long as the database cannot be used, try again."""
        while not self.is_closed():  # type: ignore[attr-defined]  # a client's
            try:
                await self.dependencies.guild_events.connected(list(self.guilds), self.own_shards)  # type: ignore[attr-defined]
            except StoreError as error:
                # People are answered all the same, if only with the request to try again.
                log.warning("the servers could not be compared yet", fault=str(error))
                await asyncio.sleep(CATCHING_UP)
            else:
                return

    async def on_resumed(self) -> None:
        """Report the connection; Discord repeats the events that were missed."""
        self.dependencies.on_connection(True)  # noqa: FBT003 — connected

    async def on_disconnect(self) -> None:
        """Report the lost connection, which discord.py resumes by itself."""
        self.dependencies.on_connection(False)  # noqa: FBT003 — not connected

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Install Hallway in the server."""
        try:
            await self.dependencies.guild_events.joined(guild)
        except StoreError:
            await self._catch_up()

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Stop the deliveries of the server."""
        try:
            await self.dependencies.guild_events.removed(guild.id)
        except StoreError:
            await self._catch_up()

    async def on_message(self, message: discord.Message) -> None:
        """Answer plain words that are written to Hallway."""
        own = self.user  # type: ignore[attr-defined]  # a client's
        if own is not None:
            await self.dependencies.plain_words.handle(message, own.id)

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        """Handle a submitted form, recognized by its custom id, so that it may have been opened before a restart."""
        submitted_id = str(dict(interaction.data or {}).get("custom_id", ""))
        if interaction.type is discord.InteractionType.modal_submit and submitted_id.startswith(f"{FORM}:"):
            await self.handler.submit(interaction)


class SingleShardClient(ClientMixin, discord.Client):
    """A client with one connection, for up to about 2,500 servers."""

    async def on_connect(self) -> None:
        """Report the connection as soon as Discord takes it: discord.py is "ready" two seconds later."""
        self.report_connection()


class ManyShardsClient(ClientMixin, discord.AutoShardedClient):
    """A client with as many connections as Discord wants."""

    async def on_shard_connect(self, shard: int) -> None:
        """Report the connection when Discord has taken each of our shards."""
        self.taken_shards.add(shard)
        if self.taken_shards.issuperset(self.own_shards.ids):
            self.report_connection()


def new_client(
    dependencies: ClientDependencies, limits: TokenLimits, shards: Shards = SINGLE
) -> SingleShardClient | ManyShardsClient:
    """A client that caches servers and channels only, and whose requests wait for `limits`."""
    options: dict[str, Any] = {
        "intents": intents(),
        "allowed_mentions": discord.AllowedMentions.none(),
        "max_messages": None,
        "chunk_guilds_at_startup": False,
        "member_cache_flags": discord.MemberCacheFlags.none(),
        "max_ratelimit_timeout": LONGEST_WAIT,
        "connector": limits.connector(),
        "enable_debug_events": False,
    }
    many: dict[str, Any] = {"shard_count": shards.count, "shard_ids": list(shards.ids)}
    client = SingleShardClient(**options) if shards.count == 1 else ManyShardsClient(**many, **options)
    client.set_up(client, dependencies, shards)
    return client


async def register_commands(tree: app_commands.CommandTree[Any], store: Store) -> bool:
    """Register the commands with Discord if they have changed since the last time; returns whether it did."""
    name, current = f"discord-commands-{tree.client.application_id}", await fingerprint(tree)
    async with store.read_transaction() as work:
        if await work.key_values.get(name) == current:
            return False
    try:
        registered = await tree.sync()
    except discord.RateLimited as error:
        log.warning("the commands were not taken: Discord asks to wait", seconds=error.retry_after)
        return False
    except discord.HTTPException as error:
        # Discord still has the commands of the last version, and they work.
        log.warning("the commands were not taken", status=error.status, code=error.code)
        return False
    except (aiohttp.ClientError, OSError, TimeoutError) as error:
        log.warning("the commands were not taken", fault=type(error).__name__)
        return False
    async with store.write_transaction() as work:
        await work.key_values.put(name, current)
    log.info("registered the commands", commands=len(registered))
    return True
