"""What a page says of itself: title, author, date, canonical URL, language."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urljoin

from transforms.agency import find_agency
from transforms.dates import timestamp, visible_date
from transforms.parse import two_letters

_DATE_META = (
    "article:published_time",
    "og:published_time",
    "datepublished",
    "date",
    "dc.date",
    "pubdate",
    "parsely-pub-date",
)


def metadata(tree: Any, url: str) -> dict[str, Any]:
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
        "published": published if published is not None else visible_date(tree),
        "canonical": _absolute(url, canonical),
        "language": two_letters(tree.get("lang")),
        "agency": find_agency(author),
        "site": found.get("og:site_name"),
    }


def _absolute(url: str, link: str) -> str | None:
    try:
        return urljoin(url, link) if link else None
    except ValueError:  # http://[ must not cost the article
        return None


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
