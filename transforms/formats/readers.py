"""feedparser's two readers, the one for XML and the forgiving one, bounded.

feedparser reads any feed there is, and trusts it. So its readers are given clean text and no more than so many tags,
and characters of an element; what it does with elements that we have no use for, and what took it quadratic time
(10,000 attributes or categories, an author of a million letters), is left out.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import Any
from xml.parsers import expat

from feedparser.api import LooseFeedParser
from feedparser.mixin import _FeedParserMixin

from transforms.formats.clean import CONTROL, named_character
from transforms.formats.prolog import Prolog

MAX_TAGS = 60_000  # that feedparser is given: some 30 µs each
TAGS_EACH = 30  # of an entry, where more entries are asked for than have room in those
MAX_DEPTH = 200  # tags nested deeper are passed over, their text is not
MAX_ATTRIBUTES = 40
MAX_VALUE = 8_000  # characters of an attribute, and of an element that is not named here
_ROOM = {"content": 1_000_000, "description": 1_000_000, "summary": 1_000_000, "title": 20_000,
         "caption": 1_000_000, "itunes_summary": 1_000_000,
         "author": 2_000, "name": 2_000, "email": 200}  # fmt: skip
_CUT = {"content": "content_cut", "description": "summary_cut", "summary": "summary_cut", "title": "title_cut",
        "caption": "summary_cut", "itunes_summary": "summary_cut",
        "author": "author_cut", "name": "author_cut"}  # fmt: skip

_NAMED = re.compile(r"&([A-Za-z][A-Za-z0-9.]{1,31});")
_BARE = re.compile(r"&(?=[A-Za-z])(?![A-Za-z][\w.-]{0,60};)")
# Nothing in these is used, and some of it is costly. Image and textinput have titles and links of their own.
_UNUSED = frozenset(
    "category keywords enclosure image textinput cloud generator comments docs rating tags dc:subject"
    " media:content media:thumbnail media:category media:keywords media:credit media:community media:rating"
    " media:title media:text"
    " itunes:keywords itunes:category itunes:image itunes:owner".split()
)
_UNUSED_PREFIXES = frozenset(
    "georss gml geo icbm slash thr wfw creativecommons cc psc admin trackback pingback ev xi".split()
)


class _Enough(Exception):
    """More tags than we read."""


class Reader(_FeedParserMixin):  # type: ignore[misc]
    """What both readers are, and what they leave out."""

    # An id is not made absolute: it is the same wherever the feed has moved to.
    can_be_relative_uri = _FeedParserMixin.can_be_relative_uri - {"id"}
    resolve_relative_uris = False
    sanitize_html = False  # text is taken out; sanitising costs a third of the time

    def __init__(self, most_tags: int, *given: Any) -> None:
        self.tags, self.most_tags = 0, most_tags
        self.cuts: list[set[str]] = []  # of each entry
        self.hours: list[str] = []
        self.days: list[str] = []
        self.broke_off = False
        self._room = 0
        super().__init__(*given)

    def counted(self) -> None:
        self.tags += 1
        if self.tags > self.most_tags:
            raise _Enough

    def push(self, element: str, expecting_text: int) -> None:
        self._room = _ROOM.get(element, MAX_VALUE)
        super().push(element, expecting_text)

    def handle_data(self, text: str, escape: int = 1) -> None:
        if self._room <= 0 or not self.elementstack:
            if self._room == 0 and text.strip():
                self._note_cut()
            return
        if len(text) > self._room:
            text, rest = text[: self._room], -1
            self._note_cut()
        else:
            rest = self._room - len(text)
        self._room = rest
        super().handle_data(text, escape)

    def _note_cut(self) -> None:
        self._room = -1
        if self.inentry and self.elementstack and (cut := _CUT.get(self.elementstack[-1][0])):
            self.cuts[-1].add(cut)

    def _start_item(self, attrs: dict[str, str]) -> None:
        self.cuts.append(set())
        super()._start_item(attrs)

    _start_entry = _start_item

    def _end_guid(self) -> None:
        """A GUID is told from a link by who makes the entry."""
        self.pop("id")
        if self.inentry:
            self.entries[-1]["permalink"] = bool(self.guidislink)

    _end_id = _end_guid

    # feedparser takes these for a further summary, and of two summaries one for the content.

    def _start_media_description(self, attrs: dict[str, str]) -> None:
        self.push_content("caption", attrs, "text/html", 1)

    def _end_media_description(self) -> None:
        self.pop_content("caption")

    def _start_itunes_summary(self, attrs: dict[str, str]) -> None:
        self.push_content("itunes_summary", attrs, "text/html", 1)

    def _end_itunes_summary(self) -> None:
        self.pop_content("itunes_summary")

    def _start_skipped(self, _: dict[str, str]) -> None:
        self.push("skipped", 0)

    def _start_hour(self, _: dict[str, str]) -> None:
        self.push("hour", 0)

    def _end_hour(self) -> None:
        self._collect("hour", self.hours)

    def _start_day(self, _: dict[str, str]) -> None:
        self.push("day", 0)

    def _end_day(self) -> None:
        self._collect("day", self.days)

    def _collect(self, name: str, into: list[str]) -> None:
        value = self.pop(name)
        if value and not self.inentry and len(into) < 50:
            into.append(value)

    def _sync_author_detail(self, key: str = "author") -> None:
        """Names and addresses are not told apart: the pattern for it is quadratic."""

    def _add_tag(self, *_: object) -> None:
        """Categories are not used, and looked for one in all others."""


class _Strict(Reader):
    """feedparser's reader of XML, on expat without the layer between that takes a second per 5,000 attributes."""

    def __init__(self, most_tags: int, base: str) -> None:
        self.baseuri, self.lang, self.encoding = base, None, "utf-8"
        super().__init__(most_tags)
        self._depth = 0
        self._skipped = 0  # the depth of the element that is left out, 0: none
        self._content = 0  # the depth of the element whose markup is text, 0: none
        self.closed = False  # the root has ended

    @staticmethod
    def _normalize_attributes(pair: tuple[str, str]) -> tuple[str, str]:
        name, value = pair
        return name, value.lower() if name in ("rel", "type") else value

    def parse(self, text: str) -> bool:
        """Read ``text``; whether it is well-formed up to the end of its root."""
        parser = expat.ParserCreate("utf-8", " ")
        parser.namespace_prefixes = True
        parser.buffer_text, parser.buffer_size = True, 65_536
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.CharacterDataHandler = self.handle_data
        parser.StartNamespaceDeclHandler = self._namespace
        try:
            parser.Parse(text.encode("utf-8", "replace"), True)
        except expat.ExpatError as error:
            # At the very end: 3 no element, 5 unclosed token, 6 partial character, 20 unclosed CDATA.
            self.broke_off = error.code in (3, 5, 6, 20) and len(text) - parser.ErrorByteIndex < 1_000_000
            return self.closed
        return True

    def _namespace(self, prefix: str | None, uri: str | None) -> None:
        if uri and len(self.namespaces_in_use) < 100:
            self.track_namespace(prefix, uri[:200])

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._skipped or self._depth > MAX_DEPTH:
            return
        tag = self._known_name(name)
        if self._content:  # what is left of markup is its text
            if self._room <= 0:
                return
            if self.contentparams.get("type") != "application/xhtml+xml" and tag not in ("div", "xhtml:div"):
                self.contentparams["type"] = "application/xhtml+xml"
            self.handle_data(f"<{tag.rpartition(':')[2]}>", escape=0)
            return
        if tag in _UNUSED or tag.partition(":")[0] in _UNUSED_PREFIXES:
            self._skipped = self._depth
            return
        self.counted()
        pairs = [(self._known_name(n), v[:MAX_VALUE]) for n, v in islice(attributes.items(), MAX_ATTRIBUTES)]
        _quietly(self.unknown_starttag, tag, pairs)
        if self.incontent:
            self._content = self._depth

    def _end(self, name: str) -> None:
        depth, self._depth = self._depth, self._depth - 1
        self.closed = self._depth == 0
        if self._skipped or depth > MAX_DEPTH:
            if depth == self._skipped:
                self._skipped = 0
            return
        tag = self._known_name(name)
        if self._content and depth > self._content:
            self.handle_data(f"</{tag.rpartition(':')[2]}>", escape=0)
            return
        _quietly(self.unknown_endtag, tag)
        if not self.incontent or depth <= self._content:
            self._content = 0

    def handle_data(self, text: str, escape: int = 1) -> None:
        if not self._skipped:
            super().handle_data(text, escape)

    def _known_name(self, name: str) -> str:
        """feedparser's name of what expat calls "namespace name prefix"."""
        uri, _, rest = name.partition(" ")
        if not rest:
            return name.lower()
        local, _, given = rest.partition(" ")
        if "backend.userland.com/rss" in uri.lower():
            return local.lower()
        prefix = self._matchnamespaces.get(uri.lower(), given)
        return f"{prefix}:{local}".lower() if prefix else local.lower()


