"""Who is counted in a sentence: numbers with their nouns, single persons, and kin of those counted."""

from __future__ import annotations

from typing import NamedTuple

from transforms.tolls.clauses import Sentence
from transforms.tolls.numbers import Number, numbers
from transforms.tolls.words import BEING, COLLECTIVE, EVENTS, FAMILIES, KIN, LIVES, NOBODY, PERSONS, STATES, singular

_BEFORE_NOUN = frozenset(("nummod", "quantmod", "compound", "nmod", "amod", "advmod", "predet", "det"))
_THEM = frozenset("them whom these those which".split())
_SINGLE = frozenset("a an another his her their".split())
DEEP = 4  # members of a list


class Fate(NamedTuple):
    kind: str
    cue: int
    part: bool = False


class Group(NamedTuple):
    """People counted: the number, the noun's token (the number's, where there is no noun), and the noun's words."""

    number: Number
    noun: int
    what: tuple[int, int] | None  # tokens [first, last]
    of_them: bool
    unit: str
    fate: Fate | None = None  # "of the dead"


def groups(sentence: Sentence) -> list[Group]:
    """Numbers with their nouns, single persons ("a soldier"), and kin ("and their mother"), in order."""
    found = []
    taken: set[int] = set()
    listed = numbers(sentence.lower, sentence.begin, sentence.end)
    for nth, number in enumerate(listed):
        taken.update(range(number.qualified, number.last + 1))
        group = _group(sentence, number)
        if group is not None:
            if nth + 1 < len(listed):
                group = _past(sentence, group, listed[nth + 1])
            found.append(group)
    nouns = {group.noun for group in found}
    for at in [i for i, w in enumerate(sentence.lower[sentence.begin : sentence.end], sentence.begin) if w in _SINGLE]:
        if at not in taken:
            group = _single(sentence, at)
            if group is not None and group.noun not in nouns:
                found.append(group)
    return sorted(found, key=lambda g: g.number.first)


def _group(sentence: Sentence, number: Number) -> Group | None:
    noun = at = number.last
    while number.first <= sentence.heads[at] < at:
        at = sentence.heads[at]  # "10 and 15"
    for _ in range(DEEP):
        above = sentence.heads[at]
        if sentence.deps[at] not in _BEFORE_NOUN or not at < above < min(sentence.end, number.last + 8):
            break
        at = above
        if sentence.tags[at][:1] == "N" or sentence.lower[at] in BEING:
            noun = at
    if noun == number.last and _is_misplaced(sentence, number):
        noun = _behind(sentence, noun)
    if noun != number.last and any(sentence.lower[i] in (",", ";", ":", "(") for i in range(number.last + 1, noun)):
        noun = number.last
    lower = sentence.lower
    what: tuple[int, int] | None = None
    of_them, fate = False, None
    unit = "people"
    if noun != number.last:
        if singular(lower[noun]) in NOBODY:
            return None
        if lower[noun] not in BEING and lower[noun] not in EVENTS and lower[noun] not in LIVES:
            what = (number.last + 1, _with_of(sentence, noun))
    elif sentence.word(noun + 1) == "of" and noun + 2 < sentence.end:
        behind = next(sentence.of(noun + 1, "pobj"), None)
        if sentence.word(noun + 2) in _THEM:
            of_them, cue = True, sentence.word(noun + 3)
            if cue in STATES:  # "of those killed"
                fate = Fate(STATES[cue], noun + 3, True)
            what = _named_after(sentence, noun + (4 if fate else 3))
        elif behind is not None and noun + 2 <= behind <= noun + 9:
            if singular(lower[behind]) in NOBODY or (lower[behind] in EVENTS and lower[behind] not in BEING):
                return None
            of_them = lower[behind] in BEING
            if of_them:
                fate, what = Fate(BEING[lower[behind]], behind, True), _named_after(sentence, behind + 1)
            elif sentence.tags[noun + 2] == "CD":
                return None  # "one of 20 students killed"
            elif sentence.tags[behind] != "NN" or lower[behind] in COLLECTIVE:
                what = (noun + 2, behind)
            else:
                return None  # "one of Chinese nationality"
    if what is not None and lower[what[0]] == "of":
        if sentence.tags[what[0] + 1] == "CD" or what[0] == what[1]:
            return None  # "one of 20 students killed"
        what = (what[0] + 1, what[1])
    while what is not None and what[0] < what[1] and not lower[what[0]][:1].isalnum():
        what = (what[0] + 1, what[1])
    if what is not None and lower[what[0]] == "more" and what[0] < what[1]:
        what = (what[0] + 1, what[1])
    if what is not None:
        if what == (what[0], what[0]) and lower[what[0]] == "more":
            what = None
        elif lower[noun if noun != number.last else what[1]] in FAMILIES:
            unit = "families"
    return Group(number, noun, what, of_them, unit, fate)


