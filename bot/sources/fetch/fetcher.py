"""Fetching of a feed: conditional requests, limits, public addresses only."""

import asyncio
import zlib
from collections.abc import AsyncIterator, Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus

import aiohttp
from aiohttp.helpers import is_ip_address
from yarl import URL

from bot.app.ports import Copy, Validators
from bot.domain.errors import FetchError
from bot.domain.imports.feed import web_address
from bot.domain.phrases import phrase
from bot.sources.fetch.addresses import CheckedResolver, is_public, refusal
from bot.sources.fetch.google_sheets import NOT_SHARED, asks_to_sign_in, export_address
from bot.sources.file_checks import LARGEST

MOST_REDIRECTS = 3
REDIRECTS = (301, 302, 303, 307, 308)
REASONS: Mapping[type[Exception], str] = {
    aiohttp.ClientConnectorCertificateError: "its certificate is not valid",
    aiohttp.ClientSSLError: "no safe connection",
    aiohttp.ClientConnectorError: "no connection",
    aiohttp.ServerDisconnectedError: "it hung up",
    aiohttp.ClientPayloadError: "it stopped in the middle of its answer",
    aiohttp.InvalidURL: "it names an address that is none",
    aiohttp.ClientResponseError: "its answer is no HTTP",
    OSError: "no connection",
    ValueError: "its answer cannot be understood",
}
"""Errors of a request, most specific first."""
UNCHANGED, TOO_MANY, BUSY = 304, 429, 500
REFUSED = (401, 403)
CHUNK = 64 * 1024
LONGEST_ADDRESS = 2_000
LONGEST_VALIDATOR = 400
LONGEST_HOST, LONGEST_LABEL = 253, 63
"""Characters of a host name and of its parts between dots (RFC 1035)."""
QUOTED = 80
"""Maximum characters of an address or a header that an error quotes."""


@dataclass(frozen=True, slots=True)
class HttpFetcher:
    """`ports.Fetcher` on aiohttp. `allowed` hosts may be non-public; `seconds` limits the whole fetch."""

    allowed: Collection[str] = ()
    seconds: float = 30
    largest: int = LARGEST
    resolver: Callable[[Collection[str]], CheckedResolver] = CheckedResolver

    async def __call__(self, url: str, validators: Validators) -> Copy | None:
        """Return a new copy, or None if the known one is current. Raises `FetchError`."""
        address = address_of(url)
        try:
            async with asyncio.timeout(self.seconds), self._session() as session:
                return await self._get(session, address, validators)
        except TimeoutError:
            raise FetchError(
                "{host} took longer than {seconds} s: try again later.", host=address.host, seconds=f"{self.seconds:g}"
            ) from None
        except (aiohttp.ClientError, OSError, ValueError) as error:
            # ValueError: the library cannot understand or write a header.
            raise FetchError(
                "{host} could not be read ({reason}): try again later.", host=address.host, reason=_reason(error)
            ) from error

    def _session(self) -> aiohttp.ClientSession:
        connector = aiohttp.TCPConnector(
            resolver=self.resolver(self.allowed), use_dns_cache=False, force_close=True, limit=1
        )
        headers = {"User-Agent": "Hallway", "Accept-Encoding": "gzip"}
        # Decompressed in bounded chunks: 400 KiB of gzip can hold 400 MiB.
        return aiohttp.ClientSession(
            connector=connector, headers=headers, auto_decompress=False, cookie_jar=aiohttp.DummyCookieJar()
        )

    async def _get(self, session: aiohttp.ClientSession, address: URL, validators: Validators) -> Copy | None:
        """Follow redirects one by one, so that each target is checked before connecting."""
        asked = {"If-None-Match": validators.etag, "If-Modified-Since": validators.modified}
        # Checked again, because an older version may have stored any text.
        headers = {name: value for name, value in asked.items() if _is_validator(value)}
        for _ in range(MOST_REDIRECTS + 1):
            self._check(address)
            async with session.get(address, headers=headers, allow_redirects=False) as answer:
                if answer.status not in REDIRECTS:
                    if asks_to_sign_in(address, address, refused=answer.status in REFUSED):
                        raise FetchError(NOT_SHARED)
                    return await self._read(answer, validators)
                target = answer.headers.get("Location", "")
            before, address = address, _redirected(address, target) if target else address
            if asks_to_sign_in(before, address, refused=False):
                raise FetchError(NOT_SHARED)
        raise FetchError(
            "{host} redirects more than {most_redirects} times: give the address it ends at.",
            host=address.host,
            most_redirects=MOST_REDIRECTS,
        )

    def _check(self, address: URL) -> None:
        """Check literal IP addresses, which the resolver never sees."""
        host = address.host or ""
        if is_ip_address(host) and host.casefold() not in self.allowed and not is_public(host):
            raise refusal(host)

    async def _read(self, answer: aiohttp.ClientResponse, validators: Validators) -> Copy | None:
        if answer.status == UNCHANGED and validators != Validators():
            return None
        if answer.status != 200:  # noqa: PLR2004 — OK
            raise _fault(answer)
        body = bytearray()
        async for chunk in _unpacked(answer):
            body += chunk
            if len(body) > self.largest:
                most = f"{self.largest // 1024**2} MiB"
                raise FetchError(
                    "{host} sends more than {most}, the limit for a schedule.", host=answer.url.host, most=most
                )
        return Copy(bytes(body), Validators(_validator(answer, "ETag"), _validator(answer, "Last-Modified")))


