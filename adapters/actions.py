"""What a button, list or form does, as text that its message carries; shared by the platforms, and pure.

Nothing about a button is kept in memory, so it works after a restart and on old messages. Each platform limits how long
the text may be: an action that does not fit gets no button, and its command can still be typed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode

from bot.app.command_spec import Command, Param
from bot.app.messages import Reply, Request

REVISION, ASKS, PAGE, HOME, LINE = "~s", "~a", "~p", "~h", "~l"
"""Keys beside the arguments. A parameter's name never starts with a tilde. Old messages have these keys: keep them."""


@dataclass(frozen=True, slots=True)
class Action:
    """Run `command` with `arguments`, after a form has asked for the parameters in `asks`.

    `seen` is the revision of the session that the button was made for, and `page` the page of a list to show, from 0.
    `home` is the tenant whose attendees the button is for, which a direct message does not tell. `line` is the rest of
    a typed line, in place of `arguments`.
    """

    command: str
    arguments: Mapping[str, str] = field(default_factory=dict)
    asks: tuple[str, ...] = ()
    seen: int | None = None
    page: int | None = None
    home: str = ""
    line: str = ""


def encode_action(action: Action, limit: int, prefix: str = "") -> str | None:
    """`prefix` and the action as text; None if that is longer than `limit` characters."""
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


def decode_action(text: str) -> Action:
    """The action of a text without its prefix; unreadable parts are ignored."""
    command, _, query = text.partition("?")
    values = dict(parse_qsl(query, keep_blank_values=True))
    return Action(
        command=command,
        asks=tuple(filter(None, values.pop(ASKS, "").split(","))),
        seen=_number(values.pop(REVISION, "")),
        page=_number(values.pop(PAGE, "")),
        home=values.pop(HOME, ""),
        line=values.pop(LINE, ""),
        arguments=values,
    )


def repeated_action(request: Request, command: Command | None, reply: Reply) -> Action | None:
    """The action that runs the same request for another page of its reply.

    None if running it twice has an effect, or if there was an error.
    """
    if command is None or command.effect.writes or reply.is_error:
        return None
    return Action(request.command, request.arguments, line=request.line)


def asked_params(command: Command | None, action: Action) -> list[Param[Any]]:
    """The parameters that the action's form asks for; the command may have lost some since the button was made."""
    params = {param.name: param for param in command.params} if command else {}
    return [params[name] for name in action.asks if name in params]


def static_reply_key(request: Request, page: int) -> tuple[object, ...]:
    """A cache key: equal for requests to which a `StaticCommand` gives the same reply."""
    return request.command, request.line, tuple(sorted(request.arguments.items())), request.organizer, page


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() else None
