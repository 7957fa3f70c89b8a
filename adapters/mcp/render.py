"""Renders a reply as plain text for an assistant, marked as data; pure."""

import json
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence

from mcp_types import ContentBlock, ImageContent, TextContent

from adapters.mcp.tools import is_allowed
from bot.app.command_spec import Command
from bot.app.messages import Button, Card, Channel, File, Part, Reply, Strong, Text, Typed, When
from bot.app.text.pages import PageLimits, page_of
from bot.app.text.visible import visible
from bot.app.text.written_times import written

OPENS, CLOSES = "<hallway-data>", "</hallway-data>"
"""Everything between these is data. The texts of others cannot contain them: their `<` is replaced."""
LIMITS = PageLimits(line_chars=8_000, cards=40, card_chars=16_000)
"""Limits of one page; an assistant reads more at once than a phone shows."""
LONGEST_FILE = 60_000
"""Characters of a file that an answer contains."""
ANGLE = "\u2039"


def content_of(reply: Reply, page: int, tools: Mapping[str, Command]) -> list[ContentBlock]:
    """Return one page of a reply, its files, and what can be called next.

    Args:
        reply: as the command returned it.
        page: from 1; a number outside of the pages gives the nearest page.
        tools: the commands that are tools.
    """
    visible_page = page_of(
        [_line(line) for line in reply.lines if not _is_for_a_chat(line)], reply.cards, page - 1, LIMITS, _length
    )
    body = "\n".join([*visible_page.lines, *(line for card in visible_page.cards for line in _card(card))])
    blocks: list[ContentBlock] = [TextContent(text=marked(body))]
    notes = list(_next_calls(reply.buttons, tools))
    notes += [f"{visible(link.label)}: {visible(link.url)}" for link in reply.links]
    if visible_page.count > 1:
        notes.insert(0, f"This is page {visible_page.number + 1} of {visible_page.count}.")
    if notes:
        blocks.append(TextContent(text=marked("\n".join(notes))))
    return [*blocks, *(_file(file) for file in reply.files if visible_page.is_first)]


def marked(text: str) -> str:
    """Return a text between the marks that declare it as data."""
    return f"{OPENS}\n{text.replace('<', ANGLE)}\n{CLOSES}"


def _is_for_a_chat(line: Text) -> bool:
    """Whether a line says to type a session's number or to take a plan, which only works in the chat."""
    typed = [part.line for part in line if isinstance(part, Typed)]
    return any(line_typed.rpartition(" ")[2].isdecimal() or line_typed.startswith("/plan take") for line_typed in typed)


def _line(text: Text) -> str:
    return "".join(map(_part, text))


def _part(part: Part) -> str:
    match part:
        case When():
            return written(part)
        case Strong():
            return visible(part.text)
        case Typed():
            return visible(part.line)
        case Channel():
            return f"#{visible(part.id)}"
    inner = visible(part)
    before, after = " " if part[:1].isspace() else "", " " if part[-1:].isspace() else ""
    return f"{before}{inner}{after}" if inner else " " * bool(part)


def _card(card: Card) -> Iterator[str]:
    number = f"{card.number}. " if card.number is not None else ""
    yield f"{number}{visible(card.title)}"
    for line in card.lines:
        yield f"   {_line(line)}"
    for field in card.fields:
        yield f"   {visible(field.name)}: {_line(field.value)}"
    for address in filter(None, (card.link, card.picture)):
        yield f"   {visible(address)}"


def _length(card: Card) -> int:
    return sum(len(line) + 1 for line in _card(card))


def _next_calls(buttons: Sequence[Button], tools: Mapping[str, Command]) -> Iterator[str]:
    for button in buttons:
        if button.command in tools and not button.asks and is_allowed(tools[button.command], button.arguments):
            arguments = json.dumps(dict(button.arguments), ensure_ascii=False)
            yield f"{visible(button.label)}: call {button.command} with {visible(arguments)}"


def _file(file: File) -> ContentBlock:
    if file.binary and file.media_type.startswith("image/"):
        return ImageContent(data=b64encode(file.binary).decode(), mime_type=file.media_type)
    if file.binary or len(file.content) > LONGEST_FILE:
        return TextContent(text=marked(f"{file.name} ({len(file.data):,} bytes) is too long to be shown here."))
    return TextContent(text=marked(f"{file.name}:\n{file.content}"))
