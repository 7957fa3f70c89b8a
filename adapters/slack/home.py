"""The Home tab: the next session and when to leave, today's agenda, reminders and privacy."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field

import structlog
from cachetools import TTLCache

from adapters.slack.oauth.token import PLATFORM
from adapters.slack.payload import Actor
from adapters.slack.render.message import body_blocks, render_lines
from adapters.slack.render.mrkdwn import Block, context, header
from adapters.slack.responder import Responder
from bot.app.dispatcher import Dispatcher
from bot.app.messages import Reply, Request
from bot.domain.errors import HallwayError

PARTS = (("Next", "nextsession"), ("Today", "agenda"), ("Reminders", "nudges"), ("Privacy", "privacy"))
MAX_BLOCKS, MAX_CARDS = 100, 12
MORE = "… there is more: `/agenda` lists all."
MAX_VIEWERS, VIEWING_TIME = 2_000, 3600.0
"""A user counts as a viewer for this many seconds after opening the tab; reopening it starts again."""
REFRESH_INTERVAL = 15.0
"""Seconds between two checks whether a schedule has changed."""

ScheduleVersion = tuple[str, int]
"""Slug and revision of a conference."""

log = structlog.get_logger("hallway.slack")


def home_view(parts: Iterable[tuple[str, Reply]]) -> Block:
    """Return the tab: one titled part for each reply. Pure."""
    blocks: list[Block] = []
    for title, reply in parts:
        # Without numbers: a number that is typed counts for the last list in the conversation.
        body = body_blocks(reply, render_lines(reply), reply.cards[:MAX_CARDS], numbered=False)
        more = [context(MORE)] if len(reply.cards) > MAX_CARDS else []
        blocks += [*([{"type": "divider"}] if blocks else []), header(title), *body, *more]
    return {"type": "home", "blocks": blocks[:MAX_BLOCKS]}


@dataclass(slots=True)
class _Viewer:
    """A user who opened the tab, and the version of the schedule that the tab shows."""

    actor: Actor
    version: ScheduleVersion | None


@dataclass(slots=True)
class HomeTab:
    """Publishes the tab when a user opens it, and again when its content has changed."""

    dispatch: Dispatcher
    responder: Responder
    refresh_interval: float = REFRESH_INTERVAL
    _viewers: TTLCache[tuple[str, str], _Viewer, float] = field(
        default_factory=lambda: TTLCache(MAX_VIEWERS, VIEWING_TIME), repr=False
    )

    async def show(self, actor: Actor) -> None:
        """Render the tab and publish it; from now on it follows changes of the schedule."""
        version = await self._schedule_version(actor)
        self._viewers[actor.team, actor.user] = _Viewer(actor, version)
        await self._publish(actor, version)

    async def refresh_for(self, actor: Actor) -> None:
        """Publish the tab again after the user changed something, if the user is a viewer."""
        if (actor.team, actor.user) in self._viewers:
            await self.show(actor)

    async def keep_fresh(self) -> None:
        """Refresh the tab of every viewer regularly; runs until it is cancelled."""
        while True:
            await asyncio.sleep(self.refresh_interval)
            await self.refresh()

    async def refresh(self) -> None:
        """Publish the tab again to viewers whose schedule has a new version."""
        for viewer in [self._viewers.get(key) for key in list(self._viewers)]:
            if viewer:
                await self._refresh_viewer(viewer)

    async def _refresh_viewer(self, viewer: _Viewer) -> None:
        try:
            version = await self._schedule_version(viewer.actor)
            if version != viewer.version:
                viewer.version = version
                await self._publish(viewer.actor, version)
        except HallwayError as fault:
            log.warning("the Home tab could not be looked after", fault=str(fault))

    async def _publish(self, actor: Actor, version: ScheduleVersion | None) -> None:
        parts = PARTS if version else PARTS[:1]
        replies = [(title, await self._glance(actor, command)) for title, command in parts]
        await self.responder.call(actor, "views.publish", {"user_id": actor.user, "view": home_view(replies)})

    async def _schedule_version(self, actor: Actor) -> ScheduleVersion | None:
        schedule = await self.dispatch.schedule_of(PLATFORM, actor.team)
        return (schedule.conference.slug, schedule.conference.revision) if schedule else None

    async def _glance(self, actor: Actor, command: str) -> Reply:
        return await self.dispatch.handle(Request(PLATFORM, actor.team, actor.user, command, glance=True))
