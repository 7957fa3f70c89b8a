"""What Discord is told of the commands, and what Hallway asks Discord for."""

import inspect
import re
from pathlib import Path
from typing import Any

import discord
import pytest
from discord import app_commands

import adapters.discord
from adapters.discord.commands import discord_command, fingerprint
from adapters.discord.permissions import PERMISSIONS, SCOPES, intents, invite_link, required_permissions
from adapters.discord.translations import Translator, translations
from bot.app.command_spec import (
    CHANNEL,
    ROLE,
    USER,
    VENUE,
    Access,
    Call,
    Command,
    Context,
    Effect,
    Param,
    Requirement,
    choice,
)
from bot.app.messages import Reply
from bot.app.registry import all_commands
from tests.fake_servers.discord import Asked
from tests.fake_servers.discord_spec import DiscordSpec

FOLDER = Path(inspect.getfile(adapters.discord)).parent


async def nothing(*_: object) -> Any:
    return ()


def tree_of(*commands: Command) -> app_commands.CommandTree[Any]:
    tree: app_commands.CommandTree[Any] = app_commands.CommandTree(discord.Client(intents=intents()))
    for command in commands:
        tree.add_command(discord_command(command, nothing, nothing))
    return tree


def payload_of(command: Command) -> dict[str, Any]:
    tree = tree_of(command)
    (made,) = tree.get_commands()
    return dict(made.to_dict(tree))


async def handle(call: Call, context: Context) -> Reply:
    del call, context
    return Reply()


async def test_a_command_is_told_with_its_options_in_their_order() -> None:
    where, how = Param("from", VENUE, "where"), Param("how", choice("slow", "fast"), "how fast", required=True)
    about = payload_of(Command("go", "Go somewhere", handle, (where, how)))
    assert (about["name"], about["description"]) == ("go", "Go somewhere")
    assert [(option["name"], option["type"], option["required"]) for option in about["options"]] == [
        ("how", 3, True),
        ("from", 3, False),
    ]
    assert [item["value"] for item in about["options"][0]["choices"]] == ["slow", "fast"]
    assert about["options"][1]["autocomplete"] is True
    assert (about["contexts"], about["integration_types"]) == ([0, 1, 2], [0, 1])
    assert about["default_member_permissions"] is None


async def test_organizers_commands_are_for_servers_and_shown_to_all_since_a_role_may_make_organizers() -> None:
    about = payload_of(
        Command("settings", "Settings", handle, access=Access.ORGANIZERS, requires=Requirement.COMMUNITY)
    )
    assert about["default_member_permissions"] is None
    assert (about["contexts"], about["integration_types"]) == ([0], [0])


async def test_people_roles_and_channels_are_chosen_from_discords_own_lists() -> None:
    params = (Param("who", USER, "who"), Param("role", ROLE, "a role"), Param("where", CHANNEL, "where"))
    about = payload_of(Command("go", "Go somewhere", handle, params))
    assert [(option["name"], option["type"]) for option in about["options"]] == [("who", 6), ("role", 8), ("where", 7)]
    assert not any(option.get("autocomplete") for option in about["options"])


async def test_every_organizers_command_is_about_a_community() -> None:
    for_organizers = [command for command in all_commands().values() if command.access is Access.ORGANIZERS]
    assert [command.name for command in for_organizers if Requirement.COMMUNITY not in command.requires] == []


async def test_all_commands_are_as_discords_document_has_them(spec: DiscordSpec | None) -> None:
    if spec is None:
        pytest.skip("Discord's document is not here: it is not part of the project")
    tree = tree_of(*all_commands().values())
    await tree.set_translator(Translator())
    payload = [await command.get_translated_payload(tree, Translator()) for command in tree.get_commands()]
    spec.check(Asked("PUT", "/applications/900/commands", payload))
    assert len(payload) == len(all_commands())


async def test_the_fingerprint_changes_with_what_is_told_and_with_nothing_else() -> None:
    first, same = Command("go", "Go", handle), Command("go", "Go", handle, effect=Effect.WRITE)
    assert await fingerprint(tree_of(first)) == await fingerprint(tree_of(same))
    assert await fingerprint(tree_of(first)) != await fingerprint(tree_of(Command("go", "Go!", handle)))


async def test_descriptions_are_told_in_every_language_that_has_a_file() -> None:
    tree = tree_of(Command("help", "The commands, or how to use one", handle))
    await tree.set_translator(Translator())
    (made,) = tree.get_commands()
    payload = await made.get_translated_payload(tree, Translator())
    assert payload["description_localizations"] == {"de": "Die Befehle, oder wie du einen benutzt"}


@pytest.mark.parametrize("language", sorted(translations()))
def test_every_command_is_translated_and_nothing_else(language: str) -> None:
    words = translations()[language]
    assert set(words) == {command.help for command in all_commands().values()}
    assert all(len(text) <= 100 for text in words.values())


def test_no_more_is_asked_for_than_is_used() -> None:
    messages = {"guild_messages": True, "dm_messages": True}
    assert not intents().message_content
    assert dict(intents()) == {**dict(discord.Intents.none()), "guilds": True, **messages}
    assert SCOPES == ("bot", "applications.commands")
    assert required_permissions().value == 1024 | 2048 | 16384 | 32768 | 1 << 36 | 1 << 38
    assert not required_permissions().mention_everyone
    assert invite_link(900) == (
        "https://discord.com/oauth2/authorize"
        "?client_id=900&permissions=343597435904&integration_type=0&scope=bot+applications.commands"
    )


USES = {
    "view_channel": r"\.view_channel|get_channel\(",
    "send_messages": r"target\.send\(",
    "embed_links": r"embeds=",
    "attach_files": r"files=rendered\.files",
    "create_private_threads": r"ChannelType\.private_thread",
    "send_messages_in_threads": r"_in_thread",
}
"""Where the code needs each permission."""
NEEDS = {
    r"\.ban\(|\.kick\(|(?<!asyncio)\.timeout\(": "moderation",
    r"add_reaction|\.pin\(|create_webhook|create_invite|\.purge\(|add_roles": "something that was never asked for",
    r"AllowedMentions\.all|everyone=True|roles=True": "mentions",
    r"message_content|Intents\.all|Intents\.default|members=True|fetch_members\(|\.history\(": "privileged intents",
}
"""What no file of the adapter may do, as nothing is asked for it."""


def test_each_permission_has_its_reason_and_its_use_in_the_code() -> None:
    code = "\n".join(file.read_text() for file in FOLDER.glob("*.py") if file.name != "access.py")
    assert set(USES) == set(PERMISSIONS)
    assert [name for name, pattern in USES.items() if not re.search(pattern, code)] == []
    assert [what for pattern, what in NEEDS.items() if re.search(pattern, code)] == []
    assert all(len(why) > 20 for why in PERMISSIONS.values())
