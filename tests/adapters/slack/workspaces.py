"""A service with a server that gives tokens, and the browser of somebody who installs."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import aiohttp
from prometheus_client import CollectorRegistry

from adapters.slack.oauth.installations import StoredWorkspaces
from adapters.slack.oauth.workspaces import OAuthCredentials, WorkspaceService
from adapters.slack.web_client import AppCredentials, new_client
from adapters.web import Monitoring, build, serve
from bot.app.access.communities import CommunityService
from bot.app.ports import Store
from bot.app.schedules.cache import ScheduleCache
from bot.domain.errors import StoreError
from bot.search import index_of
from bot.storage.cipher import FernetCipher
from tests.fake_servers.slack_oauth import CLIENT_ID, CLIENT_SECRET, TokenPeer
from tests.fakes.app_harness import FrozenClock
from tests.fakes.memory_store import MemoryStore, MemoryUnitOfWork

KEY, OLD_KEY = "k" * 43 + "=", "o" * 43 + "="
PUBLIC = "https://hallway.test"


@dataclass
class Failing(MemoryStore):
    """A store whose next writes fail."""

    failures: int = 0
    failed: asyncio.Event = field(default_factory=asyncio.Event)

    @asynccontextmanager
    async def write_transaction(self) -> AsyncIterator[MemoryUnitOfWork]:
        if self.failures:
            self.failures -= 1
            self.failed.set()
            raise StoreError("The database db cannot be used: disk full.")
        async with MemoryStore.write_transaction(self) as work:
            yield work


def hosting_on(store: Store, clock: FrozenClock) -> CommunityService:
    return CommunityService(store, clock, ScheduleCache(index_of), lambda: None)


def tokens_on(store: Store, clock: FrozenClock, api: str, keys: str = KEY) -> StoredWorkspaces:
    """What another process, or the same after a restart, has on the same store."""
    return StoredWorkspaces(
        store, FernetCipher.of(keys), clock, AppCredentials(CLIENT_ID, CLIENT_SECRET), new_client(api)
    )


@dataclass
class Member:
    """A service that is served, and the clock that it goes by."""

    service: WorkspaceService
    store: Store
    clock: FrozenClock
    peer: TokenPeer
    port: int
    public: str = PUBLIC

    @property
    def tokens(self) -> StoredWorkspaces:
        workspaces = self.service.workspaces
        assert isinstance(workspaces, StoredWorkspaces)
        return workspaces

    async def install(self, code: str) -> "Seen":
        browser = Browser(self.port)
        return await browser.back(await browser.begin(), code=code)

    async def left(self, team: str) -> bool | None:
        """Whether we were removed from a workspace; None if it is not known at all."""
        async with self.store.read_transaction() as work:
            community = await work.communities.get("slack", team)
        return None if community is None else community.left_at is not None

    def pass_by(self, **span: float) -> None:
        self.clock.move_to(self.clock.now() + timedelta(**span))


@asynccontextmanager
async def member_of(
    store: Store, peer: TokenPeer, clock: FrozenClock | None = None, public: str = PUBLIC
) -> AsyncIterator[Member]:
    clock = clock or FrozenClock()
    many = OAuthCredentials(AppCredentials(CLIENT_ID, CLIENT_SECRET), public, FernetCipher.of(KEY), clock)
    service = WorkspaceService.from_credentials(many, new_client(peer.api), store, hosting_on(store, clock))
    async with serve(build(Monitoring({}, CollectorRegistry()), service.routes), "127.0.0.1", 0) as port:
        yield Member(service, store, clock, peer, port, public)


@dataclass(frozen=True)
class Seen:
    """What a browser was answered."""

    status: int
    text: str
    headers: Mapping[str, str]

    @property
    def title(self) -> str:
        return self.text.partition("<h1>")[2].partition("</h1>")[0]


@dataclass
class Browser:
    """Keeps its cookies; goes to Slack and comes back."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    set_cookie: str = ""
    address: str = ""

    async def get(self, path: str, query: Mapping[str, str] | None = None, method: str = "GET") -> Seen:
        url = f"http://127.0.0.1:{self.port}{path}"
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {"Cookie": cookies} if cookies else {}
        if self.address:
            # As the proxy in front of Hallway writes it.
            headers["X-Forwarded-For"] = self.address
        async with (
            aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as client,
            client.request(method, url, params=query, headers=headers, allow_redirects=False) as answer,
        ):
            if "Set-Cookie" in answer.headers:
                self.set_cookie = answer.headers["Set-Cookie"]
                name, _, value = self.set_cookie.partition(";")[0].partition("=")
                self.cookies[name] = value
            return Seen(answer.status, await answer.text(), dict(answer.headers))

    async def begin(self) -> str:
        """To Slack's page; gives the state that it brings back."""
        seen = await self.get("/slack/install")
        assert seen.status == 302
        return parse_qs(urlsplit(seen.headers["Location"]).query)["state"][0]

    async def back(self, state: str, **query: str) -> Seen:
        return await self.get("/slack/oauth_redirect", {"state": state, **query})
