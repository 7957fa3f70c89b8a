"""A conference with its pages, over real HTTP, with a clock that stands still."""

import re
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import aiohttp
from aiohttp import web
from aiohttp.typedefs import Handler
from prometheus_client import CollectorRegistry

from adapters.web import Monitoring, WebLimits, build, serve
from adapters.web.public_pages import Operator
from adapters.web.site import Site
from bot.app.ports import Store
from bot.app.text.web_side import WebSide
from bot.pictures.page_map import page_map
from tests.fakes.app_harness import AppHarness

WEB = WebSide("https://hallway.example.org")
SECRET = re.compile(r"https://hallway\.example\.org/p/([a-z2-7]{26})/")
FIRST_SECONDS = 100.0


@dataclass
class Answer:
    """A response that was read completely."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


@dataclass
class SiteHarness:
    """Type in the chat, and ask as a browser or a calendar does; `seconds` is the clock of caches and limits."""

    app: AppHarness
    url: str = ""
    seconds: float = FIRST_SECONDS
    refused: list[str] = field(default_factory=list)
    is_cut: bool = False
    pages: Site = field(init=False)

    async def secret(self, line: str = "/agenda calendar") -> str:
        """The secret of the present user's private address."""
        reply = await self.app.ask(line)
        found = SECRET.match(reply.links[0].url)
        assert found
        return found[1]

    async def get(self, path: str, **headers: str) -> Answer:
        return await self.send("GET", path, headers=headers)

    async def send(self, method: str, path: str, **more: object) -> Answer:
        self.seconds += 6
        async with (
            aiohttp.ClientSession(auto_decompress=True) as client,
            client.request(method, self.url + path, allow_redirects=False, **more) as answer,  # type: ignore[arg-type]  # passed on
        ):
            return Answer(answer.status, answer.headers, await answer.read())


@asynccontextmanager
async def served(
    app: AppHarness,
    side: WebSide = WEB,
    limits: WebLimits | None = None,
    operator: Operator | None = None,
    more: Sequence[web.AbstractRouteDef] = (),
) -> AsyncIterator[SiteHarness]:
    """The pages of a conference, and `more` routes, on a server that runs while the block does."""
    harness = SiteHarness(app)
    limits = limits or WebLimits(lambda: harness.seconds, harness.refused.append)
    site = harness.pages = Site(app.dispatch, app.store, side, limits, page_map, operator or Operator())
    web_app = build(Monitoring({}, CollectorRegistry()), [*site.routes, *more])

    @web.middleware
    async def cut(request: web.Request, handler: Handler) -> web.StreamResponse:
        if harness.is_cut and request.transport:
            # As in a hall without a network: the request does nothing and gets no answer.
            request.transport.abort()
            return web.Response()
        return await handler(request)

    web_app.middlewares.insert(0, cut)
    async with serve(web_app, "127.0.0.1", 0) as port:
        harness.url = f"http://127.0.0.1:{port}"
        yield harness


@asynccontextmanager
async def site_harness(
    store: Store | None = None, side: WebSide = WEB, limits: WebLimits | None = None, operator: Operator | None = None
) -> AsyncIterator[SiteHarness]:
    """A conference whose pages are served while the block runs."""
    app = await AppHarness(store, web=side).publish()
    async with served(app, side, limits, operator) as harness:
        yield harness