class _Loose(Reader, LooseFeedParser):  # type: ignore[misc]
    """feedparser's forgiving reader."""

    def unknown_starttag(self, tag: str, attrs: list[tuple[str, str]]) -> None:
        self.counted()
        super_start = super().unknown_starttag
        pairs = [(n, v[:MAX_VALUE]) for n, v in attrs[:MAX_ATTRIBUTES]]
        _quietly(super_start, "skipped" if not self.incontent and tag in _UNUSED else tag, pairs)

    def unknown_endtag(self, tag: str) -> None:
        _quietly(super().unknown_endtag, "skipped" if not self.incontent and tag in _UNUSED else tag)

    def _end_guid(self) -> None:
        """feedparser's strict reader tells references in a GUID as characters; here only those in links."""
        super()._end_guid()
        told = dict.get(self.entries[-1], "id") if self.inentry else None
        if isinstance(told, str) and "&amp;" in told:
            self.entries[-1]["id"] = told.replace("&amp;", "&")

    _end_id = _end_guid

    def handle_charref(self, ref: str) -> None:
        digits, base = (ref[1:], 16) if ref[:1] in "xX" else (ref, 10)
        number = int(digits, base) if len(digits) < 12 else 0
        if number in (34, 38, 39, 60, 62):
            self.handle_data(f"&#{number};", escape=0)
        elif number in (9, 10, 13) or 32 <= number < 0xD800 or 0xE000 <= number <= 0x10FFFF:
            self.handle_data(chr(number), escape=0)
        else:
            self.handle_data(CONTROL, escape=0)

    def handle_entityref(self, ref: str) -> None:
        basic = ref in ("lt", "gt", "quot", "amp", "apos")
        known = None if basic else self.entities.get(ref) or named_character(ref)
        self.handle_data(known or f"&{ref};", escape=0)


