"""One GET on the wire: guarded where it dials, bounded in all that a server can send, and never raising.

What aiohttp leaves open is bounded here: interim (1xx) answers, bytes on the wire (a body of 1-byte chunks is six
times its size), a fault in mid-body (aiohttp tells it to whoever waits for a head, so that the reader of the body
would wait on), and decompression (``bodies``).
"""

from __future__ import annotations

import asyncio
import base64
import contextvars
import functools
import re
import socket
import ssl
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote

import aiohttp
import yarl
from aiohttp.client_proto import ResponseHandler
from aiohttp.streams import StreamReader

from transforms.bodies import ACCEPTED, BadEncoding, Body, TooLarge
from transforms.exchange import Limits, Response, printable
from transforms.guard import Guard
from transforms.proxy import proxy_of

MAX_IN_FLIGHT = 256  # a sweep of 200 hosts is as fast as its slowest host
MAX_HELD = 256 << 20  # bytes of all bodies, under way or not taken yet; beyond it the largest under way is given up
LARGE = 1 << 20  # bytes from which on a body is looked at for that
MAX_HEADER = 32_768  # bytes of one header; what is longer than KEPT_HEADER is read and not kept
KEPT_HEADER = 8190
MAX_HEADERS = 128
MAX_INTERIM = 16  # 1xx answers before the one that counts
UNREAD, UNREAD_FOR = 65_536, 1.0  # bytes and seconds of an error's body
SOCKETS = 4096  # open files that are wished for: connections are kept for a while after their request
REDIRECTS = frozenset({301, 302, 303, 307, 308})
_UNASKED = {101: "switching protocols", 206: "part of a body", 226: "a difference"}
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_dialling: contextvars.ContextVar[tuple[str, int]] = contextvars.ContextVar("dialling")


class PrivateAddress(OSError):
    """Raised where the socket is made."""


class GivenUp(Exception):
    """Too many large bodies at once, and this the largest."""


class TooMuch(Exception):
    """A server sends without end what is no body."""


class _Connection(ResponseHandler):
    """A connection that counts what comes, and tells whoever reads what went wrong."""

    def __init__(self, loop: asyncio.AbstractEventLoop, most: int) -> None:
        super().__init__(loop)
        self._most, self._came, self._interim, self._headed = most, 0, 0, False

    def set_response_params(self, **params: Any) -> None:
        self._came, self._interim, self._headed = 0, 0, False  # the next request's
        super().set_response_params(**params)

    def data_received(self, data: bytes) -> None:
        self._came += len(data)
        if self._came > self._most:
            self._refuse(TooLarge(f"over {self._most} bytes on the wire"))
            return
        # A head on its own: of one that comes with a broken body aiohttp would tell the body's fault alone.
        if not self._headed and data.startswith(b"HTTP/") and (end := data.find(b"\r\n\r\n") + 4) > 3:
            super().data_received(data[:end])
            data = data[end:]
            if not data or self.transport is None or self.exception() is not None:
                return
        super().data_received(data)

    def feed_data(self, data: Any, size: int = 0) -> None:
        if 100 < data[0].code < 200 or data[0].code == 100:
            self._interim += 1
            if self._interim > MAX_INTERIM:
                if self._interim == MAX_INTERIM + 1:
                    self._buffer.clear()
                    self._refuse(TooMuch(f"over {MAX_INTERIM} interim answers"))
                return
        else:
            self._headed = True
        super().feed_data(data, size)

    def set_exception(self, exc: BaseException, *cause: BaseException) -> None:
        super().set_exception(exc, *cause)
        body = self._payload
        if isinstance(body, StreamReader) and not body.is_eof():
            body.set_exception(exc)
            self._payload = None  # what was said first stands

    def _refuse(self, why: Exception) -> None:
        if self.transport is not None:
            self.transport.abort()
        self.set_exception(why)


@dataclass(eq=False)
class _Reading:
    """A body under way."""

    body: Body
    answer: aiohttp.ClientResponse
    given_up: bool = False


