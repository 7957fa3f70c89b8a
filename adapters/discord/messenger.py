"""Delivers on Discord: by direct message, or in a private thread where that is refused and the attendee agreed.

What is for everybody goes into channels of their server, and may be edited or taken back.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Literal, TypeVar

import discord

from adapters.discord.components import view_of
from adapters.discord.errors import MessageGoneError, TargetGoneError, translate_errors
from adapters.discord.limits import TOKEN, Limits
from adapters.discord.permissions import standing_of
from adapters.discord.render.markdown import manner_of
from adapters.discord.render.message import DiscordMessage, render_message
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
"""Says nothing of whom it is for: who manages a server sees the names of its threads."""
A_WEEK: Literal[10080] = 10080
"""In minutes."""
LANE = Lane("discord", DeliveryFilter("discord"), TOKEN.a_second, at_once=50, remembers=timedelta(minutes=2))
"""One token, one allowance. As many are under way as fill it though each takes a second."""
LONGEST_WAIT = 2.0
"""Seconds that a message waits for a pause to end; where it is longer, the lane rests."""
T = TypeVar("T")


@dataclass(slots=True)
class DiscordMessenger:
    """`ports.Messenger`. `client` gives the client of now, None while there is none that is logged in."""

    client: Callable[[], discord.Client | None]
    limits: Limits = field(default_factory=Limits)

    def lane(self, community: Community) -> Lane:
        """All servers are in one."""
        del community
        return LANE

    def manner(self, card: Card) -> str:
        """As `render` has it."""
        return manner_of(card)

    async def send(self, attendee: Attendee, key: str, kind: str, content: Reply) -> Receipt:
        """Send `content`, once per `key`: a direct message if it is taken, else a thread."""
        del kind
        client, reach = self._client(), attendee.reach
        letter = render_message(content, home=_home(attendee.community))
        if not reach.refused:
            try:
                channel, message = await self._direct(client, attendee, key, letter)
                return Receipt(replace(reach, channel=channel), channel, message)
            except RecipientUnreachableError as fault:
                reach = replace(reach, refused=str(fault), told=False)
        if not attendee.threads or not attendee.community.reminders.isdecimal():
            raise RecipientUnreachableError(reach.refused, reach)
        try:
            return await self._in_thread(client, attendee, reach, key, letter)
        except RecipientUnreachableError as fault:
            raise RecipientUnreachableError(str(fault), reach) from None

    async def post(self, community: Community, channel: str, key: str, kind: str, content: Reply) -> Receipt:
        """Send `content` into a channel of the server, once per `key`."""
        del kind
        client = self._client()
        try:
            channel = await self._place_in(client, community, channel)
            letter = render_message(content)
            # Discord calls nobody unless the server lets us; we do not ask for that right.
            letter = replace(letter, content=f"@everyone {letter.content}".strip()) if content.notify else letter
            message = await self._post(client, channel, key, letter, calls=content.notify)
            return Receipt(Reach(), channel, message)
        except TargetGoneError as gone:
            raise RecipientUnreachableError(f"I cannot write in that channel ({gone})") from None

    async def edit(self, community: Community, channel: str, message: str, content: Reply) -> None:
        """Replace what a message says; its files stay."""
        letter, known = render_message(content, home=_home(community)), self._known(channel, message)
        try:
            await _told(
                lambda: known.edit(
                    content=letter.content or None,
                    embeds=letter.embeds,
                    view=view_of(letter.rows),
                    allowed_mentions=discord.AllowedMentions.none(),
                )
            )
        except TargetGoneError as gone:
            raise RecipientUnreachableError(f"the message cannot be edited any more ({gone})") from None

    async def delete(self, community: Community, channel: str, message: str) -> None:
        """Take a message back."""
        del community
        known = self._known(channel, message)
        try:
            await _told(known.delete)
        except MessageGoneError:
            return
        except TargetGoneError as gone:
            raise RecipientUnreachableError(f"the message cannot be deleted ({gone})") from None

    async def standing(self, community: Community, user: str) -> Permissions:
        """Asked of Discord, which knows who was promoted or left meanwhile."""
        guild = self._client().get_guild(int(community.tenant)) if community.tenant.isdecimal() else None
        if guild is None or not user.isdecimal():
            return Permissions(roles=())
        try:
            member = await _told(lambda: guild.fetch_member(int(user)))
        except TargetGoneError:
            return Permissions(roles=())
        return standing_of(member.guild_permissions, member.roles)

    def _known(self, channel: str, message: str) -> discord.PartialMessage:
        return self._client().get_partial_messageable(int(channel)).get_partial_message(int(message))

    async def open(self, user: str) -> str:
        """Open the channel for direct messages with somebody; gives its id."""
        client = self._client()
        channel = await _told(lambda: client.http.start_private_message(user))
        return str(channel["id"])

    def _client(self) -> discord.Client:
        client = self.client()
        if client is None:
            raise RateLimitedError("not connected to Discord", CONNECTING)
        if (pause := self.limits.held()) > LONGEST_WAIT:
            raise RateLimitedError("Discord asks for a pause", timedelta(seconds=pause))
        return client

    async def _place_in(self, client: discord.Client, community: Community, channel: str) -> str:
        """Find a channel of the server by its id or name.

        Raises:
            TargetGoneError: there is no such channel in this server, though its id may exist in another.
        """
        number = int(channel) if channel.isdecimal() else 0
        guild = client.get_guild(int(community.tenant)) if community.tenant.isdecimal() else None
        named = [each for each in guild.text_channels if each.name == channel] if guild else []
        if named and not number:
            return str(named[0].id)
        if not number:
            raise TargetGoneError(f"there is no #{channel}")
        found = client.get_channel(number) or await _told(lambda: client.fetch_channel(number))
        lives_in = getattr(found, "guild", None)
        if lives_in is None or str(lives_in.id) != community.tenant:
            message = "it is not in this server"
            raise TargetGoneError(message)
        return channel

    async def _direct(
        self, client: discord.Client, attendee: Attendee, key: str, letter: DiscordMessage
    ) -> tuple[str, str]:
        """The channel and the message in it."""
        known = attendee.reach.channel
        try:
            channel = known or await self.open(attendee.user)
            message = await self._post(client, channel, key, letter)
        except TargetGoneError as gone:
            if not known:
                raise RecipientUnreachableError(f"Discord gave no channel for direct messages ({gone})") from None
            channel = await self.open(attendee.user)
            message = await self._post_or_refuse(client, channel, key, letter)
        return channel, message

    async def _in_thread(
        self, client: discord.Client, attendee: Attendee, reach: Reach, key: str, letter: DiscordMessage
    ) -> Receipt:
        if reach.thread:
            try:
                message = await self._post(client, reach.thread, key, letter)
            except TargetGoneError:
                reach = replace(reach, thread="")
            else:
                return Receipt(reach, reach.thread, message)
        try:
            reach = replace(reach, thread=await self._thread_for(client, attendee))
        except TargetGoneError as gone:
            raise RecipientUnreachableError(
                f"I cannot open a private thread in the reminders channel ({gone})"
            ) from None
        message = await self._post_or_refuse(client, reach.thread, key, letter)
        return Receipt(reach, reach.thread, message)

    async def _thread_for(self, client: discord.Client, attendee: Attendee) -> str:
        """A new private thread with nobody in it but the attendee."""
        number = int(attendee.community.reminders)
        channel = client.get_channel(number) or await _told(lambda: client.fetch_channel(number))
        if not isinstance(channel, discord.TextChannel):
            message = "the reminders channel has no threads"
            raise TargetGoneError(message)
        thread = await _told(
            lambda: channel.create_thread(
                name=THREAD_NAME,
                type=discord.ChannelType.private_thread,
                invitable=False,
                auto_archive_duration=A_WEEK,
            )
        )
        await _told(lambda: thread.add_user(discord.Object(int(attendee.user))))
        return str(thread.id)

    async def _post_or_refuse(self, client: discord.Client, channel: str, key: str, letter: DiscordMessage) -> str:
        try:
            return await self._post(client, channel, key, letter)
        except TargetGoneError as gone:
            raise RecipientUnreachableError(f"Discord closed the channel as it was opened ({gone})") from None

    async def _post(
        self, client: discord.Client, channel: str, key: str, letter: DiscordMessage, *, calls: bool = False
    ) -> str:
        """The id of the message; only one that `calls` everybody can mention anybody."""
        place = client.get_partial_messageable(int(channel))

        async def post() -> str:
            # discord.py sends `enforce_nonce` with every nonce: the same key is one message, however often it is sent.
            sent = await place.send(
                letter.content or None,
                embeds=letter.embeds,
                files=letter.files,
                view=view_of(letter.rows) or discord.utils.MISSING,
                nonce=key,
                allowed_mentions=discord.AllowedMentions(everyone=calls, users=False, roles=False, replied_user=False),
            )
            return str(sent.id)

        return await _told(post)


def _home(community: Community) -> str:
    """The server that buttons are for; a community of one has none."""
    return community.tenant if community.tenant.isdecimal() else ""


async def _told(request: Callable[[], Awaitable[T]]) -> T:
    with translate_errors():
        return await request()
