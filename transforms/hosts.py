"""Hosts and authorities, spelled in one way: what politeness, shards and the guard tell apart."""

from __future__ import annotations

import ipaddress
import re
import socket
from urllib.parse import unquote

import yarl

# What getaddrinfo and browsers read as an IPv4 address (inet_aton): decimal, octal, hex, and short forms.
_NUMERIC = re.compile(r"(?:0x[0-9a-f]*|[0-9]+)(?:\.(?:0x[0-9a-f]*|[0-9]+)){0,3}", re.IGNORECASE | re.ASCII)


def plain_host(host: str) -> str:
    """A host in its one spelling: lower case, punycode, no trailing dot, no brackets, IP addresses in full.

    Empty where it is no host.
    """
    host = host.strip("[]")
    if ":" in host:
        try:
            return str(ipaddress.IPv6Address(unquote(host).partition("%")[0]))
        except ValueError:
            return ""
    if "%" in host:
        host = unquote(host)
    if not host.isascii() or host != host.lower():
        try:
            host = yarl.URL.build(scheme="http", host=host.lower()).raw_host or ""
        except ValueError:
            return ""
    host = host.rstrip(".")
    if host[-1:] in _DIGITS and _NUMERIC.fullmatch(host):
        try:
            return socket.inet_ntoa(socket.inet_aton(host))
        except OSError:
            return host
    return host


_DIGITS = frozenset("0123456789abcdefABCDEFxX")


def authority(url: str | yarl.URL) -> str:
    """``host:port`` of a URL, the unit of politeness, spelled in one way; empty where there is none."""
    try:
        parts = yarl.URL(url) if isinstance(url, str) else url
        host, port = plain_host(parts.raw_host or ""), parts.port or 0
    except ValueError:
        return ""
    return f"{host}:{port}" if host else ""
