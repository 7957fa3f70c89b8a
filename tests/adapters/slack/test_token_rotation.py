"""Tokens on the store: sealed, for the right workspace, renewed once whoever needs them."""

import asyncio
import sqlite3
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiohttp import web

from adapters.slack.oauth import installations
from adapters.slack.oauth import rotation as renewal
from adapters.slack.oauth.installations import SingleWorkspace
from adapters.slack.oauth.rotation import LOST
from adapters.slack.oauth.token import OAuthToken, Workspace
from adapters.slack.web_client import SlackError, new_client
from bot.app.ports import Installation, Store
from bot.storage.cipher import FernetCipher
from bot.storage.unit_of_work import SqlStore
from tests.adapters.slack.workspaces import KEY, OLD_KEY, Failing, Member, member_of, tokens_on
from tests.fake_servers.slack_oauth import TokenPeer, answering, hung_up, refused, token_peer
from tests.fakes.app_harness import FrozenClock
from tests.fakes.memory_store import MemoryStore
from tests.stores import migrate
from tests.support.forked import script, start


@pytest.fixture
async def peer() -> AsyncIterator[TokenPeer]:
    async with token_peer() as made:
        yield made


@pytest.fixture
async def member(peer: TokenPeer) -> AsyncIterator[Member]:
    async with member_of(MemoryStore(), peer) as made:
        yield made


def renewals(peer: TokenPeer) -> int:
    return sum(1 for method, form in peer.asked if method == "oauth.v2.access" and "grant_type" in form)


async def token_of(member: Member, team: str = "T1") -> str:
    found = await member.tokens.find(team)
    assert found
    return found.token


def fresh(member: Member) -> Member:
    """As another process sees it."""
    member.tokens._cache.clear()
    return member


async def test_a_token_that_is_about_to_end_is_renewed_before_it_does(member: Member, peer: TokenPeer) -> None:
    await member.install(peer.grant())
    first = await token_of(member)
    member.pass_by(hours=11, minutes=57)
    assert await token_of(fresh(member)) == first
    member.pass_by(minutes=1)
    second = await token_of(fresh(member))
    assert second != first
    member.pass_by(hours=13)
    assert await token_of(fresh(member)) not in (first, second)
    assert renewals(peer) == 2


async def test_tokens_that_last_are_never_renewed(member: Member, peer: TokenPeer) -> None:
    peer.rotates = False
    await member.install(peer.grant())
    member.pass_by(days=400)
    assert (await token_of(member)).startswith("xoxb-")
    await member.tokens.renew_expiring()
    assert renewals(peer) == 0


async def test_in_the_background_they_are_renewed_two_hours_ahead(member: Member, peer: TokenPeer) -> None:
    for team in ("T1", "T2"):
        await member.install(peer.grant(team))
    member.pass_by(hours=9)
    await member.tokens.renew_expiring()
    assert renewals(peer) == 0
    member.pass_by(hours=1)
    await member.tokens.renew_expiring()
    await member.tokens.renew_expiring()
    assert renewals(peer) == 2


async def test_many_that_need_a_token_at_once_renew_it_once(store: Store, peer: TokenPeer) -> None:
    async with member_of(store, peer) as member:
        await member.install(peer.grant())
        member.pass_by(hours=13)
        others = [tokens_on(store, member.clock, peer.api) for _ in range(8)]
        found = {
            installation.token
            for installation in await asyncio.gather(*(other.find("T1") for other in others))
            if installation
        }
    assert len(found) == 1
    assert found < peer.good.keys()
    assert renewals(peer) == 1


PROCESS = """
import asyncio, sys
from bot.storage.unit_of_work import SqlStore
from bot.timing.clock import SystemClock
from tests.adapters.slack.workspaces import tokens_on

async def main(url, api):
    store = SqlStore.at(url)
    print("ready", flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    found = await tokens_on(store, SystemClock(), api).find("T1")
    print(found.token, flush=True)
    await store.close()

asyncio.run(main(*sys.argv[1:]))
"""


async def test_two_processes_renew_one_token_once(tmp_path: Path, peer: TokenPeer) -> None:
    url = f"sqlite:///{tmp_path / 'hallway.db'}"
    await migrate(url)
    store = SqlStore.at(url)
    async with member_of(store, peer, FrozenClock(datetime.now(UTC) - timedelta(hours=13))) as member:
        await member.install(peer.grant())
    processes = [await start(script, PROCESS, (url, peer.api), stdin=PIPE, stdout=PIPE) for _ in range(2)]
    for process in processes:
        assert process.stdout
        assert await process.stdout.readline() == b"ready\n"
    outputs = await asyncio.gather(*(process.communicate(b"go\n") for process in processes))
    assert len({out.splitlines()[-1] for out, _ in outputs}) == 1
    assert renewals(peer) == 1
    await store.close()


