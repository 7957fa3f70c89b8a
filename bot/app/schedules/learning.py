"""The job that learns walking times from counted walks, and publishes them as ways of the conference."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from bot.app.ports import Clock, Promise, Store, UnitOfWork
from bot.app.schedules.replanning import replan_affected
from bot.domain.schedule.conference import Schedule
from bot.domain.times.zones import day_of
from bot.domain.walks.group import fit
from bot.domain.walks.learned_ways import priors, publishable, with_learned
from bot.domain.walks.level import adapted_level
from bot.domain.walks.publishing import FEWEST_PEOPLE, LegState, Published, publish, published_crowd
from bot.domain.walks.walk import Cells, WalkedLeg

INTERVAL = timedelta(minutes=5)
"""How often walks are looked at: a few more people then change what is published, which protects all of them."""
KEY_ENDS_AFTER = timedelta(days=1)
"""The key of a conference is deleted so long after its last session."""


@dataclass(slots=True)
class WalkLearningJob:
    """`BackgroundJob`. `on_change` is called when a plan has changed. Several processes may run it at once."""

    store: Store
    clock: Clock
    on_change: Callable[[], None]
    _next: datetime | None = None
    _stopping: asyncio.Event = field(default_factory=asyncio.Event)

    async def run_due(self) -> int:
        """Publish what may be published; return for how many conferences that was so."""
        now = self.clock.now()
        # A rehearsal may set its clock back.
        if self._stopping.is_set() or (self._next is not None and self._next - INTERVAL <= now < self._next):
            return 0
        self._next = now + INTERVAL
        async with self.store.read_transaction() as work:
            waiting = await work.walks.waiting()
        done = 0
        for slug, people in waiting.items():
            async with self.store.write_transaction() as work:
                done += await learn(work, slug, now, enough=people >= FEWEST_PEOPLE)
        if done:
            self.on_change()
        return done

    async def next_due(self) -> datetime | None:
        """When the walks are looked at next."""
        return self._next

    def stop(self) -> None:
        """Begin nothing more."""
        self._stopping.set()


@dataclass(frozen=True, slots=True)
class RehearsedLearning:
    """The job in a rehearsal: due only when enough people walked, so that it does not stop the clock for nothing."""

    job: WalkLearningJob

    async def run_due(self) -> int:
        """Publish what may be published; return for how many conferences that was so."""
        return await self.job.run_due()

    async def next_due(self) -> datetime | None:
        """When the walks are looked at next; None while too few people walked since the last time."""
        async with self.job.store.read_transaction() as work:
            waiting = await work.walks.waiting()
        return await self.job.next_due() if max(waiting.values(), default=0) >= FEWEST_PEOPLE else None

    def stop(self) -> None:
        """Begin nothing more."""
        self.job.stop()


async def learn(work: UnitOfWork, slug: str, now: datetime, *, enough: bool) -> bool:
    """Publish the learned ways of a conference, and delete its key once it is over; return whether any has changed.

    Args:
        enough: whether enough people walked since something was published. It is looked up again in this transaction.
    """
    schedule = await work.conferences.load(slug)
    if schedule is None:
        return False
    last = max((session.ends_at for session in schedule.sessions), default=now)
    if now >= last + KEY_ENDS_AFTER:
        await work.walks.close(slug)
        return False
    people = (await work.walks.waiting()).get(slug, 0) if enough else 0
    if people < FEWEST_PEOPLE:
        return False
    cells, states = await work.walks.cells(slug), await work.walks.states(slug)
    promises = await work.walks.promises(slug)
    new, crowd = await asyncio.to_thread(_learned, schedule, cells, states, promises, people)
    walked = [leg for leg in new if states.get(leg, LegState()).people >= FEWEST_PEOPLE]
    await work.walks.mark_published(slug, walked)
    ways = with_learned(schedule, new, day_of(now, schedule.conference.tz))
    conference = replace(schedule.conference, crowd=crowd)
    return await _save(work, schedule, replace(schedule, conference=conference, ways=ways), now)


def _learned(
    schedule: Schedule,
    cells: Cells,
    states: Mapping[WalkedLeg, LegState],
    promises: Iterable[Promise],
    people: int,
) -> tuple[dict[WalkedLeg, Published], float]:
    before = priors(schedule)
    group = fit(cells, before)
    own = {leg: state.people for leg, state in states.items() if state.people >= FEWEST_PEOPLE}
    legs = {leg: states.get(leg, LegState()) for leg in publishable({**before, **states}, schedule, own)}
    return publish(group, legs, changed=people, levels=_levels(schedule, promises)), published_crowd(group, cells)


def _levels(schedule: Schedule, promises: Iterable[Promise]) -> dict[WalkedLeg, float]:
    """The percentile of each leg that keeps the promise, by the days so far."""
    days: dict[WalkedLeg, dict[date, Promise]] = {}
    for promise in promises:
        by_day, day = days.setdefault(promise.leg, {}), day_of(promise.hour, schedule.conference.tz)
        by_day[day] = by_day[day] + promise if day in by_day else promise
    return {
        leg: adapted_level((one.arrived + one.late, one.arrived) for one in map(by_day.__getitem__, sorted(by_day)))
        for leg, by_day in days.items()
    }


async def _save(work: UnitOfWork, old: Schedule, new: Schedule, now: datetime) -> bool:
    """Store the ways, and plan again for people whose way to a session takes a different time now."""
    changed, is_slower = set(new.ways) - set(old.ways), new.conference.crowd != old.conference.crowd
    if not changed and not is_slower:
        return False
    conference = replace(new.conference, revision=new.conference.revision + 1)
    new = replace(new, conference=conference)
    await work.conferences.save(new, old)
    targets = {way.target for way in changed}
    coming = [one.id for one in new.sessions if one.starts_at > now and (is_slower or one.venue in targets)]
    if coming:
        await replan_affected(work, new, coming, now)
    return True
