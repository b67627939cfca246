"""A feed's bytes into typed entries, by feedparser. Nothing here opens a URL."""

from __future__ import annotations

import calendar
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin

import feedparser
import lxml.etree
import lxml.html
import msgspec

from schemas.records import Entry, Feed, Reject
from transforms import identity
from transforms.coders import to_json
from transforms.dates import DAY, credible
from transforms.fetch import charset_of, printable
from transforms.redirectors import resolved
from transforms.writtendates import read_dates

MAX_ENTRIES = 2_000
MAX_TAGS = 150_000  # feedparser's time grows with the square of the depth: 170,000 open tags took 6 s
_END = re.compile(rb"</(?:\w+:)?(?:rss|feed|rdf)\s*>$", re.IGNORECASE)
_HALVES = re.compile(rb"&#(?:x0*d[89a-f][0-9a-f]{2}|0*5(?:529[6-9]|5[3-9]\d\d|[67]\d\d\d));", re.IGNORECASE)
_BLOCK = frozenset("p div br li h1 h2 h3 h4 h5 h6 blockquote tr section article figcaption".split())


@dataclass(frozen=True)
class Hints:
    """What a feed's document asks of those who poll it; hours and days in UTC."""

    ttl: float = 0.0  # seconds between polls: the larger of RSS ttl and sy:updatePeriod; 0: it does not say
    skip_hours: tuple[int, ...] = ()  # 0 to 23
    skip_days: tuple[int, ...] = ()  # 0 Monday to 6


@dataclass(frozen=True)
class Parsed:
    """What a feed's bytes hold. ``problem`` is None, ``truncated`` or ``not_a_feed``."""

    entries: list[Entry] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    problem: str | None = None
    error: str | None = None
    language: str | None = None
    hints: Hints = Hints()


def parse_feed(body: bytes, headers: Mapping[str, str], url: str, feed: Feed, at: float) -> Parsed:
    """Parse ``body``, which came from ``url`` at time ``at``. Never raises on what the world sends."""
    if body.count(b"<") > MAX_TAGS:
        return Parsed(problem="not_a_feed", error=f"more than {MAX_TAGS} tags")
    headers = {**headers, "content-type": _known_charset(headers.get("content-type", ""))}
    try:
        try:
            result = _feedparser(body, headers, url)
        except UnicodeEncodeError:  # an emoji written as two halves, each a character reference
            result = _feedparser(_HALVES.sub(b"", body), headers, url)
    except Exception as error:  # feedparser on hostile input
        return Parsed(problem="not_a_feed", error=printable(f"{type(error).__name__}: {error}"))
    if not result.entries and not result.get("version"):
        return Parsed(problem="not_a_feed", error=printable(str(result.get("bozo_exception", "no feed in the answer"))))
    language = two_letters(result.feed.get("language")) or feed.language
    if not feed.outlet:  # a list of bare addresses: the feed's own name
        feed = msgspec.structs.replace(feed, outlet=plain_text(str(result.feed.get("title") or ""))[:200] or None)
    entries, rejects = [], []
    for item in result.entries[:MAX_ENTRIES]:
        entry = _entry(item, url, feed, language, at)
        if entry is None:
            rejects.append(_no_identity(item, feed, at))
        else:
            entries.append(entry)
    cut = None
    if len(result.entries) > MAX_ENTRIES:
        cut = f"{len(result.entries)} entries, of which the first {MAX_ENTRIES} were used"
    elif result.bozo and not ends_whole(body):
        cut = printable(str(result.bozo_exception))
    return Parsed(entries, rejects, "truncated" if cut else None, cut, language)


def ends_whole(body: bytes) -> bool:
    """Whether a feed ends with its root; comments of caches may follow. (As one pattern it took seconds for
    twenty comments in a row, and ``re`` lets nobody else run meanwhile.)"""
    tail = body[-4096:].rstrip()
    while tail.endswith(b"-->") and b"<!--" in tail:
        tail = tail[: tail.rfind(b"<!--")].rstrip()
    return _END.search(tail) is not None


def _known_charset(content_type: str) -> str:
    """A Content-Type without a charset that is no encoding of texts (feedparser would decode by it)."""
    named = charset_of(content_type)
    if not named or identity.is_charset(named):
        return content_type
    return content_type.lower().partition("charset=")[0].rstrip("; ")


