"""Who may speak to us over HTTP, and that whatever comes twice is done once, in all processes together."""

import asyncio
import hashlib
import hmac
import json
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import aiohttp
import pytest
from slack_bolt.async_app import AsyncBoltRequest
from slack_sdk.signature import SignatureVerifier
from yarl import URL

from adapters.slack.deduplicator import Deduplicator, click_key, delivery_key
from adapters.slack.http import MAX_BYTES, is_signed
from adapters.slack.payload import unescape_typed
from adapters.web.connections import Phase
from bot.app.ports import Commits, Store
from bot.domain.errors import StoreError
from bot.timing.clock import SystemClock
from tests.adapters.slack.harness import SlackHarness, slack_harness
from tests.builders import at
from tests.fake_servers.slack import SECRET, TEAM, Person, SlackPeer, signed, words
from tests.fakes.app_harness import AppHarness, FrozenClock
from tests.fakes.memory_store import MemoryStore
from tests.stores import new_store

FORM, JSON = "application/x-www-form-urlencoded", "application/json"


def now() -> str:
    """The timestamp of a request: read when it is sent, because one that is five minutes old is refused."""
    return str(int(time.time()))


def without(headers: dict[str, str], *names: str) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name not in names}


def forged() -> dict[str, dict[str, str]]:
    body = "command=%2Fattend&text=ARC301"
    good = signed(body, FORM)
    wrong = good["X-Slack-Signature"][:-1] + ("0" if good["X-Slack-Signature"][-1] != "0" else "1")
    return {
        "nothing": {"Content-Type": FORM},
        "no signature": without(good, "X-Slack-Signature"),
        "no timestamp": without(good, "X-Slack-Request-Timestamp"),
        "empty signature": {**good, "X-Slack-Signature": ""},
        "flipped": {**good, "X-Slack-Signature": wrong},
        "of another secret": signed(body, FORM, "other"),
        "of another body": signed(body + "&x", FORM),
        "another timestamp": {**good, "X-Slack-Request-Timestamp": str(int(time.time()) - 1)},
        "old": signed(body, FORM, stamp=str(int(time.time()) - 301)),
        "ahead": signed(body, FORM, stamp=str(int(time.time()) + 900)),
        "no number": {**good, "X-Slack-Request-Timestamp": "abc"},
        "a number with a point": {**good, "X-Slack-Request-Timestamp": f"{time.time()}"},
        "negative": {**good, "X-Slack-Request-Timestamp": f"-{now()}"},
        "a long number": {**good, "X-Slack-Request-Timestamp": "9" * 5_000},
        "another version": {**good, "X-Slack-Signature": good["X-Slack-Signature"].replace("v0=", "v1=")},
    }


@pytest.mark.parametrize("name", forged())
@pytest.mark.parametrize("path", ["/slack/events", "/slack/commands", "/slack/interactions"])
async def test_what_slack_did_not_sign_reaches_nobody(slack_app: SlackHarness, name: str, path: str) -> None:
    url = slack_app.ada.post.url.replace("/slack/events", path)
    async with (
        aiohttp.ClientSession() as session,
        session.post(url, data="command=%2Fattend&text=ARC301", headers=forged()[name]) as answer,
    ):
        assert (answer.status, await answer.text()) == (401, "")
    assert slack_app.handler._tasks == set()


async def test_an_unsigned_certificate_check_is_refused(slack_app: SlackHarness) -> None:
    async with aiohttp.ClientSession() as session:
        for body in ("ssl_check=1&token=x", "ssl_check=1", '{"type":"url_verification","challenge":"c"}'):
            async with session.post(slack_app.ada.post.url, data=body, headers={"Content-Type": FORM}) as answer:
                assert answer.status == 401


async def test_slack_may_verify_the_address(slack_app: SlackHarness) -> None:
    status, text = await slack_app.ada.post.event({"type": "url_verification", "challenge": "c4a", "token": "x"})
    assert (status, json.loads(text)) == (200, {"challenge": "c4a"})


