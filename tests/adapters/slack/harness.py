"""A simulated Slack with Hallway connected to it, over HTTP or Socket Mode, and a conference to talk about."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest
from aiohttp import web
from prometheus_client import CollectorRegistry

from adapters.slack.interactions import SlackInteractionHandler
from adapters.slack.oauth.workspaces import BotTokenCredentials
from adapters.slack.platform import SlackPlatform, SlackSettings
from adapters.web import Connections, Monitoring, build, serve
from bot.app.access.authorization import PermissionChecker
from bot.app.access.communities import CommunityService
from bot.app.announcements.sender import AnnouncementSender
from bot.app.delivery.scheduler import DeliveryScheduler
from bot.app.ports import DeliveryFilter
from bot.app.registry import all_nudges
from bot.app.simulation import Rehearsal
from bot.domain.attendee.attendee import Attendee
from tests.fake_servers.slack import APP_TOKEN, SECRET, TEAM, TOKEN, Message, Person, Post, SlackPeer, slack_peer
from tests.fake_servers.slack_spec import slack_spec
from tests.fakes.app_harness import AppHarness


@dataclass(slots=True)
class SlackHarness:
    """Everything of a running platform; `ada` is in the workspace."""

    app: AppHarness
    peer: SlackPeer
    platform: SlackPlatform
    ada: Person
    rehearsal: Rehearsal
    hosting: CommunityService
    connections: Connections

    @property
    def handler(self) -> SlackInteractionHandler:
        assert self.platform.handler is not None
        return self.platform.handler

    async def quiet(self) -> None:
        """Wait until every answer is given."""
        await self.handler.finish()

    async def wait(self, **span: float) -> list[Message]:
        """Let time pass; gives what the app posted on its own meanwhile."""
        before = len(self.peer.messages)
        self.app.rehearsal = self.rehearsal
        await self.app.wait(**span)
        return self.peer.messages[before:]

    async def attendee(self, user: str = "U031") -> Attendee:
        async with self.app.store.read_transaction() as work:
            found = await work.people.find("slack", TEAM, user)
        assert found is not None
        return found

    async def states(self, user: str = "U031") -> list[str]:
        async with self.app.store.read_transaction() as work:
            return [
                delivery.state.value for delivery in await work.deliveries.of_attendee((await self.attendee(user)).id)
            ]


@asynccontextmanager
async def slack_harness(peer: SlackPeer, app: AppHarness, *, socket: bool = False) -> AsyncIterator[SlackHarness]:
    """The platform, served."""
    settings = SlackSettings(
        credentials=BotTokenCredentials(TOKEN),
        api_url=f"{peer.url}/api/",
        app_token=APP_TOKEN if socket else None,
        signing_secret=None if socket else SECRET,
    )
    # A ping that is not answered within half its interval ends the connection.
    platform = SlackPlatform(settings, ping_interval=5, retry_interval=0.1)
    hosting = CommunityService(app.store, app.clock, app.dispatch.schedules, lambda: None)
    schedules, scopes = app.dispatch.schedules, [DeliveryFilter("slack")]
    app.messengers["slack"] = platform.messenger
    scheduler = DeliveryScheduler(app.store, app.clock, schedules, app.messengers, all_nudges(), scopes)
    standings = PermissionChecker(app.store, app.messengers)
    broadcast = AnnouncementSender(app.store, app.clock, schedules, standings, scopes, lambda: None)
    async with platform.serving(app.dispatch, hosting, app.store):
        connections = Connections()
        web_app: web.Application = build(Monitoring({}, CollectorRegistry()), platform.routes, connections=connections)
        async with serve(web_app, "127.0.0.1", 0) as port:
            if socket:
                await peer.until(lambda: bool(peer.sockets))
            post = Post(peer, "" if socket else f"http://127.0.0.1:{port}/slack/events")
            rehearsal = Rehearsal(app.dispatch, scheduler, app.clock, other_jobs=(broadcast,))
            yield SlackHarness(app, peer, platform, Person(post), rehearsal, hosting, connections)


@pytest.fixture(name="slack")
async def slack_fixture() -> AsyncIterator[SlackPeer]:
    """Whatever a test makes the app send has to be what Slack's own documents allow."""
    async with slack_peer(slack_spec().check) as made:
        yield made
    assert not made.broken, made.broken


@pytest.fixture(name="slack_app")
async def slack_app_fixture(slack: SlackPeer, app: AppHarness) -> AsyncIterator[SlackHarness]:
    """The platform over HTTP."""
    async with slack_harness(slack, app) as made:
        yield made
