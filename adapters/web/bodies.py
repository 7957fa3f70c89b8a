"""Response bodies that are cached for later requests, each with an ETag and compressed once."""

import gzip
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from aiohttp import hdrs, web

from adapters.web.ready import ReadyAnswer, can_be_ready

NOW = "X-Hallway-Now"
"""The header with the time here: the clock of a phone may be wrong, and that of a rehearsal is another one."""
REPEATED = ("Cache-Control",)
"""Headers that a 304 has again; a client has all others from the body that it keeps."""
WORTH = 1_400
"""Bytes from which a body is compressed: less fits one packet anyway."""


@dataclass(slots=True, eq=False)
class Variant:
    """One of the variants in which a body is sent: whole, compressed, or not at all because the client has it."""

    status: int
    headers: Mapping[str, str]
    content: bytes = b""
    _ready: ReadyAnswer | None = None
    _now: str = ""

    def answer(self, request: web.Request, now: str = "") -> web.StreamResponse:
        """Return the answer to a request in this variant."""
        if can_be_ready(request):
            if self._ready is None or self._now != now:
                self._ready, self._now = ReadyAnswer(self.status, self._headers(now), self.content), now
            return self._ready
        return web.Response(status=self.status, headers=self._headers(now), body=self.content or None)

    def _headers(self, now: str) -> Mapping[str, str]:
        return {**self.headers, NOW: now} if now else self.headers


@dataclass(frozen=True, slots=True)
class Body:
    """A body with its ETag. The tag is weak, because it is the same for the compressed body."""

    etag: str
    whole: Variant
    compressed: Variant | None
    unchanged: Variant

    @classmethod
    def of(cls, content: bytes, media_type: str, headers: Mapping[str, str], etag: str = "") -> "Body":
        """Make the tag, unless there is one, and compress the body if that is worth it.

        Args:
            content: the body.
            media_type: its Content-Type.
            headers: the headers of every answer with this body.
            etag: the tag of the body.
        """
        etag = etag or f'W/"{sha256(content).hexdigest()[:24]}"'
        tagged = {"ETag": etag, "Vary": "Accept-Encoding"}
        all_headers = {**headers, **tagged, "Content-Type": media_type}
        compressed = None
        if len(content) >= WORTH:
            packed = gzip.compress(content, 6, mtime=0)
            compressed = Variant(200, {**all_headers, "Content-Encoding": "gzip"}, packed)
        brief = {name: headers[name] for name in REPEATED if name in headers} | tagged
        return cls(etag, Variant(200, all_headers, content), compressed, Variant(304, brief))

    @property
    def size(self) -> int:
        """Bytes in memory."""
        return len(self.whole.content) + (len(self.compressed.content) if self.compressed else 0)

    def answer(self, request: web.Request, now: str = "") -> web.StreamResponse:
        """Return the answer to a request: 304 without a body if the client has this body already.

        Args:
            request: what the client sent.
            now: the time here; "" if the client does not need it.
        """
        asked = request.headers
        sent = asked.get(hdrs.IF_NONE_MATCH)
        if sent and (sent == self.etag or self.etag[2:] in sent or sent.strip() == "*"):
            return self.unchanged.answer(request, now)
        if self.compressed is not None and "gzip" in asked.get(hdrs.ACCEPT_ENCODING, ""):
            return self.compressed.answer(request, now)
        return self.whole.answer(request, now)
