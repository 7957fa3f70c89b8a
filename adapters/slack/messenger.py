"""Delivers on Slack: sends direct messages and channel messages, edits and deletes them."""

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid5

import structlog

from adapters.slack.api import HISTORY, POST_MESSAGE, RATE_LIMITS, SlackApi
from adapters.slack.errors import AccountInactiveError, SlackTargetGoneError, SlowDownError, TokenRevokedError
from adapters.slack.oauth.installations import Workspaces
from adapters.slack.oauth.token import PLATFORM, Workspace
from adapters.slack.render.message import SlackMessage, render_message
from adapters.slack.render.mrkdwn import describe_card, section
from adapters.slack.users import parse_user
from bot.app.messages import Card, File, Reply
from bot.app.ports import (
    CONNECTING,
    DeliveryFilter,
    DeliveryUnknownError,
    InvalidMessageError,
    Lane,
    Permissions,
    RateLimitedError,
    Receipt,
    RecipientUnreachableError,
    SendError,
    TemporaryError,
)
from bot.domain.attendee.attendee import Attendee, Community, Reach
from bot.domain.errors import HallwayError

NO_UNFURLING: Mapping[str, bool] = {"unfurl_links": False, "unfurl_media": False}
"""Slack must not fetch and show previews of links in foreign text."""
EVERYBODY = "<!channel>"
"""Notifies everybody in a channel; text that people type never becomes this."""
ALT_TEXT = 1_000
"""Most characters of the description of a picture for screen readers."""
DELIVERY_EVENT = "hallway_delivery"
"""Marks a message of an app in its metadata, which Slack shows to nobody; `key` in its payload is the delivery's."""
MOST_SEARCHED = 15
"""How many of the latest messages of a channel are searched: Slack gives some apps no more in one answer."""
MESSAGE_IDS = UUID("7c1b5f2e-0c0f-5d0a-9c55-5d1d0a2f4b11")
"""Namespace of the ids that are derived from delivery keys."""

log = structlog.get_logger("hallway.slack")


@dataclass(frozen=True, slots=True)
class SlackConnection:
    """What the messenger needs while the platform is served; `on_token_lost` is called with the tenant."""

    api: SlackApi
    workspaces: Workspaces
    on_token_lost: Callable[[str], Awaitable[None]]


