"""Twenty invented agency stories with their quotations; the format of the files is in FORMAT.md."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path

FOLDER = Path(__file__).parent
_HEADER = ("title", "published", "people", "groups", "places")
_SECTIONS = ("quotes", "terms")
_KINDS = ("direct", "mixed", "indirect")

_Line = tuple[int, str]  # number in the file from 1, text


@dataclass(frozen=True)
class QuoteLine:
    """A quotation as the file states it: ``text`` is a verbatim part of one paragraph of the body.

    ``speaker`` is None where the story does not say. Two who speak together are in it as ``"A; B"``.
    """

    kind: str
    speaker: str | None
    text: str

    @property
    def speakers(self) -> tuple[str, ...]:
        """Each speaker by itself: none, one, or those who say it together."""
        return _split_list(self.speaker or "")


@dataclass(frozen=True)
class Story:
    """One story. ``terms`` are the words in marks that nobody says."""

    slug: str
    title: str
    published: datetime
    people: tuple[str, ...]
    groups: tuple[str, ...]
    places: tuple[str, ...]
    paragraphs: tuple[str, ...]
    quotes: tuple[QuoteLine, ...]
    terms: tuple[str, ...]

    @property
    def text(self) -> str:
        """The body, paragraphs separated by an empty line."""
        return "\n\n".join(self.paragraphs)


def _split_list(value: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in value.split(";") if part.strip())


def _header(lines: Iterator[_Line], slug: str) -> dict[str, str]:
    header: dict[str, str] = {}
    number = 0
    for number, line in lines:
        if not line:
            break
        key, colon, value = line.partition(":")
        if not colon or key not in _HEADER or key in header or not value.strip():
            raise ValueError(f"{slug}.md:{number}: not a header line: {line!r}")
        if key == "published":
            _moment(value.strip(), f"{slug}.md:{number}")
        header[key] = value.strip()
    if missing := [key for key in _HEADER if key not in header]:
        raise ValueError(f"{slug}.md:{number}: the header lacks {', '.join(missing)}")
    return header


def _moment(value: str, where: str) -> datetime:
    try:
        return datetime.strptime(value, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc)
    except ValueError:
        raise ValueError(f"{where}: not a time in UTC: {value!r}") from None


def _paragraphs(lines: Iterable[_Line]) -> tuple[str, ...]:
    paragraphs: list[list[str]] = [[]]
    for _, line in lines:
        if line:
            paragraphs[-1].append(line)
        else:
            paragraphs.append([])
    return tuple(" ".join(" ".join(words).split()) for words in paragraphs if words)


def _quote(line: _Line, slug: str) -> QuoteLine:
    parts = [part.strip() for part in line[1].split("|", 2)]
    if len(parts) != 3 or parts[0] not in _KINDS or not all(parts):
        raise ValueError(f"{slug}.md:{line[0]}: not a quote line: {line[1]!r}")
    return QuoteLine(parts[0], None if parts[1] == "-" else parts[1], parts[2])


def parse(source: str, slug: str) -> Story:
    """One file as a :class:`Story`; ``ValueError`` names the file, the line and what is wrong in it."""
    lines = [(number, line.strip()) for number, line in enumerate(source.splitlines(), 1)]
    left = iter(lines)
    header = _header(left, slug)
    parts: dict[str, list[_Line]] = {"body": []}
    part = "body"
    for number, line in left:
        if line.startswith("---"):
            part = line.removeprefix("---")
            if part not in _SECTIONS or part in parts:
                raise ValueError(f"{slug}.md:{number}: unknown or second section {line!r}")
            parts[part] = []
        else:
            parts[part].append((number, line))
    paragraphs = _paragraphs(parts["body"])
    if not paragraphs or not all(section in parts for section in _SECTIONS):
        raise ValueError(f"{slug}.md:{len(lines)}: lacks a body, ---quotes or ---terms")
    return Story(
        slug=slug,
        title=header["title"],
        published=_moment(header["published"], slug),
        people=_split_list(header["people"]),
        groups=_split_list(header["groups"]),
        places=_split_list(header["places"]),
        paragraphs=paragraphs,
        quotes=tuple(_quote(line, slug) for line in parts["quotes"] if line[1]),
        terms=tuple(line for _, line in parts["terms"] if line),
    )


def load(folder: Path = FOLDER) -> list[Story]:
    """All stories, by slug. ``ValueError`` on a file that cannot be read."""
    files = (file for file in sorted(folder.glob("*.md")) if file.name != "FORMAT.md")
    return [parse(file.read_text(encoding="utf-8"), file.stem) for file in files]
