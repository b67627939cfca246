"""What a page's JSON-LD (schema.org) says of the article that it shows."""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from transforms.identity import canonical_url

MAX_SCRIPT = 400_000  # characters of a script
MAX_DATA = 1_200_000  # characters of all of a page
MAX_NODES = 5_000  # objects that are looked at
MAX_AUTHORS = 10
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]+")
_WRAPPED = re.compile(r"\s*(?:<!--|//\s*<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/|<!\[CDATA\[)|(?://\s*\]\]>|\]\]>|-->)\s*$")
_WITHIN = ("@graph", "mainEntity", "mainEntityOfPage", "video")  # where a page's own article may be; not its links
_ARTICLES = frozenset({"blogposting", "liveblogposting", "report", "socialmediaposting"})


@dataclass(frozen=True)
class Linked:
    """The article of a page's JSON-LD. ``published`` and ``modified`` as they stand there, of the likeliest first."""

    headline: str | None = None
    authors: tuple[str, ...] = ()
    published: tuple[str, ...] = ()
    modified: tuple[str, ...] = ()
    url: str | None = None
    site: str | None = None
    language: str | None = None


def one_line(value: Any, limit: int) -> str | None:
    """A text in one line, without control characters and lone surrogates, of at most ``limit`` characters; None where
    nothing is left or it is no text."""
    if not isinstance(value, str):
        return None
    return " ".join(_CONTROLS.sub(" ", value[: 4 * limit]).split())[:limit].strip() or None


def linked_data(tree: Any, url: str) -> Linked:
    """Of several articles the one that names the page's own URL, else the first."""
    nodes = list(_nodes(tree))
    named = {str(node["@id"]): node for node in nodes if isinstance(node.get("@id"), str)}
    own = canonical_url(url)
    ranked = sorted(
        ((rank, i) for i, node in enumerate(nodes[:100]) if (rank := _rank(node, own)) is not None),
    )
    if not ranked:
        return Linked(site=_site_of(nodes, named))
    node = nodes[ranked[0][1]]
    return Linked(
        headline=one_line(node.get("headline"), 1_000) or one_line(node.get("name"), 1_000),
        authors=_authors(node.get("author") or node.get("creator"), named),
        published=_texts(node.get(name) for name in ("datePublished", "uploadDate", "dateCreated")),
        modified=_texts([node.get("dateModified")]),
        url=_address(node),
        site=_name(node.get("publisher"), named) or _site_of(nodes, named),
        language=one_line(node.get("inLanguage"), 20),
    )


def _nodes(tree: Any) -> Iterator[dict[str, Any]]:
    """The objects of all scripts, those within a graph or a main entity too, in order; at most ``MAX_NODES``."""
    left, read = MAX_NODES, 0
    for script in tree.iter("script"):
        text = script.text or ""
        if "ld+json" not in (script.get("type") or "").lower() or len(text) > MAX_SCRIPT or read > MAX_DATA:
            continue
        read += len(text)
        try:
            waiting = deque([json.loads(_WRAPPED.sub("", text), strict=False)])
        except (ValueError, RecursionError):
            continue
        while waiting and left > 0:
            node = waiting.popleft()
            left -= 1
            if isinstance(node, list):
                waiting.extend(node[:left])
            elif isinstance(node, dict):
                yield node
                waiting.extend(node[name] for name in _WITHIN if isinstance(node.get(name), dict | list))


def _types(node: dict[str, Any]) -> list[str]:
    types = node.get("@type")
    return [t.lower() for t in (types if isinstance(types, list) else [types])[:10] if isinstance(t, str)]


def _rank(node: dict[str, Any], own: str | None) -> int | None:
    """The smaller, the likelier it is the page's article; None: it is none."""
    article = any(t.endswith("article") or t in _ARTICLES for t in _types(node))
    dated = isinstance(node.get("datePublished"), str | int)
    if not article and not dated and "uploadDate" not in node:
        return None
    address = _address(node)
    if article and address and own and canonical_url(address) == own:
        return 0
    return (1 if dated else 3) if article else 2 if dated else 4


def _address(node: dict[str, Any]) -> str | None:
    """Where an article is by its own word: ``url``, else ``mainEntityOfPage``."""
    page = node.get("mainEntityOfPage")
    for value in (node.get("url"), page.get("@id") if isinstance(page, dict) else page, node.get("@id")):
        if isinstance(value, str) and value.startswith(("http://", "https://", "/")):
            return value[:2_000]
    return None


def _texts(values: Any) -> tuple[str, ...]:
    return tuple(str(v)[:200] for v in values if isinstance(v, str | int) and not isinstance(v, bool) and _small(v))


def _small(value: str | int) -> bool:
    return isinstance(value, str) or abs(value) < 10**20  # a longer number takes time to print


def _name(value: Any, named: dict[str, dict[str, Any]]) -> str | None:
    """A name, or the name of the object that is meant."""
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict) and not value.get("name"):
        value = named.get(str(value.get("@id"))[:2_000])
    name = one_line(value.get("name") if isinstance(value, dict) else value, 200)
    return None if name and name.startswith(("http://", "https://")) else name


def _authors(value: Any, named: dict[str, dict[str, Any]]) -> tuple[str, ...]:
    names = (_name(one, named) for one in (value if isinstance(value, list) else [value])[:MAX_AUTHORS])
    return tuple(dict.fromkeys(name for name in names if name))


def _site_of(nodes: list[dict[str, Any]], named: dict[str, dict[str, Any]]) -> str | None:
    return next((name for node in nodes[:100] if "website" in _types(node) if (name := _name(node, named))), None)
