"""A broadcast to a crowd from one seed: refusals, a storm of limits, deaths, a pause and a recall, with nudges meanwhile.

The processes are those of `hallway run`, at the real pace of each platform, in virtual time.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from random import Random
from typing import Any, Protocol

import structlog

from bot.app.access.authorization import PermissionChecker
from bot.app.announcements.sender import AnnouncementSender
from bot.app.delivery.leases import LeaseManager
from bot.app.dispatcher import Dispatcher
from bot.app.messages import Button, Reply, Request
from bot.app.ports import Delivery, DeliveryFilter, Store
from bot.app.registry import all_commands
from bot.app.runtime.job_loop import JobLoop
from bot.app.schedules.cache import ScheduleCache
from bot.app.schedules.replanning import replan_affected
from bot.domain.announcements.announcement import OVER, Announcement
from bot.domain.attendee.attendee import Attendance, Attendee, Community
from bot.domain.nudges.nudge import Nudge, NudgeKind, plan_nudges
from bot.domain.schedule.conference import Conference, Schedule
from tests.builders import FORUM, MGM, NOWHERE, VENETIAN, session
from tests.fakes.memory_store import MemoryStore
from tests.simulation.crashable import MORTAL, Mortal
from tests.simulation.fault_injection import STORM, Spell, Weather
from tests.simulation.invariants import GRACE, judge
from tests.simulation.loop import simulation_loop
from tests.simulation.paced_platform import ANNOUNCEMENT, AUTHOR, Kind, PacedMessenger, PacedPlatform, plain_text
from tests.simulation.process import ByCode, Gate, Process, VirtualTimer
from tests.simulation.world import OPENS, SimulatedClock

LEASE = timedelta(seconds=90)
CONFERENCE = "sim"
PATIENCE = 1_800.0
"""Virtual seconds in which everything has to be over, and two more for each of the people."""
LOOKS = 0.25
MIDWAY = 0.85


class Base(Protocol):
    """Where everything is stored: each process opens it anew."""

    def opened(self) -> Store:
        """As a process sees it."""
        ...

    def seen(self) -> Store:
        """As whoever looks on sees it."""
        ...

    async def closed(self, store: Store) -> None:
        """The process is dead."""
        ...

    async def found(self, made: Schedule, people: Mapping[str, Sequence[Attendee]]) -> None:
        """A new store with these people, by tenant; who goes to something goes to the first session."""
        ...


@dataclass(slots=True)
class MemoryBase:
    """All processes have one memory, which outlives them."""

    store: MemoryStore = field(default_factory=MemoryStore)

    def opened(self) -> Store:
        return self.store

    def seen(self) -> Store:
        return self.store

    async def closed(self, store: Store) -> None:
        del store

    async def found(self, made: Schedule, people: Mapping[str, Sequence[Attendee]]) -> None:
        async with self.store.write_transaction() as work:
            await work.conferences.save(made)
            for attendees in people.values():
                for attendee in attendees:
                    work.communities.data.communities[attendee.community.id] = attendee.community
                    work.people.data.attendees[attendee.id] = attendee
            work.people.data.last_id = max(attendee.id for some in people.values() for attendee in some)


@dataclass(frozen=True, slots=True)
class Mistake:
    """One that is made on purpose, to see that it is found."""

    messenger: type[PacedMessenger] = PacedMessenger
    spoil: Callable[[Any], Any] = lambda work: work


@dataclass(eq=False, slots=True)
class Announcer(Process):
    """A process that broadcasts too."""

    announcements: AnnouncementSender = field(init=False)
    announcement_loop: JobLoop = field(init=False)
    announcement_timer: VirtualTimer = field(init=False)

    def __post_init__(self) -> None:
        Process.__post_init__(self)
        schedules, standings = ScheduleCache(ByCode), PermissionChecker(self.store, self.messengers)
        self.announcements = AnnouncementSender(
            self.store, self.clock, schedules, standings, self.scopes, self.delivery_loop.wake, LEASE
        )
        self.announcement_timer = VirtualTimer(self.clock)
        self.announcement_loop = JobLoop(self.announcements, self.clock, self.announcement_timer)
        commands = all_commands()
        self.dispatch = Dispatcher(self.store, self.clock, schedules, commands, self.notify, messengers=self.messengers)

    def boot(self) -> None:
        self.announcement_timer.wake = self.announcement_loop.wake
        self.within(self.announcement_loop.run())
        Process.boot(self)

    def bury(self) -> None:
        """Nothing of it goes on."""
        for timer in (self.timer, self.announcement_timer):
            if timer.handle:
                timer.handle.cancel()


@dataclass(frozen=True, slots=True)
class Plan:
    """How many people there are, and what happens to the broadcast; each at a share of it."""

    people: int = 5_000
    nudged: int = 200
    refused: float = 0.03
    stuck: float = 0.01
    deaths: int = 2
    storms: int = 1
    pauses: int = 1
    midway: bool = False
    """It is recalled while it goes out, not when it is out."""
    together: bool = False
    """Two processes instead of one that is started again."""


@dataclass(slots=True)
class Tale:
    """What was seen of one announcement: the report before the recall and after it."""

    number: int = 0
    before: Sequence[Delivery] = ()
    after: Sequence[Delivery] = ()
    before_text: str = ""
    after_text: str = ""
    before_file: Counter[str] = field(default_factory=Counter)
    after_file: Counter[str] = field(default_factory=Counter)
    announcement: Announcement | None = None
    preview: str = ""


@dataclass(slots=True)
class Crowd:
    """One broadcast. `mistake` is planted in every process."""

    seed: int
    kind: Kind
    plan: Plan
    loop: Any
    base: Base
    mistake: Mistake = field(default_factory=Mistake)
    clock: SimulatedClock = field(init=False)
    platform: PacedPlatform = field(init=False)
    rng: Random = field(init=False)
    people: list[Attendee] = field(default_factory=list)
    processes: list[Announcer] = field(default_factory=list)
    nudges: list[Nudge] = field(default_factory=list)
    deaths: list[float] = field(default_factory=list)
    paused: list[tuple[float, float]] = field(default_factory=list)
    breaches: list[str] = field(default_factory=list)
    trace: list[str] = field(default_factory=list)
    tale: Tale = field(default_factory=Tale)
    born: int = 0
    over: bool = False

    def __post_init__(self) -> None:
        self.rng = Random(f"{self.seed}/{self.kind.name}")
        self.clock = SimulatedClock(self.loop)
        community = Community(1, self.kind.name, "crowd", CONFERENCE)
        agreed = OPENS - timedelta(days=30)
        self.people = [
            Attendee(number, community, f"user{number}", agreed_at=agreed, announcements=agreed)
            for number in range(10, 10 + self.plan.people)
        ]
        users = [attendee.user for attendee in self.people]
        closed = set(self.rng.sample(users, round(self.plan.refused * len(users))))
        stuck = set(self.rng.sample(users, round(self.plan.stuck * len(users))))
        self.platform = PacedPlatform(self.kind, Random(self.rng.random()), closed, stuck)

    @property
    def moment(self) -> float:
        """Seconds since it began."""
        return self.loop.time()  # type: ignore[no-any-return]  # a loop's seconds

    @property
    def users(self) -> Mapping[int, str]:
        """By the ids of the attendees."""
        return {attendee.id: attendee.user for attendee in self.people}

    # The day.

    async def live(self) -> None:
        """From the first process to the end of the recall."""
        await self._found()
        self._boot()
        if self.plan.together:
            self._boot()
        await self._announce()
        for share, event in self._events():
            await self._until(lambda share=share: self._share_reached() >= share)  # type: ignore[misc]  # bound now
            await event()
        if self.plan.midway:
            await self._until(lambda: self._share_reached() >= MIDWAY)
        else:
            await self._until_over()
            await self._look(before=True)
        await self._say("announce", {"action": "recall", "number": str(self.tale.number)})
        some = self.rng.uniform(0.2, 0.8) * self.platform.taken[ANNOUNCEMENT]
        await self._until(lambda: self.platform.taken["delete"] >= some)
        if self.plan.deaths:
            await self._kill()
        await self._until_over()
        await asyncio.sleep(200)
        await self._until_over()
        await self._look(before=False)

    async def end(self) -> None:
        """Nobody is left."""
        self.over = True
        for process in self.processes:
            process.bury()
            process.mortal.die()
            await self.base.closed(process.store.inner)
        await self.base.closed(self.base.seen())

    def _events(self) -> list[tuple[float, Callable[[], Awaitable[None]]]]:
        """In an order of their own, each when a share of the crowd was told."""
        plan = self.plan
        events = [*[self._pause] * plan.pauses, *[self._storm] * plan.storms, *[self._kill] * plan.deaths]
        self.rng.shuffle(events)
        shares = sorted(self.rng.uniform(0.08, 0.8) for _ in events)
        return list(zip(shares, events, strict=True))

    def _share_reached(self) -> float:
        reached = len(self.people) - len(self.platform.closed)
        return self.platform.taken[ANNOUNCEMENT] / reached

    async def _found(self) -> None:
        made = self._schedule()
        nudged = self.rng.sample(self.people, self.plan.nudged)
        await self.base.found(made, {"crowd": self.people})
        async with self.base.seen().write_transaction() as work:
            for attendee in nudged:
                await work.attendances.put(attendee.id, CONFERENCE, Attendance(self.rng.choice(("s0", "s1"))))
            await replan_affected(work, made, None, self.clock.now())
            for attendee in nudged:
                owed = await work.deliveries.of_attendee(attendee.id)
                self.nudges += [one.nudge for one in owed if one.nudge.kind is NudgeKind.LEAVE_BY]

    def _schedule(self) -> Schedule:
        """Two sessions; to leave for them is due while it goes out."""
        long = self.plan.people / min(self.kind.lane(self.people[0].community).a_second, 80)
        venues = (VENETIAN, FORUM, MGM, NOWHERE)
        conference = Conference(CONFERENCE, "Simulated", "America/Los_Angeles", revision=1)
        probe = Schedule(conference, venues, (), (session("S0", OPENS + timedelta(hours=3), FORUM),))
        planned = plan_nudges(self.people[0], [Attendance("s0")], probe, OPENS)
        ahead = next(
            OPENS + timedelta(hours=3) - planned_nudge.due_at
            for planned_nudge in planned
            if planned_nudge.kind is NudgeKind.LEAVE_BY
        )
        dues = [OPENS + timedelta(seconds=self.rng.uniform(0.1, 1.2) * long) for _ in range(2)]
        sessions = [session(f"S{number}", due + ahead, FORUM, minutes=30) for number, due in enumerate(dues)]
        return replace(probe, sessions=tuple(sessions))

    async def _announce(self) -> None:
        words = {"text": "The walkway is closed", "to": "everyone", "by": "dm"}
        reply = await self._say("announce", words)
        self.tale.preview = plain_text(reply)
        (confirm,) = [button for button in reply.buttons if button.label == "Confirm"]
        self.tale.number = int(confirm.arguments["number"])
        await self._press(confirm)

    async def _storm(self) -> None:
        self.platform.spells.append(Spell("", STORM, self.moment, self.moment + self.rng.uniform(15, 45)))
        await asyncio.sleep(0)

    async def _pause(self) -> None:
        """For a while nobody is told anything more, but whoever has to leave."""
        number = str(self.tale.number)
        await self._say("announce", {"action": "pause", "number": number})
        begins = self.moment + GRACE
        await self._sleep(GRACE + self.rng.uniform(10, 60))
        self.paused.append((begins, self.moment))
        await self._say("announce", {"action": "resume", "number": number})

    async def _kill(self) -> None:
        """Somebody dies between any two steps of the next ones; it is looked after as a service manager does."""
        alive = [process for process in self.processes if not process.mortal.dead]
        if alive:
            mortal = self.rng.choice(alive).mortal
            mortal.dies_at = mortal.steps + self.rng.randrange(1, 80)
            await self._until(lambda: mortal.dead)

    # Processes.

    def _boot(self) -> None:
        self.born += 1
        rng = Random(f"{self.seed}/{self.born}")
        mortal = Mortal(on_death=self._died)
        gate = Gate(self.base.opened(), mortal, Weather(()), rng, lambda: None, self.mistake.spoil)
        leases = LeaseManager(f"p{self.born}", (self.kind.name,)) if self.plan.together else None
        messenger = self.mistake.messenger(self.platform, mortal)
        if leases:
            messenger.owns = leases.owns
        scopes = [DeliveryFilter(self.kind.name)]
        process = Announcer(
            mortal,
            gate,
            self.clock,
            {self.kind.name: messenger},
            scopes,
            rng,
            self._ring,
            VirtualTimer(self.clock),
            leases,
        )
        self.processes.append(process)
        process.boot()

    def _ring(self) -> None:
        """What the database tells everybody."""
        for process in self.processes:
            if not process.mortal.dead:
                process.delivery_loop.wake()
                process.announcement_loop.wake()

    def _died(self) -> None:
        if not self.over:
            self.deaths.append(self.moment)

    async def _watch_over(self) -> None:
        for process in [process for process in self.processes if process.mortal.dead]:
            self.processes.remove(process)
            process.bury()
            await self.base.closed(process.store.inner)
            self.loop.call_later(self.rng.choice((1.0, 3.0, 12.0)), self._boot)

    async def _until(self, done: Callable[[], bool]) -> None:
        while not done():
            if self.moment > PATIENCE + 2 * self.plan.people:
                self.breach("it is not over")
            if self.breaches:
                raise OverError
            await asyncio.sleep(LOOKS)
            await self._watch_over()

    async def _sleep(self, seconds: float) -> None:
        until = self.moment + seconds
        await self._until(lambda: self.moment >= until)

    async def _until_over(self) -> None:
        """Until nothing is left to do about it."""
        while not await self._is_over():
            await self._sleep(5)

    async def _is_over(self) -> bool:
        async with self.base.seen().read_transaction() as work:
            self.tale.announcement = await work.announcements.get(self.tale.number)
            wakes = await work.announcements.next_due([DeliveryFilter(self.kind.name)])
        return bool(
            self.tale.announcement
            and self.tale.announcement.stage in OVER
            and not self.tale.announcement.job
            and wakes is None
        )

    # What people say.

    async def _say(self, command: str, arguments: Mapping[str, str], seen: int | None = None) -> Reply:
        """Until somebody answers who lives to tell."""
        while True:
            await self._until(lambda: any(not candidate.mortal.dead for candidate in self.processes))
            process = next(candidate for candidate in self.processes if not candidate.mortal.dead)
            request = Request(self.kind.name, "crowd", AUTHOR, command, arguments=arguments, seen=seen, organizer=True)
            answering = process.within(process.handle(request))
            await self._until(lambda answering=answering: answering.done())  # type: ignore[misc]  # bound now
            if not answering.cancelled() and answering.exception() is None:
                return answering.result()  # type: ignore[no-any-return]  # a reply

    async def _press(self, button: Button) -> Reply:
        return await self._say(button.command, button.arguments, button.seen)

    async def _look(self, *, before: bool) -> None:
        """Read the report as its author does, and as it is stored."""
        reply = await self._say("announce", {"action": "report", "number": str(self.tale.number)})
        async with self.base.seen().read_transaction() as work:
            rows = await work.announcement_deliveries.next_page(self.tale.number, 0, 10 * len(self.people))
        states = Counter(line.split(",")[2] for line in reply.files[0].content.splitlines()[1:])
        if before:
            self.tale.before, self.tale.before_text, self.tale.before_file = rows, plain_text(reply), states
            if "has been sent" not in self.platform.progress:
                self.breach(f"its author is told: {self.platform.progress}")
        else:
            self.tale.after, self.tale.after_text, self.tale.after_file = rows, plain_text(reply), states

    def breach(self, what: str) -> None:
        """Something that was promised does not hold."""
        self.breaches.append(f"{self.moment:.3f} s: {what}")

    def logged(self, _: object, level: str, event: Any) -> Any:
        """A processor of structlog: what the living call an error is one."""
        mortal = MORTAL.get()
        if not (mortal and mortal.dead):
            self.breach(f"{level}: {event}")
        raise structlog.DropEvent


class OverError(Exception):
    """A breach ends the day."""


def lived(seed: int, kind: Kind, plan: Plan, mistake: Mistake | None = None) -> Crowd:
    """One broadcast on a memory store; the same seed gives the same one."""
    loop = simulation_loop()
    return ended(Crowd(seed, kind, plan, loop, MemoryBase(), mistake or Mistake()))


def ended(crowd: Crowd) -> Crowd:
    """The crowd when all is over."""
    loop, configured = crowd.loop, structlog.get_config()
    try:
        errors = structlog.make_filtering_bound_logger(logging.ERROR)
        structlog.configure(processors=[crowd.logged], wrapper_class=errors)
        loop.run_until_complete(_lived(crowd))
    finally:
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(asyncio.sleep(0))
        loop.run_until_complete(asyncio.sleep(0))
        loop.close()
        structlog.configure(**configured)
    return crowd


async def _lived(crowd: Crowd) -> None:
    try:
        await crowd.live()
        judge(crowd)
    except OverError:
        pass
    await crowd.end()
