"""Bodies of answers that are kept for the next request: with an ETag, and compressed once."""

import gzip
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from aiohttp import web

from adapters.web.ready import ReadyAnswer, can_be_ready, head_of

NOW = "X-Hallway-Now"
"""The header with the time here: the clock of a phone may be wrong, and that of a rehearsal is another one."""
REPEATED = ("Cache-Control",)
"""Headers that a 304 has again; a client has all others from the body that it keeps."""
WORTH = 1_400
"""Bytes from which a body is compressed: less fits one packet anyway."""


@dataclass(frozen=True, slots=True)
class PageForm:
    """One of the forms in which a body is sent: whole, compressed, or not at all because the client has it.

    Attributes:
        head: the status line and the headers as they are sent.
    """

    status: int
    headers: Mapping[str, str]
    content: bytes
    head: bytes

    @classmethod
    def of(cls, status: int, headers: Mapping[str, str], content: bytes = b"") -> "PageForm":
        """Write the head."""
        return cls(status, headers, content, head_of(status, headers, content))

    def answer(self, request: web.Request, now: str) -> web.StreamResponse:
        """Return the answer to a request in this form."""
        if can_be_ready(request):
            line = f"{NOW}: {now}\r\n".encode() if now else b""
            return ReadyAnswer(self.status, b"%b%b" % (self.head, line), self.content)
        headers = {**self.headers, NOW: now} if now else self.headers
        return web.Response(status=self.status, headers=headers, body=self.content or None)


@dataclass(frozen=True, slots=True)
class Body:
    """A body with its ETag. The tag is weak, because it is the same for the compressed body."""

    etag: str
    whole: PageForm
    compressed: PageForm | None
    unchanged: PageForm

    @classmethod
    def of(cls, content: bytes, media_type: str, headers: Mapping[str, str], etag: str = "") -> "Body":
        """Make the tag, unless there is one, and compress the body if that is worth it.

        Args:
            content: the body.
            media_type: its Content-Type.
            headers: of every answer with this body.
            etag: of the body.
        """
        etag = etag or f'W/"{sha256(content).hexdigest()[:24]}"'
        tagged = {"ETag": etag, "Vary": "Accept-Encoding"}
        all_headers = {**headers, **tagged, "Content-Type": media_type}
        compressed = None
        if len(content) >= WORTH:
            packed = gzip.compress(content, 6, mtime=0)
            compressed = PageForm.of(200, {**all_headers, "Content-Encoding": "gzip"}, packed)
        brief = {name: headers[name] for name in REPEATED if name in headers} | tagged
        return cls(etag, PageForm.of(200, all_headers, content), compressed, PageForm.of(304, brief))

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
        sent = asked.get("If-None-Match")
        if sent and (self.etag[2:] in sent or sent.strip() == "*"):
            return self.unchanged.answer(request, now)
        if self.compressed is not None and "gzip" in asked.get("Accept-Encoding", ""):
            return self.compressed.answer(request, now)
        return self.whole.answer(request, now)
