"""Where we are a member and how that begins and ends, put together by what the settings hold."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

from aiohttp import web
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.oauth.installations import OneWorkspace, StoredWorkspaces
from adapters.slack.oauth.routes import OAuthRoutes
from adapters.slack.oauth.uninstall import UninstallHandler
from adapters.slack.users import People
from adapters.slack.web_client import App
from bot.app.access.communities import CommunityService
from bot.app.ports import Clock, SecretCipher, Store


@dataclass(frozen=True, slots=True)
class OneToken:
    """We speak in the workspace of one bot token."""

    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ManyTokens:
    """Workspaces install us themselves, at `public_url`; their tokens are kept sealed.

    `clock` is the real one: tokens end in real time.
    """

    app: App
    public_url: str
    seal: SecretCipher
    clock: Clock


Credentials = OneToken | ManyTokens


@dataclass(frozen=True, slots=True)
class WorkspaceService:
    """The workspaces, who people are in them, what is heard of a removal, and the routes of an installation."""

    workspaces: OneWorkspace | StoredWorkspaces
    people: People
    farewell: UninstallHandler
    routes: Sequence[web.AbstractRouteDef] = ()

    @classmethod
    def of(
        cls, held: Credentials, client: AsyncWebClient, store: Store, hosting: CommunityService
    ) -> "WorkspaceService":
        """By the credentials; `client` asks Slack, and its calls name their token."""
        if isinstance(held, OneToken):
            one = OneWorkspace(held.token, client)
            return cls(one, People(client), UninstallHandler(one, hosting))
        many = StoredWorkspaces(store, held.seal, held.clock, held.app, client)
        desk = OAuthRoutes(held.app, client, held.public_url, store, held.clock, many, hosting)
        return cls(many, People(client), UninstallHandler(many, hosting), desk.routes())

    @asynccontextmanager
    async def kept_fresh(self) -> AsyncIterator[None]:
        """While the block runs, tokens are renewed before they end."""
        task = asyncio.create_task(self.workspaces.keep_fresh())
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
