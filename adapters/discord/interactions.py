"""Answers interactions: each becomes a request, and its reply becomes a message.

Discord waits 3 seconds for an answer. A reply that takes longer than a second is announced first, and filled in later.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import discord
import structlog
from cachetools import LRUCache

from adapters.action_codec import (
    PICK,
    PICKED_TYPES,
    ButtonAction,
    asked_params,
    repeated_action,
    static_reply_key,
    with_picks,
)
from adapters.discord.attachments import attachments_of
from adapters.discord.commands import CHOICE, MOST_CHOICES
from adapters.discord.components import FORM, DiscordFormField, Form, action_in, custom_id, submitted_values
from adapters.discord.errors import DiscordTargetGoneError, translate_errors
from adapters.discord.guild_events import DirectMessageOpener
from adapters.discord.permissions import permissions_of
from adapters.discord.refill import typed_in, with_refill
from adapters.discord.render.escape import cut
from adapters.discord.render.message import DiscordMessage, render_message
from adapters.discord.running import RunningAnswers
from bot.app.command_spec import Access, Command, Option, Param, StaticCommand
from bot.app.dispatcher import Dispatcher
from bot.app.messages import Request
from bot.app.ports import Permissions, SendError

PLATFORM = "discord"
PATIENCE = 1.0
"""Seconds until a slow answer is announced."""
FORM_PATIENCE = 2.0
"""Seconds in which it must be known who may fill in a form: Discord opens none after three."""
VALID_SECONDS = 15 * 60
"""How long Discord accepts an answer."""
MOST_STATIC_MESSAGES = 500
FORM_TITLE, FORM_LABEL, EXAMPLE, MOST_FIELDS = 45, 45, 100, 5
"""Discord's limits: characters, and fields of one form."""

NO_MENTIONS = discord.AllowedMentions.none()
Interaction = discord.Interaction[Any]
log = structlog.get_logger("hallway.discord")