def _quietly(call: Any, *given: Any) -> None:
    """A tag that feedparser stumbles over is lost, the feed is not."""
    try:
        call(*given)
    except _Enough:
        raise
    except Exception:
        return


def strictly(text: str, prolog: Prolog, base: str, most_tags: int) -> tuple[_Strict, bool]:
    reader = _Strict(most_tags, base)
    named = {n: prolog.entities.get(n) or named_character(n) for n in set(_NAMED.findall(text))} if "&" in text else {}
    declared = "".join(
        f'<!ENTITY {name} "&#{ord(value)};">' if len(value) == 1 else f'<!ENTITY {name} "{_escaped(value)}">'
        for name, value in named.items()
        if value and name not in ("lt", "gt", "amp", "quot", "apos")
    )
    try:
        return reader, reader.parse(f"<!DOCTYPE x [{declared}]>{text}" if declared else text)
    except _Enough:
        return reader, True


def _escaped(value: str) -> str:
    return "".join(f"&#{ord(c)};" if c in "\"&<>%'" else c for c in value)


def loosely(text: str, prolog: Prolog, base: str, most_tags: int) -> _Loose:
    # Some tags are seen twice by its patterns, and what is in a tag is matched letter by letter.
    last = next(islice(re.finditer("[<&]", text), most_tags * 4, None), None)
    text = _written_out(_LONG_TAG.sub("<", text[: last.start()] if last else text))
    reader = _Loose(most_tags, base, None, "utf-8", prolog.entities)
    try:
        reader.feed(text)
    except _Enough:
        pass
    except Exception:  # SGMLParseError, and what a hostile text leads to
        reader.broke_off = True
    if last:
        reader.tags = most_tags + 1
    return reader


def _written_out(text: str) -> str:
    """``text`` with the ampersands that begin no reference, but a parameter of an address, written as XML wants them:
    ``&copy=1`` has no semicolon. In a CDATA section they are in order."""
    done, at = list[str](), 0
    while (start := text.find("<![CDATA[", at)) >= 0 and (end := text.find("]]>", start)) >= 0:
        done += (_BARE.sub("&amp;", text[at:start]), text[start:end])
        at = end
    return "".join((*done, _BARE.sub("&amp;", text[at:])))


_LONG_TAG = re.compile(r"<(?=[A-Za-z/])[^<>]{40000,}")
