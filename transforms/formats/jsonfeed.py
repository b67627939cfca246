"""JSON Feed 1.0 and 1.1 (jsonfeed.org), by its own rules: an id may be a number, a text may be plain."""

from __future__ import annotations

import json
import math
from typing import Any

from transforms.formats.clean import fold, mark, marked_text
from transforms.formats.document import Document, Item, NotAFeed, newest, too_many
from transforms.formats.when import when, written

MAX_VALUES = 400_000  # objects and lists in a document; 100,000 entries with two of them each fit


def read(text: str, most: int, language: str = "") -> Document:
    """The feed in ``text``, in ``language`` where it does not say.

    Raises:
        NotAFeed: it is no JSON, or no JSON Feed.
    """
    if text.count("{") + text.count("[") > MAX_VALUES:
        raise NotAFeed(f"JSON of more than {MAX_VALUES} values")
    try:  # an integer of millions of digits is not worth its time: a float of it is infinite at once
        found = json.loads(text, parse_int=lambda digits: int(digits) if len(digits) < 20 else float(digits))
    except RecursionError:
        raise NotAFeed("JSON that is nested too deep") from None
    except ValueError as error:
        raise NotAFeed(f"no valid JSON: {error}") from None
    items = found.get("items") if isinstance(found, dict) else None
    if not isinstance(items, list):
        if not (isinstance(found, dict) and "jsonfeed.org" in _text(found.get("version"))):
            raise NotAFeed("JSON, but no JSON Feed")
        items = []
    objects = [item for item in items if isinstance(item, dict)]
    kept = objects
    if len(objects) > most:
        dates = [when(_text(o.get("date_published") or o.get("date_modified"))) for o in objects]
        kept = [objects[n] for n in newest(dates, most)]
    spoken = _text(found.get("language")) or language
    return Document(
        items=[_item(told, spoken) for told in kept],
        title=_words(found.get("title")),
        language=_text(found.get("language")),
        cut=too_many(len(objects), most) if len(objects) > most else None,
    )


def _item(told: dict[str, Any], language: str) -> Item:
    language = _text(told.get("language")) or language
    html = _text(told.get("content_html"))
    return Item(
        link=_text(told.get("url")) or _text(told.get("external_url")),
        guid=_text(told.get("id")),
        title=_words(told.get("title")),
        summary=_words(told.get("summary")),
        content=marked_text(mark(html)) if html else _words(told.get("content_text")),
        author=_words(", ".join(filter(None, map(_name, _authors(told))))),
        language=language,
        published=written(_text(told.get("date_published")), language),
        updated=written(_text(told.get("date_modified")), language),
    )


def _authors(told: dict[str, Any]) -> list[Any]:
    """Of version 1.1, else of 1.0."""
    many = told.get("authors")
    return many[:20] if isinstance(many, list) else [told.get("author")]


def _name(author: Any) -> str:
    return _text(author.get("name")) if isinstance(author, dict) else _text(author)


def _words(value: Any) -> str:
    return fold(mark(_text(value)))


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    number = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    return str(value) if number else ""
