"""What Slack's own documents say of a request: every one that a test makes the app send is checked against them."""

import json
import re
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from jsonschema import Draft7Validator
from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from tests.fake_servers.schemas import quick
from tests.fake_servers.slack import Asked

FOLDER = Path(__file__).parents[3] / "shared" / "specs"
TYPES, METHODS = FOLDER / "slack-types.schema.json", FOLDER / "slack_web_openapi_v2.json"
NEWER = {
    # The document of methods is of 2021; these came later.
    "apps.connections.open": (),
    "files.getUploadURLExternal": ("filename", "length"),
    "files.completeUploadExternal": ("files", "channel_id"),
}
UNDOCUMENTED = {
    # `chat.postMessage` documents errors about it, and it among no arguments: it is sent in the hope that it helps.
    "client_msg_id",
}
FLAGS, NUMBERS = ("include_locale", "include_all_metadata"), ("limit",)
LIVE = re.compile(
    r"<(?!!date\^\d+\^[^|<>]*\|[^<>]*>|#[CDG][A-Z0-9]+>|https://hallway\.example\.org/c/[^|<>\s]*\|[^<>]*>)"
)
"""Anything in angle brackets but the times, channels and links to public pages that the app writes itself."""


@dataclass
class SlackSpec:
    """The documents, as far as they are there; the library's own models and the limits always count."""

    types: dict[str, Any] | None
    methods: dict[str, Any] | None

    def check(self, asked: Asked) -> None:
        """Raises `AssertionError` with the first thing that is not allowed."""
        if asked.method == "upload":
            return
        body = {name: value for name, value in asked.body.items() if name not in UNDOCUMENTED | {"to"}}
        # The library sends a yes or no in a form as 1 or 0.
        body |= {name: body[name] == "1" for name in FLAGS if body.get(name) in ("0", "1")}
        body |= {name: int(body[name]) for name in NUMBERS if name in body}
        self._required(asked.method, body)
        self._typed(asked.method, body)
        for shown in (body, *(body.get("unfurls") or {}).values()):
            _modelled(shown)
        _harmless(body)

    def _required(self, method: str, body: dict[str, Any]) -> None:
        if method == "respond" or self.methods is None:
            return
        if method in NEWER:
            needed = NEWER[method]
        else:
            operations = self.methods["paths"].get(f"/{method}")
            assert operations is not None, f"Slack has no method {method}"
            (operation,) = operations.values()
            needed = tuple(parameter["name"] for parameter in operation["parameters"] if parameter.get("required"))
            if method == "chat.unfurl" and "unfurl_id" in body:
                # A message that is still being written has no channel and time yet.
                needed = ("unfurl_id", "source")
        missing = [name for name in needed if name not in {*body, "token"}]
        assert not missing, f"{method} lacks {missing}"

    def _typed(self, method: str, body: dict[str, Any]) -> None:
        if self.types is None:
            return
        name = "X_RespondArgs" if method == "respond" else f"X_{method.replace('.', '_')}"
        if method == "respond":
            # The converted types ask for all three at once, which no page of Slack's documentation does.
            body = {"attachments": [], "blocks": [], "markdown_text": "", **body}
        if name in self.types["definitions"]:
            self._fits(name, body)
        for shown in (body, *(body.get("unfurls") or {}).values()):
            if shown.get("blocks"):
                self._fits("X_Blocks", shown["blocks"])

    def _fits(self, name: str, value: Any) -> None:
        for error in self._validator(name).iter_errors(value):
            raise AssertionError(f"{name} {'/'.join(map(str, error.absolute_path))}: {error.message[:400]}")

    @cached_property
    def _validators(self) -> dict[str, Draft7Validator]:
        return {}

    def _validator(self, name: str) -> Draft7Validator:
        if name not in self._validators:
            assert self.types is not None
            schema = {"$ref": f"#/definitions/{name}", "definitions": self.types["definitions"]}
            self._validators[name] = quick(Draft7Validator, schema)(schema)
        return self._validators[name]


def _modelled(body: dict[str, Any]) -> None:
    """By the models of slack_sdk, which know Slack's limits."""
    view = body.get("view")
    blocks = view["blocks"] if view else body.get("blocks") or []
    try:
        for block in Block.parse_all(blocks):
            block.to_dict()
        if view:
            View(**view).to_dict()
    except SlackObjectFormationError as error:
        raise AssertionError(str(error)) from None
    assert len(blocks) <= (100 if view else 50)
    # Not in the models: action ids of a block are unlike each other, and a text is never empty.
    for block in blocks:
        ids = [element["action_id"] for element in block.get("elements", ()) if "action_id" in element]
        assert len(ids) == len(set(ids)), f"equal action ids: {ids}"
    if "text" in body:
        assert 0 < len(body["text"]) <= 4_000, "a message needs a text of some length"


def _harmless(value: Any) -> None:
    """Nothing of a foreign text is live, and none of it goes where markdown is read."""
    if isinstance(value, dict):
        assert "markdown_text" not in value
        assert value.get("type") != "markdown"
        for name, content in value.items():
            if name == "text" and isinstance(content, str):
                assert not LIVE.search(content), f"something live: {content[:300]}"
            elif name not in ("value", "private_metadata"):
                _harmless(content)
    elif isinstance(value, list):
        for item in value:
            _harmless(item)


@cache
def slack_spec() -> SlackSpec:
    """The documents, as far as they are there."""
    types = json.loads(TYPES.read_text()) if TYPES.is_file() else None
    methods = json.loads(METHODS.read_text()) if METHODS.is_file() else None
    return SlackSpec(types, methods)
