"""Renders neutral text and cards as Discord's markdown and embeds, escaped and cut to the limits; pure.

Limits: https://discord.com/developers/docs/resources/message and …/components/reference (2026).
"""

from datetime import datetime
from functools import cached_property, lru_cache
from zoneinfo import ZoneInfo

import discord
from discord.types.embed import Embed as EmbedPayload
from typing_extensions import override

from adapters.discord.render.escape import ELLIPSIS, cut, escaped, line_escaped
from bot.app.messages import Card, Channel, Part, Strong, Text, TimeForm, Typed, When
from bot.app.text.visible import visible
from bot.app.text.written_times import written
from bot.domain.times.hour_format import clock_text

TITLE, DESCRIPTION, NAME, VALUE, MOST_FIELDS = 256, 4_096, 256, 1_024, 25
SHORT = 40
"""Fields whose values have at most this many characters stand side by side."""
ACCENT, ERROR = 0x4F6BED, 0xC0392B


def markdown(text: Text) -> str:
    """One line of text in Discord's markdown."""
    return line_escaped("".join(_piece(part) for part in text))


def _piece(part: Part) -> str:
    match part:
        case When():
            return f"**{_moment(part)}**" if part.strong else _moment(part)
        case Strong():
            return f"**{escaped(part.text).strip()}**"
        case Typed():
            return f"`{visible(part.line).replace('`', ' ')}`"
        case Channel():
            return f"<#{part.id}>" if part.id.isdecimal() else escaped(part.id)
        case _:
            return escaped(part)


def _moment(when: When) -> str:
    """A moment as `<t:…>`, which Discord shows in the zone of the reader's device.

    The conference's time follows if the reader chose a zone with `/timezone` in which the time is different. A reader
    who chose a clock of 12 or 24 hours gets it written out, because Discord's own follows the device.
    """
    if when.by_choice and when.form in (TimeForm.TIME, TimeForm.DAY_TIME):
        return written(when)
    stamp = int(when.at.timestamp())
    local = when.at.astimezone(ZoneInfo(when.zone))
    day = f"{local:%a} {local.day} {local:%b}"
    match when.form:
        case TimeForm.RELATIVE:
            return f"<t:{stamp}:R>"
        case TimeForm.DAY:
            return day
        case TimeForm.TIME:
            return f"<t:{stamp}:t>{_conference_time(when, local)}"
        case TimeForm.DAY_TIME:
            return f"<t:{stamp}:F>{_conference_time(when, local)}" if _is_away(when) else f"{day} <t:{stamp}:t>"


def _conference_time(when: When, local: datetime) -> str:
    time = clock_text(local, when.hours)
    return f" ({time} in {when.zone.rpartition('/')[2].replace('_', ' ')})" if _is_away(when) else ""


def _is_away(when: When) -> bool:
    if when.own is None:
        return False
    return when.at.astimezone(ZoneInfo(when.own)).utcoffset() != when.at.astimezone(ZoneInfo(when.zone)).utcoffset()


class SentEmbed(discord.Embed):
    """An embed that is complete when it is sent first: what Discord gets is made once, however often it is sent."""

    @override
    def to_dict(self) -> EmbedPayload:
        return self._payload

    @cached_property
    def _payload(self) -> EmbedPayload:
        return super().to_dict()


@lru_cache(maxsize=4_096)
def embed_of(card: Card, colour: int) -> discord.Embed:
    """A card as an embed: a block with a coloured edge. Cached by equality, so callers must not change it."""
    head = f"{card.number} · " if card.number is not None else ""
    text = cut("\n".join(markdown(line) for line in card.lines), DESCRIPTION - len(card.link) - 1)
    # Unescaped: it must be a link, and readers must see where it leads.
    description = "\n".join(filter(None, (text, card.link)))
    embed = SentEmbed(
        title=cut(line_escaped(head + escaped(card.title)), TITLE),
        description=description or None,
        colour=colour,
        url=card.opens or None,
    )
    if card.picture:
        embed.set_image(url=card.picture)
    for field in card.fields[:MOST_FIELDS]:
        name, value = cut(markdown((field.name,)), NAME), cut(markdown(field.value), VALUE)
        embed.add_field(name=name or ELLIPSIS, value=value or ELLIPSIS, inline=len(value) <= SHORT)
    return embed


def describe_card(card: Card) -> str:
    """The layout of a card's embed in words, from top to bottom."""
    embed = embed_of(card, ACCENT)
    parts = {
        "title in bold": embed.title,
        "text": any(card.lines),
        "link": card.link and card.link in str(embed.description),
        "picture": embed.image.url,
    }
    return f"a block with a coloured edge: {', '.join(name for name, present in parts.items() if present)}"
