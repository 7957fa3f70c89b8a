"""Sends messages on Discord: to attendees directly or in a private thread, and to channels of their server.

A private thread is used if Discord refuses the direct message and the attendee has agreed to a thread.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Literal, TypeVar

import discord

from adapters.discord.errors import DiscordTargetGoneError, MessageGoneError, translate_errors
from adapters.discord.limits import TOKEN, TokenLimits
from adapters.discord.permissions import permissions_of
from adapters.discord.render.escape import cut
from adapters.discord.render.markdown import describe_card
from adapters.discord.render.message import CONTENT, DiscordMessage, render_message
from bot.app.messages import Card, Reply
from bot.app.ports import (
    CONNECTING,
    DeliveryFilter,
    Lane,
    Permissions,
    RateLimitedError,
    Receipt,
    RecipientUnreachableError,
)
from bot.domain.attendee.attendee import Attendee, Community, Reach

THREAD_NAME = "Hallway reminders"
"""Does not name the attendee, because the managers of a server see the names of private threads."""
ARCHIVE_MINUTES: Literal[10080] = 10080
"""A week; Discord archives the thread when nothing was posted for this long."""
LANE = Lane("discord", DeliveryFilter("discord"), TOKEN.a_second, at_once=50, remembers=timedelta(minutes=2))
"""All servers share the limit of the token. 50 requests at once reach it even if each takes a second."""
LONGEST_WAIT = 2.0
"""Seconds that a message waits for a pause of the rate limiter; a longer pause stops the lane."""
T = TypeVar("T")

EVERYBODY = "\n@everyone"
"""Notifies everybody, below the text."""


@dataclass(slots=True)
class DiscordMessenger:
    """`ports.Messenger`. `client` returns the current client, None while there is no connection."""

    client: Callable[[], discord.Client | None]
    limits: TokenLimits = field(default_factory=TokenLimits)

    def lane(self, community: Community) -> Lane:
        """Return the lane of the token, which is the same for all servers."""
        del community
        return LANE

    def describe_card(self, card: Card) -> str:
        """Describe in words how the card looks as an embed, for the preview of an announcement."""
        return describe_card(card)

    async def send(self, attendee: Attendee, key: str, kind: str, content: Reply) -> Receipt:
        """Send `content` as a direct message, else in the attendee's private thread; once per `key`.

        Raises:
            RecipientUnreachableError: with the reach to store, so that the direct message is not tried again.
        """
        del kind
        client, reach = self._client(), attendee.reach
        rendered = render_message(content, home=_home(attendee.community))
        if not reach.refused:
            try:
                channel, message = await self._direct(client, attendee, key, rendered)
                return Receipt(replace(reach, channel=channel), channel, message)
            except RecipientUnreachableError as error:
                reach = replace(reach, refused=str(error), informed=False)
        reminders = attendee.community.reminders
        if not attendee.threads or reminders is None or not reminders.isdecimal():
            raise RecipientUnreachableError(reach.refused, reach)
        try:
            return await self._in_thread(client, attendee, int(reminders), reach, key, rendered)
        except RecipientUnreachableError as error:
            raise RecipientUnreachableError(str(error), reach) from None

    async def post(self, community: Community, channel: str, key: str, kind: str, content: Reply) -> Receipt:
        """Send `content` to a channel of the server, once per `key`."""
        del kind
        client = self._client()
        try:
            channel = await self._channel_in(client, community, channel)
            rendered = render_message(content)
            # It notifies people only if the server gives Hallway that permission, which the invite does not ask for.
            # Below the text: a lock screen shows the first line.
            if content.notify:
                rendered = replace(rendered, content=cut(rendered.content, CONTENT - len(EVERYBODY)) + EVERYBODY)
            message = await self._post(client, channel, key, rendered, notify=content.notify)
            return Receipt(Reach(), channel, message)
        except DiscordTargetGoneError as error:
            raise RecipientUnreachableError(f"I cannot write in that channel ({error})") from None

    async def edit(self, community: Community, channel: str, message: str, content: Reply) -> None:
        """Replace the content of a message; its files stay."""
        rendered, target = render_message(content, home=_home(community)), self._message(channel, message)
        try:
            await _request(
                lambda: target.edit(
                    content=rendered.content or None,
                    embeds=rendered.embeds,
                    view=rendered.view,
                    allowed_mentions=discord.AllowedMentions.none(),
                )
            )
        except DiscordTargetGoneError as error:
            raise RecipientUnreachableError(f"the message cannot be edited any more ({error})") from None

    async def delete(self, community: Community, channel: str, message: str) -> None:
        """Delete a message; nothing happens if it is gone already."""
        del community
        target = self._message(channel, message)
        try:
            await _request(target.delete)
        except MessageGoneError:
            return
        except DiscordTargetGoneError as error:
            raise RecipientUnreachableError(f"the message cannot be deleted ({error})") from None

    async def permissions_of(self, community: Community, user: str) -> Permissions:
        """Fetch the member's current permissions from Discord; none for a person who has left."""
        guild = self._client().get_guild(int(community.tenant)) if community.tenant.isdecimal() else None
        if guild is None or not user.isdecimal():
            return Permissions(roles=())
        try:
            member = await _request(lambda: guild.fetch_member(int(user)))
        except DiscordTargetGoneError:
            return Permissions(roles=())
        return permissions_of(member.guild_permissions, member.roles)

    def _message(self, channel: str, message: str) -> discord.PartialMessage:
        return self._client().get_partial_messageable(int(channel)).get_partial_message(int(message))

    async def open(self, user: str) -> str:
        """Open the direct message channel with a user; returns its id."""
        client = self._client()
        channel = await _request(lambda: client.http.start_private_message(user))
        return str(channel["id"])

    async def answer(self, channel: str, key: str, message: DiscordMessage) -> None:
        """Post the answer to a message, once per `key`.

        Raises:
            SendError: Discord did not take it.
            DiscordTargetGoneError: the channel is gone, or Hallway may not write there.
        """
        await self._post(self._client(), channel, key, message)

    def _client(self) -> discord.Client:
        client = self.client()
        if client is None:
            raise RateLimitedError("not connected to Discord", CONNECTING)
        if (pause := self.limits.wait_seconds()) > LONGEST_WAIT:
            raise RateLimitedError("Discord asks for a pause", timedelta(seconds=pause))
        return client

    async def _channel_in(self, client: discord.Client, community: Community, channel: str) -> str:
        """Find a channel of the server by its id or name.

        Raises:
            DiscordTargetGoneError: there is no such channel in this server, though its id may exist in another.
        """
        number = int(channel) if channel.isdecimal() else 0
        guild = client.get_guild(int(community.tenant)) if community.tenant.isdecimal() else None
        named = [candidate for candidate in guild.text_channels if candidate.name == channel] if guild else []
        if named and not number:
            return str(named[0].id)
        if not number:
            raise DiscordTargetGoneError(f"there is no #{channel}")
        discord_channel = client.get_channel(number) or await _request(lambda: client.fetch_channel(number))
        owner = getattr(discord_channel, "guild", None)
        if owner is None or str(owner.id) != community.tenant:
            raise DiscordTargetGoneError("it is not in this server")
        return channel

    async def _direct(
        self, client: discord.Client, attendee: Attendee, key: str, rendered: DiscordMessage
    ) -> tuple[str, str]:
        """Send a direct message; returns the ids of its channel and of the message.

        If the stored channel is gone, a new one is opened.
        """
        stored = attendee.reach.channel
        try:
            channel = stored or await self.open(attendee.user)
            message = await self._post(client, channel, key, rendered)
        except DiscordTargetGoneError as error:
            if not stored:
                raise RecipientUnreachableError(f"Discord gave no channel for direct messages ({error})") from None
            channel = await self.open(attendee.user)
            message = await self._post_or_refuse(client, channel, key, rendered)
        return channel, message

    async def _in_thread(
        self,
        client: discord.Client,
        attendee: Attendee,
        reminders: int,
        reach: Reach,
        key: str,
        rendered: DiscordMessage,
    ) -> Receipt:
        if reach.thread:
            try:
                message = await self._post(client, reach.thread, key, rendered)
            except DiscordTargetGoneError:
                reach = replace(reach, thread="")
            else:
                return Receipt(reach, reach.thread, message)
        try:
            reach = replace(reach, thread=await self._thread_for(client, attendee, reminders))
        except DiscordTargetGoneError as error:
            raise RecipientUnreachableError(
                f"I cannot open a private thread in the reminders channel ({error})"
            ) from None
        message = await self._post_or_refuse(client, reach.thread, key, rendered)
        return Receipt(reach, reach.thread, message)

    async def _thread_for(self, client: discord.Client, attendee: Attendee, reminders: int) -> str:
        """Open a private thread in the reminders channel, and add only the attendee."""
        channel = client.get_channel(reminders) or await _request(lambda: client.fetch_channel(reminders))
        if not isinstance(channel, discord.TextChannel):
            raise DiscordTargetGoneError("the reminders channel has no threads")
        thread = await _request(
            lambda: channel.create_thread(
                name=THREAD_NAME,
                type=discord.ChannelType.private_thread,
                invitable=False,
                auto_archive_duration=ARCHIVE_MINUTES,
            )
        )
        await _request(lambda: thread.add_user(discord.Object(int(attendee.user))))
        return str(thread.id)

    async def _post_or_refuse(self, client: discord.Client, channel: str, key: str, rendered: DiscordMessage) -> str:
        try:
            return await self._post(client, channel, key, rendered)
        except DiscordTargetGoneError as error:
            raise RecipientUnreachableError(f"Discord closed the channel as it was opened ({error})") from None

    async def _post(
        self,
        client: discord.Client,
        channel: str,
        key: str,
        rendered: DiscordMessage,
        *,
        notify: bool = False,
    ) -> str:
        """Post a message and return its id. Nothing in it notifies people except `@everyone` with `notify`."""
        target = client.get_partial_messageable(int(channel))

        async def post() -> str:
            # discord.py sends `enforce_nonce` with each nonce, so Discord makes one message of repeated sends.
            sent = await target.send(
                rendered.content or None,
                embeds=rendered.embeds,
                files=rendered.files,
                view=rendered.view or discord.utils.MISSING,
                nonce=key,
                allowed_mentions=discord.AllowedMentions(everyone=notify, users=False, roles=False, replied_user=False),
            )
            return str(sent.id)

        return await _request(post)


def _home(community: Community) -> str:
    """The server that buttons act for; "" for a community that is not a server."""
    return community.tenant if community.tenant.isdecimal() else ""


async def _request(request: Callable[[], Awaitable[T]]) -> T:
    with translate_errors():
        return await request()
