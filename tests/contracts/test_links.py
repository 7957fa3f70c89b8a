"""One suite for every store: which communities are linked, and who offers to be."""

import asyncio
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.app.ports import Store
from bot.domain.announcements.link import CommunityLink
from tests.builders import at
from tests.contracts.test_organizers import community


@given(st.integers(1, 99), st.integers(1, 99))
def test_a_link_has_no_direction(first: int, second: int) -> None:
    link = CommunityLink.between(first, second, "cloud21", at(8))
    assert link == CommunityLink.between(second, first, "cloud21", at(8))
    assert (link.partner_of(first), link.partner_of(second)) == (second, first)


async def links(store: Store, of: int | None = None) -> list[CommunityLink]:
    async with store.read_transaction() as work:
        return list(await work.links.all(of))


async def test_links_are_kept_replaced_and_parted_in_pairs(store: Store) -> None:
    a, b, c = [(await community(store, name)).id for name in "abc"]
    first, second = CommunityLink.between(b, a, "cloud21", at(9)), CommunityLink.between(b, c, "cloud21", at(8))
    async with store.write_transaction() as work:
        for link in (first, second):
            await work.links.add(link)
    assert await links(store) == [second, first]
    assert (await links(store, a), await links(store, b), await links(store, c)) == ([first], [second, first], [second])
    anew = replace(first, conference="cloud22", since=at(10))
    async with store.write_transaction() as work:
        await work.links.add(anew)
        assert not await work.links.remove(CommunityLink.between(a, c, "", at(8)))
        assert await work.links.remove(second)
        assert not await work.links.remove(second)
    assert await links(store) == [anew]


async def test_a_community_that_is_forgotten_is_linked_with_nobody_and_offers_nothing(store: Store) -> None:
    a, b, c = [await community(store, name) for name in "abc"]
    remaining = CommunityLink.between(b.id, c.id, "cloud21", at(8))
    async with store.write_transaction() as work:
        for link in (
            CommunityLink.between(a.id, b.id, "cloud21", at(8)),
            CommunityLink.between(c.id, a.id, "cloud21", at(8)),
            remaining,
        ):
            await work.links.add(link)
        await work.links.add_offer(a.id, "digest", at(12))
        await work.communities.save(replace(a, left_at=at(9)))
        assert await work.communities.forget_left(at(10)) == 1
        assert await work.links.find_offer("digest", at(10)) is None
    assert await links(store) == [remaining]


async def test_an_offer_is_for_once_and_until_its_end_and_the_newest_is_the_only_one(store: Store) -> None:
    a, b = [(await community(store, name)).id for name in "ab"]
    async with store.write_transaction() as work:
        await work.links.add_offer(a, "old", at(9))
        await work.links.add_offer(a, "new", at(9))
        await work.links.add_offer(b, "theirs", at(10))
    async with store.read_transaction() as work:
        asked = [("new", 8), ("new", 9), ("old", 8), ("theirs", 9), ("guessed", 8)]
        found = [await work.links.find_offer(digest, at(hour)) for digest, hour in asked]
    assert found == [a, None, None, b, None]
    async with store.write_transaction() as work:
        assert await work.links.accept_offer("new", at(9)) is None
        assert await work.links.accept_offer("new", at(8)) == a
        assert await work.links.accept_offer("new", at(8)) is None
        assert await work.links.find_offer("theirs", at(8)) == b


async def test_of_many_who_take_an_offer_at_once_one_has_it(store: Store) -> None:
    a = (await community(store)).id
    async with store.write_transaction() as work:
        await work.links.add_offer(a, "digest", at(9))

    async def take() -> int | None:
        async with store.write_transaction() as work:
            return await work.links.accept_offer("digest", at(8))

    taken = await asyncio.gather(*(take() for _ in range(8)))
    assert sorted(filter(None, taken)) == [a]
