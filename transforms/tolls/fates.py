"""What became of those who are counted: by what they are called, their place in the clause, and the words beside."""

from __future__ import annotations

from transforms.tolls.clauses import Sentence
from transforms.tolls.groups import DEEP, Fate, Group
from transforms.tolls.words import (
    BEING,
    COLLECTIVE,
    DISPLACED,
    DOING,
    DONE,
    DRIVEN,
    EVENTS,
    FORCES,
    HOMES,
    KILLED,
    LIVES,
    STATES,
    WOUNDED,
    singular,
)

_TO = frozenset("to at of above past beyond over".split())
_REACHED = frozenset("reach reached reaches pass passed passes exceed exceeded exceeds top topped tops hit".split())
_LINKS = frozenset("be remain lie go become seem".split())
_SAID_TO_BE = frozenset("confirm report declare pronounce leave find list".split())
_VIOLENT = frozenset("shot beaten burned burnt stabbed crushed tortured starved stoned froze frozen bled".split())
_WHOLES = frozenset("total group maximum minimum".split())
_ASKED = frozenset(
    "seek demand order urge request plan propose prevent avoid allege blame fear threaten deny "
    "dismiss reject refute dispute".split()
)


def fate_of(sentence: Sentence, group: Group, fates: dict[int, Fate], has_whole: bool) -> Fate | None:
    lower, number, noun = sentence.lower, group.number, group.noun
    before = lower[number.qualified - 1] if number.qualified > sentence.begin else ""
    two_before = lower[number.qualified - 2] if number.qualified - 1 > sentence.begin else ""
    if has_whole and (before == "including" or (two_before == "among" and before in ("them", "whom"))):
        is_vague = group.what is None and lower[number.first] == "one"  # "including one near a hospital"
        return None if is_vague else Fate("same", noun, True)
    if lower[number.first] in ("his", "her", "their") and sentence.heads[noun] not in fates:
        return None
    fate = (
        group.fate
        or _by_name(sentence, group)
        or _by_clause(sentence, noun)
        or _by_place(sentence, noun, fates)
        or _by_mark(sentence, noun)
        or _beside(sentence, group)
    )
    if fate is None:
        return Fate("same", noun, True) if has_whole and group.of_them else None
    behind = max(noun, number.last)
    if sentence.is_rate(behind + 1) or (fate.cue > behind and sentence.is_rate(fate.cue + 1)):
        return None
    if sentence.is_usual(fate.cue) or _is_mixed(sentence, fate.cue):
        return None
    is_single = number.first == number.last and lower[number.first] in ("a", "an", "another")
    return None if is_single and _is_present(sentence, fate.cue) else fate


def _is_present(sentence: Sentence, verb: int) -> bool:
    """ "when a soldier dies": anyone, at any time."""
    auxiliaries = {sentence.lower[c] for c in sentence.of(verb, "auxpass")}
    return sentence.tags[verb] in ("VBZ", "VBP", "VB") or bool(auxiliaries & {"is", "are", "be", "being", "gets"})


def _is_mixed(sentence: Sentence, cue: int) -> bool:
    """ "killed or wounded", "dead and injured": the number is of both."""
    mine = STATES.get(sentence.lower[cue])
    for joins, other in ((cue + 1, cue + 2), (cue - 1, cue - 2)):
        if sentence.word(joins) in ("or", "and", "/"):
            kind = STATES.get(sentence.word(other))
            if kind is not None and kind != mine and {kind, mine} == {KILLED, WOUNDED}:
                return True
            if kind is not None and sentence.word(joins) == "or" and kind != mine:
                return True
    return False


def _by_name(sentence: Sentence, group: Group) -> Fate | None:
    """What the noun is called: "12 dead", "26 deaths"."""
    noun = group.noun
    if noun == group.number.last:
        return None
    kind = BEING.get(sentence.lower[noun]) or EVENTS.get(sentence.lower[noun])
    return Fate(kind, noun) if kind is not None and _told(sentence, noun) else None


