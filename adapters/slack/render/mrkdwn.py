"""Turns neutral text and cards into Slack's markup and blocks, escaped and cut to Slack's limits. Pure.

Limits: https://docs.slack.dev/reference/block-kit/blocks and …/formatting-message-text (2026).
"""

import re
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from adapters.slack.manifest import ONE_COMMAND, has_own_command
from adapters.slack.render.escape import (
    CACHE_SIZE,
    ZERO_WIDTH,
    escape_entities,
    escape_line_start,
    escape_text,
    plain,
    truncate,
)
from bot.app.messages import Card, Channel, Part, Strong, Text, TimeForm, Typed, When
from bot.app.text.visible import visible
from bot.app.text.written_times import written
from bot.domain.times.hour_format import clock_text

SECTION, FIELD, MAX_FIELDS = 3_000, 2_000, 10
HEADER = 150
_CHANNEL = re.compile(r"[CDG][A-Z0-9]{2,30}")

Block = dict[str, Any]


def render_text(text: Text) -> str:
    """Return one line in Slack's markup."""
    return escape_line_start("".join(_render_part(part) for part in text))


def _render_part(part: Part) -> str:
    match part:
        case When():
            return f"*{_render_when(part)}*" if part.strong else _render_when(part)
        case Strong():
            return f"*{words}*" if (words := escape_text(part.text).strip()) else ""
        case Typed():
            return f"`{escape_entities(visible(typed_line(part.line))).replace('`', ' ')}`"
        case Channel():
            return f"<#{part.id}>" if _CHANNEL.fullmatch(part.id) else escape_text(part.id)
        case _:
            return escape_text(part)


def typed_line(line: str) -> str:
    """Return a command line as users of Slack type it: reserved names come after `/hallway`."""
    name = line.partition(" ")[0]
    return line if not name.startswith("/") or has_own_command(name[1:]) else f"/{ONE_COMMAND} {line[1:]}"


@lru_cache(maxsize=CACHE_SIZE)
def _render_when(when: When) -> str:
    """Return a time that Slack shows in the zone of the reader's device (`<!date^…>`).

    The text after the bar is the time at the venue; Slack shows it where it cannot convert, as in notifications. A
    reader who told Hallway a zone that differs from the venue's gets the time at the venue too. A reader who chose a
    clock of 12 or 24 hours gets it written out, because Slack's own follows the settings of Slack.
    """
    if when.by_choice and when.form in (TimeForm.TIME, TimeForm.DAY_TIME):
        return escape_entities(written(when))
    stamp = int(when.at.timestamp())
    local = when.at.astimezone(ZoneInfo(when.zone))
    day, time = f"{local:%a} {local.day} {local:%b}", f"{clock_text(local, when.hours)} {local:%Z}"
    match when.form:
        case TimeForm.RELATIVE:
            return f"<!date^{stamp}^{{ago}}|at {time}>"
        case TimeForm.DAY:
            return day
        case TimeForm.TIME:
            return f"<!date^{stamp}^{{time}}|{time}>{_venue_time(when, local)}"
        case TimeForm.DAY_TIME:
            if _is_zone_different(when):
                return f"<!date^{stamp}^{{date_short}} {{time}}|{day} {time}>{_venue_time(when, local)}"
            return f"{day} <!date^{stamp}^{{time}}|{time}>"


def _venue_time(when: When, local: datetime) -> str:
    if not _is_zone_different(when):
        return ""
    return f" ({clock_text(local, when.hours)} in {when.zone.rpartition('/')[2].replace('_', ' ')})"


def _is_zone_different(when: When) -> bool:
    if when.own is None:
        return False
    return when.at.astimezone(ZoneInfo(when.own)).utcoffset() != when.at.astimezone(ZoneInfo(when.zone)).utcoffset()


def mrkdwn_object(text: str, limit: int) -> Block:
    """Return a text object with markup; `verbatim` keeps Slack from adding links and mentions."""
    return {"type": "mrkdwn", "text": truncate(text, limit), "verbatim": True}


def plain_text_object(text: str, limit: int) -> Block:
    """Return a text object without markup."""
    return {"type": "plain_text", "text": plain(text, limit), "emoji": False}


def section(text: str) -> Block:
    """Return a block with one paragraph."""
    return {"type": "section", "text": mrkdwn_object(text, SECTION)}


def header(text: str) -> Block:
    """Return a block with a heading."""
    return {"type": "header", "text": plain_text_object(text, HEADER)}


def context(text: str) -> Block:
    """Return a block with small text."""
    return {"type": "context", "elements": [mrkdwn_object(text, SECTION)]}


@dataclass(frozen=True, slots=True)
class RenderedCard:
    """A card in Slack's markup; `facts` are its fields (name, value)."""

    title: str
    lines: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    picture: str | None = None
    opens: str = ""

    @property
    def text_lines(self) -> list[str]:
        """The card line by line, for screen readers. The zero-width space keeps our colon from ending an emoji."""
        return [self.title, *self.lines, *(f"{name}{ZERO_WIDTH}: {value}" for name, value in self.facts)]

    @property
    def length(self) -> int:
        """The number of characters of all lines."""
        return sum(map(len, self.text_lines)) + len(self.opens)

    def blocks(self) -> list[Block]:
        """Return the title with the lines, the picture, and the fields in two columns."""
        title = f"<{self.opens}|{self.title}>" if self.opens and self.title else self.title
        lines = "\n".join([f"*{title}*" if title else "", *self.lines])
        blocks = [section(lines)] if lines.strip() else []
        if self.picture:
            blocks.append({"type": "image", "image_url": self.picture, "alt_text": "picture"})
        facts = [mrkdwn_object(f"*{name}*\n{value}", FIELD) for name, value in self.facts]
        rows = [facts[start : start + MAX_FIELDS] for start in range(0, len(facts), MAX_FIELDS)]
        return [*blocks, *({"type": "section", "fields": row} for row in rows)]


@lru_cache(maxsize=CACHE_SIZE)
def render_card(card: Card) -> RenderedCard:
    """Render a card; cached."""
    number = f"{card.number} · " if card.number is not None else ""
    # The link is shown as it is, so that everybody sees where it leads.
    link = (f"<{card.link.replace('&', '&amp;')}>",) if card.link else ()
    return RenderedCard(
        title=escape_line_start(f"{number}{escape_text(card.title)}".strip()),
        lines=(*map(render_text, card.lines), *link),
        facts=tuple((render_text((fact.name,)), render_text(fact.value)) for fact in card.fields),
        picture=card.picture or None,
        opens=card.opens.replace("&", "&amp;"),
    )


def describe_card(card: Card) -> str:
    """Say in words how Slack shows a card: its parts from top to bottom."""
    rendered = render_card(card)
    parts = {
        "title in bold": rendered.title,
        "text": any(card.lines),
        "link": card.link,
        "picture": rendered.picture,
    }
    return f"a message without an edge: {', '.join(name for name, present in parts.items() if present)}"
