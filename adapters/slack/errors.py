"""What Slack's errors mean for a message. Codes: docs.slack.dev/reference/methods/chat.postMessage and others."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from adapters.slack.web_client import DEAD, SHORT_WAIT, TOO_MANY
from bot.app.ports import (
    DeliveryUnknownError,
    InvalidMessageError,
    RecipientUnreachableError,
    SendError,
    TemporaryError,
)

CLOSED: dict[str, str] = {
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
"""Final for this person or channel: no other message is tried until they ask for it."""
GONE = {
    "channel_not_found": "there is no such channel any more",
    "is_archived": "the channel is archived",
    "not_in_channel": "I am not in that channel: invite me there",
}
"""The channel is gone, or we may not use it any more."""
LOST = frozenset({"message_not_found", "cant_update_message", "cant_delete_message", "edit_window_closed"})
"""The message is gone, or is none that we may change."""
TOO_FAST = frozenset({"ratelimited", "rate_limited", "message_limit_exceeded"})
OURS = frozenset({"missing_scope", "not_allowed_token_type", "no_permission", "access_denied", "team_added_to_org"})
"""What whoever runs Hallway, or Slack, has to mend: the message itself is good."""
PERHAPS = frozenset({"fatal_error", "internal_error", "service_unavailable", "request_timeout"})
"""By Slack's own words "it's possible some aspect of the operation succeeded"."""


class TargetGoneError(Exception):
    """The place that a message was meant for, or the message itself, is gone."""


class TokenRevokedError(Exception):
    """The token is good for nothing any more: Hallway was removed from the workspace."""


class AccountInactiveError(RecipientUnreachableError):
    """Somebody's account, or our own token, is switched off: Slack has one word for both."""


class SlowDownError(TemporaryError):
    """Slack asks for a pause of so many `seconds`, in this workspace and for this method."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"Slack asks to wait {seconds:.0f} s", timedelta(seconds=seconds))
        self.seconds = seconds


@contextmanager
def translate_errors() -> Iterator[None]:
    """Turn errors of slack_sdk into `SendError`, `TargetGoneError` or `TokenRevokedError`; no answer is quoted."""
    try:
        yield
    except SlackApiError as error:
        raise _meaning(error.response) from None
    except (aiohttp.ClientConnectorError, RuntimeError) as error:
        # Nothing left this machine: the connection was refused, or the session has been closed.
        raise TemporaryError(f"no connection to Slack ({type(error).__name__})") from None
    except (SlackClientError, aiohttp.ClientError, OSError, TimeoutError, AttributeError) as error:
        # slack_sdk asks a text that it took for JSON for its keys, which is an AttributeError.
        raise DeliveryUnknownError(f"Slack did not answer ({type(error).__name__})") from None


def _meaning(response: object) -> SendError | TargetGoneError | TokenRevokedError:
    if not isinstance(response, AsyncSlackResponse):
        return DeliveryUnknownError("Slack answered what cannot be read")
    data = response.data if isinstance(response.data, dict) else {}
    seconds = str(response.headers.get("Retry-After", ""))
    return error_for(response.status_code, str(data.get("error") or ""), seconds)


def error_for(status: int, code: str, retry_after: str = "") -> SendError | TargetGoneError | TokenRevokedError:  # noqa: PLR0911 — a table
    """What an answer of Slack's means; `code` is its `error`, "" if it gave none."""
    if status == TOO_MANY or code in TOO_FAST:
        return SlowDownError(float(retry_after) if retry_after.isdecimal() else SHORT_WAIT)
    if code in GONE or code in LOST:
        return TargetGoneError(GONE.get(code, "there is no such message any more"))
    if code == "account_inactive":
        return AccountInactiveError(CLOSED[code])
    if code in CLOSED:
        return RecipientUnreachableError(CLOSED[code])
    if code in DEAD:
        return TokenRevokedError(code)
    if code in OURS:
        return TemporaryError(f"Slack does not let me ({code}): `hallway doctor` looks into it")
    if code in PERHAPS:
        return DeliveryUnknownError(f"Slack failed ({code})")
    if not code:
        return DeliveryUnknownError(f"Slack failed with status {status}")
    return InvalidMessageError(
        f"Slack did not take the message ({code if code.replace('_', '').isalnum() else 'no reason given'})"
    )