def _by_mark(sentence: Sentence, noun: int) -> Fate | None:
    """What stands before the noun: "displaced people"."""
    for child in sentence.of(noun, "amod"):
        kind = STATES.get(sentence.lower[child])
        if kind is not None and child < noun and sentence.tags[child] in ("VBN", "JJ", "VBD"):
            return Fate(kind, child) if _told(sentence, noun) else None
    return None


def _by_clause(sentence: Sentence, noun: int) -> Fate | None:
    """What hangs on the noun behind it: "people killed in", "people who died"."""
    lower = sentence.lower
    for child in sentence.children(noun):
        cue, dep = lower[child], sentence.deps[child]
        if dep in ("acl", "amod") and child > noun and sentence.tags[child] in ("VBN", "VBD", "JJ", "VBG"):
            kind = DONE.get(cue) or BEING.get(cue) or (DOING.get(cue) if cue == "fleeing" else None)
            if any(True for _ in sentence.of(child, "dobj")) and cue != "fleeing":
                continue  # "a bomber killed 16": what they did
            if kind is not None and (sentence.tags[child] != "VBG" or cue in ("missing", "fleeing")):
                return None if _is_of_false_report(sentence, noun) else Fate(kind, child)
            if cue in DRIVEN and _is_driven(sentence, child):
                return Fate(DISPLACED, child)
        elif dep == "relcl":
            who = next(sentence.of(child, "nsubj", "nsubjpass"), None)
            if who is not None and lower[who] in ("who", "that"):
                fate = _of_verb(sentence, child, sentence.deps[who], noun)
                if fate is not None and sentence.happened(fate.cue):
                    return fate
    return None


def _is_of_false_report(sentence: Sentence, noun: int) -> bool:
    """ "He dismissed as untrue reports of 60 dead"."""
    at = noun
    for _ in range(DEEP):
        above = sentence.heads[at]
        if above == at or not sentence.within(above) or sentence.tags[above][:1] == "V":
            return False
        if sentence.is_report(above):
            return sentence.is_doubted(above)
        at = above
    return False


def _told(sentence: Sentence, noun: int) -> bool:
    """Whether the verb that a noun hangs on tells what happened: not "could cause 30 deaths"."""
    at = noun
    for _ in range(DEEP):
        above = sentence.heads[at]
        if above == at or not sentence.within(above):
            return True
        if sentence.tags[above][:1] == "V":
            return sentence.lemmas[above].lower() not in _ASKED and sentence.happened(above)
        at = above
        if sentence.is_report(at) and sentence.is_doubted(at):
            return False  # "no reports of 12 dead"
    return True


def _by_place(sentence: Sentence, at: int, fates: dict[int, Fate]) -> Fate | None:
    """What the noun's place in the clause says."""
    for _ in range(DEEP):
        dep, above = sentence.deps[at], sentence.heads[at]
        if not sentence.within(above) or above == at:
            return None
        if dep == "conj" and sentence.tags[above][:1] not in ("V", "I"):
            if above in fates:
                return fates[above]
            at = above
            continue
        if dep == "appos" and above in fates:
            if (
                sentence.tags[at] in ("NN", "NNP")
                and sentence.lower[at] not in COLLECTIVE
                and sentence.tags[above] == "NNS"
            ):
                return None  # "killed 5 civilians, a doctor said"
            return fates[above]._replace(part=True)
        fate = None
        if dep in ("nsubj", "nsubjpass", "dobj", "attr", "ccomp", "oprd", "dep"):
            fate = _of_verb(sentence, above, dep, at)
        elif dep == "pobj":
            if sentence.lower[above] == "of" and sentence.word(sentence.heads[above]) in _WHOLES:
                at = sentence.heads[above]
                continue
            fate = _of_preposition(sentence, above, at)
        if fate is None:
            return None
        return fate if sentence.happened(fate.cue) and _told(sentence, at) else None
    return None


