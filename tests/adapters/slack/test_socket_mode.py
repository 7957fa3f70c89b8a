"""Socket Mode: over a real WebSocket that is refreshed, dropped and refused."""

import asyncio

import pytest

from adapters.slack.oauth.installations import BAD_TOKEN
from adapters.slack.oauth.workspaces import BotTokenCredentials
from adapters.slack.platform import SlackPlatform, SlackSettings
from adapters.slack.socket_mode import BAD_APP_TOKEN, SocketModeListener
from adapters.slack.web_client import SlackError
from bot.app.access.communities import CommunityService
from bot.domain.errors import StoreError
from tests.adapters.slack.harness import SlackHarness, slack_harness
from tests.adapters.slack.test_conversation import NEXT
from tests.fake_servers.slack import APP_TOKEN, SECRET, TOKEN, Fault, SlackPeer, words
from tests.fakes.app_harness import AppHarness


async def test_everything_works_without_a_public_address(slack: SlackPeer, app: AppHarness) -> None:
    async with slack_harness(slack, app, socket=True) as slack_app:
        assert slack_app.platform.routes == []
        listed = await slack_app.ada.type("/nextsession")
        assert words(listed).startswith(NEXT)
        going = await slack_app.ada.press(await slack_app.ada.type("/session ARC301"), "Going")
        assert words(going).startswith("You're going.\n")
        form = await slack_app.ada.press(await slack_app.ada.type("/hotel"), "Another…")
        assert "MGM Grand" in words(await slack_app.ada.fill_in(form, venue="MGM Grand"))
        assert "ARC301" in words(await slack_app.ada.open_home())


async def test_a_new_connection_is_opened_where_slack_asks_for_one(slack: SlackPeer, app: AppHarness) -> None:
    async with slack_harness(slack, app, socket=True) as slack_app:
        await slack.refresh()
        await slack.until(lambda: slack.connections >= 2 and len(slack.sockets) == 1)
        assert words(await slack_app.ada.type("/nextsession"))


async def test_a_connection_that_is_dropped_is_opened_again(slack: SlackPeer, app: AppHarness) -> None:
    async with slack_harness(slack, app, socket=True) as slack_app:
        await slack.hang_up()
        await slack.until(lambda: slack.connections >= 2 and len(slack.sockets) == 1)
        assert words(await slack_app.ada.type("/nextsession"))


async def test_what_was_not_acknowledged_in_time_comes_again_and_is_done_once(
    slack: SlackPeer, app: AppHarness
) -> None:
    async with slack_harness(slack, app, socket=True) as slack_app:
        body = slack_app.ada.command("/attend ARC301")
        first = await slack.push("slash_commands", body)
        second = await slack.push("slash_commands", body, retry=1)
        await slack.until(lambda: {first, second} <= set(slack.acknowledged))
        await slack_app.quiet()
        assert len(slack.of("respond")) == 1


def socket_of(slack_app: SlackHarness, states: list[bool]) -> SocketModeListener:
    inbound = slack_app.platform.routes[-1].handler.__self__  # type: ignore[attr-defined]  # a bound method
    return SocketModeListener(
        inbound.app, APP_TOKEN, states.append, ping_interval=0.1, lost_after=0.2, first_pause=0.01
    )


async def test_where_the_client_cannot_reconnect_another_one_takes_its_place(slack_app: SlackHarness) -> None:
    states: list[bool] = []
    peer = slack_app.peer
    # The first answer gives an address where nobody listens: the library would try that one for ever.
    peer.faults.append(Fault("apps.connections.open", 200, {"ok": True, "url": "ws://127.0.0.1:9/link"}))
    socket = socket_of(slack_app, states)
    socket.connect_timeout = 0.3
    listening = asyncio.create_task(socket.listen())
    await peer.until(lambda: peer.connections == 1)
    await peer.until(lambda: True in states or peer.connections > 5)
    # Now every address leads nowhere, until Slack is back.
    peer.faults.append(Fault("apps.connections.open", 200, {"ok": True, "url": "ws://127.0.0.1:9/link"}, times=4))
    await peer.hang_up()
    await peer.until(lambda: peer.connections >= 2)
    listening.cancel()
    await asyncio.gather(listening, return_exceptions=True)
    assert states[-1] is False


async def test_a_slack_that_does_not_answer_is_asked_again(slack_app: SlackHarness) -> None:
    states: list[bool] = []
    slack_app.peer.faults.append(Fault("apps.connections.open", 503, "no"))
    slack_app.peer.faults.append(Fault("apps.connections.open", 429, {"ok": False}, {"Retry-After": "0"}))
    listening = asyncio.create_task(socket_of(slack_app, states).listen())
    await slack_app.peer.until(lambda: slack_app.peer.connections == 1)
    listening.cancel()
    await asyncio.gather(listening, return_exceptions=True)


async def served(peer: SlackPeer, app: AppHarness, settings: SlackSettings) -> None:
    platform = SlackPlatform(settings, retry_interval=0.01)
    hosting = CommunityService(app.store, app.clock, app.dispatch.schedules, lambda: None)
    async with platform.serving(app.dispatch, hosting, app.store) as task, asyncio.timeout(60):
        await task


async def test_a_refused_token_ends_it_with_one_sentence(slack: SlackPeer, app: AppHarness) -> None:
    api = f"{slack.url}/api/"
    with pytest.raises(SlackError, match=BAD_TOKEN[:30]):
        await served(slack, app, SlackSettings(BotTokenCredentials("xoxb-wrong"), api, app_token=APP_TOKEN))
    with pytest.raises(SlackError, match=BAD_APP_TOKEN[:30]):
        await served(slack, app, SlackSettings(BotTokenCredentials(TOKEN), api, app_token="xapp-wrong"))


async def test_who_we_are_is_asked_until_slack_answers(slack: SlackPeer, app: AppHarness) -> None:
    slack.faults.append(Fault("auth.test", 503, "no", times=3))
    async with slack_harness(slack, app) as slack_app:
        await slack.until(lambda: len(slack.of("auth.test")) == 4)
        assert words(await slack_app.ada.type("/nextsession"))
    async with app.store.read_transaction() as work:
        community = await work.communities.get("slack", "T100")
    assert community is not None
    assert community.name == "Cloud Club"


async def test_a_store_that_is_away_at_the_start_is_asked_again(slack: SlackPeer, app: AppHarness) -> None:
    settings = SlackSettings(BotTokenCredentials(TOKEN), f"{slack.url}/api/", signing_secret=SECRET)
    platform = SlackPlatform(settings, retry_interval=0.01)

    came, tries = asyncio.Event(), 0

    class Late(CommunityService):
        async def joined(self, platform: str, tenant: str, name: str = "") -> bool:
            nonlocal tries
            tries += 1
            if tries < 3:
                raise StoreError("away")
            came.set()
            return True

    hosting = Late(app.store, app.clock, app.dispatch.schedules, lambda: None)
    async with platform.serving(app.dispatch, hosting, app.store), asyncio.timeout(60):
        await came.wait()
    assert tries == 3
