"""Installing by the browser, over real HTTP: what is kept, and every way in which it ends otherwise."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

import pytest

from adapters.slack.manifest import LINK_SCOPES, SCOPES
from adapters.slack.oauth.client_address import client_network
from adapters.slack.oauth.routes import STARTS_AT_ONCE
from adapters.slack.oauth.token import Workspace
from bot.app.ports import Store
from tests.adapters.slack.workspaces import PUBLIC, Browser, Failing, Member, Seen, member_of
from tests.fake_servers.slack_oauth import CLIENT_ID, TokenPeer, answering, hung_up, refused, token_peer
from tests.fakes.memory_store import MemoryStore


@pytest.fixture
async def peer() -> AsyncIterator[TokenPeer]:
    async with token_peer() as made:
        yield made


@pytest.fixture
async def member(peer: TokenPeer) -> AsyncIterator[Member]:
    async with member_of(MemoryStore(), peer) as made:
        yield made


async def test_somebody_is_sent_to_slack_with_the_least_scopes_and_a_word_of_their_own(
    member: Member, peer: TokenPeer
) -> None:
    browser = Browser(member.port)
    seen = await browser.get("/slack/install")
    where = urlsplit(seen.headers["Location"])
    assert (f"{where.scheme}://{where.netloc}", where.path) == (peer.url, "/oauth/v2/authorize")
    query = {name: values for name, (values,) in parse_qs(where.query).items()}
    assert query == {
        "client_id": CLIENT_ID,
        "scope": ",".join(sorted({*SCOPES, *LINK_SCOPES})),
        "redirect_uri": f"{PUBLIC}/slack/oauth_redirect",
        "state": query["state"],
    }
    assert len(query["state"]) == 43
    (name, value) = next(iter(browser.cookies.items()))
    assert name == "__Host-hallway-slack"
    assert browser.set_cookie == f"{name}={value}; HttpOnly; Max-Age=600; Path=/; SameSite=Lax; Secure"
    assert seen.headers["Cache-Control"] == "no-store"


async def test_a_workspace_that_installs_is_kept_and_greeted_by_its_name(member: Member, peer: TokenPeer) -> None:
    code = peer.grant("T1", "Club & <b>Sons</b>")
    seen = await member.install(code)
    assert (seen.status, seen.title) == (200, "Hallway is in Club &amp; &lt;b&gt;Sons&lt;/b&gt;")
    assert 'href="https://slack.com/app_redirect?app=A1&amp;team=T1"' in seen.text
    assert peer.asked[-1] == ("oauth.v2.access", {"code": code, "redirect_uri": f"{PUBLIC}/slack/oauth_redirect"})
    (token,) = peer.good
    workspace = Workspace("T1", "Club & <b>Sons</b>", token, "UBOTT1")
    assert await member.tokens.find("T1") == workspace
    assert await member.tokens.all() == [workspace]
    assert await member.left("T1") is False
    assert token not in seen.text + repr(workspace) + repr(member.service)


async def test_pages_fit_a_phone_and_can_do_nothing(member: Member) -> None:
    seen = await Browser(member.port).get("/slack/oauth_redirect")
    assert '<meta name="viewport" content="width=device-width, initial-scale=1">' in seen.text
    assert "<script" not in seen.text
    policy = seen.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; ")
    assert "frame-ancestors 'none'" in policy
    assert seen.headers["Content-Type"] == "text/html; charset=utf-8"
    assert seen.headers["Referrer-Policy"] == "no-referrer"
    assert f'href="{PUBLIC}/slack/install"' in seen.text


@dataclass
class Case:
    """One way to come back; `state`, `code` and `cookies` may be spoilt, the time may pass."""

    member: Member
    browser: Browser
    state: str
    query: dict[str, str] = field(default_factory=dict)

    async def go(self) -> Seen:
        return await self.browser.back(self.state, **self.query)


Spoil = Callable[[Case], Awaitable[None]]


async def as_it_should_be(case: Case) -> None: ...


async def without_cookie(case: Case) -> None:
    case.browser.cookies.clear()


async def with_the_cookie_of_another(case: Case) -> None:
    other = Browser(case.member.port)
    await other.begin()
    case.browser.cookies = other.cookies


async def with_a_cookie_that_is_none(case: Case) -> None:
    case.browser.cookies = dict.fromkeys(case.browser.cookies, "x" * 5000)


async def with_a_state_of_ones_own(case: Case) -> None:
    case.state = "s" * 43


async def with_hostile_state(case: Case) -> None:
    case.state = "<script>alert(1)</script>' OR 1=1 --\x00"


async def without_state(case: Case) -> None:
    case.state = ""


async def ten_minutes_later(case: Case) -> None:
    case.member.pass_by(minutes=10)


async def nearly_ten_minutes_later(case: Case) -> None:
    case.member.pass_by(minutes=9, seconds=59)


async def a_second_time(case: Case) -> None:
    await case.go()
    case.query["code"] = case.member.peer.grant("T2")


async def after_a_try_in_another_browser(case: Case) -> None:
    stranger = Browser(case.member.port)
    await stranger.begin()
    await stranger.back(case.state, **case.query)


async def without_code(case: Case) -> None:
    del case.query["code"]


async def with_hostile_code(case: Case) -> None:
    case.query["code"] = "<img src=x onerror=alert(1)>"


async def with_a_used_code(case: Case) -> None:
    case.member.peer.codes.clear()


async def denied(case: Case) -> None:
    case.query = {"error": "access_denied"}


async def denied_without_cookie(case: Case) -> None:
    case.query = {"error": "access_denied"}
    case.browser.cookies.clear()


async def with_another_error(case: Case) -> None:
    case.query = {"error": "<b>invalid_scope</b>"}


async def with_a_wrong_client_secret(case: Case) -> None:
    case.member.peer.answers["oauth.v2.access"] = [answering(refused("bad_client_secret"))]


async def while_slack_is_away(case: Case) -> None:
    case.member.peer.answers["oauth.v2.access"] = [hung_up]


async def while_slack_is_broken(case: Case) -> None:
    case.member.peer.answers["oauth.v2.access"] = [answering("<html>Bad gateway</html>", 502)]


async def with_an_answer_without_token(case: Case) -> None:
    case.member.peer.answers["oauth.v2.access"] = [answering({"ok": True, "team": {"id": "T1"}})]


async def with_an_answer_without_team(case: Case) -> None:
    case.member.peer.answers["oauth.v2.access"] = [answering({"ok": True, "access_token": "xoxb-1", "team": "T1"})]


NOT_BEGUN, OVER = (400, "This was not begun in this browser"), (400, "This link is over")
DENIED, NO_CODE = (200, "Nothing was installed"), (400, "Slack sent no code")
BAD_CODE, BAD_APP = (400, "Slack did not take its own code"), (502, "Slack does not know this Hallway")
NO_ANSWER, WELL = (502, "Slack does not answer"), (200, "Hallway is in Club")
TABLE: list[tuple[Spoil, tuple[int, str], int]] = [
    (as_it_should_be, WELL, 1),
    (nearly_ten_minutes_later, WELL, 1),
    (without_cookie, NOT_BEGUN, 0),
    (with_a_cookie_that_is_none, NOT_BEGUN, 0),
    (without_state, NOT_BEGUN, 0),
    (with_hostile_state, NOT_BEGUN, 0),
    (with_the_cookie_of_another, OVER, 0),
    (with_a_state_of_ones_own, OVER, 0),
    (ten_minutes_later, OVER, 0),
    (a_second_time, OVER, 1),
    (after_a_try_in_another_browser, OVER, 0),
    (without_code, NO_CODE, 0),
    (with_hostile_code, NO_CODE, 0),
    (with_another_error, NO_CODE, 0),
    (denied, DENIED, 0),
    (denied_without_cookie, DENIED, 0),
    (with_a_used_code, BAD_CODE, 0),
    (with_a_wrong_client_secret, BAD_APP, 0),
    (while_slack_is_away, NO_ANSWER, 0),
    (while_slack_is_broken, NO_ANSWER, 0),
    (with_an_answer_without_token, NO_ANSWER, 0),
    (with_an_answer_without_team, NO_ANSWER, 0),
]


@pytest.mark.parametrize(("spoil", "expected", "stored"), TABLE, ids=[row[0].__name__ for row in TABLE])
async def test_every_way_back_ends_on_its_own_page(
    member: Member, peer: TokenPeer, spoil: Spoil, expected: tuple[int, str], stored: int
) -> None:
    browser = Browser(member.port)
    case = Case(member, browser, await browser.begin(), {"code": peer.grant()})
    await spoil(case)
    seen = await case.go()
    assert (seen.status, seen.title) == expected
    for hostile in ("<script", "<img", "<b>", "xoxb"):
        assert hostile not in seen.text
    assert len(await member.tokens.all()) == stored


async def test_what_is_not_a_get_uses_no_word_up(member: Member, peer: TokenPeer) -> None:
    browser = Browser(member.port)
    state = await browser.begin()
    query = {"state": state, "code": peer.grant()}
    for method in ("HEAD", "POST"):
        assert (await browser.get("/slack/oauth_redirect", query, method)).status == 405
    assert (await browser.back(**query)).status == 200


async def test_two_tabs_of_one_browser_may_both_come_back(member: Member, peer: TokenPeer) -> None:
    browser = Browser(member.port)
    first, second = await browser.begin(), await browser.begin()
    assert (await browser.back(first, code=peer.grant("T1"))).status == 200
    assert (await browser.back(second, code=peer.grant("T2"))).status == 200
    assert [installation.team for installation in await member.tokens.all()] == ["T1", "T2"]


async def test_of_two_that_come_back_at_once_one_is_let_in(store: Store, peer: TokenPeer) -> None:
    async with member_of(store, peer) as member:
        browser = Browser(member.port)
        state = await browser.begin()
        seen = await asyncio.gather(*(browser.back(state, code=peer.grant(f"T{n}")) for n in range(4)))
    assert sorted(answer.status for answer in seen) == [200, 400, 400, 400]


async def test_what_one_process_began_another_finishes(store: Store, peer: TokenPeer) -> None:
    async with member_of(store, peer) as before:
        browser = Browser(before.port)
        state = await browser.begin()
    async with member_of(store, peer, before.clock) as after:
        browser.port = after.port
        assert (await browser.back(state, code=peer.grant())).title == "Hallway is in Club"
        assert (await after.tokens.find("T1")) is not None


async def test_without_https_the_cookie_has_a_name_that_browsers_allow(peer: TokenPeer) -> None:
    async with member_of(MemoryStore(), peer, public="http://localhost:8080/") as member:
        browser = Browser(member.port)
        state = await browser.begin()
        assert list(browser.cookies) == ["hallway-slack"]
        assert "Secure" not in browser.set_cookie
        assert (await browser.back(state, code=peer.grant())).status == 200
        assert peer.asked[-1][1]["redirect_uri"] == "http://localhost:8080/slack/oauth_redirect"


async def test_an_organization_that_installs_has_no_workspace_of_its_own(member: Member, peer: TokenPeer) -> None:
    seen = await member.install(peer.grant("", org="E1", whole=True))
    assert (seen.status, seen.title) == (200, "Hallway is in Umbrella")
    assert 'href="https://slack.com/app_redirect?app=A1"' in seen.text
    async with member.store.read_transaction() as work:
        assert await work.communities.on_platform("slack") == []


async def test_a_database_that_does_not_answer_is_said_so(peer: TokenPeer) -> None:
    store = Failing()
    async with member_of(store, peer) as member:
        browser = Browser(member.port)
        state = await browser.begin()
        store.failures = 2
        expected = (503, "Hallway cannot keep what Slack gave")
        for seen in (await browser.back(state, code=peer.grant()), await browser.get("/slack/install")):
            assert (seen.status, seen.title) == expected


async def test_whoever_asks_again_and_again_costs_the_database_little(member: Member) -> None:
    browser = Browser(member.port)
    seen = await asyncio.gather(*(browser.get("/slack/install") for _ in range(30)))
    assert sorted({(answer.status, answer.title) for answer in seen}) == [
        (302, ""),
        (503, "Too many begin at this moment"),
    ]
    assert sum(answer.status == 302 for answer in seen) < 25


async def test_one_address_that_begins_many_installations_keeps_nobody_else_from_it(member: Member) -> None:
    greedy = Browser(member.port, address="8.8.8.8")
    seen = await asyncio.gather(*(greedy.get("/slack/install") for _ in range(200)))
    assert sum(answer.status == 302 for answer in seen) == STARTS_AT_ONCE
    others = [Browser(member.port, address=address) for address in ("9.9.9.9", "8.8.4.4, 1.1.1.1", "2606:4700::1", "")]
    assert [(await other.get("/slack/install")).status for other in others] == [302] * 4


@pytest.mark.parametrize(
    ("peer", "header", "network"),
    [
        ("8.8.8.8", "", "8.8.8.8"),
        ("8.8.8.8", "9.9.9.9", "8.8.8.8"),
        ("127.0.0.1", "9.9.9.9", "9.9.9.9"),
        ("10.0.0.2", "1.2.3.4, 9.9.9.9", "9.9.9.9"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", "unknown", "127.0.0.1"),
        ("::1", "2606:4700:1:2:3:4:5:6", "2606:4700:1:2::/64"),
        ("::ffff:127.0.0.1", "9.9.9.9", "9.9.9.9"),
        ("2606:4700:1:2:3:4:5:6", "9.9.9.9", "2606:4700:1:2::/64"),
        (None, "9.9.9.9", "9.9.9.9"),
    ],
)
def test_the_address_of_a_browser_is_what_the_proxy_says_and_not_what_the_browser_says(
    peer: str | None, header: str, network: str
) -> None:
    assert client_network(peer, header) == network
