"""Which network addresses may be dialled.

The check sits where the socket is made, after DNS, as in miniflux: a name that resolves to something
else the second time (DNS rebinding) cannot pass it, since what was checked is what is dialled.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from schemas.errors import UserError
from transforms.hosts import plain_host

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
# What the IANA special-purpose registries call not globally reachable, and multicast: spelled out, since what
# `ipaddress` calls global changes from one Python to the next. Parts of a block that are global (192.0.0.9,
# 2001:4:112::/48) serve protocols, no news site.
_NOT_GLOBAL_4 = [
    ipaddress.IPv4Network(text)
    for text in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
        "192.0.2.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
        "192.88.99.0/24",  # 6to4 relays, withdrawn by RFC 7526
        "224.0.0.0/4", "240.0.0.0/4",
    )
]  # fmt: skip
_UNICAST_6 = ipaddress.IPv6Network("2000::/3")  # all that is given out; fec0::/10, NAT64, mapped and the like are not
_NOT_GLOBAL_6 = [
    ipaddress.IPv6Network(text)
    for text in (
        "2001::/23",  # protocols; Teredo and ORCHID among them
        "2001:db8::/32", "3fff::/20",  # documentation
        "2002::/16",  # 6to4: an IPv4 address in disguise
    )
]  # fmt: skip
_HERE = ("localhost", "localdomain", "local", "internal", "intranet", "home.arpa", "ip6-localhost", "ip6-loopback")


def is_public(address: Address) -> bool:
    """Whether ``address`` is globally reachable unicast (IANA special-purpose registries).

    An IPv6 address that carries an IPv4 one (mapped, compatible, NAT64, 6to4, Teredo) is not dialled: each is a
    way around the check, and no news site needs it.
    """
    if isinstance(address, ipaddress.IPv4Address):
        return not any(address in net for net in _NOT_GLOBAL_4)
    return address in _UNICAST_6 and not any(address in net for net in _NOT_GLOBAL_6)


@dataclass(frozen=True)
class Guard:
    """Public addresses, and the hosts that ``--allow_private`` opens by name: ``HOST`` or ``HOST:PORT``."""

    allowed: frozenset[tuple[str, int | None]] = field(default_factory=frozenset)

    @classmethod
    def of(cls, names: Iterable[str]) -> Guard:
        """Parse the values of ``--allow_private``; raises ``UserError`` on one that is no host."""
        return cls(frozenset((_name(host), port) for host, port in map(split_authority, names)))

    def permits(self, host: str, port: int, dialled: str) -> bool:
        """Whether a request for ``host:port`` may dial the IP address ``dialled``."""
        return self.opens(host, port) or _is_public(dialled)

    def permits_name(self, host: str, port: int) -> bool:
        """Whether a proxy may be asked for ``host:port``: it resolves names itself, so all that can be refused
        is what is private as it is written, and names that are so by convention."""
        if self.opens(host, port):
            return True
        name = plain_host(host)
        if ":" in name or name.replace(".", "").isdigit():
            return _is_public(name)
        if not all(c.isalnum() or c in ".-_" for c in name):  # another reader may see another host in it
            return False
        return "." in name and not any(name == here or name.endswith(f".{here}") for here in _HERE)

    def opens(self, host: str, port: int) -> bool:
        """Whether ``--allow_private`` names ``host:port``."""
        name = _name(host)
        return (name, None) in self.allowed or (name, port) in self.allowed

    def owns(self, url: str) -> bool:
        """Whether the host of ``url`` is one that ``--allow_private`` names: one of the user's own."""
        try:
            parts = urlsplit(url)
            return self.opens(parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80))
        except ValueError:
            return False


def _name(host: str) -> str:
    """A host's name; an address counts as it is written, so that opening one opens no other spelling of it."""
    text = host.lower().rstrip(".").strip("[]")
    return text if text.isascii() else plain_host(text)


def _is_public(address: str) -> bool:
    try:
        return is_public(ipaddress.ip_address(address.split("%")[0]))
    except ValueError:
        return False


def split_authority(name: str) -> tuple[str, int | None]:
    """``HOST``, ``HOST:PORT`` or ``[IPV6]:PORT`` as (host, port or None)."""
    text = name.strip().lower()
    host, port = text, ""
    if text.startswith("["):
        host, _, rest = text[1:].partition("]")
        port = rest.removeprefix(":")
    elif text.count(":") == 1:
        host, _, port = text.partition(":")
    if not host or "/" in host or "@" in host or (port and not (port.isdigit() and 0 < int(port) < 65536)):
        raise UserError(f"--allow_private {name!r}: expected HOST or HOST:PORT, as in 127.0.0.1:8641")
    return host.rstrip("."), int(port) if port else None
