"""What a page says of itself: title, authors, dates, canonical URL, language, the name of its site."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any
from urllib.parse import urljoin

from transforms.agency import find_agency
from transforms.dates import MAX_STATED, Stated, url_day, visible_date
from transforms.identity import may_name
from transforms.linkeddata import Linked, linked_data, one_line
from transforms.parse import two_letters
from transforms.writtendates import MAX_READ, read_dates

MAX_TITLE = 1_000  # characters
MAX_NAME = 200  # characters of a site's name; of an author's
MAX_META = 5_000  # elements of this kind
MAX_DATED = 200  # elements that look as if they held a date
_DATE_META = (
    "article:published_time", "og:published_time", "og:article:published_time", "article:published", "datepublished",
    "date", "dc.date", "dc.date.issued", "dcterms.created", "dcterms.date", "dc.date.created", "pubdate", "publishdate",
    "publish_date", "publish-date", "published_time", "publication_date", "parsely-pub-date", "sailthru.date",
    "cxenseparse:recs:publishtime", "citation_publication_date", "article.published", "video:release_date",
)  # fmt: skip
_CHANGED_META = ("article:modified_time", "og:updated_time", "datemodified", "dcterms.modified", "last-modified")
_AUTHOR_META = ("author", "article:author", "parsely-author", "dc.creator", "sailthru.author", "citation_author", "byl")
_DATED = re.compile(r"date|time|publi|posted|stamp|meta|byline|tarih|parution|تاريخ", re.IGNORECASE)
_BESIDE = frozenset({"nav", "aside", "footer"})  # dates there are of other articles


def metadata(tree: Any, url: str) -> dict[str, Any]:
    """The fields of ``PageText`` that a page of ``url`` states, each of bounded length and in one line.

    ``published`` are its dates, in order of trust: JSON-LD, meta, ``<time>`` and microdata, an element that is
    called after a date, the day of its last change, what htmldate finds in the text (where the URL has no day);
    None where it has none. ``canonical`` is what counts as its rel=canonical: og:url and JSON-LD's url where that is
    missing or names no article of this site (``identity.may_name``).
    """
    found: dict[str, str] = {}
    for node in islice(tree.iter("meta"), MAX_META):
        name = (node.get("property") or node.get("name") or node.get("itemprop") or "").lower()
        if name and node.get("content") and name not in found:
            found[name] = str(node.get("content"))[: 4 * MAX_TITLE].strip()
    linked = linked_data(tree, url)
    language = str(tree.get("lang") or linked.language or found.get("og:locale") or found.get("content-language") or "")
    titles = (one_line(n.text_content(), MAX_TITLE) for kind in ("h1", "title") for n in islice(tree.iter(kind), 3))
    author = ", ".join(linked.authors) or next(
        (a for n in _AUTHOR_META if (a := one_line(found.get(n), 2 * MAX_NAME)) and not a.startswith("http")), None
    )
    return {
        "title": one_line(found.get("og:title"), MAX_TITLE) or linked.headline or next(filter(None, titles), None),
        "author": author,
        "published": _published(tree, url, found, linked, language) or None,
        "canonical": _canonical(tree, url, found, linked),
        "language": two_letters(language),
        "agency": find_agency(author),
        "site": one_line(found.get("og:site_name"), MAX_NAME)
        or linked.site
        or one_line(found.get("application-name"), MAX_NAME),
    }


def _published(tree: Any, url: str, found: dict[str, str], linked: Linked, language: str) -> tuple[Stated, ...]:
    texts = [*linked.published, *(found[name] for name in _DATE_META if name in found)]
    stated = _read(texts, language)
    if not any(date.day_only is False for date in stated):
        stated += _read(_of_elements(tree), language)
    if not stated:
        stated = next((dates for text in _visible(tree) if (dates := _read([text], language))), [])
    stated += _read([*linked.modified, *(found[name] for name in _CHANGED_META if name in found)], language)
    if not stated and url_day(url) is None and (guessed := visible_date(tree)) is not None:
        stated = [guessed]
    return tuple(stated[:MAX_STATED])


def _read(texts: list[str], language: str) -> list[Stated]:
    return [date for text in texts[:MAX_STATED] for date in read_dates(text, language)]


def _of_elements(tree: Any) -> list[str]:
    """Dates of microdata and of ``<time>``: first what says that it is of publication, then what is in the article."""
    ranked: list[tuple[int, int, str]] = []
    for node in tree.xpath("//time|//*[@itemprop='datePublished' or @itemprop='dateCreated']")[:MAX_DATED]:
        kind = node.get("itemprop")
        around = _around(node)
        if node.tag == "meta" or (kind != "datePublished" and (around & _BESIDE or kind == "dateModified")):
            continue
        trust = (kind == "datePublished", node.get("pubdate") is not None, "article" in around, True)
        text = node.get("datetime") or node.get("content") or _text(node)
        ranked.append((trust.index(True), len(ranked), str(text)[: 2 * MAX_READ]))
    return [text for _, _, text in sorted(ranked)][:10]


def _visible(tree: Any) -> Iterator[str]:
    """Short texts of elements whose class or id tells of a date."""
    named = tree.xpath("//body//*[@class or @id]")
    dated = (n for n in named if _DATED.search(f"{n.get('class')} {n.get('id')}"[:200]))
    for node in islice(dated, MAX_DATED):
        text = _text(node)
        if 6 <= len(text) <= MAX_READ and not _around(node) & _BESIDE:
            yield text


def _around(node: Any) -> set[Any]:
    """The tags of an element and of those that it is in."""
    return {node.tag, *(a.tag for a in islice(node.iterancestors(), 30))}


def _text(node: Any) -> str:
    """The text of an element that should be small: of its first pieces."""
    return " ".join("".join(piece[:400] for piece in islice(node.itertext(), 20)).split())


def _canonical(tree: Any, url: str, found: dict[str, str], linked: Linked) -> str | None:
    """The first that may name the page; where none may, its rel=canonical."""
    base = next((n.get("href") for n in islice(tree.iter("base"), 1)), None)
    links = (n for n in islice(tree.iter("link"), MAX_META) if "canonical" in (n.get("rel") or "").lower().split())
    declared = {_absolute(url, base, n.get("href")) for n in islice(links, 10) if _in_head(n)} - {None}
    own = declared.pop() if len(declared) == 1 else None  # two that differ: nobody knows whose
    claims = [own, _absolute(url, base, found.get("og:url")), _absolute(url, base, linked.url)]
    return next((claim for claim in claims if claim and may_name(url, claim)), own)


def _in_head(node: Any) -> bool:
    """Not among what readers write: in the head, or where a parser puts what is left of a broken one."""
    parent = node.getparent()
    return parent is None or parent.tag in ("head", "body", "html", "noscript")


def _absolute(url: str, base: str | None, link: Any) -> str | None:
    if not link:
        return None
    try:
        return urljoin(urljoin(url, base or ""), str(link)[:2_000].strip())
    except ValueError:  # http://[ must not cost the article
        return None