def _of_verb(sentence: Sentence, verb: int, dep: str, at: int) -> Fate | None:
    """What ``verb`` tells of its subject or object ``at``."""
    word = sentence.lower[verb]
    lemma = sentence.lemmas[verb].lower()
    passive = dep == "nsubjpass" or (
        dep == "nsubj" and sentence.tags[verb] == "VBN" and any(True for _ in sentence.of(verb, "auxpass"))
    )
    is_object = dep == "dobj"
    if passive or is_object:
        if word in DONE:
            return Fate(DONE[word], verb)
        if word in DRIVEN and _is_driven(sentence, verb):
            return Fate(DISPLACED, verb)
        if word in ("shot", "gunned", "beaten", "found") and is_object and sentence.word(verb + 1) in ("dead", "down"):
            return Fate(KILLED, verb)
        if sentence.lower[at] in LIVES:
            return Fate(KILLED, verb) if lemma in (("lose",) if passive else ("claim", "take", "cost")) else None
        if word in _VIOLENT and _to_death(sentence, verb):
            return Fate(KILLED, verb)
    if passive and (lemma in _SAID_TO_BE or word in ("shot", "made")):
        return _being(sentence, verb, ("oprd", "acomp", "xcomp", "advmod", "amod", "prt", "ccomp", "attr", "dobj"))
    if dep in ("nsubj", "nsubjpass"):
        if word in DOING and not (word in ("drowned", "drown") and any(True for _ in sentence.of(verb, "dobj"))):
            return Fate(DOING[word], verb)
        if (
            word in BEING
            and not any(True for _ in sentence.of(verb, "dobj"))
            and (sentence.tags[verb] in ("JJ", "VBN") or word == "missing")
        ):
            return Fate(BEING[word], verb)
        if word in ("missing",):
            return Fate(BEING[word], verb)
        if lemma in _LINKS:
            return _being(sentence, verb, ("acomp", "attr", "oprd"))
        return _lost(sentence, verb, at)
    if dep == "attr" or (is_object and word in ("including", "included", "include", "includes")):
        return _list_of(sentence, verb)
    return _object(sentence, verb, at) if is_object else None


def _object(sentence: Sentence, verb: int, at: int) -> Fate | None:
    word, lemma = sentence.lower[verb], sentence.lemmas[verb].lower()
    if word in _REACHED:
        kind = _toll_of(sentence, verb)
        return Fate(kind, verb) if kind is not None else None
    if lemma == "lose" and singular(sentence.lower[at]) in FORCES:
        return Fate(KILLED, verb)
    if lemma in ("leave", "make"):
        return _being(sentence, verb, ("oprd", "acomp", "xcomp", "ccomp"))
    return None


def _being(sentence: Sentence, verb: int, deps: tuple[str, ...]) -> Fate | None:
    for child in sentence.of(verb, *deps):
        kind = BEING.get(sentence.lower[child]) if child > verb or deps[0] == "acomp" else None
        if kind is not None:
            return Fate(kind, child)
    return None


def _lost(sentence: Sentence, verb: int, at: int) -> Fate | None:
    """ "lost their lives", "suffered injuries", "left their homes"."""
    lemma = sentence.lemmas[verb].lower()
    if lemma not in ("lose", "suffer", "sustain", "leave", "abandon"):
        return None
    for thing in sentence.of(verb, "dobj"):
        word = sentence.lower[thing]
        if lemma == "lose" and word in LIVES:
            return Fate(KILLED, thing)
        if lemma in ("suffer", "sustain") and word in ("injuries", "wounds", "injury", "wound", "burns"):
            return Fate(WOUNDED, thing)
        if lemma in ("leave", "abandon") and word in ("home", "homes", "house", "houses"):
            return Fate(DISPLACED, thing)
    return None


def _list_of(sentence: Sentence, verb: int) -> Fate | None:
    """ "The dead included", "among the dead were": a part of them."""
    for child in sentence.of(verb, "nsubj", "prep"):
        word = sentence.lower[child]
        if word in ("among", "of"):
            word = next((sentence.lower[c] for c in sentence.of(child, "pobj")), "")
            if word == "victims":
                return Fate(KILLED, verb, True)
        if word in BEING:
            return Fate(BEING[word], verb, True)
    return None


