"""A conversation on Discord: commands, lists, buttons, forms and completions, over real HTTP and WebSocket."""

import asyncio
import gc
from dataclasses import replace

import discord
import pytest

from bot.app.command_spec import Call, Command, Context
from bot.app.dispatcher import CommandLimits
from bot.app.messages import Card, Reply
from tests.adapters.discord.conftest import DiscordHarness
from tests.builders import ARC, KEY, SEC, at, schedule
from tests.fake_servers.discord import CREW, MANAGE_GUILD, ROLE, Asked, Fault, Person, items

EPHEMERAL = 64
NOON = "<t:1638205200:t>"


def labels(asked: Asked) -> list[str]:
    return [str(item.get("label") or item.get("placeholder")) for item in items(asked)]


def words(asked: Asked) -> str:
    body = asked.body.get("data") or asked.body
    embeds = [f"{e.get('title')}\n{e.get('description', '')}" for e in body.get("embeds", ())]
    return "\n".join([body.get("content") or "", *embeds])


async def test_from_the_list_to_a_session_to_going_to_the_agenda(discord_app: DiscordHarness) -> None:
    listed = await discord_app.ada.type("nextsession")
    assert listed.body["type"] == 4
    assert listed.body["data"]["flags"] == EPHEMERAL
    assert listed.body["data"]["allowed_mentions"] == {"parse": []}
    assert words(listed).startswith("Next at this conference:\n")
    assert f"1 · Queues that never sleep (ARC301)\nMon 29 Nov {NOON}-<t:1638208800:t>, Venetian" in words(listed)
    shown = await discord_app.ada.choose(listed, 0)
    assert labels(shown) == ["Show the walk", "Going", "Going, seat reserved", "☆ Star", "Who's going"]
    assert "Ada Byron" in words(shown)
    going = await discord_app.ada.press(shown, "Going, seat reserved")
    assert words(going).startswith("You're going, with a reserved seat.")
    own = await discord_app.ada.type("nextsession")
    assert labels(own) == ["Show the walk", "On my way", "I'm here", "Details"]
    agenda = await discord_app.ada.press(going, "Agenda")
    assert "1 · Queues that never sleep (ARC301)" in words(agenda)
    calendar = await discord_app.ada.press(agenda, "Add to my calendar")
    assert calendar.files == ("cloud21-agenda.ics",)
    assert calendar.body["data"]["content"] == "1 session for your calendar. Open the file to add it."


@pytest.mark.parametrize(("locale", "nine"), [("en-GB", "09:00"), ("en-US", "9:00 am"), ("de", "09:00")])
async def test_the_clock_is_that_of_discords_locale_until_one_is_chosen(
    discord_app: DiscordHarness, locale: str, nine: str
) -> None:
    ada = replace(discord_app.ada, locale=locale)
    await ada.type("attend", code="ARC301")
    offered = await ada.type("skip")
    assert labels(offered) == [f"Queues that never sleep (ARC301, Mon {nine})", "Agenda"]
    await ada.type("timezone", clock="12h")
    assert labels(await ada.type("skip"))[0] == "Queues that never sleep (ARC301, Mon 9:00 am)"
    assert "Mon 29 Nov 9:00 am-10:00 am, Venetian" in words(await ada.type("nextsession"))


async def test_what_people_write_in_quotes_and_slashes_comes_through(discord_app: DiscordHarness) -> None:
    for typed in ("It's five o'clock somewhere", "\\d+", "« Rust »", "“Rust”"):
        assert typed in words(await discord_app.ada.type("session", code=typed)).replace("\\\\", "\\")
    assert "O'Connell's Hall" in words(await discord_app.ada.type("here", venue="O'Connell's Hall"))


async def test_a_form_asks_for_what_a_button_leaves_open(discord_app: DiscordHarness) -> None:
    asked = await discord_app.ada.type("hotel")
    form = await discord_app.ada.press(asked, "Another…")
    assert form.body["type"] == 9
    assert form.body["data"]["title"] == "Your hotel: your first walk of the day…"
    answer = await discord_app.ada.fill_in(form, venue="MGM")
    assert words(answer).startswith("You're staying at MGM Grand.")