class Client:
    """A session within a running loop. ``get`` answers with a ``Response`` whatever happens."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._guard = Guard.of(limits.allow_private)
        self._proxy, secret = proxy_of(limits.proxy)
        key = base64.b64encode(":".join(secret).encode()).decode() if secret else ""
        self._proxy_headers = {"Proxy-Authorization": f"Basic {key}"} if secret else {}
        self._under_way: set[_Reading] = set()
        self.untaken = 0  # bytes of bodies that are done; whoever takes one takes it off
        more_sockets()
        connector = aiohttp.TCPConnector(
            limit=MAX_IN_FLIGHT, socket_factory=self._socket, ttl_dns_cache=60, keepalive_timeout=15, ssl=_tls()
        )
        # No public way in: a test of 1xx answers without end holds that this is the class that is used.
        most = 2 * limits.max_bytes + (1 << 20)
        connector._factory = functools.partial(_Connection, asyncio.get_running_loop(), most)  # type: ignore[assignment]
        self._session = aiohttp.ClientSession(
            connector=connector,
            timeout=aiohttp.ClientTimeout(total=None),  # `get` holds the time
            headers={"User-Agent": limits.user_agent, "Accept-Encoding": ACCEPTED},
            cookie_jar=aiohttp.DummyCookieJar(),
            trust_env=False,
            auto_decompress=False,
            max_field_size=MAX_HEADER,
            max_headers=MAX_HEADERS,
        )

    async def close(self) -> None:
        await self._session.close()

    async def get(self, url: str, headers: Mapping[str, str], seconds: float, most: int = 0) -> Response | None:
        """GET ``url``; redirects are not followed. With ``most`` (bytes) the body is cut there, which is no fault.
        None where it was given up for want of memory: which says nothing of it."""
        try:
            return await asyncio.wait_for(self._get(url, headers, most), max(0.001, seconds))
        except GivenUp:
            return None
        except Exception as error:  # whatever the world can cause is a value
            return Response(url, problem=classify(error), error=told(error))

    async def _get(self, url: str, headers: Mapping[str, str], most: int) -> Response:
        target = yarl.URL(url)  # the one reading of it: what is checked is what is dialled
        host, port = target.raw_host or "", target.port or 0
        if target.raw_user is not None or target.raw_password is not None:
            raise ValueError("a URL with a user or password")
        if self._proxy and not self._guard.permits_name(host, port):
            raise PrivateAddress(f"{host} is no public address; --allow_private {host} opens it")
        _dialling.set((unquote(host), port))
        sent = sendable(headers) if target.scheme == "https" else sendable(headers) | self._proxy_headers
        async with self._session.get(
            target, headers=sent, allow_redirects=False, proxy=self._proxy, proxy_headers=self._proxy_headers
        ) as answer:
            kept = {name.lower(): value for name, value in map(readable, answer.headers.items()) if value is not None}
            if answer.status == 407 and self._proxy:
                answer.close()
                return Response(url, problem="connection_error", error="the proxy answered with status 407")
            if answer.status in _UNASKED:
                answer.close()
                error = f"status {answer.status}, {_UNASKED[answer.status]}, was not asked for"
                return Response(url, answer.status, kept, problem="http_other", error=error)
            if answer.status in REDIRECTS or answer.status == 304:
                return Response(url, answer.status, kept)
            if not 200 <= answer.status < 300:
                await _pass_over(answer)
                return Response(url, answer.status, kept)
            coding = ",".join(answer.headers.getall("Content-Encoding", ()))
            reading = _Reading(Body(coding, most or self._limits.max_bytes, cut=bool(most)), answer)
            self._under_way.add(reading)
            try:
                whole = await self._read(reading)
                self.untaken += len(whole)
                return Response(url, answer.status, kept, whole)
            except (TooLarge, BadEncoding) as error:
                answer.close()
                return Response(url, answer.status, kept, problem=classify(error), error=self._why(error))
            finally:
                self._under_way.discard(reading)

    async def _read(self, reading: _Reading) -> bytes:
        body, answer = reading.body, reading.answer
        try:
            async for piece in answer.content.iter_any():
                body.feed(piece)
                if body.full:
                    answer.close()
                    break
                if body.size > LARGE:
                    self._make_room()
                    if reading.given_up:
                        break
        except Exception:
            if not reading.given_up:
                raise
        if reading.given_up:
            raise GivenUp
        return body.end()

    def _make_room(self) -> None:
        """Give up the largest body where all of them are too much: who sends most is who means harm."""
        if self.untaken + sum(reading.body.size for reading in self._under_way) > MAX_HELD:
            largest = max(self._under_way, key=lambda reading: reading.body.size)
            largest.given_up = True
            largest.body.drop()  # now: the task that reads it has its turn later
            largest.answer.close()
            self._under_way.discard(largest)

    def _why(self, error: Exception) -> str:
        return told(error) if str(error) else f"over {self._limits.max_bytes} bytes"

    def _socket(self, info: Any) -> socket.socket:
        family, kind, proto, _, address = info
        host, port = _dialling.get()
        # A proxy is the user's own choice, and may stand anywhere.
        if not self._proxy and not self._guard.permits(host, port, str(address[0])):
            raise PrivateAddress(f"{host} is at {address[0]}, not a public address; --allow_private {host} opens it")
        return socket.socket(family, kind, proto)


async def _pass_over(answer: aiohttp.ClientResponse) -> None:
    """Take a short body that nobody reads, so that the connection can be kept; the status stands whatever it is."""

    async def take() -> None:
        left = UNREAD
        async for piece in answer.content.iter_any():
            left -= len(piece)
            if left < 0:
                answer.close()
                return

    try:
        await asyncio.wait_for(take(), UNREAD_FOR)
    except Exception:  # a body that breaks, in whatever way, takes no word back of its head
        answer.close()


def _tls() -> ssl.SSLContext:
    """The system's certificates, or those of ``SSL_CERT_FILE``."""
    context = ssl.create_default_context()
    with suppress(NotImplementedError):
        context.set_alpn_protocols(["http/1.1"])
    return context


