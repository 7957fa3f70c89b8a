"""Plain words on Discord: answered only in a direct message and where Hallway is mentioned."""

from dataclasses import replace

import pytest

from bot.app.dispatcher import CommandLimits
from tests.adapters.discord.conftest import DiscordHarness
from tests.builders import at
from tests.fake_servers.discord import CHANNEL, CREW, Fault, Message, Person, items

HALLWAY = "<@900>"
POINTER = "<@31> I've answered you in a direct message, so that only you see it."


def direct(discord_app: DiscordHarness) -> Person:
    return Person(discord_app.peer, direct=True)


async def answers(discord_app: DiscordHarness, person: Person, *lines: str) -> list[Message]:
    """What the bot posts until it has answered the last line, which needs an answer of one message."""
    before = len(discord_app.peer.messages)
    for line in lines:
        await person.write(line)
    # A direct message of somebody else is answered after all that came before it was read.
    await Person(discord_app.peer, id=77, name="eve", direct=True).write("help")
    await discord_app.peer.until(
        lambda: any(message.channel == "777" for message in discord_app.peer.messages[before:])
    )
    await discord_app.quiet()
    return [message for message in discord_app.peer.messages[before:] if message.channel != "777"]


def words(message: Message) -> str:
    embeds = [f"{e.get('title')}\n{e.get('description', '')}" for e in message.body.get("embeds", ())]
    return "\n".join([message.body.get("content") or "", *embeds])


async def test_a_direct_message_is_answered_by_the_command_that_it_means(discord_app: DiscordHarness) -> None:
    await discord_app.ada.type("attend", code="ARC301")
    (answer,) = await answers(discord_app, direct(discord_app), "when do I have to leave?")
    assert answer.channel == "731"
    assert words(answer).startswith("Your next session starts")
    assert "Queues that never sleep" in words(answer)


async def test_several_meanings_are_buttons_and_a_button_runs_its_command(discord_app: DiscordHarness) -> None:
    (answer,) = await answers(discord_app, direct(discord_app), "add ARC301 and SEC203")
    assert words(answer) == "I'm not sure what you mean. Is it one of these?"
    labels = [item["label"] for item in items(answer)]
    assert labels == ["/attend ARC301", "/attend SEC203"]
    shown = await direct(discord_app).press(answer, "/attend SEC203")
    assert "Keys, locks and doors" in str(shown.body)


async def test_what_is_not_understood_gets_one_helpful_line(discord_app: DiscordHarness) -> None:
    (answer,) = await answers(discord_app, direct(discord_app), "where can I wash **my** <@31> elephant?")
    assert answer.body["content"] == (
        'I did not understand "where can I wash \\*\\*my\\*\\* \\<@\u200b31> elephant?". Try: `what\'s next`, '
        "`where is ARC301` or `my agenda tomorrow`. All commands: `help`"
    )
    assert answer.body["allowed_mentions"] == {"parse": []}


async def test_small_talk_in_a_direct_message_gets_no_answer(discord_app: DiscordHarness) -> None:
    assert (
        await answers(discord_app, direct(discord_app), "thanks", "lol", "haha that's great", "see you tomorrow") == []
    )


async def test_a_mention_is_answered_in_a_direct_message_so_that_nobody_else_sees_the_agenda(
    discord_app: DiscordHarness,
) -> None:
    await discord_app.ada.type("attend", code="ARC301")
    private, public = await answers(discord_app, discord_app.ada, f"{HALLWAY} what's next?")
    assert private.channel == "731"
    assert "Queues that never sleep" in words(private)
    assert (public.channel, public.body["content"]) == (str(CHANNEL), POINTER)
    assert public.body["allowed_mentions"] == {"parse": []}
    assert "Queues" not in str(public.body)


async def test_the_buttons_of_such_an_answer_act_for_the_server_of_the_mention(discord_app: DiscordHarness) -> None:
    private, _ = await answers(discord_app, discord_app.ada, f"what's next {HALLWAY}")
    assert all("~h=100" in item["custom_id"] for item in items(private) if item["type"] == 2)