async def test_a_button_on_an_old_message_says_what_changed(discord_app: DiscordHarness) -> None:
    shown = await discord_app.ada.type("session", code="ARC301")
    moved = schedule([replace(ARC, starts_at=at(15), ends_at=at(16), venue="Wynn", revision=2), KEY, SEC])
    await discord_app.app.publish(replace(moved, conference=replace(moved.conference, revision=2)))
    pressed = await discord_app.ada.press(shown, "Going")
    assert words(pressed).startswith(
        "This has changed since that message: Queues that never sleep (ARC301), Mon 29 Nov"
    )
    assert "Wynn" in words(pressed).splitlines()[0]


async def test_a_button_of_a_command_that_is_gone_gets_a_polite_answer(discord_app: DiscordHarness) -> None:
    button = {"type": 2, "style": 1, "label": "Old", "custom_id": "do:juggle?balls=3"}
    old = Asked("POST", "", {"data": {"components": [{"type": 1, "components": [button]}]}})
    assert words(await discord_app.ada.press(old, "Old")).startswith("There is no command /juggle.")


async def test_typing_is_completed_from_the_schedule(discord_app: DiscordHarness) -> None:
    assert [choice["value"] for choice in await discord_app.ada.complete("attend", "code", "arc")] == ["ARC301"]
    assert [choice["value"] for choice in await discord_app.ada.complete("attend", "code", "keys")] == ["SEC203"]
    assert len(await discord_app.ada.complete("session", "code", "")) > 1
    assert [choice["value"] for choice in await discord_app.ada.complete("walk", "to", "mg")] == ["MGM Grand"]
    assert [choice["name"] for choice in await discord_app.ada.complete("agenda", "day", "tue")] == ["Tuesday 30 Nov"]
    assert [choice["value"] for choice in await discord_app.ada.complete("timezone", "zone", "los an")] == [
        "America/Los_Angeles"
    ]


async def test_a_direct_message_is_for_the_community_used_last_and_needs_no_hiding(discord_app: DiscordHarness) -> None:
    await discord_app.ada.type("attend", code="ARC301")
    alone = replace(discord_app.ada, direct=True)
    answer = await alone.type("agenda")
    assert "ARC301" in words(answer)
    assert not answer.body["data"].get("flags")


async def test_somebody_who_installed_hallway_for_themselves_is_answered_in_any_server(
    discord_app: DiscordHarness,
) -> None:
    alone = Person(discord_app.peer, id=77, name="bob", installed=False, guild=555)
    assert "min" in words(await alone.type("walk", from_="Venetian", to="MGM"))
    await alone.type("attend", code="ARC301")
    assert "ARC301" in words(await alone.type("agenda"))
    async with discord_app.app.store.read_transaction() as work:
        assert [community.tenant for community in await work.communities.of_user("discord", "77")] == ["@77"]


async def test_organizers_are_those_who_may_manage_the_server_and_it_is_checked_at_every_call(
    discord_app: DiscordHarness,
) -> None:
    refused = await discord_app.ada.type("settings")
    assert words(refused) == "Only organizers can use /settings."
    organizer = replace(discord_app.ada, permissions=MANAGE_GUILD)
    assert "Reminders channel" in str((await organizer.type("settings")).body)
    direct = replace(organizer, direct=True)
    assert words(await direct.type("settings")) == "Only organizers can use /settings."


async def test_people_and_roles_are_chosen_from_lists_and_shown_without_a_mention(discord_app: DiscordHarness) -> None:
    manager = replace(discord_app.ada, permissions=MANAGE_GUILD)
    added = await manager.type("organizer", action="add", person="@32", until="2h")
    assert words(added).startswith("user32 is now an organizer until Mon 29 Nov <t:1638208800:t>.")
    bob = Person(discord_app.peer, id=32, name="@everyone <@&101>")
    assert "Reminders channel" in str((await bob.type("settings")).body)
    await bob.type("organizer", action="add", person="@33")
    role = await manager.type("organizer", action="role", role=f"&{CREW}")
    assert words(role) == "Members with the role Crew are now organizers."
    listed = await manager.type("organizer")
    assert "everybody with the role Crew" in words(listed)
    assert labels(listed) == ["Remove user32", "Log"]
    log = await manager.press(listed, "Log")
    assert "\\@" not in words(log)
    assert "@\u200beveryone \\<@\u200b&101>: /organizer add (user33) (failed)" in words(log)
    shown = await manager.type("organizer", action="role")
    over = await manager.press(shown, "Without Crew")
    assert words(over) == "The role Crew no longer makes anybody an organizer."


