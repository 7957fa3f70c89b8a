"""Calls of Slack's Web API that concern an installation; each failure is one sentence without secrets."""

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
from bot.domain.nudges.retry import pause_asked

API_URL = "https://slack.com/api/"
TIMEOUT = 20
"""Seconds for one answer."""
TOO_MANY_REQUESTS = 429
DEFAULT_WAIT = 30.0
"""Seconds to pause if Slack asks for a pause without a length."""
INVALID_TOKEN = frozenset({"account_inactive", "invalid_auth", "not_authed", "token_expired", "token_revoked"})
"""Codes with which Slack refuses a token that will never be valid again."""
ERROR_CODE = re.compile(r"[a-z_]{1,60}")

_quiet = logging.getLogger("hallway.slack.sdk")
# slack_sdk logs whole requests at DEBUG, with codes and refresh tokens.
_quiet.setLevel(logging.INFO)


class SlackError(HallwayError):
    """Slack cannot be used. The sentence says what to do about it and contains no token."""


class SlackRefusedError(SlackError):
    """Slack answered and refused. `code` is Slack's reason; `wait` is the pause in seconds that it asks for."""

    def __init__(self, code: str, wait: float = 0) -> None:
        super().__init__(f"Slack says no ({code}): `hallway doctor` looks into it.")
        self.code, self.wait = code, wait

    @property
    def is_token_invalid(self) -> bool:
        """Whether the token of the call will never be valid again."""
        return self.code in INVALID_TOKEN


def new_client(api_url: str | None, session: aiohttp.ClientSession | None = None) -> AsyncWebClient:
    """Return a client that never retries and logs no secrets; each call names its token."""
    return AsyncWebClient(
        base_url=api_url or API_URL, timeout=TIMEOUT, session=session, logger=_quiet, retry_handlers=[]
    )


@dataclass(frozen=True, slots=True)
class AppCredentials:
    """The credentials of the Slack app, with which it asks for tokens."""

    client_id: str
    client_secret: str = field(repr=False)


async def oauth_access(client: AsyncWebClient, app: AppCredentials, **form: str) -> Mapping[str, Any]:
    """Call `oauth.v2.access` with a code or a refresh token; raises the same errors as `checked_data`.

    Replaces the method of slack_sdk, which makes aiohttp warn about `BasicAuth` at each call.
    """
    secret = aiohttp.encode_basic_auth(app.client_id, app.client_secret)
    return await checked_data(client.api_call("oauth.v2.access", data=form, headers={"Authorization": secret}))


async def checked_data(call: Awaitable[AsyncSlackResponse]) -> Mapping[str, Any]:
    """Await a call and return the data of its answer.

    Raises:
        SlackRefusedError: Slack answered that the call failed.
        SlackError: there is no answer, or it cannot be read.
    """
    response = await checked_response(call)
    return response.data if isinstance(response.data, dict) else {}


async def checked_response(call: Awaitable[AsyncSlackResponse]) -> AsyncSlackResponse:
    """Await a call and return its answer with the headers; raises as `checked_data` does."""
    try:
        return await call
    except SlackApiError as error:
        raise _refusal(error.response) from None
    except (SlackClientError, aiohttp.ClientError, OSError, TimeoutError, ValueError) as error:
        raise SlackError(f"Slack does not answer ({type(error).__name__}): is the network there?") from None


def _refusal(response: object) -> SlackError:
    """Return the error for an answer; of the answer it quotes only Slack's error code."""
    answer = response if isinstance(response, AsyncSlackResponse) else None
    if answer and answer.status_code == TOO_MANY_REQUESTS:
        return SlackRefusedError("ratelimited", pause_asked(answer.headers.get("Retry-After", ""), DEFAULT_WAIT))
    code = answer.data.get("error") if answer and isinstance(answer.data, dict) else None
    if not isinstance(code, str):
        return SlackError("Slack's answer cannot be read: is Slack down, or is HALLWAY_SLACK_API_URL wrong?")
    return SlackRefusedError(code if ERROR_CODE.fullmatch(code) else "no reason given")
