"""`kill -9`, again and again, while a crowd is told to leave, over real HTTP: nobody is left out, and nobody is told twice.

Discord shows a message once if it is repeated with the same nonce within two minutes. Slack promises nothing of the
kind: there, the next process looks whether a message arrived before it sends it again.
"""

import os
import signal
import time
from asyncio.subprocess import Process
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import insert

from bot.app.schedules.replanning import replan_affected
from bot.cli.application import LEASE
from bot.domain.attendee.attendee import Attendance, Attendee, Reach
from bot.storage import tables
from bot.storage.mappers.attendances import attendance_row
from bot.storage.mappers.people import attendee_row
from bot.storage.unit_of_work import SqlStore
from tests.e2e.hallway import Hallway
from tests.e2e.test_discord import imported, running
from tests.e2e.test_discord import peer as discord
from tests.e2e.test_slack import peer as slack
from tests.e2e.test_slack import running as running_slack
from tests.fake_servers.discord import GUILD, DiscordPeer
from tests.fake_servers.slack import TEAM, SlackPeer

__all__ = ["discord", "imported", "slack"]
pytestmark = pytest.mark.slow
MARKS = (100, 200, 300)
"""How many people have been told when each of the processes ends: the last one is the whole crowd."""
TEAM_MARKS = (60, 150, 240, 300) if os.environ.get("HALLWAY_NIGHTLY") == "1" else (40, 60)
"""A workspace may be sent 270 messages a minute, so that the whole crowd is only told at night.

A process begins with 20 at once, and is killed later than that.
"""
PLANNED, DUE = datetime.fromisoformat("2021-11-29T08:30-08:00"), datetime.fromisoformat("2021-11-29T08:41-08:00")
"""Before and after the moment at which everybody who sleeps in the Wynn is to be told of ARC1 in the Wynn."""
REMEMBERED = 120.0
"""Seconds for which Discord remembers a nonce."""
MOST_DOUBLED = 2
"""Messages that come twice on Slack in a whole run, however many processes are killed."""


@dataclass(slots=True)
class Arrivals:
    """When each message arrived, in seconds of the sender's clock, by the key that a repetition has too."""

    moments: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    def add(self, keys: Sequence[str], at: float) -> None:
        for key in keys:
            self.moments[key].append(at)

    def repeated(self, after: float = -1.0) -> list[str]:
        """What came again, `after` these seconds or later."""
        return [key for key, at in self.moments.items() if len(at) > 1 and max(at) - min(at) > after]


async def crowded(hallway: Hallway, platform: str, tenant: str, people: Mapping[str, str]) -> None:
    """People who sleep in the Wynn and go to ARC1: their ids, each with the channel of its direct messages."""
    store = SqlStore.at(f"sqlite:///{hallway.home / 'data' / 'hallway' / 'hallway.db'}")
    async with store.write_transaction() as work:
        schedule = await work.conferences.load("tiny")
        assert schedule
        where = await work.communities.add(platform, tenant)
        where = replace(where, conference="tiny")
        await work.communities.save(where)
        crowd = [
            Attendee(id_, where, user, stay="Wynn", agreed_at=PLANNED, name=user, reach=Reach(channel))
            for id_, (user, channel) in enumerate(people.items(), 1)
        ]
        rows = [
            {**attendee_row(attendee), "id": attendee.id, "community": where.id, "user": attendee.user}
            for attendee in crowd
        ]
        await work.people.connection.execute(insert(tables.attendee), rows)
        going = Attendance(schedule.by_code["ARC1"].id, chosen_at=PLANNED)
        await work.people.connection.execute(
            insert(tables.attendance), [attendance_row(attendee.id, "tiny", going) for attendee in crowd]
        )
        await work.people.save_reach({attendee.id: attendee.reach for attendee in crowd})
        await replan_affected(work, schedule, None, PLANNED)
    await store.close()


@dataclass(slots=True)
class Killer:
    """Runs processes one after another on one database, and kills all but the last as soon as enough has arrived.

    Each starts so much later by its own clock that what its predecessor had claimed is free again.
    """

    keys: Callable[[], Sequence[str]]
    until: Callable[[Callable[[], bool], float], object]
    arrivals: Arrivals = field(default_factory=Arrivals)
    starts: datetime = DUE
    _seen: int = 0

    async def watch(self, process: Process, until: int) -> None:
        """Wait until this many different messages have arrived, and kill the process."""
        begins = time.monotonic()
        while len(self.arrivals.moments) < until:
            before = self._seen
            await self.until(lambda before=before: len(self.keys()) > before, 180)  # type: ignore[misc]  # awaited
            self._take(begins)
        process.send_signal(signal.SIGKILL)
        await process.wait()
        self._take(begins)
        self.starts += LEASE + timedelta(seconds=time.monotonic() - begins + 2)

    def _take(self, begins: float) -> None:
        fresh = self.keys()[self._seen :]
        self._seen += len(fresh)
        self.arrivals.add(fresh, (self.starts - DUE).total_seconds() + time.monotonic() - begins)


async def test_a_crowd_on_discord_is_told_once_whatever_is_killed(imported: Hallway, discord: DiscordPeer) -> None:
    people = {str(number): f"7{number}" for number in range(1000, 1000 + MARKS[-1])}
    await crowded(imported, "discord", str(GUILD), people)

    def nonces() -> Sequence[str]:
        posts = [
            request for request in discord.asked if request.method == "POST" and request.path.endswith("/messages")
        ]
        return [str(request.body["nonce"]) for request in posts]

    killer = Killer(nonces, discord.until)
    for mark in MARKS:
        async with running(imported, discord, "--at", killer.starts.isoformat()) as process:
            await killer.watch(process, mark)
    assert sorted(message.channel for message in discord.messages) == sorted(people.values())
    assert killer.arrivals.repeated(after=REMEMBERED) == []


async def test_a_crowd_on_slack_is_told_at_least_once_whatever_is_killed(imported: Hallway, slack: SlackPeer) -> None:
    people = {f"U1{number:03}": f"D1{number:03}" for number in range(TEAM_MARKS[-1])}
    await crowded(imported, "slack", TEAM, people)

    def ids() -> Sequence[str]:
        return [str(body["client_msg_id"]) for body in slack.of("chat.postMessage")]

    killer = Killer(ids, slack.until)
    for mark in TEAM_MARKS:
        async with running_slack(imported, slack, "--at", killer.starts.isoformat()) as run:
            await killer.watch(run.process, mark)
    assert sorted({message.channel for message in slack.messages}) == sorted(people.values())
    assert len(killer.arrivals.repeated()) <= MOST_DOUBLED
