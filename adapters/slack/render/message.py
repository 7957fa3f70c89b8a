"""One message as Slack takes it: a page of a reply with its cards, buttons and files; pure."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import TypeVar

from adapters.slack.action_codec import Action, packed
from adapters.slack.render.escape import cut, plain
from adapters.slack.render.mrkdwn import Block, plainly, remark, section, text_of, written
from bot.app.messages import Button, Card, File, Reply

PRESS = "do"
"""Before the number of whatever can be pressed: what it does stands in its value."""
TEXT, LABEL = 3_500, 75
LINES, CARDS, CARDS_LENGTH = 2_900, 5, 9_000
"""On one page. Slack's own bound on all blocks of a message together is not documented and near 13,000 characters."""
MOST_IN_ROW, MOST_ROWS = 5, 4
STYLES: Mapping[str, str] = {"attend": "primary", "onmyway": "primary", "forgetme": "danger"}
"""What most people press next, and what cannot be undone."""
MORE = "… there is more than fits here."
EMPTY = "Done."
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class SlackMessage:
    """One message, but for who reads it. `text` says all of it to notifications and screen readers."""

    text: str
    blocks: tuple[Block, ...]
    attached: tuple[File, ...] = ()


def render_message(reply: Reply, turn: Action | None = None, page: int = 0) -> SlackMessage:
    """A page of a reply; `turn` asks for it again: without it there is one page, which says if there is more."""
    pages = _pages(reply)
    page = min(max(page, 0), len(pages) - 1)
    lines, cards = pages[page]
    turns = _turns(turn, page, len(pages)) if turn and len(pages) > 1 else []
    if len(pages) > 1 and not turns:
        lines = [*lines, MORE]
    blocks = [*body_blocks(reply, lines, cards), *turns]
    said = [*lines, *(line for card in cards for line in written(card).said)]
    names = [each.name for each in reply.files]
    text = cut("\n".join(said), TEXT) or ", ".join(names) or EMPTY
    return SlackMessage(text, tuple(blocks or [section(text)]), reply.files if page == 0 else ())


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


def _pages(reply: Reply) -> list[tuple[list[str], list[Card]]]:
    """Lines and cards side by side, as many pages as the longer of the two needs; at least one."""
    lines = _chunks(rendered(reply), lambda line: len(line) + 1, LINES)
    cards = _chunks(reply.cards, lambda card: written(card).length, CARDS_LENGTH, CARDS)
    return [(some or [], shown or []) for some, shown in zip_longest(lines, cards)] or [([], [])]


def _chunks(items: Iterable[T], length: Callable[[T], int], limit: int, most: int = 1_000) -> Iterator[list[T]]:
    """The items in runs that stay within `limit` together; one that is longer stands alone."""
    chunk: list[T] = []
    used = 0
    for item in items:
        if chunk and (used + length(item) > limit or len(chunk) == most):
            yield chunk
            chunk, used = [], 0
        chunk.append(item)
        used += length(item)
    if chunk:
        yield chunk


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
    value = packed(Action(button.command, button.arguments, button.asks, button.seen))
    return _button(number, button.label, value) if value else {}


def _button(number: int, label: str, value: str) -> Block:
    return {"type": "button", "action_id": f"{PRESS}:{number}", "text": plainly(label, LABEL), "value": value}


def _turns(turn: Action, page: int, pages: int) -> list[Block]:
    """Where we are, back and on; nothing if the question is too long to be asked again."""
    steps = [("◀ Back", page - 1, page > 0), ("More ▶", page + 1, page < pages - 1)]
    items: list[Block] = []
    for number, (label, to, leads_somewhere) in enumerate(steps):
        value = packed(replace(turn, page=to if leads_somewhere else page))
        if value is None:
            return []
        if leads_somewhere:
            items.append(_button(100 + number, label, value))
    return [remark(f"Page {page + 1} of {pages}"), _actions(items)]
