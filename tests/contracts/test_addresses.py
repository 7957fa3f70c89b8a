"""One suite for every store: the private addresses of attendees."""

from dataclasses import replace

from bot.app.ports import Store
from bot.domain.attendee.attendee import Attendance
from bot.domain.attendee.private_address import CalendarEvent, PrivateAddress, digest_of
from tests.builders import at, schedule
from tests.contracts.test_communities import joined, left

FIRST = PrivateAddress(digest_of("first"), "0f" * 16, at(8))
EVENT = CalendarEvent("d1", 3, at(8), at(9), at(10), "Queues", cancelled=True)


async def owner(store: Store, secret: str) -> int | None:
    async with store.read_transaction() as work:
        return await work.addresses.owner(digest_of(secret))


async def test_an_attendee_has_one_address_and_a_new_one_revokes_it(store: Store) -> None:
    ada, bob = await joined(store), await joined(store, "bob")
    async with store.write_transaction() as work:
        assert await work.addresses.of_attendee(ada.id) is None
        await work.addresses.put(ada.id, FIRST)
        await work.addresses.put(bob.id, replace(FIRST, digest=digest_of("bobs")))
    assert [await owner(store, user) for user in ("first", "bobs", "other")] == [ada.id, bob.id, None]
    renewed = replace(FIRST, digest=digest_of("second"), made_at=at(9), events={"a@b": EVENT})
    async with store.write_transaction() as work:
        await work.addresses.put(ada.id, renewed)
    assert [await owner(store, user) for user in ("first", "second", "bobs")] == [None, ada.id, bob.id]
    async with store.read_transaction() as work:
        assert await work.addresses.of_attendee(ada.id) == renewed


async def test_what_the_calendars_have_is_kept_while_the_address_stays(store: Store) -> None:
    ada = await joined(store)
    async with store.write_transaction() as work:
        await work.addresses.put(ada.id, FIRST)
        await work.addresses.save_events(ada.id, FIRST.digest, {"a@b": EVENT})
        assert await work.addresses.of_attendee(ada.id) == replace(FIRST, events={"a@b": EVENT})
        await work.addresses.put(ada.id, replace(FIRST, digest=digest_of("second")))
        await work.addresses.save_events(ada.id, FIRST.digest, {"a@b": EVENT})
        assert await work.addresses.of_attendee(ada.id) == replace(FIRST, digest=digest_of("second"))


async def test_an_address_goes_with_its_attendee_and_with_the_community(store: Store) -> None:
    ada, bob = await joined(store), await joined(store, "bob", "bobs")
    async with store.write_transaction() as work:
        await work.addresses.put(ada.id, FIRST)
        await work.addresses.put(bob.id, replace(FIRST, digest=digest_of("bobs")))
        await work.people.forget(ada)
    await left(store, bob.community, 9)
    async with store.write_transaction() as work:
        await work.communities.forget_left(at(10))
    assert [await owner(store, user) for user in ("first", "bobs")] == [None, None]


async def test_a_public_page_is_found_by_its_name_until_hallway_leaves(store: Store) -> None:
    ada = await joined(store)
    club = replace(ada.community, page="cloud-club")
    async with store.write_transaction() as work:
        assert await work.communities.by_page("cloud-club") is None
        await work.communities.save(club)
        assert await work.communities.by_page("cloud-club") == club
    await left(store, club)
    async with store.read_transaction() as work:
        assert await work.communities.by_page("cloud-club") is None


async def test_the_version_changes_with_every_commit_whoever_made_it(store: Store) -> None:
    async def versions() -> dict[str, str]:
        # A store may have several connections: as many as are in use at a time.
        async with store.read_transaction() as work, store.read_transaction() as other:
            return dict([await work.addresses.version(), await other.addresses.version()])

    ada = await joined(store)
    commits, before = store.commits.count, await versions()
    # PostgreSQL counts the transactions of all its databases, so there it may change at any time.
    assert any(":" in version for version in before.values()) or await versions() == before
    async with store.write_transaction() as work:
        await work.addresses.put(ada.id, FIRST)
    after = await versions()
    assert store.commits.count == commits + 1
    assert after.keys() == before.keys()
    assert [name for name, version in after.items() if before[name] == version] == []


async def test_the_fingerprint_changes_with_everything_that_is_shown_and_with_nothing_else(store: Store) -> None:
    ada, bob = await joined(store), await joined(store, "bob")
    seen: list[str | None] = []

    async def look() -> None:
        async with store.read_transaction() as work:
            seen.append(await work.addresses.fingerprint(FIRST.digest))

    await look()
    async with store.write_transaction() as work:
        await work.addresses.put(ada.id, FIRST)
    await look()
    async with store.write_transaction() as work:
        await work.conferences.save(schedule())
    await look()
    async with store.write_transaction() as work:
        await work.attendances.put(ada.id, "cloud21", Attendance("arc301"))
    await look()
    async with store.write_transaction() as work:
        await work.people.save(replace(ada, stay="MGM Grand"))
    await look()
    async with store.write_transaction() as work:
        await work.attendances.put(bob.id, "cloud21", Attendance("arc301"))
        await work.people.save(replace(bob, stay="MGM Grand"))
    await look()
    assert seen[0] is None
    assert None not in seen[1:]
    assert len(set(seen)) == 5
    assert seen[4] == seen[5]
