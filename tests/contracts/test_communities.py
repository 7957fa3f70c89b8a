"""One suite for every store: communities that come and go, how people are reached, what a process leaves behind."""

import asyncio
from dataclasses import replace
from datetime import timedelta

from bot.app.ports import DeliveryFilter, DeliveryState, Outcome, Store
from bot.domain.attendee.attendee import Attendance, Attendee, Community, Reach
from tests.builders import at, nudge, schedule

CONSOLE = [DeliveryFilter("console")]


async def joined(store: Store, user: str = "ada", tenant: str = "club") -> Attendee:
    async with store.write_transaction() as work:
        return await work.people.join("console", tenant, user)


async def found(store: Store, user: str = "ada", tenant: str = "club") -> Attendee | None:
    async with store.read_transaction() as work:
        return await work.people.find("console", tenant, user)


async def left(store: Store, community: Community, hour: int = 9) -> None:
    async with store.write_transaction() as work:
        await work.communities.save(replace(community, left_at=at(hour)))


async def test_everything_about_a_community_is_kept(store: Store) -> None:
    async with store.write_transaction() as work:
        club = await work.communities.add("console", "club")
        assert await work.communities.add("console", "club") == club
    assert [club.reminders, club.digest, club.notices, club.role] == [None] * 4
    changed = replace(club, conference="cloud21", name="Cloud Club", reminders="4711", digest="12", left_at=at(9))
    changed = replace(changed, notices="13", role="14", role_name="Crew")
    async with store.write_transaction() as work:
        await work.communities.save(changed)
    async with store.read_transaction() as work:
        assert await work.communities.get("console", "club") == changed
        assert await work.communities.get("console", "other") is None
        assert await work.communities.get("slack", "club") is None
    assert (await joined(store)).community == changed
    nothing = replace(changed, reminders=None, digest=None, notices=None, role=None)
    async with store.write_transaction() as work:
        await work.communities.save(nothing)
    async with store.read_transaction() as work:
        assert await work.communities.get("console", "club") == nothing


async def test_the_communities_that_want_a_digest_are_those_that_are_not_left(store: Store) -> None:
    async with store.write_transaction() as work:
        club, other, gone = [await work.communities.add("console", name) for name in ("club", "other", "gone")]
        await work.communities.save(replace(club, digest="news"))
        await work.communities.save(replace(gone, digest="news", left_at=at(9)))
        assert await work.communities.with_digest() == [replace(club, digest="news")]
        await work.communities.save(replace(other, digest="12"))
        assert await work.communities.with_digest() == [replace(club, digest="news"), replace(other, digest="12")]


async def test_the_community_that_was_used_last_is_the_first(store: Store) -> None:
    club, other, left_one = [await joined(store, tenant=tenant) for tenant in ("club", "other", "left")]
    await joined(store, "bob", "bobs")
    await left(store, left_one.community)
    async with store.write_transaction() as work:
        await work.people.set_current(club)
    async with store.read_transaction() as work:
        assert [community.tenant for community in await work.communities.of_user("console", "ada")] == ["club", "other"]
        assert [community.tenant for community in await work.communities.on_platform("console")] == [
            "club",
            "other",
            "bobs",
        ]
        assert await work.communities.of_user("slack", "ada") == []
    assert await found(store) == replace(club, current=True)
    assert await found(store, tenant="other") == replace(other, current=False)
    assert (await found(store, "bob", "bobs")) is not None


async def test_a_community_that_was_left_is_owed_nothing_and_forgotten_later(store: Store) -> None:
    ada, bob = await joined(store), await joined(store, "bob", "bobs")
    async with store.write_transaction() as work:
        await work.conferences.save(schedule())
        plans = [(ada, [nudge(ada.id, "arc301", at(9)), nudge(ada.id, "key", at(10))]), (bob, [])]
        await work.deliveries.reconcile(plans, at(8))
        for person in (ada, bob):
            await work.attendances.put(person.id, "cloud21", Attendance("arc301"))
        (sent,) = await work.deliveries.claim(CONSOLE, at(9), at(9, 2), 9)
        await work.deliveries.record_outcomes([Outcome(sent.id, 1, DeliveryState.SENT, at(9))])
    await left(store, ada.community)
    async with store.read_transaction() as work:
        assert [delivery.state for delivery in await work.deliveries.of_attendee(ada.id)] == [DeliveryState.SENT]
        everyone = [who.user async for chunk in work.attendances.everyone("cloud21") for who, _ in chunk]
        of_club = work.attendances.everyone("cloud21", community=ada.community.id)
        assert everyone == ["bob"]
        assert [who.user async for chunk in of_club for who, _ in chunk] == ["ada"]
    async with store.write_transaction() as work:
        assert await work.communities.forget_left(at(9)) == 0
        assert await work.communities.forget_left(at(9) + timedelta(seconds=1)) == 1
    async with store.read_transaction() as work:
        assert await work.deliveries.of_attendee(ada.id) == []
        assert await work.attendances.of_attendee(ada.id, "cloud21") == []
        assert await work.attendances.of_attendee(bob.id, "cloud21") == [Attendance("arc301")]
    assert await found(store) is None
    assert await found(store, "bob", "bobs") == bob


