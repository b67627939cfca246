"""A site of a few feeds and pages that a test changes as it likes; a real server on loopback."""

from __future__ import annotations

import hashlib
import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timezone
from email.utils import format_datetime
from xml.sax.saxutils import escape

STORY = (
    "IDLIB, Syria — Shelling closed the road between Idlib and Saraqib on Tuesday, residents said, and the bakeries of "
    "both towns stayed shut. “We counted eleven shells before noon,” said Ward Sallum, who runs a garage in Saraqib. "
    "Trucks with flour from the crossing at Bab al-Hawa turned back at Sarmada. The local council of Idlib asked "
    "drivers to wait until the road was clear. “Nobody will drive it at night,” Sallum said. Damascus did not comment."
)


@dataclass
class Site:
    """``pages`` and ``feeds`` by path; what is not there is 404. ``etags``: answer 304 to a known validator."""

    port: int = 0
    feeds: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    pages: dict[str, str] = field(default_factory=dict)
    statuses: dict[str, int] = field(default_factory=dict)  # path -> status to answer with, body or not
    moved: dict[str, str] = field(default_factory=dict)  # path -> where a 301 leads
    host: str = "127.0.0.1"  # the name that its links have
    etags: bool = True
    log: list[tuple[str, int]] = field(default_factory=list)

    @property
    def base(self) -> str:
        return f"http://{self.host}:{self.port}"

    def story(self, path: str, title: str = "Shelling closes the Idlib road", text: str = STORY) -> None:
        body = "".join(f"<p>{escape(p)}</p>" for p in text.split("\n\n"))
        self.pages[path] = (
            f"<html lang='en'><head><title>{escape(title)}</title></head><body><article><h1>{escape(title)}</h1>"
            f"{body}</article></body></html>"
        )

    def entry(
        self, path: str, at: float | None, title: str = "Shelling closes the Idlib road", **more: str
    ) -> dict[str, str]:
        date = format_datetime(datetime.fromtimestamp(at, timezone.utc)) if at is not None else ""
        return {
            "link": f"{self.base}{path}",
            "title": title,
            "date": date,
            "summary": "News from Idlib, Syria.",
            **more,
        }

    def asked(self, path: str) -> list[int]:
        return [status for asked, status in self.log if asked == path]

    def answer(self, target: str, validator: str | None) -> tuple[int, dict[str, str], bytes]:
        path = target.partition("?")[0]
        if path in self.statuses:
            return self.statuses[path], {}, b""
        if path in self.moved:
            return 301, {"Location": self.moved[path]}, b""
        if path in self.feeds:
            body, kind = _rss(self.feeds[path]), "application/rss+xml"
        elif path in self.pages:
            body, kind = self.pages[path].encode(), "text/html; charset=utf-8"
        else:
            return 404, {}, b""
        etag = f'"{hashlib.sha1(body).hexdigest()[:12]}"'
        if self.etags and validator == etag:
            return 304, {"ETag": etag}, b""
        return 200, {"Content-Type": kind, **({"ETag": etag} if self.etags else {})}, body


def _rss(entries: list[dict[str, str]]) -> bytes:
    items = "".join(
        f"<item><title>{escape(e['title'])}</title><link>{escape(e['link'])}</link><guid>{escape(e.get('guid', e['link']))}</guid>"
        + (f"<pubDate>{e['date']}</pubDate>" if e["date"] else "")
        + f"<description>{escape(e['summary'])}</description></item>"
        for e in entries
    )
    return f"<?xml version='1.0'?><rss version='2.0'><channel><title>t</title>{items}</channel></rss>".encode()


@contextmanager
def serving(site: Site) -> Iterator[Site]:
    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            status, headers, body = site.answer(self.path, self.headers.get("If-None-Match"))
            site.log.append((self.path, status))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if status != 304:
                self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    site.port = server.server_address[1]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
