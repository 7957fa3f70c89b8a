"""The desk: every interaction becomes a request, and its reply the answer. Within a second there is always one."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import discord
import structlog

from adapters.actions import Action, asked_params, repeated_action, static_reply_key
from adapters.discord.components import FORM, DiscordFormField, Form, action_in, custom_id, entered, view_of
from adapters.discord.errors import TargetGoneError, translate_errors
from adapters.discord.guild_events import DirectMessageOpener
from adapters.discord.permissions import standing_of
from adapters.discord.render.escape import cut
from adapters.discord.render.message import DiscordMessage, render_message
from bot.app.command_spec import Command, Option, StaticCommand
from bot.app.dispatcher import Dispatch
from bot.app.messages import Request
from bot.app.ports import Permissions, SendError

PLATFORM = "discord"
PATIENCE = 1.0
"""Seconds until a slow answer is announced: Discord waits for 3."""
MOST_MADE = 500
FORM_TITLE, FORM_LABEL, EXAMPLE, MOST_FIELDS = 45, 45, 100, 5

NOBODY = discord.AllowedMentions.none()
Interaction = discord.Interaction[Any]
log = structlog.get_logger("hallway.discord")


@dataclass(slots=True)
class DiscordInteractionHandler:
    """Answers commands, buttons, lists, forms and completions."""

    dispatch: Dispatch
    acquaintances: DirectMessageOpener
    patience: float = PATIENCE
    _under_way: int = 0
    _idle: asyncio.Event = field(default_factory=asyncio.Event)
    _made: dict[tuple[object, ...], DiscordMessage] = field(default_factory=dict)

    async def run(self, interaction: Interaction, command: str, arguments: Mapping[str, str]) -> None:
        """A command was typed; without a word it may ask in a form."""
        known = self.dispatch.commands.get(command)
        if known and known.form and not arguments:
            await self._ask(interaction, Action(command, asks=known.form))
            return
        await self._answer(interaction, _request(interaction, Action(command, arguments)))

    async def press(self, interaction: Interaction, action: Action) -> None:
        """A button was pressed: it asks first, turns a page, or runs its command."""
        if action.asks:
            await self._ask(interaction, action)
        elif action.page is None:
            await self._answer(interaction, _request(interaction, action))
        else:
            await self._answer(interaction, _request(interaction, action), page=action.page)

    async def pick(self, interaction: Interaction, action: Action, value: str) -> None:
        """Something was chosen from a list: it becomes the argument that the list asks for."""
        chosen = {**action.arguments, action.asks[0]: value} if action.asks else action.arguments
        await self._answer(interaction, _request(interaction, replace(action, arguments=chosen)))

    async def submit(self, interaction: Interaction) -> None:
        """A form was filled in."""
        action = action_in(str(dict(interaction.data or {}).get("custom_id", "")))
        told = {**action.arguments, **entered(interaction)}
        await self._answer(interaction, _request(interaction, replace(action, arguments=told)))

    async def suggest(self, interaction: Interaction, command: str, param: str, typed: str) -> Iterable[Option]:
        """What may be meant by what is typed so far."""
        return await self.dispatch.suggest(_request(interaction, Action(command)), param, typed)

    async def finish(self) -> None:
        """Wait for the answers that are under way."""
        while self._under_way:
            self._idle.clear()
            await self._idle.wait()

    async def _answer(self, interaction: Interaction, request: Request, page: int | None = None) -> None:
        """Counted, so that nobody's answer is cut short when we stop."""
        self._under_way += 1
        try:
            with translate_errors():
                await self._reply(interaction, request, page)
            await self.acquaintances.meet(interaction, request)
        except (SendError, TargetGoneError) as fault:
            # Whoever asked is gone, or Discord is: there is nobody to tell.
            log.warning("an answer was not taken", command=request.command, fault=str(fault))
        finally:
            self._under_way -= 1
            self._idle.set()

    async def _reply(self, interaction: Interaction, request: Request, page: int | None) -> None:
        command = self.dispatch.commands.get(request.command)
        if isinstance(command, StaticCommand):
            await _show(interaction, await self._plain(request, page or 0), turning=page is not None)
            return
        working = asyncio.create_task(self.dispatch.handle(request))
        done, _ = await asyncio.wait({working}, timeout=self.patience)
        if not done:
            await _promise(interaction, turning=page is not None)
        reply = await working
        letter = render_message(reply, repeated_action(request, command, reply), page or 0, request.home)
        if not done:
            await _fulfil(interaction, letter)
        else:
            await _show(interaction, letter, turning=page is not None, hidden=reply.private)

    async def _plain(self, request: Request, page: int) -> DiscordMessage:
        """What is the same for everybody is made once."""
        key = static_reply_key(request, page)
        letter = self._made.get(key)
        if letter is None:
            reply = await self.dispatch.handle(request)
            command = self.dispatch.commands.get(request.command)
            letter = render_message(reply, repeated_action(request, command, reply), page)
            if len(self._made) < MOST_MADE:
                self._made[key] = letter
        return letter

    async def _ask(self, interaction: Interaction, action: Action) -> None:
        command = self.dispatch.commands.get(action.command)
        wire = custom_id(FORM, replace(action, asks=())) or custom_id(FORM, replace(action, asks=(), home=""))
        fields = _fields(command, action)
        if command is None or wire is None or not fields:
            # The button is older than the command: its answer says what there is instead.
            await self._answer(interaction, _request(interaction, replace(action, asks=())))
            return
        try:
            with translate_errors():
                await interaction.response.send_modal(Form(cut(command.help, FORM_TITLE), wire, fields))
        except (SendError, TargetGoneError) as fault:
            log.warning("a form was not taken", command=action.command, fault=str(fault))


