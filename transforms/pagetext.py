"""A page's HTML into its text, by trafilatura, within bounds of our own."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Any

from transforms.charset import decode
from transforms.dates import Stated
from transforms.furniture import own_paragraphs
from transforms.lighten import bound_attributes, lighten
from transforms.metadata import metadata
from transforms.walls import Signs, titles_of, wall_of

MAX_TEXT = 100_000  # characters: beyond, spaCy's memory grows past use; cut at a paragraph
READ = 10 * MAX_TEXT  # characters, blanks and all, in which that text is looked for
MAX_TAGS = 60_000  # of a page: trafilatura needs 5 s for as many, and time grows faster than their number
# Character references to control characters and halves of surrogate pairs.
_REFERENCES = re.compile(
    r"&#(?:0{0,9}(?:[0-8]|1[124-9]|2\d|3[01]|127|55(?:29[6-9]|[3-9]\d\d)|56\d{3}|57(?:[0-2]\d\d|3[0-3]\d|34[0-3]))(?:;|(?!\d))"
    r"|x0{0,9}(?:[0-8bcef]|1[0-9a-f]|7f|d[89a-f][0-9a-f]{2}|fff[ef])(?:;|(?![0-9a-f])))",
    re.IGNORECASE,
)
MAX_ATTRIBUTES = 2_000  # of a tag
ROOM = 2 * MAX_ATTRIBUTES  # characters: as many attributes need more
_TAG_START = re.compile("<[a-zA-Z]")
# A page with a tag of that length has a stretch without a tag's end, or a value that holds one. (As one pattern they
# take seven times as long.)
_STRETCH = re.compile(f"<[a-zA-Z][^>]{{{ROOM}}}")
_END_IN_VALUE = re.compile(r"""=\s*(?:"[^">]*>|'[^'>]*>)""")
_TAG = re.compile(r"""<(?:[^"'>]+|"[^"]*"|'[^']*')*""")
_ATTRIBUTE = re.compile(r"""[\s/][^\s/=>"']+(?:\s*=\s*(?:"[^"]*"|'[^']*'))?|["'][^\s/=>"']+""")
RESCUED = 100  # characters: with fewer, trafilatura takes all that a page says, in one paragraph
LONG = 50_000  # characters of a page: in a shorter one no attribute can do harm
MAX_TITLE = 1_000  # characters
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
UNBROKEN = 500  # characters without white space
WORDLESS = re.compile(r"(\W{60})(\W+)")  # marks, dots, symbols and blanks on end; the beginning of such a run may stay


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
    wall: str = ""  # what stands in the article's place (``walls.wall_of``); then ``text`` is its beginning, or empty
    reduced: tuple[str, ...] = ()  # of ``schemas.reasons.REDUCED``
    problem: str = ""  # why it was not read: ``too_large``, or nothing
    error: str | None = None


def read_page(html: bytes, charset: str | None, url: str, headline: str = "") -> PageText:
    """Text and metadata of a page; an empty text where there is none. Never raises on what pages hold.

    ``headline``: what the feed calls it, by which an article with links below it is told from a list.
    """
    import trafilatura  # here, as in other places below: a run that finds nothing new starts sooner

    decoded = decode(html, charset)
    if (error := too_large(decoded.text)) is not None:
        return PageText("", problem="too_large", error=error)
    try:
        cleaned, controls = _cleaned(decoded.text)
        tree = trafilatura.load_html(cleaned)
        if tree is None:
            return PageText("")
        if len(cleaned) > LONG:
            bound_attributes(tree)
        meta = metadata(tree, url)
        titles, headings = titles_of(tree), sum(1 for _ in islice(tree.iter("h1"), 3))
        elsewhere = lighten(tree, url, cleaned)
        document: Any = trafilatura.bare_extraction(tree, options=_trafilatura_options())
    except Exception:  # lxml and trafilatura on hostile markup: there is no list of what they raise
        return PageText("")
    whole, reduced = reduced_text(document.text if document is not None else "")
    wall, shown = wall_of(whole, Signs(titles, tuple(elsewhere.texts), cleaned, elsewhere.teased, headline, headings))
    text = "\n\n".join(own_paragraphs(shown.split("\n\n"), [meta["title"], *titles, meta["site"]]))
    if decoded.replaced:
        reduced.append("bytes_replaced")
    if decoded.guessed:
        reduced.append("charset_guessed")
    if controls:
        reduced.append("control_characters")
    return PageText(text, **meta, truncated="text_cut" in reduced, wall=wall, reduced=tuple(dict.fromkeys(reduced)))


def too_large(html: str) -> str | None:
    """What a page has too much of to be read, in words, or None: the parser's time grows with its square."""
    if html.count("<") > MAX_TAGS:
        return f"more than {MAX_TAGS} tags"
    if len(html) > LONG and _crowded(html):
        return f"a tag with more than {MAX_ATTRIBUTES} attributes"
    return None


def _crowded(html: str) -> bool:
    """Whether a tag has too many attributes. What looks like a tag in a script or a comment is asked too, since its
    quotation marks could hide one; where that makes many long tags, one within the other, the page is no better."""
    if _STRETCH.search(html) is None and _END_IN_VALUE.search(html) is None:
        return False
    left = 4 * len(html)
    for start in _TAG_START.finditer(html):
        found = _TAG.match(html, start.start())
        assert found is not None
        length = found.end() - found.start()
        left -= length
        if left < 0 or (length > ROOM and _more_than(MAX_ATTRIBUTES, _ATTRIBUTE.finditer(found[0]))):
            return True
    return False


def _more_than(count: int, things: Iterable[object]) -> bool:
    return next(islice(things, count, None), None) is not None


def _cleaned(html: str) -> tuple[str, bool]:
    """``html`` without what the parser, or what repairs a document before it, cannot take: a doctype, whose end a
    pattern looks for again and again, and characters that a tree cannot hold, written out or as references; and
    whether there were such characters."""
    start = html[:1_000].lstrip().lower()
    if start.startswith("<!doctype"):
        at = html.index("<")
        end = html.find(">", at, at + 1_000)
        html = html[end + 1 :] if end >= 0 else html[at + 9 :].lstrip("/")
    written = html.replace("\x00", "")
    kept, references = _REFERENCES.subn("", written) if "&#" in written else (written, 0)
    return kept, references > 0 or len(written) < len(html)


@lru_cache(maxsize=1)
def _trafilatura_options() -> Any:
    """One for all pages (it reads its settings file's values each time it is made: 5 % of a page's time)."""
    from trafilatura.settings import Extractor

    options = Extractor(output_format="python", fast=True, comments=False)
    options.min_extracted_size = RESCUED
    return options


def reduced_text(text: str | None) -> tuple[str, list[str]]:
    """Paragraphs parted by a blank line, without control characters, of at most ``MAX_TEXT`` characters: a longer text
    ends with the last whole paragraph before; and what was done to it, of ``schemas.reasons.REDUCED``.

    Of a run without white space, or without a letter or digit, only the beginning stays: it is no writing, and
    spaCy's tokenizer takes time that grows with its square (10,000 quotation marks in a row: 7 s).
    """
    given = text or ""
    safe, controls = _CONTROLS.subn("", given[:READ])
    paragraphs = [p.split() for p in safe.split("\n")]
    unbroken = [
        [word[:UNBROKEN] for word in p] if len(max(p, key=len, default="")) > UNBROKEN else p for p in paragraphs
    ]
    whole = "\n\n".join(" ".join(p) for p in unbroken if p)
    short = WORDLESS.sub(lambda run: run[1].rstrip() + ("\n\n" if "\n" in run[2] else " "), whole).strip()
    done = {
        "control_characters": controls > 0,
        "runs_cut": unbroken != paragraphs or short != whole,
        "text_cut": len(short) > MAX_TEXT or len(given) > READ,
    }
    return cut(short, MAX_TEXT), [name for name, was in done.items() if was]


def reduced_line(text: str, limit: int) -> tuple[str, list[str]]:
    """A title or name in one line of at most ``limit`` characters, without control characters; and what was done."""
    safe, controls = _CONTROLS.subn("", text[: 4 * limit])
    line = " ".join(safe.split())
    longer = len(line) > limit or len(text) > 4 * limit
    done = {"control_characters": controls > 0, "title_cut": longer}
    return (f"{line[: limit - 1].rstrip()}…" if longer else line), [name for name, was in done.items() if was]


def cut(text: str, limit: int) -> str:
    """At most ``limit`` characters, ending with a whole paragraph where there is one."""
    if len(text) <= limit:
        return text
    end = text.rfind("\n\n", 0, limit)
    return text[: end if end > 0 else limit]


def language_of(text: str, declared: str | None) -> str:
    """ISO 639-1. The text decides; a declaration breaks the tie where the text is short."""
    if len(text) < 60 and declared:
        return declared
    import py3langid

    return str(py3langid.classify(text[:200])[0])
