"""A raw socket server: each kind listens on a port of its own, and answers each connection in a thread.

    with serving(KINDS) as hosts:
        fetch(hosts["endless_body"].url)

A kind's ``answer`` gets a ``Peer`` whose request has been read; the connection is closed when it returns. Where the
client hangs up, or the servers are stopped, what the peer sends or waits for raises ``OSError``: let it pass.
"""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field

MAX_REQUEST = 65_536  # bytes of a request's head
PATHS = {"feed": "/feed", "page": "/page", "robots": "/page"}  # what is asked for, by role

PAGE = (
    b"<!doctype html><html lang='en'><head><meta charset='utf-8'><title>Flour convoy reaches Idlib</title></head>"
    b"<body><article><h1>Flour convoy reaches Idlib</h1><p>IDLIB, Syria - Eleven trucks with flour reached the "
    b"bakeries of Idlib and Saraqib on Tuesday, the local council said, after the road had been closed for a week by "
    b'shelling. Bakers in both towns said the flour would last for nine days.</p><p>"We had stopped baking on '
    b'Friday," said Rim Tahhan, who runs a bakery in Saraqib. Residents queued from dawn. Drivers of the convoy said '
    b"they had waited at Sarmada for four days until the road was declared safe.</p></article></body></html>"
)
"""An ordinary page about the topic, for kinds whose harm lies elsewhere."""


class Stopped(ConnectionError):
    """The servers are being stopped."""


@dataclass
class Peer:
    """One connection, its request read."""

    sock: socket.socket
    path: str
    headers: dict[str, str]  # of the request, names in lower case
    base: str  # "http://127.0.0.1:PORT", or https
    stopping: threading.Event

    def send(self, data: bytes | str) -> None:
        if self.stopping.is_set():
            raise Stopped
        self.sock.sendall(data.encode() if isinstance(data, str) else data)

    def head(self, status: str = "200 OK", *headers: str, close: bool = True) -> None:
        """Status line, ``headers`` ("Name: value") and the empty line."""
        lines = [f"HTTP/1.1 {status}", *headers, *(["Connection: close"] if close else [])]
        self.send("\r\n".join([*lines, "", ""]).encode("utf-8", "surrogateescape"))

    def reply(self, body: bytes | str = b"", status: str = "200 OK", *headers: str, kind: str = "text/html") -> None:
        """A whole answer with the Content-Length that is right."""
        data = body.encode() if isinstance(body, str) else body
        self.head(status, f"Content-Type: {kind}", f"Content-Length: {len(data)}", *headers)
        self.send(data)

    def feed(self, body: bytes | str, *headers: str) -> None:
        self.reply(body, "200 OK", *headers, kind="application/rss+xml")

    def rest(self, seconds: float) -> None:
        """Wait."""
        if self.stopping.wait(seconds):
            raise Stopped

    def drip(self, data: bytes, pause: float = 0.05, size: int = 1) -> None:
        """Send ``data`` in pieces of ``size`` bytes with a pause after each."""
        for start in range(0, len(data), size):
            self.send(data[start : start + size])
            self.rest(pause)

    def hang(self) -> None:
        """Say nothing more, and keep the connection open."""
        self.rest(3600)


@dataclass(frozen=True)
class Kind:
    """A way to harm. ``ends``: the reasons in which it may end, of polls for a feed, of rejects for a page;
    "ok" or "kept" where a record that was safely reduced is right."""

    name: str
    role: str  # feed, page, robots
    answer: Callable[[Peer], None]  # a robots kind answers /robots.txt alone, the others all but that
    ends: frozenset[str]
    note: str = ""
    tls: str = ""  # of ``certificates.NAMES``, or "hang": a handshake that never ends


@dataclass
class Host:
    """A kind that is being served."""

    kind: Kind
    base: str
    connections: int = 0
    open: int = 0  # connections that are not closed yet
    paths: list[str] = field(default_factory=list)  # that were asked for
    heads: list[dict[str, str]] = field(default_factory=list)  # the headers of each request

    @property
    def url(self) -> str:
        return self.base + PATHS[self.kind.role]


def robots_allow(peer: Peer) -> None:
    peer.reply(b"", "404 Not Found")


def _request(sock: socket.socket) -> tuple[str, dict[str, str]] | None:
    data = b""
    while b"\r\n\r\n" not in data:
        more = sock.recv(65_536)
        if not more or len(data) > MAX_REQUEST:
            return None
        data += more
    first, *lines = data.partition(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")
    fields = (line.partition(":") for line in lines)
    return first.split(" ")[1], {name.strip().lower(): value.strip() for name, _, value in fields}


class _Listener:
    def __init__(self, kind: Kind, stopping: threading.Event) -> None:
        self.socket = socket.create_server(("127.0.0.1", 0), backlog=128)
        scheme = "https" if kind.tls else "http"
        self.host = Host(kind, f"{scheme}://127.0.0.1:{self.socket.getsockname()[1]}")
        self._stopping = stopping
        self._lock = threading.Lock()
        self._tls: ssl.SSLContext | None = None
        if kind.tls and kind.tls != "hang":
            from tests.hostile.certificates import context

            self._tls = context(kind.tls)
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                made, _ = self.socket.accept()
            except OSError:
                return
            with self._lock:
                self.host.connections += 1
                self.host.open += 1
            threading.Thread(target=self._serve, args=(made,), daemon=True).start()

    def _serve(self, made: socket.socket) -> None:
        try:
            made.settimeout(30)
            # The client hangs up in the middle: that is what most kinds lead to.
            with suppress(OSError, ValueError, IndexError):
                if self.host.kind.tls == "hang":
                    self._stopping.wait(3600)
                    return
                if self._tls is not None:
                    made = self._tls.wrap_socket(made, server_side=True)
                if (asked := _request(made)) is None:
                    return
                with self._lock:
                    self.host.paths.append(asked[0])
                    self.host.heads.append(asked[1])
                self._answer(Peer(made, *asked, self.host.base, self._stopping))
        finally:
            with suppress(OSError):
                made.close()
            with self._lock:
                self.host.open -= 1

    def _answer(self, peer: Peer) -> None:
        kind = self.host.kind
        if (peer.path == "/robots.txt") == (kind.role == "robots"):
            kind.answer(peer)
        elif kind.role == "robots":
            peer.reply(PAGE)
        else:
            robots_allow(peer)

    def close(self) -> None:
        with suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)  # close() alone does not end a blocked accept()
        self.socket.close()


@contextmanager
def serving(kinds: Iterable[Kind]) -> Iterator[dict[str, Host]]:
    """Serve ``kinds``; their hosts by name."""
    stopping = threading.Event()
    with ExitStack() as stack:
        stack.callback(stopping.set)
        hosts = {}
        for kind in kinds:
            listener = _Listener(kind, stopping)
            stack.callback(listener.close)
            hosts[kind.name] = listener.host
        yield hosts
