"""Where the official SDK is not installed, an assistant reads what its operator has to do."""

from collections.abc import Sequence

import aiohttp
import pytest
from aiohttp import web
from prometheus_client import CollectorRegistry

from adapters.web import Monitoring, build, serve
from bot.app.runtime.metrics import NoMetrics
from bot.cli import web_side
from bot.config import Settings
from tests.adapters.site.harness import WEB
from tests.fakes.app_harness import AppHarness


async def asked(routes: Sequence[web.AbstractRouteDef], method: str, path: str) -> tuple[int, str]:
    async with (
        serve(build(Monitoring({}, CollectorRegistry()), routes), "127.0.0.1", 0) as port,
        aiohttp.ClientSession() as client,
        client.request(method, f"http://127.0.0.1:{port}{path}") as answer,
    ):
        return answer.status, await answer.text()


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
@pytest.mark.parametrize("path", ["/mcp", "/p/x/mcp", "/p/" + "a" * 26 + "/mcp"])
async def test_one_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch, method: str, path: str) -> None:
    monkeypatch.setattr(web_side, "find_spec", lambda _: None)
    app = AppHarness(web=WEB)
    async with web_side.assistant_routes(Settings(_env_file=None), app.dispatch, NoMetrics()) as routes:
        assert await asked(routes, method, path) == (
            501,
            (
                'Assistants cannot use this Hallway yet: its operator has to run pip install "hallway[mcp]" and start '
                "Hallway again."
            ),
        )


async def test_without_a_public_address_there_is_nothing_to_ask() -> None:
    async with web_side.assistant_routes(Settings(_env_file=None), AppHarness().dispatch, NoMetrics()) as routes:
        assert routes == ()