@pytest.mark.parametrize("chunked", [True, False])
async def test_a_body_of_any_length_costs_no_more_than_its_bound(slack_app: SlackHarness, chunked: bool) -> None:
    body = b"x" * (MAX_BYTES + 1)

    async def parts() -> Any:
        yield body

    async with aiohttp.ClientSession() as session:
        data: Any = parts() if chunked else body
        try:
            async with session.post(slack_app.ada.post.url, data=data, headers=signed(body.decode(), FORM)) as answer:
                assert answer.status == 413
        except aiohttp.ClientConnectionError:
            # The rest was not read: the connection may be closed before all of it is written.
            assert chunked or len(body) > MAX_BYTES


NONSENSE = [
    ("", FORM),
    ("payload=[]", FORM),
    ("payload=null", FORM),
    ("payload=%7B", FORM),
    ("text=hello", FORM),
    ("{", JSON),
    ("[]", JSON),
    ("[" * 100_000, JSON),
    ('{"a":' * 5_000 + "1" + "}" * 5_000, JSON),
    ("null", JSON),
    ('"text"', JSON),
    ("7", JSON),
    ("{}", JSON),
    *(
        (json.dumps({"type": "event_callback", "event": {"type": "app_home_opened"}, **more}), JSON)
        for more in (
            {"type": 7},
            {"event": [1]},
            {"event": "app_home_opened"},
            {"authorizations": 5},
            {"authorizations": [5]},
            {"team": 3},
            {"user": 3},
            {"enterprise": ["E"]},
        )
    ),
    *(
        (urlencode({"payload": json.dumps({"type": "block_actions", **more})}), FORM)
        for more in ({"actions": 5}, {"actions": [5]}, {"container": "x"}, {"view": "x"}, {"message": [2]})
    ),
    *(
        (urlencode({"payload": json.dumps({"type": "view_submission", "view": {"callback_id": "form", **more}})}), FORM)
        for more in ({"private_metadata": "junk"}, {"private_metadata": "[]"}, {"private_metadata": "[" * 5_000})
    ),
]


@pytest.mark.parametrize("case", range(len(NONSENSE)))
async def test_what_is_signed_and_makes_no_sense_is_a_bad_request(slack_app: SlackHarness, case: int) -> None:
    assert await slack_app.ada.post.raw(*NONSENSE[case]) == (400, "")


async def test_a_form_with_a_strange_state_is_taken_without_values(slack_app: SlackHarness) -> None:
    form = await slack_app.ada.press(await slack_app.ada.type("/attend"), "Fill in…")
    body = slack_app.ada.fills_in(form, code="ARC301")
    for state in ("x", [1], {"values": [1]}, {"values": {"code": 1}}, {"values": {"code": {"value": 1}}}):
        body["view"]["state"] = state
        status, _ = await slack_app.ada.post.payload(body)
        assert status == 200


async def test_bytes_that_are_no_text_harm_nobody(slack_app: SlackHarness) -> None:
    post = slack_app.ada.post
    bytes_ = b"text=\xff\xfe"
    stamp = str(int(time.time()))
    secret = SECRET.encode()
    signature = "v0=" + hmac.new(secret, b"v0:" + stamp.encode() + b":" + bytes_, hashlib.sha256).hexdigest()
    headers = {"Content-Type": FORM, "X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": signature}
    async with aiohttp.ClientSession() as session, session.post(post.url, data=bytes_, headers=headers) as answer:
        assert answer.status == 400
    assert words(await slack_app.ada.type("/nextsession"))


def test_a_signature_with_letters_of_other_alphabets_is_only_wrong() -> None:
    headers = {"X-Slack-Request-Timestamp": now(), "X-Slack-Signature": "v0=\u00e9\udcff"}
    assert not is_signed(SECRET, headers, b"", SystemClock().now())
    assert not is_signed(SECRET, {**headers, "X-Slack-Request-Timestamp": "\u0661\u0662"}, b"", SystemClock().now())


