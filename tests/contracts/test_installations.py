"""One suite for every store: where we were given a token, who renews it, and who may finish what was begun."""

import asyncio
from dataclasses import replace

from bot.app.ports import Installation, Store
from tests.builders import at

CLUB = Installation("slack", "T1", "sealed", "", at(20))
ORG = Installation("slack", "E1", "of the org")


async def saved(store: Store, *installations: Installation) -> None:
    async with store.write_transaction() as work:
        for installation in installations:
            await work.installations.save(installation)


async def claimed(store: Store, hour: int, minute: int = 0, tenant: str = "T1") -> Installation | None:
    async with store.write_transaction() as work:
        return await work.installations.claim("slack", tenant, at(hour, minute), at(hour, minute + 2))


async def test_everything_about_an_installation_is_kept_and_replaced(store: Store) -> None:
    other = replace(CLUB, platform="other", sealed="else")
    await saved(store, CLUB, ORG, other, Installation("slack", "T2", org="E1"))
    async with store.read_transaction() as work:
        assert await work.installations.get("slack", "T1") == CLUB
        assert await work.installations.get("other", "T1") == other
        assert await work.installations.get("slack", "T2") == Installation("slack", "T2", org="E1")
        assert await work.installations.get("slack", "T3") is None
        assert await work.installations.all("slack") == [ORG, CLUB]
    await saved(store, replace(CLUB, sealed="anew", ends_at=None))
    async with store.read_transaction() as work:
        assert await work.installations.get("slack", "T1") == replace(CLUB, sealed="anew", ends_at=None, lease=1)


async def test_what_lives_off_an_organization_goes_with_it_and_nothing_else(store: Store) -> None:
    await saved(store, CLUB, ORG, Installation("slack", "T2", org="E1"), replace(ORG, platform="other"))
    async with store.write_transaction() as work:
        assert await work.installations.remove("slack", "E1") == ["E1", "T2"]
        assert await work.installations.remove("slack", "E1") == []
        assert await work.installations.all("slack") == [CLUB]
        assert await work.installations.all("other") == [replace(ORG, platform="other")]


async def test_one_at_a_time_renews_until_its_lease_runs_out(store: Store) -> None:
    assert await claimed(store, 9) is None
    await saved(store, CLUB)
    first = await claimed(store, 9)
    assert first == replace(CLUB, lease=1)
    assert await claimed(store, 9, 1) is None
    second = await claimed(store, 9, 2)
    assert second == replace(CLUB, lease=2)
    async with store.write_transaction() as work:
        assert not await work.installations.release(replace(first, sealed="late"))
        assert await work.installations.release(replace(second, sealed="new", ends_at=at(21)))
        assert not await work.installations.release(second)
        assert not await work.installations.release(replace(second, tenant="T9"))
    assert await claimed(store, 9, 2) == replace(CLUB, sealed="new", ends_at=at(21), lease=4)


async def test_installing_anew_ends_a_renewal(store: Store) -> None:
    await saved(store, CLUB)
    held = await claimed(store, 9)
    assert held
    await saved(store, replace(CLUB, sealed="installed anew"))
    async with store.write_transaction() as work:
        assert not await work.installations.release(replace(held, sealed="renewed"))
    assert (await claimed(store, 9)) == replace(CLUB, sealed="installed anew", lease=3)


async def test_of_many_at_once_one_renews(store: Store) -> None:
    await saved(store, CLUB)
    claims = await asyncio.gather(*(claimed(store, 9) for _ in range(8)))
    assert [claim for claim in claims if claim] == [replace(CLUB, lease=1)]


async def begun(store: Store, word: str, hour: int = 9) -> None:
    async with store.write_transaction() as work:
        await work.oauth_states.issue(word, "browser", at(hour), at(hour, 10))


async def finished(store: Store, word: str, browser: str = "browser", minute: int = 0) -> bool:
    async with store.write_transaction() as work:
        return await work.oauth_states.consume(word, browser, at(9, minute))


async def test_a_handshake_is_good_once_in_one_browser_and_for_ten_minutes(store: Store) -> None:
    for word in ("one", "two", "three"):
        await begun(store, word)
    assert not await finished(store, "unknown")
    assert await finished(store, "one", minute=9)
    assert not await finished(store, "one", minute=9)
    assert not await finished(store, "two", "another")
    assert not await finished(store, "two")
    assert not await finished(store, "three", minute=10)


async def test_handshakes_that_are_over_are_forgotten(store: Store) -> None:
    await begun(store, "old")
    await begun(store, "new", 10)
    assert not await finished(store, "old")


async def test_of_many_that_finish_at_once_one_does(store: Store) -> None:
    await begun(store, "word")
    assert sorted(await asyncio.gather(*(finished(store, "word") for _ in range(8)))) == [False] * 7 + [True]
