"""Texts that a user hands over: a file, standard input, JSON lines, or the page at a URL.

What cannot be used is a ``UserError`` that names file and line. Beam is imported for pages only.
"""

from __future__ import annotations

import codecs
import contextlib
import json
import re
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any

from schemas.errors import UserError
from schemas.reasons import REJECTS
from schemas.records import Entry, Owed, Page
from transforms import lean
from transforms.identity import canonical_url, digest

if TYPE_CHECKING:
    from transforms.fetch import Limits

MAX_FILE = 8 << 20  # bytes: as the pages that are fetched; only the beginning of a text is read anyhow
# The tags by which browsers know HTML (mimesniff.spec.whatwg.org, 7.1), after a declaration of XML or none.
_HTML = re.compile(
    rb"\s*(<\?xml[^>]*>\s*)?(<!doctype\s+html|<(html|head|script|iframe|h1|div|font|table|a|style|title|b|body|br|p)"
    rb"(?=[\s>])|<!--)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Given:
    """A text to be annotated. ``name``: its id, or the file or URL that it came from."""

    name: str | int
    text: str
    title: str = ""
    language: str | None = None  # ISO 639-1; None: the text decides
    truncated: bool = False  # what it was taken from goes on


def is_url(name: str) -> bool:
    """Whether an argument names a page and no file."""
    return re.match(r"https?://", name, re.IGNORECASE) is not None


def language_code(tag: Any) -> str:
    """``en`` of ``en`` or ``en-GB``; ``ValueError`` for what is no language tag."""
    found = re.fullmatch(r"([a-z]{2})([-_][a-z0-9_-]+)?", tag.strip().lower()) if isinstance(tag, str) else None
    if found is None:
        raise ValueError(f"{tag!r} is no language code; write en, fr, ar, tr or another of two letters")
    return found[1]


def read_text(name: str, title: str | None, language: str | None) -> Given:
    """The text of a file or, for ``-``, of standard input: of its HTML if it is some, else as it stands (UTF-8)."""
    with _opened(name) as stream:
        data = _reading(name, stream.read, MAX_FILE + 1)
    if _HTML.match(data.removeprefix(codecs.BOM_UTF8)[:2048]):
        entry = bare_entry(name, None, language)
        page = Page(entry=entry, url="", html=data, charset=None, attempts=1, collected_at=time.time())
        return _of_page(name, page, title, language)
    try:
        decoder = codecs.getincrementaldecoder("utf-8")()
        text = decoder.decode(data.removeprefix(codecs.BOM_UTF8), final=len(data) <= MAX_FILE)
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise UserError(f"{_told(name)} line {line}: is not UTF-8 text; save it as UTF-8") from None
    return Given(name, text, title or "", language, truncated=len(data) > MAX_FILE)


def read_url(url: str, limits: Limits, delay: float, title: str | None, language: str | None) -> Given:
    """The article at ``url``, asked for as the pipeline asks for pages."""
    lean.import_beam(cloud=False)
    from transforms.fetch import Fetcher, Request, printable
    from transforms.pages import ACCEPT, after_page

    canonical, now = canonical_url(url), time.time()
    if canonical is None:
        raise UserError(f"{printable(url)}: is no URL of a page; write http:// or https:// and a host, no password")
    entry = bare_entry(url, canonical, language)
    request = Request(entry.article_id, url, {"Accept": ACCEPT}, delay)
    _, response = next(Fetcher.shared(limits).fetch([request]))
    assert response is not None  # without a budget it is waited for
    outcome = after_page(Owed(entry=entry, attempts=0, due=now, first_at=now, reason="new"), response, now)
    if outcome.page is None:
        row = outcome.reject
        raise _unusable(url, row.reason if row else "", row.error if row else None)
    if outcome.page.html is None:
        reason, _, error = (outcome.page.refused or "").partition(": ")
        raise _unusable(url, reason, error)
    return _of_page(url, outcome.page, title, language)


def _of_page(name: str, page: Page, title: str | None, language: str | None) -> Given:
    lean.import_beam(cloud=False)
    from transforms.extract import to_article

    made = to_article(page)
    if made.article is None:
        raise _unusable(name, made.reason, made.error)
    article = made.article
    return Given(name, article.text, title or article.title, language or article.language, article.truncated)


def _unusable(name: str, reason: str, error: str | None) -> UserError:
    return UserError(f"{_told(name)}: {reason}: {REJECTS.get(reason, 'no answer')}{f' ({error})' if error else ''}")


def bare_entry(name: str, url: str | None, language: str | None) -> Entry:
    """An entry that tells nothing but where its page is."""
    return Entry(
        article_id=digest("given", name), url=url, canonical_url=url, guid=None, feed_url="", outlet=None,
        outlet_country=None, dedicated=False, title="", summary="", content="", author=None, language=language,
        published=None, updated=None, fingerprint="", seen_at=0.0,
    )  # fmt: skip


def read_lines(names: Sequence[str], language: str | None) -> Iterator[Given]:
    """The texts of JSON lines ``{"id", "text", "title"?, "language"?}`` of the files; other fields are passed over,
    empty lines too."""
    for name in names:
        with _opened(name) as stream:
            number = 0
            while line := _reading(name, stream.readline, -1):
                number += 1
                if line.strip():
                    try:
                        yield _of_line(line.removeprefix(codecs.BOM_UTF8) if number == 1 else line, language)
                    except ValueError as error:
                        raise UserError(f"{_told(name)} line {number}: {error}") from None


def _of_line(line: bytes, language: str | None) -> Given:
    """A line's text; ``ValueError`` says what is wrong with it."""
    try:
        data = json.loads(line.decode())
    except UnicodeDecodeError:
        raise ValueError("is not UTF-8 text; save it as UTF-8") from None
    except json.JSONDecodeError as error:
        raise ValueError(f"is not JSON: {error.msg} (column {error.colno})") from None
    except (ValueError, RecursionError):  # a number of thousands of digits, a nest of thousands of brackets
        raise ValueError("is not JSON that can be read") from None
    if not isinstance(data, dict):
        raise ValueError('is no object; write {"id": …, "text": …}')
    for field, kinds in (("id", (str, int)), ("text", (str,))):
        if data.get(field) is None:
            raise ValueError(f'has no "{field}"; add it')
        if not isinstance(data[field], kinds) or isinstance(data[field], bool):
            raise ValueError(f'"{field}" is no text{" or whole number" if int in kinds else ""}')
    title = data.get("title")
    if not isinstance(title, str | None):
        raise ValueError('"title" is no text')
    try:
        own = language_code(data["language"]) if data.get("language") is not None else language
    except ValueError as error:
        raise ValueError(f'"language": {error}') from None
    return Given(data["id"], data["text"], title or "", own)


def in_batches(given: Iterable[Given], size: int) -> Iterator[list[Given]]:
    """``size`` at a time. What was read before a mistake comes out before it is told."""
    batch: list[Given] = []
    try:
        for one in given:
            batch.append(one)
            if len(batch) == size:
                yield batch
                batch = []
    except UserError:
        if batch:
            yield batch
        raise
    if batch:
        yield batch


@contextlib.contextmanager
def _opened(name: str) -> Iterator[IO[bytes]]:
    if name == "-":
        yield sys.stdin.buffer
        return
    try:
        stream = open(name, "rb")  # noqa: SIM115  (closed below: the error is of opening alone)
    except (OSError, ValueError) as error:
        said = getattr(error, "strerror", None) or "not a usable path"
        raise UserError(f"{name}: {said}; name a file of text, - for standard input, or an http(s) URL") from None
    with stream:
        yield stream


def _reading(name: str, read: Any, size: int) -> bytes:
    try:
        data: bytes = read(size)
    except OSError as error:
        raise UserError(f"{_told(name)}: cannot be read: {error.strerror}") from None
    return data


def _told(name: str) -> str:
    return "standard input" if name == "-" else name
