"""A c3nav with a few rooms along one corridor: its API as far as ways between rooms need it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from aiohttp import web

KEY = "secret:read-only"


@dataclass(slots=True)
class FakeC3nav:
    """Rooms by their short name, each with its metres along the corridor. A walker does 60 metres a minute.

    Attributes:
        apart: rooms to which no way leads.
        busy: how many requests are refused as too many before the next one is answered.
        answer: what is sent in place of a way: status, body and headers.
        asked: the requests: method, path and key.
    """

    rooms: Mapping[str, float]
    apart: frozenset[str] = frozenset()
    busy: int = 0
    answer: tuple[int, bytes, Mapping[str, str]] | None = None
    asked: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_get("/api/v2/map/locations/{room}/", self._location)
        app.router.add_post("/api/v2/routing/route/", self._route)
        return app

    def _refusal(self, request: web.Request) -> web.Response | None:
        key = request.headers.get("X-API-Key", "")
        self.asked.append((request.method, request.path, key))
        if self.busy:
            self.busy -= 1
            return web.json_response({"detail": "too many"}, status=429, headers={"Retry-After": "7"})
        if key not in (KEY, "anonymous"):
            return web.json_response({"detail": f"the key {key} is invalid"}, status=401)
        return None

    async def _location(self, request: web.Request) -> web.Response:
        if refusal := self._refusal(request):
            return refusal
        room = request.match_info["room"]
        return web.json_response(
            {"slug": room} if room in self.rooms else {}, status=200 if room in self.rooms else 404
        )

    async def _route(self, request: web.Request) -> web.Response:
        if refusal := self._refusal(request):
            return refusal
        if self.answer:
            status, body, headers = self.answer
            return web.Response(status=status, body=body, headers=headers)
        wanted = json.loads(await request.text())
        origin, target = wanted["origin"], wanted["destination"]
        if origin not in self.rooms or target not in self.rooms:
            return web.json_response({"detail": "validation"}, status=422)
        if {origin, target} & self.apart:
            return web.json_response({"request": wanted, "options": {}, "error": "No route found."})
        metres = abs(self.rooms[origin] - self.rooms[target])
        result = {"distance": metres, "duration": round(metres), "summary": "along the corridor", "items": []}
        return web.json_response({"request": wanted, "options": {}, "result": result})
