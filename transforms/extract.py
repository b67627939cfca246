"""A page into an article: text, date and identity, from what the page and the feed say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

import apache_beam as beam
import msgspec
from apache_beam.pvalue import TaggedOutput

from schemas.records import Article, Entry, Page, Reject
from transforms.agency import credit_lines, find_agency
from transforms.coders import typed
from transforms.count import count, timed
from transforms.dates import decide_date
from transforms.formats.site import site_of
from transforms.furniture import own_paragraphs
from transforms.identity import normal, revision_id, settled_identity
from transforms.memory import MIN_FEED_WORDS
from transforms.pages import ends_cut
from transforms.pagetext import MAX_TEXT, MAX_TITLE, PageText, cut, language_of, read_page, reduced_line, reduced_text
from transforms.poll import rejected
from transforms.redirectors import hides_target

MIN_WORDS = 30  # of a page's text: less is a stub, a caption or a wall
MIN_SUMMARY_WORDS = 20  # of a teaser or summary: what, where, who. With less there is nothing to judge
STUB = 2.0  # times the page's words in the feed: the page shows a part of the article
MAX_BYLINE = 300  # characters
LANGUAGES = ("en", "fr", "ar", "tr")


@dataclass(frozen=True)
class Extracted:
    """An article, or the reason why the page made none."""

    article: Article | None
    reason: str = ""
    error: str | None = None


@dataclass(frozen=True)
class _Words:
    """The text that is taken, and whence: page, feed or summary; or the reason why there is none."""

    text: str = ""
    source: str = "page"
    truncated: bool = False
    reduced: tuple[str, ...] = ()
    reason: str = ""
    error: str | None = None


def to_article(page: Page, max_text: int = MAX_TEXT) -> Extracted:
    """Make the article that the page, or the feed in its place, holds, its text of at most ``max_text`` characters
    (no more than ``MAX_TEXT``); relevance is judged later."""
    entry = page.entry
    if not entry.foreign and _led_away(entry, page.url):
        entry = msgspec.structs.replace(entry, foreign=True)
    found = read_page(page.html, page.charset, page.url, entry.title) if page.html is not None else PageText("")
    if found.problem:
        return Extracted(None, found.problem, found.error)
    words = _of_page(found, entry) if page.html is not None else _of_feed(page, entry)
    if words.reason:
        return Extracted(None, words.reason, words.error)
    words = _within(words, max_text)
    text = words.text
    canonical, name = settled_identity(entry, found.canonical, page.url)
    title, title_cut = reduced_line(_title(entry, found), MAX_TITLE)
    byline = None if entry.foreign else entry.author
    country = None if entry.foreign else entry.outlet_country
    reduced = dict.fromkeys((*entry.reduced, *words.reduced, *title_cut))
    published, published_from = decide_date(
        entry.published,
        found.published or (),
        page.collected_at,
        url=canonical or page.url,
        country=country,
        polled=entry.seen_at,
        hearsay=entry.foreign,
    )
    return Extracted(
        Article(
            article_id=name,
            revision_id=revision_id(title, text),
            url=page.url or entry.url,
            canonical_url=canonical,
            outlet=_site(found, page) if entry.foreign else entry.outlet,
            outlet_country=country,
            feed_url=entry.feed_url,
            title=title,
            author=reduced_line(byline or found.author or "", MAX_BYLINE)[0] or None,
            agency=find_agency(byline, found.agency, credit_lines(text)),
            language=language_of(text, entry.language or found.language),
            published_at=published,
            published_from=published_from,
            collected_at=page.collected_at,
            text=text,
            text_from=words.source,
            word_count=len(text.split()),
            relevance=0.0,
            level="none",
            matched=[],
            mentions_idlib=False,
            entry=entry,
            attempts=page.attempts,
            was_owed=page.was_owed,
            truncated=words.truncated,
            reduced=list(reduced),
        )
    )


def _led_away(entry: Entry, found: str) -> bool:
    """Whether the entry's link was redirected to another site, whose article the page is then. A redirector's link
    was made to lead elsewhere."""
    if not found or not entry.url or hides_target(entry.url):
        return False
    return site_of(found) not in ("", site_of(entry.url))


def _within(words: _Words, most: int) -> _Words:
    """``words`` cut at a paragraph before ``most`` characters."""
    if len(words.text) <= most:
        return words
    reduced = tuple(dict.fromkeys((*words.reduced, "text_cut")))
    return replace(words, text=cut(words.text, most), truncated=True, reduced=reduced)


def _of_feed(page: Page, entry: Entry) -> _Words:
    """Where no page was asked for, or it is refused. What a feed says of another site's article is hearsay."""
    text, reduced = _told(entry, max(entry.content, entry.summary, key=len))
    if page.refused and (entry.foreign or len(text.split()) < MIN_FEED_WORDS):
        return _Words(reason=page.refused.partition(":")[0], error=page.refused)
    if not text:
        return _Words(reason="no_content")
    goes_on = ends_cut(entry.content or entry.summary) or ends_cut(text)
    return _Words(text, "feed", "text_cut" in reduced or goes_on, tuple(reduced))


