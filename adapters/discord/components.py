"""Buttons, lists and forms that carry everything they need in their custom id: nothing of them stays in memory."""

import re
from dataclasses import dataclass
from typing import Any, Protocol, Self

import discord
from discord import ui

from adapters.actions import Action, decode_action, encode_action

PRESS, PICK, FORM = "do", "pick", "form"
"""Prefixes of custom ids, by what the component is. Old messages have them: keep them."""
LONGEST_CUSTOM_ID = 100
SHORT, LONG = 200, 1_500
"""Characters that a field takes."""
_ID = r":(?P<action>.+)"


def custom_id(prefix: str, action: Action) -> str | None:
    """The custom id of a component with an action; None if it is too long for Discord."""
    return encode_action(action, LONGEST_CUSTOM_ID, f"{prefix}:")


def action_in(custom_id: str) -> Action:
    """The action of a component."""
    return decode_action(custom_id.partition(":")[2])


class Desk(Protocol):
    """Whatever answers interactions."""

    async def press(self, interaction: discord.Interaction[Any], action: Action) -> None:
        """A button was pressed."""
        ...

    async def pick(self, interaction: discord.Interaction[Any], action: Action, value: str) -> None:
        """Something was chosen from a list."""
        ...


class Press(ui.DynamicItem[ui.Button[Any]], template=PRESS + _ID):
    """A button."""

    def __init__(self, label: str, custom_id: str, style: discord.ButtonStyle, *, disabled: bool = False) -> None:
        super().__init__(ui.Button(label=label, custom_id=custom_id, style=style, disabled=disabled))

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str]
    ) -> Self:
        """The button that was pressed, from nothing but its custom id."""
        del interaction, item
        return cls("…", match.string, discord.ButtonStyle.secondary)

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Hand it to the desk."""
        await _desk(interaction).press(interaction, action_in(self.custom_id))


class Pick(ui.DynamicItem[ui.Select[Any]], template=PICK + _ID):
    """A list to choose one from."""

    def __init__(self, custom_id: str, placeholder: str, options: list[discord.SelectOption]) -> None:
        super().__init__(ui.Select(custom_id=custom_id, placeholder=placeholder, options=options))

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str]
    ) -> Self:
        """The list that something was chosen from, from nothing but its custom id."""
        del interaction, item
        return cls(match.string, "…", [discord.SelectOption(label="…")])

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Hand what was chosen to the desk."""
        action = action_in(self.custom_id)
        values = dict(interaction.data or {}).get("values")
        await _desk(interaction).pick(interaction, action, str(values[0]) if isinstance(values, list) else "")


@dataclass(frozen=True, slots=True)
class DiscordFormField:
    """One field of a form; `lines` is for several."""

    name: str
    label: str
    example: str = ""
    lines: bool = False


class Form(ui.Modal):
    """A form; what is entered comes back as an interaction of its own, which the client takes by its custom id."""

    def __init__(self, title: str, custom_id: str, entries: list[DiscordFormField]) -> None:
        super().__init__(title=title, custom_id=custom_id, timeout=900)
        for each in entries:
            entry: ui.TextInput[Any] = ui.TextInput(
                custom_id=each.name,
                placeholder=each.example or None,
                style=discord.TextStyle.paragraph if each.lines else discord.TextStyle.short,
                max_length=LONG if each.lines else SHORT,
                required=False,
            )
            self.add_item(ui.Label(text=each.label, component=entry))

    async def on_submit(self, interaction: discord.Interaction[Any], /) -> None:
        """The client has it already: it also takes forms that were opened before a restart."""


def view_of(rows: list[list[Press | Pick]]) -> ui.View | None:
    """The rows as what discord.py sends; it keeps nothing of it."""
    if not rows:
        return None
    view = ui.View(timeout=None)
    for number, row in enumerate(rows):
        for item in row:
            item.row = number
            view.add_item(item)
    return view


def entered(interaction: discord.Interaction[Any]) -> dict[str, str]:
    """What was typed into a form, by the name of the field."""

    def walk(component: dict[str, Any]) -> dict[str, str]:
        if "value" in component and "custom_id" in component:
            return {str(component["custom_id"]): str(component["value"])}
        inner = [*component.get("components", ()), *([component["component"]] if "component" in component else [])]
        return {name: value for each in inner for name, value in walk(each).items()}

    return walk(dict(interaction.data or {}))


def _desk(interaction: discord.Interaction[Any]) -> Desk:
    desk: Desk = interaction.client.desk
    return desk