async def test_everybody_is_no_role(discord_app: DiscordHarness) -> None:
    manager = replace(discord_app.ada, permissions=MANAGE_GUILD)
    refused = await manager.type("organizer", action="role", role=f"&{ROLE}")
    assert words(refused) == '"everyone" is not a role that I can use. Choose one from the list.'


async def test_a_slow_answer_is_promised_and_then_given(discord_app: DiscordHarness) -> None:
    gate = asyncio.Event()

    async def slow(call: Call, context: Context) -> Reply:
        del call, context
        await gate.wait()
        return Reply((("Worth the wait.",),), (Card("It is there"),))

    commands = {**discord_app.app.dispatch.commands, "now": Command("now", "slow", slow)}
    # The tree stays as it is: only what the command does is another now.
    object.__setattr__(discord_app.app.dispatch, "commands", commands)
    discord_app.hurry()
    promised = await discord_app.ada.type("now")
    assert promised.body == {"type": 5, "data": {"flags": EPHEMERAL}}
    gate.set()
    given = await discord_app.peer.edited(discord_app.ada)
    assert words(given) == "Worth the wait.\nIt is there\n"


async def test_a_long_list_is_turned_page_by_page(discord_app: DiscordHarness) -> None:
    organizer = replace(discord_app.ada, permissions=MANAGE_GUILD)
    first = await organizer.press(await organizer.type("help"), "More")
    assert labels(first)[-3:] == ["◀", "1 of 2", "▶"]
    second = await organizer.press(first, "▶")
    assert second.body["type"] == 7
    assert labels(second)[-3:] == ["◀", "2 of 2", "▶"]
    assert words(await organizer.press(second, "◀")) == words(first)


async def test_an_unknown_name_offers_what_may_be_meant(discord_app: DiscordHarness) -> None:
    refused = await discord_app.ada.type("walk", from_="Wyn", to="Venetain")
    assert labels(refused)[0] == "Venetian"
    assert "Venetian" in words(await discord_app.ada.press(refused, "Venetian"))


async def test_an_answer_that_discord_does_not_take_breaks_nothing(discord_app: DiscordHarness) -> None:
    discord_app.peer.faults.append(
        Fault("POST", r"/interactions/.*", 404, {"message": "Unknown interaction", "code": 10062})
    )
    with pytest.raises(TimeoutError):
        await discord_app.peer.interact({"id": "1", "name": "now", "type": 1}, 2, discord_app.ada, seconds=0.5)
    assert words(await discord_app.ada.type("now"))


async def test_a_flood_of_commands_is_answered_with_one_sentence(discord_app: DiscordHarness) -> None:
    client = discord_app.platform.messenger.client()
    handler = client.handler  # type: ignore[union-attr]  # our own client
    handler.dispatch = replace(handler.dispatch, limits=CommandLimits(lambda: 0.0))
    answers = [await discord_app.ada.type(command) for command in ("now", "help") * 10]
    assert [words(answer) for answer in answers[10:]] == ["That was a lot at once: try again in 1 s."] * 10
    assert await discord_app.ada.complete("session", "code", "ARC")
    assert [await discord_app.ada.complete("session", "code", "ARC") for _ in range(20)][-1] == []


async def test_two_commands_at_once_open_one_direct_message(discord_app: DiscordHarness) -> None:
    await asyncio.gather(*(discord_app.ada.type("now") for _ in range(5)))
    await discord_app.quiet()
    assert [
        request.body["recipient_id"] for request in discord_app.peer.asked if request.path == "/users/@me/channels"
    ] == ["31"]


async def test_an_answer_that_was_given_is_not_kept_in_memory(discord_app: DiscordHarness) -> None:
    """discord.py kept the buttons of every answer for a quarter of an hour, in a task."""
    for code in ("ARC301", "SEC203"):
        await discord_app.ada.press(await discord_app.ada.type("session", code=code), "Going")
    await discord_app.quiet()
    gc.collect()
    assert [view for view in gc.get_objects() if isinstance(view, discord.ui.View)] == []
