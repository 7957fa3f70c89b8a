"""Translates Slack's errors. Codes: docs.slack.dev/reference/methods/chat.postMessage and other methods."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from adapters.slack.web_client import DEFAULT_WAIT, INVALID_TOKEN, TOO_MANY_REQUESTS
from bot.app.ports import (
    DeliveryUnknownError,
    InvalidMessageError,
    RecipientUnreachableError,
    SendError,
    TemporaryError,
)
from bot.domain.nudges.retry import pause_asked

UNREACHABLE: dict[str, str] = {
    "account_inactive": "your account in this workspace is switched off",
    "user_disabled": "your account in this workspace is switched off",
    "user_not_found": "Slack does not know you here any more",
    "cannot_dm_bot": "Slack takes no direct messages for bots",
    "messages_tab_disabled": "the Messages tab of this app is switched off",
    "restricted_action": "the workspace does not let me write there",
    "restricted_action_read_only_channel": "the channel is read-only",
    "restricted_action_non_threadable_channel": "the channel is read-only",
    "restricted_action_thread_only_channel": "the channel takes only answers in threads",
    "team_access_not_granted": "Hallway is not allowed in this workspace",
    "ekm_access_denied": "the workspace has suspended messages",
}
"""Final for this user or channel: no other message is tried until the user asks for it."""
CHANNEL_GONE = {
    "channel_not_found": "there is no such channel any more",
    "is_archived": "the channel is archived",
    "not_in_channel": "I am not in that channel: invite me there",
}
"""The channel does not exist any more, or we may not use it."""
MESSAGE_GONE = frozenset({"message_not_found", "cant_update_message", "cant_delete_message", "edit_window_closed"})
"""The message does not exist any more, or we may not change it."""
RATE_LIMITED = frozenset({"ratelimited", "rate_limited", "message_limit_exceeded"})
CONFIGURATION = frozenset(
    {"missing_scope", "not_allowed_token_type", "no_permission", "access_denied", "team_added_to_org"}
)
"""The operator of Hallway, or Slack, has to fix this; the message itself is valid."""
UNCERTAIN = frozenset({"fatal_error", "internal_error", "service_unavailable", "request_timeout"})
"""Slack documents these as "it's possible some aspect of the operation succeeded"."""


class SlackTargetGoneError(Exception):
    """The channel of a message, or the message itself, does not exist any more."""


class TokenRevokedError(Exception):
    """The token will never be valid again: Hallway was removed from the workspace."""


class NotAllowedError(TemporaryError):
    """The app may not do this: its operator has to install it again with all scopes."""


class AccountInactiveError(RecipientUnreachableError):
    """A user's account or our own token is deactivated: Slack has one code for both."""


class SlowDownError(TemporaryError):
    """Slack asks for a pause of `seconds`, in this workspace and for this method."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"Slack asks to wait {seconds:.0f} s", timedelta(seconds=seconds))
        self.seconds = seconds


@contextmanager
def translate_errors() -> Iterator[None]:
    """Turn errors of slack_sdk into `SendError`, `SlackTargetGoneError` or `TokenRevokedError`; quote no answer."""
    try:
        yield
    except SlackApiError as error:
        raise _error_of(error.response) from None
    except (aiohttp.ClientConnectorError, RuntimeError) as error:
        # Nothing was sent: the connection was refused, or the session is closed.
        raise TemporaryError(f"no connection to Slack ({type(error).__name__})") from None
    except (SlackClientError, aiohttp.ClientError, OSError, TimeoutError, AttributeError) as error:
        # An AttributeError comes from slack_sdk if the JSON of an answer is not an object.
        raise DeliveryUnknownError(f"Slack did not answer ({type(error).__name__})") from None


def _error_of(response: object) -> SendError | SlackTargetGoneError | TokenRevokedError:
    if not isinstance(response, AsyncSlackResponse):
        return DeliveryUnknownError("Slack's answer cannot be read")
    data = response.data if isinstance(response.data, dict) else {}
    seconds = str(response.headers.get("Retry-After", ""))
    return error_for(response.status_code, str(data.get("error") or ""), seconds)


def error_for(status: int, code: str, retry_after: str = "") -> SendError | SlackTargetGoneError | TokenRevokedError:  # noqa: PLR0911 — a table
    """Return the error that an answer means; `code` is its `error`, "" if it has none."""
    if status == TOO_MANY_REQUESTS or code in RATE_LIMITED:
        return SlowDownError(pause_asked(retry_after, DEFAULT_WAIT))
    if code in CHANNEL_GONE or code in MESSAGE_GONE:
        return SlackTargetGoneError(CHANNEL_GONE.get(code, "there is no such message any more"))
    if code == "account_inactive":
        return AccountInactiveError(UNREACHABLE[code])
    if code in UNREACHABLE:
        return RecipientUnreachableError(UNREACHABLE[code])
    if code in INVALID_TOKEN:
        return TokenRevokedError(code)
    if code in CONFIGURATION:
        return NotAllowedError(f"Slack does not let me ({code}): `hallway doctor` looks into it")
    if code in UNCERTAIN:
        return DeliveryUnknownError(f"Slack failed ({code})")
    if not code:
        return DeliveryUnknownError(f"Slack failed with status {status}")
    return InvalidMessageError(
        f"Slack did not take the message ({code if code.replace('_', '').isalnum() else 'no reason given'})"
    )
