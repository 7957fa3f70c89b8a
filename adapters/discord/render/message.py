"""One message as Discord takes it: a page of a reply with its cards, buttons and files; pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from io import BytesIO

import discord

from adapters.actions import Action
from adapters.discord.components import PICK, PRESS, Pick, Press, custom_id
from adapters.discord.render.escape import cut, inert
from adapters.discord.render.markdown import ACCENT, FAULT, embed_of, text_of
from bot.app.messages import Button, Card, File, Reply
from bot.app.text.pages import MORE, Page, PageLimits, page_of

CONTENT, LABEL, OPTION = 2_000, 80, 100
MOST_IN_ROW, MOST_ROWS, MOST_OPTIONS = 5, 5, 25
LIMITS = PageLimits(line_chars=CONTENT - len(MORE) - 1, cards=5, card_chars=5_500)
"""Five cards fill the screen of a phone; Discord allows 6,000 characters in all embeds of a message together."""
STYLES: Mapping[str, discord.ButtonStyle] = {
    "attend": discord.ButtonStyle.success,
    "onmyway": discord.ButtonStyle.primary,
    "skip": discord.ButtonStyle.secondary,
    "forgetme": discord.ButtonStyle.danger,
}
"""The colours of what most people press next, and of what cannot be undone."""


@dataclass(frozen=True, slots=True)
class DiscordMessage:
    """One message, but for who reads it."""

    content: str
    embeds: list[discord.Embed]
    rows: list[list[Press | Pick]]
    attached: tuple[File, ...] = ()

    @property
    def files(self) -> list[discord.File]:
        """The files, made anew each time they are sent."""
        return [discord.File(BytesIO(each.content.encode()), each.name) for each in self.attached]


def render_message(reply: Reply, again: Action | None = None, page: int = 0, home: str = "") -> DiscordMessage:
    """One page of a reply.

    Args:
        reply: as the command returned it.
        again: runs the same command for another page. Without it there is one page, which says if there is more.
        page: counts from 0.
        home: the server whose attendees the buttons are for.
    """
    lines = [text_of(line) for line in reply.lines]
    shown = page_of(lines, reply.cards, page, LIMITS, _length)
    turns = _turns(again, shown) if again and shown.count > 1 else []
    rows = _rows(reply, shown.cards, home)
    rows = [*rows[: MOST_ROWS - 1], turns] if turns else rows[:MOST_ROWS]
    text = "\n".join([*shown.lines, MORE] if shown.count > 1 and not turns else shown.lines)
    embeds = [embed_of(card, FAULT if reply.is_error else ACCENT) for card in shown.cards]
    return DiscordMessage(cut(text, CONTENT), embeds, rows, reply.files if shown.is_first else ())


@lru_cache(maxsize=4_096)
def _length(card: Card) -> int:
    return len(embed_of(card, ACCENT))


def _rows(reply: Reply, cards: Sequence[Card], home: str) -> list[list[Press | Pick]]:
    """Buttons in rows of five, and sessions that were listed as a list to choose from, which a thumb hits better."""
    choosing = _choosing(reply, cards)
    # Buttons that only open a listed session say what the list says already.
    buttons = [each for each in reply.buttons if not (choosing and each.command == "session")]
    pressed = _buttons(buttons, home)
    rows: list[list[Press | Pick]] = [[choosing]] if choosing else []
    rows += [list(pressed[start : start + MOST_IN_ROW]) for start in range(0, len(pressed), MOST_IN_ROW)]
    return rows


def _choosing(reply: Reply, cards: Sequence[Card]) -> Pick | None:
    numbered = [(each.number, each) for each in cards if each.number and each.number <= len(reply.listed)]
    options = [
        discord.SelectOption(label=cut(f"{number} · {inert(card.title)}", OPTION), value=reply.listed[number - 1])
        for number, card in numbered
    ]
    fitting = [option for option in options if len(option.value) <= OPTION][:MOST_OPTIONS]
    wire = custom_id(PICK, Action("session", asks=("code",)))
    return Pick(wire, "Open a session…", fitting) if fitting and wire else None


def _buttons(buttons: Iterable[Button], home: str) -> list[Press]:
    """Discord refuses a message with two equal custom ids; a button that does not fit into one is left out.

    One that fits only without its server is for the one that was used last.
    """
    found: dict[str, Press] = {}
    for each in buttons:
        action = Action(each.command, each.arguments, each.asks, each.seen)
        wire = custom_id(PRESS, replace(action, home=home)) or custom_id(PRESS, action)
        if wire and wire not in found:
            style = STYLES.get(each.command, discord.ButtonStyle.secondary)
            found[wire] = Press(cut(inert(each.label), LABEL) or "…", wire, style)
    return list(found.values())


def _turns(again: Action, page: Page) -> list[Press | Pick]:
    """Back, the page's number, and forward; empty if the command with its arguments does not fit into a custom id."""
    steps = (
        ("◀", page.number - 1, not page.is_first),
        (f"{page.number + 1} of {page.count}", page.number, False),
        ("▶", page.number + 1, not page.is_last),
    )
    buttons: list[Press | Pick] = []
    for label, to, enabled in steps:
        wire = custom_id(PRESS, replace(again, page=to))
        if wire is None:
            return []
        buttons.append(Press(label, wire, discord.ButtonStyle.secondary, disabled=not enabled))
    return buttons
