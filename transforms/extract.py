"""A page's HTML into its text, by trafilatura; what the page says of itself; and the date that counts."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timezone
from functools import lru_cache
from typing import Any
from urllib.parse import urljoin

import apache_beam as beam
from apache_beam.pvalue import TaggedOutput

from schemas.records import Article, Entry, Page, Reject
from transforms import identity
from transforms.coders import typed
from transforms.count import count, timed
from transforms.parse import credible, two_letters
from transforms.poll import rejected

MAX_TEXT = 100_000  # characters: beyond, spaCy's memory grows past use; cut at a paragraph
MAX_TAGS = 60_000  # of a page: trafilatura needs 5 s for as many, and time grows faster than their number
MIN_WORDS = 30  # of a page's text: less is a stub, a caption or a wall
MIN_FEED_WORDS = 60  # of the feed's own text, where it must stand in for a page that is refused
LANGUAGES = ("en", "fr", "ar", "tr")
_UNBROKEN = re.compile(r"(\S{500})\S+")
WORDLESS = re.compile(r"(\W{60})(\W+)")  # marks, dots, symbols and blanks on end; the beginning of such a run may stay
_AGENCIES = {
    "AFP": r"\bAFP\b|Agence France-Presse", "Reuters": r"\bReuters\b", "AP": r"\(AP\)|\bAssociated Press\b",
    "Anadolu": r"\bAnadolu\b|\(AA\)", "SANA": r"\bSANA\b", "dpa": r"\bdpa\b", "EFE": r"\bEFE\b",
}  # fmt: skip
_NEVER_TEXT = (
    "style", "svg", "template", "iframe", "fencedframe", "aside", "footer", "nav", "noscript", "button",
    "select",
)  # fmt: skip
_DATE_META = (
    "article:published_time",
    "og:published_time",
    "datepublished",
    "date",
    "dc.date",
    "pubdate",
    "parsely-pub-date",
)


@dataclass(frozen=True)
class PageText:
    """What a page holds. ``published`` in seconds since the epoch."""

    text: str
    title: str | None = None
    author: str | None = None
    published: float | None = None
    canonical: str | None = None
    language: str | None = None
    agency: str | None = None
    truncated: bool = False


def read_page(html: bytes, charset: str | None, url: str) -> PageText:
    """Text and metadata of a page; an empty text where there is none. Never raises on what pages hold."""
    import trafilatura  # here, as in other places below: a run that finds nothing new starts sooner

    try:
        tree = trafilatura.load_html(_decoded(html, charset))
        if tree is None:
            return PageText("")
        meta = _metadata(tree, url)
        _lighten(tree)
        document: Any = trafilatura.bare_extraction(tree, options=_trafilatura_options())
    except Exception:  # lxml and trafilatura on hostile markup: there is no list of what they raise
        return PageText("")
    text, truncated = readable_part(document.text if document is not None else "")
    return PageText(text, **meta, truncated=truncated)


@lru_cache(maxsize=1)
def _trafilatura_options() -> Any:
    """One for all pages (it reads its settings file's values each time it is made: 5 % of a page's time)."""
    from trafilatura.settings import Extractor

    return Extractor(output_format="python", fast=True, comments=False)


def _lighten(tree: Any) -> None:
    """Take out what is never text, before trafilatura copies and searches the tree several times over.

    It drops all of these itself (``MANUALLY_CLEANED`` of its settings), but late: with them gone first it
    takes a third to a half of the time. Menus no longer count when it asks how much of a page it has found.
    """
    from lxml import etree

    for script in list(tree.iter("script")):
        linked = "json" in (script.get("type") or "")  # it looks for articleBody there
        if script.getparent() is not None and not linked:
            script.drop_tree()
    etree.strip_elements(tree, *_NEVER_TEXT, with_tail=False)


def clean_text(text: str | None) -> str:
    """The text of :func:`readable_part`."""
    return readable_part(text)[0]


def readable_part(text: str | None) -> tuple[str, bool]:
    """Paragraphs parted by a blank line, without control characters; and whether more than ``MAX_TEXT`` characters of
    them were there: then the text ends with the last whole paragraph before.

    Of a run without white space, or without a letter or digit, only the beginning stays: it is no writing, and
    spaCy's tokenizer takes time that grows with its square (10,000 quotation marks in a row: 7 s).
    """
    safe = re.sub(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]", "", text or "")
    paragraphs = [_UNBROKEN.sub(r"\1", " ".join(p.split())) for p in safe.split("\n")]
    whole = "\n\n".join(p for p in paragraphs if p)
    whole = WORDLESS.sub(lambda run: run[1].rstrip() + ("\n\n" if "\n" in run[2] else " "), whole).strip()
    return cut(whole, MAX_TEXT), len(whole) > MAX_TEXT


def cut(text: str, limit: int) -> str:
    """At most ``limit`` characters, ending with a whole paragraph where there is one."""
    if len(text) <= limit:
        return text
    end = text.rfind("\n\n", 0, limit)
    return text[: end if end > 0 else limit]


def _decoded(html: bytes, charset: str | None) -> bytes | str:
    """HTTP's charset comes first (HTML standard, 13.2.3); anything that is no text encoding is passed over."""
    if not charset or html.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return html
    if not identity.is_charset(charset):
        return html
    try:
        return html.decode(charset, "replace")
    except (LookupError, ValueError):
        return html