@dataclass(slots=True)
class SlackMessenger:
    """Implements `ports.Messenger`; `connection` is None while the platform is not served."""

    connection: SlackConnection | None = None

    def lane(self, community: Community) -> Lane:
        """Each workspace has a lane of its own."""
        per_second = RATE_LIMITS[POST_MESSAGE][0] / 60
        return Lane(f"slack:{community.tenant}", DeliveryFilter(PLATFORM, community.id), per_second)

    def describe_card(self, card: Card) -> str:
        """Describe in words how Slack shows the card."""
        return describe_card(card)

    async def send(self, attendee: Attendee, key: str, kind: str, content: Reply) -> Receipt:
        """Send a direct message; Slack recognizes a repeated `key` on a best-effort basis."""
        del kind
        reach = attendee.reach
        if reach.refused:
            raise RecipientUnreachableError(reach.refused, reach)
        workspace, message = await self._workspace(attendee.community.tenant), render_message(content)
        files = await self._upload(workspace, message.attached)
        try:
            channel, message_id = await self._post_directly(workspace, attendee, key, message)
        except RecipientUnreachableError as fault:
            raise RecipientUnreachableError(str(fault), replace(reach, refused=str(fault), informed=False)) from None
        await self._share(workspace, files, channel)
        return Receipt(replace(reach, channel=channel), channel, message_id)

    async def find_sent(self, attendee: Attendee, key: str) -> Receipt | None:
        """Search the latest direct messages of the app with a person for the one that was sent with `key`."""
        channel = attendee.reach.channel
        if not channel:
            raise TemporaryError("the channel for direct messages is not known")
        workspace = await self._workspace(attendee.community.tenant)
        arguments = {"channel": channel, "limit": MOST_SEARCHED, "include_all_metadata": True}
        try:
            answer = await self._call(workspace, HISTORY, arguments)
        except SlackTargetGoneError as error:
            raise TemporaryError(str(error)) from None
        messages = answer.get("messages")
        for message in messages if isinstance(messages, list) else ():
            if isinstance(message, dict) and message.get("metadata") == _metadata(key):
                return Receipt(attendee.reach, channel, str(message.get("ts") or ""))
        return None

    async def post(self, community: Community, channel: str, key: str, kind: str, content: Reply) -> Receipt:
        """Post into a channel; Slack recognizes a repeated `key` on a best-effort basis."""
        del kind
        workspace, message = await self._workspace(community.tenant), render_message(content)
        if content.notify:
            # Below the text: a lock screen shows the first line.
            blocks = (*message.blocks[:1], section(EVERYBODY), *message.blocks[1:])
            message = replace(message, text=f"{message.text}\n{EVERYBODY}", blocks=blocks)
        files = await self._upload(workspace, message.attached)
        try:
            channel, message_id = await self._post(workspace, channel, key, message)
        except SlackTargetGoneError as error:
            raise RecipientUnreachableError(f"I cannot write in that channel ({error})") from None
        await self._share(workspace, files, channel)
        return Receipt(Reach(), channel, message_id)

    async def edit(self, community: Community, channel: str, message: str, content: Reply) -> None:
        """Replace the text and blocks of a message; its files stay."""
        workspace, rendered = await self._workspace(community.tenant), render_message(content)
        arguments = {"channel": channel, "ts": message, "text": rendered.text, "blocks": list(rendered.blocks)}
        try:
            await self._call(workspace, "chat.update", arguments)
        except SlackTargetGoneError as error:
            raise RecipientUnreachableError(f"the message cannot be edited any more ({error})") from None

    async def delete(self, community: Community, channel: str, message: str) -> None:
        """Delete a message; does nothing if it is gone already."""
        workspace = await self._workspace(community.tenant)
        try:
            await self._call(workspace, "chat.delete", {"channel": channel, "ts": message})
        except SlackTargetGoneError as error:
            log.info("a message was gone already", fault=str(error))

    async def permissions_of(self, community: Community, user: str) -> Permissions:
        """Ask Slack: people who run the workspace are organizers and may notify everybody."""
        workspace = await self._workspace(community.tenant)
        try:
            organizer = parse_user(await self._call(workspace, "users.info", {"user": user})).organizer
        except (RecipientUnreachableError, InvalidMessageError, SlackTargetGoneError) as fault:
            log.info("somebody is not in the workspace", fault=str(fault))
            return Permissions()
        return Permissions(organizer=organizer, notify=organizer)

    async def send_files(self, tenant: str, user: str, key: str, content: Reply) -> None:
        """Send requested files as a direct message, because an ephemeral answer cannot hold any."""
        workspace, message = await self._workspace(tenant), render_message(content)
        files = await self._upload(workspace, message.attached)
        try:
            channel, _ = await self._post(workspace, user, key, message)
        except SlackTargetGoneError as error:
            raise RecipientUnreachableError(str(error)) from None
        await self._share(workspace, files, channel)

    async def _workspace(self, tenant: str) -> Workspace:
        connection = self._connected()
        try:
            workspace = await connection.workspaces.find(tenant)
        except HallwayError as fault:
            raise TemporaryError(str(fault)) from None
        if workspace is None:
            raise TemporaryError("Hallway is not installed in this workspace any more")
        return workspace

    def _connected(self) -> SlackConnection:
        if self.connection is None:
            raise RateLimitedError("not connected to Slack", CONNECTING)
        return self.connection

    async def _call(
        self, workspace: Workspace, method: str, arguments: Mapping[str, Any], channel: str | None = None
    ) -> Mapping[str, Any]:
        """Call a method; if Slack revoked the token, all deliveries in its workspace stop at once."""
        connection = self._connected()
        try:
            return await connection.api.call(workspace, method, arguments, channel)
        except AccountInactiveError:
            if await self._is_token_valid(workspace):
                raise
        except TokenRevokedError:
            pass
        await connection.on_token_lost(workspace.team)
        raise TemporaryError("Hallway was removed from this workspace") from None

    async def _is_token_valid(self, workspace: Workspace) -> bool:
        try:
            await self._connected().api.call(workspace, "auth.test", {})
        except (AccountInactiveError, TokenRevokedError):
            return False
        except (SendError, SlackTargetGoneError) as fault:
            log.info("a token could not be tried", fault=str(fault))
        return True

    async def _post_directly(
        self, workspace: Workspace, attendee: Attendee, key: str, message: SlackMessage
    ) -> tuple[str, str]:
        """Post to the stored channel for direct messages, else to the user's id, which opens the channel."""
        channel = attendee.reach.channel
        try:
            if channel:
                return await self._post(workspace, channel, key, message)
        except SlackTargetGoneError:
            log.info("a channel for direct messages is gone")
        try:
            return await self._post(workspace, attendee.user, key, message)
        except SlackTargetGoneError as error:
            raise RecipientUnreachableError(f"Slack gave no channel for direct messages ({error})") from None

    async def _post(self, workspace: Workspace, channel: str, key: str, message: SlackMessage) -> tuple[str, str]:
        """Return the channel and the id of the message in it."""
        arguments = {
            "channel": channel,
            "text": message.text,
            "blocks": list(message.blocks),
            "client_msg_id": str(uuid5(MESSAGE_IDS, f"{workspace.team} {key}")),
            "metadata": _metadata(key),
            **NO_UNFURLING,
        }
        try:
            answer = await self._call(workspace, POST_MESSAGE, arguments, channel)
        except SlowDownError as fault:
            raise RateLimitedError(str(fault), timedelta(seconds=fault.seconds)) from None
        return str(answer.get("channel") or channel), str(answer.get("ts") or "")

    async def _upload(self, workspace: Workspace, files: Sequence[File]) -> list[dict[str, str]]:
        """Upload the files without showing them yet: if one fails, nothing was posted and a retry posts once."""
        uploaded = []
        for file in files:
            content = file.data
            arguments = {"filename": file.name, "length": len(content)}
            if file.description:
                arguments["alt_txt"] = file.description[:ALT_TEXT]
            try:
                answer = await self._call(workspace, "files.getUploadURLExternal", arguments)
                await self._connected().api.upload(str(answer.get("upload_url") or ""), file.name, content)
            except (DeliveryUnknownError, SlackTargetGoneError) as fault:
                raise TemporaryError(str(fault)) from None
            uploaded.append({"id": str(answer.get("file_id") or ""), "title": file.name})
        return uploaded

    async def _share(self, workspace: Workspace, files: list[dict[str, str]], channel: str) -> None:
        """Show uploaded files below their message; as the message is sent already, a failure is only logged."""
        if not files:
            return
        try:
            arguments = {"files": json.dumps(files), "channel_id": channel}
            await self._call(workspace, "files.completeUploadExternal", arguments)
        except (SendError, SlackTargetGoneError) as fault:
            log.warning("a file was not shown", platform=PLATFORM, fault=str(fault))


def _metadata(key: str) -> Mapping[str, Any]:
    return {"event_type": DELIVERY_EVENT, "event_payload": {"key": key}}
