"""The web side, over real HTTP."""

import asyncio
import errno
import json
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from prometheus_client import CollectorRegistry, Counter

from adapters.web import NotReadyError, WebError, build, hosts_of, serve


async def asked(url: str) -> tuple[int, str]:
    async with aiohttp.ClientSession() as client, client.get(url) as answer:
        return answer.status, await answer.text()


async def test_alive_ready_and_counted() -> None:
    async def well() -> None:
        return

    metrics = CollectorRegistry()
    Counter("nudges", "sent", registry=metrics).inc(3)
    async with serve(build({"database": well}, metrics), "127.0.0.1", 0) as port:
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

    async with serve(build({"database": broken}, CollectorRegistry()), "127.0.0.1", 0) as port:
        answer = await asked(f"http://127.0.0.1:{port}/readyz")
    body = f'{{"status": "failing", "failing": ["database"], "reasons": {{"database": "{reason}"}}}}'
    assert answer == (503, body)


async def test_details_are_shown_and_change_nothing() -> None:
    async def details() -> dict[str, object]:
        return {"feeds": {"failing": 1, "held": 0}}

    async with serve(build({}, CollectorRegistry(), details=details), "127.0.0.1", 0) as port:
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
    app = build({}, CollectorRegistry(), [web.get("/slack/install", nothing)])
    async with serve(app, setting, 0) as port:
        for host in ("127.0.0.1", "[::1]"):
            assert await asked(f"http://{host}:{port}/slack/install") == (200, "here")
            assert (await asked(f"http://{host}:{port}/healthz"))[0] == 200


async def test_only_what_the_setting_says_is_served() -> None:
    async with serve(build({}, CollectorRegistry()), "127.0.0.1", 0) as port:
        with pytest.raises(aiohttp.ClientConnectorError):
            await asked(f"http://[::1]:{port}/healthz")


@pytest.mark.parametrize("refusal", [errno.EAFNOSUPPORT, errno.EADDRNOTAVAIL])
async def test_a_machine_without_ipv6_serves_ipv4_where_the_setting_means_both(
    monkeypatch: pytest.MonkeyPatch, refusal: int
) -> None:
    without_ipv6(monkeypatch, refusal)
    async with serve(build({}, CollectorRegistry()), "localhost", 0) as port:
        assert (await asked(f"http://127.0.0.1:{port}/healthz"))[0] == 200
    with pytest.raises(WebError, match=r"cannot listen on fe80::1 port 0 \("):
        async with serve(build({}, CollectorRegistry()), "fe80::1", 0):
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
    async with serve(build({}, CollectorRegistry()), "127.0.0.1", 0) as port:
        with pytest.raises(WebError) as caught:
            async with serve(build({}, CollectorRegistry()), "localhost", port):
                pass
    assert str(caught.value) == (
        f"The web side cannot listen on 127.0.0.1 port {port} (Address already in use): "
        "change HALLWAY_HTTP_HOST or HALLWAY_HTTP_PORT."
    )
    with pytest.raises(WebError, match=r"on no\.such\.host\.invalid port 0 \(no such address\)"):
        async with serve(build({}, CollectorRegistry()), "no.such.host.invalid", 0):
            pass
