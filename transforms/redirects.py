"""Where a redirect leads, if it may be followed."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

PERMANENT = frozenset({301, 308})


def redirect_target(url: str, location: str) -> str | None:
    """Where a redirect from ``url`` leads, or None where that is no http(s) URL, or one with credentials."""
    try:
        target = urljoin(url, location) if location else ""
        parts = urlsplit(target)
    except ValueError:
        return None
    return target if parts.scheme in {"http", "https"} and parts.netloc and "@" not in parts.netloc else None
