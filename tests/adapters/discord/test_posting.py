"""Messages in channels of a server: posted once, edited, taken back, and never in somebody else's server."""

import pytest

from adapters.discord.messenger import DiscordMessenger
from bot.app.messages import Button, Reply, Strong
from bot.app.ports import InvalidMessageError, RecipientUnreachableError
from bot.domain.attendee.attendee import Community
from tests.adapters.discord.conftest import DiscordHarness
from tests.fake_servers.discord import CHANNEL, GUILD, Fault, guild

CLUB = Community(1, "discord", str(GUILD), "cloud21")
GENERAL = str(CHANNEL)
NOTICE = Reply(((Strong("Lunch"), " is in @everyone's hall"),), buttons=(Button("Agenda", "agenda"),))
UNKNOWN_MESSAGE = {"message": "Unknown Message", "code": 10008}
NO_ACCESS = {"message": "Missing Access", "code": 50001}


async def post(messenger: DiscordMessenger, channel: str = GENERAL) -> str:
    return (await messenger.post(CLUB, channel, "k" * 24, "announcement", NOTICE)).message


async def test_a_channel_gets_a_message_once_and_it_calls_nobody(discord_app: DiscordHarness) -> None:
    messenger = discord_app.platform.messenger
    assert await post(messenger) == await post(messenger)
    (sent,) = discord_app.peer.messages
    assert (sent.channel, sent.body["nonce"], sent.body["enforce_nonce"]) == (GENERAL, "k" * 24, True)
    assert sent.body["allowed_mentions"] == {"parse": []}


async def test_what_was_posted_is_edited_and_taken_back(discord_app: DiscordHarness) -> None:
    messenger = discord_app.platform.messenger
    message = await post(messenger)
    await messenger.edit(CLUB, GENERAL, message, Reply((("Lunch is over",),)))
    (sent,) = discord_app.peer.messages
    assert sent.body["content"] == "Lunch is over"
    assert sent.body["components"] == []
    assert discord_app.peer.asked[-1].body["allowed_mentions"] == {"parse": []}
    await messenger.delete(CLUB, GENERAL, message)
    assert discord_app.peer.messages == []
    await messenger.delete(CLUB, GENERAL, message)
    with pytest.raises(RecipientUnreachableError, match="cannot be edited any more"):
        await messenger.edit(CLUB, GENERAL, message, NOTICE)


async def test_what_cannot_be_taken_back_says_so(discord_app: DiscordHarness) -> None:
    messenger = discord_app.platform.messenger
    message = await post(messenger)
    discord_app.peer.faults.append(Fault("DELETE", r"/channels/.+", 403, NO_ACCESS))
    with pytest.raises(RecipientUnreachableError, match="cannot be deleted"):
        await messenger.delete(CLUB, GENERAL, message)


@pytest.mark.parametrize("channel", ["300", "999", "nowhere"])
async def test_a_channel_of_another_server_is_refused(discord_app: DiscordHarness, channel: str) -> None:
    other = guild(555, "Other Club")
    other["channels"][0]["id"] = "300"
    await discord_app.peer.send("GUILD_CREATE", other)
    client = discord_app.platform.messenger.client()
    assert client is not None
    await client.wait_until_ready()
    with pytest.raises(RecipientUnreachableError, match="I cannot write in that channel"):
        await post(discord_app.platform.messenger, channel)
    assert discord_app.peer.messages == []


async def test_a_channel_in_which_the_bot_may_not_write_is_refused(discord_app: DiscordHarness) -> None:
    discord_app.peer.faults.append(Fault("POST", rf"/channels/{CHANNEL}/messages", 403, NO_ACCESS))
    with pytest.raises(RecipientUnreachableError, match="I cannot write in that channel"):
        await post(discord_app.platform.messenger)


async def test_a_message_that_discord_never_takes_is_spoilt(discord_app: DiscordHarness) -> None:
    discord_app.peer.faults.append(Fault("POST", r"/channels/.+", 400, {"message": "Invalid Form Body", "code": 50035}))
    with pytest.raises(InvalidMessageError):
        await post(discord_app.platform.messenger)
