"""What stands before a document's root, and where the root begins."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from itertools import islice

MAX_ENTITIES = 300  # that a document may declare
_TAG = re.compile(r"<(?:[\w.-]{1,60}:)?([A-Za-z_][\w.-]{0,60})")
_KNOWN = re.compile(r"<(?:[\w.-]{1,60}:)?(rss|feed|rdf|channel|urlset|sitemapindex)(?=[\s>/])", re.IGNORECASE)
# Plain words or one reference: what refers to others could grow without end.
_ENTITY = re.compile(
    r"""<!ENTITY\s{1,99}([A-Za-z_][\w.-]{0,40})\s{1,99}(?:"([^"<&%]{0,100}|&\#\w{1,9};)"|'([^'<&%]{0,100}|&\#\w{1,9};)')"""
)
_SUBSET_END = re.compile(r"\]\s{0,99}>")


@dataclass(frozen=True)
class Prolog:
    """``root`` is a local name in lower case, empty where there is no tag; ``start`` is where it stands."""

    root: str = ""
    start: int = 0
    entities: dict[str, str] = field(default_factory=dict)  # declared there, as the text they stand for


def read_prolog(text: str) -> Prolog:
    """Skip declaration, comments, document type and what servers print before a document by mistake."""
    at, entities = text.find("<"), dict[str, str]()
    found, closes = None, _Closes(text)
    while found is None:
        if at < 0:
            return Prolog()
        if text.startswith("<!--", at):
            end = closes.comment(at)
            after = end if end >= 0 else at + 4
        elif text[at : at + 9].upper() == "<!DOCTYPE":
            end = closes.doctype(at)
            for entity in islice(_ENTITY.finditer(text, at, end), MAX_ENTITIES):
                entities.setdefault(entity[1], html.unescape(entity[2] or entity[3] or ""))
            after = end
        elif found := _TAG.match(text, at):
            break
        else:
            after = at + 1
        at = text.find("<", after)
    root = found[1].lower()
    if root not in {"rss", "feed", "rdf", "urlset", "sitemapindex", "html"}:
        known = _KNOWN.search(text, at, at + 65_536)  # "<br /><b>Warning</b>: ... in feed.php" comes first
        if known:
            return Prolog(known[1].lower(), known.start(), entities)
    return Prolog(root, at, entities)


class _Closes:
    """Where comments and document types of ``text`` end. Once none ends behind a place, none is looked for behind a
    later one: each search is of all that follows, and there can be as many openers as bytes."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._comments = self._subsets = True

    def comment(self, at: int) -> int:
        """Behind the comment that begins at ``at``; -1 where it does not end."""
        end = self._text.find("-->", at + 4) if self._comments else -1
        self._comments = end >= 0
        return end + 3 if end >= 0 else -1

    def doctype(self, at: int) -> int:
        """Behind the document type that begins at ``at``."""
        simple = self._text.find(">", at)
        if simple < 0:
            return len(self._text)
        if "[" not in self._text[at:simple] or not self._subsets:
            return simple + 1
        found = _SUBSET_END.search(self._text, at)
        self._subsets = found is not None
        return found.end() if found else simple + 1


def ends_whole(text: str) -> bool:
    """Whether a document ends with its root; comments of caches may follow. (As one pattern it took seconds for
    twenty comments in a row, and ``re`` lets nobody else run meanwhile.)"""
    tail = text[-4096:].rstrip()
    while tail.endswith("-->") and "<!--" in tail:
        tail = tail[: tail.rfind("<!--")].rstrip()
    return _END.search(tail) is not None


_END = re.compile(r"</(?:[\w.-]{1,60}:)?(?:rss|feed|rdf|urlset|sitemapindex)\s{0,99}>\Z", re.IGNORECASE)
