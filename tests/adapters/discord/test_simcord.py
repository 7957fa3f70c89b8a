"""The same client in process, on another simulation of Discord: who may see and use what, and what is sent for it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import Any

import discord
import pytest
import simcord

from adapters.discord.client import ClientDependencies, new_client
from adapters.discord.guild_events import DirectMessageOpener, GuildEvents
from adapters.discord.interactions import DiscordInteractionHandler
from adapters.discord.messenger import DiscordMessenger
from adapters.discord.plain_words import PlainWordsHandler
from bot.app.access.communities import CommunityService
from bot.app.access.direct_messages import DmChannels
from tests.fake_servers.discord import Asked
from tests.fake_servers.discord_spec import DiscordSpec
from tests.fakes.app_harness import AppHarness


@dataclass(frozen=True, slots=True)
class Club:
    """A server with one channel, an attendee and an organizer."""

    env: simcord.Env
    channel: simcord.ChannelHandle
    ada: simcord.MemberActor
    olga: simcord.MemberActor
    guild: simcord.GuildHandle


@pytest.fixture
async def club(app: AppHarness, spec: DiscordSpec | None) -> AsyncIterator[Club]:
    client: list[discord.Client] = []
    messenger = DiscordMessenger(lambda: client[0])
    hosting = CommunityService(app.store, app.clock, app.dispatch.schedules, lambda: None)
    opener = DirectMessageOpener(DmChannels(app.store), messenger)
    handler = DiscordInteractionHandler(app.dispatch, opener)
    dependencies = ClientDependencies(
        handler=handler,
        plain_words=PlainWordsHandler(app.dispatch, messenger, opener, handler.running),
        guild_events=GuildEvents(hosting),
        store=app.store,
        on_connection=lambda connected: None,
    )
    client.append(new_client(dependencies, messenger.limits))
    env = simcord.Env(client[0])
    await env.start()
    try:
        guild = env.create_guild("Cloud Club")
        channel = guild.create_text_channel("general")
        managers = guild.create_role("Managers", permissions=discord.Permissions(manage_guild=True))
        ada = guild.add_member(env.create_user("ada"))
        olga = guild.add_member(env.create_user("olga"), roles=[managers])
        await env.settle()
        yield Club(env, channel, ada, olga, guild)
        env.raise_errors()
        for request in env.http_requests:
            if spec and request.json is not None:
                spec.check(Asked(request.method, request.path, request.json))
    finally:
        await env.shutdown()


async def test_whoever_is_made_an_organizer_finds_the_commands_and_may_use_them(club: Club) -> None:
    """Discord keeps what it hides from people who were added, so that nothing is hidden."""
    assert "settings" in club.ada.available_commands(club.channel)
    refused = await club.ada.slash(club.channel, "settings")
    assert refused.response is not None
    assert refused.response.content == "Only organizers can use /settings."
    added = await club.olga.slash(club.channel, "organizer", action="add", person=club.ada, until="2h")
    assert added.response is not None
    assert added.response.content.startswith("ada is now an organizer until")
    shown = await club.ada.slash(club.channel, "settings")
    assert shown.response is not None
    assert shown.response.content == "How I work in this community:"


async def test_whoever_has_the_role_that_was_chosen_is_an_organizer(club: Club, app: AppHarness) -> None:
    crew = club.guild.create_role("Crew")
    bob = club.guild.add_member(club.env.create_user("bob"), roles=[crew])
    async with app.store.write_transaction() as work:
        where = await work.communities.add("discord", str(club.guild.id))
        await work.communities.save(replace(where, role=str(crew.id), role_name="Crew"))
    shown = await bob.slash(club.channel, "settings")
    assert shown.response is not None
    assert shown.response.content == "How I work in this community:"


async def test_a_conversation_in_a_server(club: Club) -> None:
    listed = await club.ada.slash(club.channel, "nextsession")
    assert listed.ephemeral
    assert listed.response is not None
    assert listed.response.content.startswith("Next at this conference:\n")
    shown = await club.ada.select(listed.response, values=["arc301"])
    assert shown.response is not None
    going = await club.ada.click(shown.response, label="Going")
    assert going.response is not None
    assert going.response.content.startswith("You're going.")
    agenda = await club.ada.slash(club.channel, "agenda", form="calendar")
    assert agenda.response is not None
    assert [file.filename for file in agenda.response.attachments] == ["cloud21-agenda.ics"]


async def test_a_form_opens_and_is_taken(club: Club) -> None:
    asked = await club.ada.slash(club.channel, "hotel")
    assert asked.response is not None
    form = await club.ada.click(asked.response, label="Another…")
    assert form.modal is not None
    answer = await club.ada.submit_modal(form, {"venue": "MGM"})
    assert answer.response is not None
    assert answer.response.content.startswith("You're staying at MGM Grand.")


async def test_completions_are_offered(club: Club) -> None:
    offered = await club.ada.autocomplete(club.channel, "attend", "code", "arc")
    assert [choice["value"] for choice in offered] == ["ARC301"]


async def test_an_organizer_chooses_the_reminders_channel(club: Club) -> None:
    answer = await club.olga.slash(club.channel, "settings", reminders=club.channel)
    assert answer.response is not None
    assert answer.response.content == "Saved."
    assert answer.response.embeds[0].fields[1].value == f"<#{club.channel.id}>"
    answer = await club.olga.slash(club.channel, "settings", digest=club.channel)
    assert answer.response is not None
    assert [field.value for field in answer.response.embeds[0].fields[1:3]] == [f"<#{club.channel.id}>"] * 2


async def test_plain_words_are_answered_with_the_intents_that_are_asked_for(club: Club) -> None:
    """The simulated gateway gives events, and the text of messages, by the intents of the connection."""
    client = club.env.bot
    assert client.user is not None
    await club.ada.send(club.channel, "what's next?")
    await club.env.settle()
    assert not _posted(club)
    await club.ada.send(club.channel, f"<@{client.user.id}> what's next?")
    await club.env.settle()
    direct, pointer = _posted(club)
    assert direct["content"].startswith("Next at this conference:")
    assert pointer["content"].endswith("I've answered you in a direct message, so that only you see it.")
    await club.ada.send_dm("where is ARC301")
    await club.env.settle()
    assert "Queues that never sleep" in str(_posted(club)[2]["embeds"])


def _posted(club: Club) -> list[dict[str, Any]]:
    """The messages that the bot posted."""
    sent = [
        request for request in club.env.http_requests if request.method == "POST" and request.path.endswith("/messages")
    ]
    return [request.json for request in sent if isinstance(request.json, dict)]
