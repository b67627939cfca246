"""Whose site a link leads to."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Iterable
from urllib.parse import urlsplit

from transforms.canonical import PORTS, is_shared, registered_domain

# Domains that serve other people's feeds, or an outlet's feeds from beside its site.
_SERVES_OTHERS = frozenset(
    "feedburner.com feedblitz.com feedpress.me rss.app fetchrss.com politepol.com feed43.com rss2json.com google.com"
    " amazonaws.com cloudfront.net akamaized.net azureedge.net windows.net b-cdn.net fastly.net cdn77.org"
    " bbci.co.uk skynews.com dj.com dowjones.io rsshub.app informer.com".split()
)


def site_of(url: str) -> str:
    """The registered domain of ``url``: ``bbc.co.uk`` of ``news.bbc.co.uk``. An address, or a name of one part, is a
    site with its port; empty where there is no host."""
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return ""
    if not host:
        return ""
    if not host.isascii():  # one site, whichever way its name is written
        with contextlib.suppress(UnicodeError):
            host = host.encode("idna").decode("ascii").lower()
    return registered_domain(host) or (host if port in (None, *PORTS.values()) else f"{host}:{port}")


def own_sites(feed_url: str, links: Iterable[str]) -> set[str]:
    """The sites that a feed may speak for: its own, by the address in the feed list; and that to which more than half
    of its links lead, where the feed is served from a domain that serves others, or has the same name under another
    suffix. (Of any feed it would let one speak for whomever it links to.)"""
    own = site_of(feed_url)
    counted = Counter(filter(None, map(site_of, links)))
    if counted:
        (most, times), *_ = counted.most_common(1)
        named, _, suffix = own.partition(".")
        alike = len(named) > 2 and not named.isdigit() and named == most.partition(".")[0] and not is_shared(suffix)
        if times * 2 > counted.total() and (own in _SERVES_OTHERS or alike):
            return {own, most}
    return {own}
