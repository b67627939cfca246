"""Counts of dead, wounded, displaced, missing and detained people of one article, as a pure function over its syntax.

A figure is a number with the words that make it one: "at least 12 civilians were killed". Left out is what did not
happen or is not said to have ("could displace", "if 50 are killed", "denied that"), what counts no people (sheep,
jobs, tanks), rates ("12 a day"), shares ("two in three"), questions, and numbers that do not tell dead from wounded
("40 killed or wounded"). Its place is the one to which its own clause puts it (``tolls.scenes``), else null.
Linear in the length of the text; a text without a parse (other languages than English) has none.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence

from schemas.records import Entity, Figure, Syntax
from transforms.tolls.clauses import Sentence
from transforms.tolls.counting import Counted, counted
from transforms.tolls.scenes import place_of, ties
from transforms.tolls.words import TRIGGERS

MAX_SENTENCE = 400  # tokens: more is a list or a table


def extract_figures(syntax: Syntax, entities: Callable[[], Sequence[Entity]]) -> list[Figure]:
    """Return the figures of a text in the order of their numbers.

    ``entities`` gives, where there is a figure, those of :func:`transforms.entities.extract_entities` for the same
    ``syntax``: of their places the one to which the sentence puts it. ``syntax.text[f.start:f.end] == f.text``. Spans
    of two figures may overlap ("killed 12 people, five of them children").
    """
    if not syntax.english:
        return []
    told = [i for i, word in enumerate(syntax.words) if word in TRIGGERS]
    if not told:
        return []
    lower = list(map(str.lower, syntax.words))
    places: list[tuple[int, Entity]] | None = None
    found: list[Figure] = []
    for begin, end in _sentences(syntax, told):
        sentence = Sentence(syntax, lower, begin, end)
        made = counted(sentence)
        if made and places is None:
            places = sorted(
                ((m.start, e) for e in entities() if e.label == "PLACE" for m in e.mentions), key=lambda p: p[0]
            )
        tied = ties(sentence, places) if made and places else []
        place: Entity | None = None
        for one in made:
            place = place_of(sentence, one, tied) or (place if one.part else None)  # a part is where its whole is
            found.append(_figure(syntax, sentence, one, place))
    return found


def _sentences(syntax: Syntax, told: list[int]) -> Iterator[tuple[int, int]]:
    """The sentences that hold one of the tokens ``told``."""
    last = -1
    for token in told:
        n = bisect_right(syntax.sentences, token) - 1
        if n == last:
            continue
        last = n
        begin = syntax.sentences[n] if n >= 0 else 0
        end = syntax.sentences[n + 1] if n + 1 < len(syntax.sentences) else len(syntax.words)
        for low, high in _lines(syntax.words, begin, end):
            yield low, min(high, low + MAX_SENTENCE)


def _lines(words: list[str], begin: int, end: int) -> Iterator[tuple[int, int]]:
    """A sentence cut where the line ends: to the parse a headline and a date may be one."""
    low = begin
    for at in range(begin, end):
        if "\n" in words[at]:
            if at > low:
                yield low, at
            low = at + 1
    if end > low:
        yield low, end


def _figure(syntax: Syntax, sentence: Sentence, one: Counted, place: Entity | None) -> Figure:
    text = syntax.text
    start, end = sentence.starts[one.first], sentence.end_of(one.last)
    qualifier, what = one.qualifier, one.what
    return Figure(
        kind=one.kind,
        low=one.low,
        high=one.high,
        unit=one.unit,
        part=one.part,
        text=text[start:end],
        start=start,
        end=end,
        qualifier=text[slice(*qualifier)] if qualifier else None,
        what=text[slice(*what)] if what else None,
        place=place.name if place else None,
        place_entity_id=place.entity_id if place else None,
    )
