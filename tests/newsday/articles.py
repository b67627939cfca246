"""Reads the article files; their format is in FORMAT.md."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path

from .outlets import BY_ID

FOLDER = Path(__file__).parent / "articles"
_REQUIRED = ("title", "language", "published", "author", "feeds", "summary", "keep", "why", "idlib")
_QUOTE_KINDS = ("direct", "mixed", "indirect")
_LEVELS = ("core", "part", "passing", "none")


@dataclass(frozen=True)
class QuoteLine:
    """A quotation as the file states it: ``text`` is a verbatim part of the body."""

    kind: str
    speaker: str | None
    text: str


@dataclass(frozen=True)
class Story:
    """One article in one of its forms. ``revised`` is the form it has from phase 2 on."""

    outlet: str
    slug: str
    title: str
    language: str
    published: datetime
    updated: datetime
    author: str
    feeds: tuple[str, ...]
    summary: str
    level: str
    why: str
    idlib: bool
    people: tuple[str, ...]
    places: tuple[str, ...]
    paragraphs: tuple[str, ...]
    quotes: tuple[QuoteLine, ...]
    phase: int = 1
    revised: Story | None = None

    @property
    def id(self) -> str:
        """``outlet/slug``."""
        return f"{self.outlet}/{self.slug}"

    @property
    def text(self) -> str:
        """The body, paragraphs separated by newlines."""
        return "\n".join(self.paragraphs)


def _moment(value: str) -> datetime:
    return datetime.strptime(value, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc)


def _split_list(value: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in value.split(";") if part.strip())


def _header_and_body(block: str, where: str) -> tuple[dict[str, str], tuple[str, ...]]:
    head, _, body = block.strip().partition("\n\n")
    header: dict[str, str] = {}
    for line in head.splitlines():
        key, colon, value = line.partition(":")
        if not colon:
            raise ValueError(f"{where}: header line without a colon: {line!r}")
        header[key.strip()] = value.strip()
    paragraphs = tuple(" ".join(p.split()) for p in re.split(r"\n\s*\n", body) if p.strip())
    return header, paragraphs


def _quotes(block: str, where: str) -> tuple[QuoteLine, ...]:
    quotes = []
    for line in block.strip().splitlines():
        if not line.strip():
            continue
        parts = [part.strip() for part in line.split("|", 2)]
        if len(parts) != 3 or parts[0] not in _QUOTE_KINDS:
            raise ValueError(f"{where}: not a quote line: {line!r}")
        quotes.append(QuoteLine(parts[0], None if parts[1] == "-" else parts[1], parts[2]))
    return tuple(quotes)


def parse(source: str, outlet: str, slug: str) -> Story:
    """One article file as a :class:`Story`; ``ValueError`` names the file and what is wrong in it."""
    where = f"{outlet}/{slug}.md"
    main, *sections = re.split(r"^---", source.replace("\r\n", "\n"), flags=re.MULTILINE)
    header, paragraphs = _header_and_body(main, where)
    missing = [key for key in _REQUIRED if key not in header]
    if missing or not paragraphs:
        raise ValueError(f"{where}: lacks {', '.join(missing) or 'a body'}")
    if header["keep"] not in _LEVELS:
        raise ValueError(f"{where}: keep must be one of {_LEVELS}, not {header['keep']!r}")
    feeds = tuple(name.strip() for name in header["feeds"].split(","))
    unknown = set(feeds) - {feed.name for feed in BY_ID[outlet].feeds}
    if unknown:
        raise ValueError(f"{where}: {outlet} has no feed {sorted(unknown)}")
    quotes: tuple[QuoteLine, ...] = ()
    more_quotes: tuple[QuoteLine, ...] = ()
    revision: tuple[dict[str, str], tuple[str, ...]] | None = None
    for section in sections:
        name, _, block = section.partition("\n")
        if name.strip() == "revision":
            revision = _header_and_body(block, where)
        elif name.strip() == "quotes" and revision is None:
            quotes = _quotes(block, where)
        elif name.strip() == "quotes":
            more_quotes = _quotes(block, where)
        else:
            raise ValueError(f"{where}: unknown section {name!r}")
    published = _moment(header["published"])

    def form(title: str, updated: datetime, body: tuple[str, ...], said: tuple[QuoteLine, ...]) -> Story:
        return Story(
            outlet=outlet,
            slug=slug,
            title=title,
            language=header["language"],
            published=published,
            updated=updated,
            author=header["author"],
            feeds=feeds,
            summary=header["summary"],
            level=header["keep"],
            why=header["why"],
            idlib=header["idlib"] == "yes",
            people=_split_list(header.get("people", "")),
            places=_split_list(header.get("places", "")),
            paragraphs=body,
            quotes=said,
            phase=int(header.get("phase", "1")),
        )

    first = form(header["title"], published, paragraphs, quotes)
    if revision is None:
        return first
    extra, added = revision
    later = form(extra["title"], _moment(extra["updated"]), paragraphs + added, quotes + more_quotes)
    return Story(**{**first.__dict__, "revised": later})


def load(folder: Path = FOLDER) -> list[Story]:
    """All articles, in the order of their ids. ``ValueError`` on a file that cannot be read."""
    return [
        parse(file.read_text(encoding="utf-8"), file.parent.name, file.stem) for file in sorted(folder.glob("*/*.md"))
    ]
