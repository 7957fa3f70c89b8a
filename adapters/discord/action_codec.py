"""What a button, a list or a form carries in its custom id, so that it works after a restart and on old messages.

Discord keeps at most 100 characters: an action that does not fit has no button, and its command can be typed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlencode

LONGEST = 100
SEEN, ASKS, PAGE, HOME = "~s", "~a", "~p", "~h"
"""Beside the arguments, whose names are words: what was seen, what is asked for, which page, for which server."""


@dataclass(frozen=True, slots=True)
class Action:
    """A command to run with `arguments`, after asking for `asks`; a list of several pages is shown from `page` on.

    `seen` is the revision of the session that the button was made for, `home` the server whose people it is for: in a
    direct message nothing else tells.
    """

    command: str
    arguments: Mapping[str, str] = field(default_factory=dict)
    asks: tuple[str, ...] = ()
    seen: int | None = None
    page: int | None = None
    home: str = ""


def custom_id(prefix: str, action: Action) -> str | None:
    """The custom id of an action; None if it is too long for Discord."""
    extra: dict[str, str | int] = {}
    if action.asks:
        extra[ASKS] = ",".join(action.asks)
    if action.seen is not None:
        extra[SEEN] = action.seen
    if action.page is not None:
        extra[PAGE] = action.page
    if action.home:
        extra[HOME] = action.home
    text = f"{prefix}:{action.command}?{urlencode({**action.arguments, **extra}, safe='/')}"
    return text if len(text) <= LONGEST else None


def action_of(text: str) -> Action:
    """The action of what follows the prefix in a custom id; what cannot be read is left out."""
    command, _, query = text.partition("?")
    values = dict(parse_qsl(query, keep_blank_values=True))
    asks = tuple(filter(None, values.pop(ASKS, "").split(",")))
    seen, page = _number(values.pop(SEEN, "")), _number(values.pop(PAGE, ""))
    return Action(command, values, asks, seen, page, values.pop(HOME, ""))


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() else None
