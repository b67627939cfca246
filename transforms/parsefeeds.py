"""Many feeds at once: their documents are parsed by processes beside this one, as the answers come.

feedparser takes most of a sweep's time, on one core; ``python -m transforms.parsefeeds`` is a helper.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from schemas.records import Feed
from transforms import helpers as beside
from transforms.helpers import PATIENCE, Helpers, Task, cores, serve
from transforms.parse import MAX_ENTRIES, Parsed, parse_feed

FEW = 12  # documents that one process has parsed by the time that another is ready
IDLE = 60.0  # seconds without a document after which a helper ends: a stream's sweeps lie apart
MOST = 64 << 20  # bytes of documents that wait to be parsed


class Document(msgspec.Struct, frozen=True, array_like=True):
    """What :func:`transforms.parse.parse_feed` is given."""

    body: bytes
    headers: Mapping[str, str]
    url: str
    feed: Feed
    at: float
    seen: Mapping[str, str] = {}
    max_entries: int = MAX_ENTRIES

    def parse(self) -> Parsed:
        return parse_feed(
            self.body, self.headers, self.url, self.feed, self.at, seen=self.seen, max_entries=self.max_entries
        )


class Parsing(Task[Parsed]):
    """A document on its way through a parse."""

    def __init__(self, document: Document) -> None:
        super().__init__(document)
        self.document = document

    def work(self) -> Parsed:
        return self.document.parse()

    def read(self, answer: bytes) -> Parsed:
        return msgspec.msgpack.decode(answer, type=Parsed)

    def stuck(self) -> Parsed:
        """A document that holds up one process does not get a second, which nobody would end."""
        return Parsed(problem="not_a_feed", error=f"took longer than {PATIENCE:.0f} seconds to read, and was given up")


helpers = Helpers("transforms.parsefeeds", "parse feeds", IDLE)


class Round(beside.Round[Parsed]):
    """The documents of one bundle. A few are parsed here; where more come, there are helpers from then on."""

    def __init__(self, pool: Helpers = helpers, at_most: int | None = None, patience: float = PATIENCE) -> None:
        super().__init__(pool, patience)
        self._at_most = cores() if at_most is None else at_most
        self._given = self._bytes = 0

    def give(self, document: Document, tag: Any) -> None:
        """A further document; ``tag`` comes back with what it holds."""
        self._given += 1
        self._bytes += len(document.body)
        if self._given == FEW and self._at_most > 1:
            self._pool.start(self._at_most)
        self.put(Parsing(document), tag)

    @property
    def full(self) -> bool:
        """Whether no more should be given before what is open is done."""
        return self._bytes > MOST

    def _take(self, task: Task[Parsed]) -> tuple[Any, Parsed]:
        assert isinstance(task, Parsing)
        self._bytes -= len(task.document.body)
        return super()._take(task)


def answer(packed: bytes) -> bytes:
    """What a helper does: a document in, what it holds out."""
    return msgspec.msgpack.encode(msgspec.msgpack.decode(packed, type=Document).parse())


if __name__ == "__main__":
    serve(answer)
