"""The web side, over real HTTP."""

import asyncio
import errno
import json
from typing import Any

import aiohttp
import pytest
import structlog
from aiohttp import web
from aiohttp.test_utils import make_mocked_request
from prometheus_client import CollectorRegistry, Counter

from adapters.web import Connections, Monitoring, NotReadyError, Watchers, WebError, WebLimits, build, hosts_of, serve
from adapters.web.clients import client_of
from bot.app.dispatcher.limits import Budget
from bot.cli.web_side import serving_web
from bot.config import Settings


async def asked(url: str) -> tuple[int, str]:
    async with aiohttp.ClientSession() as client, client.get(url) as answer:
        return answer.status, await answer.text()


async def test_alive_ready_and_counted() -> None:
    async def well() -> None:
        return

    metrics = CollectorRegistry()
    Counter("nudges", "sent", registry=metrics).inc(3)
    async with serve(build(Monitoring({"database": well}, metrics)), "127.0.0.1", 0) as port:
        base = f"http://127.0.0.1:{port}"
        assert await asked(f"{base}/healthz") == (200, '{"status": "ok"}')
        assert await asked(f"{base}/readyz") == (200, '{"status": "ok", "failing": [], "reasons": {}}')
        status, text = await asked(f"{base}/metrics")
        assert status == 200
        assert "nudges_total 3.0" in text
        assert (await asked(f"{base}/other"))[0] == 404


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (NotReadyError("the disk is full"), "the disk is full"),
        (RuntimeError("postgresql://hallway:s3cret@db"), "RuntimeError"),
    ],
)
async def test_not_ready_names_the_check_and_why_but_quotes_no_error(error: Exception, reason: str) -> None:
    async def broken() -> None:
        raise error

    async with serve(build(Monitoring({"database": broken}, CollectorRegistry())), "127.0.0.1", 0) as port:
        answer = await asked(f"http://127.0.0.1:{port}/readyz")
    body = f'{{"status": "failing", "failing": ["database"], "reasons": {{"database": "{reason}"}}}}'
    assert answer == (503, body)


async def test_details_are_shown_and_change_nothing() -> None:
    async def details() -> dict[str, object]:
        return {"feeds": {"failing": 1, "held": 0}}

    async with serve(build(Monitoring({}, CollectorRegistry(), details=details)), "127.0.0.1", 0) as port:
        status, text = await asked(f"http://127.0.0.1:{port}/readyz")
    body = json.loads(text)
    assert (status, body["status"], body["failing"], body["feeds"]) == (200, "ok", [], {"failing": 1, "held": 0})


async def nothing(_: web.Request) -> web.Response:
    return web.Response(text="here")


@pytest.mark.parametrize(
    ("setting", "hosts"),
    [
        ("127.0.0.1", ("127.0.0.1",)),
        ("localhost", ("127.0.0.1", "::1")),
        ("", ("0.0.0.0", "::")),
        (" 127.0.0.1 , [::1],", ("127.0.0.1", "::1")),
        ("hallway.example", ("hallway.example",)),
    ],
)
def test_the_setting_says_where_to_listen(setting: str, hosts: tuple[str, ...]) -> None:
    assert hosts_of(setting) == hosts


@pytest.mark.parametrize("setting", ["localhost", "", "127.0.0.1,::1"])
async def test_routes_of_platforms_are_served_on_ipv4_and_ipv6_under_one_port(setting: str) -> None:
    app = build(Monitoring({}, CollectorRegistry()), [web.get("/slack/install", nothing)])
    async with serve(app, setting, 0) as port:
        for host in ("127.0.0.1", "[::1]"):
            assert await asked(f"http://{host}:{port}/slack/install") == (200, "here")
            assert (await asked(f"http://{host}:{port}/healthz"))[0] == 200