def more_sockets() -> None:
    """Raise the soft limit of open files, which is 1024 or 256 by default, where the hard one lets us."""
    with suppress(ImportError, OSError, ValueError):
        import resource

        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        wished = SOCKETS if hard == resource.RLIM_INFINITY else min(SOCKETS, hard)
        if soft != resource.RLIM_INFINITY and soft < wished:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wished, hard))


def sendable(headers: Mapping[str, str]) -> dict[str, str]:
    """Request headers without those that hold what no header can: validators come from servers."""
    return {n: v for n, v in headers.items() if not _CONTROL.search(v) and not _undecodable(v)}


def readable(header: tuple[str, str]) -> tuple[str, str | None]:
    """A header whose bytes are no UTF-8, or hold control characters, cannot be kept as text: a Location is
    percent-encoded, as browsers do it; any other is as good as not sent, as is one that is too long."""
    name, value = header
    if len(value) > KEPT_HEADER:
        return name, None
    if not _CONTROL.search(value) and (value.isascii() or not _undecodable(value)):
        return name, value
    if name.lower() != "location":
        return name, None
    return name, "".join(c if c.isascii() and c.isprintable() else quote(c, errors="surrogateescape") for c in value)


def _undecodable(value: str) -> bool:
    return not value.isascii() and any("\ud800" <= c <= "\udfff" for c in value)


def classify(error: BaseException) -> str:
    """The reason (``schemas.reasons.TRANSPORT``) that stands for what a client raised."""
    seen: BaseException | None = error
    while seen is not None:  # aiohttp wraps what the socket said
        if isinstance(seen, PrivateAddress):
            return "private_address"
        if isinstance(seen, TooLarge):
            return "too_large"
        if isinstance(seen, BadEncoding):
            return "bad_encoding"
        seen = seen.__cause__ or getattr(seen, "os_error", None)
    if isinstance(error, asyncio.TimeoutError | TimeoutError):
        return "timeout"
    if isinstance(error, aiohttp.ClientHttpProxyError):
        return "connection_error"
    if isinstance(error, aiohttp.ClientConnectorDNSError | socket.gaierror):
        return "dns_error"
    if isinstance(error, aiohttp.ClientSSLError | ssl.SSLError):
        return "tls_error"
    if isinstance(error, aiohttp.InvalidURL | ValueError):
        return "bad_response"
    if isinstance(error, aiohttp.ClientPayloadError | aiohttp.ClientConnectionError | OSError):
        return "connection_error"
    return "bad_response"


def told(error: BaseException) -> str:
    """An error in a line: what the socket said, where the client wrapped it."""
    if isinstance(error, aiohttp.ClientHttpProxyError):  # its text holds the request's headers
        return f"the proxy answered with status {error.status}"
    if isinstance(error, aiohttp.ClientResponseError):  # its text repeats the URL, and shows the bytes on lines
        return printable(f"{type(error).__name__}: {' '.join(error.message.split())}")
    root = getattr(error, "os_error", None) or error
    return printable(f"{type(error).__name__}: {root}")