def _past(sentence: Sentence, group: Group, after: Number) -> Group:
    """A group whose noun stands behind the number ``after`` too, with the noun alone: "23 and 31 people"."""
    what, last = group.what, group.number.last
    if what is None or not what[0] < after.first <= after.last < what[1] or last + 2 != after.qualified:
        return group
    return group._replace(what=(after.last + 1, what[1])) if sentence.lower[last + 1] in ("and", ",") else group


def _is_misplaced(sentence: Sentence, number: Number) -> bool:
    """Whether the parse gave a number to what stands before it: "On Monday 7 people", "23 and 31 people"."""
    head, dep = sentence.heads[number.last], sentence.deps[number.last]
    if dep == "nummod":
        return head == number.qualified - 1 and head >= sentence.begin and sentence.tags[head] == "NNP"
    return dep == "conj" and sentence.within(head) and head < number.first and sentence.tags[head] == "CD"


def _behind(sentence: Sentence, number: int) -> int:
    """The noun right behind a number, the number where there is none."""
    noun = number
    if sentence.word(number + 1) and sentence.tags[number + 1] in ("NN", "NNS", "JJ"):
        noun = number + 1
        while sentence.tags[noun] != "NNS" and noun < sentence.heads[noun] <= number + 4:
            noun = sentence.heads[noun]
    return noun if sentence.tags[noun] == "NNS" else number


def _with_of(sentence: Sentence, noun: int) -> int:
    """The last token of a noun with what it is of: "members of the White Helmets"."""
    if sentence.word(noun + 1) != "of" or sentence.heads[noun + 1] != noun:
        return noun
    behind = next(sentence.of(noun + 1, "pobj"), noun)
    return behind if noun + 1 < behind <= noun + 7 and sentence.tags[behind] != "CD" else noun


def _named_after(sentence: Sentence, at: int) -> tuple[int, int] | None:
    """The noun behind "five of them": "children", "were children"."""
    while sentence.word(at) in (",", "were", "was", "are", "being"):
        at += 1
    last = at - 1
    while sentence.within(last + 1) and sentence.tags[last + 1] in ("NN", "NNS", "NNP", "NNPS", "JJ"):
        last += 1
    return (at, last) if last >= at and sentence.tags[last][:1] == "N" else None


def _single(sentence: Sentence, at: int) -> Group | None:
    """ "a soldier", and of somebody counted "his mother": one."""
    noun = sentence.heads[at]
    if sentence.deps[at] not in ("det", "poss") or not at < noun < min(at + 8, sentence.end):
        return None
    if sentence.word(at - 1) in ("not", "nor", "without", "never", "than"):
        return None  # "not a single person"
    word = sentence.lower[noun]
    number = Number(at, at, at, 1, 1, False)
    if sentence.lower[at] in ("his", "her", "their"):
        if word not in KIN or sentence.deps[noun] != "conj":
            return None
    elif word == "family":
        size = next((s for of in sentence.of(noun, "prep") if sentence.lower[of] == "of"
                     for s in sentence.of(of, "pobj")), None)  # fmt: skip
        made = numbers(sentence.lower, size, min(size + 2, sentence.end)) if size is not None else []
        if not made or made[0].low is None:
            return None
        size_of = made[0]
        return Group(size_of._replace(qualified=size_of.first), noun, (noun, noun), False, "people")
    elif word not in PERSONS:
        return None
    return Group(number, noun, (at + 1, noun), False, "people")
