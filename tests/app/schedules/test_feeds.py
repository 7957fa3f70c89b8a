"""The desk: one look at a time, once for each copy, later and later for what fails."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.app.ports import Store
from bot.app.schedules.feeds import FeedPollJob, FeedService
from bot.domain.errors import FetchError, ScheduleImportError
from bot.domain.imports.feed import Feed, Health
from bot.domain.nudges.nudge import NudgeKind
from bot.domain.schedule.session import SessionState
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
    assert await desk.look_at_due() == 1
    assert await desk.look_at_due() == 0
    for minutes in (10, 20):
        clock.move_to(at(8, minutes))
        assert await desk.look_at_due() == 1
    assert (press.parsed, len(press.fetched)) == (1, 3)
    assert (await kept(store)).fresh_at == at(8, 20)
    press.tagged = False
    for minutes in (30, 40):
        clock.move_to(at(8, minutes))
        await desk.look_at_due()
    assert press.parsed == 1
    assert await FeedPollJob(desk).next_due() == at(8, 50)


async def test_two_processes_that_refresh_one_feed_apply_it_once(store: Store) -> None:
    desk, press, clock = await followed(store)
    press.publish(ARC, MOVED, DAT, KEY)
    others = [desk_of(store, press, clock) for _ in range(3)]
    looked = await asyncio.gather(*(each.look_at_due() for each in (desk, *others)))
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
    first = asyncio.create_task(replace(slow, fetch=fetch).look_at_due())  # type: ignore[arg-type]  # a slow one
    await fetching.wait()
    clock.move_to(at(8) + LEASE)
    assert await slow.look_at_due() == 1
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
    await desk.look_at_due()
    failing = await kept(store)
    assert (failing.fault, failing.failures, failing.due_at) == ("cloud.example is out of order (503).", 1, at(8, 7))
    assert (failing.etag, failing.fresh_at) == ("", None)
    clock.move_to(at(8, 7))
    await desk.look_at_due()
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
        await work.feeds.save(replace(FEED, organizers=(olga.id,)))
    assert await desk.look_at_due() == 1
    held = await kept(store)
    assert (held.health, held.held) == (Health.HELD, "This import would remove 5 of 5 sessions")
    async with store.read_transaction() as work:
        made, (asked,) = await work.conferences.load("cloud21"), await work.deliveries.of(olga.id)
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
    await desk.look_at_due()
    assert (await kept(store)).held == "This import would remove 1 of 1 sessions"
