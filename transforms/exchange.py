"""What is asked of the world, what it answered, and the bounds of both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

NOT_ASKED = frozenset({"host_unresponsive", "host_busy"})
"""Problems of requests that were not sent: no attempt, and nothing that speaks against what they asked for."""


@dataclass(frozen=True)
class Request:
    """A GET. ``key`` is the caller's own name for it. A ``page`` is asked for where its site's robots.txt lets us."""

    key: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0.0  # seconds between the starts of two requests to the host
    page: bool = False


@dataclass(frozen=True)
class Response:
    """What came of a request: a status, or a ``problem`` out of ``schemas.reasons.TRANSPORT``."""

    url: str
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)  # names in lower case
    body: bytes = b""  # of an answer from 200 to 299
    problem: str | None = None
    error: str | None = None
    elapsed: float = 0.0  # milliseconds, waiting for the host's turn left out
    had: float = 0.0  # when it came, on the fetcher's clock
    after: float = 0.0  # seconds from the beginning of the call that takes it
    permanent_url: str | None = None  # where a chain of permanent redirects from the start leads
    waits: tuple[str, ...] = ()  # what redirects on the way said in Retry-After


@dataclass(frozen=True)
class Limits:
    """Bounds of one request."""

    timeout: float = 30.0  # seconds, in all
    max_bytes: int = 8 * 1024 * 1024  # of the body, after decompression
    user_agent: str = "idlib-watch"
    allow_private: tuple[str, ...] = ()
    max_redirects: int = 8
    proxy: str = field(default="", repr=False)  # may hold a password


def charset_of(content_type: str) -> str:
    """The charset that a Content-Type names, in lower case; empty where it names none."""
    return content_type.lower().partition("charset=")[2].partition(";")[0].strip(" \"'")


def printable(text: str) -> str:
    """At most 200 characters on one line, with nothing that a terminal would act on."""
    return "".join(c if c.isprintable() else " " for c in text[:2000].strip().rstrip(":")).strip()[:200]
