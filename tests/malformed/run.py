"""Feeds from files, over real HTTP, through the client and the parser: what becomes of each."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import quote, unquote

from schemas.records import Entry, Feed
from transforms.asjson import entry_from_json, entry_json
from transforms.coders import encode
from transforms.fetch import Fetcher, Limits, Request
from transforms.parse import Parsed, parse_feed

NOW = 1_700_000_000.0
_TYPES = {"json": "application/feed+json", "gz": "application/gzip", "html": "text/html", "pdf": "application/pdf"}
# How feedparser's suite says with what header a file is to be served.
_HEADER = re.compile(rb"Header:\s*Content-type:\s*([^\r\n]{1,100})", re.IGNORECASE)


@dataclass(frozen=True)
class Served:
    """A document and its Content-Type; None: by the name, or as the document itself asks for."""

    body: bytes
    content_type: str | None = None


@dataclass
class Outcome:
    """What became of a document: ``processed``, ``rejected: `` and why, or ``crashed: `` and how."""

    name: str
    verdict: str
    seconds: float = 0.0
    parsed: Parsed = field(default_factory=Parsed)


@contextmanager
def serving(documents: Mapping[str, Served]) -> Iterator[str]:
    """The base URL under which ``documents`` are served by their names."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            name = unquote(self.path[1:])
            found = documents.get(name)
            body = found.body if found else b""
            self.send_response(200 if found else 404)
            kind = found.content_type if found else "text/plain"
            if kind is None:
                asked = _HEADER.search(body[:4096])
                kind = (
                    asked[1].decode("latin-1").strip()
                    if asked
                    else _TYPES.get(name.rpartition(".")[2], "application/xml")
                )
            if kind:
                self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()
        server.server_close()


def outcomes(documents: Mapping[str, Served], slow: float = 10.0) -> Iterator[Outcome]:
    """Serve, fetch and parse each; one that takes more than ``slow`` seconds to parse counts as crashed."""
    with serving(documents) as base:
        authority = base.removeprefix("http://").rstrip("/")
        fetcher = Fetcher(Limits(timeout=60.0, max_bytes=16 << 20, allow_private=(authority,)))
        requests = [Request(name, base + quote(name)) for name in documents]
        for request, response in fetcher.fetch(requests):
            if response is None or response.status != 200:
                problem = response.problem if response else "no answer"
                yield Outcome(request.key, f"crashed: not fetched ({problem})")
                continue
            feed = Feed(url=request.url, outlet="Orontes Post")
            started = time.perf_counter()
            try:
                parsed = parse_feed(response.body, response.headers, response.url, feed, NOW)
                check(parsed)
            except Exception as error:
                yield Outcome(request.key, f"crashed: {type(error).__name__}: {error}"[:200])
                continue
            seconds = time.perf_counter() - started
            yield Outcome(request.key, verdict_of(parsed, seconds, slow), seconds, parsed)


def verdict_of(parsed: Parsed, seconds: float, slow: float) -> str:
    if seconds > slow:
        return f"crashed: took {seconds:.1f} s"
    if parsed.problem == "not_a_feed":
        return "rejected: not_a_feed" if parsed.error else "crashed: rejected without a word"
    if parsed.entries or not parsed.rejects:
        return "processed" + (" (truncated)" if parsed.problem else "")
    return f"rejected: {parsed.rejects[0].reason}"


def check(parsed: Parsed) -> None:
    """Whatever was read can cross a shuffle, stand in a table and be run again."""
    for entry in parsed.entries:
        encode(entry)
        if entry_from_json(entry_json(entry)) != entry:
            raise AssertionError("an entry is not what it was after a reject")
        texts(entry)
    for reject in parsed.rejects:
        encode(reject)


def texts(entry: Entry) -> None:
    for text in (entry.title, entry.summary, entry.content, entry.author or "", entry.url or "", entry.guid or ""):
        text.encode()
        if re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\ufdd0\ufdd1]", text):
            raise AssertionError("a control character was kept")
