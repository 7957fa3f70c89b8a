"""Reads the bodies that Slack sends: who triggered them, where, and the text that the user typed. Pure."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import unescape
from typing import Any
from urllib.parse import parse_qsl

from adapters.slack.manifest import MAIN_COMMAND

_LINK = re.compile(r"<((?:https?|webcals?|feed)://[^|<>\s]+)(?:\|[^<>]*)?>")
MAX_TEXT_CHARACTERS = 20_000
"""More characters than any command takes: a longer text is cut before it is scanned, and then refused as too long."""


_MENTION = re.compile(r"<[@#!][^<>]{0,200}>")
"""A mention of a user, a channel or everybody, as Slack writes it."""
COMPOSER = "composer"
"""The source of a link in a message that is still being written."""
MAX_LINKS = 20
"""Links of one message that are looked at."""
HELLO = "hello"
"""The words that a mention without any words stands for."""

_OBJECTS = ("event", "view", "container", "message", "previous_message")
_OBJECTS_OR_IDS = ("user", "team", "enterprise", "channel")
_LISTS_OF_OBJECTS = ("actions", "authorizations")


@dataclass(frozen=True, slots=True)
class Actor:
    """A user in a workspace; `enterprise` is the organization of the workspace, "" if it has none."""

    team: str
    user: str
    name: str = ""
    enterprise: str = ""


@dataclass(frozen=True, slots=True)
class WrittenMessage:
    """What somebody wrote to Hallway: in a direct message, or in a channel where they mention it.

    Attributes:
        text: without mentions.
        channel: the id of the conversation.
        id: the id of the message in it.
        thread: the id of the thread in which it was written; "" outside of threads.
        is_direct: whether nobody else reads the conversation.
    """

    text: str
    channel: str
    id: str
    thread: str
    is_direct: bool


@dataclass(frozen=True, slots=True)
class SharedMessage:
    """A message with links to our pages, sent or still being written.

    Attributes:
        urls: the addresses as they were pasted, without repetitions.
        channel: the id of the conversation; none that can be written to while the message is being written.
        place: the arguments with which Slack finds the message.
        thread: the id of the thread in which it was written; "" outside of threads.
        is_read_by_others: whether it was sent, and not to Hallway alone.
    """

    urls: tuple[str, ...]
    channel: str
    place: Mapping[str, str]
    thread: str
    is_read_by_others: bool


def parse_shared(body: Mapping[str, Any]) -> SharedMessage | None:
    """Return the message of an event about links; None if no person wrote it, or if it cannot be found again."""
    event = mapping_at(body, "event")
    links, channel = event.get("links"), _first_text(event.get("channel"))
    if event.get("type") != "link_shared" or event.get("bot_id") or not isinstance(links, list):
        return None
    pasted = [str(link.get("url") or "") for link in links[:MAX_LINKS] if isinstance(link, Mapping)]
    urls = tuple(dict.fromkeys(filter(None, pasted)))
    is_written = event.get("source") == COMPOSER
    names = ("unfurl_id", "source") if is_written else ("channel", "message_ts")
    values = [_first_text(event.get(name)) for name in names]
    if not urls or not all(values) or not _first_text(event.get("user")):
        return None
    place = dict(zip(("unfurl_id", "source") if is_written else ("channel", "ts"), values, strict=True))
    # In a direct conversation with Hallway, nobody else reads the message.
    is_own = channel.startswith("D") and event.get("is_bot_user_member") is True
    return SharedMessage(urls, channel, place, _first_text(event.get("thread_ts")), not is_written and not is_own)


def parse_message(body: Mapping[str, Any]) -> WrittenMessage | None:
    """Return the message of an event; None if a person did not write it, or not to Hallway.

    Messages with a subtype are no new text of a person: they report an edit, a deletion, a file or a bot.
    """
    event = mapping_at(body, "event")
    is_direct = event.get("type") == "message" and event.get("channel_type") == "im"
    if not is_direct and event.get("type") != "app_mention":
        return None
    if event.get("bot_id") or event.get("subtype") or event.get("app_id") or not _first_text(event.get("user")):
        return None
    written = str(event.get("text") or "")[:MAX_TEXT_CHARACTERS]
    text = unescape_typed(_MENTION.sub(" ", written)) or ("" if is_direct else HELLO)
    channel, id_ = _first_text(event.get("channel")), _first_text(event.get("ts"))
    if not text or not channel or not id_:
        return None
    return WrittenMessage(text, channel, id_, _first_text(event.get("thread_ts")), is_direct)


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


def understood(text: str, content_type: str) -> dict[str, Any] | None:
    """Return a signed body if it has the shape of a command, an interaction or an event; None otherwise.

    Bolt and the listeners read it without checks, and would answer anything else with an error of the server.
    """
    try:
        body = _decoded(text, content_type)
    except (ValueError, RecursionError):
        return None
    if not isinstance(body, dict) or not isinstance(body.get("type") or body.get("command"), str):
        return None
    objects = all(isinstance(body.get(name), Mapping | None) for name in _OBJECTS)
    ids = all(isinstance(body.get(name), Mapping | str | None) for name in _OBJECTS_OR_IDS)
    lists = all(_is_list_of_objects(body.get(name)) for name in _LISTS_OF_OBJECTS)
    return body if objects and ids and lists and _is_form_readable(body) else None


def _decoded(text: str, content_type: str) -> object:
    """Return the body as Bolt decodes it. Raises ValueError or RecursionError if that fails."""
    if content_type == "application/json" or text.startswith("{"):
        return json.loads(text)
    fields = dict(parse_qsl(text, keep_blank_values=True))
    return json.loads(fields["payload"]) if "payload" in fields else fields


def _is_list_of_objects(value: object) -> bool:
    return value is None or (isinstance(value, list) and all(isinstance(item, Mapping) for item in value))


def _is_form_readable(body: Mapping[str, Any]) -> bool:
    """Whether a submitted form has our metadata; True for anything else."""
    if body.get("type") != "view_submission":
        return True
    try:
        metadata = json.loads(str(mapping_at(body, "view").get("private_metadata") or "{}"))
    except (ValueError, RecursionError):
        return False
    return isinstance(metadata, dict)


def parse_command(body: Mapping[str, Any]) -> tuple[str, str]:
    """Return the command's name and its arguments; after `/hallway` the first word is the command."""
    command = str(body.get("command") or "").removeprefix("/").casefold()
    line = unescape_typed(str(body.get("text") or ""))
    if command != MAIN_COMMAND:
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
