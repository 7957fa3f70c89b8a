"""Modals: forms, and answers in a modal of their own. Pure. A form's metadata says what to do once it is submitted."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from adapters.action_codec import ButtonAction, decode_action, with_picks
from adapters.slack.payload import mapping_at
from adapters.slack.render.escape import truncate
from adapters.slack.render.message import SlackMessage, button_value
from adapters.slack.render.mrkdwn import Block, plain_text_object, section

FORM = "form"
"""The callback id of every form."""
TITLE, LABEL, HINT, PLACEHOLDER, OPTION, VALUE = 24, 200, 200, 150, 75, 150
MAX_OPTIONS, MAX_BLOCKS, METADATA = 100, 100, 3_000
"""Slack's limits in characters, or in items."""
FILE_FACTS = ("id", "name", "size", "url_private")
"""What is needed to download a file."""
WAITING = "One moment…"
NAME = "Hallway"


@dataclass(frozen=True, slots=True)
class FormField:
    """One field of a form: a file, a channel, a list of `options` (label, value), or text, in several `lines` or one.

    Text has at most `max_length` characters. `value` is what stands in it when the form opens.
    """

    name: str
    help: str
    max_length: int
    required: bool = False
    options: Sequence[tuple[str, str]] = ()
    lines: bool = False
    is_file: bool = False
    is_channel: bool = False
    value: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class SubmittedForm:
    """What to do, and the URL that the answer goes to; without a URL the answer replaces the form.

    `files` are the chosen files as Slack describes them, by id.
    """

    action: ButtonAction
    response_url: str | None
    files: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


def form_view(action: ButtonAction, fields: Iterable[FormField], response_url: str | None) -> Block | None:
    """Return a form that asks for `fields` and then does `action`; None if it is too long for Slack."""
    fields = tuple(fields)
    asked = {field.name for field in fields}
    rest = {name: value for name, value in action.arguments.items() if name not in asked}
    value = button_value(replace(action, arguments=rest))
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


def refilled_view(view: Mapping[str, Any], message: SlackMessage) -> Block:
    """Return a submitted form again, with what was filled in, below the reason why it was refused.

    Slack fills no field with a file: the form remembers the chosen one.
    """
    values = mapping_at(mapping_at(view, "state"), "values")
    files = {**_remembered_files(view), **_chosen_files(values)}
    inputs = [
        _refilled(block, mapping_at(values, str(block.get("block_id"))), files)
        for block in view.get("blocks") or ()
        if block.get("type") == "input"
    ]
    return {
        **{name: view[name] for name in ("title", "submit", "close") if view.get(name)},
        "type": "modal",
        "callback_id": FORM,
        "private_metadata": _with_files(str(view.get("private_metadata") or "{}"), files),
        "blocks": [*message.blocks[: MAX_BLOCKS - len(inputs)], *inputs],
    }


def _refilled(block: Block, state: Mapping[str, Any], files: Mapping[str, Mapping[str, Any]]) -> Block:
    """Return a field with what was filled in; a field with a remembered file may stay empty."""
    element = {name: value for name, value in mapping_at(block, "element").items() if not name.startswith("initial_")}
    filled = mapping_at(state, str(element.get("action_id")))
    for name in ("value", "selected_option", "selected_conversation"):
        if filled.get(name):
            element[f"initial_{name.removeprefix('selected_')}"] = filled[name]
    if element.get("type") == "file_input" and (file := files.get(str(block.get("block_id")))):
        return {
            **block,
            "element": element,
            "optional": True,
            "hint": plain_text_object(f"Without another one I take {file.get('name')}.", HINT),
        }
    return {**block, "element": element}


def _with_files(metadata: str, files: Mapping[str, Mapping[str, Any]]) -> str:
    """Return the metadata with what is needed to download the files; without it if that is too long."""
    if not files:
        return metadata
    known = {name: {key: file.get(key) for key in FILE_FACTS} for name, file in files.items()}
    extended = json.dumps({**json.loads(metadata), "files": known})
    return extended if len(extended) <= METADATA else metadata


def _remembered_files(view: Mapping[str, Any]) -> Mapping[str, Mapping[str, Any]]:
    return mapping_at(json.loads(str(view.get("private_metadata") or "{}")), "files")


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
    files = {**mapping_at(metadata, "files"), **_chosen_files(state)}
    chosen = {name: str(file["id"]) for name, file in files.items()}
    completed = ButtonAction(
        action.command, {**action.arguments, **with_picks(_field_values(state)), **chosen}, seen=action.seen
    )
    back = str(metadata.get("back") or "") or None
    return SubmittedForm(completed, back, {str(file["id"]): file for file in files.values()})


def _input(field: FormField) -> Block:
    block: Block = {
        "type": "input",
        "block_id": field.name,
        "optional": not field.required,
        "label": plain_text_object(field.label or field.name.capitalize(), LABEL),
        "element": _element(field),
    }
    return {**block, "hint": plain_text_object(field.help, HINT)} if field.help else block


def _element(field: FormField) -> Block:
    if field.is_file:
        return {"type": "file_input", "action_id": "value", "max_files": 1}
    if field.is_channel:
        shown = {"include": ["public", "private"], "exclude_bot_users": True}
        return {"type": "conversations_select", "action_id": "value", "filter": shown}
    if not field.options:
        text: Block = {
            "type": "plain_text_input",
            "action_id": "value",
            "max_length": field.max_length,
            "multiline": field.lines,
        }
        return {**text, "initial_value": field.value[: field.max_length]} if field.value else text
    options = [
        {"text": plain_text_object(label, OPTION), "value": value}
        for label, value in field.options
        if len(value) <= VALUE
    ][:MAX_OPTIONS]
    select: Block = {
        "type": "static_select",
        "action_id": "value",
        "placeholder": plain_text_object(truncate("Choose…", PLACEHOLDER), PLACEHOLDER),
        "options": options,
    }
    chosen = next((option for option in options if option["value"] == field.value), None)
    return {**select, "initial_option": chosen} if chosen else select


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
            option = mapping_at(state, "selected_option").get("value")
            value = state.get("value") or option or state.get("selected_conversation") or ""
            if value:
                found[str(name)] = str(value)
    return found
