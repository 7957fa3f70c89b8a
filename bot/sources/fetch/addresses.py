"""Address filter of feeds: only public internet addresses, never the local network (SSRF).

The blocks are those of IANA's special-purpose address registries (RFC 6890), including the few that routers forward:
relays and sinks, where no schedule is. Python's `is_global` is also used, but its data depends on the version of
Python.
"""

import socket
from collections.abc import Collection
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver

from bot.domain.errors import FetchError

SPECIAL_IPV4 = tuple(
    map(
        IPv4Network,
        (
            "0.0.0.0/8",  # this network
            "10.0.0.0/8",  # private
            "100.64.0.0/10",  # shared by the customers of a provider
            "127.0.0.0/8",  # loopback
            "169.254.0.0/16",  # link-local, with the metadata services of clouds
            "172.16.0.0/12",  # private
            "192.0.0.0/24",  # protocol assignments
            "192.0.2.0/24",  # documentation
            "192.31.196.0/24",  # AS112, a sink for DNS
            "192.52.193.0/24",  # AMT, multicast tunnels
            "192.88.99.0/24",  # relays of 6to4
            "192.168.0.0/16",  # private
            "192.175.48.0/24",  # AS112
            "198.18.0.0/15",  # benchmarks
            "198.51.100.0/24",  # documentation
            "203.0.113.0/24",  # documentation
            "224.0.0.0/4",  # multicast
            "240.0.0.0/4",  # reserved, and broadcast
        ),
    )
)
GLOBAL_UNICAST = IPv6Network("2000::/3")
"""All IPv6 addresses of the internet are in here; outside are local, site-local, multicast and unassigned ones."""
SPECIAL_IPV6 = tuple(
    map(
        IPv6Network,
        (
            "2001::/23",  # protocol assignments, such as Teredo (an IPv4 address inside), benchmarks and ORCHID
            "2001:db8::/32",  # documentation
            "2002::/16",  # 6to4: an IPv4 address inside, and its relays are gone (RFC 7526)
            "2620:4f:8000::/48",  # AS112
            "3ffe::/16",  # 6bone, given back
            "3fff::/20",  # documentation
        ),
    )
)
NAT64 = IPv6Network("64:ff9b::/96")
"""IPv4 addresses as a network without IPv4 writes them: each is as public as the address inside."""


def is_public(text: str) -> bool:
    """Whether `text` is a public IP address."""
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return False
    if isinstance(address, IPv6Address):
        inside = _ipv4_inside(address)
        if inside is None:
            special = address not in GLOBAL_UNICAST or any(address in network for network in SPECIAL_IPV6)
            return address.is_global and not special
        address = inside
    return address.is_global and not any(address in network for network in SPECIAL_IPV4)


def _ipv4_inside(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that a connection to `address` ends at, None if there is none."""
    return IPv4Address(int(address) & 0xFFFF_FFFF) if address in NAT64 else address.ipv4_mapped


def refusal(host: str) -> FetchError:
    """The error for a host with a non-public address."""
    return FetchError(
        "{host} is not on the public internet, so nothing is fetched from it: the operator can allow it with "
        "HALLWAY_FEED_ALLOW_HOSTS.",
        host=host,
    )


@dataclass(slots=True)
class CheckedResolver(AbstractResolver):
    """Resolver that returns public addresses only; connections use these, without resolving again (DNS rebinding)."""

    allowed: Collection[str] = ()
    inner: AbstractResolver = field(default_factory=ThreadedResolver)

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Resolve `host`; raises `FetchError` if it has no address, or any of its addresses is not public."""
        try:
            results = await self.inner.resolve(host, port, family)
        except (OSError, ValueError) as error:  # ValueError: what cannot be the name of a host
            raise FetchError("There is no host {host}: check the address.", host=host) from error
        if host.casefold() not in self.allowed and not all(is_public(result["host"]) for result in results):
            raise refusal(host)
        return results

    async def close(self) -> None:
        """Close the inner resolver."""
        await self.inner.close()
