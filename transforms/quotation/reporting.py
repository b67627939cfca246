"""The cues of reported speech in a dependency parse: reporting verbs and "according to", and their speakers."""

from __future__ import annotations

from dataclasses import dataclass

from transforms.quotation.cues import ACCORDING, QUOTING, SAYING, VESSELS
from transforms.quotation.marks import Quoted
from transforms.quotation.parse import MARKS, SUBJECTS, Parsed, within_marks

_REPORTING = SAYING | QUOTING
_AS_PRINTED = ACCORDING | {"said", "says"}  # whatever lemma the tagger gave them
_QUOTING_OTHERS = frozenset(("quote", "cite"))
_NOMINAL = frozenset(("PROPN", "NOUN", "ADJ", "DET", "NUM", "PRON"))


_TAKEN_FOR_NOUNS = frozenset(
    "read reads state states claim claims note notes".split()
)  # by the tagger: "the letter read"


@dataclass
class Cue:
    """A reporting verb or "according to", with its speaker where one is found. Indices are tokens'."""

    at: int
    first: int  # first and last token of the cue as printed
    last: int
    lemma: str
    subject: int | None  # head token of the speaker
    inverted: bool  # the speaker stands behind the verb

    @property
    def left(self) -> int:
        return self.first if self.subject is None else min(self.first, self.subject)

    @property
    def right(self) -> int:
        return self.last if self.subject is None else max(self.last, self.subject)


def find_cues(parsed: Parsed, quotes: list[Quoted]) -> list[Cue]:
    """Return every reporting verb and "according to" of the text, in order, with speakers.

    A verb outside quotation marks never gets a speaker from inside them.
    """
    cues = []
    lower = parsed.lower
    for i in [i for i, lemma in enumerate(parsed.lemmas) if lemma in _REPORTING or lower[i] in _AS_PRINTED]:
        low = lower[i]
        if low in ACCORDING:
            if i + 2 < len(parsed.words) and parsed.lower[i + 1] == "to":
                head = _object_of(parsed, i)
                if head is not None:
                    cues.append(Cue(i, i, i + 1, "according", head, True))
            continue
        if parsed.pos[i] not in ("VERB", "AUX") and low not in ("said", "says", "told", "tells"):
            continue
        if parsed.dep[i] in ("amod", "compound"):
            continue
        cues.append(cue_at(parsed, i, quotes))
    return cues


def cue_at(parsed: Parsed, i: int, quotes: list[Quoted]) -> Cue:
    """The cue whose verb is token ``i``, with its auxiliaries and its speaker."""
    subject, inverted = _subject(parsed, i)
    if (
        subject is not None
        and quotes
        and within_marks(parsed.starts[subject], quotes)
        and not within_marks(parsed.starts[i], quotes)
    ):
        subject, inverted = _run_before(parsed, i), False
        if subject is not None and within_marks(parsed.starts[subject], quotes):
            subject = None
    first = i
    while (
        first > 0
        and i - first < 4
        and parsed.dep[first - 1] in ("aux", "auxpass", "neg")
        and parsed.heads[first - 1] == i
    ):
        first -= 1
    lemma = "say" if parsed.lower[i] in ("said", "says") else parsed.lemmas[i]
    return Cue(i, first, i, lemma, subject, inverted)


def any_verb(parsed: Parsed, first: int, last: int) -> Cue | None:
    """`," Haddar shot back.`: behind a quotation that ends in a comma any verb with a subject reports it."""
    while first < last and (
        parsed.words[first] in (",", "—", "–") or parsed.words[first].isspace() or parsed.words[first] in MARKS
    ):
        first += 1
    for i in range(first, min(last, first + 12)):
        if (
            i > first
            and parsed.lower[i] in _TAKEN_FOR_NOUNS
            and parsed.pos[i] == "NOUN"
            and parsed.pos[i - 1] in _NOMINAL
        ):
            return Cue(i, i, i, "read", i - 1, False)
        if parsed.pos[i] != "VERB":
            continue
        subject, inverted = _subject(parsed, i)
        if subject is None or not first <= min(subject, i) <= first + 4 or not first <= subject < last:
            return None
        return Cue(i, i, i, "other", subject, inverted)
    return None


