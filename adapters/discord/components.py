"""Buttons, selects and forms whose custom id has everything that they need: nothing of them stays in memory."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import discord
from discord import ui
from typing_extensions import override

from adapters.action_codec import ButtonAction, decode_action, encode_action

if TYPE_CHECKING:
    from adapters.discord.interactions import DiscordInteractionHandler

BUTTON, SELECT, FORM, AGAIN = "do", "pick", "form", "again"
"""Prefixes of custom ids, by the kind of component. Old messages have them: keep them."""
LONGEST_CUSTOM_ID = 100
FORM_TIMEOUT = 900
"""Seconds."""
_ID = r":(?P<action>.+)"
_ID_IN_MENTION = re.compile(r"\d{1,20}")


def custom_id(prefix: str, action: ButtonAction) -> str | None:
    """The custom id of a component with an action; None if it is too long for Discord."""
    return encode_action(action, LONGEST_CUSTOM_ID, f"{prefix}:")


def action_in(custom_id: str) -> ButtonAction:
    """The action of the component with this custom id."""
    return decode_action(custom_id.partition(":")[2])


class ActionButton(ui.DynamicItem[ui.Button[Any]], template=BUTTON + _ID):
    """A button that runs its action."""

    def __init__(self, label: str, custom_id: str, style: discord.ButtonStyle, *, disabled: bool = False) -> None:
        super().__init__(ui.Button(label=label, custom_id=custom_id, style=style, disabled=disabled))

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str]
    ) -> Self:
        """Make a pressed button again; discord.py calls this."""
        del interaction, item
        return cls("…", match.string, discord.ButtonStyle.secondary)

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Run the action; discord.py calls this when the button is pressed."""
        await _handler(interaction).press(interaction, action_in(self.custom_id))


class AgainButton(ui.DynamicItem[ui.Button[Any]], template=AGAIN + _ID):
    """A button on the refusal of a form; it opens the form again, with what the message says was typed."""

    def __init__(self, custom_id: str, label: str = "…") -> None:
        super().__init__(ui.Button(label=label, custom_id=custom_id, style=discord.ButtonStyle.primary))

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str]
    ) -> Self:
        """Make a pressed button again; discord.py calls this."""
        del interaction, item
        return cls(match.string)

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Open the form; discord.py calls this when the button is pressed."""
        await _handler(interaction).refill(interaction, action_in(self.custom_id))


class ActionSelect(ui.DynamicItem[ui.Select[Any]], template=SELECT + _ID):
    """A list of options; choosing one runs the action with it."""

    def __init__(self, custom_id: str, placeholder: str, options: list[discord.SelectOption]) -> None:
        super().__init__(ui.Select(custom_id=custom_id, placeholder=placeholder, options=options))

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str]
    ) -> Self:
        """Make a used select again, without its options; discord.py calls this."""
        del interaction, item
        return cls(match.string, "…", [discord.SelectOption(label="…")])

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Run the action with the chosen option; discord.py calls this."""
        values = dict(interaction.data or {}).get("values")
        value = str(values[0]) if isinstance(values, list) else ""
        await _handler(interaction).select(interaction, action_in(self.custom_id), value)


@dataclass(frozen=True, slots=True)
class DiscordFormField:
    """One field of a form: a file, a channel, or a text, which may have several lines with `multiline`.

    `value` is what stands in it when the form opens.
    """

    name: str
    label: str
    max_length: int
    example: str = ""
    multiline: bool = False
    is_file: bool = False
    is_channel: bool = False
    value: str = ""
    options: Sequence[tuple[str, str]] = ()


class Form(ui.Modal):
    """A form. Its submission is an interaction of its own, which the client recognizes by the custom id."""

    def __init__(self, title: str, custom_id: str, fields: list[DiscordFormField]) -> None:
        super().__init__(title=title, custom_id=custom_id, timeout=FORM_TIMEOUT)
        for field in fields:
            self.add_item(ui.Label(text=field.label, component=_input(field)))

    async def on_submit(self, interaction: discord.Interaction[Any], /) -> None:
        """Do nothing: the client handles every submission, also of a form that was opened before a restart."""


def _input(
    field: DiscordFormField,
) -> ui.TextInput[Any] | ui.FileUpload[Any] | ui.Select[Any] | ui.ChannelSelect[Any]:
    if field.is_channel:
        known = _ID_IN_MENTION.search(field.value)
        return ui.ChannelSelect(
            custom_id=field.name,
            min_values=0,
            required=False,
            channel_types=[discord.ChannelType.text, discord.ChannelType.news],
            default_values=[_channel_default(known[0])] if known else [],
        )
    if field.options:
        options = [
            discord.SelectOption(label=label, value=value, default=value == field.value)
            for label, value in field.options
        ]
        return ui.Select(custom_id=field.name, min_values=0, required=False, options=options)
    if field.is_file:
        return ui.FileUpload(custom_id=field.name, max_values=1)
    return ui.TextInput(
        custom_id=field.name,
        placeholder=field.example or None,
        default=field.value[: field.max_length] or None,
        style=discord.TextStyle.paragraph if field.multiline else discord.TextStyle.short,
        max_length=field.max_length,
        required=False,
    )


def _channel_default(id_: str) -> discord.SelectDefaultValue:
    """A chosen channel: its id is sent as it is given here, and Discord's schema has ids as text."""
    kind = discord.SelectDefaultValueType.channel
    return discord.SelectDefaultValue(id=id_, type=kind)  # type: ignore[arg-type]  # see above


Component = ActionButton | AgainButton | ActionSelect | ui.Button[Any]
"""What stands in a row of a message; a bare button of discord.py opens an address."""


def link_button(label: str, url: str) -> ui.Button[Any]:
    """A button that opens an address; Discord sends no interaction for it."""
    return ui.Button(style=discord.ButtonStyle.link, label=label, url=url)


class SentView(ui.View):
    """Rows of components as discord.py sends them, laid out once, however often they are sent.

    discord.py keeps a view that has not ended, with a task, for a quarter of an hour. The buttons need no view: their
    ids have the action.
    """

    def __init__(self, rows: Sequence[Sequence[Component]]) -> None:
        super().__init__(timeout=None)
        self.stop()
        self._payload = [
            {"type": discord.ComponentType.action_row.value, "components": [item.to_component_dict() for item in row]}
            for row in rows
        ]

    @override
    def to_components(self) -> list[dict[str, Any]]:
        return self._payload

    @override
    def has_components_v2(self) -> bool:
        return False


def submitted_values(interaction: discord.Interaction[Any]) -> dict[str, str]:
    """The text of each field of a submitted form, by the field's name; a file is its id, a channel is its mention."""
    return _values_in(dict(interaction.data or {}))


def _values_in(component: Mapping[str, Any]) -> dict[str, str]:
    if "value" in component and "custom_id" in component:
        return {str(component["custom_id"]): str(component["value"])}
    if "values" in component and "custom_id" in component:
        value = str(next(iter(component["values"]), ""))
        is_channel = value and component.get("type") == discord.ComponentType.channel_select.value
        return {str(component["custom_id"]): f"<#{value}>" if is_channel else value}
    inner = [*component.get("components", ()), *([component["component"]] if "component" in component else [])]
    return {name: value for child in inner for name, value in _values_in(child).items()}


def _handler(interaction: discord.Interaction[Any]) -> "DiscordInteractionHandler":
    handler: DiscordInteractionHandler = interaction.client.handler
    return handler
