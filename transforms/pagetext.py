"""A page's HTML into its text, by trafilatura, within bounds of our own."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from transforms import identity
from transforms.dates import Stated
from transforms.metadata import metadata

MAX_TEXT = 100_000  # characters: beyond, spaCy's memory grows past use; cut at a paragraph
MAX_TAGS = 60_000  # of a page: trafilatura needs 5 s for as many, and time grows faster than their number
_UNBROKEN = re.compile(r"(\S{500})\S+")
WORDLESS = re.compile(r"(\W{60})(\W+)")  # marks, dots, symbols and blanks on end; the beginning of such a run may stay
_NEVER_TEXT = (
    "style", "svg", "template", "iframe", "fencedframe", "aside", "footer", "nav", "noscript", "button",
    "select",
)  # fmt: skip


@dataclass(frozen=True)
class PageText:
    """What a page holds. ``published``: the dates that it states, in order of trust."""

    text: str
    title: str | None = None
    author: str | None = None
    published: tuple[Stated, ...] | None = None
    canonical: str | None = None
    language: str | None = None
    agency: str | None = None
    truncated: bool = False
    site: str | None = None  # the name that the page gives its site


def read_page(html: bytes, charset: str | None, url: str) -> PageText:
    """Text and metadata of a page; an empty text where there is none. Never raises on what pages hold."""
    import trafilatura  # here, as in other places below: a run that finds nothing new starts sooner

    try:
        tree = trafilatura.load_html(_decoded(html, charset))
        if tree is None:
            return PageText("")
        meta = metadata(tree, url)
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


def language_of(text: str, declared: str | None) -> str:
    """ISO 639-1. The text decides; a declaration breaks the tie where the text is short."""
    if len(text) < 60 and declared:
        return declared
    import py3langid

    return str(py3langid.classify(text[:200])[0])
