"""To which place of its sentence a figure belongs, where the syntax says so.

A place is tied to a clause by its preposition ("in Ariha", "strikes on Ariha"), whose heads lead to a verb. A figure
takes it if that verb is of its own clause, or of one that its clause hangs on without a subject of its own
("… hit a market in Ariha, killing 12"). Where somebody says it ("officials in Ankara said") is not where it happened.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from typing import NamedTuple

from schemas.records import Entity
from transforms.tolls.clauses import BROUGHT_ABOUT, Sentence
from transforms.tolls.counting import Counted
from transforms.tolls.words import DISPLACED, STATES

_IN = frozenset("in at near around inside outside across throughout within off".split())
_AT = frozenset(("on", "of"))  # "strikes on", "the shelling of"
_THROUGH = _IN | _AT | frozenset("by during after following amid under with between".split())
_WORDS_BEFORE = frozenset("compound nmod amod poss appos nummod".split())
_ONSLAUGHTS = frozenset(
    "shelling bombing bombardment siege battle storming capture fall attack attacks strike strikes airstrike "
    "airstrikes raid raids assault offensive pounding bombings battles".split()
)
_HITS = frozenset("hit strike bomb shell pound attack raid target storm bombard rock".split())
_TELLS = frozenset(
    "say tell report count claim announce add put speak record document state confirm note declare write think believe "
    "estimate".split()
)
_WHEN = frozenset(("when", "as", "after"))
_AWAY = frozenset(
    "north south east west northeast northwest southeast southwest northern southern eastern western kilometres "
    "kilometers km miles away".split()
)
_STEPS = 12  # tokens from a place up to its verb
_AT_MOST = 40  # places of a sentence


class Tie(NamedTuple):
    """A place with what it hangs on: ``rank`` 0 by "in", 2 by "on" or "of"; ``path``: tokens up to its verb."""

    entity: Entity
    token: int
    rank: int
    steps: int  # from the place to its preposition
    preposition: int
    path: tuple[int, ...]
    listed: bool  # "in Ariha and Saraqib"

    @property
    def verb(self) -> int:
        return self.path[-1]


def ties(sentence: Sentence, places: list[tuple[int, Entity]]) -> list[Tie]:
    """The places of a sentence that are tied to something. ``places``: those of the text, by where they start."""
    low, high = sentence.starts[sentence.begin], sentence.end_of(sentence.end - 1)
    first = bisect_left(places, low, key=lambda p: p[0])
    found = []
    for start, entity in places[first : first + _AT_MOST]:
        if start >= high:
            break
        tie = _tie(sentence, bisect_left(sentence.starts, start, sentence.begin, sentence.end), entity)
        if tie is not None:
            found.append(tie)
    return found


def _tie(sentence: Sentence, token: int, entity: Entity) -> Tie | None:
    if not sentence.within(token):
        return None
    at, steps, listed = token, 0, False
    while steps < _STEPS and sentence.deps[at] in (*_WORDS_BEFORE, "conj"):
        above = sentence.heads[at]
        if above == at or not sentence.within(above):
            return None
        listed = listed or sentence.deps[at] == "conj"
        at, steps = above, steps + 1
    if sentence.deps[at] == "dobj":
        verb = sentence.heads[at]
        return Tie(entity, token, 0, steps, at, (verb,), listed) if sentence.within(verb) else None
    if sentence.deps[at] != "pobj":
        return None
    preposition = sentence.heads[at]
    if not sentence.within(preposition):
        return None
    word = sentence.lower[preposition]
    if word not in _IN and word not in _AT and word != "from":
        return None
    rank = 0 if word in _IN else 2
    path: list[int] = []
    at = preposition
    for _ in range(_STEPS):
        above = sentence.heads[at]
        if above == at or not sentence.within(above):
            break
        at = above
        path.append(at)
        if sentence.tags[at][:1] == "V" and sentence.deps[at] not in ("compound", "nsubj", "pobj", "pcomp", "amod"):
            break
        if sentence.deps[at] == "appos" or (
            at == path[0] and sentence.lower[at] in _AWAY and sentence.deps[at] != "pobj"
        ):
            return None  # "killed 5, a doctor in Ariha said", "north of Ariha"
        if sentence.deps[at] in ("prep", "agent"):
            through = sentence.lower[at]
            if through not in _THROUGH and not (through == "from" and rank == 0):
                return None
            if through in _IN and rank == 2 and word == "of":
                rank = 0  # "in the village of"
    return Tie(entity, token, rank, steps, preposition, tuple(path), listed) if path else None


def place_of(sentence: Sentence, one: Counted, tied: list[Tie]) -> Entity | None:
    """The place of a figure, None where the syntax gives none, or several alike."""
    if not tied:
        return None
    verb = _verb_of(sentence, one.cue)
    clauses = dict(_clauses(sentence, verb, one.noun))
    best: list[tuple[tuple[int, ...], Tie]] = []
    for tie in tied:
        level = _level(sentence, one, tie, verb, clauses)
        if level is not None:
            behind = 0 if tie.token > one.number else 1
            best.append(((level, behind, abs(tie.preposition - one.number), tie.steps), tie))
    if not best:
        return None
    first = min(best, key=lambda b: b[0])[1]
    rivals = {t.entity.entity_id for _, t in best if t.preposition == first.preposition and (t.listed or t is first)}
    return first.entity if len(rivals) == 1 else None


def _level(sentence: Sentence, one: Counted, tie: Tie, verb: int, clauses: dict[int, tuple[int, str]]) -> int | None:
    """How near the clause of a place is to the figure's: 0 the same."""
    lower, counted = sentence.lower, one.noun
    if lower[tie.preposition] == "from" and (one.kind != DISPLACED or tie.rank == 0):
        return None
    if sentence.deps[tie.preposition] != "prep" and tie.path == (tie.verb,) and _is_object(sentence, tie):
        if one.kind == DISPLACED and tie.verb == one.cue:
            return 0  # "fled the city"
        if sentence.lemmas[tie.verb].lower() not in _HITS or tie.verb not in clauses or tie.verb == verb:
            return None
        return clauses[tie.verb][0]
    if tie.path[0] == counted or (len(tie.path) > 1 and counted in tie.path[:-1]):
        return 0 if tie.rank == 0 or lower[tie.preposition] == "from" else None  # "12 people in"; not "residents of"
    if tie.rank == 2 and lower[tie.preposition] == "of" and lower[tie.path[0]] not in _ONSLAUGHTS:
        return None
    for token in tie.path:
        if token not in clauses:
            continue
        level, mode = clauses[token]
        if mode == "front" and not (tie.path == (token,) and _is_fronted(sentence, tie.preposition, token)):
            return None
        if mode == "end" and tie.preposition < token:
            return None
        if mode == "behind" and tie.token < one.number:
            return None
        return level
    return None


