"""What a button, a list or a form carries, so that it works after a restart and on old messages.

Slack keeps at most 2,000 characters of a button: an action that does not fit has no button, and can be typed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlencode

LONGEST = 2_000
SEEN, ASKS, PAGE, LINE = "~s", "~a", "~p", "~l"
"""Beside the arguments, whose names are words: what was seen, what is asked for, which page, what was typed."""


@dataclass(frozen=True, slots=True)
class Action:
    """A command to run with `arguments`, after asking for `asks`; a list of several pages is shown from `page` on.

    `seen` is the revision of the session that the button was made for; `line` is what was typed, instead of arguments.
    """

    command: str
    arguments: Mapping[str, str] = field(default_factory=dict)
    asks: tuple[str, ...] = ()
    seen: int | None = None
    page: int | None = None
    line: str = ""


def packed(action: Action) -> str | None:
    """The action as text; None if it is too long for Slack."""
    extra: dict[str, str | int] = {}
    if action.asks:
        extra[ASKS] = ",".join(action.asks)
    if action.seen is not None:
        extra[SEEN] = action.seen
    if action.page is not None:
        extra[PAGE] = action.page
    if action.line:
        extra[LINE] = action.line
    text = f"{action.command}?{urlencode({**action.arguments, **extra}, safe='/', errors='replace')}"
    return text if len(text) <= LONGEST else None


def action_of(text: str) -> Action:
    """The action of such a text; what cannot be read is left out."""
    command, _, query = text.partition("?")
    values = dict(parse_qsl(query, keep_blank_values=True))
    asks = tuple(filter(None, values.pop(ASKS, "").split(",")))
    seen, page = _number(values.pop(SEEN, "")), _number(values.pop(PAGE, ""))
    line = values.pop(LINE, "")
    return Action(command, values, asks, seen, page, line)


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() else None
