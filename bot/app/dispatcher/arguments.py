"""The parse stage: from the text of a request to the values of a command's parameters."""

import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.app.command_spec import Access, Call, Command, Param, StaticContext, UnclearError
from bot.app.command_spec.parser import UNCLAIMED, split_arguments
from bot.app.dispatcher.replies import only_for_organizers
from bot.app.messages import Button, Reply, Request
from bot.app.text import either, s, sentence
from bot.domain.errors import BadInputError


def as_typed(command: Command, request: Request) -> Request:
    """Return the request with its text in Unicode's composed form (NFC), in which equal text compares equal.

    This is the one place where typed text is normalized, and every text passes it before something searches for it.

    Raises:
        BadInputError: the line or an argument is longer than the command allows. The length is checked first, because
            the time to normalize a text, and to search for it, grows with its length.
    """
    if len(request.line) > command.max_line_length:
        raise BadInputError(
            s(
                "That is too long: {count} characters, and /{command} takes at most {limit}.",
                count=len(request.line),
                command=command.name,
                limit=command.max_line_length,
            )
        )
    arguments = {}
    for param in command.params:
        if param.name in request.arguments:
            _check_length(param, request.arguments[param.name])
            arguments[param.name] = normalized(request.arguments[param.name])
    return replace(request, line=normalized(request.line), arguments=arguments)


def normalized(text: str) -> str:
    """Return the text in Unicode's composed form (NFC)."""
    return unicodedata.normalize("NFC", text)


def _check_length(param: Param[Any], text: str) -> None:
    limit = param.type.max_length
    if len(text) > limit:
        raise BadInputError(
            s(
                "The {noun} is too long: {count} characters, and at most {limit} are allowed.",
                noun=param.name,
                count=len(text),
                limit=limit,
            )
        )


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
    is_form = not request.line
    request = with_arguments(command, request, context)
    if unclaimed := request.arguments.get(UNCLAIMED):
        raise BadInputError(_unclaimed_text(unclaimed, command, context))
    values: dict[str, object] = {}
    for param in command.params:
        try:
            values |= _read_param(param, command, request.arguments, context, is_form=is_form)
        except UnclearError as error:
            return _choices(error, command, param, request.arguments)
        except BadInputError as error:
            if is_form or not param.keyword_required or not _has_prose(command, request.arguments):
                raise
            raise BadInputError(
                s("{wrong} If it belongs to your text, put quotes around the whole text.", wrong=str(error))
            ) from error
    call = Call(request, values)
    if command.access is Access.EVERYONE and command.is_reserved_in(call):
        # A line such as `/info topic:wi-fi action:edit`: nobody has checked who asks.
        return only_for_organizers(command)
    return call


def _has_prose(command: Command, arguments: Mapping[str, str]) -> bool:
    """Whether a long text was typed, in which any word may stand that is also the keyword of another parameter."""
    return any(param.type.multiline and arguments.get(param.name) for param in command.params)


def _read_param(
    param: Param[Any], command: Command, arguments: Mapping[str, str], context: StaticContext, *, is_form: bool
) -> Mapping[str, object]:
    text = arguments.get(param.name, "").strip()
    # The value of a button includes the required keyword, so that the button can be shown as a line to type.
    if not is_form:
        text = text.removeprefix(f"{param.keyword} ") if param.keyword_required else text
    elif not param.type.verbatim:
        text = param.bare(text)
    _check_length(param, text)
    if text:
        return {param.name: param.type.read(text, context)}
    if param.required:
        raise BadInputError(_question(param, command))
    return {}


def _question(param: Param[Any], command: Command) -> str:
    """The sentence for a missing required parameter, with an example."""
    usage = command.usage
    question = param.question or s("Type {usage} ({name}: {help}).", usage=usage, name=param.name, help=param.help)
    if not command.examples:
        return question
    return s("{question} Try {example}", question=question, example=command.examples[0])


def _unclaimed_text(words: str, command: Command, context: StaticContext) -> str:
    """The sentence for words that several parameters could mean, or none."""
    keywords = [param.keyword for param in command.params if param.keyword and param.type.accepts(words, context)]
    if not keywords:
        return s('I don\'t understand "{words}". See /help {command}.', words=words, command=command.name)
    return s(
        'What is "{words}" for? Put a word before it: {keywords}. Try /{command} {first} {words}',
        words=words,
        keywords=either(keywords),
        command=command.name,
        first=keywords[0],
    )


def _choices(unclear: UnclearError, command: Command, param: Param[Any], arguments: Mapping[str, str]) -> Reply:
    """Explain what is unclear, with a button for each option; a button repeats the other arguments."""
    typed = {other.name: arguments[other.name] for other in command.params if other.name in arguments}
    buttons = tuple(
        Button(
            option.label,
            command.name,
            {**typed, param.name: option.value},
            choice=option.value.casefold() not in (option.label.casefold(), option.label.casefold().removeprefix("/")),
        )
        for option in unclear.options
    )
    return Reply((sentence(str(unclear)),), buttons=buttons, is_error=True)
