"""Modals: forms, and answers in a modal of their own. Pure. A form's metadata says what to do once it is submitted."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from adapters.actions import Action, decode_action
from adapters.slack.payload import mapping_at
from adapters.slack.render.escape import truncate
from adapters.slack.render.message import SlackMessage, button_value
from adapters.slack.render.mrkdwn import Block, plain_text_object, section

FORM = "form"
"""The callback id of every form."""
TITLE, LABEL, HINT, PLACEHOLDER, OPTION, VALUE = 24, 200, 200, 150, 75, 150
MAX_OPTIONS, MAX_BLOCKS, METADATA = 100, 100, 3_000
"""Slack's limits in characters, or in items."""
WAITING = "One moment…"
NAME = "Hallway"


@dataclass(frozen=True, slots=True)
class FormField:
    """One field of a form: a file, a list of `options` (label, value), or text, of several lines with `lines`.

    Text has at most `max_length` characters.
    """

    name: str
    help: str
    max_length: int
    required: bool = False
    options: Sequence[tuple[str, str]] = ()
    lines: bool = False
    is_file: bool = False


@dataclass(frozen=True, slots=True)
class SubmittedForm:
    """What to do, and the URL that the answer goes to; without a URL the answer replaces the form.

    `files` are the chosen files as Slack describes them, by id.
    """

    action: Action
    response_url: str | None
    files: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


def form_view(action: Action, fields: Iterable[FormField], response_url: str | None) -> Block | None:
    """Return a form that asks for `fields` and then does `action`; None if it is too long for Slack."""
    value = button_value(action)
    metadata = json.dumps({"do": value, "back": response_url or ""})
    if value is None or len(metadata) > METADATA:
        return None
    return {
        "type": "modal",
        "callback_id": FORM,
        "private_metadata": metadata,
        "title": plain_text_object(f"/{action.command}", TITLE),
        "submit": plain_text_object("OK", TITLE),
        "close": plain_text_object("Cancel", TITLE),
        "blocks": [_input(field) for field in fields],
    }


def answer_view(message: SlackMessage | None = None) -> Block:
    """Return a modal that shows an answer; without one, it says that the answer will come."""
    blocks = list(message.blocks[:MAX_BLOCKS]) if message else [section(WAITING)]
    return {
        "type": "modal",
        "title": plain_text_object(NAME, TITLE),
        "close": plain_text_object("Close", TITLE),
        "blocks": blocks,
    }


def parse_submission(view: Mapping[str, Any]) -> SubmittedForm:
    """Return the action of a submitted form, completed with the values of its fields."""
    metadata = json.loads(str(view.get("private_metadata") or "{}"))
    action = decode_action(str(metadata.get("do") or ""))
    state = mapping_at(mapping_at(view, "state"), "values")
    files = _chosen_files(state)
    chosen = {name: str(file["id"]) for name, file in files.items()}
    completed = Action(action.command, {**action.arguments, **_field_values(state), **chosen}, seen=action.seen)
    back = str(metadata.get("back") or "") or None
    return SubmittedForm(completed, back, {str(file["id"]): file for file in files.values()})


def _input(field: FormField) -> Block:
    block: Block = {
        "type": "input",
        "block_id": field.name,
        "optional": not field.required,
        "label": plain_text_object(field.name.capitalize(), LABEL),
        "element": _element(field),
    }
    return {**block, "hint": plain_text_object(field.help, HINT)} if field.help else block


def _element(field: FormField) -> Block:
    if field.is_file:
        return {"type": "file_input", "action_id": "value", "max_files": 1}
    if not field.options:
        return {
            "type": "plain_text_input",
            "action_id": "value",
            "max_length": field.max_length,
            "multiline": field.lines,
        }
    options = [(label, value) for label, value in field.options if len(value) <= VALUE][:MAX_OPTIONS]
    return {
        "type": "static_select",
        "action_id": "value",
        "placeholder": plain_text_object(truncate("Choose…", PLACEHOLDER), PLACEHOLDER),
        "options": [{"text": plain_text_object(label, OPTION), "value": value} for label, value in options],
    }


def _chosen_files(values: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Return the first file of each field that takes files, by the name of the field."""
    found = {}
    for name in values:
        elements = mapping_at(values, name)
        for element in elements:
            files = mapping_at(elements, element).get("files")
            first = files[0] if isinstance(files, list) and files else None
            if isinstance(first, Mapping) and first.get("id"):
                found[str(name)] = first
    return found


def _field_values(values: Mapping[str, Any]) -> dict[str, str]:
    """Return the values by the names of the fields, without empty ones."""
    found = {}
    for name in values:
        elements = mapping_at(values, name)
        for element in elements:
            state = mapping_at(elements, element)
            value = state.get("value") or mapping_at(state, "selected_option").get("value") or ""
            if value:
                found[str(name)] = str(value)
    return found
