"""Forms, and answers that stand in a window of their own; pure. A form carries what it is for in its metadata."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from adapters.actions import Action, decode_action
from adapters.slack.render.escape import cut
from adapters.slack.render.message import SlackMessage, button_value
from adapters.slack.render.mrkdwn import Block, plainly, section

FORM = "form"
"""The callback id of every form."""
TITLE, LABEL, HINT, PLACEHOLDER, OPTION, VALUE = 24, 200, 200, 150, 75, 150
MOST_OPTIONS, MOST_BLOCKS, METADATA, TYPED, LINES = 100, 100, 3_000, 300, 1_500
WAITING = "One moment…"
NAME = "Hallway"


@dataclass(frozen=True, slots=True)
class FormField:
    """One thing that a form asks for; `options` are (label, value), none where it is typed; `lines`: several."""

    name: str
    help: str
    required: bool = False
    options: Sequence[tuple[str, str]] = ()
    lines: bool = False


@dataclass(frozen=True, slots=True)
class Filled:
    """A form that was filled in: what to do, and the address that its answer goes to, "" for the window itself."""

    action: Action
    back: str


def form_view(action: Action, entries: Iterable[FormField], back: str) -> Block | None:
    """The form that asks for `entries` and then does `action`; None if that is too long for Slack."""
    metadata = json.dumps({"do": button_value(action), "back": back})
    if button_value(action) is None or len(metadata) > METADATA:
        return None
    return {
        "type": "modal",
        "callback_id": FORM,
        "private_metadata": metadata,
        "title": plainly(f"/{action.command}", TITLE),
        "submit": plainly("OK", TITLE),
        "close": plainly("Cancel", TITLE),
        "blocks": [_input(each) for each in entries],
    }


def window(letter: SlackMessage | None = None) -> Block:
    """An answer as a window; without a letter, that it will come."""
    blocks = list(letter.blocks[:MOST_BLOCKS]) if letter else [section(WAITING)]
    return {"type": "modal", "title": plainly(NAME, TITLE), "close": plainly("Close", TITLE), "blocks": blocks}


def filled(view: Mapping[str, Any]) -> Filled:
    """What was entered into a form, as the action that it was for."""
    told = json.loads(str(view.get("private_metadata") or "{}"))
    action = decode_action(str(told.get("do") or ""))
    entered = _entered(dict(dict(view.get("state") or {}).get("values") or {}))
    kept = Action(action.command, {**action.arguments, **entered}, seen=action.seen)
    return Filled(kept, str(told.get("back") or ""))


def _input(entry: FormField) -> Block:
    made: Block = {
        "type": "input",
        "block_id": entry.name,
        "optional": not entry.required,
        "label": plainly(entry.name.capitalize(), LABEL),
        "element": _element(entry),
    }
    return {**made, "hint": plainly(entry.help, HINT)} if entry.help else made


def _element(entry: FormField) -> Block:
    if not entry.options:
        longest = LINES if entry.lines else TYPED
        return {"type": "plain_text_input", "action_id": "value", "max_length": longest, "multiline": entry.lines}
    fitting = [(label, value) for label, value in entry.options if len(value) <= VALUE][:MOST_OPTIONS]
    return {
        "type": "static_select",
        "action_id": "value",
        "placeholder": plainly(cut("Choose…", PLACEHOLDER), PLACEHOLDER),
        "options": [{"text": plainly(label, OPTION), "value": value} for label, value in fitting],
    }


def _entered(values: Mapping[str, Any]) -> dict[str, str]:
    """By the name of the entry; what was left empty is left out."""
    found = {}
    for name, elements in values.items():
        for state in dict(elements).values():
            chosen = state.get("selected_option") or {}
            told = state.get("value") or dict(chosen).get("value") or ""
            if told:
                found[str(name)] = str(told)
    return found
