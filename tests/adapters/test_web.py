"""The web side, over real HTTP."""

import aiohttp
from prometheus_client import CollectorRegistry, Counter

from adapters.web import NotReady, build, serve


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
        assert await asked(f"{base}/readyz") == (200, '{"status": "ok", "failing": []}')
        status, text = await asked(f"{base}/metrics")
        assert status == 200
        assert "nudges_total 3.0" in text
        assert (await asked(f"{base}/other"))[0] == 404


async def test_not_ready_names_the_check_and_not_its_reason() -> None:
    async def broken() -> None:
        raise NotReady("postgresql://hallway:s3cret@db")

    async with serve(build({"database": broken}, CollectorRegistry()), "127.0.0.1", 0) as port:
        answer = await asked(f"http://127.0.0.1:{port}/readyz")
    assert answer == (503, '{"status": "failing", "failing": ["database"]}')