def _told(entry: Entry, said: str) -> tuple[str, list[str]]:
    """The feed's words as a text, without what a site puts among and below them; and what was done to them."""
    text, reduced = reduced_text(said)
    own = own_paragraphs(text.split("\n\n"), [entry.title], from_feed=True)
    return "\n\n".join(own) or text, reduced


def _of_page(found: PageText, entry: Entry) -> _Words:
    """The page's text; the feed's where the page shows a wall or a stub and the feed tells more; where neither has an
    article, but a beginning of one, that."""
    own, told = len(found.text.split()), "" if entry.foreign else entry.content
    said = len(told.split())
    if said >= MIN_FEED_WORDS and (said > STUB * own if not found.wall else said > own):
        text, reduced = _told(entry, told)
        return _Words(text, "feed", "text_cut" in reduced or ends_cut(told), tuple(reduced))
    if not found.wall:
        if own < MIN_WORDS:
            return _Words(reason="no_text")
        return _Words(found.text, "page", found.truncated, found.reduced)
    if found.wall in ("missing", "list"):
        return _Words(reason="not_article", error=found.wall)
    # The longest is the teaser. A foreign feed's summary may be of anything.
    teasers = [(found.text, list[str]())]
    if not entry.foreign:
        teasers += [_told(entry, entry.content), _told(entry, entry.summary)]
    text, reduced = max(teasers, key=lambda teaser: len(teaser[0].split()))
    if len(text.split()) < MIN_SUMMARY_WORDS:
        return _Words(reason="wall", error=found.wall)
    return _Words(text, "summary", True, tuple(dict.fromkeys((*found.reduced, *reduced))))


def _title(entry: Entry, found: PageText) -> str:
    """The feed's headline, or the page's own where the feed has none, or links to another site."""
    if entry.title and not (entry.foreign and found.title):
        return "" if entry.foreign else entry.title
    return without_site(found.title or "", found.site)


def without_site(title: str, site: str | None) -> str:
    """``title`` without the name of its site behind a dash or a bar."""
    title = title[: 4 * MAX_TITLE]
    for mark in (" | ", " - ", " – ", " — ", " :: ", " « ", " » ", " • "):
        headline, _, name = title.rpartition(mark)
        if headline and site and normal(name) == normal(site):
            return headline.strip()
    headline, bar, name = title.rpartition(" | ")
    return headline.strip() if bar and len(name.split()) <= 4 < len(headline.split()) else title


def _site(found: PageText, page: Page) -> str | None:
    """The name that a page gives its site, or else its host."""
    name, _ = reduced_line(found.site or "", MAX_TITLE // 10)
    try:
        return name or (urlsplit(page.url or page.entry.url or "").hostname or "").removeprefix("www.") or None
    except ValueError:
        return None


class ExtractText(beam.PTransform[Any, Any]):
    """Page to Article, not yet judged; tagged ``rejects``. Here the HTML ends."""

    def __init__(self, max_age: float, max_text: int = MAX_TEXT) -> None:
        super().__init__()
        self._max_age, self._max_text = max_age, max_text

    def expand(self, pages: Any) -> Any:
        outputs = pages | "Extract" >> beam.ParDo(_ExtractDoFn(self._max_age, self._max_text)).with_outputs(
            "rejects", main="articles"
        )
        return typed(outputs, articles=Article, rejects=Reject)


class _ExtractDoFn(beam.DoFn):
    def __init__(self, max_age: float, max_text: int) -> None:
        self._max_age, self._max_text = max_age, max_text

    def process(self, page: Page) -> Iterator[Any]:
        with timed("extract text"):
            result = to_article(page, self._max_text)
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
