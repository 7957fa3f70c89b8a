"""One message as Discord takes it: a page of a reply with its cards, buttons and files; pure."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from io import BytesIO
from itertools import zip_longest
from typing import TypeVar

import discord

from adapters.discord.action_codec import Action, custom_id
from adapters.discord.components import PICK, PRESS, Pick, Press
from adapters.discord.render.escape import cut, inert
from adapters.discord.render.markdown import ACCENT, FAULT, embed_of, text_of
from bot.app.messages import Button, Card, File, Reply

CONTENT, LABEL, OPTION = 2_000, 80, 100
MOST_IN_ROW, MOST_ROWS, MOST_OPTIONS = 5, 5, 25
CARDS, CARDS_LENGTH = 5, 5_500
"""On one page: five cards fill a phone, and all embeds of a message may have 6,000 characters together."""
STYLES: Mapping[str, discord.ButtonStyle] = {
    "attend": discord.ButtonStyle.success,
    "onmyway": discord.ButtonStyle.primary,
    "skip": discord.ButtonStyle.secondary,
    "forgetme": discord.ButtonStyle.danger,
}
"""The colours of what most people press next, and of what cannot be undone."""
MORE = "… there is more than fits here."
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Pagination:
    """The command that shows another page of the same list."""

    command: str
    arguments: Mapping[str, str] = field(default_factory=dict)


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


def render_message(reply: Reply, turn: Pagination | None = None, page: int = 0, home: str = "") -> DiscordMessage:
    """A page of a reply. Without a `turn` there is one page, and it says if something had to be left out.

    `home` is the server whose people its buttons are for.
    """
    pages = _pages(reply)
    page = min(max(page, 0), len(pages) - 1)
    lines, cards = pages[page]
    rows = _rows(reply, cards, home)
    turns = _turns(turn, page, len(pages)) if turn and len(pages) > 1 else []
    if len(pages) > 1 and not turns:
        lines = [*lines, MORE]
    rows = [*rows[: MOST_ROWS - 1], turns] if turns else rows[:MOST_ROWS]
    embeds = [embed_of(card, FAULT if reply.is_error else ACCENT) for card in cards]
    return DiscordMessage(cut("\n".join(lines), CONTENT), embeds, rows, reply.files if page == 0 else ())


def _pages(reply: Reply) -> list[tuple[list[str], list[Card]]]:
    """Lines and cards side by side, as many pages as the longer of the two needs; at least one."""
    lines = _chunks([text_of(line) for line in reply.lines], lambda line: len(line) + 1, CONTENT - len(MORE) - 1)
    cards = _chunks(reply.cards, _length, CARDS_LENGTH, CARDS)
    return [(some or [], shown or []) for some, shown in zip_longest(lines, cards)] or [([], [])]


@lru_cache(maxsize=4_096)
def _length(card: Card) -> int:
    return len(embed_of(card, ACCENT))


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


def _turns(turn: Pagination, page: int, pages: int) -> list[Press | Pick]:
    """Back, where we are, and on; none of them if the question is too long to be asked again."""
    steps = (("◀", page - 1, page > 0), (f"{page + 1} of {pages}", page, False), ("▶", page + 1, page < pages - 1))
    items: list[Press | Pick] = []
    for label, to, leads_somewhere in steps:
        wire = custom_id(PRESS, Action(turn.command, turn.arguments, page=to))
        if wire is None:
            return []
        items.append(Press(label, wire, discord.ButtonStyle.secondary, disabled=not leads_somewhere))
    return items
