"""Reads the bodies that Slack sends: who triggered them, where, and the text that the user typed. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import unescape
from typing import Any

from adapters.slack.manifest import ONE_COMMAND

_LINK = re.compile(r"<(https?://[^|<>\s]+)(?:\|[^<>]*)?>")
MAX_TEXT_CHARACTERS = 20_000
"""More characters than any command takes: a longer text is cut before it is scanned, and then refused as too long."""


@dataclass(frozen=True, slots=True)
class Actor:
    """A user in a workspace; `enterprise` is the organization of the workspace, "" if it has none."""

    team: str
    user: str
    name: str = ""
    enterprise: str = ""


def parse_actor(body: Mapping[str, Any]) -> Actor:
    """Return who sent a command, pressed a button, submitted a form or caused an event."""
    event, user = mapping_at(body, "event"), mapping_at(body, "user")
    team, enterprise = mapping_at(body, "team"), mapping_at(body, "enterprise")
    return Actor(
        team=_first_text(body.get("team_id"), team.get("id"), user.get("team_id"), body.get("enterprise_id")),
        user=_first_text(body.get("user_id"), user.get("id"), event.get("user")),
        name=_first_text(body.get("user_name"), user.get("username"), user.get("name")),
        enterprise=_first_text(body.get("enterprise_id"), enterprise.get("id"), team.get("enterprise_id")),
    )


def parse_command(body: Mapping[str, Any]) -> tuple[str, str]:
    """Return the command's name and its arguments; after `/hallway` the first word is the command."""
    command = str(body.get("command") or "").removeprefix("/").casefold()
    line = unescape_typed(str(body.get("text") or ""))
    if command != ONE_COMMAND:
        return command, line
    name, _, rest = line.partition(" ")
    return name.removeprefix("/").casefold() or "help", rest.strip()


def unescape_typed(text: str) -> str:
    """Return the text as the user typed it: Slack escapes it and marks links."""
    return unescape(_LINK.sub(r"\1", text[:MAX_TEXT_CHARACTERS])).strip()


def pressed_value(body: Mapping[str, Any]) -> str:
    """Return the value of the button that was pressed, "" if the body has none."""
    actions = body.get("actions")
    first = actions[0] if isinstance(actions, list) and actions else {}
    return str(first.get("value") or "") if isinstance(first, Mapping) else ""


def container_id(body: Mapping[str, Any]) -> str:
    """Return the id of the window or message that contains the pressed button."""
    container = mapping_at(body, "container")
    return str(container.get("view_id") or container.get("message_ts") or "")


def mapping_at(body: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """Return the object under `name`, an empty one if there is none."""
    value = body.get(name)
    return value if isinstance(value, Mapping) else {}


def _first_text(*values: object) -> str:
    return next((value for value in values if isinstance(value, str) and value), "")
