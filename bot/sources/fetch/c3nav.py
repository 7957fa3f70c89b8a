"""The API of c3nav, an indoor map: which rooms it knows, and the way from one to another.

Its version 2: `GET map/locations/ROOM/` and `POST routing/route/`, both with a key in the header `X-API-Key`. The key
`anonymous` may read what every visitor sees.
"""

import asyncio
import json
import math
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

import aiohttp
from yarl import URL

from bot.domain.errors import FetchError
from bot.domain.travel.room_ways import MOST_METRES, MOST_MINUTES
from bot.sources.fetch.addresses import CheckedResolver, is_public, refusal

API = "api/v2"
ANONYMOUS = "anonymous"
PAUSE = 0.2
"""Seconds between two requests: an indoor map serves visitors at the same time."""
LONGEST_WAIT, MOST_WAITS = 60.0, 5
"""Seconds of a wait that the server asks for, and how many of them for one answer."""
LARGEST = 2 * 1024**2
"""Bytes of an answer: a way of 2,000 steps."""
FOUND, NOT_FOUND, REFUSED, WRONG, TOO_MANY, BROKEN = 200, 404, (401, 403), 422, 429, 500
REDIRECTS = range(300, 400)


@dataclass(frozen=True, slots=True)
class RoomRoute:
    """A way between two rooms: minutes, and metres on foot (None if unknown)."""

    minutes: float
    metres: int | None


@dataclass(slots=True)
class C3nav:
    """A connection to one c3nav, to be used with `async with`. The key is in no error and no `repr`.

    Attributes:
        base: its address without a slash at the end.
        key: the key of its API.
        allowed: hosts that may be outside the public internet.
        seconds: how long one answer may take.
        pause: waits for some seconds.
    """

    base: str
    key: str = field(default=ANONYMOUS, repr=False)
    allowed: Collection[str] = ()
    seconds: float = 30
    pause: Callable[[float], Awaitable[object]] = asyncio.sleep
    _session: aiohttp.ClientSession | None = field(default=None, repr=False)

    async def __aenter__(self) -> Self:
        """Open the connection; raises `FetchError` for a key that no header can carry, or a host that is not public."""
        if not self.key or not self.key.isascii() or not self.key.isprintable() or " " in self.key:
            raise FetchError("The key of the indoor map has characters that no key has: check HALLWAY_C3NAV_KEY.")
        host = URL(self.base).host or ""
        if _is_address(host) and host not in self.allowed and not is_public(host):
            raise refusal(host)
        connector = aiohttp.TCPConnector(resolver=CheckedResolver(self.allowed), use_dns_cache=False, limit=1)
        headers = {"User-Agent": "Hallway", "X-API-Key": self.key}
        self._session = aiohttp.ClientSession(connector=connector, headers=headers, cookie_jar=aiohttp.DummyCookieJar())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it."""
        if self._session:
            await self._session.close()

    async def knows(self, room: str) -> bool:
        """Whether the map has a room by this short name; raises `FetchError`."""
        status, _ = await self._ask("GET", f"map/locations/{room}/", None)
        # An old name of a room is redirected to the new one.
        return status == FOUND or status in REDIRECTS

    async def route(self, origin: str, target: str) -> RoomRoute | None:
        """Return the way from one room to another, None if the map has none; raises `FetchError`."""
        status, body = await self._ask("POST", "routing/route/", {"origin": origin, "destination": target})
        return read_route(body, self._host) if status == FOUND else None

    async def _ask(self, method: str, path: str, sent: Mapping[str, str] | None) -> tuple[int, bytes]:
        """The status and the body of an answer, after the waits that the server asks for."""
        for _ in range(MOST_WAITS):
            await self.pause(PAUSE)
            status, body, wait = await self._once(method, path, sent)
            if status != TOO_MANY:
                break
            await self.pause(min(LONGEST_WAIT, max(1.0, wait)))
        else:
            raise FetchError("{host} asks to be asked less often (429): try again later.", host=self._host)
        if status in REFUSED:
            raise FetchError(
                "{host} does not accept the key ({status}): make a read-only API secret in your account there, "
                "and set HALLWAY_C3NAV_KEY=secret:…",
                host=self._host,
                status=status,
            )
        if status >= BROKEN:
            raise FetchError("{host} is out of order ({status}): try again later.", host=self._host, status=status)
        is_moved = method == "POST" and status in REDIRECTS
        if is_moved or (method == "POST" and status not in (FOUND, WRONG, NOT_FOUND)):
            raise _strange(self._host)
        return status, body

    async def _once(self, method: str, path: str, sent: Mapping[str, str] | None) -> tuple[int, bytes, float]:
        if self._session is None:
            raise FetchError("The indoor map is not connected.")
        address = f"{self.base}/{API}/{path}"
        try:
            async with (
                asyncio.timeout(self.seconds),
                # A redirect would get the key.
                self._session.request(method, address, json=sent, allow_redirects=False) as answer,
            ):
                body = await answer.content.read(0) if answer.status != FOUND else await self._body(answer)
                wait = answer.headers.get("Retry-After", "")
                return answer.status, body, float(wait[:6]) if wait.isdecimal() else 1.0
        except TimeoutError:
            raise FetchError(
                "{host} took longer than {seconds} s: try again later.", host=self._host, seconds=f"{self.seconds:g}"
            ) from None
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise FetchError(
                "{host} could not be read ({reason}): try again later.", host=self._host, reason=type(error).__name__
            ) from None

    async def _body(self, answer: aiohttp.ClientResponse) -> bytes:
        body = bytearray()
        async for chunk in answer.content.iter_chunked(64 * 1024):
            body += chunk
            if len(body) > LARGEST:
                raise FetchError(
                    "{host} sends more than {largest} MiB: no way is so long.",
                    host=self._host,
                    largest=LARGEST // 1024**2,
                )
        return bytes(body)

    @property
    def _host(self) -> str:
        return URL(self.base).host or self.base


def read_route(body: bytes, host: str) -> RoomRoute | None:
    """Read an answer; None if it says that there is no way.

    Raises:
        FetchError: it is no answer of a c3nav.
    """
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        raise _strange(host) from None
    result = answer.get("result") if isinstance(answer, dict) else None
    if isinstance(answer, dict) and "error" in answer:
        return None
    seconds = _number(result.get("duration")) if isinstance(result, dict) else None
    if not isinstance(result, dict) or seconds is None or not 0 <= seconds <= MOST_MINUTES * 60:
        raise _strange(host)
    metres = _number(result.get("distance"))
    is_distance = metres is not None and 0 <= metres <= MOST_METRES
    return RoomRoute(round(seconds / 60, 2), round(metres) if metres is not None and is_distance else None)


def _strange(host: str) -> FetchError:
    return FetchError("{host} does not answer as a c3nav does: check the address of the indoor map.", host=host)


def _number(value: object) -> float | None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    # A number of the answer may have a thousand digits.
    if not is_number or (isinstance(value, int) and abs(value) > 10**9):
        return None
    number = float(value) if isinstance(value, int | float) else math.nan
    return number if math.isfinite(number) else None


def _is_address(host: str) -> bool:
    return bool(host) and (host.replace(".", "").isdecimal() or ":" in host)
