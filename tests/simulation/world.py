"""A conference day from one seed: people, changes, platforms, faults, and processes that come and go."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import structlog

from bot.app.delivery.leases import LeaseManager
from bot.app.messages import Request
from bot.app.ports import DeliveryFilter
from bot.app.schedules.importer import ImportOptions, import_draft
from bot.domain.errors import HallwayError
from bot.domain.schedule.conference import Conference, Schedule
from bot.domain.schedule.session import Session, SessionState
from bot.timing.timer import LONGEST_SLEEP as REAL_SLEEP
from tests.builders import FORUM, MGM, NOWHERE, VENETIAN, draft, session
from tests.fakes.memory_store import MemoryStore
from tests.simulation.crashable import Killed, Mortal
from tests.simulation.fault_injection import HOUR, drawn
from tests.simulation.loop import simulation_loop
from tests.simulation.oracle import Oracle, Troubles
from tests.simulation.platform import CONSOLE, DISCORD, NAMES, SLACK, Platform, SimulatedMessenger, lane_name
from tests.simulation.process import LEASES, Gate, Process, VirtualTimer
from tests.support.virtual_time import VirtualLoop

OPENS = datetime(2021, 11, 29, 21, 30, tzinfo=UTC)
HOURS = 4.0
AFTER = 1.0
"""Hours of calm at the end, until everything has expired that may expire."""
VENUES = (VENETIAN, FORUM, MGM, NOWHERE)
COMMUNITIES = ((DISCORD, "guild1"), (DISCORD, "guild2"), (SLACK, "team1"), (SLACK, "team2"), (CONSOLE, "room1"))


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who types commands."""

    platform: str
    tenant: str
    user: str


@dataclass(slots=True)
class SimulatedClock:
    """Runs with the loop; is set now and then."""

    loop: asyncio.AbstractEventLoop
    off: timedelta = timedelta()

    def now(self) -> datetime:
        return OPENS + timedelta(seconds=self.loop.time()) + self.off


@dataclass(frozen=True, slots=True)
class Bug:
    """A mistake that is made on purpose, to see that it is found."""

    messenger: type[SimulatedMessenger] = SimulatedMessenger
    spoil: Callable[[Any], Any] = lambda work: work
    timer: type[VirtualTimer] = VirtualTimer


