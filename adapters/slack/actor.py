"""Who asks, where, and what they typed, from the bodies that Slack sends; pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import unescape
from typing import Any

from adapters.slack.manifest import ONE_COMMAND

_LINK = re.compile(r"<(https?://[^|<>\s]+)(?:\|[^<>]*)?>")
_QUOTES = str.maketrans({"\u201c": '"', "\u201d": '"', "\u201e": '"'})


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody in a workspace, which may be of an organization."""

    team: str
    user: str
    name: str = ""
    enterprise: str = ""


def asker_of(body: Mapping[str, Any]) -> Actor:
    """Of a command, a press, a form or an event."""
    event, user = _part(body, "event"), _part(body, "user")
    team, enterprise = _part(body, "team"), _part(body, "enterprise")
    return Actor(
        _first(body.get("team_id"), team.get("id"), user.get("team_id"), body.get("enterprise_id")),
        _first(body.get("user_id"), user.get("id"), event.get("user")),
        _first(body.get("user_name"), user.get("username"), user.get("name")),
        _first(body.get("enterprise_id"), enterprise.get("id"), team.get("enterprise_id")),
    )


def typed_of(body: Mapping[str, Any]) -> tuple[str, str]:
    """The command and the rest of the line; behind `/hallway` the first word is the command."""
    command, line = str(body.get("command") or "").removeprefix("/").casefold(), as_typed(str(body.get("text") or ""))
    if command != ONE_COMMAND:
        return command, line
    name, _, rest = line.partition(" ")
    return name.removeprefix("/").casefold() or "help", rest.strip()


def as_typed(text: str) -> str:
    """What somebody typed: Slack escapes it, makes links of addresses, and telephones make quotes round."""
    return unescape(_LINK.sub(r"\1", text)).translate(_QUOTES).strip()


def _part(body: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = body.get(name)
    return found if isinstance(found, Mapping) else {}


def _first(*values: object) -> str:
    return next((each for each in values if isinstance(each, str) and each), "")
