"""Renders a page of a reply as a Discord message with embeds, buttons and files; pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from io import BytesIO

import discord

from adapters.action_codec import ButtonAction
from adapters.discord.components import (
    BUTTON,
    SELECT,
    ActionButton,
    ActionSelect,
    Component,
    SentView,
    custom_id,
    link_button,
)
from adapters.discord.render.escape import ELLIPSIS, cut
from adapters.discord.render.markdown import ACCENT, ERROR, embed_of, markdown
from bot.app.messages import Button, Card, File, LinkButton, Reply
from bot.app.text.pages import MORE, Page, PageLimits, page_of
from bot.app.text.visible import visible

CONTENT, LABEL, OPTION = 2_000, 80, 100
"""Most characters of a message, of a button and of an option."""
DESCRIPTION = 1_024
"""Most characters of what a screen reader says of a file."""
BUTTONS_IN_ROW, MOST_ROWS, MOST_OPTIONS = 5, 5, 25
LIMITS = PageLimits(line_chars=CONTENT - len(MORE) - 1, cards=5, card_chars=5_500)
"""Five cards fill the screen of a phone; Discord allows 6,000 characters in all embeds of a message together."""
STYLES: Mapping[str, discord.ButtonStyle] = {
    "attend": discord.ButtonStyle.success,
    "onmyway": discord.ButtonStyle.primary,
    "skip": discord.ButtonStyle.secondary,
    "forgetme": discord.ButtonStyle.danger,
}
"""The colours of what people press most often, and of what cannot be undone."""


@dataclass(frozen=True)
class DiscordMessage:
    """A message, without its recipient; some are sent many times."""

    content: str
    embeds: list[discord.Embed]
    rows: list[list[Component]]
    attached: tuple[File, ...] = ()

    @cached_property
    def view(self) -> SentView | None:
        """The rows as discord.py sends them; None without any."""
        return SentView(self.rows) if self.rows else None

    @property
    def files(self) -> list[discord.File]:
        """The files as discord.py sends them: new objects at each call, because sending uses them up."""
        return [
            discord.File(BytesIO(file.data), file.name, description=file.description[:DESCRIPTION] or None)
            for file in self.attached
        ]


def render_message(reply: Reply, again: ButtonAction | None = None, page: int = 0, home: str = "") -> DiscordMessage:
    """One page of a reply.

    Args:
        reply: as the command returned it.
        again: runs the same command for another page. Without it there is one page, which says if there is more.
        page: counts from 0.
        home: the server whose attendees the buttons are for.
    """
    lines = [markdown(line) for line in reply.lines]
    shown = page_of(lines, reply.cards, page, LIMITS, _length)
    page_buttons = _page_buttons(again, shown) if again and shown.count > 1 else []
    rows = _rows(reply, shown.cards, home)
    rows = [*rows[: MOST_ROWS - 1], page_buttons] if page_buttons else rows[:MOST_ROWS]
    text = "\n".join([*shown.lines, MORE] if shown.count > 1 and not page_buttons else shown.lines)
    embeds = [embed_of(card, ERROR if reply.is_error else ACCENT) for card in shown.cards]
    return DiscordMessage(cut(text, CONTENT), embeds, rows, reply.files if shown.is_first else ())


@lru_cache(maxsize=4_096)
def _length(card: Card) -> int:
    return len(embed_of(card, ACCENT))


def _rows(reply: Reply, cards: Sequence[Card], home: str) -> list[list[Component]]:
    """Listed sessions as a select, because a list is easier to hit on a phone than a number; then rows of buttons."""
    select = _session_select(reply, cards)
    # The select replaces buttons that only open a listed session.
    shown = [button for button in reply.buttons if not (select and button.command == "session")]
    buttons = [*_links(reply.links), *_buttons(shown, home)]
    rows: list[list[Component]] = [[select]] if select else []
    rows += [list(buttons[start : start + BUTTONS_IN_ROW]) for start in range(0, len(buttons), BUTTONS_IN_ROW)]
    return rows


def _session_select(reply: Reply, cards: Sequence[Card]) -> ActionSelect | None:
    numbered = [(card.number, card) for card in cards if card.number and card.number <= len(reply.listed)]
    options = [
        discord.SelectOption(label=cut(f"{number} · {visible(card.title)}", OPTION), value=reply.listed[number - 1])
        for number, card in numbered
    ]
    fitting = [option for option in options if len(option.value) <= OPTION][:MOST_OPTIONS]
    select_id = custom_id(SELECT, ButtonAction("session", asks=("code",)))
    return ActionSelect(select_id, "Open a session…", fitting) if fitting and select_id else None


def _links(links: Iterable[LinkButton]) -> list[Component]:
    return [link_button(cut(visible(link.label), LABEL) or ELLIPSIS, link.url) for link in links]


def _buttons(buttons: Iterable[Button], home: str) -> list[ActionButton]:
    """The buttons with different custom ids, because Discord refuses a message with two equal ones.

    A button whose action is too long is left out. If it is too long only with its server, the server is left out:
    the button then acts for the server that the person used last.
    """
    by_id: dict[str, ActionButton] = {}
    for button in buttons:
        action = ButtonAction(button.command, button.arguments, button.asks, button.seen)
        button_id = custom_id(BUTTON, replace(action, home=home)) or custom_id(BUTTON, action)
        if button_id and button_id not in by_id:
            usual = discord.ButtonStyle.primary if button.primary else discord.ButtonStyle.secondary
            style = STYLES.get(button.command, usual)
            by_id[button_id] = ActionButton(cut(visible(button.label), LABEL) or ELLIPSIS, button_id, style)
    return list(by_id.values())


def _page_buttons(again: ButtonAction, page: Page) -> list[Component]:
    """Back, the page's number, and forward; empty if the command with its arguments does not fit into a custom id."""
    steps = (
        ("◀", page.number - 1, not page.is_first),
        (f"{page.number + 1} of {page.count}", page.number, False),
        ("▶", page.number + 1, not page.is_last),
    )
    buttons: list[Component] = []
    for label, number, enabled in steps:
        button_id = custom_id(BUTTON, replace(again, page=number))
        if button_id is None:
            return []
        buttons.append(ActionButton(label, button_id, discord.ButtonStyle.secondary, disabled=not enabled))
    return buttons
