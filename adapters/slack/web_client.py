"""Asks Slack's Web API for what concerns an installation, and says what went wrong in one sentence."""

import logging
import re
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.domain.errors import HallwayError

API_URL = "https://slack.com/api/"
PATIENCE = 20
"""Seconds for one answer."""
TOO_MANY = 429
SHORT_WAIT = 30.0
"""Seconds, where Slack asks for a pause and does not say for how long."""
DEAD = frozenset({"account_inactive", "invalid_auth", "not_authed", "token_expired", "token_revoked"})
"""What Slack calls a token that will not be good again."""
WORD = re.compile(r"[a-z_]{1,60}")

_quiet = logging.getLogger("hallway.slack.sdk")
# The library writes whole requests at DEBUG, codes and refresh tokens with them.
_quiet.setLevel(logging.INFO)


class SlackError(HallwayError):
    """Slack cannot be used; the sentence says what to do about it, and shows no token."""


class MissingScopeError(SlackError):
    """Slack answered, and said no; `code` is its word for why, `wait` how many seconds it wants to be left alone."""

    def __init__(self, code: str, wait: float = 0) -> None:
        super().__init__(f"Slack says no ({code}): `hallway doctor` looks into it.")
        self.code, self.wait = code, wait

    @property
    def dead(self) -> bool:
        """Whether the token that was used is good for nothing any more."""
        return self.code in DEAD


def new_client(api_url: str | None, session: aiohttp.ClientSession | None = None) -> AsyncWebClient:
    """A client that retries nothing and logs no secret; calls name their token."""
    return AsyncWebClient(
        base_url=api_url or API_URL, timeout=PATIENCE, session=session, logger=_quiet, retry_handlers=[]
    )


@dataclass(frozen=True, slots=True)
class App:
    """Who we are to Slack when tokens are given."""

    client_id: str
    client_secret: str = field(repr=False)


async def access(client: AsyncWebClient, app: App, **form: str) -> Mapping[str, Any]:
    """What `oauth.v2.access` gives for a code, or for a token that renews; raises as `told` does.

    slack_sdk's own call makes a warning of aiohttp at each use: it asks for a way that aiohttp has given up.
    """
    secret = aiohttp.encode_basic_auth(app.client_id, app.client_secret)
    return await told(client.api_call("oauth.v2.access", data=form, headers={"Authorization": secret}))


async def told(call: Awaitable[AsyncSlackResponse]) -> Mapping[str, Any]:
    """What Slack answers to `call`; raises `MissingScopeError`, or `SlackError` if there is no answer."""
    answer = await answered(call)
    return answer.data if isinstance(answer.data, dict) else {}


async def answered(call: Awaitable[AsyncSlackResponse]) -> AsyncSlackResponse:
    """The whole answer, with its headers; raises as `told` does."""
    try:
        return await call
    except SlackApiError as error:
        raise _denied(error.response) from None
    except (SlackClientError, aiohttp.ClientError, OSError, TimeoutError, ValueError) as error:
        raise SlackError(f"Slack does not answer ({type(error).__name__}): is the network there?") from None


def _denied(response: object) -> SlackError:
    """Nothing of a foreign answer is quoted but its code."""
    known = response if isinstance(response, AsyncSlackResponse) else None
    if known and known.status_code == TOO_MANY:
        seconds = known.headers.get("Retry-After", "")
        return MissingScopeError("ratelimited", float(seconds) if seconds.isdecimal() else SHORT_WAIT)
    found = known.data.get("error") if known and isinstance(known.data, dict) else None
    if not isinstance(found, str):
        return SlackError("Slack answers what cannot be read: is it away, or is HALLWAY_SLACK_API_URL wrong?")
    return MissingScopeError(found if WORD.fullmatch(found) else "no reason given")