async def test_only_what_the_setting_says_is_served() -> None:
    async with serve(build(Monitoring({}, CollectorRegistry())), "127.0.0.1", 0) as port:
        with pytest.raises(aiohttp.ClientConnectorError):
            await asked(f"http://[::1]:{port}/healthz")


@pytest.mark.parametrize("refusal", [errno.EAFNOSUPPORT, errno.EADDRNOTAVAIL])
async def test_a_machine_without_ipv6_serves_ipv4_where_the_setting_means_both(
    monkeypatch: pytest.MonkeyPatch, refusal: int
) -> None:
    without_ipv6(monkeypatch, refusal)
    async with serve(build(Monitoring({}, CollectorRegistry())), "localhost", 0) as port:
        assert (await asked(f"http://127.0.0.1:{port}/healthz"))[0] == 200
    with pytest.raises(WebError, match=r"cannot listen on fe80::1 port 0 \("):
        async with serve(build(Monitoring({}, CollectorRegistry())), "fe80::1", 0):
            pass


def without_ipv6(monkeypatch: pytest.MonkeyPatch, refusal: int) -> None:
    """The one thing of the machine that cannot be had here: asyncio's own call fails as it does there."""
    loop = asyncio.get_running_loop()
    listening = loop.create_server

    async def create_server(factory: Any, host: str, *more: Any, **named: Any) -> Any:
        if ":" in host:
            raise OSError(refusal, "no IPv6")
        return await listening(factory, host, *more, **named)

    monkeypatch.setattr(loop, "create_server", create_server)


async def test_a_port_that_is_taken_and_a_host_that_is_none_are_one_sentence() -> None:
    async with serve(build(Monitoring({}, CollectorRegistry())), "127.0.0.1", 0) as port:
        with pytest.raises(WebError) as caught:
            async with serve(build(Monitoring({}, CollectorRegistry())), "localhost", port):
                pass
    assert str(caught.value) == (
        f"The web side cannot listen on 127.0.0.1 port {port} (Address already in use): "
        "change HALLWAY_HTTP_HOST or HALLWAY_HTTP_PORT."
    )
    with pytest.raises(WebError, match=r"on no\.such\.host\.invalid port 0 \(no such address\)"):
        async with serve(build(Monitoring({}, CollectorRegistry())), "no.such.host.invalid", 0):
            pass


async def get(url: str, **headers: str) -> tuple[int, str]:
    async with aiohttp.ClientSession(headers=headers) as client, client.get(url) as answer:
        return answer.status, await answer.text()


def watched(watchers: Watchers | None = None) -> web.Application:
    async def broken() -> None:
        raise NotReadyError("the disk is full")

    return build(Monitoring({"database": broken}, CollectorRegistry()), watchers=watchers)


SHORT = '{"status": "failing"}'


@pytest.mark.parametrize(
    "header",
    [
        {"X-Forwarded-For": "203.0.113.9"},
        {"Forwarded": "for=203.0.113.9"},
        {"X-Real-IP": "203.0.113.9"},
        {"Via": "1.1 proxy"},
        {"Host": "hallway.example.org"},
        {"Host": "HALLWAY.example.org:443"},
    ],
)
async def test_who_comes_through_the_public_address_sees_neither_metrics_nor_what_fails(header: dict[str, str]) -> None:
    async with serve(watched(Watchers(public_host="hallway.example.org")), "127.0.0.1", 0) as port:
        base = f"http://127.0.0.1:{port}"
        assert (await get(f"{base}/metrics", **header))[0] == 404
        assert await get(f"{base}/readyz", **header) == (503, SHORT)
        assert await get(f"{base}/healthz", **header) == (200, '{"status": "ok"}')


async def test_a_neighbour_watches_without_a_setting_as_before() -> None:
    async with serve(watched(Watchers(public_host="hallway.example.org")), "127.0.0.1", 0) as port:
        base = f"http://127.0.0.1:{port}"
        assert (await get(f"{base}/metrics"))[0] == 200
        assert "the disk is full" in (await get(f"{base}/readyz"))[1]