async def test_how_somebody_is_reached_is_kept_apart_from_what_they_told(store: Store) -> None:
    ada, bob = await joined(store), await joined(store, "bob")
    reach = Reach("17", "it is closed", informed=True, thread="18")
    async with store.write_transaction() as work:
        await work.people.save_reach({ada.id: reach, 999: reach})
        await work.people.save_reach({})
        await work.people.save(replace(ada, stay="MGM Grand", threads=True))
    assert await found(store) == replace(ada, stay="MGM Grand", threads=True, reach=reach)
    assert await found(store, "bob") == bob


async def test_forgetting_a_person_reaches_every_community_of_the_platform(store: Store) -> None:
    ada = await joined(store)
    await joined(store, tenant="other")
    bob = await joined(store, "bob")
    async with store.write_transaction() as work:
        elsewhere = await work.people.join("slack", "club", "ada")
        await work.people.forget(ada)
    assert await found(store) is None
    assert await found(store, tenant="other") is None
    assert await found(store, "bob") == bob
    async with store.read_transaction() as work:
        assert await work.people.find("slack", "club", "ada") == elsewhere


async def test_what_was_claimed_and_not_tried_is_owed_as_before(store: Store) -> None:
    ada = await joined(store)
    async with store.write_transaction() as work:
        await work.deliveries.reconcile([(ada, [nudge(ada.id, "arc301", at(9))])], at(8))
        (claimed,) = await work.deliveries.claim(CONSOLE, at(9), at(9, 2), 9)
        await work.deliveries.record_outcomes([Outcome(claimed.id, 1, DeliveryState.OWED, at(9), tried=False)])
    async with store.write_transaction() as work:
        assert await work.deliveries.next_due(CONSOLE) == at(9)
        (again,) = await work.deliveries.claim(CONSOLE, at(9), at(9, 2), 9)
    assert again == claimed


async def test_a_mark_is_what_was_put_last(store: Store) -> None:
    async with store.write_transaction() as work:
        assert await work.key_values.get("tree") is None
        await work.key_values.put("tree", "one")
    async with store.write_transaction() as work:
        await work.key_values.put("tree", "two")
        await work.key_values.put("other", "three")
    async with store.read_transaction() as work:
        assert [await work.key_values.get(name) for name in ("tree", "other", "none")] == ["two", "three", None]


async def test_a_claim_is_given_once_until_it_is_over(store: Store) -> None:
    async with store.write_transaction() as work:
        assert set(await work.idempotency_keys.claim({"a": at(9), "b": at(11)}, at(8))) == {"a", "b"}
    async with store.write_transaction() as work:
        assert set(await work.idempotency_keys.claim({"b": at(12), "c": at(12)}, at(10))) == {"c"}
    async with store.write_transaction() as work:
        await work.idempotency_keys.remove_expired(at(10))
        assert set(await work.idempotency_keys.claim({"a": at(12), "b": at(12)}, at(8))) == {"a"}
    async with store.write_transaction() as work:
        assert set(await work.idempotency_keys.claim({"a": at(13), "b": at(13)}, at(12))) == {"a", "b"}


async def test_of_many_who_claim_at_once_one_is_first(store: Store) -> None:
    async def claimed() -> int:
        async with store.write_transaction() as work:
            return len(await work.idempotency_keys.claim({"click": at(9), "event": at(9)}, at(8)))

    assert sorted(await asyncio.gather(*(claimed() for _ in range(8)))) == [0] * 7 + [2]
