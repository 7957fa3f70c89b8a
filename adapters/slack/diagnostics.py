"""The checks of `hallway doctor`: tokens, scopes, the app's credentials, and whether Slack can reach us."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.manifest import LINK_SCOPES, SCOPES, unfurl_domain
from adapters.slack.oauth.installations import StoredWorkspaces
from adapters.slack.web_client import (
    AppCredentials,
    SlackError,
    SlackRefusedError,
    checked_data,
    checked_response,
    oauth_access,
)

TIMEOUT = aiohttp.ClientTimeout(total=10)
LOCAL_HOSTS = ("127.0.0.1", "::1", "localhost")
NO_SOCKET = (
    "make an app-level token with the scope connections:write under Basic Information of the app, "
    "and put it into HALLWAY_SLACK_APP_TOKEN"
)
WRONG_APP = "copy HALLWAY_SLACK_CLIENT_ID and HALLWAY_SLACK_CLIENT_SECRET again from Basic Information of the app"
INVALID_CODE = "hallway-doctor"
"""A made-up OAuth code: Slack answers `invalid_code` only if client id and secret are valid."""

Finding = tuple[bool, str]
"""Whether a check passed, and a sentence; for a failure it says what to do."""


@dataclass(frozen=True, slots=True)
class SlackDiagnostics:
    """Checks what the settings contain for Slack; changes nothing."""

    client: AsyncWebClient = field(repr=False)
    bot_token: str | None = field(default=None, repr=False)
    app_token: str | None = field(default=None, repr=False)
    app: AppCredentials | None = None
    public_url: str | None = None

    async def run(self, workspaces: StoredWorkspaces | None) -> AsyncIterator[Finding]:
        """Yield one finding after another; `workspaces` are those whose stored tokens are checked."""
        if self.bot_token:
            yield await self._check_token(self.bot_token, "HALLWAY_SLACK_BOT_TOKEN")
        if self.app:
            yield await self._check_app(self.app)
        for tenant, token in await workspaces.stored_tokens() if workspaces else ():
            if token is None:
                yield False, f"{tenant}: its token was sealed with a key that HALLWAY_SECRET_KEY lacks: add that key"
            else:
                yield await self._check_token(token.token, token.name or tenant)
        if self.app_token:
            yield await self._check_socket_mode()
        else:
            yield True, "HTTP: what the signing secret does not fit is refused"
        if self.public_url or not self.app_token:
            yield await self._check_public_url()

    async def _check_token(self, token: str, name: str) -> Finding:
        """Check that a bot token is valid and has all scopes."""
        try:
            answer = await checked_response(self.client.auth_test(token=token))
        except SlackRefusedError as refusal:
            advice = (
                "copy it again from OAuth & Permissions of the app" if self.bot_token else "install Hallway there again"
            )
            return False, f"{name}: Slack refuses the token ({refusal.code}): {advice}"
        except SlackError as fault:
            return False, str(fault)
        user = f"{answer.get('user')} in {answer.get('team')}"
        granted = {scope.strip() for scope in answer.headers.get("x-oauth-scopes", "").split(",")} - {""}
        if not granted:
            return True, f"the token is of {user}; Slack does not say what it may do"
        missing = sorted(SCOPES.keys() - granted)
        if missing:
            advice = "take over the newest manifest (`hallway manifest slack`) and install the app again"
            return False, f"{user}: the token lacks {', '.join(missing)}: {advice}"
        links = LINK_SCOPES.keys() if unfurl_domain(self.public_url or "") else frozenset()
        extra, lacking = sorted(granted - SCOPES.keys() - links), sorted(links - granted)
        note = f"; without {', '.join(lacking)} pasted links get no card (newest manifest)" if lacking else ""
        note += f"; {', '.join(extra)} not needed" if extra else ""
        return True, f"the token is of {user}, with all {'other ' if lacking else ''}scopes{note}"

    async def _check_app(self, app: AppCredentials) -> Finding:
        try:
            await oauth_access(self.client, app, code=INVALID_CODE)
        except SlackRefusedError as refusal:
            if refusal.code in ("invalid_code", "code_expired"):
                return True, "Slack knows the app"
            return False, f"Slack does not know the app ({refusal.code}): {WRONG_APP}"
        except SlackError as fault:
            return False, str(fault)
        return False, f"Slack takes any code: is HALLWAY_SLACK_API_URL right? Else {WRONG_APP}"

    async def _check_socket_mode(self) -> Finding:
        try:
            await checked_data(self.client.apps_connections_open(app_token=self.app_token or ""))
        except SlackRefusedError as refusal:
            return False, f"Socket Mode cannot be used ({refusal.code}): {NO_SOCKET}"
        except SlackError as fault:
            return False, str(fault)
        return True, "Socket Mode: Slack lets us connect, no public address is needed"

    async def _check_public_url(self) -> Finding:
        """Check that our own web server answers at the address that Slack uses."""
        url = (self.public_url or "").rstrip("/")
        if not url:
            unset = "HALLWAY_PUBLIC_URL is not set: Slack has to know where to send requests"
            return False, f"{unset} (docs/how-to/slack.md)"
        parts = urlsplit(url)
        if parts.scheme != "https" and parts.hostname not in LOCAL_HOSTS:
            return False, f"{url} is not https: Slack sends requests and people over https only"
        try:
            async with (
                aiohttp.ClientSession(timeout=TIMEOUT) as session,
                session.get(f"{url}/healthz", allow_redirects=False) as answer,
            ):
                start = await answer.content.read(100)
        except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as error:
            why = type(error).__name__
            return False, f"nothing answers at {url} ({why}): is `hallway run` up, and does the proxy lead to its port?"
        if answer.status != 200 or b'"ok"' not in start:  # noqa: PLR2004 — HTTP's own
            return False, f"something else answers at {url} (status {answer.status}): lead the proxy to Hallway's port"
        return True, f"Hallway answers at {url}"
