"""Where webhooks may be sent to: how an address is written, and which numbers may be connected to.

What somebody else writes makes the gateway open a connection. An address has one spelling here, and
what has several is refused: parsers disagree about `127.1`, `0x7f.1`, `①②⑦.0.0.1` or `a@b`, and
what one of them checks another might call. Numbers are judged for each delivery, when the name has
been resolved, and the connection goes to the very number that was judged.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from typing import Final

from chassis.refusals import Fault

LONGEST = 2000
"""The most characters of an address."""
_LONGEST_NAME = 253

Network = IPv4Network | IPv6Network

_PORTS: Final = {"https": 443, "http": 80}
_PARTS = re.compile(
    r"(?P<scheme>[a-z]+)://(?P<host>\[[0-9a-f:.]{2,45}\]|[a-z0-9.\-]+)(?::(?P<port>[0-9]{1,5}))?"
    r"(?P<target>(?:/(?:[A-Za-z0-9._~!$&'()*+,;=:@\-/]|%[2-9A-Fa-f][0-9A-Fa-f])*)?"
    r"(?:\?(?:[A-Za-z0-9._~!$&'()*+,;=:@\-/?]|%[2-9A-Fa-f][0-9A-Fa-f])*)?)",
    re.ASCII,
)
_LABEL = r"[a-z0-9](?:[a-z0-9\-]{0,61}[a-z0-9])?"
# The last label begins with a letter, so that nothing that could be a number is a name.
_NAME = re.compile(rf"(?:{_LABEL}\.)+[a-z](?:[a-z0-9\-]{{0,61}}[a-z0-9])?", re.ASCII)

_NEVER: tuple[Network, ...] = tuple(
    ip_network(each)
    for each in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16",
        "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24",
        "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15",
        "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
        "168.63.129.16/32",  # what a cloud answers its own machines by, under a public number
        "64:ff9b::/96", "64:ff9b:1::/48",  # another's number in ours: NAT64,
        "2002::/16", "2001::/23",  # 6to4, Teredo and the other numbers of protocols
        "2001:db8::/32", "3fff::/20", "2620:4f:8000::/48",
    )
)  # fmt: skip
"""Numbers that are nobody's on the public network, or stand for one that is not."""
_PUBLIC_6 = IPv6Network("2000::/3")
"""The numbers of version 6 that are given to anybody; all others are private or mean something
else, such as ::ffff:127.0.0.1."""


@dataclass(frozen=True, slots=True)
class Destination:
    """Where a webhook goes: `target` is the path with its query, as it is sent."""

    scheme: str
    host: str
    port: int
    target: str

    @property
    def is_secure(self) -> bool:
        """Whether the connection is encrypted, and the receiver shows who it is."""
        return self.scheme == "https"

    @property
    def named(self) -> str:
        """The host as the header `Host` names it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"


def may_be_called(address: str, networks: Collection[Network]) -> bool:
    """Say whether a connection may go to a number: a public one, or one of the `networks` that the
    installation names, because its neighbours are in private ones."""
    found = _number(address)
    if found is None:
        return False
    if any(found in network for network in networks):
        return True
    if isinstance(found, IPv6Address) and found not in _PUBLIC_6:
        return False
    return found.is_global and not any(found in network for network in _NEVER)


def _number(address: str) -> IPv4Address | IPv6Address | None:
    try:
        found = ip_address(address)
    except ValueError:
        return None
    # With a zone it means another machine on each of ours.
    return None if isinstance(found, IPv6Address) and found.scope_id else found


def read(url: str, at: str, *, plain: bool) -> Destination | Fault:
    """Return where an address leads, or the fault of it; `at` is the pointer to it.

    Only https, unless `plain` http is allowed too.
    """
    parts = _PARTS.fullmatch(url) if len(url) <= LONGEST else None
    if parts is None:
        return Fault(
            at,
            "address-not-understood",
            "Write https://host/path in lower case and ASCII: no user, no fragment, no blanks.",
            "请以小写 ASCII 写成 `https://host/path`，不含用户信息、片段和空格。",
        )
    scheme, host = parts["scheme"], parts["host"].strip("[]")
    found = next(_faults(scheme, host, parts, at, plain=plain), None)
    if found is not None:
        return found
    target = parts["target"]
    target = target if target.startswith("/") else f"/{target}"
    return Destination(scheme, host, int(parts["port"] or _PORTS[scheme]), target)


def _faults(
    scheme: str, host: str, parts: re.Match[str], at: str, *, plain: bool
) -> Iterator[Fault]:
    if scheme not in _PORTS or (scheme == "http" and not plain):
        yield Fault(at, "not-encrypted", "Only https is called.", "只能推送到 `https` 地址。")
    if isinstance(_spelled(host), IPv6Address) != (host != parts["host"]):
        yield _no_host(at)
    yield from host_faults(host, at)
    port = parts["port"] or "1"
    if port.startswith("0") or int(port) > 65_535:
        yield Fault(at, "no-such-port", "A port is 1 to 65535.", "端口为 1 至 65535。")


def host_faults(host: str, at: str) -> Iterator[Fault]:
    """Yield what is wrong with the spelling of a host: a name with a point in it, or a number in
    its usual form."""
    number = _spelled(host)
    if number is None and not (len(host) <= _LONGEST_NAME and _NAME.fullmatch(host)):
        yield _no_host(at)
    elif host.rpartition(".")[2] == "localhost":
        en, zh = "It is this machine itself.", "该主机就是本机。"
        yield Fault(at, "address-not-allowed", en, zh)


def number_faults(host: str, at: str, networks: Collection[Network]) -> Iterator[Fault]:
    """Yield that a host is a number that may not be called; of a name it is not known yet."""
    if _spelled(host) is not None and not may_be_called(host, networks):
        yield Fault(
            at,
            "address-not-allowed",
            "Neither a public number nor in a network that the installation names.",
            "该地址既不是公网地址，也不在本系统允许的网段内。",
        )


def _no_host(at: str) -> Fault:
    return Fault(
        at,
        "no-such-host",
        "A host is a full name such as push.example.gov.cn, or a number such as 203.0.114.7.",
        "主机应为完整域名（如 `push.example.gov.cn`）或地址（如 `203.0.114.7`）。",
    )


def _spelled(host: str) -> IPv4Address | IPv6Address | None:
    """Return the number that a host is, if it is written as numbers are."""
    try:
        found = ip_address(host)
    except ValueError:
        return None
    return found if str(found) == host else None
