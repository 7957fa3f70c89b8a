"""Announcements on Discord: a form, a preview, a confirmation, and nobody called who was not meant to be."""

import re
from dataclasses import replace

import pytest

from bot.app.ports import Permissions
from tests.adapters.discord.conftest import DiscordHarness
from tests.fake_servers.discord import (
    CHANNEL,
    GUILD,
    MANAGE_GUILD,
    Asked,
    Fault,
    Message,
    Person,
    member,
    user,
)

MENTION_EVERYONE = 1 << 17
GENERAL = str(CHANNEL)


@pytest.fixture
def olga(discord_app: DiscordHarness) -> Person:
    """She may manage the server, also when Discord is asked about her."""
    promote(discord_app, 32)
    return replace(discord_app.ada, id=32, name="olga", permissions=MANAGE_GUILD)


def promote(discord_app: DiscordHarness, id_: int, permissions: int = MANAGE_GUILD) -> None:
    """Give a role with these permissions to somebody."""
    guild = discord_app.peer.guilds[GUILD]
    everyone = guild["roles"][0]
    everyone["permissions"] = "0"
    role = {**everyone, "id": f"{id_}00", "name": "staff", "permissions": str(permissions), "position": 1}
    guild["roles"] = [everyone, role]
    discord_app.peer.members[id_] = {**member(user(id_, f"user{id_}")), "roles": [role["id"]]}


def content(answer: Asked) -> str:
    return str(answer.body["data"].get("content", ""))


async def posted(discord_app: DiscordHarness, channel: str = GENERAL) -> list[Message]:
    await discord_app.wait(minutes=1)
    return [message for message in discord_app.peer.messages if message.channel == channel]


async def refresh(discord_app: DiscordHarness) -> None:
    """Tell the bot of the server as it is now, roles and all."""
    await discord_app.peer.send("GUILD_CREATE", discord_app.peer.guilds[GUILD])


async def test_a_form_leads_to_a_preview_and_a_confirmation_to_the_channel(
    discord_app: DiscordHarness, olga: Person
) -> None:
    await refresh(discord_app)
    form = await olga.type("announce")
    assert form.body["type"] == 9
    fields = [row["component"] for row in form.body["data"]["components"]]
    assert [(field["custom_id"], field["type"], field.get("style")) for field in fields] == [
        ("text", 4, 2),
        ("to~pick", 3, None),
        ("to", 4, 1),
        ("channel", 8, None),
        ("when", 4, 1),
    ]
    draft = await olga.fill_in(form, text="*Lunch* is\nin hall B", **{"to~pick": "everyone"}, to="in #general")
    preview = await olga.fill_in(await olga.press(draft, "Add…"), title='"Food"')
    head, *body = content(preview).split("\n")
    assert re.fullmatch(r"\*\*Announcement \d+\*\* isn't sent yet\. This is how it will look:", head)
    assert body == ["**Food**: **Lunch** is", "in hall B"]
    styles = {
        button["label"]: button["style"] for row in preview.body["data"]["components"] for button in row["components"]
    }
    assert [label for label, style in styles.items() if style == PRIMARY] == ["Confirm"]
    assert await posted(discord_app) == []
    confirmed = await olga.press(preview, "Confirm")
    assert "goes out now" in content(confirmed)
    (post,) = await posted(discord_app)
    assert post.body["content"].split("\n") == ["**Food**: **Lunch** is", "in hall B"]
    assert post.body["embeds"] == []
    assert post.body["allowed_mentions"] == {"parse": []}
    progress = [message for message in discord_app.peer.messages if message.channel == "732"]
    assert len(progress) == 1
    assert "has been sent" in progress[0].body["content"]


async def test_those_who_agreed_get_it_directly_and_a_recall_takes_it_back(
    discord_app: DiscordHarness, olga: Person
) -> None:
    await refresh(discord_app)
    await discord_app.ada.type("news", switch="on")
    await discord_app.ada.type("attend", code="SEC203")
    await discord_app.quiet()
    preview = await olga.type("announce", text="Room changed", to="going SEC203")
    await olga.press(preview, "Confirm")
    (direct,) = await posted(discord_app, "731")
    assert direct.body["content"].split("\n") == [
        "Room changed",
        'You get this because you go to "Keys, locks and doors". It comes from Cloud Club.',
    ]
    number = preview.body["data"]["content"].split()[1].strip("*,")
    await olga.type("announce", action="edit", number=number, text="Room changed to hall 9")
    (edited,) = await posted(discord_app, "731")
    assert edited.body["content"].startswith("Room changed to hall 9\n")
    await olga.type("announce", action="recall", number=number)
    assert await posted(discord_app, "731") == []
    muted = await replace(discord_app.ada, direct=True).press(direct, "Mute announcements")
    assert content(muted) == "I don't send you announcements from Cloud Club. You'll find them in its channels."


PRIMARY = 1
HOSTILE = "@everyone @here <@&100> <@31> <!channel> [free](https://evil.example) <#200> **x** `@everyone`"


async def test_what_is_typed_into_it_calls_nobody_and_hides_no_link(discord_app: DiscordHarness, olga: Person) -> None:
    await refresh(discord_app)
    arguments = {"text": HOSTILE, "title": HOSTILE[:90], "to": "everyone", "channel": f"#{CHANNEL}"}
    await olga.press(await olga.type("announce", **arguments), "Confirm")
    (post,) = await posted(discord_app)
    assert post.body["allowed_mentions"] == {"parse": []}
    shown = post.body["content"]
    for dangerous in ("@everyone", "@here", "<@&100>", "<@31>", "<#200>", "<!channel>", "[free](", "https://"):
        assert dangerous not in shown.replace("`@everyone`", "").replace("\\<", "").replace("\\[", ""), dangerous


