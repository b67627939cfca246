"""The feeds of a web page: those that it announces, and where its kind of site keeps them. Pure: nothing is asked.

How pages announce feeds: ``<link rel="alternate" type="application/rss+xml" href="…">`` (rssboard.org, RSS
Autodiscovery; HTML, 4.6.7.1).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

import lxml.etree
import lxml.html

from transforms.feedlist import address_problem, normalise

HEAD = 1 << 20  # bytes of a page that are looked at: what it announces stands in its head
MOST = 12  # announced feeds of one page: sites with a feed per section announce hundreds
_TYPES = re.compile(r"application/(rss|atom|rdf)\+xml|application/feed\+json|text/(rss|atom)\+?(xml)?", re.IGNORECASE)
_WEAK_TYPES = re.compile(r"(application|text)/(xml|json)", re.IGNORECASE)  # feeds, but much else too
_FEED_PATH = re.compile(r"(^|[/._-])(rss|atom|feeds?|rdf)([/._-]|2?$|\.(xml|rdf|json|aspx?|php)$)", re.IGNORECASE)
_COMMENTS = re.compile(
    r"comment(?!ar[iy]|at)|kommentar|reacti[eo]|opmerking|comentario|yorum|تعليق|تعليقات|oembed|wp-json",
    re.IGNORECASE,  # a commentary is no comment
)
# Where a site's software keeps its feed, by what it calls itself in <meta name="generator"> or is served from.
_PLATFORMS = (
    (re.compile("wordpress|wp-content|substack", re.IGNORECASE), "feed/"),
    (re.compile("ghost", re.IGNORECASE), "rss/"),
    (re.compile("drupal", re.IGNORECASE), "rss.xml"),
    (re.compile("blogger|blogspot", re.IGNORECASE), "feeds/posts/default"),
    (re.compile("hugo", re.IGNORECASE), "index.xml"),
    (re.compile("jekyll|eleventy|gatsby", re.IGNORECASE), "feed.xml"),
    (re.compile("joomla", re.IGNORECASE), "?format=feed&type=rss"),
)
COMMON = ("feed/", "rss", "rss.xml", "feed.xml", "atom.xml", "index.xml")


@dataclass(frozen=True)
class Link:
    """A feed that a page announces, or where one may be."""

    url: str
    title: str = ""
    announced: bool = True


def is_page(body: bytes, content_type: str = "") -> bool:
    """Whether an answer is a web page: one with nothing in it is none, whatever it calls itself."""
    if not body.strip():
        return False
    start = body[:2048].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return start.startswith((b"<!doctype html", b"<html")) or b"<html" in start or "text/html" in content_type.lower()


def feed_links(body: bytes, url: str, charset: str | None = None) -> list[Link]:
    """The feeds that the page at ``url`` (after redirects) announces, the likeliest first; links in its text count
    only where its head announces none. Comments' feeds are left out."""
    root = _tree(body, charset)
    if root is None:
        return []
    base = _base(root, url)
    own = {_absolute(url, url), _absolute(base, base)}  # a page is no feed of itself
    announced = _unique(link for link in _announced(root, base) if link.url not in own)
    return announced or _unique(link for link in _linked(root, base, url) if link.url not in own)


def guesses(body: bytes, url: str, charset: str | None = None) -> list[Link]:
    """Where a site that announces no feed may have one: first by its software, then where most have it; a section's
    own feed before the site's. At most eight."""
    root = _tree(body, charset)
    generator = " ".join(root.xpath("//meta[@name='generator']/@content")[:3]) if root is not None else ""
    hints = generator + " " + (urlsplit(url).hostname or "") + (" wp-content" if b"/wp-content/" in body[:HEAD] else "")
    likely = [path for sign, path in _PLATFORMS if sign.search(hints)]
    path = urlsplit(url).path
    section = url.partition("?")[0].partition("#")[0].rstrip("/") + "/" if path.strip("/") else None
    own = [urljoin(section, place) for place in (likely or COMMON[:1])] if section else []
    return _unique(Link(u, announced=False) for u in (*own, *(urljoin(url, f"/{p}") for p in (*likely, *COMMON))))[:8]


def _tree(body: bytes, charset: str | None) -> Any:
    """The page as lxml reads it: to a depth of its own, whatever the page; None where it holds nothing."""
    try:
        parser = lxml.html.HTMLParser(encoding=charset, recover=True, no_network=True, huge_tree=False)
    except LookupError:
        parser = lxml.html.HTMLParser(recover=True, no_network=True, huge_tree=False)
    try:
        return lxml.html.document_fromstring(body[:HEAD], parser=parser)
    except (lxml.etree.LxmlError, ValueError, AssertionError):
        return None


def _base(root: Any, url: str) -> str:
    declared = next(iter(root.xpath("//base/@href")), "")
    return _absolute(url, declared) or url


def _announced(root: Any, base: str) -> Iterator[Link]:
    weak = []
    for link in root.iter("link"):
        if "alternate" not in (link.get("rel") or "").lower().split():
            continue
        target, title = _absolute(base, link.get("href")), _title(link.get("title"))
        kind = (link.get("type") or "").partition(";")[0].strip()
        if target is None or _COMMENTS.search(title) or _COMMENTS.search(target):
            continue
        if _TYPES.fullmatch(kind):
            yield Link(target, title)
        elif _WEAK_TYPES.fullmatch(kind) and _FEED_PATH.search(urlsplit(target).path):
            weak.append(Link(target, title))
    yield from weak


def _linked(root: Any, base: str, url: str) -> Iterator[Link]:
    """Links in the text that look like feeds, of the same host."""
    host = urlsplit(url).hostname
    for link in root.iter("a"):
        target = _absolute(base, link.get("href"))
        if target is None or urlsplit(target).hostname != host or _COMMENTS.search(target):
            continue
        if _FEED_PATH.search(urlsplit(target).path):
            yield Link(target, _title("".join(link.itertext())[:200]))


def _absolute(base: str, href: str | None) -> str | None:
    """The address of a link, fit to be asked: http(s), no password; None where it is none."""
    try:
        target = urljoin(base, (href or "").strip()) if href else ""
    except ValueError:
        return None
    target = target.replace(" ", "%20")
    return normalise(target) if target and address_problem(target) is None else None


def _title(text: str | None) -> str:
    return " ".join((text or "").split())[:200]


def _unique(links: Iterable[Link]) -> list[Link]:
    found: dict[str, Link] = {}
    for link in links:
        found.setdefault(link.url, link)
        if len(found) >= MOST:
            break
    return list(found.values())
