"""Quotations without a parse (French, Arabic, Turkish): the rules of the language, made into records.

A language that has no rules gives the words in marks that are a sentence of their own, without a speaker.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module

from msgspec.structs import replace

from schemas.records import Entity, Quote
from transforms.quotation.marks import Quoted
from transforms.quotation.record import MAX_SENTENCE, make_quote, names_of
from transforms.quotation.scene import Scene, Statement

_RULES = {"ar": "arabic", "fr": "french", "tr": "turkish"}


def quotes(
    text: str,
    lines: list[tuple[int, int]],
    marked: list[Quoted],
    article_id: str,
    revision_id: str,
    language: str,
    entities: Sequence[Entity],
) -> list[Quote]:
    """Return the quotations of ``text``, in order. No two of them overlap."""
    scene = Scene(text, lines, marked, entities)
    known = names_of(entities)
    found: list[Quote] = []
    groups: dict[tuple[int, int], str] = {}  # cue -> the quote_id of the first piece that it ties
    for one in _disjoint(_statements(scene, language)):
        low, high = scene.sentence(one.start)
        if one.cue is not None and scene.paragraph(one.cue[0]) == scene.paragraph(one.start):
            beside = scene.sentence(one.cue[0])
            if abs(beside[0] - low) < MAX_SENTENCE // 2:
                low, high = min(low, beside[0]), max(high, beside[1])
        quote = make_quote(
            text,
            one.kind,
            one.start,
            one.end,
            article_id,
            revision_id,
            cue=one.cue,
            speaker=one.speaker,
            sentence=(low, max(high, one.end)),
            known=known,
        )
        if one.kind == "direct" and one.cue is not None:
            quote = replace(quote, quote_group=groups.setdefault(one.cue, quote.quote_id))
        found.append(quote)
    return found


def _statements(scene: Scene, language: str) -> list[Statement]:
    """What the language's module finds; it is imported with the first text, since its patterns take a while."""
    if language not in _RULES:
        return _unattributed(scene)
    found: list[Statement] = import_module(f"transforms.quotation.{_RULES[language]}").statements(scene)
    return found


def _disjoint(found: list[Statement]) -> list[Statement]:
    """Statements in the order of the text; of two that overlap the first, direct before the others."""
    kept: list[Statement] = []
    for one in sorted(found, key=lambda s: (s.start, s.kind != "direct", s.end)):
        if one.end > one.start and (not kept or one.start >= kept[-1].end):
            kept.append(one)
    return kept


def _unattributed(scene: Scene) -> list[Statement]:
    text = scene.text
    return [
        Statement("direct", q.start, q.end)
        for q in scene.marked
        if text[q.end - 1] in ".!?…؟" and len(text[q.start : min(q.end, q.start + 200)].split()) > 3
    ]
