"""Installation by the browser with OAuth 2: a `state` that only the browser that started it can use, and only once.

Bolt's AsyncOAuthFlow is not used: its cookie holds one state, so two tabs break each other; a state that is tried in
another browser stays valid; and it cannot tell a wrong client secret or a missing answer from a bad code.
"""

import asyncio
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from hashlib import sha256
from typing import Any

import structlog
import yarl
from aiohttp import web
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.manifest import ManifestOptions
from adapters.slack.oauth import pages
from adapters.slack.oauth.client_address import FORWARDED_FOR, client_network
from adapters.slack.oauth.installations import StoredWorkspaces
from adapters.slack.oauth.pages import ResultPage
from adapters.slack.oauth.token import PLATFORM, OAuthToken
from adapters.slack.web_client import API_URL, AppCredentials, SlackError, SlackRefusedError, oauth_access
from bot.app.access.communities import CommunityService
from bot.app.delivery.rate_limiter import Bucket, RateLimiter
from bot.app.dispatcher.limits import Budget
from bot.app.ports import Clock, Store
from bot.domain.errors import StoreError

START_PATH, REDIRECT_PATH = "/slack/install", "/slack/oauth_redirect"
STATE_LIFETIME = timedelta(minutes=10)
RANDOM_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
"""The shape of `secrets.token_urlsafe(32)`."""
CODE = re.compile(r"[A-Za-z0-9._-]{1,300}")
ID = re.compile(r"[A-Z0-9]{1,30}")
START_BUCKET, MAX_WAIT = Bucket("installations", a_second=20, burst=100), 1.0
"""Anybody may open the start page, and each time costs a write: its limit for all together, and the seconds that a
request waits."""
STARTS_AT_ONCE, STARTS_A_SECOND = 10, 0.2
"""The limit of one address, so that nobody uses up the limit of all together."""
ACCESS_DENIED = "access_denied"
STALE_CODE = frozenset({"code_already_used", "code_expired", "invalid_code"})

log = structlog.get_logger("hallway.slack")


@dataclass(frozen=True, slots=True)
class OAuthRoutes:
    """The two routes of an installation; one process may start it and another finish it."""

    app: AppCredentials
    client: AsyncWebClient = field(repr=False)
    public_url: str
    store: Store
    clock: Clock
    workspaces: StoredWorkspaces
    hosting: CommunityService
    pacer: RateLimiter = field(default_factory=RateLimiter)
    starts: Budget = field(default_factory=lambda: Budget(STARTS_AT_ONCE, STARTS_A_SECOND))

    def routes(self) -> Sequence[web.AbstractRouteDef]:
        """Return routes that answer only GET, because the HEAD of a link preview would use up the state."""
        return (
            web.get(START_PATH, self.start, allow_head=False),
            web.get(REDIRECT_PATH, self.finish, allow_head=False),
        )

    async def start(self, request: web.Request) -> web.StreamResponse:
        """Redirect to Slack's page with a new state, and bind the state to this browser by a cookie."""
        address = client_network(request.remote, ",".join(request.headers.getall(FORWARDED_FOR, ())))
        if self.starts.take((PLATFORM, address), self.pacer.time()):
            return self._response(pages.BUSY)
        try:
            async with asyncio.timeout(MAX_WAIT):
                await self.pacer.acquire(START_BUCKET)
        except TimeoutError:
            return self._response(pages.BUSY)
        cookie = request.cookies.get(self._cookie_name, "")
        browser = cookie if RANDOM_TOKEN.fullmatch(cookie) else secrets.token_urlsafe(32)
        state, now = secrets.token_urlsafe(32), self.clock.now()
        try:
            async with self.store.write_transaction() as work:
                await work.oauth_states.issue(_digest(state), _digest(browser), now, now + STATE_LIFETIME)
        except StoreError as fault:
            log.warning("an installation could not begin", fault=str(fault))
            return self._response(pages.NOT_STORED)
        response = web.Response(status=302, headers={**pages.HEADERS, "Location": self._authorize_url(state)})
        response.set_cookie(
            self._cookie_name,
            browser,
            max_age=int(STATE_LIFETIME.total_seconds()),
            secure=self._is_https,
            httponly=True,
            samesite="Lax",
        )
        return response

    async def finish(self, request: web.Request) -> web.StreamResponse:
        """Check the state, exchange the code for a token, and store the token."""
        try:
            page = await self._finish(request.query, request.cookies.get(self._cookie_name, ""))
        except StoreError as fault:
            log.warning("an installation could not be kept", fault=str(fault))
            page = pages.NOT_STORED
        return self._response(page)

    async def _finish(self, query: Mapping[str, str], browser: str) -> ResultPage:
        state, code = query.get("state", ""), query.get("code", "")
        if not RANDOM_TOKEN.fullmatch(browser) or not RANDOM_TOKEN.fullmatch(state):
            return pages.DENIED if query.get("error") == ACCESS_DENIED else pages.NOT_BEGUN
        async with self.store.write_transaction() as work:
            is_valid = await work.oauth_states.consume(_digest(state), _digest(browser), self.clock.now())
        if query.get("error") == ACCESS_DENIED:
            return pages.DENIED
        if not is_valid:
            return pages.OVER
        if not CODE.fullmatch(code):
            return pages.NO_CODE
        return await self._install(code)

    async def _install(self, code: str) -> ResultPage:
        try:
            answer = await oauth_access(self.client, self.app, code=code, redirect_uri=self._url(REDIRECT_PATH))
            token = OAuthToken.from_answer(answer, self.clock.now())
        except SlackRefusedError as refusal:
            log.warning("Slack refused an installation", code=refusal.code)
            return pages.BAD_CODE if refusal.code in STALE_CODE else pages.BAD_APP
        except SlackError as fault:
            log.warning("an installation was not answered", fault=str(fault))
            return pages.NO_ANSWER
        await self.workspaces.save(token)
        if token.team:
            await self.hosting.joined(PLATFORM, token.team, token.name)
        log.info("installed", tenant=token.tenant)
        return pages.installed(token.name, _app_url(answer, token))

    def _response(self, page: ResultPage) -> web.Response:
        if page.button and not page.address:
            page = replace(page, address=self._url(START_PATH))
        return web.Response(status=page.status, text=page.html, content_type="text/html", headers=pages.HEADERS)

    def _authorize_url(self, state: str) -> str:
        """Return the address of Slack's page that asks for permission, on the host of the Web API."""
        query = {
            "client_id": self.app.client_id,
            "scope": ",".join(sorted(ManifestOptions(self.public_url).scopes)),
            "state": state,
            "redirect_uri": self._url(REDIRECT_PATH),
        }
        return str(yarl.URL(self.client.base_url or API_URL).with_path("/oauth/v2/authorize").with_query(query))

    def _url(self, path: str) -> str:
        return f"{self.public_url.rstrip('/')}{path}"

    @property
    def _is_https(self) -> bool:
        return self.public_url.startswith("https:")

    @property
    def _cookie_name(self) -> str:
        """Over HTTPS, a name with a prefix that browsers accept only from this very host."""
        return "__Host-hallway-slack" if self._is_https else "hallway-slack"


def _app_url(answer: Mapping[str, Any], token: OAuthToken) -> str:
    """Return the address that opens the app in the workspace."""
    query = {"app": answer.get("app_id"), "team": token.team}
    valid = {name: value for name, value in query.items() if isinstance(value, str) and ID.fullmatch(value)}
    return str(yarl.URL("https://slack.com/app_redirect").with_query(valid))


def _digest(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()
