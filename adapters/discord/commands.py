"""The command tree, derived from the registry: options typed, choices closed, the rest suggested while one types."""

import inspect
import json
from collections.abc import Awaitable, Callable, Iterable, Mapping
from hashlib import sha256
from typing import Any

import discord
from discord import app_commands

from adapters.discord.render.escape import cut
from bot.app.command_spec import Command, Option, Param, Requirement
from bot.app.command_spec.command import no_suggestions

MOST_CHOICES, DESCRIPTION, CHOICE = 25, 100, 100

Interaction = discord.Interaction[Any]
Run = Callable[[Interaction, str, Mapping[str, str]], Awaitable[None]]
"""Runs a command with arguments."""
Suggest = Callable[[Interaction, str, str, str], Awaitable[Iterable[Option]]]
"""What may be meant in an option of a command by what is typed so far."""

CHOSEN = {"channel": discord.TextChannel, "user": discord.User, "role": discord.Role}
"""The kinds of parameters that Discord has lists of its own for."""

EVERYWHERE = app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=True)
IN_SERVERS = app_commands.AppCommandContext(guild=True, dm_channel=False, private_channel=False)
ANY_INSTALL = app_commands.AppInstallationType(guild=True, user=True)
SERVER_INSTALL = app_commands.AppInstallationType(guild=True, user=False)


def discord_command(command: Command, run: Run, suggest: Suggest) -> app_commands.Command[Any, ..., None]:
    """The command as Discord knows it; its options have the names and the order of the declaration.

    Those of organizers are shown to all: Discord can hide them only by its own rights, and would keep them from
    whoever is an organizer by a role or because they were added. Who is none is refused by the dispatch.
    """
    alone = Requirement.COMMUNITY not in command.requires
    made: app_commands.Command[Any, ..., None] = app_commands.Command(
        name=app_commands.locale_str(command.name),
        description=app_commands.locale_str(cut(command.help, DESCRIPTION)),
        callback=_callback(command, run),
        allowed_contexts=EVERYWHERE if alone else IN_SERVERS,
        allowed_installs=ANY_INSTALL if alone else SERVER_INSTALL,
    )
    for name, param in _options(command).items():
        if param.type.suggest is not no_suggestions:
            made.autocomplete(name)(_completing(command, param, suggest))
    return made


def _options(command: Command) -> dict[str, Param[Any]]:
    """The parameters by names that Python allows: `from` is none of them."""
    return {f"option{number}": param for number, param in enumerate(command.params)}


def _callback(command: Command, run: Run) -> Callable[..., Any]:
    """A function whose signature says what the command takes: discord.py derives the options from it."""
    names = _options(command)

    async def callback(interaction: Interaction, **given: Any) -> None:  # noqa: ANN401 — strings, channels
        told = {names[name].name: _as_typed(value) for name, value in given.items() if value is not None}
        await run(interaction, command.name, told)

    parameters = [inspect.Parameter("interaction", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=Interaction)]
    parameters += [_parameter(name, param) for name, param in names.items()]
    callback.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]  # what `inspect` reads first
    if names:
        app_commands.rename(**{name: param.name for name, param in names.items()})(callback)
        app_commands.describe(**{name: cut(param.help, DESCRIPTION) for name, param in names.items()})(callback)
    closed = {name: _choices(param) for name, param in names.items() if param.type.options}
    if closed:
        app_commands.choices(**closed)(callback)
    return callback


def _parameter(name: str, param: Param[Any]) -> inspect.Parameter:
    what: Any = CHOSEN.get(param.type.name, str)
    if param.required:
        return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, annotation=what)
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, annotation=what | None, default=None)


def _choices(param: Param[Any]) -> list[app_commands.Choice[str]]:
    return [app_commands.Choice(name=word, value=word) for word in param.type.options[:MOST_CHOICES]]


def _as_typed(value: object) -> str:
    """What somebody chose from Discord's own lists, as a parameter reads it; `@everyone` is a word and no role."""
    if isinstance(value, discord.Role):
        return value.name if value.is_default() else f"<@&{value.id}|{value.name}>"
    if isinstance(value, discord.User | discord.Member):
        return f"<@{value.id}|{value.display_name}>"
    return str(value.id) if isinstance(value, discord.abc.Snowflake) else str(value)


def _completing(command: Command, param: Param[Any], suggest: Suggest) -> Any:  # noqa: ANN401 — as discord.py has it
    async def complete(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        options = await suggest(interaction, command.name, param.name, typed)
        fitting = (each for each in options if len(each.value) <= CHOICE)
        return [app_commands.Choice(name=cut(each.label, CHOICE), value=each.value) for each in fitting][:MOST_CHOICES]

    return complete


async def fingerprint(tree: app_commands.CommandTree[Any]) -> str:
    """A hash of everything that Discord is told of the tree."""
    translator = tree.translator
    payload = [
        await command.get_translated_payload(tree, translator) if translator else command.to_dict(tree)
        for command in tree.get_commands()
    ]
    return sha256(json.dumps(payload, sort_keys=True, default=str).encode()).hexdigest()
