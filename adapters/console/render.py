"""Renders a reply as lines for a terminal; pure. Text from schedules and people cannot control the terminal."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.app.messages import (
    Button,
    Card,
    Channel,
    Field,
    File,
    LinkButton,
    Part,
    Reply,
    Strong,
    Text,
    TimeForm,
    Typed,
    When,
)
from bot.app.text.written_times import written

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
STRONG, TYPED, DIM, BELL = "1", "36", "2", "1;33"
INDENT = "   "
DAY = timedelta(days=1)

Styled = tuple[str, str]
"""A piece of text and its style, a number of ANSI's; "" for none."""


@dataclass(frozen=True, slots=True)
class TerminalStyle:
    """The columns of the terminal, 0 for no wrapping, and whether it shows colours."""

    width: int = 0
    colour: bool = False


def visible(text: str) -> str:
    """The text without control characters; line ends become spaces."""
    return _CONTROL.sub("", text.replace("\n", " "))


def moment(when: When, now: datetime) -> str:
    """A time as text; a relative time, such as "in 25 min", counts from `now`."""
    if when.form is TimeForm.RELATIVE:
        return _relative(when.at - now)
    return written(when)


def lines_of(reply: Reply, now: datetime, terminal: TerminalStyle) -> Iterator[str]:
    """The lines of a reply with its cards, buttons and files."""
    yield from body_lines(reply, now, terminal)
    for link in reply.links:
        yield from _wrapped(_link(link), "", terminal)
    for button in reply.buttons:
        if button.choice:
            yield from _wrapped(_choice(button), "", terminal, hanging="  ")
    if others := _once([button for button in reply.buttons if not button.choice]):
        yield from _wrapped(_buttons(others), "", terminal)
    for file in reply.files:
        size, verb = f"{len(file.data):,} bytes", "describes" if file.binary else "prints"
        yield from _wrapped([(f"[{visible(file.name)}, {size}; :show {verb} it]", DIM)], "", terminal)


def body_lines(reply: Reply, now: datetime, terminal: TerminalStyle) -> Iterator[str]:
    """The words of a reply: its lines and cards."""
    for line in reply.lines:
        yield from _wrapped(_styled(line, now), "", terminal)
    for card in reply.cards:
        yield from _card(card, now, terminal)


def file_lines(file: File, terminal: TerminalStyle) -> Iterator[str]:
    """Return the lines of a text file; for any other file, one line that describes it."""
    yield painted(visible(file.name), STRONG, terminal)
    if file.binary:
        yield f"│ {visible(file.description)}"
        return
    yield from (f"│ {visible(line)}" for line in file.content.splitlines())


def _card(card: Card, now: datetime, terminal: TerminalStyle) -> Iterator[str]:
    head = f"{card.number}. " if card.number is not None else ""
    yield from _wrapped([(head + visible(card.title), STRONG)], "", terminal, hanging=" " * len(head))
    for line in card.lines:
        yield from _wrapped(_styled(line, now), INDENT, terminal)
    for card_field in card.fields:
        yield from _wrapped(_field(card_field, now), INDENT, terminal)
    for address in filter(None, (card.link, card.picture)):
        yield from _wrapped([(visible(address), "")], INDENT, terminal)


def describe_card(card: Card) -> str:
    """The layout of a card in words."""
    parts = {"title": card.title, "text": card.lines, "link": card.link, "address of the picture": card.picture}
    return f"plain lines: {', '.join(name for name, value in parts.items() if value)}"


def _field(field: Field, now: datetime) -> list[Styled]:
    return [(f"{visible(field.name)}: ", DIM), *_styled(field.value, now)]


def _link(link: LinkButton) -> list[Styled]:
    return [("→ ", DIM), (f"{visible(link.label)}: {visible(link.url)}", "")]


def _choice(button: Button) -> list[Styled]:
    """A command to type, with the title that it chooses, because a code alone says nothing."""
    return [("→ ", DIM), (visible(button.line), TYPED), (f"  {visible(button.label)}", "")]


def _once(buttons: Iterable[Button]) -> list[Button]:
    """The buttons; of those for the entries of a list, only the first of each command, as an example to type."""
    first: dict[str, Button] = {}
    for button in buttons:
        first.setdefault(button.command if button.of_list else button.line, button)
    return list(first.values())


def _buttons(buttons: Iterable[Button]) -> list[Styled]:
    pieces: list[Styled] = [("→ ", DIM)]
    for button in buttons:
        pieces += [(" · ", DIM)] if len(pieces) > 1 else []
        pieces.append((visible(button.line), TYPED))
    return pieces


def _styled(text: Text, now: datetime) -> list[Styled]:
    return [_piece(part, now) for part in text]


def _piece(part: Part, now: datetime) -> Styled:
    match part:
        case When():
            return moment(part, now), STRONG if part.strong else ""
        case Strong():
            return visible(part.text), STRONG
        case Typed():
            return visible(part.line), TYPED
        case Channel():
            return visible(f"#{part.id}"), ""
        case _:
            return visible(part), ""


def _wrapped(pieces: list[Styled], indent: str, terminal: TerminalStyle, hanging: str = "") -> Iterator[str]:
    """The pieces as lines no wider than the terminal, broken at spaces."""
    line, used, begun = indent, len(indent), False
    for word, style in _words(pieces):
        room = terminal.width - used if terminal.width else len(word)
        if begun and len(word.rstrip()) > room:
            yield line.rstrip()
            line, used = indent + hanging, len(indent + hanging)
        line += painted(word, style, terminal)
        used, begun = used + len(word), True
    if begun:
        yield line.rstrip()


def _words(pieces: Iterable[Styled]) -> Iterator[Styled]:
    for text, style in pieces:
        for word in re.findall(r"\S+\s*|\s+", text):
            yield word, style


def painted(text: str, style: str, terminal: TerminalStyle) -> str:
    """`text` in a style, where there are colours."""
    return f"\x1b[{style}m{text}\x1b[0m" if terminal.colour and style else text


def _relative(span: timedelta) -> str:
    away = abs(span)
    minutes = round(away.total_seconds() / 60)
    if minutes == 0:
        return "now"
    hours, rest = divmod(minutes, 60)
    if away >= 2 * DAY:
        length = f"{away // DAY} days"
    elif hours:
        length = f"{hours} h {rest} min" if rest else f"{hours} h"
    else:
        length = f"{minutes} min"
    return f"in {length}" if span > timedelta() else f"{length} ago"