async def test_while_another_process_renews_the_old_token_serves_until_its_end(member: Member, peer: TokenPeer) -> None:
    await member.install(peer.grant())
    first = await token_of(member)
    member.pass_by(hours=11, minutes=59)
    now = member.clock.now()
    async with member.store.write_transaction() as work:
        assert await work.installations.claim("slack", "T1", now, now + timedelta(hours=9))
    assert await token_of(fresh(member)) == first
    member.pass_by(minutes=1)
    waiting = asyncio.create_task(token_of(fresh(member)))
    await asyncio.sleep(0)
    async with member.store.write_transaction() as work:
        held = await work.installations.get("slack", "T1")
        assert held
        new = OAuthToken("T1", "", "Club", "UBOTT1", "xoxb-other", "xoxe-other", 0, now + timedelta(hours=12))
        await work.installations.save(new.encrypted(FernetCipher.of(KEY)))
    assert await waiting == "xoxb-other"
    assert renewals(peer) == 0


async def test_who_waits_too_long_is_told_so(member: Member, peer: TokenPeer, monkeypatch: pytest.MonkeyPatch) -> None:
    await member.install(peer.grant())
    member.pass_by(hours=13)
    now = member.clock.now()
    async with member.store.write_transaction() as work:
        assert await work.installations.claim("slack", "T1", now, now + timedelta(minutes=1))
    monkeypatch.setattr(renewal, "POLL_INTERVAL", 0)
    with pytest.raises(SlackError, match="is being renewed and that takes long"):
        await fresh(member).tokens.find("T1")
    member.pass_by(minutes=1)
    assert await token_of(member) in peer.good


async def test_without_an_answer_the_old_token_serves_while_it_is_good(member: Member, peer: TokenPeer) -> None:
    await member.install(peer.grant())
    first = await token_of(member)
    peer.answers["oauth.v2.access"] = [hung_up, answering(refused("internal_error")), hung_up]
    member.pass_by(hours=11, minutes=59)
    for _ in range(2):
        assert await token_of(fresh(member)) == first
    member.pass_by(hours=1)
    with pytest.raises(SlackError, match="Slack does not answer"):
        await fresh(member).tokens.find("T1")
    assert await member.tokens.all() != []
    assert await token_of(member) != first


async def test_a_token_that_slack_renews_no_more_says_what_to_do(member: Member, peer: TokenPeer) -> None:
    for team in ("T1", "T2"):
        await member.install(peer.grant(team))
    peer.renewals = {name: given for name, given in peer.renewals.items() if given["team"]["id"] == "T2"}
    member.pass_by(hours=13)
    with pytest.raises(SlackError, match=LOST):
        await fresh(member).tokens.find("T1")
    assert [installation.team for installation in await member.tokens.all()] == ["T2"]
    await member.tokens.renew_expiring()
    await member.install(peer.grant("T1"))
    assert await token_of(member) in peer.good


@pytest.mark.parametrize("more", [{"team": {"id": "T9"}}, {"access_token": ""}, {"expires_in": "soon"}])
async def test_an_answer_that_is_of_somebody_else_or_none_is_not_kept(
    member: Member, peer: TokenPeer, more: dict[str, object]
) -> None:
    await member.install(peer.grant())
    member.pass_by(hours=13)
    given = {"ok": True, "access_token": "xoxb-9", "refresh_token": "xoxe-9", "expires_in": 9, "team": {"id": "T1"}}
    peer.answers["oauth.v2.access"] = [answering({**given, **more})]
    with pytest.raises(SlackError, match="cannot be read"):
        await fresh(member).tokens.find("T1")
    assert await token_of(member) in peer.good


async def test_a_renewal_is_finished_though_nobody_waits_for_it(member: Member, peer: TokenPeer) -> None:
    await member.install(peer.grant())
    member.pass_by(hours=13)
    begun, goes_on = asyncio.Event(), asyncio.Event()

    async def slow(request: object) -> object:
        begun.set()
        await goes_on.wait()
        given = {"ok": True, "access_token": "xoxb-slow", "refresh_token": "xoxe-slow", "expires_in": 43200}
        return await answering({**given, "team": {"id": "T1"}})(request)  # type: ignore[arg-type]  # it looks at nothing

    peer.answers["oauth.v2.access"] = [slow]  # type: ignore[list-item]  # as above
    async with member.service.tokens_refreshed():
        await asyncio.wait_for(begun.wait(), 60)
        asyncio.get_running_loop().call_soon(goes_on.set)
    assert await token_of(member) == "xoxb-slow"


