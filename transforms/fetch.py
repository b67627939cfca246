"""HTTP at the edge: one client per process, polite to each host.

``Fetcher`` owns a thread with an asyncio loop. Requests are handed to it and their responses come back
in the order in which they are ready. To one authority (host and port) there is at most one request at
a time, feeds and pages together, with ``delay`` seconds between the starts. What the world does is
a value: a ``Response`` with a ``problem``, never an exception.

Requests that are still under way at a deadline go on in the background and are found again under the
same URL: a slow page is then had in a later tick, and holds back nobody's window.
"""

from __future__ import annotations

import asyncio
import contextvars
import queue
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent import futures
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar
from urllib.parse import quote, urljoin, urlsplit

import aiohttp

from transforms.guard import Guard
from transforms.robots import AGENT, Robots, read_robots

MAX_REDIRECTS = 8
MAX_IN_FLIGHT = 64
UNRESPONSIVE_AFTER = 3  # timeouts in a row before a host's other requests are put off
UNCLAIMED_AFTER = 600.0  # seconds after which an answer is dropped that no tick has come back for
CLOSED_FOR = 120.0  # seconds for which they are
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PERMANENT = frozenset({301, 308})
_dialling: contextvars.ContextVar[tuple[str, int]] = contextvars.ContextVar("dialling")


@dataclass(frozen=True)
class Request:
    """A GET. ``key`` is the caller's own name for it."""

    key: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0.0  # seconds between the starts of two requests to the host
    page: bool = False  # robots.txt is asked first


@dataclass(frozen=True)
class Response:
    """What came of a request: a status, or a ``problem`` out of ``schemas.reasons.TRANSPORT``."""

    url: str
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)  # names in lower case
    body: bytes = b""
    problem: str | None = None
    error: str | None = None
    elapsed: float = 0.0  # milliseconds, waiting for the host's turn left out
    permanent_url: str | None = None  # where a chain of permanent redirects from the start leads
    waits: tuple[str, ...] = ()  # what redirects on the way said in Retry-After


@dataclass(frozen=True)
class Limits:
    """Bounds of one request."""

    timeout: float = 30.0  # seconds, in all
    max_bytes: int = 8 * 1024 * 1024  # of the body, after decompression
    user_agent: str = "idlib-watch"
    allow_private: tuple[str, ...] = ()


class PrivateAddress(OSError):
    """Raised where the socket is made."""


MIN_BUDGET = 0.25  # seconds: what is ready is taken, though the tick is late


def time_left(budget: float | None, deadline: float, now: float) -> float | None:
    """Seconds that a tick may still take: its budget, and less where it is late, so that ticks do not pile up."""
    return None if budget is None else max(MIN_BUDGET, min(budget, deadline - now))


