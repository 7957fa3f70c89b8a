"""One suite for every store: feeds, who looks at them, and what waits for somebody's word."""

import asyncio
from dataclasses import replace
from datetime import timedelta

from bot.app.ports import DeliveryState, Store
from bot.domain.imports.feed import Feed
from bot.domain.nudges.nudge import NudgeKind
from tests.builders import at, nudge

FEED = Feed("cloud21", "https://cloud.example/schedule.json", at(9), zone="America/Los_Angeles")
LEASE = timedelta(minutes=2)


async def saved(store: Store, *feeds: Feed) -> None:
    async with store.write_transaction() as work:
        for feed in feeds:
            await work.feeds.save(feed)


async def claimed(store: Store, hour: int, minute: int = 0, conference: str = "") -> Feed | None:
    now = at(hour, minute)
    async with store.write_transaction() as work:
        return await work.feeds.claim(now, now + LEASE, conference)


async def test_everything_about_a_feed_is_kept(store: Store) -> None:
    async with store.write_transaction() as work:
        club = await work.communities.add("console", "club")
    whole = Feed(
        "cloud21",
        "https://cloud.example/é.ics",
        at(9),
        "icalendar",
        "Europe/Berlin",
        5,
        club.id,
        (1, 2),
        '"etag"',
        "Mon, 29 Nov 2021 09:00:00 GMT",
        "d" * 64,
        at(8),
        at(7),
        at(6),
        "3 changed",
        2,
        "a fault",
        "held",
        at(8, 30),
        "l" * 24,
        "k" * 24,
    )
    await saved(store, FEED, whole, replace(FEED, conference="alpha"))
    async with store.read_transaction() as work:
        assert await work.feeds.get("cloud21") == replace(whole, lease=1)
        assert [feed.conference for feed in await work.feeds.all()] == ["alpha", "cloud21"]
        assert await work.feeds.get("other") is None


async def test_a_due_feed_is_claimed_once_until_its_lease_runs_out(store: Store) -> None:
    assert await claimed(store, 9) is None
    await saved(store, FEED, replace(FEED, conference="later", due_at=at(9, 1)))
    assert await claimed(store, 8, 59) is None
    first = await claimed(store, 9)
    assert first == replace(FEED, lease=1)
    assert await claimed(store, 9) is None
    async with store.read_transaction() as work:
        assert await work.feeds.next_due() == at(9, 1)
    assert (await claimed(store, 9, 1)) == Feed("later", FEED.url, at(9, 1), zone=FEED.zone, lease=1)
    again = await claimed(store, 9, 2)
    assert again == replace(FEED, lease=2)
    async with store.write_transaction() as work:
        assert not await work.feeds.release(first.unchanged(at(9, 2), 0.5))
        assert await work.feeds.release(again.unchanged(at(9, 2), 0.5))
        assert not await work.feeds.release(again)
    async with store.read_transaction() as work:
        feed = await work.feeds.get("cloud21")
        assert feed
        assert (feed.due_at, feed.fresh_at) == (at(9, 12), at(9, 2))


async def test_many_at_once_claim_a_feed_once(store: Store) -> None:
    await saved(store, FEED)
    claims = await asyncio.gather(*(claimed(store, 9) for _ in range(8)))
    assert [claim for claim in claims if claim] == [replace(FEED, lease=1)]


async def test_a_named_feed_is_claimed_before_it_is_due_and_a_new_address_ends_a_claim(store: Store) -> None:
    await saved(store, FEED)
    held = await claimed(store, 8, conference="cloud21")
    assert held
    await saved(store, replace(FEED, url="https://new.example/"))
    async with store.write_transaction() as work:
        assert not await work.feeds.release(held)
    assert await claimed(store, 8, conference="other") is None


async def test_a_copy_is_held_replaced_and_let_go(store: Store) -> None:
    async with store.write_transaction() as work:
        assert await work.held_copies.get("cloud21") is None
        for body in (b"one", b"\x00two\xff"):
            await work.held_copies.put("cloud21", body)
    async with store.write_transaction() as work:
        assert await work.held_copies.get("cloud21") == b"\x00two\xff"
        await work.held_copies.put("cloud21", None)
        await work.held_copies.put("cloud21", None)
        assert await work.held_copies.get("cloud21") is None


async def test_what_is_owed_beside_the_plan_is_added_once_and_no_plan_withdraws_it(store: Store) -> None:
    async with store.write_transaction() as work:
        ada = await work.people.join("console", "club", "ada")
        asked = nudge(ada.id, "cloud21", at(9), kind=NudgeKind.SCHEDULE_HELD)
        await work.deliveries.reconcile([(ada, [nudge(ada.id, "arc301", at(10))])], at(8))
        await work.deliveries.add([(ada.community, asked)], at(8))
        await work.deliveries.add([(ada.community, replace(asked, due_at=at(11)))], at(8))
        await work.deliveries.reconcile([(ada, [])], at(8))
    async with store.read_transaction() as work:
        (delivery,) = await work.deliveries.of_attendee(ada.id)
        assert (delivery.nudge, delivery.owed_at, delivery.state) == (asked, at(8), DeliveryState.OWED)