@pytest.mark.parametrize("sent", ["", "Bearer", "Bearer wrong", "s3cret", "Basic s3cret"])
async def test_with_a_token_nobody_watches_without_it(sent: str) -> None:
    async with serve(watched(Watchers("s3cret")), "127.0.0.1", 0) as port:
        base = f"http://127.0.0.1:{port}"
        assert (await get(f"{base}/metrics", Authorization=sent))[0] == 404
        assert await get(f"{base}/readyz", Authorization=sent) == (503, SHORT)
        through_the_proxy = {"Authorization": "Bearer s3cret", "X-Forwarded-For": "203.0.113.9"}
        assert (await get(f"{base}/metrics", **through_the_proxy))[0] == 200
        assert "the disk is full" in (await get(f"{base}/readyz", **through_the_proxy))[1]
    assert "s3cret" not in repr(Watchers("s3cret"))


async def test_with_a_port_of_their_own_nobody_watches_on_the_public_one() -> None:
    settings = Settings(http_port=0, metrics_port=0, _env_file=None)
    monitoring = Monitoring({}, CollectorRegistry())
    with structlog.testing.capture_logs() as written:
        async with serving_web(settings, monitoring, [web.get("/slack/install", nothing)], Connections()) as port:
            (watching,) = [line["port"] for line in written if line["event"] == "serving metrics"]
            public, apart = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{watching}"
            assert [(await get(f"{public}{path}"))[0] for path in ("/metrics", "/readyz", "/slack/install")] == [
                404,
                200,
                200,
            ]
            assert [(await get(f"{apart}{path}"))[0] for path in ("/metrics", "/readyz", "/slack/install")] == [
                200,
                200,
                404,
            ]
            assert await get(f"{public}/readyz") == (200, '{"status": "ok"}')
            with pytest.raises(WebError, match=f"port {watching} .*HALLWAY_METRICS_PORT"):
                async with serving_web(
                    settings.model_copy(update={"metrics_port": watching}), monitoring, [], Connections()
                ):
                    pass


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("203.0.113.9", "", ""),
        ("8.8.8.8", "", "8.8.8.8"),
        ("8.8.8.8", "9.9.9.9", "8.8.8.8"),
        ("10.0.0.2", "9.9.9.9", "9.9.9.9"),
        ("10.0.0.2", "1.1.1.1, 9.9.9.9", "9.9.9.9"),
        ("10.0.0.2", "unknown", ""),
        ("10.0.0.2", "10.0.0.7", ""),
        ("::1", "2a00:1450:4001:81b::200e", "2a00:1450:4001:81b::/64"),
        ("::ffff:8.8.8.8", "", "8.8.8.8"),
        ("", "", ""),
    ],
)
def test_requests_are_counted_by_the_address_that_the_own_proxy_saw(peer: str, forwarded: str, client: str) -> None:
    request = make_mocked_request("GET", "/", {"X-Forwarded-For": forwarded} if forwarded else {})
    assert client_of(request.clone(remote=peer)) == client


def test_a_flood_of_one_client_is_refused_and_another_client_is_not() -> None:
    refused: list[str] = []
    limits = WebLimits(lambda: 0.0, refused.append, clients=Budget(2, 1), secrets=Budget(1, 0.5))
    for _ in range(2):
        limits.check("8.8.8.8", "")
    with pytest.raises(web.HTTPTooManyRequests) as caught:
        limits.check("8.8.8.8", "")
    assert caught.value.headers["Retry-After"] == "1"
    assert limits.wait_for_client("9.9.9.9") == 0
    assert [limits.wait_for_client("") for _ in range(9)] == [0] * 9
    assert [limits.wait_for_secret(digit * 64) for digit in "aab"] == [0, 2, 0]
    with pytest.raises(web.HTTPTooManyRequests):
        limits.check("", "a" * 64)
    assert refused == ["web"] * 3