def _is_object(sentence: Sentence, tie: Tie) -> bool:
    return sentence.deps[tie.preposition] == "dobj"


def _is_fronted(sentence: Sentence, preposition: int, verb: int) -> bool:
    """Whether a preposition stands before the subject of its verb: "In Idlib, shells killed"."""
    subject = next(sentence.of(verb, "nsubj", "nsubjpass"), verb)
    return preposition < subject


def _verb_of(sentence: Sentence, cue: int) -> int:
    """The verb of a cue: "left 7 dead"."""
    at = cue
    for _ in range(_STEPS):
        above = sentence.heads[at]
        if sentence.tags[at][:1] == "V" or above == at or not sentence.within(above):
            break
        at = above
    return at


def _has_subject(sentence: Sentence, verb: int, counted: int = -1) -> bool:
    """Whether a verb has a subject of its own; in "left 7 dead and 30 wounded" those ``counted`` are none."""
    if sentence.lower[verb] in STATES and not any(True for _ in sentence.of(verb, "auxpass")):
        return any(c != counted for c in sentence.of(verb, "nsubj", "expl"))
    return any(True for _ in sentence.of(verb, "nsubj", "nsubjpass", "expl"))


def _clauses(sentence: Sentence, verb: int, counted: int) -> Iterator[tuple[int, tuple[int, str]]]:
    """Tokens whose places are those of the clause of ``verb``, with how far they are, and which of the places."""
    yield from _below(sentence, verb)
    is_telling = sentence.lemmas[verb].lower() in _TELLS
    yield verb, (0, "behind" if is_telling else "all")
    here, level, mode = verb, 1, "all"
    for _ in range(_STEPS // 2):
        above, dep = sentence.heads[here], sentence.deps[here]
        if above == here or not sentence.within(above):
            return
        if dep in ("acl", "amod", "relcl"):
            yield above, (level, mode)
            if dep == "relcl":
                return
            governor = _verb_of(sentence, above)
            if governor not in (above, here):
                is_left = sentence.lemmas[governor].lower() in BROUGHT_ABOUT  # "left 7 dead and 30 wounded"
                yield governor, (level, "all" if is_left else "behind")
            return
        own = _has_subject(sentence, here, counted)
        if dep == "ccomp" or (dep in ("oprd", "acomp", "xcomp") and own):
            if sentence.lemmas[above].lower() not in BROUGHT_ABOUT:
                return
        elif dep == "conj":
            mode = "front" if own or mode == "front" else mode
        elif dep in ("advcl", "xcomp", "pcomp", "prep"):
            if own or (dep == "advcl" and any(True for _ in sentence.of(here, "mark"))):
                return
        else:
            return
        if sentence.tags[above][:1] == "V":
            if sentence.lemmas[above].lower() in _TELLS:
                return
            yield above, (level, mode)
            level += 1
        here = above


def _is_passive(sentence: Sentence, verb: int) -> bool:
    return sentence.lower[verb] in STATES and any(True for _ in sentence.of(verb, "auxpass"))


def _below(sentence: Sentence, verb: int) -> Iterator[tuple[int, tuple[int, str]]]:
    """ "were killed when shells hit a market in", "killed 5 and wounded 17 in"."""
    has_scene = False
    for child in sentence.children(verb):
        dep = sentence.deps[child]
        if dep == "prep" and sentence.lower[child] in _IN:
            has_scene = True
        elif dep in ("xcomp", "ccomp") and sentence.lemmas[verb].lower() in BROUGHT_ABOUT:
            yield child, (1, "all")  # "forced 200 families to flee their homes in"
        elif dep == "advcl" and any(sentence.word(c) in _WHEN for c in sentence.of(child, "mark", "advmod")):
            yield child, (2, "all")
        elif dep == "conj" and sentence.tags[child][:1] == "V" and not has_scene and not _has_subject(sentence, child):
            yield child, (3, "behind")
        elif dep == "conj" and not has_scene and _is_passive(sentence, verb) and _is_passive(sentence, child):
            yield child, (3, "end")  # "2 were killed and 5 were wounded in"
