"""Files that people annotated, and files of what a system found: JSON lines.

Quotations: ``{"id", "text", "title"?, "language"?, "quotes": [{"start", "end", "kind", "speech"?, "cue"?, "speaker_start"?,
"speaker_end"?, "reference"?}]}``; ``kind`` is direct, mixed or indirect, ``speech`` false for thoughts, ``reference`` the
speaker's name. Relevance: ``{"id", "text", "title"?, "language"?, "label", "idlib"?}``; ``label`` is core, part, passing or
none. Other fields are passed over. What a system found: ``{"id", "quotes": [{"start", "end", "speaker_start"?,
"speaker_end"?, "speaker"?, "cue"?, "confidence"?}]}``.

All offsets count characters of ``text``, ends exclusive. What cannot be used is a ``UserError`` that names file and line.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.scoring import Attribution, Span
from schemas.errors import UserError
from transforms.given import Given, read_lines

KINDS = ("direct", "mixed", "indirect")
LABELS = ("core", "part", "passing", "none")
KEPT = ("core", "part")


@dataclass(frozen=True)
class Quoted:
    """A text with the quotations that people marked in it."""

    given: Given
    quotes: list[Attribution]


@dataclass(frozen=True)
class Labelled:
    """A text with the verdict of a person."""

    given: Given
    label: str
    focus: bool | None  # whether a place of the focus region is named


@dataclass(frozen=True)
class AnnotatedFile:
    """One file; all its lines are of one sort."""

    path: Path
    quoted: list[Quoted]
    labelled: list[Labelled]

    @property
    def name(self) -> str:
        return self.path.stem


def read_annotated(name: str) -> AnnotatedFile:
    """Read one file; the fields of its first line say which sort it is."""
    quoted: list[Quoted] = []
    labelled: list[Labelled] = []
    seen: dict[str | int, int] = {}
    # The texts come as `idlib-watch annotate --jsonl` reads them, and so do their mistakes.
    for given, (number, line) in zip(read_lines([name], None), _objects(name), strict=True):
        try:
            if given.name in seen:
                raise ValueError(f"the id {given.name!r} stands in line {seen[given.name]} too")
            seen[given.name] = number
            if "quotes" not in line and "label" not in line:
                raise ValueError('has neither "quotes" nor "label"; one of them says what people found')
            if quoted or (not labelled and "quotes" in line):
                quoted.append(Quoted(given, _quotes(line, given.text, marked=True)))
            else:
                labelled.append(_labelled(given, line))
        except ValueError as error:
            raise UserError(f"{name} line {number}: {error}") from None
    if not seen:
        raise UserError(f"{name}: is empty; give JSON lines with id, text, and quotes or label")
    return AnnotatedFile(Path(name), quoted, labelled)


def read_found(name: str, texts: Mapping[str | int, str]) -> dict[str | int, list[Attribution]]:
    """What a system found in ``texts``, by id; lines of other texts are passed over."""
    found: dict[str | int, list[Attribution]] = {}
    seen: dict[str | int, int] = {}
    for number, line in _objects(name):
        try:
            key = line.get("id")
            if not isinstance(key, str | int):
                raise ValueError('has no "id"; add that of the annotated text')
            if key in seen:
                raise ValueError(f"the id {key!r} stands in line {seen[key]} too")
            seen[key] = number
            if key in texts:
                found[key] = _quotes(line, texts[key], marked=False)
        except ValueError as error:
            raise UserError(f"{name} line {number}: {error}") from None
    return found


def as_found(quotes: Sequence[Mapping[str, Any]], text: str) -> list[Attribution]:
    """Quotations in the shape of ``idlib-watch annotate --jsonl``."""
    return _quotes({"quotes": quotes}, text, marked=False)


def _objects(name: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """(line number, object) of each line that is not empty."""
    try:
        stream = open(name, "rb")  # noqa: SIM115  (closed below: the error is of opening alone)
    except (OSError, ValueError) as error:
        said = getattr(error, "strerror", None) or "not a usable path"
        raise UserError(f"{name}: {said}; name a file of JSON lines") from None
    with stream:
        for number, line in enumerate(stream, 1):
            if not line.strip():
                continue
            try:
                made = json.loads(line.decode("utf-8-sig"))
            except (ValueError, RecursionError) as error:
                raise UserError(f"{name} line {number}: is not JSON: {error}") from None
            if not isinstance(made, dict):
                raise UserError(f"{name} line {number}: is no object; write {{…}}")
            yield number, made


def _quotes(line: Mapping[str, Any], text: str, *, marked: bool) -> list[Attribution]:
    quotes = line.get("quotes")
    if not isinstance(quotes, list):
        raise ValueError('"quotes" is missing or no list')
    return [_attribution(quote, n, text, marked) for n, quote in enumerate(quotes, 1)]


def _attribution(quote: Any, n: int, text: str, marked: bool) -> Attribution:
    if not isinstance(quote, dict):
        raise ValueError(f"quote {n}: is no object")
    try:
        span = _span(quote, "start", "end", text)
        if span is None:
            raise ValueError('has no "start"')
        kind, confidence = quote.get("kind"), quote.get("confidence")
        if marked and kind not in KINDS:
            raise ValueError(f'"kind" is {kind!r}, none of {", ".join(KINDS)}')
        return Attribution(
            span,
            kind if isinstance(kind, str) else "",
            quote.get("speech") is not False,
            _span(quote, "speaker_start", "speaker_end", text),
            _word(quote, "reference" if marked else "speaker"),
            _word(quote, "cue"),
            float(confidence) if isinstance(confidence, int | float) else None,
        )
    except ValueError as error:
        raise ValueError(f"quote {n}: {error}") from None


def _span(quote: Mapping[str, Any], first: str, last: str, text: str) -> Span | None:
    start, end = quote.get(first), quote.get(last)
    if start is None and end is None:
        return None
    if not isinstance(start, int) or not isinstance(end, int):
        raise ValueError(f'"{first}" and "{last}" are not two whole numbers')
    if not 0 <= start <= end <= len(text):
        raise ValueError(f'"{first}" {start} and "{last}" {end} are no part of a text of {len(text)} characters')
    return start, end


def _word(quote: Mapping[str, Any], field: str) -> str | None:
    value = quote.get(field)
    if not isinstance(value, str | None):
        raise ValueError(f'"{field}" is no text')
    return value or None


def _labelled(given: Given, line: Mapping[str, Any]) -> Labelled:
    label, focus = line.get("label"), line.get("idlib")
    if label not in LABELS:
        raise ValueError(f'"label" is {label!r}, none of {", ".join(LABELS)}')
    if not isinstance(focus, bool | None):
        raise ValueError('"idlib" is neither true nor false')
    return Labelled(given, label, focus)
