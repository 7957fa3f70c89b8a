"""A simulated Discord with Hallway connected to it, and a conference to talk about."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from adapters.discord import ConnectionSettings, DiscordPlatform
from bot.app.access.authorization import PermissionChecker
from bot.app.access.communities import CommunityService
from bot.app.announcements.sender import AnnouncementSender
from bot.app.delivery.scheduler import DeliveryScheduler
from bot.app.ports import DeliveryFilter
from bot.app.registry import all_nudges
from bot.app.simulation import Rehearsal
from tests.fake_servers.discord import TOKEN, DiscordPeer, Message, Person, discord_peer
from tests.fake_servers.discord_spec import DiscordSpec, discord_spec
from tests.fakes.app_harness import AppHarness


@dataclass(slots=True)
class DiscordHarness:
    """Everything of a running platform; `ada` is in the server."""

    app: AppHarness
    peer: DiscordPeer
    platform: DiscordPlatform
    ada: Person
    rehearsal: Rehearsal

    async def quiet(self) -> None:
        """Wait until every answer is given and everybody who was met has a channel."""
        client = self.platform.messenger.client()
        assert client is not None
        await client.handler.finish()  # type: ignore[attr-defined]  # our own client

    def hurry(self) -> None:
        """Announce an answer as slow almost at once."""
        client = self.platform.messenger.client()
        assert client is not None
        client.handler.patience = 0.05  # type: ignore[attr-defined]  # our own client

    async def wait(self, **span: float) -> list[Message]:
        """Let time pass; gives what the bot posted on its own meanwhile."""
        before = len(self.peer.messages)
        self.app.rehearsal = self.rehearsal
        await self.app.wait(**span)
        return self.peer.messages[before:]


@pytest.fixture(scope="session")
def spec() -> DiscordSpec | None:
    return discord_spec()


@pytest.fixture
async def peer(spec: DiscordSpec | None) -> AsyncIterator[DiscordPeer]:
    """Whatever a test makes the bot send has to be what Discord's own document allows."""
    async with discord_peer(spec.check if spec else None) as made:
        yield made
    assert made.broken == []


@pytest.fixture
def line(peer: DiscordPeer) -> ConnectionSettings:
    return ConnectionSettings(TOKEN, f"{peer.url}/api/v10", f"{peer.url.replace('http', 'ws')}/gateway")


@pytest.fixture
async def discord_app(peer: DiscordPeer, line: ConnectionSettings, app: AppHarness) -> AsyncIterator[DiscordHarness]:
    # A busy machine makes no answer a slow one: the tests of slow answers call `hurry`.
    platform = DiscordPlatform(line, patience=30)
    hosting = CommunityService(app.store, app.clock, app.dispatch.schedules, lambda: None)
    scheduler = DeliveryScheduler(
        app.store,
        app.clock,
        app.dispatch.schedules,
        {"discord": platform.messenger},
        all_nudges(),
        [DeliveryFilter("discord")],
    )
    app.messengers["discord"] = platform.messenger
    dispatch, rights = app.dispatch, PermissionChecker(app.store, app.messengers)
    schedules, scopes = app.dispatch.schedules, [DeliveryFilter("discord")]
    broadcast = AnnouncementSender(app.store, app.clock, schedules, rights, scopes, lambda: None)
    async with platform.serving(dispatch, hosting, app.store):
        await peer.until(lambda: bool(peer.sockets))
        yield DiscordHarness(
            app, peer, platform, Person(peer), Rehearsal(dispatch, scheduler, app.clock, other_jobs=(broadcast,))
        )
