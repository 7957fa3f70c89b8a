"""Answers plain words: direct messages, and messages in a server that mention Hallway.

Discord gives the text of these messages without the privileged message content intent; the text of all others is empty.
An answer is private: to a mention in a server it comes as a direct message, because only interactions have messages
that one person alone can see.
"""

from dataclasses import dataclass, replace

import discord
import structlog

from adapters.action_codec import repeated_action
from adapters.discord.errors import DiscordTargetGoneError
from adapters.discord.guild_events import DirectMessageOpener
from adapters.discord.messenger import DiscordMessenger
from adapters.discord.permissions import permissions_of
from adapters.discord.render.message import DiscordMessage, render_message
from adapters.discord.running import RunningAnswers
from bot.app.dispatcher import Dispatcher
from bot.app.messages import Button, Reply, Request, Text, Typed
from bot.app.ports import Permissions, RecipientUnreachableError, SendError
from bot.app.text import s, t

PLATFORM = "discord"
WORDS = "words"
"""The command of a request before its words are understood."""
HELLO = "hello"
"""What a mention without any words means."""
WRITTEN = frozenset((discord.MessageType.default, discord.MessageType.reply))
"""Messages that somebody wrote; others say that a member joined, or that a message was pinned."""

log = structlog.get_logger("hallway.discord")


@dataclass(frozen=True, slots=True)
class PlainWordsHandler:
    """Answers messages to Hallway, and ignores all others: those of bots, of webhooks, and without a mention."""

    dispatch: Dispatcher
    messenger: DiscordMessenger
    dm_opener: DirectMessageOpener
    running: RunningAnswers

    async def handle(self, message: discord.Message, own_id: int) -> None:
        """Answer a message; `own_id` is the id of the bot's user."""
        text = addressed_text(message, own_id)
        if text is None:
            return
        with self.running.one():
            try:
                await self._answer(message, _request(message, text))
            except (SendError, DiscordTargetGoneError) as error:
                # The person has left, or Discord is down: the answer has no recipient.
                log.warning("an answer to words was not taken", fault=str(error))

    async def _answer(self, message: discord.Message, request: Request) -> None:
        meant = await self.dispatch.interpret(request)
        if meant is None:
            return
        reply = await self.dispatch.handle_admitted(meant) if isinstance(meant, Request) else meant
        rendered = _render(reply, meant if isinstance(meant, Request) else None, self.dispatch, request.tenant)
        channel, key = str(message.channel.id), f"w{message.id}"
        if message.guild is None:
            await self.messenger.answer(channel, key, rendered)
            await self.dm_opener.open_first(channel, request)
            return
        try:
            direct = await self.messenger.open(request.user)
            await self.messenger.answer(direct, key, rendered)
        except (RecipientUnreachableError, DiscordTargetGoneError):
            note, buttons = _unreachable(meant)
        else:
            note, buttons = t("I've answered you in a direct message, so that only you see it."), ()
            await self.dm_opener.open_first(direct, request)
        pointer = render_message(Reply((note,), buttons=buttons))
        # The name is shown and notifies nobody.
        pointer = replace(pointer, content=f"<@{request.user}> {pointer.content}")
        await self.messenger.answer(channel, f"p{message.id}", pointer)


def addressed_text(message: discord.Message, own_id: int) -> str | None:
    """Return what was written to Hallway, without the mention; None if the message is not for Hallway.

    An answer to one of Hallway's messages counts only if the mention is in its text: people answer an announcement for
    each other.
    """
    author = message.author
    if author.bot or author.id == own_id or message.webhook_id is not None or message.type not in WRITTEN:
        return None
    text = message.content.strip()
    if message.guild is None:
        return text or None
    mentions = (f"<@{own_id}>", f"<@!{own_id}>")
    if not any(mention in text for mention in mentions):
        return None
    for mention in mentions:
        text = text.replace(mention, " ")
    return text.strip() or HELLO


def _render(reply: Reply, meant: Request | None, dispatch: Dispatcher, home: str) -> DiscordMessage:
    """The answer; its buttons act for the server in which the words were written."""
    again = repeated_action(meant, dispatch.commands.get(meant.command), reply) if meant else None
    return render_message(reply, replace(again, home=home) if again else None, home=home)


def _unreachable(meant: Request | Reply) -> tuple[Text, tuple[Button, ...]]:
    """What to say in the channel to a person who takes no direct messages: the answer to a button is private, too."""
    if isinstance(meant, Request):
        show = Button(s("Show the answer"), meant.command, meant.arguments)
        return t("I can't message you directly. Press the button: only you see the answer."), (show,)
    return t("I can't message you directly. Type {help}: only you see the answer.", help=Typed("/help")), ()


def _request(message: discord.Message, text: str) -> Request:
    guild, author = message.guild, message.author
    if guild is not None and isinstance(author, discord.Member):
        permissions = permissions_of(author.guild_permissions, author.roles)
    else:
        permissions = Permissions(roles=())
    return Request(
        platform=PLATFORM,
        tenant=str(guild.id) if guild else "",
        user=str(author.id),
        command=WORDS,
        line=text,
        user_name=author.display_name,
        organizer=permissions.organizer,
        notify=permissions.notify,
        roles=permissions.roles,
        tenant_name=guild.name if guild and guild.name else "",
    )
