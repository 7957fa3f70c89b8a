"""Being removed from a workspace: deliveries stop at once, the token goes, and in thirty days the data."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from adapters.slack.oauth.workspaces import BotTokenCredentials, WorkspaceService
from adapters.slack.web_client import new_client
from bot.app.ports import Store
from tests.adapters.slack.workspaces import OLD_KEY, Member, hosting_on, member_of, tokens_on
from tests.builders import nudge
from tests.fake_servers.slack_oauth import TokenPeer, token_peer
from tests.fakes.app_harness import FrozenClock
from tests.fakes.memory_store import MemoryStore


@pytest.fixture
async def peer() -> AsyncIterator[TokenPeer]:
    async with token_peer() as made:
        yield made


@pytest.fixture
async def member(peer: TokenPeer) -> AsyncIterator[Member]:
    async with member_of(MemoryStore(), peer) as made:
        for team in ("T1", "T2"):
            await made.install(peer.grant(team))
        await made.install(peer.grant("", org="E1", whole=True))
        for team in ("T3", "T4"):
            assert await made.tokens.find(team, "E1")
            await made.service.uninstalls.hosting.joined("slack", team)
        yield made


def body(member: Member, kind: str, team: str | None = "T1", late: float = 1, **more: Any) -> dict[str, Any]:
    """As Slack posts it."""
    event = {"type": kind, **more.pop("event", {})}
    moment = int(member.clock.now().timestamp() + late)
    return {"type": "event_callback", "team_id": team, "event": event, "event_time": moment, **more}


async def here(member: Member) -> str:
    """The workspaces that we are in, as far as communities and tokens go."""
    async with member.store.read_transaction() as work:
        hosts = {community.tenant for community in await work.communities.on_platform("slack")}
    reached = {team for team in ("T1", "T2", "T3", "T4") if await member.tokens.find(team)}
    return " ".join(sorted(tenant if tenant in hosts & reached else f"({tenant})" for tenant in hosts | reached))


BOT = {"event": {"tokens": {"bot": ["UB"], "oauth": []}}}
TABLE: list[tuple[str, str | None, dict[str, Any], bool, str]] = [
    ("app_uninstalled", "T1", {}, True, "T2 T3 T4"),
    ("tokens_revoked", "T1", BOT, True, "T2 T3 T4"),
    ("tokens_revoked", "T1", {"event": {"tokens": {"oauth": ["U1"]}}}, False, "T1 T2 T3 T4"),
    ("tokens_revoked", "T1", {"event": {"tokens": {"bot": []}}}, False, "T1 T2 T3 T4"),
    ("tokens_revoked", "T1", {"event": {"tokens": "all"}}, False, "T1 T2 T3 T4"),
    ("app_home_opened", "T1", {}, False, "T1 T2 T3 T4"),
    ("app_uninstalled", "T9", {}, True, "T1 T2 T3 T4"),
    ("app_uninstalled", "T3", {"enterprise_id": "E1"}, True, "T1 T2 T4"),
    ("app_uninstalled", None, {"enterprise_id": "E1"}, True, "T1 T2"),
    ("app_uninstalled", "T3", {"enterprise_id": "E1", "is_enterprise_install": True}, True, "T1 T2"),
    ("tokens_revoked", "T3", {**BOT, "enterprise_id": "E1", "authorizations": [{"is_enterprise_install": True}]}, True, "T1 T2"),
    ("app_uninstalled", "T1", {"enterprise_id": "E1", "authorizations": [{}]}, True, "T2 T3 T4"),
    ("app_uninstalled", "T1", {"enterprise_id": "E1", "authorizations": ["x"]}, True, "T2 T3 T4"),
    ("team_access_revoked", None, {"enterprise_id": "E1", "event": {"team_ids": ["T3", 7, ""]}}, True, "T1 T2 T4"),
    ("team_access_revoked", None, {"enterprise_id": "E1", "event": {"team_ids": "T3"}}, False, "T1 T2 T3 T4"),
    ("app_uninstalled", None, {}, False, "T1 T2 T3 T4"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "team", "more", "heard", "left"), TABLE)
async def test_a_removal_is_about_whom_it_says(
    member: Member, kind: str, team: str | None, more: dict[str, Any], heard: bool, left: str
) -> None:
    assert await here(member) == "T1 T2 T3 T4"
    member.peer.good.clear()
    assert await member.service.uninstalls.handle(body(member, kind, team, **more)) is heard
    assert await here(member) == left


@pytest.mark.parametrize("strange", [{}, {"event": None}, {"event": "app_uninstalled"}, {"event": {"type": 7}}])
async def test_what_is_no_event_is_passed_over(member: Member, strange: dict[str, Any]) -> None:
    assert not await member.service.uninstalls.handle(strange)


async def test_a_removal_that_was_overtaken_by_a_new_installation_changes_nothing(
    member: Member, peer: TokenPeer
) -> None:
    removed = body(member, "app_uninstalled")
    assert await member.service.uninstalls.handle(removed)
    member.pass_by(minutes=4)
    await member.install(peer.grant("T1"))
    assert await member.service.uninstalls.handle(removed)
    assert await member.left("T1") is False
    assert await member.tokens.find("T1")
    assert await member.service.uninstalls.handle({**removed, "event_time": "now"})
    assert await member.left("T1") is True


async def test_a_token_that_nobody_can_read_is_forgotten_all_the_same(member: Member, peer: TokenPeer) -> None:
    other = tokens_on(member.store, member.clock, peer.api, OLD_KEY)
    assert await other.remove("T1", 0) == ["T1"]


@pytest.mark.parametrize(("team", "org"), [("T1", ""), ("T3", "E1")])
async def test_an_older_token_that_is_revoked_changes_nothing(member: Member, team: str, org: str) -> None:
    revoked = {**body(member, "tokens_revoked", team, event=BOT["event"]), "enterprise_id": org}
    assert not await member.service.uninstalls.handle(revoked)
    assert await here(member) == "T1 T2 T3 T4"


async def test_a_token_that_is_revoked_is_looked_at_by_the_keys_there_are(member: Member, peer: TokenPeer) -> None:
    assert not await tokens_on(member.store, member.clock, peer.api, OLD_KEY).is_token_valid("T1")
    assert not await member.tokens.is_token_valid("T9")


async def test_what_is_owed_stops_at_once_and_the_data_goes_after_thirty_days(store: Store, peer: TokenPeer) -> None:
    async with member_of(store, peer) as member:
        await member.install(peer.grant())
        async with store.write_transaction() as work:
            ada = await work.people.join("slack", "T1", "U1")
            await work.deliveries.add(
                [(ada.community, nudge(ada.id, "arc301", member.clock.now()))], member.clock.now()
            )
        await member.service.uninstalls.handle(body(member, "app_uninstalled"))
        async with store.read_transaction() as work:
            assert await work.deliveries.of_attendee(ada.id) == []
            assert await work.installations.all("slack") == []
            assert await work.people.find("slack", "T1", "U1") is not None
        member.pass_by(days=30, seconds=1)
        assert await member.service.uninstalls.hosting.forget_long_gone() == 1
        async with store.read_transaction() as work:
            assert await work.people.find("slack", "T1", "U1") is None


async def test_the_workspace_of_one_token_is_left_too(peer: TokenPeer) -> None:
    store, clock = MemoryStore(), FrozenClock()
    service = WorkspaceService.from_credentials(
        BotTokenCredentials("xoxb-1"), new_client(peer.api), store, hosting_on(store, clock)
    )
    assert list(service.routes) == []
    await service.uninstalls.hosting.joined("slack", "T1")
    async with service.tokens_refreshed():
        pass
    removed = {"team_id": "T1", "event_time": clock.now().timestamp(), "event": {"type": "app_uninstalled"}}
    assert await service.uninstalls.handle(removed)
    async with store.read_transaction() as work:
        community = await work.communities.get("slack", "T1")
    assert community
    assert community.left_at == clock.now() - timedelta()
    assert "xoxb" not in repr(service)
    revoked = {"team_id": "T1", "event": {"type": "tokens_revoked", "tokens": {"bot": ["UB"]}}}
    assert await service.uninstalls.handle(revoked)
    peer.good["xoxb-1"] = {"team": {"id": "T1", "name": "Club"}, "enterprise": None, "bot_user_id": "UB"}
    assert not await service.uninstalls.handle(revoked)
