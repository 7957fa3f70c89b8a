"""What Slack's errors mean, by the table; and what slack_sdk makes of answers that are none."""

from collections.abc import Callable

import aiohttp
import pytest

from adapters.slack.errors import (
    AccountInactiveError,
    NotAllowedError,
    SlackTargetGoneError,
    SlowDownError,
    TokenRevokedError,
    error_for,
    translate_errors,
)
from adapters.slack.slack_hosts import is_slack_url
from bot.app.ports import DeliveryUnknownError, InvalidMessageError, RecipientUnreachableError, TemporaryError


@pytest.mark.parametrize(
    ("status", "code", "meaning"),
    [
        (200, "channel_not_found", SlackTargetGoneError),
        (200, "is_archived", SlackTargetGoneError),
        (200, "not_in_channel", SlackTargetGoneError),
        (200, "message_not_found", SlackTargetGoneError),
        (200, "cant_update_message", SlackTargetGoneError),
        (200, "user_disabled", RecipientUnreachableError),
        (200, "user_not_found", RecipientUnreachableError),
        (200, "messages_tab_disabled", RecipientUnreachableError),
        (200, "restricted_action", RecipientUnreachableError),
        (200, "account_inactive", AccountInactiveError),
        (200, "token_revoked", TokenRevokedError),
        (200, "invalid_auth", TokenRevokedError),
        (401, "not_authed", TokenRevokedError),
        (200, "missing_scope", NotAllowedError),
        (200, "ratelimited", SlowDownError),
        (429, "", SlowDownError),
        (200, "message_limit_exceeded", SlowDownError),
        (200, "fatal_error", DeliveryUnknownError),
        (500, "internal_error", DeliveryUnknownError),
        (503, "service_unavailable", DeliveryUnknownError),
        (502, "", DeliveryUnknownError),
        (504, "", DeliveryUnknownError),
        (200, "invalid_blocks", InvalidMessageError),
        (200, "msg_too_long", InvalidMessageError),
        (200, "<secret> xoxb-1", InvalidMessageError),
    ],
)
def test_every_error_has_a_meaning(status: int, code: str, meaning: type[Exception]) -> None:
    found = error_for(status, code)
    assert type(found) is meaning
    assert "xoxb" not in str(found)


def test_a_pause_is_as_long_as_slack_asks_for() -> None:
    waits = [error_for(429, "ratelimited", text) for text in ("7", "", "soon")]
    assert [error.seconds for error in waits if isinstance(error, SlowDownError)] == [7, 30, 30]


def refused_connection() -> Exception:
    key = aiohttp.client_reqrep.ConnectionKey("x", 1, False, True, None, None, None)
    return aiohttp.ClientConnectorError(key, OSError("refused"))


@pytest.mark.parametrize(
    ("error", "meaning"),
    [
        (refused_connection, TemporaryError),
        (lambda: RuntimeError("Session is closed"), TemporaryError),
        (aiohttp.ServerDisconnectedError, DeliveryUnknownError),
        (TimeoutError, DeliveryUnknownError),
        (lambda: AttributeError("'str' object has no attribute 'get'"), DeliveryUnknownError),
    ],
)
def test_what_never_left_may_be_sent_again_and_the_rest_is_unsure(
    error: Callable[[], Exception], meaning: type[Exception]
) -> None:
    with pytest.raises(meaning), translate_errors():
        raise error()


@pytest.mark.parametrize(
    ("url", "api", "good"),
    [
        ("https://hooks.slack.com/commands/T1/2/3", "https://slack.com/api/", True),
        ("https://files.slack.com/upload/v1/x", "https://slack.com/api/", True),
        ("https://hooks.slack-gov.com/commands/1", "https://slack.com/api/", True),
        ("http://127.0.0.1:8080/respond/1", "http://127.0.0.1:8080/api/", True),
        ("http://127.0.0.1:8081/respond/1", "http://127.0.0.1:8080/api/", False),
        ("http://hooks.slack.com/1", "https://slack.com/api/", False),
        ("https://slack.com.evil.example/1", "https://slack.com/api/", False),
        ("https://notslack.com/1", "https://slack.com/api/", False),
        ("https://slack.com@evil.example/1", "https://slack.com/api/", False),
        ("https://a:b@slack.com/1", "https://slack.com/api/", False),
        ("file:///etc/passwd", "https://slack.com/api/", False),
        ("http://[", "https://slack.com/api/", False),
        ("None", "https://slack.com/api/", False),
    ],
)
def test_only_slacks_own_addresses_are_posted_to(url: str, api: str, good: bool) -> None:
    assert is_slack_url(url, api) is good
