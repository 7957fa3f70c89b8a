"""What Slack's errors mean, by the table; and what slack_sdk makes of answers that are none."""

from collections.abc import Callable

import aiohttp
import pytest

from adapters.slack.addresses import is_slacks
from adapters.slack.faults import Gone, Inactive, Revoked, Slower, meaning_of, told_as_faults
from bot.app.ports import NotNow, Refused, Spoilt, Unsure


@pytest.mark.parametrize(
    ("status", "code", "meaning"),
    [
        (200, "channel_not_found", Gone),
        (200, "is_archived", Gone),
        (200, "not_in_channel", Gone),
        (200, "message_not_found", Gone),
        (200, "cant_update_message", Gone),
        (200, "user_disabled", Refused),
        (200, "user_not_found", Refused),
        (200, "messages_tab_disabled", Refused),
        (200, "restricted_action", Refused),
        (200, "account_inactive", Inactive),
        (200, "token_revoked", Revoked),
        (200, "invalid_auth", Revoked),
        (401, "not_authed", Revoked),
        (200, "missing_scope", NotNow),
        (200, "ratelimited", Slower),
        (429, "", Slower),
        (200, "message_limit_exceeded", Slower),
        (200, "fatal_error", Unsure),
        (500, "internal_error", Unsure),
        (503, "service_unavailable", Unsure),
        (502, "", Unsure),
        (504, "", Unsure),
        (200, "invalid_blocks", Spoilt),
        (200, "msg_too_long", Spoilt),
        (200, "<secret> xoxb-1", Spoilt),
    ],
)
def test_every_error_has_a_meaning(status: int, code: str, meaning: type[Exception]) -> None:
    found = meaning_of(status, code)
    assert type(found) is meaning
    assert "xoxb" not in str(found)


def test_a_pause_is_as_long_as_slack_asks_for() -> None:
    waits = [meaning_of(429, "ratelimited", text) for text in ("7", "", "soon")]
    assert [each.seconds for each in waits if isinstance(each, Slower)] == [7, 30, 30]


def refused_connection() -> Exception:
    key = aiohttp.client_reqrep.ConnectionKey("x", 1, False, True, None, None, None)
    return aiohttp.ClientConnectorError(key, OSError("refused"))


@pytest.mark.parametrize(
    ("error", "meaning"),
    [
        (refused_connection, NotNow),
        (lambda: RuntimeError("Session is closed"), NotNow),
        (aiohttp.ServerDisconnectedError, Unsure),
        (TimeoutError, Unsure),
        (lambda: AttributeError("'str' object has no attribute 'get'"), Unsure),
    ],
)
def test_what_never_left_may_be_sent_again_and_the_rest_is_unsure(
    error: Callable[[], Exception], meaning: type[Exception]
) -> None:
    with pytest.raises(meaning), told_as_faults():
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
    assert is_slacks(url, api) is good
