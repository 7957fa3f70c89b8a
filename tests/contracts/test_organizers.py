"""The organizers of a community and the log of their commands, on every store."""

from dataclasses import replace

from bot.app.ports import MAX_REFUSED_ENTRIES, Store
from bot.domain.announcements.organizer import AuditEntry, Organizer
from bot.domain.attendee.attendee import Community
from tests.builders import at

BOB = Organizer("bob", "Bob", at(8))
CY = Organizer("cy", "", at(9), at(12))


async def community(store: Store, tenant: str = "club", platform: str = "console") -> Community:
    async with store.write_transaction() as work:
        return await work.communities.add(platform, tenant)


async def log_entries(store: Store, of: Community, limit: int = 99) -> list[AuditEntry]:
    async with store.read_transaction() as work:
        return list(await work.audit.latest(of.id, limit))


async def test_organizers_are_added_replaced_and_removed_in_one_community(store: Store) -> None:
    club, other = await community(store), await community(store, "other")
    async with store.write_transaction() as work:
        for user in (CY, BOB):
            await work.organizers.add(club.id, user)
    async with store.read_transaction() as work:
        assert await work.organizers.of_community(club.id) == [BOB, CY]
        assert await work.organizers.of_community(other.id) == []
    longer = replace(CY, name="Cy", since=at(7), until=None)
    async with store.write_transaction() as work:
        await work.organizers.add(club.id, longer)
        assert not await work.organizers.remove(other.id, "bob")
        assert await work.organizers.remove(club.id, "bob")
        assert not await work.organizers.remove(club.id, "bob")
    async with store.read_transaction() as work:
        assert await work.organizers.of_community(club.id) == [longer]


async def test_the_right_holds_until_its_end_and_not_at_it(store: Store) -> None:
    club, other = await community(store), await community(store, "other")
    async with store.write_transaction() as work:
        for user in (CY, BOB):
            await work.organizers.add(club.id, user)
    async with store.read_transaction() as work:
        asked = [(club, "bob", at(20)), (club, "cy", at(11, 59)), (club, "cy", at(12)), (club, "eve", at(9))]
        found = [await work.organizers.is_organizer(where.id, who, when) for where, who, when in asked]
        assert found == [True, True, False, False]
        assert not await work.organizers.is_organizer(other.id, "bob", at(9))


async def test_the_role_is_kept_with_the_community(store: Store) -> None:
    club = await community(store)
    chosen = replace(club, role="4711", role_name="Crew")
    async with store.write_transaction() as work:
        await work.communities.save(chosen)
        await work.people.join("console", "club", "ada")
    async with store.read_transaction() as work:
        attendee = await work.people.find("console", "club", "ada")
        assert await work.communities.get("console", "club") == chosen
    assert attendee
    assert attendee.community == chosen


async def test_entries_are_read_newest_first_and_by_whose_they_were(store: Store) -> None:
    club, other = await community(store), await community(store, "other")
    first = AuditEntry(at(8), "ada", "Ada", "/organizer add", whom="bob", whom_name="Bob", about=True)
    second = AuditEntry(at(9), "bob", "", "/settings", allowed=False)
    elsewhere = AuditEntry(at(9), "ada", "Ada", "/schedule status")
    async with store.write_transaction() as work:
        for where, entry in ((club, first), (other, elsewhere), (club, second)):
            await work.audit.add(where.id, entry)
    assert await log_entries(store, club) == [second, first]
    assert await log_entries(store, club, 1) == [second]
    async with store.read_transaction() as work:
        assert await work.audit.by_user(club.id, "ada") == [first]
        assert await work.audit.by_user(club.id, "eve") == []


async def test_of_a_deed_that_failed_it_is_kept_that_it_did(store: Store) -> None:
    club = await community(store)
    async with store.write_transaction() as work:
        first = await work.audit.add(club.id, AuditEntry(at(8), "ada", "", "/settings"))
        await work.audit.add(club.id, AuditEntry(at(9), "ada", "", "/settings"))
    async with store.write_transaction() as work:
        await work.audit.mark_failed(first)
    assert [entry.failed for entry in await log_entries(store, club)] == [False, True]


async def test_refusals_make_room_for_refusals_and_for_nothing_else(store: Store) -> None:
    club, other = await community(store), await community(store, "other")
    done = AuditEntry(at(8), "ada", "Ada", "/settings")
    refused = [AuditEntry(at(9), "eve", "", f"/settings {n}", allowed=False) for n in range(MAX_REFUSED_ENTRIES + 3)]
    async with store.write_transaction() as work:
        await work.audit.add(club.id, done)
        await work.audit.add(other.id, refused[0])
        for entry in refused:
            await work.audit.add(club.id, entry)
    assert await log_entries(store, club, 999) == [*reversed(refused[3:]), done]
    assert await log_entries(store, other) == [refused[0]]


async def test_a_person_who_is_forgotten_is_no_organizer_and_no_longer_named(store: Store) -> None:
    club, other = await community(store), await community(store, "other")
    foreign = await community(store, "club", "slack")
    by_bob = AuditEntry(at(8), "bob", "Bob", "/announce Lunch is in my room")
    about_bob = AuditEntry(at(9), "ada", "Ada", "/organizer add", whom="bob", whom_name="Bob", about=True)
    async with store.write_transaction() as work:
        bob = await work.people.join("console", "club", "bob")
        for where in (club, other, foreign):
            await work.organizers.add(where.id, BOB)
            for entry in (by_bob, about_bob):
                await work.audit.add(where.id, entry)
        await work.people.forget(bob)
    expected = [replace(about_bob, whom="", whom_name=""), replace(by_bob, user="", name="", what="/announce")]
    assert await log_entries(store, club) == await log_entries(store, other) == expected
    assert [logged.doer for logged in expected] == ["Ada", "somebody who was forgotten"]
    assert [logged.concerned for logged in expected] == ["somebody who was forgotten", ""]
    assert await log_entries(store, foreign) == [about_bob, by_bob]
    async with store.read_transaction() as work:
        found = [await work.organizers.of_community(where.id) for where in (club, other, foreign)]
    assert found == [[], [], [BOB]]


async def test_a_community_that_is_forgotten_takes_them_with_it(store: Store) -> None:
    club, other = await community(store), await community(store, "other")
    entry = AuditEntry(at(8), "bob", "Bob", "/settings")
    async with store.write_transaction() as work:
        for where in (club, other):
            await work.organizers.add(where.id, BOB)
            await work.audit.add(where.id, entry)
        await work.communities.save(replace(club, left_at=at(9)))
        assert await work.communities.forget_left(at(10)) == 1
    assert await log_entries(store, club) == []
    assert await log_entries(store, other) == [entry]
    async with store.read_transaction() as work:
        assert await work.organizers.of_community(club.id) == []
        assert await work.organizers.of_community(other.id) == [BOB]
