"""The Home tab: the next session with when to leave, today, reminders and privacy; kept fresh for who looks at it."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import structlog
from cachetools import TTLCache

from adapters.slack.actor import Actor
from adapters.slack.oauth.token import PLATFORM
from adapters.slack.render.message import body_blocks, rendered
from adapters.slack.render.mrkdwn import Block, header, remark
from adapters.slack.responder import Responder
from bot.app.dispatcher import Dispatch
from bot.app.messages import Reply, Request
from bot.domain.errors import HallwayError

PARTS = (("Next", "nextsession"), ("Today", "agenda"), ("Reminders", "nudges"), ("Privacy", "privacy"))
MOST_BLOCKS, MOST_CARDS = 100, 12
MORE = "… there is more: `/agenda` lists all."
MOST_VIEWERS, LOOKS_FOR = 2_000, 3600.0
"""Who opened it in the last hour, in seconds, is taken to look at it: whoever comes back opens it anew."""
ROUND = 15.0
"""Seconds between two looks at whether a schedule has changed."""

Version = tuple[str, int]

log = structlog.get_logger("hallway.slack")


def home_view(parts: Iterable[tuple[str, Reply]]) -> Block:
    """The tab from what the commands answer; pure."""
    blocks: list[Block] = []
    for title, reply in parts:
        shown = [replace(card, number=None) for card in reply.cards]
        body = body_blocks(reply, rendered(reply), shown[:MOST_CARDS])
        more = [remark(MORE)] if len(shown) > MOST_CARDS else []
        blocks += [*([{"type": "divider"}] if blocks else []), header(title), *body, *more]
    return {"type": "home", "blocks": blocks[:MOST_BLOCKS]}


@dataclass(slots=True)
class _Viewer:
    """Somebody who opened the tab, and the version of the schedule that it shows."""

    asker: Actor
    version: Version | None


@dataclass(slots=True)
class HomeTab:
    """Shows the tab to who opens it, and again when what it says has changed."""

    dispatch: Dispatch
    answers: Responder
    round: float = ROUND
    _viewers: TTLCache[tuple[str, str], _Viewer, float] = field(
        default_factory=lambda: TTLCache(MOST_VIEWERS, LOOKS_FOR), repr=False
    )

    async def show(self, asker: Actor) -> None:
        """Render the tab and publish it; until it expires, it follows changes of the schedule."""
        version = await self._version(asker)
        self._viewers[asker.team, asker.user] = _Viewer(asker, version)
        await self._publish(asker, version)

    async def changed(self, asker: Actor) -> None:
        """Publish the tab again after a command changed the user's data, if the user opened it."""
        if (asker.team, asker.user) in self._viewers:
            await self.show(asker)

    async def keep_fresh(self) -> None:
        """For as long as the process runs."""
        while True:
            await asyncio.sleep(self.round)
            await self.look()

    async def look(self) -> None:
        """Publish the tab again to viewers whose schedule has another version by now."""
        for viewer in [self._viewers.get(key) for key in list(self._viewers)]:
            if viewer:
                await self._follow(viewer)

    async def _follow(self, viewer: _Viewer) -> None:
        try:
            version = await self._version(viewer.asker)
            if version != viewer.version:
                viewer.version = version
                await self._publish(viewer.asker, version)
        except HallwayError as fault:
            log.warning("the Home tab could not be looked after", fault=str(fault))

    async def _publish(self, asker: Actor, version: Version | None) -> None:
        parts = PARTS if version else PARTS[:1]
        replies = [(title, await self._glance(asker, command)) for title, command in parts]
        await self.answers.call(asker, "views.publish", {"user_id": asker.user, "view": home_view(replies)})

    async def _version(self, asker: Actor) -> Version | None:
        schedule = await self.dispatch.schedule_of(PLATFORM, asker.team)
        return (schedule.conference.slug, schedule.conference.revision) if schedule else None

    async def _glance(self, asker: Actor, command: str) -> Reply:
        return await self.dispatch.handle(Request(PLATFORM, asker.team, asker.user, command, glance=True))
