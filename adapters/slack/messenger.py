"""Delivers on Slack: by direct message to people, and into channels; edits and takes back what it sent."""

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid5

import structlog

from adapters.slack.errors import AccountInactiveError, SlowDownError, TargetGoneError, TokenRevokedError
from adapters.slack.oauth.installations import Workspaces
from adapters.slack.oauth.token import PLATFORM, Workspace
from adapters.slack.paced_client import A_MINUTE, POST, Api
from adapters.slack.render.message import SlackMessage, render_message
from adapters.slack.render.mrkdwn import manner_of, section
from adapters.slack.users import person_of
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

QUIETLY: Mapping[str, bool] = {"unfurl_links": False, "unfurl_media": False}
"""Nothing of foreign text is fetched and shown."""
EVERYBODY = "<!channel>"
"""Calls everybody in a channel; what people type never becomes this."""
OURS = UUID("7c1b5f2e-0c0f-5d0a-9c55-5d1d0a2f4b11")

log = structlog.get_logger("hallway.slack")


@dataclass(frozen=True, slots=True)
class Line:
    """Our line to Slack while it is open. `lost` is told the tenant whose token is good for nothing any more."""

    api: Api
    workspaces: Workspaces
    lost: Callable[[str], Awaitable[None]]


@dataclass(slots=True)
class SlackMessenger:
    """`ports.Messenger`. `line` is None while there is no connection."""

    line: Line | None = None

    def lane(self, community: Community) -> Lane:
        """Every workspace has its own."""
        return Lane(f"slack:{community.tenant}", DeliveryFilter(PLATFORM, community.id), A_MINUTE[POST][0] / 60)

    def describe_card(self, card: Card) -> str:
        """As `render` has it."""
        return manner_of(card)

    async def send(self, attendee: Attendee, key: str, kind: str, content: Reply) -> Receipt:
        """Send `content` as a direct message, best effort once per `key`."""
        del kind
        reach = attendee.reach
        if reach.refused:
            raise RecipientUnreachableError(reach.refused, reach)
        workspace, letter = await self._workspace(attendee.community.tenant), render_message(content)
        files = await self._uploaded(workspace, letter.attached)
        try:
            channel, message = await self._direct(workspace, attendee, key, letter)
        except RecipientUnreachableError as fault:
            raise RecipientUnreachableError(str(fault), replace(reach, refused=str(fault), told=False)) from None
        await self._shared(workspace, files, channel)
        return Receipt(replace(reach, channel=channel), channel, message)

    async def post(self, community: Community, channel: str, key: str, kind: str, content: Reply) -> Receipt:
        """Send `content` into a channel, best effort once per `key`."""
        del kind
        workspace, letter = await self._workspace(community.tenant), render_message(content)
        if content.notify:
            letter = replace(letter, text=f"{EVERYBODY} {letter.text}", blocks=(section(EVERYBODY), *letter.blocks))
        files = await self._uploaded(workspace, letter.attached)
        try:
            channel, message = await self._posted(workspace, channel, key, letter)
        except TargetGoneError as gone:
            raise RecipientUnreachableError(f"I cannot write in that channel ({gone})") from None
        await self._shared(workspace, files, channel)
        return Receipt(Reach(), channel, message)

    async def edit(self, community: Community, channel: str, message: str, content: Reply) -> None:
        """Replace what a message says; its files stay."""
        workspace, letter = await self._workspace(community.tenant), render_message(content)
        told = {"channel": channel, "ts": message, "text": letter.text, "blocks": list(letter.blocks)}
        try:
            await self._call(workspace, "chat.update", told)
        except TargetGoneError as gone:
            raise RecipientUnreachableError(f"the message cannot be edited any more ({gone})") from None

    async def delete(self, community: Community, channel: str, message: str) -> None:
        """Take a message back; nothing happens if it is gone already."""
        workspace = await self._workspace(community.tenant)
        try:
            await self._call(workspace, "chat.delete", {"channel": channel, "ts": message})
        except TargetGoneError as gone:
            log.info("a message was gone already", fault=str(gone))

    async def standing(self, community: Community, user: str) -> Permissions:
        """Asked of Slack: who runs the workspace organizes it, and may call everybody."""
        workspace = await self._workspace(community.tenant)
        try:
            runs = person_of(await self._call(workspace, "users.info", {"user": user})).organizer
        except (RecipientUnreachableError, InvalidMessageError, TargetGoneError) as fault:
            log.info("somebody is not in the workspace", fault=str(fault))
            return Permissions()
        return Permissions(organizer=runs, notify=runs)

    async def hand_over(self, tenant: str, user: str, key: str, content: Reply) -> None:
        """Send files that were asked for as a direct message: an answer that only its reader sees can hold none."""
        workspace, letter = await self._workspace(tenant), render_message(content)
        files = await self._uploaded(workspace, letter.attached)
        try:
            channel, _ = await self._posted(workspace, user, key, letter)
        except TargetGoneError as gone:
            raise RecipientUnreachableError(str(gone)) from None
        await self._shared(workspace, files, channel)

    async def _workspace(self, tenant: str) -> Workspace:
        line = self._line()
        try:
            workspace = await line.workspaces.of(tenant)
        except HallwayError as fault:
            raise TemporaryError(str(fault)) from None
        if workspace is None:
            raise TemporaryError("Hallway is not installed in this workspace any more")
        return workspace

    def _line(self) -> Line:
        if self.line is None:
            raise RateLimitedError("not connected to Slack", CONNECTING)
        return self.line

    async def _call(
        self, workspace: Workspace, method: str, arguments: Mapping[str, Any], channel: str = ""
    ) -> Mapping[str, Any]:
        """The call; a token that is good for nothing any more stops everything in its workspace at once."""
        line = self._line()
        try:
            return await line.api.call(workspace, method, arguments, channel)
        except AccountInactiveError:
            if await self._is_good(workspace):
                raise
        except TokenRevokedError:
            pass
        await line.lost(workspace.team)
        raise TemporaryError("Hallway was removed from this workspace") from None

    async def _is_good(self, workspace: Workspace) -> bool:
        """Whether our token still is."""
        try:
            await self._line().api.call(workspace, "auth.test", {})
        except (AccountInactiveError, TokenRevokedError):
            return False
        except (SendError, TargetGoneError) as fault:
            log.info("a token could not be tried", fault=str(fault))
        return True

    async def _direct(
        self, workspace: Workspace, attendee: Attendee, key: str, letter: SlackMessage
    ) -> tuple[str, str]:
        """The channel and the message in it. A user's id opens the channel, which is remembered."""
        known = attendee.reach.channel
        try:
            if known:
                return await self._posted(workspace, known, key, letter)
        except TargetGoneError:
            log.info("a channel for direct messages is gone")
        try:
            return await self._posted(workspace, attendee.user, key, letter)
        except TargetGoneError as gone:
            raise RecipientUnreachableError(f"Slack gave no channel for direct messages ({gone})") from None

    async def _posted(self, workspace: Workspace, to: str, key: str, letter: SlackMessage) -> tuple[str, str]:
        told = {
            "channel": to,
            "text": letter.text,
            "blocks": list(letter.blocks),
            "client_msg_id": str(uuid5(OURS, f"{workspace.team} {key}")),
            **QUIETLY,
        }
        try:
            answer = await self._call(workspace, POST, told, to)
        except SlowDownError as slower:
            raise RateLimitedError(str(slower), timedelta(seconds=slower.seconds)) from None
        return str(answer.get("channel") or to), str(answer.get("ts") or "")

    async def _uploaded(self, workspace: Workspace, files: Sequence[File]) -> list[dict[str, str]]:
        """The files, sent to Slack and shown to nobody yet: so nothing is posted twice if one of them fails."""
        found = []
        for each in files:
            content = each.content.encode()
            about = {"filename": each.name, "length": len(content)}
            try:
                given = await self._call(workspace, "files.getUploadURLExternal", about)
                await self._line().api.upload(str(given.get("upload_url") or ""), each.name, content)
            except (DeliveryUnknownError, TargetGoneError) as fault:
                raise TemporaryError(str(fault)) from None
            found.append({"id": str(given.get("file_id") or ""), "title": each.name})
        return found

    async def _shared(self, workspace: Workspace, files: list[dict[str, str]], channel: str) -> None:
        """Show them below their message; it is sent by now, so what goes wrong here is only written down."""
        if not files:
            return
        told = {"files": json.dumps(files), "channel_id": channel}
        try:
            await self._call(workspace, "files.completeUploadExternal", told)
        except (SendError, TargetGoneError) as fault:
            log.warning("a file was not shown", platform=PLATFORM, fault=str(fault))
