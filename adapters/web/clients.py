"""The address that a request comes from, also through a proxy."""

from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from aiohttp import web

FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Real-IP", "Via", "CF-Connecting-IP", "True-Client-IP")
"""Headers that proxies add."""
REMEMBERED = 4_096
"""Addresses whose meaning stays in memory: reading one takes longer than everything else about a client."""
LONGEST = 100
"""Characters of a text that may be an address."""
Address = IPv4Address | IPv6Address


def is_forwarded(request: web.Request) -> bool:
    """Whether a header shows that a proxy passed the request on."""
    return any(name in request.headers for name in FORWARDED)


def peer_of(request: web.Request) -> Address | None:
    """Return the address of the other end of the connection: of a proxy, if there is one."""
    return _address(request.remote or "")


def client_of(request: web.Request) -> str:
    """Return the address by which requests of one client are counted; of IPv6 the /64 network.

    `X-Forwarded-For` counts only if the request comes from a private address, as from a proxy beside us: everybody else
    may write anything into it. Its last entry is the one that this proxy has added.

    Returns:
        "" for a private client without a proxy, which is not limited.
    """
    client = _counted((request.remote or "")[:LONGEST])
    if client == "":
        client = _counted(request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()[:LONGEST])
    return client or ""


@lru_cache(REMEMBERED)
def _counted(text: str) -> str | None:
    """Return the name under which an address is counted: "" if it is private, None if the text is not an address."""
    address = _address(text)
    if address is None or not address.is_global:
        return None if address is None else ""
    return str(ip_network((address, 64), strict=False)) if isinstance(address, IPv6Address) else str(address)


def _address(text: str) -> Address | None:
    try:
        address = ip_address(text.strip().strip("[]").partition("%")[0])
    except ValueError:
        return None
    return address.ipv4_mapped or address if isinstance(address, IPv6Address) else address