async def test_a_closed_direct_channel_gives_a_button_whose_answer_is_private(discord_app: DiscordHarness) -> None:
    await discord_app.ada.type("attend", code="ARC301")
    discord_app.peer.closed_to.add("31")
    (public,) = await answers(discord_app, discord_app.ada, f"{HALLWAY} my agenda")
    assert public.body["content"] == ("<@31> I can't message you directly. Press the button: only you see the answer.")
    shown = await discord_app.ada.press(public, "Show the answer")
    assert shown.body["data"]["flags"] == 64
    assert "Queues that never sleep" in str(shown.body)


async def test_a_channel_that_denies_the_pointer_changes_nothing_for_the_answer(discord_app: DiscordHarness) -> None:
    discord_app.peer.faults.append(
        Fault("POST", f"/channels/{CHANNEL}/messages", 403, {"code": 50013, "message": "no"})
    )
    (private,) = await answers(discord_app, discord_app.ada, f"{HALLWAY} help")
    assert private.channel == "731"


@pytest.mark.parametrize("typed", ["what's next", "hallway, what's next?", "/nextsession", "where is ARC301", "help"])
async def test_never_a_word_into_a_channel_where_nobody_mentioned_it(discord_app: DiscordHarness, typed: str) -> None:
    assert await answers(discord_app, discord_app.ada, typed) == []


async def test_a_mention_with_small_talk_is_not_answered_and_one_without_words_gets_the_helpful_line(
    discord_app: DiscordHarness,
) -> None:
    assert await answers(discord_app, discord_app.ada, f"thanks {HALLWAY}!", f"{HALLWAY} lol") == []
    private, _ = await answers(discord_app, discord_app.ada, HALLWAY)
    assert words(private).startswith("Hello! Ask me, for example: `what's next`")


async def test_a_reply_to_its_message_is_no_mention(discord_app: DiscordHarness) -> None:
    await discord_app.ada.write("what's next?", answers_bot=True)
    assert await answers(discord_app, discord_app.ada) == []


async def test_bots_and_notices_of_discord_are_ignored(discord_app: DiscordHarness) -> None:
    await discord_app.ada.write(f"{HALLWAY} what's next?", bot=True)
    await direct(discord_app).write("what's next?", bot=True)
    await direct(discord_app).write("what's next?", kind=6)
    assert await answers(discord_app, discord_app.ada) == []


async def test_a_command_written_as_a_message_is_that_command(discord_app: DiscordHarness) -> None:
    first, second = await answers(discord_app, direct(discord_app), "/agenda tomorrow", "/tomorrow")
    assert words(first) == words(second)
    assert words(first).startswith("Nothing on your agenda on Tue 30 Nov.")


async def test_a_flood_of_words_gets_one_refusal_and_then_silence(discord_app: DiscordHarness) -> None:
    now = [0.0]
    handler = discord_app.platform.messenger.client().dependencies.plain_words  # type: ignore[union-attr]
    limited = replace(handler.dispatch, limits=CommandLimits(lambda: now[0]))
    object.__setattr__(handler, "dispatch", limited)
    found = await answers(discord_app, direct(discord_app), *["help"] * 30)
    assert sum("That was a lot at once" in words(message) for message in found) == 1
    assert len(found) == 11


async def test_an_organizer_stays_one_by_role_when_writing_in_a_server(discord_app: DiscordHarness) -> None:
    await Person(discord_app.peer, id=40, name="org", permissions=1 << 5).type(
        "organizer", action="role", target=f"&{CREW}"
    )
    crew = Person(discord_app.peer, id=41, name="crew", roles=(CREW,))
    private, _ = await answers(discord_app, crew, f"{HALLWAY} /organizer list")
    assert "Only organizers" not in words(private)


async def test_the_channel_of_the_first_direct_message_is_stored_for_nudges(discord_app: DiscordHarness) -> None:
    discord_app.app.clock.move_to(at(8))
    await answers(discord_app, direct(discord_app), "add ARC301")
    assert not [
        request
        for request in discord_app.peer.asked
        if request.path == "/users/@me/channels" and "31" in str(request.body)
    ]
