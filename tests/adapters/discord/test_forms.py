"""Forms on Discord: one that is refused opens again with what was typed."""

import asyncio
from dataclasses import replace

import pytest

from bot.app.command_spec import Call, Command, Context
from bot.app.messages import Reply
from bot.domain.errors import BadInputError
from tests.adapters.discord.conftest import DiscordHarness
from tests.adapters.discord.test_announcing import content, promote, refresh
from tests.fake_servers.discord import MANAGE_GUILD, Asked, Person


@pytest.fixture
async def olga(discord_app: DiscordHarness) -> Person:
    """She may manage the server."""
    promote(discord_app, 32)
    await refresh(discord_app)
    return replace(discord_app.ada, id=32, name="olga", permissions=MANAGE_GUILD)


def filled(form: Asked) -> dict[str, str]:
    """What stands in the fields of a form."""
    fields = [row["component"] for row in form.body["data"]["components"]]
    values = {field["custom_id"]: field.get("value") for field in fields}
    lists = {field["custom_id"]: field["options"] for field in fields if field["type"] == 3}
    values |= {name: next((o["value"] for o in options if o.get("default")), "") for name, options in lists.items()}
    chosen = {field["custom_id"]: field["default_values"] for field in fields if field.get("default_values")}
    values |= {name: str(found[0]["id"]) for name, found in chosen.items()}
    return {name: value for name, value in values.items() if value}


LONG = "@everyone *Lunch* is [served](https://example.org) in <#200>.\n" * 24 + "End"
TYPED = {"text": LONG, "to": "going NOWHERE1", "channel": "200"}


async def test_a_refused_form_opens_again_with_what_was_typed_and_is_sent(
    discord_app: DiscordHarness, olga: Person
) -> None:
    form = await olga.type("announce")
    refused = await olga.fill_in(form, **TYPED)
    assert 'I found no "NOWHERE1"' in content(refused)
    assert refused.body["data"]["flags"] == 64
    assert refused.body["data"]["allowed_mentions"] == {"parse": []}
    again = await olga.press(refused, "Fill in again")
    assert (again.body["type"], filled(again)) == (9, TYPED)
    assert [row["component"]["custom_id"] for row in again.body["data"]["components"]] == [
        row["component"]["custom_id"] for row in form.body["data"]["components"]
    ]
    refused = await olga.fill_in(again, to="going NOWHERE2")
    again = await olga.press(refused, "Fill in again")
    assert filled(again) == {**TYPED, "to": "going NOWHERE2"}
    preview = await olga.fill_in(again, to="going ARC301")
    assert "isn't sent yet" in content(preview)
    assert "<#200>" in str(preview.body)


async def test_a_form_that_changes_an_announcement_still_does_so_after_a_refusal(
    discord_app: DiscordHarness, olga: Person
) -> None:
    preview = await olga.type("announce", text="Beer", to="everyone", channel="#200")
    number = content(preview).split("Announcement ")[1].split("*")[0]
    refused = await olga.fill_in(await olga.press(preview, "Change…"), when="yesterday")
    again = await olga.press(refused, "Fill in again")
    assert filled(again) == {"when": "yesterday"}
    changed = await olga.fill_in(again, when="12:00")
    assert f"Announcement {number}" in content(changed)
    assert "Beer" in content(changed)


async def test_a_slow_refusal_keeps_what_was_typed_too(discord_app: DiscordHarness, olga: Person) -> None:
    gate = asyncio.Event()

    async def slow(call: Call, context: Context) -> Reply:
        del call, context
        await gate.wait()
        raise BadInputError("Not today.")

    commands = discord_app.app.dispatch.commands
    form = await olga.type("announce")
    object.__setattr__(
        discord_app.app.dispatch, "commands", {**commands, "announce": Command("announce", "slow", slow)}
    )
    discord_app.hurry()
    promised = await olga.fill_in(form, **TYPED)
    assert promised.body["type"] == 5
    gate.set()
    edited = await discord_app.peer.edited(olga)
    assert edited.body["content"] == "Not today."
    object.__setattr__(discord_app.app.dispatch, "commands", commands)
    assert filled(await olga.press(edited, "Fill in again")) == TYPED


async def test_the_form_is_not_opened_again_for_who_lost_the_right(discord_app: DiscordHarness, olga: Person) -> None:
    refused = await olga.fill_in(await olga.type("announce"), **TYPED)
    late = await replace(olga, permissions=0).press(refused, "Fill in again")
    assert content(late) == "Only organizers can use /announce."


async def test_audiences_and_ways_are_chosen_from_lists_and_completed_while_one_types(
    discord_app: DiscordHarness, olga: Person
) -> None:
    form = await olga.type("announce")
    lists = {row["component"]["custom_id"]: row["component"].get("options") for row in form.body["data"]["components"]}
    values = [option["value"] for option in lists["to~pick"]]
    assert values[:3] == ["everyone", "organizers", "going ARC301"]
    assert {"next MGM Grand", "day 2021-11-29"} <= set(values)
    adding = await olga.press(await olga.fill_in(form, text="Hello", channel="200"), "Add…")
    by = next(row["component"] for row in adding.body["data"]["components"])
    assert [option["value"] for option in by["options"]] == ["channel", "dm", "both"]
    assert "0 direct messages and 1 channel post" in str((await olga.fill_in(adding, by="both")).body)
    for value in values:
        preview = await olga.fill_in(form, **{"text": "Hello", "to~pick": value, "to": "#general"})
        assert "isn't sent yet" in content(preview), value
    refused = await olga.fill_in(
        form, **{"text": "Hello", "to~pick": "going ARC301", "to": "the moon", "when": "14:00"}
    )
    again = await olga.press(refused, "Fill in again")
    assert filled(again) == {"text": "Hello", "to": "going ARC301 and the moon", "when": "14:00"}
    completed = await olga.complete("announce", "to", "going ARC301 and nex")
    assert {"name": "going ARC301 and next MGM Grand", "value": "going ARC301 and next MGM Grand"} in completed


async def test_a_role_as_audience_is_refused_with_what_to_do_instead(discord_app: DiscordHarness, olga: Person) -> None:
    refused = await olga.type("announce", text="Meet at the desk", to="<@&101>")
    assert "I can't write to a role or a user group" in content(refused)
