"""Renders one page of a reply as a message of Slack: text, blocks, buttons and files. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from adapters.action_codec import ButtonAction, encode_action
from adapters.slack.render.escape import plain, truncate
from adapters.slack.render.mrkdwn import Block, context, plain_text_object, render_card, render_text, section
from bot.app.messages import Button, Card, File, LinkButton, Reply
from bot.app.text.pages import MORE, Page, PageLimits, page_of

PRESS = "do"
"""Prefix of the action ids of buttons; a button's value says what it does."""
OPEN = "open"
"""Prefix of the action ids of buttons that open an address. Slack sends presses of them too."""
TEXT, LABEL = 3_500, 75
LIMITS = PageLimits(line_chars=2_900, cards=5, card_chars=9_000)
"""Slack's own limit on all blocks of a message together is not documented, and near 13,000 characters."""
LONGEST_VALUE = 2_000
"""Characters in the value of a button."""
MAX_IN_ROW, MAX_ROWS = 5, 4
STYLES: Mapping[str, str] = {"attend": "primary", "onmyway": "primary", "forgetme": "danger"}
"""Green for what most people press next, red for what cannot be undone."""
EMPTY = "Done."


@dataclass(frozen=True, slots=True)
class SlackMessage:
    """A rendered message. `text` is the whole content for notifications and screen readers."""

    text: str
    blocks: tuple[Block, ...]
    attached: tuple[File, ...] = ()


def render_message(reply: Reply, again: ButtonAction | None = None, page: int = 0) -> SlackMessage:
    """Render one page of a reply.

    Args:
        reply: what to say.
        again: the action that runs the same command for another page. Without it, only this page can be seen, and it
            says if there is more.
        page: its number, from 0.
    """
    shown = page_of(render_lines(reply), reply.cards, page, LIMITS, lambda card: render_card(card).length)
    page_buttons = _page_buttons(again, shown) if again and shown.count > 1 else []
    lines = [*shown.lines, MORE] if shown.count > 1 and not page_buttons else shown.lines
    blocks = [*body_blocks(reply, lines, shown.cards), *page_buttons]
    text_lines = [*lines, *(line for card in shown.cards for line in render_card(card).text_lines)]
    file_names = ", ".join(file.name for file in reply.files)
    text = truncate("\n".join(text_lines), TEXT) or file_names or EMPTY
    return SlackMessage(text, tuple(blocks or [section(text)]), reply.files if shown.is_first else ())


def body_blocks(reply: Reply, lines: Sequence[str], cards: Sequence[Card], *, numbered: bool = True) -> list[Block]:
    """Return the paragraph, the cards and the buttons of a reply; listed sessions have numbers if `numbered`."""
    blocks = [section("\n".join(lines))] if "".join(lines).strip() else []
    has_open_button = False
    for card in cards:
        card_blocks = render_card(card if numbered else replace(card, number=None)).blocks()
        if card_blocks and (open_button := _open_button(reply, card)):
            card_blocks[0] |= {"accessory": open_button}
            has_open_button = True
        blocks += card_blocks
    # A listed session has its button beside it, so buttons that only open one are left out.
    buttons = [button for button in reply.buttons if not (has_open_button and button.command == "session")]
    return [*blocks, *_button_rows(reply.links, buttons)]


def _open_button(reply: Reply, card: Card) -> Block | None:
    """Return the button beside a card that shows a listed session."""
    if not card.number or card.number > len(reply.listed):
        return None
    block = _button_block(0, Button("Open", "session", {"code": reply.listed[card.number - 1]}))
    return {**block, "accessibility_label": plain(f"Open {card.title}", LABEL)} if block else None


def render_lines(reply: Reply) -> list[str]:
    """Return the lines of a reply in Slack's markup."""
    return [render_text(line) for line in reply.lines]


def _button_rows(links: Iterable[LinkButton], buttons: Iterable[Button]) -> list[Block]:
    """Return rows of buttons, links first: equal ones once, too long ones not at all, and each style once."""
    blocks: dict[str, Block] = {}
    used_styles: set[str] = set()
    for number, button in enumerate(buttons):
        block = _button_block(number, button)
        if block and block["value"] not in blocks:
            style = STYLES.get(button.command) or ("primary" if button.primary else None)
            if style and style not in used_styles:
                used_styles.add(style)
                block["style"] = style
            blocks[block["value"]] = block
    opening = [_link_block(number, link) for number, link in enumerate(links)]
    items = [*opening, *blocks.values()][: MAX_IN_ROW * MAX_ROWS]
    return [_row(items[start : start + MAX_IN_ROW]) for start in range(0, len(items), MAX_IN_ROW)]


def _row(items: list[Block]) -> Block:
    return {"type": "actions", "elements": items}


def _button_block(number: int, button: Button) -> Block | None:
    """Return the button; None if its action is too long for Slack."""
    action = ButtonAction(command=button.command, arguments=button.arguments, asks=button.asks, seen=button.seen)
    value = button_value(action)
    return _labelled_block(number, button.label, value) if value else None


def _labelled_block(number: int, label: str, value: str) -> Block:
    text = plain_text_object(label, LABEL)
    return {"type": "button", "action_id": f"{PRESS}:{number}", "text": text, "value": value}


def _link_block(number: int, link: LinkButton) -> Block:
    text = plain_text_object(link.label, LABEL)
    return {"type": "button", "action_id": f"{OPEN}:{number}", "text": text, "url": link.url}


def button_value(action: ButtonAction) -> str | None:
    """Return the value of a button with an action; None if it is too long for Slack."""
    return encode_action(action, LONGEST_VALUE)


def _page_buttons(again: ButtonAction, page: Page) -> list[Block]:
    """Return the page's number and buttons for its neighbours; empty if the action is too long for a button."""
    steps = (("◀ Back", page.number - 1, not page.is_first), ("More ▶", page.number + 1, not page.is_last))
    buttons: list[Block] = []
    for number, (label, target, enabled) in enumerate(steps):
        value = button_value(replace(again, page=target if enabled else page.number))
        if value is None:
            return []
        if enabled:
            buttons.append(_labelled_block(100 + number, label, value))
    return [context(f"Page {page.number + 1} of {page.count}"), _row(buttons)]
