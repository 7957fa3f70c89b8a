"""One message as Slack takes it: a page of a reply with its cards, buttons and files; pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from adapters.actions import Action, encode_action
from adapters.slack.render.escape import cut, plain
from adapters.slack.render.mrkdwn import Block, plainly, remark, section, text_of, written
from bot.app.messages import Button, Card, File, Reply
from bot.app.text.pages import MORE, Page, PageLimits, page_of

PRESS = "do"
"""Before the number of whatever can be pressed: what it does stands in its value."""
TEXT, LABEL = 3_500, 75
LIMITS = PageLimits(line_chars=2_900, cards=5, card_chars=9_000)
"""Slack's own limit on all blocks of a message together is not documented, and near 13,000 characters."""
LONGEST_VALUE = 2_000
"""Characters in the value of a button."""
MOST_IN_ROW, MOST_ROWS = 5, 4
STYLES: Mapping[str, str] = {"attend": "primary", "onmyway": "primary", "forgetme": "danger"}
"""What most people press next, and what cannot be undone."""
EMPTY = "Done."


@dataclass(frozen=True, slots=True)
class SlackMessage:
    """One message, but for who reads it. `text` says all of it to notifications and screen readers."""

    text: str
    blocks: tuple[Block, ...]
    attached: tuple[File, ...] = ()


def render_message(reply: Reply, again: Action | None = None, page: int = 0) -> SlackMessage:
    """One page of a reply; `again` runs its command for another page. Without it one page says if there is more."""
    shown = page_of(rendered(reply), reply.cards, page, LIMITS, lambda card: written(card).length)
    turns = _turns(again, shown) if again and shown.count > 1 else []
    lines = [*shown.lines, MORE] if shown.count > 1 and not turns else shown.lines
    blocks = [*body_blocks(reply, lines, shown.cards), *turns]
    said = [*lines, *(line for card in shown.cards for line in written(card).said)]
    names = [each.name for each in reply.files]
    text = cut("\n".join(said), TEXT) or ", ".join(names) or EMPTY
    return SlackMessage(text, tuple(blocks or [section(text)]), reply.files if shown.is_first else ())


def body_blocks(reply: Reply, lines: Sequence[str], cards: Sequence[Card]) -> list[Block]:
    """Paragraph, cards and buttons."""
    blocks = [section("\n".join(lines))] if "".join(lines).strip() else []
    opened: set[str] = set()
    for card in cards:
        made = written(card).blocks()
        if made and (opens := _opens(reply, card)):
            made[0] |= {"accessory": opens}
            opened.add(card.title)
        blocks += made
    # Buttons that only open a listed session stand beside it already.
    left = [each for each in reply.buttons if not (opened and each.command == "session")]
    return [*blocks, *_rows(left)]


def _opens(reply: Reply, card: Card) -> Block:
    """The button beside a session that is listed."""
    if not card.number or card.number > len(reply.listed):
        return {}
    pressed = _pressed(0, Button("Open", "session", {"code": reply.listed[card.number - 1]}))
    return {**pressed, "accessibility_label": plain(f"Open {card.title}", LABEL)} if pressed else {}


def rendered(reply: Reply) -> list[str]:
    """The lines of a reply in Slack's markup."""
    return [text_of(line) for line in reply.lines]


def _rows(buttons: Iterable[Button]) -> list[Block]:
    """Equal buttons are one; one that does not fit is left out; only one stands out."""
    found: dict[str, Block] = {}
    styled: set[str] = set()
    for number, each in enumerate(buttons):
        pressed = _pressed(number, each)
        if pressed and pressed["value"] not in found:
            style = STYLES.get(each.command)
            if style and style not in styled:
                styled.add(style)
                pressed["style"] = style
            found[pressed["value"]] = pressed
    items = list(found.values())[: MOST_IN_ROW * MOST_ROWS]
    return [_actions(items[start : start + MOST_IN_ROW]) for start in range(0, len(items), MOST_IN_ROW)]


def _actions(items: list[Block]) -> Block:
    return {"type": "actions", "elements": items}


def _pressed(number: int, button: Button) -> Block:
    """The button; nothing if what it does is too long."""
    value = button_value(Action(button.command, button.arguments, button.asks, button.seen))
    return _button(number, button.label, value) if value else {}


def _button(number: int, label: str, value: str) -> Block:
    return {"type": "button", "action_id": f"{PRESS}:{number}", "text": plainly(label, LABEL), "value": value}


def button_value(action: Action) -> str | None:
    """The value of a button with an action; None if it is too long for Slack."""
    return encode_action(action, LONGEST_VALUE)


def _turns(again: Action, page: Page) -> list[Block]:
    """The page's number, back and forward; empty if the command with its arguments is too long for a button."""
    steps = (("◀ Back", page.number - 1, not page.is_first), ("More ▶", page.number + 1, not page.is_last))
    buttons: list[Block] = []
    for number, (label, to, enabled) in enumerate(steps):
        value = button_value(replace(again, page=to if enabled else page.number))
        if value is None:
            return []
        if enabled:
            buttons.append(_button(100 + number, label, value))
    return [remark(f"Page {page.number + 1} of {page.count}"), _actions(buttons)]