def _object_of(parsed: Parsed, i: int) -> int | None:
    for child in parsed.rights(i + 1):
        if parsed.dep[child] == "pobj":
            return child
    j, last = i + 2, None
    while j < len(parsed.words) and j < i + 10 and parsed.pos[j] in _NOMINAL:
        last, j = j, j + 1
    return last


_TO_A_HEARER = frozenset({"tell", "inform", "remind", "assure", "notify"})  # the object hears, and is never left out
_HEARD = _TO_A_HEARER | {"warn", "advise", "ask", "urge", "order", "brief"}  # the subject of their passive hears


def _subject(parsed: Parsed, verb: int) -> tuple[int | None, bool]:
    """The head token of the speaker, and whether it stands behind the verb."""
    inverted = _run_after(parsed, verb)
    if inverted is not None:
        return inverted, True
    pos, deps, heads = parsed.pos, parsed.dep, parsed.heads
    quoted = _quoted_as(parsed, verb)
    if quoted is not None:
        return quoted, False
    node = verb
    for step in range(4):
        head, dep = heads[node], deps[node]
        subjects, agent = parsed.voices(node)
        found = [at for c in subjects if (at := _behind_dateline(parsed, c)) is not None]
        heard = node == verb and parsed.lemmas[node] in _HEARD and any(deps[c] == "nsubjpass" for c in found)
        if heard and agent is None:
            return None, False  # "was told that": the text does not say by whom
        if found and not heard:
            chosen = found[-1] if node == verb else found[0]
            outer = _outer_subject(parsed, verb) if node != verb else None
            if outer is not None:
                return outer, False
            if deps[chosen] == "csubj" and node == verb:  # "Aid worker Salma Haddar said", "Aid" taken for a verb
                beside = _run_before(parsed, verb)
                chosen = beside if beside is not None and parsed.label(beside) == "PERSON" else chosen
            if abs(chosen - verb) < 60:
                return chosen, chosen > verb
        if agent is not None:
            by = next((c for c in parsed.children(agent) if deps[c] == "pobj"), None)
            if by is not None:
                return by, True
        if dep in ("relcl", "acl"):
            if parsed.lemmas[head] in VESSELS or pos[head] not in ("NOUN", "PROPN"):
                above = head
                for _ in range(3):
                    if pos[above] in ("VERB", "AUX"):
                        break
                    above = heads[above]
                if pos[above] in ("VERB", "AUX") and above != node:
                    node = above
                    continue
            return (head, False) if abs(head - verb) < 40 else (None, False)
        if dep not in ("conj", "xcomp", "advcl", "dep", "ccomp", "pcomp", "prep") or head == node:
            break
        if dep == "ccomp" and step == 0 and pos[head] != "VERB":
            break
        node = head
    return _run_before(parsed, verb), False


def _behind_dateline(parsed: Parsed, subject: int) -> int | None:
    """The subject, or where the parse took the dateline for it ("AMMAN — Envoys met"), what hangs on that."""
    if not parsed.in_dateline(subject):
        return subject
    return next((c for c in parsed.rights(subject) if not parsed.in_dateline(c) and parsed.dep[c] == "appos"), None)


def _outer_subject(parsed: Parsed, verb: int) -> int | None:
    """`Haddar said the road was closed and urged drivers to wait`: who said the one did the other, too, where
    the parse joins "urged" to "was", whose subject cannot urge, or whose tense is another."""
    inner = parsed.heads[verb]
    outer = parsed.heads[inner]
    if parsed.dep[verb] != "conj" or parsed.dep[inner] != "ccomp" or parsed.lemmas[outer] not in SAYING:
        return None
    if parsed.tags[verb] != parsed.tags[outer] or parsed.lemmas[verb] not in _REPORTING:
        return None
    found = [c for c in parsed.children(outer) if parsed.dep[c] in SUBJECTS]
    return found[0] if found and found[0] < outer else None


