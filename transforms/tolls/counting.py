"""What is counted in one sentence: each number of people, tied to the word that tells what became of them."""

from __future__ import annotations

from typing import NamedTuple

from transforms.tolls.clauses import Sentence
from transforms.tolls.fates import fate_of
from transforms.tolls.groups import Fate, Group, groups


class Counted(NamedTuple):
    """A number of people and what became of them. ``first``, ``last``: tokens of the phrase; spans in characters."""

    kind: str
    low: int | None
    high: int | None
    unit: str
    part: bool
    number: int  # its first token
    noun: int
    cue: int  # the word that tells what became of them
    first: int
    last: int
    qualifier: tuple[int, int] | None
    what: tuple[int, int] | None


def counted(sentence: Sentence) -> list[Counted]:
    """The figures of a sentence, in order."""
    found: list[Counted] = []
    if sentence.is_asked:
        return found
    fates: dict[int, Fate] = {}  # of a noun: what its list shares
    has_whole = False  # the group before has a fate: "including four children" is of it
    for group in groups(sentence):
        fate = fate_of(sentence, group, fates, has_whole)
        has_whole = fate is not None
        if fate is None:
            continue
        if fate.kind == "same":
            fate = Fate(found[-1].kind, group.noun, True)
        fates[group.noun] = fate
        made = _made(sentence, group, fate)
        if not found or made.number != found[-1].number:
            found.append(made)
    return found


def _made(sentence: Sentence, group: Group, fate: Fate) -> Counted:
    number, what = group.number, group.what
    ends = [number.qualified, number.last, group.noun, fate.cue, *(what or ())]
    first, last = min(ends), max(ends)
    qualifier = None
    if number.has_qualifier or number.vague:
        stop = number.first - 1 if number.has_qualifier else number.last
        while sentence.lower[stop].isspace():
            stop -= 1
        qualifier = (sentence.starts[number.qualified], sentence.end_of(stop))
    return Counted(
        fate.kind,
        number.low,
        number.high,
        group.unit,
        fate.part,
        number.first,
        group.noun,
        fate.cue,
        first,
        last,
        qualifier,
        (sentence.starts[what[0]], sentence.end_of(what[1])) if what else None,
    )
