"""Spans that claim words of a text for an entity, and which of them wins; what finds places and known names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol


class PlaceLike(Protocol):
    """One place found in a text (``transforms.gazetteer.PlaceMatch``)."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def name(self) -> str: ...
    @property
    def geonames_id(self) -> int | None: ...
    @property
    def latitude(self) -> float | None: ...
    @property
    def longitude(self) -> float | None: ...
    @property
    def admin1(self) -> str | None: ...
    @property
    def country(self) -> str | None: ...


class Places(Protocol):
    """What finds places in a text: ``transforms.gazetteer.Gazetteer``, or a stand-in."""

    def find(self, text: str, language: str) -> Sequence[PlaceLike]: ...


class KnownLike(Protocol):
    """A person or group of the topic at ``[start, end)`` (``transforms.topic.KnownSpan``)."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def name(self) -> str: ...
    @property
    def kind(self) -> str: ...  # one of LABELS
    @property
    def wikidata(self) -> str | None: ...
    @property
    def bare(self) -> bool: ...  # a person's last name alone
    @property
    def everywhere(self) -> bool: ...  # known, but of no weight: a longer name may hold it


class Known(Protocol):
    """What finds the topic's people and groups in a text: ``transforms.topic.Topic``, or a stand-in."""

    def find_known(self, text: str, language: str) -> Sequence[KnownLike]: ...


MAX_NAME = 300  # characters


@dataclass
class Span:
    """``[start, end)`` in characters, claimed for an entity called ``name``."""

    start: int
    end: int
    label: str
    name: str
    rank: int  # lower wins where two claim the same words
    entity_id: str | None = None
    place: PlaceLike | None = None
    wikidata: str | None = None
    bare: bool = False  # of the topic: a person's last name alone


def disjoint(spans: list[Span]) -> list[Span]:
    """Keep the best of overlapping spans: by rank, then length, then position. What is too long is no name."""
    spans.sort(key=lambda s: (s.rank, s.start - s.end, s.start))
    taken: set[int] = set()
    kept = []
    for span in spans:
        if span.end - span.start > MAX_NAME:
            continue
        # Spans of equal or smaller length come later within a rank; a longer one of a lower rank may still
        # enclose a taken one, so every position is looked at (names are short: linear in the text).
        reach = range(span.start, span.end)
        if any(at in taken for at in reach):
            continue
        taken.update(reach)
        kept.append(span)
    kept.sort(key=lambda s: s.start)
    return kept


_COMMA = re.compile(r"\s*,\s*(?:(?:and|et|the|les?|la)\s+)*", re.IGNORECASE)
_COMMA_OR_AND = re.compile(rf"{_COMMA.pattern}|\s+(?:and|et)\s+(?:(?:the|les?|la)\s+)?", re.IGNORECASE)


def cut_at_commas(text: str, spans: list[Span], places: Sequence[PlaceLike]) -> list[Span]:
    """``spans`` with those cut that run over a comma and hold a known place beside it: "Atmeh, Qah" is no body,
    "Ministry of Health, Damascus" two names. The place itself is left to the map."""
    known = {(place.start, place.end) for place in places}
    kept = []
    for span in spans:
        pieces: list[tuple[int, int]] = []
        if span.end - span.start <= MAX_NAME and "," in text[span.start : span.end]:
            pieces = _pieces(_COMMA, text, span.start, span.end)
        if known.isdisjoint(pieces):
            kept.append(span)
        else:
            rest = [piece for piece in _pieces(_COMMA_OR_AND, text, span.start, span.end) if piece not in known]
            kept += [replace(span, start=start, end=end, name=text[start:end]) for start, end in rest]
    return kept


def _pieces(separator: re.Pattern[str], text: str, start: int, end: int) -> list[tuple[int, int]]:
    """What stands between the separators in ``text[start:end]``, if anything does."""
    pieces = []
    for found in separator.finditer(text, start, end):
        pieces.append((start, found.start()))
        start = found.end()
    return [(a, b) for a, b in [*pieces, (start, end)] if a < b]