def address_of(text: str) -> URL:
    """Parse a fetchable URL; raises `FetchError` for any other."""
    try:
        address = URL(web_address(text))
    except ValueError:
        address = URL()
    if len(text) > LONGEST_ADDRESS or address.scheme not in ("http", "https") or not _has_host(address):
        raise FetchError(
            "{text} is not the address of a feed: it begins with https:// or http://.", text=repr(text[:QUOTED])
        )
    if address.user or address.password:
        raise FetchError("The address has a name or password in it, which everybody could read: leave it out.")
    return export_address(address).with_fragment(None)


def _has_host(address: URL) -> bool:
    """Whether the host can be looked up: yarl lets more pass than the resolver takes."""
    try:
        host = address.host or ""
    except ValueError:  # a part of it begins with xn--, but is no Punycode
        return False
    name = (address.raw_host or "").removesuffix(".")
    labels = name.split(".")
    fits = len(name) <= LONGEST_HOST and all(0 < len(label) <= LONGEST_LABEL for label in labels)
    return fits and name.isascii() and host.isprintable() and " " not in host


def _redirected(address: URL, location: str) -> URL:
    try:
        return address_of(str(address.join(URL(location))))
    except ValueError:
        where = repr(location[:QUOTED])
        message = phrase(
            "{host} redirects to {where}, which is not an address: give the address of the schedule itself.",
            host=address.host,
            where=where,
        )
        raise FetchError(message) from None


def _validator(answer: aiohttp.ClientResponse, name: str) -> str:
    """The validator of a copy, "" if it could not be sent back: then the next copy is compared by its digest."""
    value = answer.headers.get(name, "")
    return value if _is_validator(value) else ""


def _is_validator(value: str) -> bool:
    """Whether it can be stored and sent in a header: control characters and other encodings cannot."""
    return 0 < len(value) <= LONGEST_VALIDATOR and value.isascii() and value.isprintable()


async def _unpacked(answer: aiohttp.ClientResponse) -> AsyncIterator[bytes]:
    """Yield the decompressed body in small chunks."""
    packing = answer.headers.get("Content-Encoding", "identity").strip().lower()
    chunks = answer.content.iter_chunked(CHUNK)
    if packing in ("", "identity"):
        async for chunk in chunks:
            yield chunk
        return
    if packing not in ("gzip", "x-gzip", "deflate"):
        raise FetchError(
            "{host} packs its answer as {packing}, which it was not asked for.",
            host=answer.url.host,
            packing=repr(packing[:QUOTED]),
        )
    # 47: gzip or zlib, whichever it is.
    unpacker = zlib.decompressobj(47)
    async for chunk in chunks:
        rest = chunk
        while rest:
            yield _more(unpacker, rest, answer)
            rest = unpacker.unconsumed_tail
        if unpacker.unused_data:
            # zlib keeps the data after the end, which may be endless.
            break
    yield unpacker.flush()
    if not unpacker.eof or unpacker.unused_data:
        raise FetchError("{host} stopped in the middle of its answer: try again later.", host=answer.url.host)


def _more(unpacker: "zlib._Decompress", packed: bytes, answer: aiohttp.ClientResponse) -> bytes:
    try:
        return unpacker.decompress(packed, CHUNK)
    except zlib.error as error:
        raise FetchError("the answer of {host} cannot be unpacked: try again later.", host=answer.url.host) from error


def _fault(answer: aiohttp.ClientResponse) -> FetchError:
    host, status = answer.url.host, answer.status
    wait = _retry_after(answer.headers.get("Retry-After", ""), answer.headers.get("Date", ""))
    if status == TOO_MANY:
        return FetchError("{host} asks for fewer requests (429).", wait, host=host)
    if status >= BUSY:
        return FetchError("{host} is out of order ({status}): try again later.", wait, host=host, status=status)
    # Our own words for the number, because the server may write any text beside it.
    status_text = f"{status} {HTTPStatus(status).phrase}" if status in set(HTTPStatus) else str(status)
    return FetchError(
        "{host} does not give the schedule ({known}): check the address.", wait, host=host, known=status_text
    )


def _retry_after(text: str, date: str) -> timedelta | None:
    """Parse Retry-After: seconds, or a date by the server's own clock."""
    if text.isdecimal():
        return timedelta(seconds=min(int(text[:9]), 86_400))
    try:
        return max(parsedate_to_datetime(text) - parsedate_to_datetime(date), timedelta())
    # No date, one that no calendar has, or only one of the two with a zone.
    except (ValueError, TypeError, OverflowError):
        return None


def _reason(error: Exception) -> str:
    """Describe an error in our own words: the library may quote the server."""
    for kind, words in REASONS.items():
        if isinstance(error, kind):
            return words
    return type(error).__name__