def _quoted_as(parsed: Parsed, verb: int) -> int | None:
    """`The newspaper quoted Haddar as saying`, `Haddar was quoted as saying`: the one who is quoted speaks."""
    to, by = parsed.heads[verb], parsed.heads[parsed.heads[verb]]
    if parsed.lemmas[verb] in _QUOTING_OTHERS:
        by = verb
        to = next((c for c in parsed.children(verb) if parsed.lower[c] == "as"), verb)
    elif parsed.dep[verb] != "pcomp" or parsed.lemmas[by] not in _QUOTING_OTHERS:
        return None
    if parsed.lower[to] != "as":
        return None
    wanted = ("nsubjpass",) if any(parsed.dep[c] == "nsubjpass" for c in parsed.children(by)) else ("dobj",)
    return next((c for c in parsed.children(by) if parsed.dep[c] in wanted), None)


def _run_after(parsed: Parsed, i: int) -> int | None:
    """Speaker in inverted order: `," said Haddar`, `said the mayor`; None where the order is plain."""
    words, pos = parsed.words, parsed.pos
    before = i - 1
    if parsed.lemmas[i] in _TO_A_HEARER or words[i].lower().endswith("ing"):
        return None  # its listener stands behind it: "told reporters", ", warning residents"
    if before < 0 or not (words[before] in MARKS or words[before] in ",?!—–-" or words[before][:1] in "\"”»’'"):
        return None
    j, head = i + 1, None
    if j < len(pos) and pos[j] == "PRON" and words[j].lower() in ("he", "she", "they", "one"):
        if parsed.dep[j] in ("nsubj", "nsubjpass") and parsed.heads[j] > j:
            return None  # "Haddar, the mayor, said he would stay"
        return j
    while (
        j < len(pos)
        and j < i + 12
        and (
            pos[j] in ("PROPN", "NOUN", "ADJ", "DET", "NUM")
            or words[j].lower() in ("his", "her", "their")
            or words[j] in ("-", "'s", "’s", ".")
            or words[j] == "&"
        )
    ):
        if words[j] == "." and (j + 1 >= len(pos) or pos[j + 1] != "PROPN"):
            break
        if head is not None and pos[j] == "DET":
            break
        if pos[j] in ("PROPN", "NOUN"):
            if head is not None and _is_time(parsed, j):
                break
            head = j
        j += 1
    if head is None or _is_time(parsed, head):
        return None
    if parsed.dep[head] in ("nsubj", "nsubjpass") and parsed.heads[head] > head:
        return None  # "Haddar, the mayor, said the road was closed": subject of what follows
    if j < len(pos) and pos[j] in ("VERB", "AUX"):
        return None
    own = next((c for c in parsed.children(i) if parsed.dep[c] in ("nsubj", "nsubjpass") and c < i), None)
    if own is not None and not any(words[k] in MARKS for k in range(max(own, i - 60), i)):
        return None  # "Haddar, the mayor, dismissed the plan"
    return head


def _run_before(parsed: Parsed, i: int) -> int | None:
    """The noun or pronoun right before the verb, where the parse gave no subject."""
    j = i - 1
    while j >= 0 and i - j < 5 and parsed.pos[j] in ("ADV", "AUX", "PART"):
        j -= 1
    if j > 0 and parsed.lower[j] == "old" and parsed.words[j - 1] == "-":
        return j  # "the 52-year-old said"
    if j >= 0 and (parsed.pos[j] == "PROPN" or parsed.words[j].lower() in ("he", "she", "they", "i", "we", "who")):
        return j
    return None


def _is_time(parsed: Parsed, j: int) -> bool:
    return parsed.label(j) in ("DATE", "TIME")