def _metadata(tree: Any, url: str) -> dict[str, Any]:
    found: dict[str, str] = {}
    for node in tree.iter("meta"):
        name = (node.get("property") or node.get("name") or node.get("itemprop") or "").lower()
        if name and node.get("content") and name not in found:
            found[name] = str(node.get("content")).strip()
    linked = _linked_data(tree)
    canonical = next((str(n.get("href")) for n in tree.iter("link") if (n.get("rel") or "").lower() == "canonical"), "")
    titles = [n.text_content().strip() for n in tree.iter("h1")] + [
        n.text_content().strip() for n in tree.iter("title")
    ]
    dated = [linked.get("datePublished")] + [found.get(name) for name in _DATE_META]
    author = linked.get("author") or found.get("author") or found.get("article:author") or ""
    published = next((t for t in map(timestamp, dated) if t is not None), None)
    return {
        "title": found.get("og:title") or linked.get("headline") or next((t for t in titles if t), None),
        "author": None if author.startswith("http") else author or None,
        "published": published if published is not None else _visible_date(tree),
        "canonical": _absolute(url, canonical),
        "language": two_letters(tree.get("lang")),
        "agency": find_agency(author),
    }


def _absolute(url: str, link: str) -> str | None:
    try:
        return urljoin(url, link) if link else None
    except ValueError:  # http://[ must not cost the article
        return None


def _visible_date(tree: Any) -> float | None:
    """What htmldate finds when no metadata says it: a day only, so noon UTC."""
    from htmldate import find_date

    found = find_date(tree, extensive_search=False, original_date=True)
    return timestamp(f"{found}T12:00:00Z") if found else None


def _linked_data(tree: Any) -> dict[str, str]:
    """datePublished, headline and author's name of the page's JSON-LD article, where it has one."""
    for node in tree.iter("script"):
        if "ld+json" not in (node.get("type") or "") or len(node.text or "") > 200_000:
            continue
        try:
            data = json.loads(node.text or "")
        except (ValueError, RecursionError):
            continue
        items = data if isinstance(data, list) else data.get("@graph", [data]) if isinstance(data, dict) else []
        for item in items if isinstance(items, list) else []:
            if isinstance(item, dict) and "datePublished" in item:
                author = item.get("author")
                author = author[0] if isinstance(author, list) and author else author
                author = author.get("name") if isinstance(author, dict) else author
                pairs = {
                    "datePublished": item["datePublished"],
                    "headline": item.get("headline"),
                    "author": author,
                }
                return {k: v.strip() for k, v in pairs.items() if isinstance(v, str)}
    return {}


def timestamp(text: str | None) -> float | None:
    """Seconds since the epoch of an ISO 8601 date; without a zone it is taken for UTC."""
    if not text:
        return None
    try:
        when = datetime.fromisoformat(text.strip().replace("Z", "+00:00"))
        return (when if when.tzinfo else when.replace(tzinfo=timezone.utc)).timestamp()
    except (ValueError, OverflowError):
        return None


def find_agency(*texts: str | None) -> str | None:
    """The news agency that bylines and credit lines name."""
    for text in texts:
        for agency, pattern in _AGENCIES.items():
            if text and re.search(pattern, text):
                return agency
    return None


def credit_lines(text: str) -> str:
    """Where copy names its agency: the dateline and the last line."""
    paragraphs = text.split("\n\n")
    last = paragraphs[-1] if len(paragraphs[-1]) < 120 else ""
    dateline = re.match(r"[^—–\-:]{0,60}\([^)]{2,40}\)\s*[—–\-:]", paragraphs[0])
    return f"{dateline[0] if dateline else ''}\n{last}"


