"""From where a request comes: the address that limits are counted for.

What a header says counts only when a trusted proxy said it: anybody else would name a new
address with each request, or that of a victim.
"""

from collections.abc import Sequence
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_HOPS = 20


def origin(peer: str, forwarded: Sequence[str], trusted: Sequence[Network]) -> str:
    """Return the address a request comes from, in the form that is counted.

    `peer` is the other end of the connection, `forwarded` the values of X-Forwarded-For in their
    order. They are walked from the right, the nearest hop first, as long as the hop that wrote an
    entry is one of the `trusted`. An entry that is no address ends the walk at who wrote it. An
    IPv6 address counts as its /64, which a single subscriber has to himself.
    """
    here = _read(peer) if forwarded and trusted else None
    if here is None:
        return _counted(peer[:64])
    hops = [hop for value in forwarded for hop in value.split(",")][-_HOPS:]
    while hops and any(here in network for network in trusted):
        said = _read(hops.pop())
        if said is None:
            break
        here = said
    return _counted(str(here))


@lru_cache(maxsize=1024)
def _counted(peer: str) -> str:
    """Return an address in the form that is counted; what is none, as it is."""
    here = _read(peer)
    if here is None:
        return peer or "-"
    if isinstance(here, IPv6Address):
        return str(ip_network((here, 64), strict=False))
    return str(here)


def _read(text: str) -> Address | None:
    """Read an address, with or without a port or a zone; None when it is none."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address
