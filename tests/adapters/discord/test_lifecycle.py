"""Life on the gateway: connections that fail, drop and come back, servers that come and go, commands told once."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest

from adapters.discord import ConnectionSettings, DiscordPlatform, PlatformError
from bot.app.access.communities import CommunityService
from tests.adapters.discord.conftest import DiscordHarness
from tests.fake_servers.discord import ALL_PERMISSIONS, CHANNEL, TOKEN, DiscordPeer, Fault, Person, guild
from tests.fakes.app_harness import AppHarness

FAILED = {"message": "upstream", "code": 0}
COMMANDS = "/applications/900/commands"


FOR_EVER = {"message": "You are being rate limited.", "retry_after": 10**9, "global": False}


@asynccontextmanager
async def served(platform: DiscordPlatform, app: AppHarness) -> AsyncIterator[asyncio.Task[None]]:
    hosting = CommunityService(app.store, app.clock, app.dispatch.schedules, lambda: None)
    async with platform.serving(app.dispatch, hosting, app.store) as task:
        yield task


def hurried(line: ConnectionSettings) -> DiscordPlatform:
    return DiscordPlatform(line, first_pause=0.01, patience=30)


def registrations(peer: DiscordPeer) -> int:
    return sum(request.path == COMMANDS for request in peer.asked)


def invitation(id_: int, name: str, *, permissions: int = ALL_PERMISSIONS) -> dict[str, object]:
    """As Discord tells of a new server: without the word that it is available again."""
    return {key: value for key, value in guild(id_, name, permissions=permissions).items() if key != "unavailable"}


async def until_left(app: AppHarness, tenant: str) -> None:
    async with asyncio.timeout(60):
        while True:
            async with app.store.read_transaction() as work:
                community = await work.communities.get("discord", tenant)
            if community and community.left_at:
                return
            await asyncio.sleep(0.01)


async def so(what: Callable[[], object]) -> None:
    """Wait until something is so that nobody tells of."""
    async with asyncio.timeout(60):
        while not what():  # noqa: ASYNC110 — nobody tells of it
            await asyncio.sleep(0.01)


async def until_ready(platform: DiscordPlatform) -> None:
    """Wait until discord.py has the list of servers, which it says two seconds after the connection."""
    await so(lambda: (client := platform.messenger.client()) and client.is_ready())


async def test_nothing_is_asked_before_people_are_answered_that_can_be_asked_later(
    peer: DiscordPeer, line: ConnectionSettings, app: AppHarness
) -> None:
    platform = hurried(line)
    async with served(platform, app):
        await peer.until(lambda: registrations(peer) == 1)
    assert [(request.method, request.path) for request in peer.asked[: peer.asked_before_identify[0]]] == [
        ("GET", "/users/@me"),
        ("GET", "/oauth2/applications/@me"),
        ("GET", "/gateway/bot"),
    ]


async def test_people_are_answered_while_discord_takes_its_time_for_the_commands_and_the_servers(
    peer: DiscordPeer, line: ConnectionSettings, app: AppHarness
) -> None:
    platform = hurried(line)
    async with served(platform, app):
        await so(lambda: platform.connected)
        client = platform.messenger.client()
        assert client is not None
        assert (client.is_ready(), registrations(peer)) == (False, 0)
        assert (await Person(peer).type("now")).body["type"] == 4
        assert (client.is_ready(), registrations(peer)) == (False, 0)


async def test_a_dropped_connection_is_resumed(discord_app: DiscordHarness) -> None:
    await discord_app.peer.hang_up()
    await discord_app.peer.until(lambda: discord_app.peer.resumed == 1)
    assert (await discord_app.ada.type("now")).body["type"] == 4
    assert len(discord_app.peer.identified) == 1


async def test_a_session_that_cannot_be_resumed_is_begun_anew(discord_app: DiscordHarness) -> None:
    discord_app.peer.resumable = False
    await discord_app.peer.hang_up()
    await discord_app.peer.until(lambda: len(discord_app.peer.identified) == 2)
    assert (await discord_app.ada.type("now")).body["type"] == 4


async def test_a_first_connection_that_fails_is_tried_again(
    peer: DiscordPeer, line: ConnectionSettings, app: AppHarness
) -> None:
    peer.faults.append(Fault("GET", "/gateway/bot", 404, FAILED, times=2))
    async with served(hurried(line), app):
        await peer.until(lambda: bool(peer.sockets))
        assert (await Person(peer).type("now")).body["type"] == 4


async def test_as_many_connections_are_made_as_discord_asks_for(
    peer: DiscordPeer, line: ConnectionSettings, app: AppHarness
) -> None:
    peer.shards = 2
    platform = hurried(line)
    async with served(platform, app):
        await so(lambda: platform.connected)
        assert sorted(payload["shard"] for payload in peer.identified) == [[0, 2], [1, 2]]
        assert (await Person(peer).type("now")).body["type"] == 4


async def test_a_gateway_that_is_not_there_is_tried_again_and_again(
    peer: DiscordPeer, line: ConnectionSettings, app: AppHarness
) -> None:
    unreachable = replace(line, gateway_url="ws://127.0.0.1:9/gateway")
    async with served(hurried(unreachable), app) as task:
        await peer.until(lambda: sum(request.path == "/gateway/bot" for request in peer.asked) >= 3)
        assert not task.done()


@pytest.mark.parametrize("path", ["/users/@me", "/gateway/bot"])
async def test_a_first_request_that_discord_puts_off_for_years_is_tried_again(
    peer: DiscordPeer, line: ConnectionSettings, app: AppHarness, path: str
) -> None:
    peer.faults.append(Fault("GET", path, 429, FOR_EVER))
    async with served(hurried(line), app):
        await peer.until(lambda: bool(peer.sockets))
        assert (await Person(peer).type("now")).body["type"] == 4


async def test_a_token_that_is_refused_ends_it_with_a_sentence(
    peer: DiscordPeer, line: ConnectionSettings, app: AppHarness
) -> None:
    peer.faults.append(Fault("GET", "/users/@me", 401, {"message": "401: Unauthorized", "code": 0}))
    async with served(hurried(line), app) as task:
        with pytest.raises(PlatformError, match="Discord refuses the token"):
            await asyncio.wait_for(asyncio.shield(task), 60)


async def test_a_token_that_the_gateway_refuses_ends_it_too(
    peer: DiscordPeer, line: ConnectionSettings, app: AppHarness
) -> None:
    async with served(hurried(replace(line, token=f"{TOKEN}-old")), app) as task:
        with pytest.raises(PlatformError, match="HALLWAY_DISCORD_TOKEN"):
            await asyncio.wait_for(asyncio.shield(task), 60)


async def test_the_token_is_in_no_repr(line: ConnectionSettings) -> None:
    assert TOKEN not in repr(line)
    assert TOKEN not in repr(DiscordPlatform(line))


async def test_the_commands_are_told_once_and_again_only_when_they_changed(
    peer: DiscordPeer, line: ConnectionSettings, app: AppHarness
) -> None:
    for _ in range(2):
        platform = hurried(line)
        async with served(platform, app):
            await until_ready(platform)
            await so(lambda: registrations(peer) == 1)
        await so(lambda: not peer.sockets)
    assert registrations(peer) == 1
    fewer = {name: command for name, command in app.dispatch.commands.items() if name != "pace"}
    app.dispatch = replace(app.dispatch, commands=fewer)
    async with served(hurried(line), app):
        await so(lambda: registrations(peer) == 2)
    assert "pace" not in {command["name"] for command in peer.commands}


@pytest.mark.parametrize(("status", "body"), [(400, {"message": "Invalid Form Body", "code": 50035}), (429, FOR_EVER)])
async def test_commands_that_are_not_taken_keep_nobody_from_being_answered(
    peer: DiscordPeer, line: ConnectionSettings, app: AppHarness, status: int, body: dict[str, Any]
) -> None:
    peer.faults.append(Fault("PUT", COMMANDS, status, body))
    async with served(hurried(line), app):
        await peer.until(lambda: registrations(peer) == 1)
        assert (await Person(peer).type("now")).body["type"] == 4
    async with served(hurried(line), app):
        await peer.until(lambda: registrations(peer) == 2)


async def test_an_invitation_is_greeted_once_where_organizers_look(
    peer: DiscordPeer, line: ConnectionSettings, app: AppHarness
) -> None:
    platform = hurried(line)
    async with served(platform, app):
        await until_ready(platform)
        await peer.send("GUILD_CREATE", invitation(300, "New Club"))
        await peer.until(lambda: bool(peer.messages))
        await peer.send("GUILD_DELETE", {"id": "300"})
        await peer.send("GUILD_CREATE", invitation(301, "Closed Club", permissions=0))
        await so(lambda: len(platform.messenger.client().guilds) == 2)  # type: ignore[union-attr]  # it is there
        await until_left(app, "300")
    (welcome,) = peer.messages
    assert welcome.channel == str(CHANNEL)
    assert welcome.body["content"].startswith("Hello, I am Hallway")
    async with app.store.read_transaction() as work:
        left = await work.communities.get("discord", "300")
    assert left is not None
    assert (left.name, left.left_at is None) == ("New Club", False)


async def test_what_happened_while_we_were_away_is_noticed(
    peer: DiscordPeer, line: ConnectionSettings, app: AppHarness
) -> None:
    async with app.store.write_transaction() as work:
        await work.people.join("discord", "999", "31")
    platform = hurried(line)
    async with served(platform, app):
        await until_left(app, "999")
    async with app.store.read_transaction() as work:
        assert [community.tenant for community in await work.communities.on_platform("discord")] == ["100"]
    assert peer.messages == []


async def test_an_answer_under_way_is_finished_when_we_stop(discord_app: DiscordHarness) -> None:
    answer = asyncio.create_task(discord_app.ada.type("find", words="queues"))
    await discord_app.peer.until(lambda: bool(discord_app.peer.asked[-1:]))
    assert (await answer).body["type"] == 4


async def test_buttons_lists_and_forms_work_after_a_restart(
    peer: DiscordPeer, line: ConnectionSettings, app: AppHarness
) -> None:
    ada = Person(peer)
    async with served(hurried(line), app):
        await so(lambda: peer.sockets)
        listed = await ada.type("nextsession")
        shown = await ada.choose(listed, 0)
        form = await ada.press(await ada.type("hotel"), "Another…")
    await so(lambda: not peer.sockets)
    async with served(hurried(line), app):
        await so(lambda: peer.sockets)
        answers = [await ada.choose(listed, 0), await ada.press(shown, "Going"), await ada.fill_in(form, venue="MGM")]
    titles = [answer.body["data"]["embeds"][0]["title"] for answer in answers[:2]]
    assert titles == ["Queues that never sleep (ARC301)"] * 2
    assert answers[2].body["data"]["content"].startswith("You're staying at MGM Grand.")
