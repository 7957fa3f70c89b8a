"""The platforms that have credentials; each is imported only if it is used."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING, Protocol

from bot.app.access.communities import CommunityService
from bot.app.delivery.leases import LeaseManager
from bot.app.delivery.rate_limiter import RateLimiter
from bot.app.dispatcher import Dispatch
from bot.app.ports import Messenger, Store
from bot.config import Settings
from bot.domain.errors import HallwayError, StoreError
from bot.storage.unit_of_work import SqlStore

if TYPE_CHECKING:  # it takes a third of a second, and the doctor needs none
    from aiohttp import web


class Platform(Protocol):
    """What `hallway run` needs of a platform."""

    @property
    def messenger(self) -> Messenger:
        """Sends its deliveries."""
        ...

    @property
    def connected(self) -> bool:
        """Whether people can reach us there now."""
        ...

    @property
    def pacer(self) -> RateLimiter:
        """What its requests wait for."""
        ...

    @property
    def routes(self) -> Sequence["web.AbstractRouteDef"]:
        """What it answers over HTTP, on the one server; asked for once it serves."""
        ...

    def serving(
        self, dispatch: Dispatch, hosting: CommunityService, store: Store
    ) -> AbstractAsyncContextManager[asyncio.Task[None]]:
        """Serves while the block runs; the task ends only if the platform cannot go on."""
        ...


def platforms(settings: Settings, leases: LeaseManager | None = None) -> dict[str, Platform]:
    """By name, those whose credentials are set; what can be divided among processes is, by the `keeper`."""
    found: dict[str, Platform] = {}
    if settings.discord_token:
        from adapters.discord import DiscordPlatform, Line  # noqa: PLC0415 — it takes half a second

        token = settings.discord_token.get_secret_value()
        line = Line(token, settings.discord_api_url, settings.discord_gateway_url)
        found["discord"] = DiscordPlatform(line, leases=leases)
    if slack := slack_platform(settings):
        found["slack"] = slack
    return found


def slack_platform(settings: Settings) -> Platform | None:
    """Slack, if it has credentials; raises the fault of settings that do not go together."""
    used = (settings.slack_bot_token, settings.slack_app_token, settings.slack_signing_secret, settings.slack_client_id)
    if not any((*used, settings.slack_client_secret)):
        return None
    from adapters.slack.platform import SlackPlatform, SlackSettings  # noqa: PLC0415 — it takes half a second
    from bot.cli.slack import credentials  # noqa: PLC0415 — as above

    found = credentials(settings)
    if found is None:
        return None
    return SlackPlatform(
        SlackSettings(
            credentials=found,
            api_url=settings.slack_api_url,
            app_token=settings.slack_app_token.get_secret_value() if settings.slack_app_token else None,
            signing_secret=settings.slack_signing_secret.get_secret_value() if settings.slack_signing_secret else None,
        )
    )


async def discord_application(settings: Settings) -> int:
    """The id of the Discord application that the token belongs to."""
    from adapters.discord import Line, application_of  # noqa: PLC0415 — it takes half a second

    if settings.discord_token is None:
        message = (
            "HALLWAY_DISCORD_TOKEN is not set: make an application and copy the token of its Bot page "
            "(docs/how-to/discord.md)"
        )
        raise HallwayError(message)
    return await application_of(
        Line(settings.discord_token.get_secret_value(), settings.discord_api_url, settings.discord_gateway_url)
    )


async def discord_findings(settings: Settings) -> AsyncIterator[tuple[bool, str]]:
    """What is well with Discord and what is not, each as a sentence."""
    from adapters.discord import Line, examine  # noqa: PLC0415 — it takes half a second

    token = settings.discord_token.get_secret_value() if settings.discord_token else ""
    store = SqlStore.at(settings.database_url.get_secret_value())
    try:
        async with store.read_transaction() as work:
            hosts = await work.communities.on("discord")
        async for finding in examine(Line(token, settings.discord_api_url, settings.discord_gateway_url), hosts):
            yield finding
    except StoreError as fault:
        yield False, f"its servers are unknown: {fault}"
    finally:
        await store.close()