@pytest.mark.parametrize(("held", "at_firing", "parse"), [(True, True, ["everyone"]), (True, False, [])])
async def test_everybody_is_called_only_by_who_may_then_and_now(
    discord_app: DiscordHarness, held: bool, at_firing: bool, parse: list[str]
) -> None:
    permissions = MANAGE_GUILD | (MENTION_EVERYONE if held else 0)
    promote(discord_app, 32, MANAGE_GUILD | (MENTION_EVERYONE if at_firing else 0))
    await refresh(discord_app)
    olga = replace(discord_app.ada, id=32, name="olga", permissions=permissions)
    arguments = {"text": "Fire", "to": "everyone", "channel": f"#{CHANNEL}", "notify": "notify"}
    refused = await replace(olga, permissions=MANAGE_GUILD).type("announce", **arguments)
    assert "You can't notify everybody" in content(refused)
    await olga.press(await olga.type("announce", **arguments), "Confirm")
    (post,) = await posted(discord_app)
    assert post.body["allowed_mentions"] == {"parse": parse}
    assert post.body["content"] == ("Fire\n@everyone" if at_firing else "Fire")


async def test_who_was_demoted_can_do_nothing_with_an_old_button_and_their_announcement_is_off(
    discord_app: DiscordHarness, olga: Person
) -> None:
    await refresh(discord_app)
    arguments = {"text": "Beer", "to": "everyone", "channel": f"#{CHANNEL}", "when": "12:00"}
    preview = await olga.type("announce", **arguments)
    await olga.press(preview, "Confirm")
    other = await olga.type("announce", **arguments)
    discord_app.peer.members[32] = {**discord_app.peer.members[32], "roles": []}
    demoted = replace(olga, permissions=0)
    assert content(await demoted.press(other, "Confirm")) == "Only organizers can use /announce."
    assert content(await replace(demoted, direct=True).press(other, "Confirm")) == "Only organizers can use /announce."
    await discord_app.wait(hours=5)
    assert await posted(discord_app) == []
    async with discord_app.app.store.read_transaction() as work:
        here = await work.communities.get("discord", str(GUILD))
        assert here is not None
        log = await work.audit.latest(here.id, 20)
        newest = await work.announcements.of_community(here.id, 5)
    assert [(entry.user, entry.allowed) for entry in log][:2] == [("32", False)] * 2
    assert [entry.why for entry in newest] == ["", "its author is no longer an organizer"]


async def test_in_a_direct_message_discord_is_asked_whether_somebody_organizes(
    discord_app: DiscordHarness, olga: Person
) -> None:
    await refresh(discord_app)
    await olga.type("hotel", venue="MGM")
    direct = replace(olga, direct=True, permissions=0)
    assert "are the organizers" in str((await direct.type("organizer")).body)
    discord_app.peer.faults.append(
        Fault("GET", rf"/guilds/{GUILD}/members/32", 401, {"message": "x", "code": 0}, times=9)
    )
    assert content(await direct.type("organizer")) == "Only organizers can use /organizer."
    discord_app.peer.faults.clear()
    del discord_app.peer.members[32]
    assert content(await direct.type("organizer")) == "Only organizers can use /organizer."


async def test_who_is_no_member_or_no_user_of_discord_may_nothing(discord_app: DiscordHarness) -> None:
    await discord_app.ada.type("now")
    async with discord_app.app.store.read_transaction() as work:
        here = await work.communities.get("discord", str(GUILD))
    assert here is not None
    messenger = discord_app.platform.messenger
    assert await messenger.permissions_of(here, "77") == Permissions(roles=())
    assert await messenger.permissions_of(here, "bob") == Permissions(roles=())
    assert await messenger.permissions_of(replace(here, tenant="@77"), "77") == Permissions(roles=())


async def test_who_organizes_nothing_gets_no_form_by_the_command_nor_by_a_button(
    discord_app: DiscordHarness, olga: Person
) -> None:
    await refresh(discord_app)
    preview = await olga.type("announce", text="Beer", to="everyone", channel=f"#{CHANNEL}")
    for refused in (await discord_app.ada.type("announce"), await discord_app.ada.press(preview, "Change…")):
        assert (refused.body["type"], content(refused)) == (4, "Only organizers can use /announce.")


async def test_an_organizer_gets_the_form_in_a_direct_message_too(discord_app: DiscordHarness, olga: Person) -> None:
    await refresh(discord_app)
    await olga.type("news", switch="on")
    form = await replace(olga, direct=True, permissions=0).type("announce")
    assert form.body["type"] == 9


async def test_a_field_takes_what_its_command_takes(discord_app: DiscordHarness, olga: Person) -> None:
    await refresh(discord_app)
    form = await olga.type("announce")
    inputs = [row["component"] for row in form.body["data"]["components"]]
    limits = {field["custom_id"]: field["max_length"] for field in inputs if field["type"] == 4}
    takes = {param.name: param.type.max_length for param in discord_app.app.dispatch.commands["announce"].params}
    assert limits == {name: takes[name] for name in limits}
    draft = await olga.fill_in(form, text="x" * limits["text"], to="everyone and #general")
    adding = await olga.press(draft, "Add…")
    fields = {row["component"]["custom_id"]: row["component"] for row in adding.body["data"]["components"]}
    title = "y" * fields["title"]["max_length"]
    assert len(title) == takes["title"]
    assert f"**{title}**: xxx" in content(await olga.fill_in(adding, title=title))