def _of_preposition(sentence: Sentence, preposition: int, at: int) -> Fate | None:
    """ "the deaths of 13", "a death toll of 40", "the toll rose to 40", "claimed the lives of 11"."""
    word, above = sentence.lower[preposition], sentence.heads[preposition]
    if not sentence.within(above) or above == preposition:
        return None
    if word == "to" and sentence.lower[above] == "from" and sentence.within(sentence.heads[above]):
        above = sentence.heads[above]  # "from 12 to 17"
    noun = sentence.lower[above]
    if word == "of":
        if noun in EVENTS:
            return Fate(EVENTS[noun], above) if _told(sentence, above) else None
        if noun in LIVES and sentence.lemmas[sentence.heads[above]].lower() in ("claim", "take", "cost"):
            return Fate(KILLED, above)
    is_risen = word == "by" and sentence.word(at - 1) == "to"  # "has risen by three to 21"
    if (word in _TO or is_risen) and (sentence.tags[at] == "CD" or any(True for _ in sentence.of(at, "nummod"))):
        kind = _toll(sentence, above) or _toll_of(sentence, above)
        if kind is not None:
            return Fate(kind, above)
    return None


def _toll(sentence: Sentence, noun: int) -> str | None:
    """What a toll is of: "the death toll", "the number of displaced people"."""
    word = sentence.lower[noun]
    if word == "toll":
        return KILLED
    if word == "number":
        for child in sentence.of(noun, "acl"):
            if sentence.lower[child] in STATES:
                return STATES[sentence.lower[child]]  # "the number killed"
        for of in sentence.of(noun, "prep"):
            for people in sentence.of(of, "pobj"):
                own = BEING.get(sentence.lower[people]) or EVENTS.get(sentence.lower[people])
                marked = [sentence.lower[c] for c in sentence.of(people, "amod", "acl")]
                return own or next((STATES[word] for word in marked if word in STATES), None)
    return None


def _toll_of(sentence: Sentence, verb: int) -> str | None:
    kinds = (_toll(sentence, noun) for noun in sentence.of(verb, "nsubj", "nsubjpass", "dobj"))
    return next((kind for kind in kinds if kind is not None), None)


def _is_driven(sentence: Sentence, verb: int) -> bool:
    """Whether people were forced "to flee" or "from their homes"."""
    for child in sentence.children(verb):
        word = sentence.lower[child]
        if word in ("flee", "evacuate", "leave", "abandon") and sentence.deps[child] in ("xcomp", "ccomp", "advcl"):
            return True
        if word in ("from", "out"):
            homes = [sentence.lower[c] for c in sentence.of(child, "pobj")]
            homes += [sentence.lower[c] for of in sentence.of(child, "prep") for c in sentence.of(of, "pobj")]
            if HOMES.intersection(homes):
                return True
    # "forced 40,000 to flee", where the verb hangs on the number
    for at in range(verb + 1, min(verb + 12, sentence.end - 1)):
        if sentence.lower[at] == "to" and sentence.lower[at + 1] == "flee":
            return True
    return False


def _to_death(sentence: Sentence, verb: int) -> bool:
    return any(
        sentence.lower[c] == "death" for to in sentence.of(verb, "prep") if sentence.lower[to] == "to"
        for c in sentence.of(to, "pobj")
    )  # fmt: skip


def _beside(sentence: Sentence, group: Group) -> Fate | None:
    """Where the parse broke: "left 7 dead and 30 wounded", "21 killed", with the word right behind the noun."""
    last = max(group.noun, group.number.last)
    at = last + 1
    while sentence.word(at) in ("others", "people", "more", "newly", "badly", "seriously", "critically"):
        at += 1
    word = sentence.word(at)
    if word not in STATES:
        return None
    if sentence.tags[at] not in ("VBN", "VBD", "JJ", "NN", "NNS") or any(True for _ in sentence.of(at, "dobj", "neg")):
        return None
    behind = [c for c in sentence.children(at) if c > at and sentence.tags[c] in ("NN", "NNS", "CD")]
    if sentence.tags[at] == "VBD" and behind:
        return None
    return Fate(STATES[word], at) if sentence.happened(at) and _told(sentence, group.noun) else None
