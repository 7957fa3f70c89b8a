"""What `hallway doctor` asks of Slack: are the tokens good, may we do what we need, does Slack reach us."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.manifest import SCOPES
from adapters.slack.oauth.installations import StoredWorkspaces
from adapters.slack.web_client import App, MissingScopeError, SlackError, access, answered, told

PATIENCE = aiohttp.ClientTimeout(total=10)
HERE = ("127.0.0.1", "::1", "localhost")
NO_SOCKET = (
    "make an app-level token with the scope connections:write under Basic Information of the app, "
    "and put it into HALLWAY_SLACK_APP_TOKEN"
)
WRONG_APP = "copy HALLWAY_SLACK_CLIENT_ID and HALLWAY_SLACK_CLIENT_SECRET anew from Basic Information of the app"
NOT_CODE = "hallway-doctor"
"""A code that Slack never gave: it says so only to somebody whose client id and secret are right."""

Finding = tuple[bool, str]


@dataclass(frozen=True, slots=True)
class Checkup:
    """What the settings hold of Slack. Nothing is changed by looking."""

    client: AsyncWebClient = field(repr=False)
    bot_token: str = field(default="", repr=False)
    app_token: str = field(default="", repr=False)
    app: App | None = None
    public_url: str = ""

    async def examine(self, workspaces: StoredWorkspaces | None) -> AsyncIterator[Finding]:
        """One finding after another; each fault says what to do."""
        if self.bot_token:
            yield await self._token(self.bot_token, "HALLWAY_SLACK_BOT_TOKEN")
        if self.app:
            yield await self._application(self.app)
        for tenant, grant in await workspaces.held() if workspaces else ():
            if grant is None:
                yield False, f"{tenant}: its token was sealed with a key that HALLWAY_SECRET_KEY lacks: add that key"
            else:
                yield await self._token(grant.token, grant.name or tenant)
        if self.app_token:
            yield await self._socket()
        else:
            yield True, "HTTP: what the signing secret does not fit is refused"
        if self.public_url or not self.app_token:
            yield await self._reached()

    async def _token(self, token: str, where: str) -> Finding:
        """Whether a bot token is good, and whether it may do all that we need."""
        try:
            answer = await answered(self.client.auth_test(token=token))
        except MissingScopeError as denied:
            advice = (
                "copy it anew from OAuth & Permissions of the app" if self.bot_token else "install Hallway there again"
            )
            return False, f"{where}: Slack refuses the token ({denied.code}): {advice}"
        except SlackError as fault:
            return False, str(fault)
        who = f"{answer.get('user')} in {answer.get('team')}"
        given = {each.strip() for each in answer.headers.get("x-oauth-scopes", "").split(",")} - {""}
        if not given:
            return True, f"the token is of {who}; Slack does not say what it may do"
        missing = sorted(SCOPES.keys() - given)
        if missing:
            advice = "take over the newest manifest (`hallway manifest slack`) and install the app again"
            return False, f"{who}: the token lacks {', '.join(missing)}: {advice}"
        more = sorted(given - SCOPES.keys())
        return True, f"the token is of {who}, with all scopes" + (f"; {', '.join(more)} not needed" if more else "")

    async def _application(self, app: App) -> Finding:
        try:
            await access(self.client, app, code=NOT_CODE)
        except MissingScopeError as denied:
            well = denied.code in ("invalid_code", "code_expired")
            said = "Slack knows the app" if well else f"Slack does not know the app ({denied.code}): {WRONG_APP}"
            return well, said
        except SlackError as fault:
            return False, str(fault)
        return False, f"Slack takes any code: is HALLWAY_SLACK_API_URL right? Else {WRONG_APP}"

    async def _socket(self) -> Finding:
        try:
            await told(self.client.apps_connections_open(app_token=self.app_token))
        except MissingScopeError as denied:
            return False, f"Socket Mode cannot be used ({denied.code}): {NO_SOCKET}"
        except SlackError as fault:
            return False, str(fault)
        return True, "Socket Mode: Slack lets us connect, no public address is needed"

    async def _reached(self) -> Finding:
        """Whether our own web side answers where Slack looks for it."""
        url = self.public_url.rstrip("/")
        if not url:
            unset = "HALLWAY_PUBLIC_URL is not set: Slack has to know where to send requests"
            return False, f"{unset} (docs/how-to/slack.md)"
        parts = urlsplit(url)
        if parts.scheme != "https" and parts.hostname not in HERE:
            return False, f"{url} is not https: Slack sends requests and people over https only"
        try:
            async with (
                aiohttp.ClientSession(timeout=PATIENCE) as session,
                session.get(f"{url}/healthz", allow_redirects=False) as answer,
            ):
                said = await answer.content.read(100)
        except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as error:
            why = type(error).__name__
            return False, f"nothing answers at {url} ({why}): is `hallway run` up, and does the proxy lead to its port?"
        if answer.status != 200 or b'"ok"' not in said:  # noqa: PLR2004 — HTTP's own
            return False, f"something else answers at {url} (status {answer.status}): lead the proxy to Hallway's port"
        return True, f"Hallway answers at {url}"