@dataclass(slots=True)
class DiscordInteractionHandler:
    """Answers commands, buttons, selects, forms and autocompletion."""

    dispatch: Dispatcher
    dm_opener: DirectMessageOpener
    patience: float = PATIENCE
    running: RunningAnswers = field(default_factory=RunningAnswers)
    _static_messages: LRUCache[tuple[object, ...], DiscordMessage] = field(
        default_factory=lambda: LRUCache(MOST_STATIC_MESSAGES)
    )

    async def run(self, interaction: Interaction, name: str, arguments: Mapping[str, str]) -> None:
        """Run a typed command. Without arguments, a command that has a form opens it."""
        command = self.dispatch.commands.get(name)
        if command and command.form and not arguments:
            await self._open_form(interaction, ButtonAction(name, asks=command.form))
            return
        await self._answer(interaction, _request(interaction, ButtonAction(name, arguments)))

    async def press(self, interaction: Interaction, action: ButtonAction) -> None:
        """Run the action of a pressed button, after its form if it has one."""
        if action.asks:
            await self._open_form(interaction, action)
        else:
            await self._answer(interaction, _request(interaction, action), page=action.page)

    async def select(self, interaction: Interaction, action: ButtonAction, value: str) -> None:
        """Run the action of a select; the chosen value is the argument that the action asks for."""
        arguments = {**action.arguments, action.asks[0]: value} if action.asks else action.arguments
        await self._answer(interaction, _request(interaction, replace(action, arguments=arguments)))

    async def submit(self, interaction: Interaction) -> None:
        """Run the action of a submitted form; its fields become arguments."""
        action = action_in(str(dict(interaction.data or {}).get("custom_id", "")))
        values = with_picks(submitted_values(interaction))
        request = _request(interaction, replace(action, arguments={**action.arguments, **values}))
        typed = {name: "" if request.attached(value) else value for name, value in values.items()}
        await self._answer(interaction, request, on_refusal=partial(with_refill, action=action, values=typed))

    async def refill(self, interaction: Interaction, action: ButtonAction) -> None:
        """Open a refused form again, with what was typed."""
        arguments = {**action.arguments, **typed_in(interaction.message)}
        await self._open_form(interaction, replace(action, arguments=arguments))

    async def suggest(self, interaction: Interaction, command: str, param: str, typed: str) -> Iterable[Option]:
        """Options for a parameter that is still being typed."""
        return await self.dispatch.suggest(_request(interaction, ButtonAction(command)), param, typed)

    async def finish(self) -> None:
        """Wait until everybody who is being answered has the answer."""
        await self.running.finish()

    async def _answer(
        self,
        interaction: Interaction,
        request: Request,
        page: int | None = None,
        on_refusal: Callable[[DiscordMessage], DiscordMessage] | None = None,
    ) -> None:
        """Run a request and show its reply, completed by `on_refusal` if it is an error; `finish` waits for it."""
        in_dm = isinstance(interaction.channel, discord.DMChannel) and interaction.channel_id
        with self.running.one():
            try:
                with translate_errors():
                    # discord.py waits as long as a refusal asks it to: longer than this no answer is accepted.
                    async with asyncio.timeout(VALID_SECONDS):
                        await self._reply(interaction, request, page, on_refusal)
                await self.dm_opener.open_first(str(in_dm) if in_dm else None, request)
            except (SendError, DiscordTargetGoneError) as error:
                # The person has left, or Discord is down: the answer has no recipient.
                log.warning("an answer was not taken", command=request.command, fault=str(error))

    async def _reply(
        self,
        interaction: Interaction,
        request: Request,
        page: int | None,
        on_refusal: Callable[[DiscordMessage], DiscordMessage] | None,
    ) -> None:
        command = self.dispatch.command_of(request)
        turning = page is not None
        if isinstance(command, StaticCommand):
            refusal = self.dispatch.refusal(request)
            message = render_message(refusal) if refusal else await self._static_message(command, request, page or 0)
            await _show(interaction, message, turning=turning and not refusal)
            return
        handling = asyncio.create_task(self.dispatch.handle(request))
        done, _ = await asyncio.wait({handling}, timeout=self.patience)
        if not done:
            await _defer(interaction, turning=turning)
        reply = await handling
        message = render_message(reply, repeated_action(request, command, reply), page or 0, request.home)
        if on_refusal and reply.is_error:
            message = on_refusal(message)
        if done:
            await _show(interaction, message, turning=turning, hidden=reply.private)
        else:
            await _fill_in(interaction, message)

    async def _static_message(self, command: Command, request: Request, page: int) -> DiscordMessage:
        """The reply of a static command, rendered once for all people."""
        key = static_reply_key(request, page)
        message = self._static_messages.get(key)
        if message is None:
            reply = await self.dispatch.handle_admitted(request)
            message = render_message(reply, repeated_action(request, command, reply), page)
            if not reply.is_error:
                self._static_messages[key] = message
        return message

    async def _open_form(self, interaction: Interaction, action: ButtonAction) -> None:
        command = self.dispatch.commands.get(action.command)
        rest = {name: value for name, value in action.arguments.items() if name not in action.asks}
        form = replace(action, arguments=rest, asks=())
        form_id = custom_id(FORM, form) or custom_id(FORM, replace(form, home=""))
        asked = asked_params(command, action)
        if command is None or form_id is None or not asked or not await self._may_fill_in(interaction, action):
            # The command has changed since the button was made, or is not for this person: its reply says so.
            await self._answer(interaction, _request(interaction, replace(action, asks=())))
            return
        fields = [field for param in asked for field in await self._fields(interaction, action, param)][:MOST_FIELDS]
        try:
            with translate_errors():
                await interaction.response.send_modal(Form(cut(command.help, FORM_TITLE), form_id, fields))
        except (SendError, DiscordTargetGoneError) as error:
            log.warning("a form was not taken", command=action.command, fault=str(error))

    async def _fields(
        self, interaction: Interaction, action: ButtonAction, param: Param[Any]
    ) -> list[DiscordFormField]:
        """The fields for a parameter: some have a list of usual values beside the text."""
        label = param.name.capitalize()
        if param.type.name not in PICKED_TYPES:
            return [_field(param, action, label)]
        usual = await self.dispatch.suggest(_request(interaction, ButtonAction(action.command)), param.name, "")
        options = [(cut(option.label, CHOICE), option.value) for option in usual if len(option.value) <= CHOICE]
        if not options:
            return [_field(param, action, label)]
        picked = DiscordFormField(f"{param.name}{PICK}", label, 0, options=options[:MOST_CHOICES])
        return [picked, _field(param, action, f"{label}, in words")]

    async def _may_fill_in(self, interaction: Interaction, action: ButtonAction) -> bool:
        """Whether the person may use the command. It is counted where that costs a look into the database."""
        request = _request(interaction, action)
        command = self.dispatch.command_of(request)
        if command is None:
            return False
        if command.access is not Access.EVERYONE and self.dispatch.refusal(request):
            return False
        try:
            async with asyncio.timeout(FORM_PATIENCE):
                return await self.dispatch.may_fill_in(request)
        except TimeoutError:
            return False


