"""Our own outbox to be measured: a store full of nudges, a platform that takes them, the house around them."""

import asyncio
import os
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlalchemy import insert

from benchmarks.children import in_background
from benchmarks.crowd import OPENS, schedule
from bot.app.delivery.leases import LeaseManager
from bot.app.messages import Card, Reply
from bot.app.ports import DeliveryFilter, Lane, Permissions, Receipt, Store
from bot.cli.application import Application, build_application
from bot.domain.attendee.agenda import Departure, Origin
from bot.domain.attendee.attendee import Attendee, Community
from bot.domain.nudges.nudge import Nudge, NudgeKind
from bot.storage import tables
from bot.storage.mappers.people import attendee_row
from bot.storage.pubsub import listen
from bot.storage.unit_of_work import SqlStore
from bot.timing.clock import RehearsalClock
from migrations import run

SESSIONS = 500
CHUNK = 1_000
DUE = OPENS - timedelta(minutes=30)
"""Half an hour before the first session of the first day, of which every nudge tells."""
OWED_AT = DUE - timedelta(hours=1)
PLATFORM = "console"
FINISHING = 10.0
"""Seconds for what is in flight in the end."""


class NoChannels:
    """What a messenger is not asked for here."""

    def manner(self, card: Card) -> str:
        """Nobody asks how a card looks."""
        raise NotImplementedError

    async def post(self, community: Community, channel: str, key: str, kind: str, content: Reply) -> Receipt:
        """Nobody posts here."""
        raise NotImplementedError

    async def edit(self, community: Community, channel: str, message: str, content: Reply) -> None:
        """Nobody edits here."""
        raise NotImplementedError

    async def delete(self, community: Community, channel: str, message: str) -> None:
        """Nobody takes anything back here."""
        raise NotImplementedError

    async def standing(self, community: Community, user: str) -> Permissions:
        """Nobody organizes here."""
        raise NotImplementedError


@dataclass(slots=True)
class Post(NoChannels):
    """A platform that takes everything, at once or after `latency` seconds, and notes when it took what."""

    latency: float = 0
    at_once: int = 16
    taken: list[str] = field(default_factory=list)
    moments: list[float] = field(default_factory=list)

    @property
    def first(self) -> float:
        """When it took the first, 0 before that."""
        return self.moments[0] if self.moments else 0.0

    @property
    def last(self) -> float:
        """When it took the last, 0 before that."""
        return self.moments[-1] if self.moments else 0.0

    def lane(self, community: Community) -> Lane:
        """Each community has its own, with no limit."""
        return Lane(f"{PLATFORM}:{community.id}", DeliveryFilter(PLATFORM, community.id), at_once=self.at_once)

    async def send(self, attendee: Attendee, key: str, kind: str, content: Reply) -> Receipt:
        """Take it; a text that is empty would be no message."""
        del kind
        assert content.cards
        if self.latency:
            await asyncio.sleep(self.latency)
        self.moments.append(time.time())
        self.taken.append(key)
        return Receipt(attendee.reach)


def crowd(count: int, communities: int = 1) -> list[Attendee]:
    """Attendees with ids from 1, evenly in communities with ids from 1."""
    places = [Community(n + 1, PLATFORM, f"crowd{n + 1}", "crowd") for n in range(communities)]
    agreed = OPENS - timedelta(days=30)
    return [
        Attendee(number, places[number % communities], f"user{number}", agreed_at=agreed)
        for number in range(1, count + 1)
    ]


async def founded(url: str, people: Sequence[Attendee]) -> SqlStore:
    """A new store with a schedule and these people in it."""
    await run.upgrade(url)
    store = SqlStore.at(url)
    places = {known.community.id: known.community for known in people}
    async with store.write_transaction() as work:
        await work.conferences.save(schedule(SESSIONS))
        for _, place in sorted(places.items()):
            added = await work.communities.add(place.platform, place.tenant)
            await work.communities.save(replace(added, conference=place.conference))
        for some in chunks(people):
            made = [
                {**attendee_row(each), "id": each.id, "community": each.community.id, "user": each.user}
                for each in some
            ]
            await work.people.connection.execute(insert(tables.attendee), made)
    return store


def chunks(people: Sequence[Attendee]) -> Iterator[Sequence[Attendee]]:
    """A thousand at a time, as a plan is stored."""
    for start in range(0, len(people), CHUNK):
        yield people[start : start + CHUNK]


def leave_by(known: Attendee, due: datetime = DUE, expires: datetime = OPENS, number: int = 0) -> Nudge:
    """The nudge of one attendee; `number` tells apart those about several sessions."""
    facts = Departure(due, 10, Origin.UNKNOWN).facts
    session = f"s{5 * (known.id % 100) + number % 5}"
    return Nudge(NudgeKind.LEAVE_BY, known.id, session, 1 + number // 5, due, expires, facts)


def later(known: Attendee, number: int) -> Nudge:
    """One of several nudges of one attendee, from ten minutes after `DUE` on and spread over four days."""
    due = DUE + timedelta(minutes=10, seconds=(number * 97 + known.id % 97) * 70)
    return leave_by(known, due, due + timedelta(hours=1), number)


async def owed(store: SqlStore, people: Sequence[Attendee], due: datetime = DUE, expires: datetime = OPENS) -> float:
    """Owe each of them one nudge, in one transaction; returns the seconds that the store took for it."""
    seconds = 0.0
    begins = time.perf_counter()
    async with store.write_transaction() as work:
        for some in chunks(people):
            seconds += time.perf_counter() - begins
            plans = [(known, [leave_by(known, due, expires)]) for known in some]
            begins = time.perf_counter()
            await work.deliveries.reconcile(plans, OWED_AT)
    return seconds + time.perf_counter() - begins


async def states(store: SqlStore) -> Counter[str]:
    """How many deliveries are in which state."""
    async with store.read_transaction() as work:
        found = await work.people.connection.exec_driver_sql(
            "SELECT state, count(*) AS number FROM delivery GROUP BY state"
        )
        counts: dict[str, int] = {each.state: each.number for each in found}
        return Counter(counts)


async def wanting(store: Store) -> bool:
    """Whether anything is still owed, or claimed and not recorded."""
    async with store.read_transaction() as work:
        return await work.deliveries.next_due([DeliveryFilter(PLATFORM)]) is not None


@asynccontextmanager
async def ticking(url: str, clock: RehearsalClock, post: Post) -> AsyncIterator[Application]:
    """The house as `hallway run` wires it: its ticker and its alarm going, its lanes shared with other processes."""
    leases = LeaseManager(f"process-{os.getpid()}", [PLATFORM])
    async with (
        build_application(url, clock, {PLATFORM: post}, [DeliveryFilter(PLATFORM)], leases=leases) as application,
        in_background(leases.keep(application.store)),
        in_background(listen(application.database, application.delivery_loop.wake)),
    ):
        application.timers.start()
        task = asyncio.create_task(application.delivery_loop.run())
        try:
            yield application
        finally:
            application.delivery_loop.stop()
            await application.scheduler.finish(FINISHING)
            await task
            await leases.leave(application.store)


async def warmed(application: Application) -> None:
    """Somebody asked for something before: the schedule is in memory."""
    async with application.store.read_transaction() as work:
        await application.scheduler.schedules.take(work, "crowd")
