"""The desk: one look at a time, once for each copy, later and later for what fails."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Any, cast

import pytest

from bot.app.ports import Copy, Store, Validators
from bot.app.schedules.feeds import FeedPollJob, FeedService
from bot.domain.errors import FetchError, ScheduleImportError, StoreError
from bot.domain.imports.draft import Draft
from bot.domain.imports.feed import LONGEST_REASON, Feed, Health, readable
from bot.domain.nudges.nudge import NudgeKind
from bot.domain.schedule.session import SessionState
from bot.domain.times.zones import QuietHours
from tests.builders import ARC, DAT, KEY, SEC, SESSIONS, at, schedule
from tests.fakes.app_harness import LEASE, FrozenClock
from tests.fakes.fetcher import FakeFetcher

FEED = Feed("cloud21", "https://cloud.example/schedule.json", at(8))
MOVED = replace(SEC, starts_at=at(12), ends_at=at(13))


async def followed(store: Store, feed: Feed = FEED) -> tuple[FeedService, FakeFetcher, FrozenClock]:
    """A desk with a feed that is due."""
    press, clock = FakeFetcher(), FrozenClock()
    press.publish(*SESSIONS)
    async with store.write_transaction() as work:
        await work.conferences.save(schedule())
        await work.feeds.save(feed)
    return desk_of(store, press, clock), press, clock


def desk_of(store: Store, press: FakeFetcher, clock: FrozenClock) -> FeedService:
    return FeedService(store, clock, press.fetch, press.parse, lambda: 0.5, lambda: None, LEASE)


async def kept(store: Store) -> Feed:
    async with store.read_transaction() as work:
        feed = await work.feeds.get("cloud21")
        assert feed
        return feed


async def revision(store: Store) -> int:
    async with store.read_transaction() as work:
        conference = await work.conferences.get("cloud21")
        assert conference
        return conference.revision


async def test_an_answer_that_nothing_is_new_costs_no_parse(store: Store) -> None:
    desk, press, clock = await followed(store)
    assert await desk.poll_due() == 1
    assert await desk.poll_due() == 0
    for minutes in (10, 20):
        clock.move_to(at(8, minutes))
        assert await desk.poll_due() == 1
    assert (press.parsed, len(press.fetched)) == (1, 3)
    assert (await kept(store)).fresh_at == at(8, 20)
    press.tagged = False
    for minutes in (30, 40):
        clock.move_to(at(8, minutes))
        await desk.poll_due()
    assert press.parsed == 1
    assert await FeedPollJob(desk).next_due() == at(8, 50)


async def test_two_processes_that_refresh_one_feed_apply_it_once(store: Store) -> None:
    desk, press, clock = await followed(store)
    press.publish(ARC, MOVED, DAT, KEY)
    others = [desk_of(store, press, clock) for _ in range(3)]
    looked = await asyncio.gather(*(each.poll_due() for each in (desk, *others)))
    assert sum(looked) == 1
    assert (await revision(store), press.parsed) == (2, 1)


async def test_who_lost_the_lease_changes_nothing(store: Store) -> None:
    slow, press, clock = await followed(store)
    gate, fetching = asyncio.Event(), asyncio.Event()

    async def fetch(*known: object) -> object:
        fetching.set()
        await gate.wait()
        return await press.fetch(*known)  # type: ignore[arg-type]  # as it was asked

    press.publish(ARC, MOVED, DAT, KEY)
    first = asyncio.create_task(replace(slow, fetch=fetch).poll_due())  # type: ignore[arg-type]  # a slow one
    await fetching.wait()
    clock.move_to(at(8) + LEASE)
    assert await slow.poll_due() == 1
    before = await kept(store)
    press.publish(ARC)
    gate.set()
    assert await first == 1
    assert await kept(store) == before
    assert await revision(store) == 2


async def test_what_fails_is_tried_later_and_later_and_then_paused() -> None:
    feed, now = FEED, at(8)
    waits = []
    for _ in range(8):
        feed = feed.failed(now, 1.0, "out of order")
        waits.append(int((feed.due_at - now).total_seconds() // 60))
        now = feed.due_at
    assert waits == [1, 2, 4, 8, 16, 60, 60, 60]
    assert feed.health is Health.PAUSED
    assert feed.unchanged(now, 0.5).health is Health.WELL
    assert FEED.failed(at(8), 0.0, "x").due_at == at(8) + timedelta(seconds=48)
    assert FEED.failed(at(8), 0.5, "x", timedelta(hours=2)).due_at == at(10)
    assert FEED.failed(at(8), 0.5, "x", timedelta(days=9)).due_at == at(8, day=30)
    assert FEED.health is Health.NEW


@pytest.mark.parametrize("roll, due", [(0.0, at(8, 9)), (0.5, at(8, 10)), (1.0, at(8, 11))])
def test_looks_are_spread(roll: float, due: datetime) -> None:
    assert FEED.unchanged(at(8), roll).due_at == due


async def test_a_fault_is_kept_and_the_copy_is_asked_for_again(store: Store) -> None:
    desk, press, clock = await followed(store)
    press.faults = [FetchError("cloud.example is out of order (503).", timedelta(minutes=7))]
    await desk.poll_due()
    failing = await kept(store)
    assert (failing.fault, failing.failures, failing.due_at) == ("cloud.example is out of order (503).", 1, at(8, 7))
    assert (failing.etag, failing.fresh_at) == ("", None)
    clock.move_to(at(8, 7))
    await desk.poll_due()
    assert (await kept(store)).health is Health.WELL


async def test_a_held_copy_waits_and_nothing_is_lost(store: Store) -> None:
    desk, press, _ = await followed(store)
    press.publish(ARC, KEY)
    result = await desk.refresh("cloud21", 0)
    assert result.feed.held == "This import would remove 3 of 5 sessions"
    assert await revision(store) == 1
    assert [each.code for each in (await desk.compare("cloud21")).difference.removed] == [
        "SEC203",
        "DAT310",
        "DAT310-R",
    ]
    async with store.read_transaction() as work:
        assert await work.held_copies.get("cloud21") == b"2"
    assert (await desk.apply("cloud21")).feed.health is Health.WELL
    assert await revision(store) == 2
    async with store.read_transaction() as work:
        assert await work.held_copies.get("cloud21") is None


def test_the_name_of_a_feed_is_the_last_part_of_its_address() -> None:
    names = [replace(FEED, url=url).name for url in ("https://a.b/c/d.ics?x=/y", "https://a.b/", "https://a.b")]
    assert names == ["d.ics", "a.b", "a.b"]


@pytest.mark.parametrize("silent", [False, True])
async def test_an_empty_feed_is_held_and_the_organizers_are_asked(store: Store, silent: bool) -> None:
    """Whether its server sends nothing, or a schedule in which there is nothing."""
    desk, press, clock = await followed(store)
    press.publish()
    press.silent = silent
    async with store.write_transaction() as work:
        olga = await work.people.join("console", "club", "olga")
        await work.people.save(replace(olga, agreed_at=at(7)))
        await work.feeds.save(replace(FEED, organizers=(olga.id,)))
    assert await desk.poll_due() == 1
    held = await kept(store)
    assert (held.health, held.held) == (Health.HELD, "This import would remove 5 of 5 sessions")
    async with store.read_transaction() as work:
        made, (asked,) = await work.conferences.load("cloud21"), await work.deliveries.of_attendee(olga.id)
    assert (made, asked.nudge.kind) == (schedule(), NudgeKind.SCHEDULE_HELD)
    assert len((await desk.compare("cloud21")).difference.removed) == 5
    clock.move_to(at(8, 1))
    assert (await desk.apply("cloud21")).feed.health is Health.WELL
    async with store.read_transaction() as work:
        gone = await work.conferences.load("cloud21")
    assert gone is not None
    assert {session.state for session in gone.sessions} == {SessionState.UNLISTED}


async def test_a_new_feed_that_is_empty_is_refused(store: Store) -> None:
    press = FakeFetcher(silent=True)
    with pytest.raises(ScheduleImportError, match="no session could be read: there is none in it"):
        await desk_of(store, press, FrozenClock()).follow(replace(FEED, conference="other", zone="UTC"), 1)


async def test_even_the_only_session_is_not_lost_to_an_empty_feed(store: Store) -> None:
    desk, press, _ = await followed(store)
    async with store.write_transaction() as work:
        await work.conferences.save(schedule([ARC]))
    press.publish()
    await desk.poll_due()
    assert (await kept(store)).held == "This import would remove 1 of 1 sessions"


UNREADABLE = "The new version could not be read: it made Hallway fail. The log of Hallway says how."
BROKEN = [
    (ValueError("no such port"), UNREADABLE),
    (UnicodeEncodeError("utf-8", "\ud83d", 0, 1, "surrogates not allowed"), UNREADABLE),
    (RecursionError(), UNREADABLE),
    (MemoryError(), UNREADABLE),
    (KeyError("title"), UNREADABLE),
    (
        StoreError("The database /srv/hallway.db cannot be used."),
        "The new version could not be stored: the database refused it. The log of Hallway says why.",
    ),
    (ScheduleImportError("half \ud83d a\x00 character"), "half   a  character"),
]
IN_STORES = [("memory", *broken) for broken in BROKEN] + [(kind, *BROKEN[-1]) for kind in ("sqlite", "postgresql")]
"""What the store gets of an error is its text: the one that is hard to store is tried in each of them."""


@pytest.mark.parametrize("place", ["fetch", "parse"])
@pytest.mark.parametrize(
    ("store", "error", "fault"),
    IN_STORES,
    ids=[f"{kind}-{type(error).__name__}" for kind, error, _ in IN_STORES],
    indirect=["store"],
)
async def test_whatever_breaks_is_a_failure_of_the_feed_and_the_others_are_polled(
    store: Store, place: str, error: Exception, fault: str
) -> None:
    desk, press, clock = await followed(store)
    await desk.poll_due()
    async with store.write_transaction() as work:
        await work.conferences.save(replace(schedule(), conference=replace(schedule().conference, slug="other")))
        await work.feeds.save(replace(FEED, conference="other", due_at=at(8, 10)))
    press.publish(ARC, MOVED, DAT, KEY)
    broken = [error]

    async def parse(data: bytes, name: str, format_name: str = "") -> Draft:
        if place == "parse" and broken:
            raise broken.pop()
        return await press.parse(data, name, format_name)

    if place == "fetch":
        press.faults = [error]
    clock.move_to(at(8, 10))
    assert await replace(desk, parse=parse).poll_due() == 2
    async with store.read_transaction() as work:
        feeds = sorted(await work.feeds.all(), key=lambda feed: feed.failures)
    assert [(feed.health, feed.fault, feed.due_at) for feed in feeds] == [
        (Health.WELL, "", at(8, 20)),
        (Health.FAILING, fault, at(8, 10) + timedelta(seconds=54)),
    ]


@dataclass(frozen=True)
class Delegate:
    """Behaves as `real`, except for its own fields."""

    real: Any

    def __getattr__(self, name: str) -> Any:
        return getattr(self.real, name)


@dataclass(frozen=True)
class RefusingConferences(Delegate):
    """Cannot store any schedule."""

    async def save(self, *_: object) -> None:
        raise StoreError("The database /srv/hallway.db cannot be used: value too long.")


@dataclass(frozen=True)
class RefusingStore(Delegate):
    """A store that refuses every schedule, and nothing else."""

    @asynccontextmanager
    async def write_transaction(self) -> AsyncIterator[Any]:
        async with self.real.write_transaction() as work:
            refusing = Delegate(work)
            object.__setattr__(refusing, "conferences", RefusingConferences(work.conferences))
            yield refusing


async def test_a_copy_that_the_database_refuses_leaves_the_last_good_one(store: Store) -> None:
    """For each way to take a copy: a poll, a refresh, an organizer who applies it, and a new address."""
    desk, press, clock = await followed(store)
    await desk.poll_due()
    press.publish(ARC, MOVED, DAT, KEY)
    refused, looks = replace(desk, store=cast("Store", RefusingStore(store))), []
    for minutes in (10, 20):
        clock.move_to(at(8, minutes))
        await refused.poll_due()
        looks.append(await kept(store))
    looks.append((await refused.refresh("cloud21", 0)).feed)
    press.publish(ARC)
    assert (await refused.refresh("cloud21", 0)).feed.health is Health.HELD
    looks.append((await refused.apply("cloud21")).feed)
    press.publish(ARC, MOVED, DAT, KEY)
    looks.append((await refused.follow(FEED, 0)).feed)
    fault = "The new version could not be stored: the database refused it. The log of Hallway says why."
    assert [(feed.failures, feed.fault, feed.fresh_at) for feed in looks] == [
        (1, fault, at(8)),
        (2, fault, at(8)),
        (3, fault, at(8)),
        (1, fault, at(8)),
        (1, fault, None),
    ]
    async with store.read_transaction() as work:
        assert await work.conferences.load("cloud21") == schedule()
        assert await work.held_copies.get("cloud21") is not None


async def outage(
    store: Store, quiet: QuietHours | None = None, **consent: Any
) -> tuple[FeedService, FakeFetcher, FrozenClock, int]:
    """A feed that worked at 08:00 and fails from 08:10 on, with an organizer."""
    desk, press, clock = await followed(store)
    async with store.write_transaction() as work:
        olga = await work.people.join("console", "club", "olga")
        await work.people.save(replace(olga, quiet=quiet, **{"agreed_at": at(7), **consent}))
        await work.feeds.save(replace(FEED, organizers=(olga.id,)))
    await desk.poll_due()
    press.faults = [FetchError("cloud.example is out of order (503).")] * 20
    return desk, press, clock, olga.id


@pytest.mark.parametrize("consent", [{"agreed_at": None}, {"nudges_on": False}], ids=["never asked", "turned off"])
async def test_organizers_who_did_not_agree_to_direct_messages_get_none(store: Store, consent: dict[str, Any]) -> None:
    desk, press, clock, olga = await outage(store, **consent)
    await polled(desk, clock, store, 5)
    press.faults = []
    press.publish()
    await polled(desk, clock, store, 2)
    assert (await kept(store)).health is Health.HELD
    assert await owed(store, olga) == []


async def polled(desk: FeedService, clock: FrozenClock, store: Store, times: int) -> None:
    for _ in range(times):
        clock.move_to((await kept(store)).due_at)
        await desk.poll_due()


async def owed(store: Store, who: int) -> list[tuple[NudgeKind, datetime]]:
    async with store.read_transaction() as work:
        return [(each.nudge.kind, each.nudge.due_at) for each in await work.deliveries.of_attendee(who)]


async def test_organizers_hear_once_that_a_feed_fails_and_once_that_it_works_again(store: Store) -> None:
    desk, press, clock, olga = await outage(store)
    await polled(desk, clock, store, 2)
    assert await owed(store, olga) == []
    await polled(desk, clock, store, 5)
    failing = await kept(store)
    assert (failing.failing_at, failing.outage_at) == (at(8, 10), at(8, 12) + timedelta(seconds=42))
    press.faults = []
    await polled(desk, clock, store, 2)
    works_at = failing.due_at
    begun, over = await owed(store, olga)
    assert (begun, over) == (
        (NudgeKind.SCHEDULE_FAILING, failing.outage_at),
        (NudgeKind.SCHEDULE_RECOVERED, works_at),
    )
    well = await kept(store)
    assert (well.failures, well.fault, well.failing_at, well.outage_at) == (0, "", None, None)
    press.faults = [FetchError("again")] * 3
    await polled(desk, clock, store, 3)
    assert [kind for kind, _ in await owed(store, olga)] == [
        NudgeKind.SCHEDULE_FAILING,
        NudgeKind.SCHEDULE_RECOVERED,
        NudgeKind.SCHEDULE_FAILING,
    ]


async def test_a_short_failure_is_no_outage(store: Store) -> None:
    desk, press, clock, olga = await outage(store)
    press.faults = [FetchError("cloud.example is out of order (503).")] * 2
    await polled(desk, clock, store, 3)
    assert (await owed(store, olga), (await kept(store)).health) == ([], Health.WELL)


async def test_a_server_that_asks_for_an_hour_is_an_outage_at_once(store: Store) -> None:
    desk, press, clock, olga = await outage(store)
    press.faults = [FetchError("cloud.example asks for fewer requests (429).", timedelta(days=400))]
    await polled(desk, clock, store, 1)
    assert await owed(store, olga) == [(NudgeKind.SCHEDULE_FAILING, at(8, 10))]
    assert (await kept(store)).due_at == at(8, 10, day=30)


async def test_an_outage_in_quiet_hours_waits_and_the_one_who_looked_knows(store: Store) -> None:
    desk, _, clock, olga = await outage(store, QuietHours(time(7), time(10)))
    await polled(desk, clock, store, 3)
    assert await owed(store, olga) == [(NudgeKind.SCHEDULE_FAILING, at(10))]
    desk, _, clock, olga = await outage(store)
    for _ in range(4):
        clock.move_to(clock.now() + timedelta(minutes=20))
        await desk.refresh("cloud21", olga)
    assert [kind for kind, _ in await owed(store, olga)] == [NudgeKind.SCHEDULE_FAILING]


async def test_a_feed_that_hangs_does_not_delay_the_others(store: Store) -> None:
    desk, press, _ = await followed(store)
    hangs = asyncio.Event()

    async def fetch(url: str, known: Validators) -> Copy | None:
        if "slow" in url:
            await hangs.wait()
            raise FetchError("slow.example took longer than 30 s.")
        return await press.fetch(url, known)

    async with store.write_transaction() as work:
        for name in ("a", "b", "c"):
            await work.feeds.save(replace(FEED, conference=name, url="https://slow.example/", due_at=at(7)))
    polling = asyncio.create_task(replace(desk, fetch=fetch).poll_due())
    while (await kept(store)).checked_at is None:  # noqa: ASYNC110 — the store has no event to wait for
        await asyncio.sleep(0)
    hangs.set()
    assert await polling == 4
    assert (await kept(store)).health is Health.WELL


def test_a_reason_can_be_stored_and_shown() -> None:
    assert readable("a\x00b\ud83dc\nd\u202ee é 😀") == "a b c d e é 😀"
    long = readable("x" * 40_000)
    assert (len(long), long[-2:]) == (LONGEST_REASON, "x…")