async def test_a_new_token_is_kept_though_the_database_fails_for_a_moment(
    peer: TokenPeer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(renewal, "SAVE_PAUSES", (0, 0, 0))
    store = Failing()
    async with member_of(store, peer) as member:
        await member.install(peer.grant())
        member.pass_by(hours=13)

        async def failing_now(request: web.Request) -> web.StreamResponse:
            store.failures = 3
            return await peer.handle(request)

        peer.answers["oauth.v2.access"] = [failing_now]
        assert await token_of(fresh(member)) in peer.good
        assert (store.failures, renewals(peer)) == (0, 2)
        member.pass_by(hours=13)
        store.failures = 9
        store.failed.clear()
        async with member.service.tokens_refreshed():
            await asyncio.wait_for(store.failed.wait(), 60)
        store.failures = 0
        assert await token_of(fresh(member)) in peer.good


async def test_what_is_installed_anew_during_a_renewal_is_what_counts(member: Member, peer: TokenPeer) -> None:
    await member.install(peer.grant())
    member.pass_by(hours=13)

    async def meanwhile(request: object) -> object:
        await member.install(peer.grant())
        given = {"ok": True, "access_token": "xoxb-late", "refresh_token": "xoxe-late", "expires_in": 43200}
        return await answering({**given, "team": {"id": "T1"}})(request)  # type: ignore[arg-type]  # it looks at nothing

    peer.answers["oauth.v2.access"] = [meanwhile]  # type: ignore[list-item]  # as above
    assert await token_of(fresh(member)) in peer.good


async def test_a_workspace_lives_off_its_organization_and_is_remembered(member: Member, peer: TokenPeer) -> None:
    await member.install(peer.grant("", org="E1", whole=True))
    (token,) = peer.good
    assert await member.tokens.find("T1") is None
    assert await member.tokens.find("T1", "E2") is None
    org = Workspace("", "Umbrella", token, "UBOT", "E1")
    in_club = Workspace("T1", "Umbrella", token, "UBOT", "E1")
    assert await member.tokens.find("T1", "E1") == in_club
    assert await fresh(member).tokens.find("T1") == in_club
    assert await member.tokens.find("", "E1") == org
    assert await member.tokens.find("", "E2") is None
    assert await member.tokens.all() == [org]
    member.pass_by(hours=13)
    assert await token_of(fresh(member)) != token
    await member.install(peer.grant("T1", "Club", "E1"))
    own = await fresh(member).tokens.find("T1", "E1")
    assert own
    assert own.name == "Club"


async def test_a_token_is_looked_for_again_after_a_while_and_few_are_remembered(
    member: Member, peer: TokenPeer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for team in ("T1", "T2"):
        await member.install(peer.grant(team))
    first = await token_of(member)
    other = tokens_on(member.store, member.clock, peer.api)
    await other.remove("T1", member.clock.now().timestamp() + 1)
    assert await token_of(member) == first
    monkeypatch.setattr(installations, "CACHE_SIZE", 1)
    few = tokens_on(member.store, member.clock, peer.api)
    await few.save(OAuthToken("T3", "", "Club", "UBOT", "xoxb-3", "", 0))
    for team in ("T2", "T3"):
        assert await few.find(team)
    assert list(few._cache) == ["T3"]
    fresh(member)
    assert await member.tokens.find("T1") is None


async def test_a_new_key_seals_anew_what_an_old_one_sealed(store: Store, peer: TokenPeer) -> None:
    clock = FrozenClock()
    old = tokens_on(store, clock, peer.api, OLD_KEY)
    await old.save(OAuthToken("T1", "", "Club", "UBOT", "xoxb-1", "", 0))
    both, new = (tokens_on(store, clock, peer.api, keys) for keys in (f"{KEY},{OLD_KEY}", KEY))
    assert await new.stored_tokens() == [("T1", None)]
    assert await new.all() == []
    await new.renew_expiring()
    await both.renew_expiring()
    found = await new.find("T1")
    assert found
    assert found.token == "xoxb-1"
    async with store.read_transaction() as work:
        before = await work.installations.get("slack", "T1")
    await both.renew_expiring()
    async with store.read_transaction() as work:
        assert await work.installations.get("slack", "T1") == before
    with pytest.raises(SlackError, match="sealed with another key"):
        await tokens_on(store, clock, peer.api, OLD_KEY).find("T1")


async def test_who_cannot_have_the_lease_seals_nothing_anew(peer: TokenPeer) -> None:
    store, clock = MemoryStore(), FrozenClock()
    await tokens_on(store, clock, peer.api, OLD_KEY).save(OAuthToken("T1", "", "Club", "UBOT", "xoxb-1", "", 0))
    async with store.write_transaction() as work:
        held = await work.installations.claim("slack", "T1", clock.now(), clock.now() + timedelta(minutes=1))
    await tokens_on(store, clock, peer.api, f"{KEY},{OLD_KEY}").renew_expiring()
    async with store.read_transaction() as work:
        assert await work.installations.get("slack", "T1") == held


async def test_a_row_cannot_be_passed_off_as_anothers(member: Member, peer: TokenPeer) -> None:
    await member.install(peer.grant("T1"))
    async with member.store.write_transaction() as work:
        stolen = await work.installations.get("slack", "T1")
        assert stolen
        await work.installations.save(Installation("slack", "T2", stolen.sealed))
    with pytest.raises(SlackError, match="T2: a secret in the database was sealed for somebody else"):
        await member.tokens.find("T2")


async def test_a_dump_of_the_database_shows_no_token(tmp_path: Path, peer: TokenPeer) -> None:
    url = f"sqlite:///{tmp_path / 'hallway.db'}"
    await migrate(url)
    store = SqlStore.at(url)
    async with member_of(store, peer) as member:
        await member.install(peer.grant())
        member.pass_by(hours=13)
        await token_of(fresh(member))
    await store.close()
    dump = "\n".join(sqlite3.connect(tmp_path / "hallway.db").iterdump())
    files = b"".join(file.read_bytes() for file in sorted(tmp_path.iterdir()))  # noqa: ASYNC240 — nobody waits
    assert "installation" in dump
    for secret in ("xoxb-", "xoxe", *peer.good, *peer.renewals):
        assert secret not in dump
        assert secret.encode() not in files


async def test_no_token_is_logged_or_shown(
    member: Member, peer: TokenPeer, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(0):
        await member.install(peer.grant())
        peer.answers["oauth.v2.access"] = [answering({**refused("internal_error"), "quoted": "xoxe-refresh"})]
        member.pass_by(hours=11, minutes=59)
        await token_of(fresh(member))
        member.pass_by(hours=9)
        await token_of(fresh(member))
    written = (
        "".join(capsys.readouterr()) + caplog.text + repr(member.service) + repr(await member.tokens.stored_tokens())
    )
    for secret in ("xoxb", "xoxe", "s3cret", KEY):
        assert secret not in written


async def test_the_workspace_of_one_token_is_asked_for_once(peer: TokenPeer) -> None:
    peer.good["xoxb-1"] = {"team": {"id": "T1", "name": "Club"}, "enterprise": None, "bot_user_id": "UB"}
    one = SingleWorkspace("xoxb-1", new_client(peer.api))
    found = await asyncio.gather(one.find("T1"), one.find("T1", "E1"), one.find("T2"))
    club = Workspace("T1", "Club", "xoxb-1", "UB")
    assert list(found) == [club, club, None]
    assert await one.all() == (club,)
    assert await one.remove("T1", 0) == ("T1",)
    await one.keep_tokens_fresh()
    assert peer.count("auth.test") == 1
    assert "xoxb" not in repr(one)


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (answering(refused("invalid_auth")), "Slack refuses the bot token: copy it again"),
        (answering(refused("ratelimited"), 429), r"Slack says no \(ratelimited\)"),
        (answering(refused("<b>")), r"Slack says no \(no reason given\)"),
        (answering({"ok": False}), "Slack's answer cannot be read"),
        (answering("<html>", 500), "Slack's answer cannot be read"),
        (answering("[1]"), "Slack's answer cannot be read"),
        (hung_up, "Slack does not answer"),
    ],
)
async def test_a_token_that_cannot_be_used_is_one_sentence(peer: TokenPeer, answer: object, sentence: str) -> None:
    peer.answers["auth.test"] = [answer]  # type: ignore[list-item]  # they are answers
    one = SingleWorkspace("xoxb-1", new_client(peer.api))
    with pytest.raises(SlackError, match=sentence) as caught:
        await one.all()
    assert "xoxb" not in str(caught.value)