def _field(param: Param[Any], action: ButtonAction, label: str) -> DiscordFormField:
    return DiscordFormField(
        name=param.name,
        label=cut(label, FORM_LABEL),
        example=cut(param.help, EXAMPLE),
        multiline=param.type.multiline,
        is_file=param.type.name == "file",
        is_channel=param.type.name == "channel",
        max_length=param.type.max_length,
        value=action.arguments.get(param.name, ""),
        options=[(word, word) for word in param.type.options][:MOST_CHOICES],
    )


def _request(interaction: Interaction, action: ButtonAction) -> Request:
    """The request of an interaction.

    It has no tenant in a direct message, and in a server that uses the app of a person but has not installed Hallway:
    then the reply is for the community that the person used last.
    """
    guild, member = interaction.guild, interaction.user
    user_installed = interaction.is_user_integration() and not interaction.is_guild_integration()
    in_guild = interaction.guild_id is not None and not user_installed
    roles = member.roles if isinstance(member, discord.Member) else []
    permissions = permissions_of(interaction.permissions, roles) if in_guild else Permissions(roles=())
    return Request(
        platform=PLATFORM,
        tenant=str(interaction.guild_id) if in_guild else "",
        user=str(member.id),
        command=action.command,
        arguments=action.arguments,
        user_name=member.display_name,
        organizer=permissions.organizer,
        notify=permissions.notify,
        roles=permissions.roles,
        tenant_name=guild.name if in_guild and guild and guild.name else "",
        seen=action.seen,
        home="" if in_guild else action.home,
        attached=attachments_of(interaction),
        locale=str(interaction.locale),
    )


async def _show(interaction: Interaction, message: DiscordMessage, *, turning: bool, hidden: bool = True) -> None:
    """Replace the page that is shown if `turning`; else send a new message, which only the asker sees if `hidden`."""
    content, view = message.content or None, message.view
    if turning:
        await interaction.response.edit_message(content=content, embeds=message.embeds, view=view)
        return
    await interaction.response.send_message(
        content,
        embeds=message.embeds,
        view=view or discord.utils.MISSING,
        files=message.files or discord.utils.MISSING,
        # A direct message has one reader anyway, and a hidden message would disappear from it.
        ephemeral=hidden and interaction.guild_id is not None,
        allowed_mentions=NO_MENTIONS,
    )


async def _defer(interaction: Interaction, *, turning: bool) -> None:
    """Announce that the answer will come."""
    if turning:
        await interaction.response.defer()
    else:
        await interaction.response.defer(ephemeral=interaction.guild_id is not None, thinking=True)


async def _fill_in(interaction: Interaction, message: DiscordMessage) -> None:
    """Put the message in place of the announcement."""
    await interaction.edit_original_response(
        content=message.content or None,
        embeds=message.embeds,
        view=message.view,
        attachments=message.files,
        allowed_mentions=NO_MENTIONS,
    )
