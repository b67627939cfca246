"""Many feeds at once: their documents are parsed by processes beside this one, as the answers come.

feedparser takes most of a sweep's time, on one core; ``python -m transforms.parsefeeds`` is a helper.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from schemas.records import Feed
from transforms import helpers as beside
from transforms.helpers import Helpers, Task, cores, serve
from transforms.parse import Parsed, parse_feed

FEW = 12  # documents that one process has parsed by the time that another is ready


class Document(msgspec.Struct, frozen=True, array_like=True):
    """What :func:`transforms.parse.parse_feed` is given."""

    body: bytes
    headers: Mapping[str, str]
    url: str
    feed: Feed
    at: float

    def parse(self) -> Parsed:
        return parse_feed(self.body, self.headers, self.url, self.feed, self.at)


class Parsing(Task[Parsed]):
    """A document on its way through a parse."""

    def __init__(self, document: Document) -> None:
        super().__init__(document)
        self._document = document

    def work(self) -> Parsed:
        return self._document.parse()

    def read(self, answer: bytes) -> Parsed:
        return msgspec.msgpack.decode(answer, type=Parsed)


helpers = Helpers("transforms.parsefeeds", "parse feeds")


class Round(beside.Round[Parsed]):
    """The documents of one bundle. A few are parsed here; where more come, there are helpers from then on."""

    def __init__(self, pool: Helpers = helpers, at_most: int | None = None) -> None:
        super().__init__(pool)
        self._at_most = cores() if at_most is None else at_most
        self._given = 0

    def give(self, document: Document, tag: object) -> None:
        """A further document; ``tag`` comes back with what it holds."""
        self._given += 1
        if self._given == FEW and self._at_most > 1:
            self._pool.start(self._at_most)
        self.put(Parsing(document), tag)


def answer(packed: bytes) -> bytes:
    """What a helper does: a document in, what it holds out."""
    return msgspec.msgpack.encode(msgspec.msgpack.decode(packed, type=Document).parse())


if __name__ == "__main__":
    serve(answer)
