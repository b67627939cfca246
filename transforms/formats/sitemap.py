"""Sitemaps (sitemaps.org) and Google's extension of them for news, read by lxml, broken ones too."""

from __future__ import annotations

from itertools import islice
from typing import Any

import lxml.etree

from transforms.formats.clean import marked_text
from transforms.formats.document import Document, Item, NotAFeed, newest, too_many
from transforms.formats.when import when, written

MAX_PAGES = 50_000  # that are looked at: as many as the protocol lets one sitemap have
MAX_ABOUT = 1_000  # elements directly within a page's, and within its news: that for images lets it have so many
_NEWS = "sitemap-news"  # in the namespace of Google's extension, in each of its versions


def read(text: str, most: int, is_whole: bool, language: str = "") -> Document:
    """The pages that a sitemap announces. ``text`` begins with its root; ``language`` is of pages that do not say.

    A plain sitemap tells a page's address and when it last changed, and no title: its entries have none.

    Raises:
        NotAFeed: it lists sitemaps, not pages.
    """
    parser = lxml.etree.XMLParser(recover=True, resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = lxml.etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (lxml.etree.LxmlError, ValueError):
        root = None
    if root is None:
        raise NotAFeed("a sitemap that cannot be read")
    if _local(root) == "sitemapindex":
        first = next((_words(e) for e in root.iter("{*}loc", "loc")), "")
        hint = f", such as {first}" if first and "@" not in first and "news" in first else ""
        raise NotAFeed(f"a list of sitemaps: put the one with the news into the feed list{hint}")
    # Only those of the root: where they stand in one another, each would be read with all within it.
    pages = list(islice(root.iterchildren("{*}url", "url"), MAX_PAGES + 1))
    full = len(pages) > MAX_PAGES
    del pages[MAX_PAGES:]
    kept = pages if len(pages) <= most else [pages[n] for n in newest([_date(page) for page in pages], most)]
    items = [_item(page, language) for page in kept]
    stamps = {item.updated for item in items}
    if len(items) > 3 and len(stamps) == 1:  # stamped when the sitemap was made: says nothing of the pages
        for item in items:
            item.updated = None
    names = (_words(e) for e in islice(root.iter("{*}name"), MAX_PAGES) if _NEWS in str(e.tag))
    return Document(
        items=items,
        title=next(names, ""),
        cut=f"more than {MAX_PAGES:,} pages" if full else too_many(len(pages), most) if len(pages) > most else None,
        broken=not is_whole,
    )


def _date(page: Any) -> float | None:
    """When a page was published, else changed."""
    told = _found(page)
    return when(told.get("publication_date") or told.get("lastmod") or "")


def _found(page: Any) -> dict[str, str]:
    """What is said of a page, by local names; of the extensions only that for news."""
    told: dict[str, str] = {}
    for element in islice(page.iterchildren(lxml.etree.Element), MAX_ABOUT):
        name = _local(element)
        if name in ("loc", "lastmod"):
            told.setdefault(name, _words(element))
        elif _NEWS in element.tag:
            for about in islice(element.iter(lxml.etree.Element), MAX_ABOUT):
                if (name := _local(about)) in ("title", "publication_date", "language"):
                    told.setdefault(name, _words(about))
    return told


def _item(page: Any, language: str) -> Item:
    told = _found(page)
    return Item(
        link=told.get("loc", ""),
        title=marked_text(told.get("title", "")),
        language=told.get("language", ""),
        published=written(told.get("publication_date", ""), told.get("language") or language),
        updated=written(told.get("lastmod", ""), language),
    )


def _local(element: Any) -> str:
    return str(element.tag).rpartition("}")[2].lower()


def _words(element: Any) -> str:
    return str(element.text or "").strip()
