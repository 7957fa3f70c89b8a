"""Builds what belongs to the workspaces that Hallway is in, from the credentials in the settings."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

from aiohttp import web
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.oauth.installations import SingleWorkspace, StoredWorkspaces
from adapters.slack.oauth.routes import OAuthRoutes
from adapters.slack.oauth.uninstall import UninstallHandler
from adapters.slack.users import UserDirectory
from adapters.slack.web_client import AppCredentials
from bot.app.access.communities import CommunityService
from bot.app.ports import Clock, SecretCipher, Store


@dataclass(frozen=True, slots=True)
class BotTokenCredentials:
    """The bot token of the one workspace that Hallway is in."""

    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class OAuthCredentials:
    """What Hallway needs to be installed in many workspaces, at `public_url`; `cipher` encrypts their tokens.

    `clock` is the real clock, because tokens expire in real time.
    """

    app: AppCredentials
    public_url: str
    cipher: SecretCipher
    clock: Clock


Credentials = BotTokenCredentials | OAuthCredentials


@dataclass(frozen=True, slots=True)
class WorkspaceService:
    """The workspaces, their users, the handler of removals, and the routes of the installation."""

    workspaces: SingleWorkspace | StoredWorkspaces
    users: UserDirectory
    uninstalls: UninstallHandler
    routes: Sequence[web.AbstractRouteDef] = ()

    @classmethod
    def from_credentials(
        cls, credentials: Credentials, client: AsyncWebClient, store: Store, hosting: CommunityService
    ) -> "WorkspaceService":
        """Build the service; `client` has no token of its own, each call names one."""
        workspaces: SingleWorkspace | StoredWorkspaces
        routes: Sequence[web.AbstractRouteDef] = ()
        if isinstance(credentials, BotTokenCredentials):
            workspaces = SingleWorkspace(credentials.token, client)
        else:
            app, clock = credentials.app, credentials.clock
            workspaces = StoredWorkspaces(store, credentials.cipher, clock, app, client)
            routes = OAuthRoutes(app, client, credentials.public_url, store, clock, workspaces, hosting).routes()
        return cls(workspaces, UserDirectory(client), UninstallHandler(workspaces, hosting), routes)

    @asynccontextmanager
    async def tokens_refreshed(self) -> AsyncIterator[None]:
        """Renew tokens before they expire, while the block runs."""
        task = asyncio.create_task(self.workspaces.keep_tokens_fresh())
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
