"""Actions of buttons, lists and forms, encoded as text in their message; pure code that the platforms share.

No button is stored in memory, so buttons work after a restart and on old messages. Each platform limits the length of
the text: an action that is too long gets no button, but people can still type its command.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode

from bot.app.command_spec import Command, Param
from bot.app.messages import Reply, Request

REVISION, ASKS, PAGE, HOME, LINE = "~s", "~a", "~p", "~h", "~l"
"""Keys of the fields other than `arguments`; a parameter's name never starts with a tilde.

Do not change the keys: buttons of old messages contain them.
"""


PICK = "~pick"
"""The end of the name of a field that offers a list beside a text: both are the argument."""
PICKED_TYPES = frozenset({"audience"})
"""Types of parameters with two fields in a form: usual values in a list, and text for all others."""


@dataclass(frozen=True, slots=True)
class ButtonAction:
    """What a button does: it runs `command`, after a form has asked for the parameters in `asks`.

    Attributes:
        arguments: of the command, by name.
        seen: revision of the session when the button was made.
        page: the page of a list to show, from 0.
        home: the tenant whose attendees the button is for; needed in a direct message, which has no tenant.
        line: the rest of a typed line, used in place of `arguments`.
    """

    command: str
    arguments: Mapping[str, str] = field(default_factory=dict)
    asks: tuple[str, ...] = ()
    seen: int | None = None
    page: int | None = None
    home: str = ""
    line: str = ""


def encode_action(action: ButtonAction, limit: int, prefix: str = "") -> str | None:
    """Return `prefix` and the action as text; None if the text is longer than `limit` characters."""
    extra: dict[str, str | int] = {}
    if action.asks:
        extra[ASKS] = ",".join(action.asks)
    if action.seen is not None:
        extra[REVISION] = action.seen
    if action.page is not None:
        extra[PAGE] = action.page
    if action.home:
        extra[HOME] = action.home
    if action.line:
        extra[LINE] = action.line
    query = urlencode({**action.arguments, **extra}, safe="/", errors="replace")
    text = f"{prefix}{action.command}?{query}"
    return text if len(text) <= limit else None


def decode_action(text: str) -> ButtonAction:
    """Decode an action from a text whose prefix the caller has removed; unreadable parts are ignored."""
    command, _, query = text.partition("?")
    values = dict(parse_qsl(query, keep_blank_values=True))
    return ButtonAction(
        command=command,
        asks=tuple(filter(None, values.pop(ASKS, "").split(","))),
        seen=_number(values.pop(REVISION, "")),
        page=_number(values.pop(PAGE, "")),
        home=values.pop(HOME, ""),
        line=values.pop(LINE, ""),
        arguments=values,
    )


def repeated_action(request: Request, command: Command | None, reply: Reply) -> ButtonAction | None:
    """Return an action that repeats the request, to show another page of its reply.

    None if the reply is an error, or if the command is unknown or may change something.
    """
    if command is None or command.used_with(request.line, request.arguments).effect.writes or reply.is_error:
        return None
    return ButtonAction(request.command, request.arguments, line=request.line)


def asked_params(command: Command | None, action: ButtonAction) -> list[Param[Any]]:
    """Return the parameters that the action's form asks for, without those that the command no longer has."""
    params = {param.name: param for param in command.params} if command else {}
    return [params[name] for name in action.asks if name in params]


def with_picks(values: Mapping[str, str]) -> dict[str, str]:
    """Return the values of a form by parameter: a choice from a list is joined with the text beside it."""
    typed = {name: value for name, value in values.items() if not name.endswith(PICK)}
    for name, value in values.items():
        if name.endswith(PICK) and value:
            param = name.removesuffix(PICK)
            typed[param] = " and ".join(filter(None, (value, typed.get(param, "").strip())))
    return typed


def static_reply_key(request: Request, page: int) -> tuple[object, ...]:
    """Return a cache key that is equal for all requests to which a `StaticCommand` gives the same reply."""
    return request.command, request.line, tuple(sorted(request.arguments.items())), request.organizer, page


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() else None
