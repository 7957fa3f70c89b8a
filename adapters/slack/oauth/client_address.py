"""The address of the person who opens one of our pages, also behind a proxy."""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

FORWARDED_FOR = "X-Forwarded-For"


def client_network(peer: str | None, forwarded_for: str) -> str:
    """Return the address that a request comes from, or its /64 network of IPv6.

    Args:
        peer: the address of the connection. If it is private, it belongs to our proxy, which appends the address of its
            own client to the header. Any other peer may write what it likes there, so the header does not count.
        forwarded_for: the header `X-Forwarded-For`.
    """
    own, forwarded = _address(peer or ""), _address(forwarded_for.rpartition(",")[2].strip())
    address = own if own is not None and own.is_global else forwarded or own
    if isinstance(address, IPv6Address):
        return str(ip_network((address, 64), strict=False))
    return str(address or "")


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return address.ipv4_mapped or address if isinstance(address, IPv6Address) else address
