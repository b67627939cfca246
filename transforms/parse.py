"""A feed's bytes into typed entries, by what the bytes are: RSS, Atom, RDF, JSON Feed, sitemaps of news.

Nothing here opens a URL or a file, nothing raises on what the world sends, and time and memory grow with the bytes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import msgspec

from schemas.records import Entry, Feed, Reject
from transforms.exchange import printable
from transforms.formats import feedxml, jsonfeed, sitemap
from transforms.formats.clean import clean, mark, mark_references
from transforms.formats.decode import decode
from transforms.formats.document import MAX_ENTRIES, Document, Hints, NotAFeed
from transforms.formats.entries import make_entries, same_as_before, two_letters
from transforms.formats.prolog import ends_whole, read_prolog

__all__ = ["MAX_ENTRIES", "Hints", "Parsed", "parse_feed", "two_letters"]


@dataclass(frozen=True)
class Parsed:
    """What a feed's bytes hold. ``problem`` is None, ``truncated`` or ``not_a_feed``."""

    entries: list[Entry] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    problem: str | None = None
    error: str | None = None
    language: str | None = None
    hints: Hints = field(default_factory=Hints)
    broke_off: bool = False  # the bytes end before the document does


def parse_feed(
    body: bytes,
    headers: Mapping[str, str],
    url: str,
    feed: Feed,
    at: float,
    *,
    seen: Mapping[str, str] = MappingProxyType({}),
    max_entries: int = MAX_ENTRIES,
) -> Parsed:
    """Parse ``body``, which came from ``url`` at time ``at``. Never raises on what the world sends.

    ``seen`` holds the ids and fingerprints of the feed's last response (``same_as_before``). Of more than
    ``max_entries`` entries the newest are taken, and the feed is ``truncated``.
    """
    try:
        decoded = decode(body, headers.get("content-type", ""))
        document = _read(decoded.text, url, max_entries, feed.language or "")
    except NotAFeed as error:
        return Parsed(problem="not_a_feed", error=printable(str(error)))
    except Exception as error:  # the parsers on hostile input
        return Parsed(problem="not_a_feed", error=printable(f"{type(error).__name__}: {error}"))
    language = two_letters(document.language) or feed.language
    if not feed.outlet:  # a list of bare addresses: the feed's own name
        feed = msgspec.structs.replace(feed, outlet=clean(document.title)[0][:200] or None)
    entries, rejects = make_entries(document.items, url, feed, language, at)
    entries = same_as_before(entries, seen)
    if decoded.guessed:
        entries = [_said_guessed(entry) for entry in entries]
    cut = document.cut or ("broke off in the middle" if document.broken else None)
    return Parsed(entries, rejects, "truncated" if cut else None, cut, language, document.hints, document.broken)


def _read(text: str, url: str, most: int, language: str) -> Document:
    text = text.removeprefix("\ufeff")
    if re.match(r"\s{0,9999}[{\[]", text):
        return jsonfeed.read(text, most, language)
    text = mark_references(mark(text))
    prolog = read_prolog(text)
    if not prolog.root:
        raise NotAFeed("the answer holds no tag")
    if prolog.root == "html":
        raise NotAFeed("an HTML page")
    if prolog.root in {"urlset", "sitemapindex"}:
        return sitemap.read(text[prolog.start :], most, ends_whole(text), language)
    return feedxml.read(text, prolog, url, most, language)


def _said_guessed(entry: Entry) -> Entry:
    if f"{entry.title}{entry.summary}{entry.content}".isascii():
        return entry
    return msgspec.structs.replace(entry, reduced=sorted({*entry.reduced, "charset_guessed"}))
