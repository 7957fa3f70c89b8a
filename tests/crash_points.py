"""A process that delivers on Discord and dies, by SIGKILL, between two named steps: for tests of what survives that.

`run` is called in a child process; without a point it works through what is due and ends.
"""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import discord

from adapters.discord.limits import TokenLimits
from adapters.discord.messenger import DiscordMessenger
from bot.app.delivery.scheduler import DeliveryScheduler
from bot.app.messages import Reply
from bot.app.ports import Commits, DeliveryFilter, Lane, Receipt
from bot.app.registry import all_nudges
from bot.app.schedules.cache import ScheduleCache
from bot.domain.attendee.attendee import Attendee, Community
from bot.search import index_of
from bot.storage.unit_of_work import SqlStore
from bot.timing.clock import RehearsalClock
from tests.fake_servers.discord import TOKEN

POINTS = (
    "before the claim commits",
    "after the claim committed",
    "before the request",
    "after the platform took it",
    "before the record commits",
    "after the record committed",
)
SENT_BEFORE = 5
"""So many messages are through before a message kills us."""


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@dataclass
class FatalStore:
    """A store that kills its process at a point."""

    store: SqlStore
    point: str
    commits: Commits = field(default_factory=Commits)

    def read_transaction(self) -> Any:
        return self.store.read_transaction()

    @asynccontextmanager
    async def write_transaction(self) -> AsyncIterator[Any]:
        async with self.store.write_transaction() as work:
            steps = Steps(work)
            yield steps
            if (self.point, steps.took) in (
                ("before the claim commits", "claim"),
                ("before the record commits", "record"),
            ):
                die()
        if (self.point, steps.took) in (
            ("after the claim committed", "claim"),
            ("after the record committed", "record"),
        ):
            die()


class Steps:
    """One transaction, with the last step of it that matters here."""

    def __init__(self, work: Any) -> None:
        self._work, self.took = work, ""

    @property
    def deliveries(self) -> "Steps":
        return self

    def __getattr__(self, name: str) -> Any:
        return getattr(self._work, name)

    async def claim(self, *arguments: Any) -> Any:
        claimed = await self._work.deliveries.claim(*arguments)
        if claimed:
            self.took = "claim"
        return claimed

    async def record_outcomes(self, outcomes: Any) -> None:
        await self._work.deliveries.record_outcomes(outcomes)
        self.took = "record"


@dataclass
class FatalMessenger(DiscordMessenger):
    """A messenger that kills its process at a point."""

    point: str = ""
    sent: int = 0

    def lane(self, community: Community) -> Lane:
        # Few at a time, so that some are claimed, some under way and some recorded.
        return Lane("discord", DeliveryFilter("discord"), a_second=48, at_once=4, remembers=timedelta(minutes=2))

    async def send(self, attendee: Attendee, key: str, kind: str, content: Reply) -> Receipt:
        if self.point == "before the request" and self.sent >= SENT_BEFORE:
            die()
        receipt = await super().send(attendee, key, kind, content)
        self.sent += 1
        if self.point == "after the platform took it" and self.sent >= SENT_BEFORE:
            die()
        return receipt


async def main(url: str, api: str, point: str, moment: str) -> None:
    discord.http.Route.BASE = api
    limits = TokenLimits()
    store = FatalStore(SqlStore.at(url), point)
    async with discord.Client(intents=discord.Intents.none(), connector=limits.connector()) as client:
        await client.login(TOKEN)
        messenger = FatalMessenger(lambda: client, limits, point=point)
        clock = RehearsalClock(datetime.fromisoformat(moment), 1)
        scheduler = DeliveryScheduler(
            store,
            clock,
            ScheduleCache(index_of),
            {"discord": messenger},
            all_nudges(),
            [DeliveryFilter("discord")],
        )
        await scheduler.run_due()
    await store.store.close()


def run(url: str, api: str, point: str, moment: str) -> None:
    asyncio.run(main(url, api, point, moment))
