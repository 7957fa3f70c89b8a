"""Address filter of feeds: only public internet addresses, never the own network (SSRF)."""

import socket
from collections.abc import Collection
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver

from bot.domain.errors import FetchError

NEVER = (
    IPv4Network("192.0.0.0/24"),  # protocol assignments, which Python counts as global in part
    IPv6Network("::/96"),  # IPv4 in its oldest disguise
    IPv6Network("64:ff9b::/96"),  # NAT64: an IPv4 address inside
    IPv6Network("64:ff9b:1::/48"),  # the same, local
    IPv6Network("2002::/16"),  # 6to4: an IPv4 address inside
    IPv6Network("2001::/32"),  # Teredo: an IPv4 address inside
)


def is_public(text: str) -> bool:
    """Whether `text` is a public IP address."""
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return False
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    if any(_within(address, network) for network in NEVER):
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def _within(address: IPv4Address | IPv6Address, network: IPv4Network | IPv6Network) -> bool:
    return address.version == network.version and address in network


def refusal(host: str) -> FetchError:
    """The error for a host with a non-public address."""
    return FetchError(
        f"{host} is not on the public internet, so nothing is fetched from it: the operator can allow it with "
        "HALLWAY_FEED_ALLOW_HOSTS."
    )


@dataclass(slots=True)
class CheckedResolver(AbstractResolver):
    """Resolver that returns public addresses only; connections use these, without resolving again (DNS rebinding)."""

    allowed: Collection[str] = ()
    inner: AbstractResolver = field(default_factory=ThreadedResolver)

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Resolve `host`; raises `FetchError` if any of its addresses is not public."""
        try:
            found = await self.inner.resolve(host, port, family)
        except OSError as error:
            raise FetchError(f"There is no host {host}: check the address.") from error
        if host.casefold() not in self.allowed and not all(is_public(each["host"]) for each in found):
            raise refusal(host)
        return found

    async def close(self) -> None:
        """Close the inner resolver."""
        await self.inner.close()