@dataclass(slots=True)
class World:
    """One day. `bug` is planted in every process."""

    seed: int
    loop: VirtualLoop
    bug: Bug = field(default_factory=Bug)
    rng: Random = field(init=False)
    store: MemoryStore = field(default_factory=MemoryStore)
    clock: SimulatedClock = field(init=False)
    platform: Platform = field(init=False)
    oracle: Oracle = field(init=False)
    troubles: Troubles = field(init=False)
    people: list[Person] = field(default_factory=list)
    processes: list[Process] = field(default_factory=list)
    born: int = 0
    calm: bool = False
    alone: bool = False

    def __post_init__(self) -> None:
        self.rng = Random(self.seed)
        self.clock = SimulatedClock(self.loop)
        lanes = [lane_name(*community) for community in COMMUNITIES]
        weather = drawn(self.rng, lanes, HOURS)
        self.troubles = Troubles(weather)
        self.people = self._crowd()
        closed = {attendee.user for attendee in self.people if self.rng.random() < 0.05}
        poison = {attendee.user for attendee in self.people if self.rng.random() < 0.03}
        self.platform = Platform(Random(self.rng.random()), weather, closed, poison)
        self.alone = self.rng.random() < 0.5
        self.troubles.alone = self.alone
        self.oracle = Oracle(self.store, self.clock, self.platform, self.troubles)

    def _crowd(self) -> list[Person]:
        """A handful, or enough to make a peak."""
        count = self.rng.choice((3, 5, 8, 30))
        return [Person(*self.rng.choice(COMMUNITIES), f"user{number}") for number in range(count)]

    async def live(self) -> None:
        """From the morning until everything has expired."""
        await self._publish(self._schedule())
        for _ in range(1 if self.alone else self.rng.choice((2, 2, 3))):
            self._boot()
        for at, event in sorted(self._events(), key=lambda pair: pair[0]):
            await self._until(at)
            await event()
        await self._until(HOURS * HOUR)
        self.calm = True
        for process in [process for process in self.processes if process.mortal.dead]:
            self._bury(process)
        if not self.processes:
            self._boot()
        await self._until((HOURS + AFTER) * HOUR)
        self.oracle.end()
        for process in self.processes:
            process.mortal.die()

    async def _until(self, at: float) -> None:
        while (wait := at - self.loop.time()) > 0 and not self.oracle.breaches:
            await asyncio.sleep(min(wait, 60.0))
            self._watch_over()

    def _watch_over(self) -> None:
        """Who died is started again after a while."""
        for process in [process for process in self.processes if process.mortal.dead]:
            self._bury(process)
            self.loop.call_later(self.rng.choice((1.0, 20.0, 200.0)), self._boot)

    def _bury(self, process: Process) -> None:
        self.processes.remove(process)
        if process.timer.handle:
            process.timer.handle.cancel()

    def _boot(self) -> None:
        self.born += 1
        rng = Random(f"{self.seed}/{self.born}")
        mortal = Mortal(None if self.calm or rng.random() < 0.4 else rng.randrange(1, 600))
        mortal.on_death = self._died
        gate = Gate(self.store, mortal, self.troubles.weather, rng, self.oracle.committed, self.bug.spoil)
        messengers = {name: self.bug.messenger(self.oracle, self.platform, name, mortal) for name in NAMES}
        scopes = [DeliveryFilter(name) for name in NAMES]
        leases = None if self.alone else LeaseManager(f"p{self.born}", NAMES, **LEASES)
        process = Process(
            mortal, gate, self.clock, messengers, scopes, rng, self._notify, self.bug.timer(self.clock), leases
        )
        self.processes.append(process)
        self._live_again()
        process.boot()

    def _notify(self) -> None:
        """What PostgreSQL's NOTIFY does: everybody looks."""
        for process in self.processes:
            if not process.mortal.dead:
                process.delivery_loop.wake()

    def _look_soon(self) -> None:
        """Here processes sleep for longer than the real ones, which would see what nobody tells after half a minute."""
        for process in self.processes:
            self.loop.call_later(REAL_SLEEP.total_seconds(), process.delivery_loop.wake)

    def _died(self) -> None:
        now = self.loop.time()
        self.troubles.deaths.append(now)
        # It may have stored what it had no time to tell.
        self._look_soon()
        if not [process for process in self.processes if not process.mortal.dead]:
            self.troubles.down.append((now, float("inf")))

    def _live_again(self) -> None:
        down = self.troubles.down
        if down and down[-1][1] == float("inf"):
            down[-1] = (down[-1][0], self.loop.time())

    def _schedule(self) -> Schedule:
        """Sessions on a half-hour grid of the morning."""
        sessions = []
        for number in range(self.rng.randrange(4, 10)):
            starts = OPENS + timedelta(minutes=30 * self.rng.randrange(2, 8))
            sessions.append(session(f"S{number}", starts, self.rng.choice(VENUES), minutes=30))
        return Schedule(Conference("sim", "Simulated", "America/Los_Angeles", revision=1), VENUES, (), tuple(sessions))

    async def _publish(self, made: Schedule) -> None:
        async with self.store.write_transaction() as work:
            await work.conferences.save(made)
            for platform, tenant in COMMUNITIES:
                community = await work.communities.add(platform, tenant)
                await work.communities.save(replace(community, conference="sim"))
        self.oracle.committed()

    def _events(self) -> list[tuple[float, Callable[[], Awaitable[None]]]]:
        """Everything that anybody is going to do, and when."""
        events: list[tuple[float, Callable[[], Awaitable[None]]]] = []
        for person in self.people:
            for _ in range(self.rng.randrange(2, 6)):
                at = self.rng.uniform(0, 0.6 * HOURS * HOUR)
                events.append((at, self._typing(person, self._line())))
        changes = self.rng.choice((0, 0, 1, 3))
        events += [(self.rng.uniform(0, HOURS * HOUR), self._change) for _ in range(changes)]
        if self.rng.random() < 0.2:
            events.append((self.rng.uniform(0, HOURS * HOUR), self._set_clock))
        if self.rng.random() < 0.3:
            events.append((self.rng.uniform(0, HOURS * HOUR), self._upgrade))
        return events

    def _line(self) -> str:
        code = f"S{self.rng.randrange(10)}"
        lines = (f"attend {code}", f"attend {code}", f"attend {code} reserved", "hotel MGM", f"skip {code}")
        rare = ("forgetme yes", "nudges off", "nudges on", "nudges 20m", f"onmyway {code}")
        facts = ("here Venetian", "here MGM", "here forum", "pace slow", "pace fast", "hotel Venetian", "hotel none")
        return self.rng.choice(rare if (drawn := self.rng.random()) < 0.15 else facts if drawn < 0.22 else lines)

    def _typing(self, person: Person, line: str) -> Callable[[], Awaitable[None]]:
        async def typed() -> None:
            alive = [candidate for candidate in self.processes if not candidate.mortal.dead]
            if alive:
                command, _, rest = line.partition(" ")
                request = Request(person.platform, person.tenant, person.user, command, rest)
                process = self.rng.choice(alive)
                process.within(process.handle(request))

        return typed

    async def _change(self) -> None:
        """The organizers move, rename or cancel something."""
        old = self.store._data.schedules["sim"]
        sessions: list[Session] = list(old.sessions)
        for _ in range(self.rng.choice((1, 1, 2))):
            number = self.rng.randrange(len(sessions))
            sessions[number] = self._changed(sessions[number])
        alive = [candidate for candidate in self.processes if not candidate.mortal.dead]
        if alive:
            process = self.rng.choice(alive)
            process.within(self._import(process, sessions))

    def _changed(self, talk: Session) -> Session:
        match self.rng.randrange(4):
            case 0:
                return replace(talk, state=SessionState.CANCELLED)
            case 1:
                return replace(talk, venue=self.rng.choice(VENUES).name)
            case _:
                by = timedelta(minutes=self.rng.choice((-30, -5, 10, 30, 60)))
                return replace(talk, starts_at=talk.starts_at + by, ends_at=talk.ends_at + by)

    async def _import(self, process: Process, sessions: Sequence[Session]) -> None:
        """As an import does; what fails is not tried again."""
        try:
            async with process.store.write_transaction() as work:
                terms = ImportOptions("America/Los_Angeles", VENUES, force=True)
                await import_draft(work, draft(*sessions), "sim", self.clock.now(), terms)
        except (HallwayError, Killed):
            return
        self._notify()

    async def _set_clock(self) -> None:
        self.clock.off += timedelta(seconds=self.rng.choice((-90, -5, 5, 90)))
        self.troubles.clock_steps.append(self.loop.time())
        self._look_soon()

    async def _upgrade(self) -> None:
        """A process is stopped as it should be, and another one started."""
        alive = [candidate for candidate in self.processes if not candidate.mortal.dead]
        if alive:
            process = self.rng.choice(alive)
            with suppress(Killed):
                await process.within(process.stop())


def day(seed: int, bug: Bug | None = None) -> World:
    """Live one day; the same seed gives the same day."""
    loop, before = simulation_loop(), structlog.get_config()
    try:
        world = World(seed, loop, bug or Bug())
        errors = structlog.make_filtering_bound_logger(logging.ERROR)
        structlog.configure(processors=[world.oracle.logged], wrapper_class=errors)
        loop.run_until_complete(world.live())
    finally:
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(asyncio.sleep(0))
        loop.run_until_complete(asyncio.sleep(0))
        loop.close()
        structlog.configure(**before)
    return world
