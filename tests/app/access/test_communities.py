"""Communities that invite Hallway, remove it and ask it back."""

from datetime import timedelta

import pytest

from bot.app.access.communities import CommunityService
from bot.app.schedules.cache import ScheduleCache
from bot.search import index_of
from tests.builders import at
from tests.fakes.app_harness import AppHarness


@pytest.fixture
def rung() -> list[str]:
    return []


@pytest.fixture
def hosting(app: AppHarness, rung: list[str]) -> CommunityService:
    return CommunityService(app.store, app.clock, ScheduleCache(index_of), lambda: rung.append("rung"))


async def owed(app: AppHarness) -> int:
    async with app.store.read_transaction() as work:
        attendee = await work.people.find("console", "club", "ada")
        return (
            sum(not delivery.settled_at for delivery in await work.deliveries.of_attendee(attendee.id))
            if attendee
            else -1
        )


async def test_a_new_community_is_new_once(hosting: CommunityService, rung: list[str]) -> None:
    assert await hosting.joined("console", "new", "New Club")
    assert not await hosting.joined("console", "new", "New Club")
    assert rung == ["rung"] * 2


async def test_nothing_is_owed_where_hallway_was_removed_and_all_of_it_again_when_it_is_back(
    app: AppHarness, hosting: CommunityService
) -> None:
    await app.say("/attend ARC301")
    before = await owed(app)
    await hosting.left("console", "club")
    assert (before, await owed(app)) == (2, 0)
    await hosting.left("console", "club")
    assert await hosting.joined("console", "club")
    assert await owed(app) == before


async def test_the_data_of_a_community_goes_after_thirty_days(app: AppHarness, hosting: CommunityService) -> None:
    await app.say("/attend ARC301")
    await hosting.left("console", "club")
    app.clock.move_to(at(8) + timedelta(days=30))
    assert await hosting.forget_long_gone() == 0
    app.clock.move_to(at(8) + timedelta(days=30, seconds=1))
    assert await hosting.forget_long_gone() == 1
    assert await owed(app) == -1


async def test_a_removal_that_happened_while_we_were_away_is_noticed(
    app: AppHarness, hosting: CommunityService
) -> None:
    app.tenant = ""
    await app.say("/attend ARC301")
    for tenant in ("club", "other"):
        await hosting.joined("console", tenant)
    await hosting.is_only_in("console", {"other": "Other", "new": "New"})
    async with app.store.read_transaction() as work:
        assert [community.tenant for community in await work.communities.on_platform("console")] == [
            "@ada",
            "other",
            "new",
        ]


async def test_an_unknown_community_cannot_be_left(app: AppHarness, hosting: CommunityService) -> None:
    await hosting.left("console", "nowhere")
    async with app.store.read_transaction() as work:
        assert await work.communities.get("console", "nowhere") is None
