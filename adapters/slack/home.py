"""The Home tab: the next session with when to leave, today, reminders and privacy; kept fresh for who looks at it."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

import structlog

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


def _loop_time() -> float:
    return asyncio.get_running_loop().time()


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
    """Somebody who looks at the tab, at which version of the schedule, and since when in the loop's seconds."""

    asker: Actor
    version: Version | None
    since: float


@dataclass(slots=True)
class HomeTab:
    """Shows the tab to who opens it, and again when what it says has changed."""

    dispatch: Dispatch
    answers: Responder
    time: Callable[[], float] = _loop_time
    round: float = ROUND
    _viewers: dict[tuple[str, str], _Viewer] = field(default_factory=dict)

    async def show(self, asker: Actor) -> None:
        """Make the tab and publish it."""
        version = await self._version(asker)
        self._remember(_Viewer(asker, version, self.time()))
        parts = PARTS if version else PARTS[:1]
        replies = [(title, await self._glance(asker, command)) for title, command in parts]
        await self.answers.call(asker, "views.publish", {"user_id": asker.user, "view": home_view(replies)})

    async def changed(self, asker: Actor) -> None:
        """Somebody changed something of theirs: they see it, if they look."""
        if (asker.team, asker.user) in self._viewers:
            await self.show(asker)

    async def keep_fresh(self) -> None:
        """For as long as the process runs."""
        while True:
            await asyncio.sleep(self.round)
            await self.look()

    async def look(self) -> None:
        """Show it anew to whoever looks at another version of their schedule than there is now."""
        now = self.time()
        self._viewers = {key: each for key, each in self._viewers.items() if now - each.since < LOOKS_FOR}
        for viewer in self._in_turn():
            try:
                if await self._version(viewer.asker) != viewer.version:
                    since = viewer.since
                    await self.show(viewer.asker)
                    self._remember(replace(self._viewers[viewer.asker.team, viewer.asker.user], since=since))
            except HallwayError as fault:
                log.warning("the Home tab could not be looked after", fault=str(fault))

    def _in_turn(self) -> Sequence[_Viewer]:
        return list(self._viewers.values())

    def _remember(self, viewer: _Viewer) -> None:
        key = (viewer.asker.team, viewer.asker.user)
        if key in self._viewers or len(self._viewers) < MOST_VIEWERS:
            self._viewers[key] = viewer

    async def _version(self, asker: Actor) -> Version | None:
        schedule = await self.dispatch.schedule_of(PLATFORM, asker.team)
        return (schedule.conference.slug, schedule.conference.revision) if schedule else None

    async def _glance(self, asker: Actor, command: str) -> Reply:
        return await self.dispatch.handle(Request(PLATFORM, asker.team, asker.user, command, glance=True))
