"""The validators of the fake servers find what a full comparison finds."""

from typing import Any

import pytest
from jsonschema import Draft7Validator, Draft202012Validator

from tests.fake_servers.schemas import quick

DOCUMENT: dict[str, Any] = {
    "definitions": {
        "Text": {"type": "object", "properties": {"type": {"const": "text"}, "text": {"type": "string"}}, "required": ["type", "text"]},
        "Link": {"type": "object", "properties": {"type": {"const": "link"}, "url": {"type": "string"}}, "required": ["type", "url"]},
        "Row": {"type": "object", "properties": {"type": {"enum": [1]}, "parts": {"type": "array", "items": {"$ref": "#/definitions/Part"}}}, "required": ["type"]},
        "Any": {"type": "object", "properties": {"type": {"type": "string", "maxLength": 2}}},
        "Part": {"anyOf": [{"$ref": "#/definitions/Text"}, {"$ref": "#/definitions/Link"}]},
    },
    "oneOf": [{"$ref": "#/definitions/Text"}, {"$ref": "#/definitions/Link"}, {"$ref": "#/definitions/Row"}, {"$ref": "#/definitions/Any"}, {"type": "null"}],
}  # fmt: skip
VALUES = [
    None,
    7,
    {},
    {"type": "text", "text": "x"},
    {"type": "text"},
    {"type": "text", "text": 7},
    {"type": "link", "url": "x"},
    {"type": "other"},
    {"type": "ab"},
    {"type": ["text"]},
    {"type": 1},
    {"type": 1, "parts": [{"type": "link", "url": "x"}, {"type": "text", "text": "x"}]},
    {"type": 1, "parts": [{"type": "link", "text": "x"}]},
    {"type": 1, "parts": [{"text": "x"}]},
    {"type": 1, "parts": [{"type": "row"}]},
]


@pytest.mark.parametrize("validator", [Draft7Validator, Draft202012Validator])
@pytest.mark.parametrize("value", VALUES)
def test_a_value_fits_exactly_if_it_fits_the_whole_schema(validator: Any, value: Any) -> None:
    assert quick(validator, DOCUMENT)(DOCUMENT).is_valid(value) == validator(DOCUMENT).is_valid(value)


def test_some_of_the_values_fit_and_some_do_not() -> None:
    assert {Draft7Validator(DOCUMENT).is_valid(value) for value in VALUES} == {True, False}
