"""One suite for every store: counted walks, and whose they are without saying who it was."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.app.ports import Promise, Store
from bot.domain.attendee.attendee import Attendee
from bot.domain.walks.publishing import LegState
from bot.domain.walks.voice import Voice, voice_name
from bot.domain.walks.walk import BINS, Batch, Cells, Walk, WalkedLeg, WalkOutcome
from tests.builders import at, schedule

SLUG = schedule().conference.slug
DAY = at(9).date()
LEG, OTHER = WalkedLeg("Venetian", "Wynn"), WalkedLeg("Venetian", "Forum")


def walk(half: int, leg: WalkedLeg = LEG, outcome: WalkOutcome = WalkOutcome.ARRIVED, *, peak: bool = False) -> Walk:
    return Walk(Batch(leg, DAY, peak, outcome), half)


def counted(*walks: Walk) -> Cells:
    cells: Cells = {}
    for batch, half in walks:
        cells.setdefault(batch, [0] * BINS)[half] += 1
    return cells


@pytest.fixture(autouse=True)
async def conference(store: Store) -> None:
    async with store.write_transaction() as work:
        await work.conferences.save(schedule())


async def record(store: Store, user: str, tapped: Walk) -> Voice | None:
    async with store.write_transaction() as work:
        return await work.walks.record(SLUG, "console", user, tapped)


async def cells(store: Store) -> Cells:
    async with store.read_transaction() as work:
        return {batch: counts for batch, counts in (await work.walks.cells(SLUG)).items() if any(counts)}


async def test_walks_are_counted_by_leg_day_crowd_outcome_and_half_minute(store: Store) -> None:
    taps = [walk(40), walk(40), walk(41), walk(40, OTHER), walk(40, peak=True), walk(50, outcome=WalkOutcome.NOT_YET)]
    for number, tap in enumerate(taps):
        assert await record(store, f"user {number}", tap) is None
    assert await cells(store) == counted(*taps)


async def test_a_person_counts_once_on_a_leg_by_the_median_of_their_walks(store: Store) -> None:
    await record(store, "ann", walk(40))
    before = await record(store, "ann", walk(60))
    assert before == Voice.first(walk(40))
    await record(store, "ann", walk(50))
    assert await cells(store) == counted(walk(50))


async def test_people_are_counted_on_a_leg_and_in_all_until_they_are_published(store: Store) -> None:
    for user, tap in (("ann", walk(40)), ("ann", walk(30, OTHER)), ("bob", walk(44))):
        await record(store, user, tap)
    async with store.write_transaction() as work:
        assert await work.walks.states(SLUG) == {LEG: LegState(2, 2), OTHER: LegState(1, 1)}
        assert await work.walks.waiting() == {SLUG: 2}
        await work.walks.mark_published(SLUG, [LEG])
        assert await work.walks.states(SLUG) == {LEG: LegState(2, 0), OTHER: LegState(1, 1)}
        assert await work.walks.waiting() == {SLUG: 0}
    await record(store, "bob", walk(50))
    await record(store, "bob", walk(52))
    async with store.read_transaction() as work:
        assert await work.walks.states(SLUG) == {LEG: LegState(2, 1), OTHER: LegState(1, 1)}
        assert await work.walks.waiting() == {SLUG: 1}


async def test_whoever_is_forgotten_takes_their_walks_along(store: Store) -> None:
    async with store.write_transaction() as work:
        ann = await work.people.join("console", "there", "ann")
        assert isinstance(ann, Attendee)
    for user, tap in (("ann", walk(40)), ("ann", walk(30, OTHER)), ("bob", walk(44))):
        await record(store, user, tap)
    async with store.write_transaction() as work:
        await work.people.forget(ann)
    assert await cells(store) == counted(walk(44))
    async with store.read_transaction() as work:
        assert await work.walks.states(SLUG) == {LEG: LegState(1, 1)}
        assert await work.walks.waiting() == {SLUG: 1}


async def test_somebody_else_of_the_same_name_on_another_platform_keeps_theirs(store: Store) -> None:
    await record(store, "ann", walk(40))
    async with store.write_transaction() as work:
        await work.walks.forget("slack", "ann")
    assert await cells(store) == counted(walk(40))


async def test_when_the_key_is_deleted_the_counts_stay_and_belong_to_nobody(store: Store) -> None:
    await record(store, "ann", walk(40))
    async with store.write_transaction() as work:
        assert await work.walks.close(SLUG)
        assert not await work.walks.close(SLUG)
        await work.walks.forget("console", "ann")
        assert await work.walks.states(SLUG) == {}
    assert await cells(store) == counted(walk(40))


async def test_walks_go_with_their_conference(store: Store) -> None:
    await record(store, "ann", walk(40))
    async with store.write_transaction() as work:
        await work.walks.count(SLUG, Promise(LEG, at(9), followed=1, minutes=28))
        await work.conferences.delete(SLUG)
        await work.conferences.save(schedule())
        assert await work.walks.cells(SLUG) == {}
        assert await work.walks.promises(SLUG) == []
        assert await work.walks.waiting() == {}


async def test_promises_add_up_by_leg_and_hour(store: Store) -> None:
    later = Promise(LEG, at(9) + timedelta(hours=1), followed=1, minutes=30)
    async with store.write_transaction() as work:
        await work.walks.count(SLUG, later)
        await work.walks.count(SLUG, Promise(LEG, at(9), followed=1, minutes=28))
        await work.walks.count(SLUG, Promise(LEG, at(9), arrived=1))
        await work.walks.count(SLUG, Promise(LEG, at(9), late=1))
        await work.walks.count(SLUG, Promise(OTHER, at(9), followed=1, minutes=12))
        assert await work.walks.promises(SLUG) == [
            Promise(OTHER, at(9), followed=1, minutes=12),
            Promise(LEG, at(9), followed=1, arrived=1, late=1, minutes=28),
            later,
        ]


def test_the_hash_differs_by_key_person_and_leg() -> None:
    one = voice_name("ab" * 32, "slack", "ann", LEG)
    others = [
        voice_name("cd" * 32, "slack", "ann", LEG),
        voice_name("ab" * 32, "discord", "ann", LEG),
        voice_name("ab" * 32, "slack", "bob", LEG),
        voice_name("ab" * 32, "slack", "ann", OTHER),
        voice_name("ab" * 32, "slack", "ann", None),
    ]
    assert len({one, *others}) == 6
    assert len(one) == 64


def test_promises_of_two_hours_are_those_of_the_first() -> None:
    first = Promise(LEG, at(9), followed=2, minutes=50)
    assert first + replace(first, hour=at(10), late=1) == Promise(LEG, at(9), followed=4, late=1, minutes=100)
