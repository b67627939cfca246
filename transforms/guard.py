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

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_NAT64 = (ipaddress.IPv6Network("64:ff9b::/96"), ipaddress.IPv6Network("64:ff9b:1::/48"))
_NOT_GLOBAL = (
    ipaddress.ip_network("192.0.0.0/24"),
    ipaddress.ip_network("100.64.0.0/10"),
    ipaddress.ip_network("fec0::/10"),
    ipaddress.ip_network("::/96"),  # IPv4-compatible, withdrawn by RFC 4291
    ipaddress.ip_network("::ffff:0:0:0/96"),  # IPv4-translated, RFC 7915
    ipaddress.ip_network("3fff::/20"),  # documentation, RFC 9637
    ipaddress.ip_network("5f00::/16"),  # segment routing, RFC 9602
    ipaddress.ip_network("192.88.99.0/24"),  # 6to4 relays, withdrawn by RFC 7526
)


def is_public(address: Address) -> bool:
    """Whether ``address`` is globally reachable unicast (IANA special-purpose registries).

    An IPv6 address that carries an IPv4 one (mapped, NAT64, 6to4, Teredo) is not dialled: each is a way
    around the check, and no news site needs it.
    """
    if isinstance(address, ipaddress.IPv6Address) and (
        address.ipv4_mapped is not None
        or address.sixtofour is not None
        or address.teredo is not None
        or any(address in net for net in _NAT64)
    ):
        return False
    if any(address.version == net.version and address in net for net in _NOT_GLOBAL):
        return False
    return address.is_global and not address.is_multicast


@dataclass(frozen=True)
class Guard:
    """Public addresses, and the hosts that ``--allow_private`` opens by name: ``HOST`` or ``HOST:PORT``."""

    allowed: frozenset[tuple[str, int | None]] = field(default_factory=frozenset)

    @classmethod
    def of(cls, names: Iterable[str]) -> Guard:
        """Parse the values of ``--allow_private``; raises ``UserError`` on one that is no host."""
        allowed = set()
        for name in names:
            host, port = split_authority(name)
            allowed.add((host, port))
        return cls(frozenset(allowed))

    def permits(self, host: str, port: int, dialled: str) -> bool:
        """Whether a request for ``host:port`` may dial the IP address ``dialled``."""
        if self.opens(host, port):
            return True
        try:
            address = ipaddress.ip_address(dialled.split("%")[0])
        except ValueError:
            return False
        return is_public(address)

    def opens(self, host: str, port: int) -> bool:
        """Whether ``--allow_private`` names ``host:port``."""
        name = host.lower().rstrip(".").strip("[]")
        return (name, None) in self.allowed or (name, port) in self.allowed

    def owns(self, url: str) -> bool:
        """Whether the host of ``url`` is one that ``--allow_private`` names: one of the user's own."""
        try:
            parts = urlsplit(url)
            return self.opens(parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80))
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
