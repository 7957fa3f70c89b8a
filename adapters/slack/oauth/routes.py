"""Installing by the browser, as OAuth 2 wants it: off to Slack with a word that only this browser can bring back."""

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

from adapters.slack.manifest import SCOPES
from adapters.slack.oauth import pages
from adapters.slack.oauth.installations import StoredWorkspaces
from adapters.slack.oauth.pages import Page
from adapters.slack.oauth.token import PLATFORM, OAuthToken
from adapters.slack.web_client import API_URL, App, MissingScopeError, SlackError, access
from bot.app.access.communities import CommunityService
from bot.app.delivery.rate_limiter import Bucket, RateLimiter
from bot.app.ports import Clock, Store
from bot.domain.errors import StoreError

START, REDIRECT = "/slack/install", "/slack/oauth_redirect"
VALID = timedelta(minutes=10)
TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
"""What `secrets.token_urlsafe` makes of 32 bytes."""
CODE = re.compile(r"[A-Za-z0-9._-]{1,300}")
ID = re.compile(r"[A-Z0-9]{1,30}")
BEGINNINGS, PATIENCE = Bucket("installations", a_second=2, burst=20), 1.0
"""Anybody may ask for one, and each is a write: how many may begin, and the seconds that somebody waits for a turn."""
DENIED = "access_denied"
STALE = frozenset({"code_already_used", "code_expired", "invalid_code"})

log = structlog.get_logger("hallway.slack")


@dataclass(frozen=True, slots=True)
class OAuthRoutes:
    """Two routes. What was begun in one process may be finished in another: the store remembers it."""

    app: App
    client: AsyncWebClient = field(repr=False)
    public_url: str
    store: Store
    clock: Clock
    workspaces: StoredWorkspaces
    hosting: CommunityService
    pacer: RateLimiter = field(default_factory=RateLimiter)

    def routes(self) -> Sequence[web.AbstractRouteDef]:
        """A HEAD, as a preview of the link makes it, would use the word up: only GET is answered."""
        return (
            web.get(START, self.start, allow_head=False),
            web.get(REDIRECT, self.finish, allow_head=False),
        )

    async def start(self, request: web.Request) -> web.StreamResponse:
        """Off to Slack."""
        try:
            await asyncio.wait_for(self.pacer.acquire(BEGINNINGS), PATIENCE)
        except TimeoutError:
            return self._shown(pages.BUSY)
        cookie = request.cookies.get(self._cookie, "")
        browser = cookie if TOKEN.fullmatch(cookie) else secrets.token_urlsafe(32)
        word, now = secrets.token_urlsafe(32), self.clock.now()
        try:
            async with self.store.write_transaction() as work:
                await work.oauth_states.issue(_digest(word), _digest(browser), now, now + VALID)
        except StoreError as fault:
            log.warning("an installation could not begin", fault=str(fault))
            return self._shown(pages.NOT_KEPT)
        response = web.Response(status=302, headers={**pages.HEADERS, "Location": self._away(word)})
        response.set_cookie(
            self._cookie, browser, max_age=int(VALID.total_seconds()), secure=self._safe, httponly=True, samesite="Lax"
        )
        return response

    async def finish(self, request: web.Request) -> web.StreamResponse:
        """Back from Slack."""
        try:
            page = await self._finished(request.query, request.cookies.get(self._cookie, ""))
        except StoreError as fault:
            log.warning("an installation could not be kept", fault=str(fault))
            page = pages.NOT_KEPT
        return self._shown(page)

    async def _finished(self, query: Mapping[str, str], browser: str) -> Page:
        word, code = query.get("state", ""), query.get("code", "")
        if not TOKEN.fullmatch(browser) or not TOKEN.fullmatch(word):
            return pages.DENIED if query.get("error") == DENIED else pages.NOT_BEGUN
        async with self.store.write_transaction() as work:
            expected = await work.oauth_states.consume(_digest(word), _digest(browser), self.clock.now())
        if query.get("error") == DENIED:
            return pages.DENIED
        if not expected:
            return pages.OVER
        if not CODE.fullmatch(code):
            return pages.NO_CODE
        return await self._exchanged(code)

    async def _exchanged(self, code: str) -> Page:
        """The code for a token, which is kept."""
        try:
            answer = await access(self.client, self.app, code=code, redirect_uri=self._url(REDIRECT))
            grant = OAuthToken.of(answer, self.clock.now())
        except MissingScopeError as denied:
            log.warning("Slack refused an installation", code=denied.code)
            return pages.BAD_CODE if denied.code in STALE else pages.BAD_APP
        except SlackError as fault:
            log.warning("an installation was not answered", fault=str(fault))
            return pages.NO_ANSWER
        await self.workspaces.keep(grant)
        if grant.team:
            await self.hosting.joined(PLATFORM, grant.team, grant.name)
        log.info("installed", tenant=grant.tenant)
        return pages.installed(grant.name, _open_slack(answer, grant))

    def _shown(self, page: Page) -> web.Response:
        if page.button and not page.address:
            page = replace(page, address=self._url(START))
        return web.Response(status=page.status, text=page.html, content_type="text/html", headers=pages.HEADERS)

    def _away(self, word: str) -> str:
        """Slack's page that asks whether we may; it is on the host of the API."""
        asked = {"client_id": self.app.client_id, "scope": ",".join(sorted(SCOPES)), "state": word}
        url = yarl.URL(self.client.base_url or API_URL).with_path("/oauth/v2/authorize")
        return str(url.with_query({**asked, "redirect_uri": self._url(REDIRECT)}))

    def _url(self, path: str) -> str:
        return f"{self.public_url.rstrip('/')}{path}"

    @property
    def _safe(self) -> bool:
        return self.public_url.startswith("https:")

    @property
    def _cookie(self) -> str:
        """With a name that browsers let nobody but this very host set, where they reach us by HTTPS."""
        return "__Host-hallway-slack" if self._safe else "hallway-slack"


def _open_slack(answer: Mapping[str, Any], grant: OAuthToken) -> str:
    """The app in that workspace."""
    query = {"app": answer.get("app_id"), "team": grant.team}
    known = {name: each for name, each in query.items() if isinstance(each, str) and ID.fullmatch(each)}
    return str(yarl.URL("https://slack.com/app_redirect").with_query(known))


def _digest(word: str) -> str:
    return sha256(word.encode()).hexdigest()
