"""A long reply in pages: the platform gives the limits of one message, and renders the page that it needs."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import TypeVar

from bot.app.messages import Card

MORE = "… there is more than fits here."
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class PageLimits:
    """Most characters of lines, most cards, and most characters of cards on one page."""

    line_chars: int
    cards: int
    card_chars: int


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a reply: rendered lines, and cards. `number` counts from 0 to `count` - 1."""

    lines: Sequence[str]
    cards: Sequence[Card]
    number: int
    count: int

    @property
    def is_first(self) -> bool:
        """Whether no page comes before this one."""
        return self.number == 0

    @property
    def is_last(self) -> bool:
        """Whether no page comes after this one."""
        return self.number == self.count - 1


def page_of(
    lines: Iterable[str],
    cards: Iterable[Card],
    number: int,
    limits: PageLimits,
    card_length: Callable[[Card], int],
) -> Page:
    """One page of rendered `lines` and of `cards`.

    Lines and cards are divided independently: there are as many pages as the longer of the two needs, at least one.

    Args:
        lines: each counts one more character, for the line break after it.
        cards: each counts `card_length(card)` characters.
        number: 0 for the first page; a number outside of the pages gives the nearest page.
        limits: a line or card that is longer than its limit gets a page of its own.
        card_length: as the platform renders the card.
    """
    line_chunks = chunks(lines, lambda line: len(line) + 1, limits.line_chars)
    card_chunks = chunks(cards, card_length, limits.card_chars, limits.cards)
    pages = list(zip_longest(line_chunks, card_chunks)) or [(None, None)]
    number = min(max(number, 0), len(pages) - 1)
    page_lines, page_cards = pages[number]
    return Page(page_lines or (), page_cards or (), number, len(pages))


def chunks(
    items: Iterable[T], length: Callable[[T], int], limit: int, most: int | None = None
) -> Iterator[Sequence[T]]:
    """Divide items, in order, so that each chunk is at most `limit` long and has at most `most` items.

    An item that is longer than `limit` is a chunk of its own.
    """
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
