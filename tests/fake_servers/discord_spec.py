"""Discord's own OpenAPI document: every request body is checked against it where the document is there."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from tests.fake_servers.discord import Asked
from tests.fake_servers.schemas import quick

DOCUMENT = Path(__file__).parents[3] / "shared" / "specs" / "discord-openapi.json"


@dataclass
class DiscordSpec:
    """The document, with a validator for each operation."""

    document: dict[str, Any]

    @cached_property
    def registry(self) -> Any:
        return Registry().with_resource("urn:discord", DRAFT202012.create_resource(self.document))

    @cached_property
    def validator(self) -> Any:
        return quick(Draft202012Validator, self.document)

    def check(self, asked: Asked) -> None:
        """Raises `AssertionError` with the first thing that the document does not allow."""
        if asked.body is None:
            return
        schema = self._schema(asked)
        assert schema is not None, "the document knows no such operation"
        validator = self.validator(schema, registry=self.registry)
        for error in validator.iter_errors(_as_documented(asked.body)):
            raise AssertionError(f"{'/'.join(map(str, error.absolute_path))}: {error.message[:300]}")

    def _schema(self, asked: Asked) -> dict[str, Any] | None:
        for path, operations in self._fitting(asked.path):
            operation = operations.get(asked.method.lower())
            if operation and "requestBody" in operation:
                pointer = _escaped(path)
                where = (
                    f"urn:discord#/paths/{pointer}/{asked.method.lower()}/requestBody/content/application~1json/schema"
                )
                return {"$ref": where}
        return None

    def _fitting(self, path: str) -> Iterator[tuple[str, dict[str, Any]]]:
        # The most literal path first: `@me` before `{user_id}`.
        for pattern in sorted(self.document["paths"], key=lambda template: template.count("{")):
            if re.fullmatch(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(pattern)), path):
                yield pattern, self.document["paths"][pattern]


def _escaped(path: str) -> str:
    return path.replace("~", "~0").replace("/", "~1").replace("{", "%7B").replace("}", "%7D")


def _as_documented(body: Any) -> Any:
    """discord.py numbers attachments with integers, which Discord takes and the document writes as strings."""
    inner = body.get("data") if isinstance(body, dict) else None
    if isinstance(inner, dict):
        return {**body, "data": _as_documented(inner)}
    if isinstance(body, dict) and body.get("attachments"):
        return {
            **body,
            "attachments": [{**attachment, "id": str(attachment["id"])} for attachment in body["attachments"]],
        }
    return body


def discord_spec() -> DiscordSpec | None:
    """The document, if it is there."""
    return DiscordSpec(json.loads(DOCUMENT.read_text())) if DOCUMENT.is_file() else None
