"""From neutral words to Discord's markdown and embeds; pure. Everything is escaped here and cut to the limits.

Limits: https://discord.com/developers/docs/resources/message and …/components/reference (2026).
"""

from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

import discord

from adapters.discord.render.escape import cut, escaped, inert, line_escaped
from bot.app.messages import Card, Channel, Part, Strong, Text, TimeForm, Typed, When

TITLE, DESCRIPTION, NAME, VALUE, MOST_FIELDS = 256, 4_096, 256, 1_024, 25
SHORT = 40
"""Values up to this long stand side by side."""
ACCENT, FAULT = 0x4F6BED, 0xC0392B


def text_of(text: Text) -> str:
    """One line of text in Discord's markdown."""
    return line_escaped("".join(_piece(part) for part in text))


def _piece(part: Part) -> str:
    match part:
        case When():
            return _moment(part)
        case Strong():
            return f"**{escaped(part.text).strip()}**"
        case Typed():
            return f"`{inert(part.line).replace('`', ' ')}`"
        case Channel():
            return f"<#{part.id}>" if part.id.isdecimal() else escaped(part.id)
        case _:
            return escaped(part)


def _moment(when: When) -> str:
    """Discord shows `<t:…>` in the zone of the reader's device; who told us another zone gets the place's time too."""
    stamp = int(when.at.timestamp())
    local = when.at.astimezone(ZoneInfo(when.zone))
    day = f"{local:%a} {local.day} {local:%b}"
    match when.form:
        case TimeForm.RELATIVE:
            return f"<t:{stamp}:R>"
        case TimeForm.DAY:
            return day
        case TimeForm.TIME:
            return f"<t:{stamp}:t>{_there(when, local)}"
        case TimeForm.DAY_TIME:
            return f"<t:{stamp}:F>{_there(when, local)}" if _is_away(when) else f"{day} <t:{stamp}:t>"


def _there(when: When, local: datetime) -> str:
    return f" ({local:%H:%M} in {when.zone.rpartition('/')[2].replace('_', ' ')})" if _is_away(when) else ""


def _is_away(when: When) -> bool:
    if when.own is None:
        return False
    return when.at.astimezone(ZoneInfo(when.own)).utcoffset() != when.at.astimezone(ZoneInfo(when.zone)).utcoffset()


@lru_cache(maxsize=4_096)
def embed_of(card: Card, colour: int) -> discord.Embed:
    """A card as an embed, which shows as a block with a coloured edge; made once for equal cards, never changed."""
    head = f"{card.number} · " if card.number is not None else ""
    text = cut("\n".join(text_of(line) for line in card.lines), DESCRIPTION - len(card.link) - 1)
    # As it is: who reads it sees where it leads.
    description = "\n".join(filter(None, (text, card.link)))
    embed = discord.Embed(
        title=cut(line_escaped(head + escaped(card.title)), TITLE),
        description=description or None,
        colour=colour,
    )
    if card.picture:
        embed.set_image(url=card.picture)
    for each in card.fields[:MOST_FIELDS]:
        name, value = cut(text_of((each.name,)), NAME), cut(text_of(each.value), VALUE)
        embed.add_field(name=name or "…", value=value or "…", inline=len(value) <= SHORT)
    return embed


def manner_of(card: Card) -> str:
    """How a card is laid out here, in words: what its embed has, from top to bottom."""
    embed = embed_of(card, ACCENT)
    described = {"text": any(card.lines), "link": card.link and card.link in str(embed.description)}
    shown = {"title in bold": embed.title, **described, "picture": embed.image.url}
    return f"a block with a coloured edge: {', '.join(name for name, each in shown.items() if each)}"
