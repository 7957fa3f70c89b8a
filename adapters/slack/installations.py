"""The workspaces that Hallway is installed in, each with the token that speaks there."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.asking import Denied, SlackFault, told

PLATFORM = "slack"
BAD_TOKEN = (
    "Slack refuses the bot token: copy it anew from OAuth & Permissions of the app into HALLWAY_SLACK_BOT_TOKEN."  # noqa: S105 — a sentence
)


@dataclass(frozen=True, slots=True)
class Workspace:
    """A workspace with our token there; `enterprise` is its organization, "" if it has none.

    Where Hallway is installed in a whole organization, `team` is "" in `Workspaces.all`, and the one asked for in
    `Workspaces.of`.
    """

    team: str
    name: str
    token: str = field(repr=False)
    bot_user: str
    enterprise: str = ""


class Workspaces(Protocol):
    """Where we are installed. Both raise `StoreFault` and `SlackFault`."""

    async def of(self, team: str, enterprise: str = "") -> Workspace | None:
        """The workspace with a token that is good now; None if we are not installed there."""
        ...

    async def all(self) -> Sequence[Workspace]:
        """Every workspace or organization that we are installed in, by id."""
        ...


@dataclass(slots=True)
class OneWorkspace:
    """The workspace of one bot token; Slack is asked once which one that is."""

    token: str = field(repr=False)
    client: AsyncWebClient = field(repr=False)
    _found: Workspace | None = None
    _asking: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def of(self, team: str, enterprise: str = "") -> Workspace | None:
        """This one or none."""
        del enterprise
        found = await self._ask()
        return found if found.team == team else None

    async def all(self) -> Sequence[Workspace]:
        """This one."""
        return (await self._ask(),)

    async def _ask(self) -> Workspace:
        async with self._asking:
            if self._found is None:
                self._found = await self._asked()
            return self._found

    async def _asked(self) -> Workspace:
        try:
            answer = await told(self.client.auth_test(token=self.token))
        except Denied as denied:
            raise SlackFault(BAD_TOKEN if denied.dead else str(denied)) from None
        team, name, user, org = (str(answer.get(key) or "") for key in ("team_id", "team", "user_id", "enterprise_id"))
        return Workspace(team, name, self.token, user, org)
