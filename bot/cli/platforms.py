"""Creates the platforms that have credentials; a platform is imported only if it is used."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING, Protocol

from bot.app.access.communities import CommunityService
from bot.app.delivery.leases import LeaseManager
from bot.app.delivery.rate_limiter import RateLimiter
from bot.app.dispatcher import Dispatcher
from bot.app.ports import Messenger, Store
from bot.config import Settings, unknown_names
from bot.domain.errors import HallwayError, StoreError
from bot.domain.phrases import phrase
from bot.storage.unit_of_work import SqlStore

if TYPE_CHECKING:  # importing aiohttp takes 0.3 s, and `hallway doctor` does not need it
    from aiohttp import web

    from adapters.discord import ConnectionSettings


class Platform(Protocol):
    """A chat platform that `hallway run` serves."""

    @property
    def messenger(self) -> Messenger:
        """The messenger that sends the platform's deliveries."""
        ...

    @property
    def connected(self) -> bool:
        """Whether the platform is connected, so that people get answers."""
        ...

    @property
    def pacer(self) -> RateLimiter:
        """The rate limiter of the platform's requests."""
        ...

    @property
    def routes(self) -> Sequence["web.AbstractRouteDef"]:
        """The platform's HTTP routes; complete only after `serving` has begun."""
        ...

    def serving(
        self, dispatch: Dispatcher, hosting: CommunityService, store: Store
    ) -> AbstractAsyncContextManager[asyncio.Task[None]]:
        """Serve while the block runs. The yielded task ends only with an error, if the platform cannot continue."""
        ...


def platforms(settings: Settings, leases: LeaseManager | None = None) -> dict[str, Platform]:
    """The platforms whose credentials are set, by name.

    Args:
        settings: contain the credentials.
        leases: shares connections with other processes, if the platform supports that; None for a single process.
    """
    configured: dict[str, Platform] = {}
    if settings.discord_token:
        from adapters.discord import DiscordPlatform  # noqa: PLC0415 — importing it takes 0.5 s

        configured["discord"] = DiscordPlatform(_discord_connection(settings), leases=leases)
    if slack := slack_platform(settings):
        configured["slack"] = slack
    return configured


def not_configured(settings: Settings) -> dict[str, str]:
    """Return the platforms without credentials, each with the settings to add."""
    slack = (
        settings.slack_bot_token,
        settings.slack_app_token,
        settings.slack_signing_secret,
        settings.slack_client_id,
    )
    missing = {}
    if not settings.discord_token:
        missing["Discord"] = phrase("set HALLWAY_DISCORD_TOKEN (docs/how-to/discord.md)")
    if not any((*slack, settings.slack_client_secret)):
        missing["Slack"] = phrase("set HALLWAY_SLACK_BOT_TOKEN or HALLWAY_SLACK_CLIENT_ID (docs/how-to/slack.md)")
    return missing


def unknown_settings() -> list[str]:
    """Return one sentence for each name that looks like a setting but is unknown. Values are never shown."""
    return [
        phrase("{name} is not a setting of Hallway: did you mean {meant}?", name=name, meant=meant)
        if meant
        else phrase("{name} is not a setting of Hallway, and has no effect.", name=name)
        for name, meant in unknown_names().items()
    ]


def slack_platform(settings: Settings) -> Platform | None:
    """Return the Slack platform; None if the settings have no credentials for Slack.

    Raises:
        HallwayError: settings are missing or contradict each other; the message names them.
    """
    if not _has_slack(settings):
        return None
    from adapters.slack.platform import SlackPlatform, SlackSettings  # noqa: PLC0415 — importing it takes 0.5 s
    from bot.cli.slack import credentials  # noqa: PLC0415 — as above

    slack_credentials = credentials(settings)
    if slack_credentials is None:
        return None
    return SlackPlatform(
        SlackSettings(
            credentials=slack_credentials,
            api_url=settings.slack_api_url,
            app_token=settings.slack_app_token.get_secret_value() if settings.slack_app_token else None,
            signing_secret=settings.slack_signing_secret.get_secret_value() if settings.slack_signing_secret else None,
        )
    )


def _has_slack(settings: Settings) -> bool:
    used = (settings.slack_bot_token, settings.slack_app_token, settings.slack_signing_secret, settings.slack_client_id)
    return any((*used, settings.slack_client_secret))


async def discord_application(settings: Settings) -> int:
    """Return the id of the Discord application to which the token belongs."""
    from adapters.discord import application_of  # noqa: PLC0415 — importing it takes 0.5 s

    if settings.discord_token is None:
        raise HallwayError(
            "HALLWAY_DISCORD_TOKEN is not set: make an application and copy the token of its Bot page "
            "(docs/how-to/discord.md)"
        )
    return await application_of(_discord_connection(settings))


async def discord_findings(settings: Settings) -> AsyncIterator[tuple[bool, str]]:
    """Run Discord's checks for `hallway doctor`; yield for each whether it passed, and a message."""
    from adapters.discord import examine  # noqa: PLC0415 — importing it takes 0.5 s

    store = SqlStore.at(settings.database_url.get_secret_value())
    try:
        async with store.read_transaction() as work:
            communities = await work.communities.on_platform("discord")
        async for finding in examine(_discord_connection(settings), communities):
            yield finding
    except StoreError as error:
        yield False, phrase("its servers are unknown: {error}", error=error)
    finally:
        await store.close()


def _discord_connection(settings: Settings) -> "ConnectionSettings":
    from adapters.discord import ConnectionSettings  # noqa: PLC0415 — importing it takes 0.5 s

    return ConnectionSettings(
        token=settings.discord_token.get_secret_value() if settings.discord_token else "",
        api_url=settings.discord_api_url,
        gateway_url=settings.discord_gateway_url,
    )
