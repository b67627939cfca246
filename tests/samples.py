"""Small invented records and a raw TCP server, for the tests of single rooms."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timezone
from typing import Any

from schemas.records import Article, Entity, EntitySet, Entry, Feed, Mention, Quote, QuoteSet
from transforms.identity import digest, revision_id

DAY = 86_400.0
NOON = datetime(2018, 9, 11, 12, tzinfo=timezone.utc).timestamp()
FEED = Feed(url="http://orontes.example/rss", outlet="Orontes Post")
TEXT = "Shells fell on Jisr al-Shughur, the council said.\n\n“We have no shelter,” said Nadia Halabi."


def an_entry(name: str = "a1", **more: Any) -> Entry:
    fields: dict[str, Any] = {
        "article_id": name, "url": f"http://orontes.example/{name}", "canonical_url": f"http://orontes.example/{name}",
        "guid": None, "feed_url": FEED.url, "outlet": "Orontes Post", "outlet_country": None, "dedicated": False,
        "title": "Shelling in Idlib", "summary": "", "content": "", "author": None, "language": "en",
        "published": NOON - 3600, "updated": None, "fingerprint": "f", "seen_at": NOON,
    }  # fmt: skip
    return Entry(**(fields | more))


def an_article(name: str = "a1", text: str = TEXT, **more: Any) -> Article:
    title = more.pop("title", "Shelling in Idlib")
    fields: dict[str, Any] = {
        "article_id": name, "revision_id": revision_id(title, text), "url": f"http://orontes.example/{name}",
        "canonical_url": f"http://orontes.example/{name}", "outlet": "Orontes Post", "outlet_country": None,
        "feed_url": FEED.url, "title": title, "author": None, "agency": None, "language": "en",
        "published_at": NOON - 3600, "published_from": "feed", "collected_at": NOON, "text": text,
        "text_from": "page", "word_count": len(text.split()), "relevance": 0.5, "level": "core", "matched": [],
        "mentions_idlib": True, "entry": more.pop("entry", None) or an_entry(name),
    }  # fmt: skip
    return Article(**(fields | more))


def parts_of(article: Article, *names: str) -> tuple[EntitySet, QuoteSet]:
    """The entities ``names`` where the text holds them, and the quotation between curly marks."""
    text = article.text
    found = [
        Entity(
            entity_id=f"name:{digest(n)}", name=n, label="PLACE",
            mentions=[Mention(start=text.index(n), end=text.index(n) + len(n), text=n)],
        )
        for n in names or ("Jisr al-Shughur", "Nadia Halabi")
        if n in text
    ]  # fmt: skip
    quotes = []
    if "“" in text:
        start, end = text.index("“") + 1, text.index("”")
        quotes.append(a_quote(article, start, end))
    key = {"article_id": article.article_id, "revision_id": article.revision_id}
    return EntitySet(entities=found, **key), QuoteSet(quotes=quotes, **key)


def a_quote(article: Article, start: int, end: int) -> Quote:
    return Quote(
        quote_id=digest(article.article_id, article.revision_id, str(start), str(end)), kind="direct",
        text=article.text[start:end], start=start, end=end, cue="said", cue_start=None, cue_end=None,
        speaker_text=None, speaker_start=None, speaker_end=None, speaker=None, speaker_role=None,
        speaker_entity_id=None, sentence=article.text[start:end],
    )  # fmt: skip


def answer(body: bytes = b"", status: str = "200 OK", *headers: str) -> bytes:
    """A whole HTTP answer that closes the connection."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers]
    return "\r\n".join([*lines, "", ""]).encode() + body


class Served:
    """A TCP server that answers each connection with what ``reply(request head)`` gives, bytes or a
    callable on the socket; it notes when each began and ended."""

    def __init__(self, reply: Callable[[str], bytes | Callable[[socket.socket], None]]) -> None:
        self._reply = reply
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.heads: list[str] = []
        self.spans: list[tuple[float, float]] = []
        self.connections = 0
        self._lock = threading.Lock()
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def paths(self) -> list[str]:
        return [head.split()[1] for head in self.heads]

    def _accept(self) -> None:
        while True:
            try:
                made, _ = self._socket.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._serve, args=(made,), daemon=True).start()

    def _serve(self, made: socket.socket) -> None:
        with made:
            data = b""
            while b"\r\n\r\n" not in data:
                more = made.recv(65536)
                if not more:
                    return
                data += more
            began = time.monotonic()
            head = data.decode("latin-1")
            with self._lock:
                self.heads.append(head)
            try:
                reply = self._reply(head)
                if callable(reply):
                    reply(made)
                else:
                    made.sendall(reply)
            except OSError:
                pass
            with self._lock:
                self.spans.append((began, time.monotonic()))

    def close(self) -> None:
        end = time.monotonic() + 0.3
        # The client has its answer a moment before its span is noted.
        while len(self.spans) < len(self.heads) and time.monotonic() < end:
            time.sleep(0.01)
        # A blocked accept() ends with shutdown(), not with close() alone.
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()


@contextmanager
def serving(reply: Callable[[str], bytes | Callable[[socket.socket], None]] | bytes) -> Iterator[Served]:
    server = Served(reply if callable(reply) else lambda _: reply)
    try:
        yield server
    finally:
        server.close()