def authority(url: str) -> str:
    """``host:port`` of a URL, the unit of politeness; empty where there is none."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").rstrip(".")
        port = parts.port or {"http": 80, "https": 443}.get(parts.scheme, 0)
    except ValueError:
        return ""
    return f"{host}:{port}" if host else ""


class _Host:
    def __init__(self) -> None:
        self.turn = asyncio.Lock()
        self.next_start = 0.0
        self.timeouts = 0
        self.closed_until = 0.0


class Fetcher:
    """See the module. ``clock`` is a monotonic clock, seconds."""

    _shared: ClassVar[dict[Limits, Fetcher]] = {}
    _shared_lock: ClassVar[threading.Lock] = threading.Lock()

    def __init__(self, limits: Limits, clock: Callable[[], float] = time.monotonic) -> None:
        self.limits = limits
        self._guard = Guard.of(limits.allow_private)
        self._clock = clock
        self._robots: dict[str, Robots] = {}
        self._reading: dict[str, asyncio.Lock] = {}
        self._hosts: dict[str, _Host] = {}
        self._pending: dict[str, futures.Future[Response]] = {}
        self._started: set[str] = set()
        self._asked: dict[str, float] = {}
        self._loop = asyncio.new_event_loop()
        # For names: asyncio's own few threads would let slow name servers hold up everybody's requests.
        self._loop.set_default_executor(futures.ThreadPoolExecutor(MAX_IN_FLIGHT, "resolve"))
        self._session: aiohttp.ClientSession | None = None
        self._slots = asyncio.Semaphore(MAX_IN_FLIGHT)
        threading.Thread(target=self._loop.run_forever, name="fetcher", daemon=True).start()

    @classmethod
    def shared(cls, limits: Limits) -> Fetcher:
        """The process's own fetcher: feeds and pages go through one gate per host."""
        with cls._shared_lock:
            if limits not in cls._shared:
                cls._shared[limits] = cls(limits)
            return cls._shared[limits]

    def fetch(
        self, requests: Iterable[Request], budget: float | None = None, host_budget: float | None = None
    ) -> Iterator[tuple[Request, Response | None]]:
        """Yield each request with its response as they come.

        After ``budget`` seconds the rest comes out with ``None``: not answered yet. What had been
        started goes on, and answers the next call that asks for the same URL.
        """
        budgets = [b for b in (budget, host_budget) if b is not None]  # hosts are asked side by side
        deadline = self._clock() + min(budgets) if budgets else None
        self._forget()
        waiting: dict[futures.Future[Response], Request] = {}
        ready: queue.SimpleQueue[futures.Future[Response]] = queue.SimpleQueue()
        for request in requests:
            future = self._pending.get(request.url)
            if future is None:
                future = asyncio.run_coroutine_threadsafe(self._run(request), self._loop)
                self._pending[request.url] = future
                self._asked[request.url] = self._clock()
            if future in waiting:  # the same URL twice in one call: one request serves one of them
                yield request, None
                continue
            waiting[future] = request
            future.add_done_callback(ready.put)  # (futures.wait looks at all of them at each answer)
        while waiting:
            left = None if deadline is None else max(0.0, deadline - self._clock())
            try:
                future = ready.get(timeout=left)
            except queue.Empty:
                break
            request = waiting.pop(future)
            self._pending.pop(request.url, None)
            self._started.discard(request.url)
            # Cancelled: another call that waited for the same URL ran out of time before its turn came.
            yield request, None if future.cancelled() else future.result()
        for future, request in waiting.items():
            if request.url not in self._started and future.cancel():
                self._pending.pop(request.url, None)
            yield request, None

    def _forget(self) -> None:
        """Drop answers that nobody came back for: their feed was taken off the list, or their state was lost."""
        old = self._clock() - UNCLAIMED_AFTER
        for url in [u for u, at in self._asked.copy().items() if at < old]:  # other threads add to it meanwhile
            future = self._pending.get(url)
            if future is None or future.done():
                self._pending.pop(url, None)
                self._asked.pop(url, None)
                self._started.discard(url)

    async def _run(self, request: Request) -> Response:
        """Ask robots.txt first where ``request`` is for a page, then follow it."""
        if not request.page:
            return await self._follow(request)
        found = await self._robots_of(request.url)
        if not found.reachable:
            return Response(request.url, problem="robots_unreachable", error=found.error)
        if not found.allows(request.url):
            return Response(request.url, problem="robots_disallowed")
        return await self._follow(replace(request, delay=max(request.delay, found.delay)))

    async def _robots_of(self, url: str) -> Robots:
        parts, key = urlsplit(url), authority(url)
        async with self._reading.setdefault(key, asyncio.Lock()):  # one request, however many pages wait for it
            known = self._robots.get(key)
            if known is None or known.expires <= self._clock():
                answer = await self._follow(Request("", f"{parts.scheme}://{parts.netloc}/robots.txt"))
                known = self._robots[key] = read_robots(answer, AGENT, self._clock(), known)
            return known

    async def _follow(self, request: Request) -> Response:
        """Follow ``request`` to its end, each hop in the turn of the host that it goes to."""
        url, permanent, permanent_url = request.url, True, None
        waits: tuple[str, ...] = ()
        left = self.limits.timeout
        for _ in range(MAX_REDIRECTS + 1):
            host = self._hosts.setdefault(authority(url), _Host())
            async with host.turn:
                if self._clock() < host.closed_until:
                    return Response(url, problem="host_unresponsive", error=f"{UNRESPONSIVE_AFTER} timeouts in a row")
                await asyncio.sleep(max(0.0, host.next_start - self._clock()))
                async with self._slots:
                    self._started.add(request.url)
                    start = self._clock()
                    host.next_start = start + request.delay
                    response = await self._bounded(url, request.headers, left)
                    spent = self._clock() - start
                self._remember(host, response)
            left -= spent
            if response.status not in _REDIRECTS:
                elapsed = (self.limits.timeout - left) * 1000
                return replace(response, elapsed=elapsed, permanent_url=permanent_url, waits=waits)
            waits += (response.headers["retry-after"],) if "retry-after" in response.headers else ()
            location = response.headers.get("location", "")
            target = redirect_target(url, location)
            if target is None:
                return replace(response, problem="bad_redirect", error=printable(location))
            url = target
            permanent = permanent and response.status in _PERMANENT
            permanent_url = url if permanent else permanent_url
        return Response(url, problem="too_many_redirects", error=f"more than {MAX_REDIRECTS}")

    def _remember(self, host: _Host, response: Response) -> None:
        host.timeouts = host.timeouts + 1 if response.problem == "timeout" else 0
        if host.timeouts >= UNRESPONSIVE_AFTER:
            host.closed_until = self._clock() + CLOSED_FOR
            host.timeouts = UNRESPONSIVE_AFTER - 1  # one more timeout after the pause closes it again

    async def _bounded(self, url: str, headers: Mapping[str, str], seconds: float) -> Response:
        try:
            return await asyncio.wait_for(self._get(url, headers), max(0.001, seconds))
        except Exception as error:  # whatever the world can cause is a value
            return Response(url, problem=classify(error), error=printable(f"{type(error).__name__}: {_root(error)}"))

    async def _get(self, url: str, headers: Mapping[str, str]) -> Response:
        session = await self._open()
        parts = urlsplit(url)
        _dialling.set(((parts.hostname or ""), parts.port or (443 if parts.scheme == "https" else 80)))
        async with session.get(url, headers=dict(headers), allow_redirects=False) as answer:
            kept = {name.lower(): value for name, value in map(_readable, answer.headers.items()) if value is not None}
            if answer.status in _REDIRECTS or answer.status == 304:
                return Response(url, answer.status, kept)
            chunks, size = [], 0
            async for chunk in answer.content.iter_chunked(65536):
                size += len(chunk)
                if size > self.limits.max_bytes:
                    answer.close()
                    return Response(
                        url, answer.status, kept, problem="too_large", error=f"over {self.limits.max_bytes}"
                    )
                chunks.append(chunk)
            return Response(url, answer.status, kept, b"".join(chunks))

    async def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    limit=MAX_IN_FLIGHT, socket_factory=self._socket, ttl_dns_cache=60, keepalive_timeout=30
                ),
                timeout=aiohttp.ClientTimeout(total=None),  # `_bounded` holds the time, redirects included
                headers={"User-Agent": self.limits.user_agent, "Accept-Encoding": "gzip, deflate"},
                cookie_jar=aiohttp.DummyCookieJar(),
                trust_env=False,
            )
        return self._session

    def _socket(self, info: Any) -> socket.socket:
        family, kind, proto, _, address = info
        host, port = _dialling.get()
        if not self._guard.permits(host, port, str(address[0])):
            raise PrivateAddress(f"{host} is at {address[0]}, not a public address; --allow_private {host} opens it")
        return socket.socket(family, kind, proto)