def _feedparser(body: bytes, headers: Mapping[str, str], url: str) -> Any:
    return feedparser.parse(
        io.BytesIO(body),  # a string could be taken for a URL or a file name
        response_headers={**headers, "content-location": url},
        sanitize_html=False,  # text is taken out below; sanitising costs a third of the time
        resolve_relative_uris=False,
    )


def _entry(item: Any, base: str, feed: Feed, language: str | None, at: float) -> Entry | None:
    url = _absolute(base, _xml_safe(str(item.get("link") or "")).strip())
    url = resolved(url) if url else None  # asked directly: a redirector's own page is nobody's article
    canonical = identity.canonical_url(url) if url else None
    guid = identity.without_credentials(_xml_safe(str(item.get("id") or "")).strip()) or None
    if canonical is None and guid and guid.lower().startswith(("http://", "https://")):
        url, canonical = guid, identity.canonical_url(guid)
    name = identity.article_id(canonical, feed.url, guid)
    if name is None:
        return None
    title = plain_text(str(item.get("title") or ""))
    summary = plain_text(str(item.get("summary") or ""))
    content = plain_text("\n\n".join(str(c.get("value") or "") for c in item.get("content") or ()))
    if content == summary:
        summary = ""
    # Asked for by `get`, feedparser gives the day of publication for an `updated` that is not there.
    published = _time(item.get("published_parsed")) or _written(item.get("published"), language)
    updated = _time(item["updated_parsed"]) if "updated_parsed" in item else None
    return Entry(
        article_id=name,
        url=url if canonical else None,
        canonical_url=canonical,
        guid=guid,
        feed_url=feed.url,
        outlet=feed.outlet,
        outlet_country=feed.country,
        dedicated=feed.dedicated,
        title=title,
        summary=summary,
        content=content,
        author=plain_text(str(item.get("author") or "")) or None,
        language=two_letters(item.get("language")) or language,
        published=credible(published if published is not None else updated, at),
        updated=updated,
        fingerprint=identity.digest("entry", title, summary, content, repr(updated)),
        seen_at=at,
    )


def _absolute(base: str, link: str) -> str | None:
    try:
        return urljoin(base, link) if link else None
    except ValueError:  # http://[ is no URL
        return None


def _no_identity(item: Any, feed: Feed, at: float) -> Reject:
    return Reject(
        stage="parse",
        reason="no_identity",
        at=at,
        input=to_json({"title": str(item.get("title") or "")[:500], "summary": str(item.get("summary") or "")[:2000]}),
        feed_url=feed.url,
    )


def two_letters(tag: Any) -> str | None:
    """``en`` of ``en-GB``; None where there is no language tag."""
    found = re.match(r"[a-z]{2}(?![a-z])", str(tag or "").strip().lower())
    return found[0] if found else None


def plain_text(markup: str) -> str:
    """The text of an HTML fragment: paragraphs parted by a blank line, white space folded."""
    if "<" not in markup and "&" not in markup:
        return _fold(markup)
    try:
        root = lxml.html.fragment_fromstring(_xml_safe(markup), create_parent="div")
    except (lxml.etree.LxmlError, ValueError, AssertionError):
        return _fold(re.sub(r"<[^<>]*>", " ", markup))
    for element in root.iter(lxml.etree.Element):
        if element.tag in {"script", "style"}:
            element.text = None
        if element.tag in _BLOCK:
            element.tail = "\n\n" + (element.tail or "")
            if element is not root:
                element.text = "\n\n" + (element.text or "")
    return _fold(root.text_content())


def _fold(text: str) -> str:
    paragraphs = (" ".join(p.split()) for p in re.split(r"\n\s*\n", _xml_safe(text)))
    return "\n\n".join(p for p in paragraphs if p)


def _xml_safe(text: str) -> str:
    """Without control characters and lone surrogates, which lxml and Parquet refuse."""
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]", "", text)


def _written(text: Any, language: str | None) -> float | None:
    """A date in words, or in milliseconds, that feedparser does not read; noon where it is a day only."""
    dates = read_dates(str(text), language) if text else ()
    return dates[0].at + (DAY / 2 if dates[0].day_only else 0) if dates else None


def _time(parsed: Any) -> float | None:
    try:
        return float(calendar.timegm(parsed)) if parsed else None
    except (ValueError, OverflowError, TypeError):
        return None
