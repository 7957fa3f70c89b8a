"""Bodies of answers that are kept for the next request: with an ETag, and compressed once."""

import gzip
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from aiohttp import web

NOW = "X-Hallway-Now"
"""The header with the time here: the clock of a phone may be wrong, and that of a rehearsal is another one."""
REPEATED = ("Cache-Control", NOW)
"""Headers that a 304 has again; a client has all others from the body that it keeps."""
WORTH = 1_400
"""Bytes from which a body is compressed: less fits one packet anyway."""


@dataclass(frozen=True, slots=True)
class Body:
    """A body with its ETag. The tag is weak, because it is the same for the compressed body."""

    content: bytes
    media_type: str
    etag: str
    compressed: bytes | None

    @classmethod
    def of(cls, content: bytes, media_type: str, etag: str = "") -> "Body":
        """Make the tag, unless there is one, and compress the body if that is worth it."""
        compressed = gzip.compress(content, 6, mtime=0) if len(content) >= WORTH else None
        etag = etag or f'W/"{sha256(content).hexdigest()[:24]}"'
        return cls(content, media_type, etag, compressed)

    def answer(self, request: web.Request, headers: Mapping[str, str]) -> web.Response:
        """Return the answer to a request: 304 without a body if the client has this body already."""
        sent = request.headers.get("If-None-Match", "")
        if sent and (self.etag[2:] in sent or sent.strip() == "*"):
            brief = {name: headers[name] for name in REPEATED if name in headers}
            return web.Response(status=304, headers={**brief, "ETag": self.etag, "Vary": "Accept-Encoding"})
        tagged = {**headers, "ETag": self.etag, "Vary": "Accept-Encoding", "Content-Type": self.media_type}
        if self.compressed is not None and "gzip" in request.headers.get("Accept-Encoding", ""):
            return web.Response(body=self.compressed, headers={**tagged, "Content-Encoding": "gzip"})
        return web.Response(body=self.content, headers=tagged)
