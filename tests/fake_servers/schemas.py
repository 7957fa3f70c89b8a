"""Validators that leave out the alternatives which cannot fit, so that a message costs milliseconds.

A block of Slack or a component of Discord is one of dozens, and its `type` says which. The library would compare it
with all of them, and write down in how many ways it is not each of the others.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from jsonschema.validators import extend

Keyword = Callable[[Any, Sequence[Any], Any, Any], Iterator[Any]]


def quick(validator: Any, document: Mapping[str, Any]) -> Any:
    """The class `validator`, for schemas whose references that begin with `#` are into `document`."""

    def pruned(keyword: Keyword) -> Keyword:
        def checked(made: Any, alternatives: Sequence[Any], value: Any, schema: Any) -> Iterator[Any]:
            left = alternatives
            if isinstance(value, dict) and "type" in value:
                left = [variant for variant in alternatives if _may_fit(document, variant, value["type"])]
            return keyword(made, left, value, schema)

        return checked

    changed = {name: pruned(validator.VALIDATORS[name]) for name in ("anyOf", "oneOf")}
    return extend(validator, changed)  # type: ignore[no-untyped-call]  # it brings no types


def _may_fit(document: Mapping[str, Any], schema: Any, kind: object) -> bool:
    """False if the schema allows other values of `type` only."""
    while isinstance(schema, dict) and str(schema.get("$ref", "")).startswith("#/"):
        schema = _at(document, schema["$ref"])
    wanted = schema.get("properties", {}).get("type", {}) if isinstance(schema, dict) else {}
    if "const" in wanted:
        return bool(wanted["const"] == kind)
    return "enum" not in wanted or kind in wanted["enum"]


def _at(document: Mapping[str, Any], reference: str) -> Any:
    found: Any = document
    for part in reference.removeprefix("#/").split("/"):
        found = found[part.replace("~1", "/").replace("~0", "~")]
    return found