def redirect_target(url: str, location: str) -> str | None:
    """Where a redirect from ``url`` leads, or None where that is no http(s) URL, or one with credentials."""
    try:
        target = urljoin(url, location) if location else ""
        parts = urlsplit(target)
    except ValueError:
        return None
    return target if parts.scheme in {"http", "https"} and "@" not in parts.netloc else None


def _readable(header: tuple[str, str]) -> tuple[str, str | None]:
    """A header whose bytes are no UTF-8 cannot be kept as text: a Location is percent-encoded, as browsers
    do it; any other is as good as not sent."""
    name, value = header
    if value.isascii() or not any("\ud800" <= c <= "\udfff" for c in value):
        return name, value
    if name.lower() != "location":
        return name, None
    return name, "".join(c if c.isascii() else quote(c, errors="surrogateescape") for c in value)


def classify(error: BaseException) -> str:
    """The reason (``schemas.reasons.TRANSPORT``) that stands for what a client raised."""
    seen: BaseException | None = error
    while seen is not None:  # aiohttp wraps what the socket said
        if isinstance(seen, PrivateAddress):
            return "private_address"
        seen = seen.__cause__ or getattr(seen, "os_error", None)
    if isinstance(error, asyncio.TimeoutError | TimeoutError):
        return "timeout"
    if isinstance(error, aiohttp.ClientConnectorDNSError | socket.gaierror):
        return "dns_error"
    if isinstance(error, aiohttp.ClientSSLError | ssl.SSLError):
        return "tls_error"
    if isinstance(error, aiohttp.InvalidURL | ValueError):
        return "bad_response"
    if isinstance(error, aiohttp.ClientPayloadError | aiohttp.ServerDisconnectedError | aiohttp.ClientOSError):
        return "connection_error"
    if isinstance(error, aiohttp.ClientConnectionError | OSError):
        return "connection_error"
    return "bad_response"


def _root(error: BaseException) -> BaseException:
    """What the socket said, where the client wrapped it."""
    return getattr(error, "os_error", None) or error


def charset_of(content_type: str) -> str:
    """The charset that a Content-Type names, in lower case; empty where it names none."""
    return content_type.lower().partition("charset=")[2].partition(";")[0].strip(" \"'")


def printable(text: str) -> str:
    """At most 200 characters on one line, with nothing that a terminal would act on."""
    return "".join(c if c.isprintable() else " " for c in text.strip().rstrip(":")).strip()[:200]