async def test_an_unfinished_body_does_not_slow_down_answers(
    slack_app: SlackHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The headers are recent and have a signature, which is wrong; of the body only one byte comes."""
    monkeypatch.setattr("adapters.slack.http.BODY_TIME", 3600.0)
    url = URL(slack_app.ada.post.url)
    _, writer = await asyncio.open_connection(url.host, url.port)
    writer.write(
        f"POST {url.path} HTTP/1.1\r\nHost: x\r\nContent-Length: 500000\r\nContent-Type: {FORM}\r\n"
        f"X-Slack-Request-Timestamp: {now()}\r\nX-Slack-Signature: v0=junk\r\n\r\nx".encode()
    )
    async with asyncio.timeout(60):
        while slack_app.connections.count(Phase.BODY) != 1:  # noqa: ASYNC110 — the server is not made to tell
            await asyncio.sleep(0.01)
    # It would wait for an hour here if the request counted as one that waits for its acknowledgement.
    async with asyncio.timeout(60):
        await slack_app.handler.ack_priority.wait_until_idle(3600)
    assert words(await slack_app.ada.type("/nextsession"))
    writer.close()


async def test_a_body_that_does_not_arrive_in_time_is_refused(
    slack_app: SlackHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.slack.http.BODY_TIME", 0.05)
    url = URL(slack_app.ada.post.url)
    reader, writer = await asyncio.open_connection(url.host, url.port)
    writer.write(
        f"POST {url.path} HTTP/1.1\r\nHost: x\r\nContent-Length: 500000\r\nContent-Type: {FORM}\r\n"
        f"X-Slack-Request-Timestamp: {now()}\r\nX-Slack-Signature: v0=junk\r\n\r\nx".encode()
    )
    assert (await reader.readline()).startswith(b"HTTP/1.1 408 ")
    writer.close()


async def test_bolt_checks_the_signature_too(slack_app: SlackHarness) -> None:
    """The app by itself, without our own door in front of it."""
    inbound = slack_app.platform.routes[-1].handler.__self__  # type: ignore[attr-defined]  # a bound method
    body = urlencode(slack_app.ada.command("/nextsession"))
    stamp = str(int(time.time()))
    signature = SignatureVerifier(SECRET).generate_signature(timestamp=stamp, body=body) or ""
    headers: dict[str, str | Sequence[str]] = {
        "content-type": [FORM],
        "x-slack-request-timestamp": [stamp],
        "x-slack-signature": [signature],
    }
    good = await inbound.app.async_dispatch(AsyncBoltRequest(body=body, headers=headers))
    assert (good.status, good.body) == (200, "")
    await slack_app.peer.until(lambda: len(slack_app.peer.of("respond")) == 1)
    bad = await inbound.app.async_dispatch(AsyncBoltRequest(body=body + "&x=1", headers=headers))
    assert bad.status == 401
    check = await inbound.app.async_dispatch(AsyncBoltRequest(body="ssl_check=1", headers={"content-type": FORM}))
    assert check.status == 401


async def going(slack_app: SlackHarness) -> int:
    await slack_app.quiet()
    return len(slack_app.peer.of("respond"))


async def test_a_command_that_is_delivered_twice_is_done_once(slack_app: SlackHarness) -> None:
    for line in ("/attend ARC301", "/nextsession"):
        before = await going(slack_app)
        body = slack_app.ada.command(line)
        for number in range(3):
            assert await slack_app.ada.post.form(body, **{"X-Slack-Retry-Num": str(number)}) == (200, "")
        assert await going(slack_app) == before + 1


async def test_a_double_click_is_one_click_and_two_clicks_are_two(slack_app: SlackHarness) -> None:
    shown = await slack_app.ada.type("/session ARC301")
    before = await going(slack_app)
    first, second = slack_app.ada.presses(shown, "Going"), slack_app.ada.presses(shown, "Going")
    assert first["trigger_id"] != second["trigger_id"]
    await asyncio.gather(slack_app.ada.post.payload(first), slack_app.ada.post.payload(second))
    assert await going(slack_app) == before + 1
    slack_app.app.clock.move_to(at(8, 1))
    await slack_app.ada.press(shown, "Going")
    assert await going(slack_app) == before + 2
    await replace(slack_app.ada, id="U044").press(shown, "Going")


async def test_a_form_that_is_submitted_twice_is_done_once(slack_app: SlackHarness) -> None:
    form = await slack_app.ada.press(await slack_app.ada.type("/attend"), "Fill in…")
    before = await going(slack_app)
    body = slack_app.ada.fills_in(form, code="ARC301")
    await asyncio.gather(slack_app.ada.post.payload(body), slack_app.ada.post.payload(body))
    assert await going(slack_app) == before + 1


async def test_an_event_that_slack_tells_again_is_heard_once(slack_app: SlackHarness) -> None:
    event = slack_app.ada.event({"type": "app_home_opened", "user": "U031", "channel": "D1", "tab": "home"})
    for number in range(3):
        headers = {"X-Slack-Retry-Num": str(number), "X-Slack-Retry-Reason": "http_timeout"}
        assert await slack_app.ada.post.event(event, **headers) == (200, "")
    await slack_app.quiet()
    assert len(slack_app.peer.of("views.publish")) == 1


async def test_two_processes_do_once_what_both_are_told(slack: SlackPeer, tmp_path: Path) -> None:
    """Two platforms on one database; each has a memory of its own."""
    async with new_store("sqlite", tmp_path, "") as store:
        await AppHarness(store).publish()
        async with slack_harness(slack, AppHarness(store)) as one, slack_harness(slack, AppHarness(store)) as other:
            shown = await one.ada.type("/session ARC301")
            body = one.ada.presses(shown, "Going")
            again = one.ada.presses(shown, "Going")
            event = one.ada.event({"type": "app_home_opened", "user": "U031", "channel": "D1", "tab": "home"})
            before = len(slack.of("respond"))
            for slack_app, press in ((one, body), (other, body), (other, again)):
                await slack_app.ada.post.payload(press)
                await slack_app.quiet()
                await slack_app.ada.post.event(event)
                await slack_app.quiet()
            assert len(slack.of("respond")) == before + 1
            assert len(slack.of("views.publish")) == 1


class NoStore:
    """A store that is away."""

    commits = Commits()

    def write_transaction(self) -> Any:
        raise StoreError("away")

    read_transaction = write_transaction


async def test_a_store_that_is_away_lets_the_command_say_so(app: AppHarness) -> None:
    store: Store = NoStore()
    deduplicator = Deduplicator(store, FrozenClock())
    assert await deduplicator.is_first([delivery_key("a")], everywhere=True)
    assert not await deduplicator.is_first([delivery_key("a")], everywhere=True)


async def test_what_is_over_is_forgotten(app: AppHarness, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adapters.slack.deduplicator.CACHE_SIZE", 10)
    clock = FrozenClock()
    deduplicator = Deduplicator(app.store, clock)
    for number in range(30):
        clock.move_to(at(8, number))
        assert await deduplicator.is_first([click_key(number)], everywhere=False)
    assert len(deduplicator._seen_until) <= 10


async def test_being_removed_stops_at_once_what_is_owed(slack_app: SlackHarness) -> None:
    await slack_app.ada.type("/hotel MGM")
    await slack_app.ada.type("/attend ARC301")
    await slack_app.ada.post.event(slack_app.ada.event({"type": "app_uninstalled"}))
    await slack_app.quiet()
    assert (await slack_app.attendee()).community.left_at is not None
    assert await slack_app.wait(hours=2) == []


async def test_a_stranger_in_another_workspace_is_another_person(slack_app: SlackHarness) -> None:
    await slack_app.ada.type("/attend ARC301")
    elsewhere = Person(slack_app.ada.post, team="T200")
    assert "ARC301" not in words(await elsewhere.type("/agenda"))
    async with slack_app.app.store.read_transaction() as work:
        assert {community.tenant for community in await work.communities.of_user("slack", "U031")} == {TEAM, "T200"}


async def test_what_is_remembered_of_what_came_before_is_bounded_and_stays_fast() -> None:
    clock = FrozenClock()
    deduplicator = Deduplicator(MemoryStore(), clock)
    begins = time.process_time()
    for number in range(60_000):
        assert await deduplicator.is_first([delivery_key("command", number)], everywhere=False)
    assert len(deduplicator._seen_until) == 20_000
    # A command took 1 ms at 20,000 remembered names, and ever longer after that.
    assert time.process_time() - begins < 30
    assert not await deduplicator.is_first([delivery_key("command", 59_999)], everywhere=False)
    clock.move_to(clock.now() + timedelta(hours=3))
    assert await deduplicator.is_first([delivery_key("command", 59_999)], everywhere=False)


def test_a_typed_calendar_address_is_read_as_it_was_typed() -> None:
    assert unescape_typed("feed <webcal://example.org/a.ics|webcal://example.org/a.ics> now") == (
        "feed webcal://example.org/a.ics now"
    )
