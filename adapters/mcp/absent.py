"""The routes for assistants where the official SDK is not installed: one sentence that says what to do."""

from collections.abc import Sequence

from aiohttp import web

HEADERS = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex"}
SENTENCE = (
    'Assistants cannot use this Hallway yet: its operator has to run pip install "hallway[mcp]" '
    "and start Hallway again."
)
PATHS = ("/mcp", "/p/{secret}/mcp")


def absent_routes() -> Sequence[web.RouteDef]:
    """Return the routes; the answer is the same for everybody, so that it says nothing about an address."""
    return [web.route("*", path, _absent) for path in PATHS]


async def _absent(_: web.Request) -> web.StreamResponse:
    return web.Response(status=501, text=SENTENCE, headers=HEADERS)
