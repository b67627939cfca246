"""Whom a pronoun may stand for, by the place of a name in its sentence."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence

from transforms.quotation.cues import SAYING
from transforms.quotation.parse import SUBJECTS, Parsed


def spoken_of(parsed: Parsed, quotes: Sequence[int], head: int, char: int) -> bool:
    """`Haddar had left, he said`: whether the name at ``char`` stands in what the pronoun at token ``head`` says; he is
    not whom his own words are about. ``quotes`` are where the marked spans begin."""
    verb, token = parsed.heads[head], parsed.token_at(char)
    if parsed.lemmas[verb] not in SAYING or not token < head or parsed.dep[head] not in SUBJECTS:
        return False
    if bisect_left(quotes, parsed.starts[head]) > bisect_left(quotes, char):
        return False
    clause = parsed.heads[verb] if parsed.dep[verb] in ("parataxis", "ccomp") and parsed.heads[verb] < head else -1
    for _ in range(40):
        above = parsed.heads[token]
        if above == verb:
            return parsed.dep[token] in ("ccomp", "nsubj", "dep")
        if token == clause:
            return True
        if above == token or parsed.dep[token] == "advcl":
            return False
        token = above
    return False


def is_subject(parsed: Parsed, mention: tuple[int, int, int]) -> bool:
    """Whether the mention is the grammatical subject of its sentence, or stands with it."""
    last = parsed.token_at(mention[1]) - 1
    for i in range(max(last, 0), max(last - 4, -1), -1):
        if parsed.starts[i] < mention[0]:
            break
        for _ in range(4):  # "Haddar and Sallum met"
            if parsed.dep[i] != "conj" or parsed.pos[parsed.heads[i]] != "PROPN":
                break
            i = parsed.heads[i]
        if parsed.dep[i] in ("nsubj", "nsubjpass"):
            return True
        if parsed.dep[i] == "appos" and parsed.dep[parsed.heads[i]] in ("nsubj", "nsubjpass"):
            return True
    return False


def going_on(
    parsed: Parsed, quoted: Callable[[int], bool], persons: list[int], rivals: list[tuple[int, int]]
) -> dict[int, int]:
    """`he said ... he added`: speaking pronouns with the one before, where nobody is spoken of between the two.

    ``persons`` are where persons are named; ``rivals`` (character, token) where somebody without a name is a subject.
    """
    found: dict[int, int] = {}
    last: dict[str, int] = {}
    for i in [i for i, word in enumerate(parsed.lower) if word in ("he", "she")]:
        word, at = parsed.lower[i], parsed.starts[i]
        if parsed.lemmas[parsed.heads[i]] not in SAYING:
            continue
        if quoted(at):
            continue
        before = last.get(word)
        last[word] = i
        if before is None or parsed.paragraph(at) - parsed.paragraph(parsed.starts[before]) > 1:
            continue
        since = parsed.starts[before]
        named = persons[bisect_left(persons, since) : bisect_left(persons, at)]
        others = bisect_left(rivals, (at, 0)) - bisect_left(rivals, (since, 0))
        if not others and all(quoted(start) for start in named):
            found[i] = before
    return found
