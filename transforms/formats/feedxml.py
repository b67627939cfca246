"""RSS, Atom, RDF and CDF: what feedparser's readers (``transforms.formats.readers``) find, and of too many entries the
newest."""

from __future__ import annotations

import re
from typing import Any

from transforms.formats.clean import marked_text
from transforms.formats.document import Document, Item, NotAFeed, newest, too_many
from transforms.formats.hints import hints
from transforms.formats.prolog import Prolog, ends_whole
from transforms.formats.readers import MAX_TAGS, TAGS_EACH, loosely, strictly
from transforms.formats.when import misread, moment, when, written

_ENTRY = re.compile(r"<(?:[\w.-]{1,60}:)?(?:item|entry)(?=[\s>/])", re.IGNORECASE)
_LAST = re.compile(r"</(?:[\w.-]{1,60}:)?(?:item|entry)\s{0,99}>", re.IGNORECASE)
_DATED = re.compile(
    r"<(?:[\w.-]{1,60}:)?(?:pubdate|published|updated|date|issued|modified)[^<>]{0,99}>([^<]{4,60})<", re.IGNORECASE
)
_ROOTS = frozenset({"rss", "feed", "rdf", "channel"})


def read(text: str, prolog: Prolog, base: str, most: int, language: str = "") -> Document:
    """The feed in ``text``, whose relative links are of ``base``; in ``language`` where it does not say.

    Raises:
        NotAFeed: feedparser finds neither entries nor a version of a format in it.
    """
    text, found = _newest_entries(text[prolog.start :], most)
    most_tags = max(MAX_TAGS, TAGS_EACH * most)
    if not found and prolog.root not in _ROOTS:
        raise NotAFeed(f"the answer begins with <{prolog.root}>, and holds no feed")
    whole = ends_whole(text)
    reader, ended = strictly(text, prolog, base, most_tags)
    if not ended and (whole or not reader.broke_off):
        reader = loosely(text, prolog, base, most_tags)
    elif ended:
        whole = True
    if not reader.entries and not reader.version:
        raise NotAFeed(f"the answer begins with <{prolog.root}>, and holds no feed")
    spoken = _text(reader.feeddata, "language") or language
    items = [_item(entry, cuts, spoken) for entry, cuts in zip(reader.entries, reader.cuts, strict=False)]
    if not whole and reader.inentry and items and not (items[-1].title and items[-1].link):
        items.pop()  # the cut went through it
    full = reader.tags > most_tags
    told = reader.feeddata
    return Document(
        items=items[:most],
        title=marked_text(_text(told, "title")),
        language=_text(told, "language"),
        hints=hints(
            _text(told, "ttl"), _text(told, "sy_updateperiod"), _text(told, "sy_updatefrequency"),
            reader.hours, reader.days,
        ),
        cut=too_many(found, most) if found > most else f"more than {most_tags} tags" if full else None,
        broken=not whole,
    )  # fmt: skip


def _newest_entries(text: str, most: int) -> tuple[str, int]:
    """``text`` with only its newest entries, and how many it had. Where there are more than ``most``, each ends
    where the next begins; feedparser is too slow to be asked for their dates."""
    starts = [found.start() for found in _ENTRY.finditer(text)]
    if len(starts) <= most:
        return text, len(starts)
    last = _LAST.search(text, starts[-1])
    ends = [*starts[1:], last.end() if last else len(text)]
    dates = []
    for start, end in zip(starts, ends, strict=True):
        told = _DATED.search(text, start, min(end, start + 20_000))
        dates.append(when(told[1]) if told else None)
    kept = newest(dates, most)
    return "".join([text[: starts[0]], *(text[starts[n] : ends[n]] for n in kept), text[ends[-1] :]]), len(starts)


def _item(entry: Any, cuts: set[str], language: str) -> Item:
    language = _text(entry, "language") or language
    contents = entry.get("content")
    texts = [_text(c, "value") for c in contents[:20]] if isinstance(contents, list) else []
    content, summary = "\n\n".join(filter(None, texts)), _text(entry, "summary")
    if not summary and not content:  # what is said of a recording or a picture is of the entry where nothing else is
        summary = _text(entry, "itunes_summary") or _text(entry, "caption")
    return Item(
        link=_text(entry, "feedburner_origlink") or _link(entry),
        guid=_text(entry, "id"),
        permalink=bool(entry.get("permalink", True)),
        title=marked_text(_text(entry, "title")),
        summary=marked_text(summary) if summary != content else "",
        content=marked_text(content),
        author=marked_text(_author(entry)),
        language=language,
        published=_time(entry, "published", language),
        updated=_time(entry, "updated", language),
        reduced=cuts,
    )


def _link(entry: Any) -> str:
    """Of an entry's links the one to the page itself: feedparser takes the last, if it is that of a translation, too,
    and none where an empty element stands behind it."""
    link, links = _text(entry, "link"), entry.get("links")
    told = [one for one in links[:50] if _text(one, "rel") == "alternate"] if isinstance(links, list) else []
    if not link:
        return next((href for one in told if (href := _text(one, "href"))), "")
    if any(_text(one, "hreflang") and _text(one, "href") == link for one in told):
        return next((href for one in told if _is_own_page(one) and (href := _text(one, "href"))), link)
    return link


def _is_own_page(link: Any) -> bool:
    return not _text(link, "hreflang") and "html" in _text(link, "type")


def _author(entry: Any) -> str:
    authors = entry.get("authors")
    names = [_text(a, "name") or _text(a, "email") for a in authors[:20]] if isinstance(authors, list) else []
    return ", ".join(dict.fromkeys(filter(None, names))) or _text(entry, "author")


def _time(entry: Any, key: str, language: str) -> float | None:
    # Asked for by `get`, feedparser gives the day of publication for an `updated` that is not there.
    parsed, told = moment(dict.get(entry, f"{key}_parsed")), str(dict.get(entry, key) or "")
    # It takes seconds since 1970 for a year and the day in it.
    distrusted = parsed is None or told.strip().isdecimal() or misread(told)
    return written(told, language) if distrusted else parsed


def _text(told: Any, key: str) -> str:
    """A value, where it is a text: an element with attributes and an odd name may leave a dictionary."""
    value = told.get(key) if isinstance(told, dict) else None
    return value if isinstance(value, str) else ""
