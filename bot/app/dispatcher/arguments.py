"""The parse stage: from the text of a request to the values of a command's parameters."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.app.command_spec import Call, Command, Param, StaticContext, UnclearError
from bot.app.command_spec.parser import split_arguments
from bot.app.messages import Button, Reply, Request
from bot.app.text import sentence
from bot.domain.errors import BadInputError


def with_arguments(command: Command, request: Request, context: StaticContext) -> Request:
    """Split the typed line of the request, if its arguments are not given by name."""
    if request.arguments:
        return request
    return replace(request, arguments=split_arguments(request.line, command.params, context))


def parse(command: Command, request: Request, context: StaticContext) -> Call | Reply:
    """Read every parameter. The result is a reply if a value is unclear and the requester has to choose.

    Raises:
        BadInputError: a value cannot be read, or a required one is missing.
    """
    request = with_arguments(command, request, context)
    values: dict[str, object] = {}
    for param in command.params:
        try:
            values |= _read_param(param, command, request.arguments, context)
        except UnclearError as error:
            return _choices(error, command, param, request.arguments)
    return Call(request, values)


def _read_param(
    param: Param[Any], command: Command, arguments: Mapping[str, str], context: StaticContext
) -> Mapping[str, object]:
    text = arguments.get(param.name, "").strip()
    # The value of a button includes the required keyword, so that the button can be shown as a line to type.
    text = text.removeprefix(f"{param.keyword} ") if param.keyword_required else text
    if text:
        return {param.name: param.type.read(text, context)}
    if param.required:
        example = f", such as {command.examples[0]}" if command.examples else ""
        raise BadInputError(f"/{command.name} needs a {param.name} ({param.help}): type {command.usage}{example}.")
    return {}


def _choices(unclear: UnclearError, command: Command, param: Param[Any], arguments: Mapping[str, str]) -> Reply:
    """Explain what is unclear, with a button for each option; a button repeats the other arguments."""
    given = {other.name: arguments[other.name] for other in command.params if other.name in arguments}
    buttons = tuple(
        Button(option.label, command.name, {**given, param.name: option.value}) for option in unclear.options
    )
    return Reply((sentence(str(unclear)),), buttons=buttons, is_error=True)
