"""From neutral words to Slack's markup and blocks; pure. Everything is escaped here and cut to the limits.

Limits: https://docs.slack.dev/reference/block-kit/blocks and …/formatting-message-text (2026).
"""

import re
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from adapters.slack.manifest import ONE_COMMAND, own_name
from adapters.slack.render.escape import MOST_KEPT, ZERO_WIDTH, cut, entities, escaped, inert, line_escaped, plain
from bot.app.messages import Card, Channel, Part, Strong, Text, TimeForm, Typed, When

SECTION, FIELD, MOST_FIELDS = 3_000, 2_000, 10
HEADER = 150
_CHANNEL = re.compile(r"[CDG][A-Z0-9]{2,30}")

Block = dict[str, Any]


def text_of(text: Text) -> str:
    """One line of text in Slack's markup."""
    return line_escaped("".join(_piece(part) for part in text))


def _piece(part: Part) -> str:
    match part:
        case When():
            return _moment(part)
        case Strong():
            return f"*{words}*" if (words := escaped(part.text).strip()) else ""
        case Typed():
            return f"`{entities(inert(typed(part.line))).replace('`', ' ')}`"
        case Channel():
            return f"<#{part.id}>" if _CHANNEL.fullmatch(part.id) else escaped(part.id)
        case _:
            return escaped(part)


def typed(line: str) -> str:
    """A line as it can be typed here: where Slack keeps a name for itself, behind the one command."""
    name = line.partition(" ")[0]
    return line if not name.startswith("/") or own_name(name[1:]) else f"/{ONE_COMMAND} {line[1:]}"


@lru_cache(maxsize=MOST_KEPT)
def _moment(when: When) -> str:
    """Slack shows `<!date^…>` in the zone of the reader's device; who told us another zone gets the place's time too.

    Where it cannot, such as in a notification, it shows what stands behind the bar: the place's time.
    """
    stamp = int(when.at.timestamp())
    local = when.at.astimezone(ZoneInfo(when.zone))
    day, time = f"{local:%a} {local.day} {local:%b}", f"{local:%H:%M %Z}"
    match when.form:
        case TimeForm.RELATIVE:
            return f"<!date^{stamp}^{{ago}}|at {time}>"
        case TimeForm.DAY:
            return day
        case TimeForm.TIME:
            return f"<!date^{stamp}^{{time}}|{time}>{_there(when, local)}"
        case TimeForm.DAY_TIME:
            if _is_away(when):
                return f"<!date^{stamp}^{{date_short}} {{time}}|{day} {time}>{_there(when, local)}"
            return f"{day} <!date^{stamp}^{{time}}|{time}>"


def _there(when: When, local: datetime) -> str:
    return f" ({local:%H:%M} in {when.zone.rpartition('/')[2].replace('_', ' ')})" if _is_away(when) else ""


def _is_away(when: When) -> bool:
    if when.own is None:
        return False
    return when.at.astimezone(ZoneInfo(when.own)).utcoffset() != when.at.astimezone(ZoneInfo(when.zone)).utcoffset()


def title_of(card: Card) -> str:
    """The head of a card, in Slack's markup."""
    head = f"{card.number} · " if card.number is not None else ""
    return line_escaped(f"{head}{escaped(card.title)}".strip())


def marked(text: str, limit: int) -> Block:
    """An object with markup, in which Slack makes nothing live that we did not."""
    return {"type": "mrkdwn", "text": cut(text, limit), "verbatim": True}


def plainly(text: str, limit: int) -> Block:
    """An object that knows no markup."""
    return {"type": "plain_text", "text": plain(text, limit), "emoji": False}


def section(text: str) -> Block:
    """A paragraph."""
    return {"type": "section", "text": marked(text, SECTION)}


def header(text: str) -> Block:
    """A heading."""
    return {"type": "header", "text": plainly(text, HEADER)}


def remark(text: str) -> Block:
    """Something said in small letters."""
    return {"type": "context", "elements": [marked(text, SECTION)]}


@dataclass(frozen=True, slots=True)
class Written:
    """A card in Slack's markup."""

    title: str
    lines: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    picture: str = ""

    @property
    def said(self) -> list[str]:
        """Line by line, for who hears it. The colon is ours, and ends no emoji."""
        return [self.title, *self.lines, *(f"{name}{ZERO_WIDTH}: {value}" for name, value in self.facts)]

    @property
    def length(self) -> int:
        """Characters in all."""
        return sum(map(len, self.said))

    def blocks(self) -> list[Block]:
        """Its title, its lines, and its facts side by side."""
        lines = "\n".join([f"*{self.title}*" if self.title else "", *self.lines])
        blocks = [section(lines)] if lines.strip() else []
        facts = [marked(f"*{name}*\n{value}", FIELD) for name, value in self.facts]
        blocks += [{"type": "image", "image_url": self.picture, "alt_text": "picture"}] if self.picture else []
        rows = [facts[start : start + MOST_FIELDS] for start in range(0, len(facts), MOST_FIELDS)]
        return [*blocks, *({"type": "section", "fields": row} for row in rows)]


@lru_cache(maxsize=MOST_KEPT)
def written(card: Card) -> Written:
    """The card, made once for equal ones."""
    facts = tuple((text_of((each.name,)), text_of(each.value)) for each in card.fields)
    # As it is, so that everybody sees where it leads.
    link = (f"<{card.link.replace('&', '&amp;')}>",) if card.link else ()
    return Written(title_of(card), (*map(text_of, card.lines), *link), facts, card.picture)


def manner_of(card: Card) -> str:
    """How a card is laid out here, in words: what its blocks have, from top to bottom."""
    kept = written(card)
    pictured = any(block["type"] == "image" for block in kept.blocks())
    shown = {"title in bold": kept.title, "text": any(card.lines), "link": card.link, "picture": pictured}
    return f"a message without an edge: {', '.join(name for name, each in shown.items() if each)}"
