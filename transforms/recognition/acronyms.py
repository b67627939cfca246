"""Short names of bodies that an article names in full: "the Relief Committee (RC)", "RC", "the Committee"."""

from __future__ import annotations

import re
from dataclasses import replace

from transforms.recognition.naming import BODIES, normal_name
from transforms.recognition.spans import Span

_BODIES = BODIES | {"OTHER"}
_IN_BRACKETS = re.compile(r"\((?:the |known as |or )?[“\"'‘]?([A-Z][A-Za-z0-9&.-]{1,9})[”\"'’]?(?:[,;][^()]{0,40})?\)")
_SMALL = frozenset("of for the and in on to de la des du et et al".split())
_WORD = re.compile(r"[^\W\d_][\w'’]*")
_HEADS = frozenset(
    "Observatory Coalition Committee Commission Council Network Organization Organisation Movement Front Federation "
    "Legion Division Foundation Society Association League Ministry Agency".split()
)
_SHORT_FORM = re.compile(rf"\b[Tt]he ({'|'.join(sorted(_HEADS))})\b(?! (?:of|for|[A-Z]))")


def with_short_forms(text: str, spans: list[Span]) -> list[Span]:
    """``spans``, disjoint and in order, with acronyms and heads of long names put to whom they stand for."""
    if "(" in text:
        spans = _with_acronyms(text, spans)
    return _with_heads(text, spans)


def _with_acronyms(text: str, spans: list[Span]) -> list[Span]:
    meant: dict[str, Span] = {}
    by_start, by_end = {span.start: span for span in spans}, {span.end: span for span in spans}
    for match in _IN_BRACKETS.finditer(text):
        acronym = match[1].strip(".-")
        if sum(char.isupper() for char in acronym) < 2 or acronym in meant:
            continue
        end = match.start() - (text[match.start() - 1 : match.start()] == " ")
        long = by_end.get(end)
        fits = long is not None and _initials(long.name if long.entity_id is None else text[long.start : end], acronym)
        if long is None or (long.label not in _BODIES and not fits):
            start = _long_form(text, end, acronym)
            if start is None:
                continue
            spans = [span for span in spans if span.end <= start or span.start >= end]
            long, fits = Span(start, end, "BODY", text[start:end], 1), True
            spans.append(long)
        short = by_start.get(match.start(1))
        known = short is not None and short.entity_id is not None
        if long.label not in _BODIES:
            long.label = "BODY"
        if known and short is not None and long.entity_id is None and not fits:
            # An acronym in another language than the name: what the topic knows it by.
            long.name, long.label, long.entity_id, long.wikidata = (
                short.name, short.label, short.entity_id, short.wikidata
            )  # fmt: skip
        elif not (fits or long.entity_id is not None or len(acronym) > 2):
            continue
        meant[acronym] = long
    if not meant:
        return spans
    taken = {at for span in spans for at in range(span.start, min(span.end, span.start + 300))}
    found = re.finditer(rf"(?<![\w.])(?:{'|'.join(map(re.escape, sorted(meant, key=len, reverse=True)))})(?!\w)", text)
    for match in found:
        if match.start() not in taken and match.end() - 1 not in taken:
            spans.append(replace(meant[match[0]], start=match.start(), end=match.end(), bare=False))
    for span in spans:
        long = meant.get(text[span.start : span.end])
        if long is not None and span is not long and span.label != "PLACE":
            span.name, span.label, span.entity_id, span.wikidata, span.bare = (
                long.name, long.label, long.entity_id, long.wikidata, False
            )  # fmt: skip
    return sorted(spans, key=lambda span: span.start)


def _initials(name: str, acronym: str) -> bool:
    """Whether ``acronym`` is made of the first letters of the words of ``name``, small words left out or not."""
    letters = [char.lower() for char in acronym if char.isalpha()]
    words = [word.lower() for word in _WORD.findall(name)]
    for chosen in (words, [word for word in words if word not in _SMALL]):
        if [word[0] for word in chosen] == letters:
            return True
    return False


def _long_form(text: str, end: int, acronym: str) -> int | None:
    """Where the words before ``end`` begin whose first letters are ``acronym``, the first with a capital."""
    window = max(0, end - 25 * len(acronym))
    words = list(_WORD.finditer(text, window, end))
    for match in reversed(words[-2 * len(acronym) :]):
        form = text[match.start() : end]
        if form[0].isupper() and "\n" not in form and len(acronym) > 2 and _initials(form, acronym):
            return match.start()
    return None


def _with_heads(text: str, spans: list[Span]) -> list[Span]:
    """ "the Observatory", where one body only is called so and was named before."""
    named: dict[str, dict[str, Span]] = {}
    for span in spans:
        if span.label in _BODIES:
            words = text[span.start : span.end].split()
            for word in {*words} & _HEADS if len(words) > 1 else ():
                named.setdefault(word, {}).setdefault(span.entity_id or normal_name(span.name), span)
    if not named:
        return spans
    at_start = {span.start: span for span in spans}
    taken = {at for span in spans for at in range(span.start, min(span.end, span.start + 300))}
    for match in _SHORT_FORM.finditer(text):
        bodies = named.get(match[1], {})
        body = next(iter(bodies.values())) if len(bodies) == 1 else None
        if body is None or body.start > match.start():
            continue
        other = at_start.get(match.start(1))
        if other is not None and other.end == match.end(1) and other.entity_id is None:
            spans.remove(other)
        elif match.start(1) in taken:
            continue
        spans.append(replace(body, start=match.start(1), end=match.end(1)))
    return sorted(spans, key=lambda span: span.start)
