"""A refused form: its answer shows what was typed, with a button that opens the form again with that in its fields.

Nothing of it is stored: the button reads the fields from the message that it stands on, also after a restart.
"""

from collections.abc import Mapping
from dataclasses import replace

import discord

from adapters.action_codec import ButtonAction
from adapters.discord.components import AGAIN, AgainButton, custom_id
from adapters.discord.render.markdown import DESCRIPTION, ERROR, NAME, VALUE
from adapters.discord.render.message import MOST_ROWS, DiscordMessage

TITLE, LABEL = "What you typed", "Fill in again"
MOST_EMBEDS = 10


def with_refill(message: DiscordMessage, action: ButtonAction, values: Mapping[str, str]) -> DiscordMessage:
    """Return a refusal with what was typed, and with the button that opens the form again.

    Args:
        message: the refusal.
        action: what the form does, without its fields.
        values: the text of each field, by its name; empty ones too, so that the form has all its fields again.
    """
    again = replace(action, asks=tuple(values), page=None)
    button_id = custom_id(AGAIN, again) or custom_id(AGAIN, replace(again, home=""))
    if button_id is None:
        return message
    typed = {name: value for name, value in values.items() if value.strip()}
    embed = discord.Embed(title=TITLE, colour=ERROR)
    # The longest text has the place for long texts, below its name as the footer.
    longest = max(typed, key=lambda name: len(typed[name]), default="")
    for name, value in typed.items():
        if name == longest:
            embed.description = value[:DESCRIPTION]
            embed.set_footer(text=name[:NAME])
        else:
            embed.add_field(name=name[:NAME], value=value[:VALUE], inline=False)
    embeds = [*message.embeds[: MOST_EMBEDS - 1], embed] if typed else message.embeds
    return replace(message, embeds=embeds, rows=[[AgainButton(button_id, LABEL)], *message.rows[: MOST_ROWS - 1]])


def typed_in(message: discord.Message | None) -> dict[str, str]:
    """Return what was typed into the form that `message` refused, by the names of the fields."""
    found = next((embed for embed in (message.embeds if message else ()) if embed.title == TITLE), None)
    if found is None:
        return {}
    values = {field.name: field.value for field in found.fields if field.name and field.value}
    if found.description and found.footer.text:
        values[found.footer.text] = found.description
    return values