def _fields(command: Command | None, action: Action) -> list[DiscordFormField]:
    """Discord's forms have at most five fields."""
    return [
        DiscordFormField(
            param.name, cut(param.name.capitalize(), FORM_LABEL), cut(param.help, EXAMPLE), param.type.multiline
        )
        for param in asked_params(command, action)[:MOST_FIELDS]
    ]


def _request(interaction: Interaction, action: Action) -> Request:
    """Whoever asks in a server without Hallway in it, or directly, is answered for the community used last."""
    guild, member = interaction.guild, interaction.user
    foreign = interaction.is_user_integration() and not interaction.is_guild_integration()
    here = interaction.guild_id is not None and not foreign
    roles = member.roles if isinstance(member, discord.Member) else []
    standing = standing_of(interaction.permissions, roles) if here else Permissions(roles=())
    return Request(
        PLATFORM,
        str(interaction.guild_id) if here else "",
        str(member.id),
        action.command,
        arguments=action.arguments,
        user_name=member.display_name,
        organizer=standing.organizer,
        notify=standing.notify,
        roles=standing.roles,
        tenant_name=guild.name if here and guild and guild.name else "",
        seen=action.seen,
        home="" if here else action.home,
    )


async def _show(interaction: Interaction, letter: DiscordMessage, *, turning: bool, hidden: bool = True) -> None:
    """A page takes the place of the one before; everything else is a new message, for the asker's eyes if `hidden`."""
    content, view = letter.content or None, view_of(letter.rows)
    if turning:
        await interaction.response.edit_message(content=content, embeds=letter.embeds, view=view)
        return
    await interaction.response.send_message(
        content,
        embeds=letter.embeds,
        view=view or discord.utils.MISSING,
        files=letter.files or discord.utils.MISSING,
        # In a direct message there is nobody to hide it from, and what is hidden does not stay.
        ephemeral=hidden and interaction.guild_id is not None,
        allowed_mentions=NOBODY,
    )


async def _promise(interaction: Interaction, *, turning: bool) -> None:
    if turning:
        await interaction.response.defer()
    else:
        await interaction.response.defer(ephemeral=interaction.guild_id is not None, thinking=True)


async def _fulfil(interaction: Interaction, letter: DiscordMessage) -> None:
    await interaction.edit_original_response(
        content=letter.content or None,
        embeds=letter.embeds,
        view=view_of(letter.rows),
        attachments=letter.files,
        allowed_mentions=NOBODY,
    )
