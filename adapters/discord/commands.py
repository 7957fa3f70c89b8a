"""Derives Discord's command tree from the registry: typed options, fixed choices, and autocompletion."""

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
"""Discord's limits: choices of an option, characters of a description and of a choice."""

Interaction = discord.Interaction[Any]
Run = Callable[[Interaction, str, Mapping[str, str]], Awaitable[None]]
"""Runs the command of this name with arguments."""
Suggest = Callable[[Interaction, str, str, str], Awaitable[Iterable[Option]]]
"""Options for a parameter that is being typed: takes the command's name, the parameter's, and the text so far."""

PICKER_TYPES = {
    "channel": discord.TextChannel,
    "user": discord.User,
    "role": discord.Role,
    "file": discord.Attachment,
}
"""Parameter types for which Discord shows a picker of its own."""

_BRACKETS = str.maketrans("<>", "\u2039\u203a")

EVERYWHERE = app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=True)
IN_SERVERS = app_commands.AppCommandContext(guild=True, dm_channel=False, private_channel=False)
ANY_INSTALL = app_commands.AppInstallationType(guild=True, user=True)
SERVER_INSTALL = app_commands.AppInstallationType(guild=True, user=False)


def discord_command(command: Command, run: Run, suggest: Suggest) -> app_commands.Command[Any, ..., None]:
    """The command as Discord has it, with options in the order of its declaration.

    All members see the commands of organizers: Discord could hide them by its own permissions only, which do not know
    organizers by role or by name. The dispatcher checks who may run a command.
    """
    anywhere = Requirement.COMMUNITY not in command.requires
    derived: app_commands.Command[Any, ..., None] = app_commands.Command(
        name=app_commands.locale_str(command.name),
        description=app_commands.locale_str(cut(command.help, DESCRIPTION)),
        callback=_callback(command, run),
        allowed_contexts=EVERYWHERE if anywhere else IN_SERVERS,
        allowed_installs=ANY_INSTALL if anywhere else SERVER_INSTALL,
    )
    for name, param in _options(command).items():
        if param.type.suggest is not no_suggestions:
            derived.autocomplete(name)(_autocomplete(command, param, suggest))
    return derived


def _options(command: Command) -> dict[str, Param[Any]]:
    """The parameters by the names of the callback's arguments; their own may be Python keywords, such as `from`."""
    return {f"option{number}": param for number, param in enumerate(command.params)}


def _callback(command: Command, run: Run) -> Callable[..., Any]:
    """The function that discord.py calls; it derives the command's options from the signature."""
    params = _options(command)

    async def callback(interaction: Interaction, **values: Any) -> None:  # noqa: ANN401 — strings, channels
        arguments = {params[name].name: _as_typed(value) for name, value in values.items() if value is not None}
        await run(interaction, command.name, arguments)

    parameters = [inspect.Parameter("interaction", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=Interaction)]
    parameters += [_parameter(name, param) for name, param in params.items()]
    callback.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]  # `inspect` prefers it
    if params:
        app_commands.rename(**{name: param.name for name, param in params.items()})(callback)
        app_commands.describe(**{name: cut(param.help, DESCRIPTION) for name, param in params.items()})(callback)
    choices = {name: _choices(param) for name, param in params.items() if param.type.options}
    if choices:
        app_commands.choices(**choices)(callback)
    return callback


def _parameter(name: str, param: Param[Any]) -> inspect.Parameter:
    annotation: Any = PICKER_TYPES.get(param.type.name) or _text_option(param)
    if param.required:
        return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, annotation=annotation)
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, annotation=annotation | None, default=None)


def _text_option(param: Param[Any]) -> Any:  # noqa: ANN401 — as discord.py has it
    """Text whose length Discord limits while somebody types; the choices of a closed list need no limit."""
    return str if param.type.options else app_commands.Range[str, None, param.type.max_length]


def _choices(param: Param[Any]) -> list[app_commands.Choice[str]]:
    return [app_commands.Choice(name=word, value=word) for word in param.type.options[:MOST_CHOICES]]


def _as_typed(value: object) -> str:
    """A value from one of Discord's pickers as the text that a parameter reads; `@everyone` stays that word."""
    if isinstance(value, discord.Role):
        return value.name if value.is_default() else f"<@&{value.id}|{_bare(value.name)}>"
    if isinstance(value, discord.User | discord.Member):
        return f"<@{value.id}|{_bare(value.display_name)}>"
    return str(value.id) if isinstance(value, discord.abc.Snowflake | discord.Attachment) else str(value)


def _bare(name: str) -> str:
    """A name without the brackets that end a mention."""
    return name.translate(_BRACKETS)


def _autocomplete(command: Command, param: Param[Any], suggest: Suggest) -> Any:  # noqa: ANN401 — as discord.py has it
    async def complete(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        options = await suggest(interaction, command.name, param.name, typed)
        fitting = [option for option in options if len(option.value) <= CHOICE][:MOST_CHOICES]
        return [app_commands.Choice(name=cut(option.label, CHOICE), value=option.value) for option in fitting]

    return complete


async def fingerprint(tree: app_commands.CommandTree[Any]) -> str:
    """A hash of everything that is registered with Discord."""
    translator = tree.translator
    payload = [
        await command.get_translated_payload(tree, translator) if translator else command.to_dict(tree)
        for command in tree.get_commands()
    ]
    return sha256(json.dumps(payload, sort_keys=True, default=str).encode()).hexdigest()
