"""A page into an article: text, date and identity, from what the page and the feed say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import apache_beam as beam
from apache_beam.pvalue import TaggedOutput

from schemas.records import Article, Page, Reject
from transforms.agency import credit_lines, find_agency
from transforms.coders import typed
from transforms.count import count, timed
from transforms.dates import decide_date
from transforms.identity import revision_id, settled_identity
from transforms.pagetext import MAX_TAGS, PageText, language_of, read_page, readable_part
from transforms.poll import rejected

MIN_WORDS = 30  # of a page's text: less is a stub, a caption or a wall
MIN_FEED_WORDS = 60  # of the feed's own text, where it must stand in for a page that is refused
LANGUAGES = ("en", "fr", "ar", "tr")


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
    canonical, name = settled_identity(entry, found.canonical, page.url)
    title = entry.title or found.title or ""
    published, published_from = decide_date(
        entry.published,
        found.published or (),
        page.collected_at,
        url=canonical or page.url,
        country=None if entry.foreign else entry.outlet_country,
        polled=entry.seen_at,
    )
    return Extracted(
        Article(
            article_id=name,
            revision_id=revision_id(title, text),
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