def language_of(text: str, declared: str | None) -> str:
    """ISO 639-1. The text decides; a declaration breaks the tie where the text is short."""
    if len(text) < 60 and declared:
        return declared
    import py3langid

    return str(py3langid.classify(text[:200])[0])


@dataclass(frozen=True)
class Extracted:
    """An article, or the reason why the page made none."""

    article: Article | None
    reason: str = ""
    error: str | None = None


def to_article(page: Page) -> Extracted:
    """Make the article that the page, or the feed in its place, holds; relevance is judged later."""
    entry = page.entry
    if page.html is not None and page.html.count(b"<") > MAX_TAGS:
        return Extracted(None, "too_large", f"more than {MAX_TAGS} tags")
    found = read_page(page.html, page.charset, page.url) if page.html is not None else PageText("")
    text, truncated, text_from = found.text, found.truncated, "page"
    if page.html is None:
        text, truncated = readable_part(entry.content or entry.summary)
        text_from = "feed"
        if page.refused and len(text.split()) < MIN_FEED_WORDS:
            return Extracted(None, page.refused.partition(":")[0], page.refused)
        if not text:
            return Extracted(None, "no_content")
    elif len(text.split()) < MIN_WORDS:
        return Extracted(None, "no_text")
    canonical, name = _canonical(entry, found.canonical, page.url)
    title = entry.title or found.title or ""
    published, published_from = decide_date(entry.published, found.published, page.collected_at)
    return Extracted(
        Article(
            article_id=name,
            revision_id=identity.revision_id(title, text),
            url=page.url or entry.url,
            canonical_url=canonical,
            outlet=entry.outlet,
            outlet_country=entry.outlet_country,
            feed_url=entry.feed_url,
            title=title,
            author=entry.author or found.author,
            agency=find_agency(entry.author, found.agency, credit_lines(text)),
            language=language_of(text, entry.language or found.language),
            published_at=published,
            published_from=published_from,
            collected_at=page.collected_at,
            text=text,
            text_from=text_from,
            word_count=len(text.split()),
            relevance=0.0,
            level="none",
            matched=[],
            mentions_idlib=False,
            entry=entry,
            attempts=page.attempts,
            was_owed=page.was_owed,
            truncated=truncated,
        )
    )


def decide_date(feed: float | None, page: float | None, collected: float) -> tuple[float, str]:
    """The feed's date, else the page's, else the time of collection; none of them in the future."""
    if credible(feed, collected) is not None and feed is not None:
        return feed, "feed"
    if credible(page, collected) is not None and page is not None:
        return page, "page"
    return collected, "collected"


def _canonical(entry: Entry, declared: str | None, url: str) -> tuple[str | None, str]:
    """The page's rel=canonical where it is on the same site and not the home page, else the entry's own."""
    canonical = identity.canonical_url(declared) if declared else None
    if canonical and entry.canonical_url and identity.same_site(canonical, entry.canonical_url):
        path = canonical.split("://", 1)[1].partition("/")[2]
        name = identity.article_id(canonical, entry.feed_url, entry.guid)
        if path and name:
            return canonical, name
    return entry.canonical_url, entry.article_id


class ExtractText(beam.PTransform[Any, Any]):
    """Page to Article, not yet judged; tagged ``rejects``. Here the HTML ends."""

    def __init__(self, max_age: float) -> None:
        super().__init__()
        self._max_age = max_age

    def expand(self, pages: Any) -> Any:
        outputs = pages | "Extract" >> beam.ParDo(_ExtractDoFn(self._max_age)).with_outputs("rejects", main="articles")
        return typed(outputs, articles=Article, rejects=Reject)


class _ExtractDoFn(beam.DoFn):
    def __init__(self, max_age: float) -> None:
        self._max_age = max_age

    def process(self, page: Page) -> Iterator[Any]:
        with timed("extract text"):
            result = to_article(page)
        tick, attempts = page.collected_at, page.attempts
        article = result.article
        if article is None:
            count("extract", result.reason)
            yield TaggedOutput(
                "rejects",
                rejected(page.entry, "extract", result.reason, tick, error=result.error, attempts=attempts),
            )
        elif article.published_at < tick - self._max_age:
            count("extract", "too_old")
            yield TaggedOutput("rejects", rejected(page.entry, "extract", "too_old", tick, attempts=attempts))
        else:
            count("extract", "article")
            yield article
