"""What somebody announces, rejects, fears, plans or calls something, told without a that-clause.

``The ministry denounced the raid on the depot``, ``residents fear that the road will close``, ``the council called
for a truce``: the object of the verb is what is attributed. Only where the verb is a finite one with a subject of its
own sentence, and not within what somebody else says: there the tie is the speaker's, not the writer's.
"""

from __future__ import annotations

from transforms.quotation.clauses import MAX_CLAUSE, Clause, is_nameless, trim
from transforms.quotation.cues import QUOTING, SAYING
from transforms.quotation.marks import Quoted
from transforms.quotation.parse import Parsed, within_marks
from transforms.quotation.reporting import cue_at

# By what follows the verb: an object.
_OBJECT = frozenset(
    "announce cite express criticize criticise denounce praise question reject defend discuss oppose note endorse "
    "propose mention highlight dismiss mock repeat tout recall slam stress outline echo condemn decry voice recount "
    "reiterate acknowledge emphasize emphasise blast bemoan explain detail credit predict confirm applaud welcome "
    "disclose disavow lament trumpet extol downplay rebut deride renounce hail deplore protest demand "
    "tweet reveal reference congratulate insult deny document".split()
)
# ... a clause, or a question.
_CLAUSE = frozenset(
    "think believe fear worry hope hop expect show find point ask question imply learn recognize recognise doubt "
    "suspect realize realise demonstrate convince determine assume discover anticipate posit".split()
)
# ... an infinitive.
_INFINITIVE = frozenset(
    "refuse decline threaten agree vote offer decide hope hop aim expect intend prefer report claim propose".split()
)
# ... something under a name: "called the attack a crime", "described it as a trap".
_NAMING = frozenset("call label dub brand term describe portray denounce characterize characterise hail deem".split())
# ... a preposition and its object.
_PREPOSITION = {
    "call": "for", "talk": "about", "speak": "about of", "accuse": "of", "warn": "of against", "refer": "to",
    "point": "to", "criticize": "for", "criticise": "for", "blast": "for", "slam": "for", "push": "for",
    "hope": "for", "hop": "for", "complain": "about", "brag": "about", "boast": "of about", "joke": "about",
    "worry": "about", "ask": "about", "comment": "on", "hint": "at", "view": "as", "campaign": "against",
    "rail": "against", "caution": "against", "argue": "for against", "apologize": "for", "agree": "on with",
    "appeal": "for",
}  # fmt: skip
_LEMMAS = _OBJECT | _CLAUSE | _INFINITIVE | _NAMING | _PREPOSITION.keys()
# ... somebody or something, and what for: "accused the council of hiding the maps".
_JUDGING = frozenset(
    "accuse criticize criticise praise blame blast denounce slam condemn thank credit compare liken attack press "
    "encourage urge invite fault chide rebuke commend mock ridicule assail applaud laud".split()
)
_REASONS = frozenset("of for as to with over on".split())
_LEMMAS |= _JUDGING
_TELLING = SAYING | QUOTING
_MIN_WORDS = 3


def stances(parsed: Parsed, quotes: list[Quoted]) -> list[Clause]:
    """Return the attributed objects of the text, in the order of their cues."""
    found: list[Clause] = []
    for i in [i for i, lemma in enumerate(parsed.lemmas) if lemma in _LEMMAS and parsed.pos[i] == "VERB"]:
        lemma = parsed.lemmas[i]
        if within_marks(parsed.starts[i], quotes):
            continue
        if parsed.tags[i] == "VB" or parsed.dep[i] in ("ccomp", "amod", "compound"):
            continue
        below = {parsed.dep[c] for c in parsed.children(i)}
        if ("nsubjpass" in below or (parsed.dep[i] == "acl" and parsed.tags[i] == "VBN")) and "agent" not in below:
            continue  # "a town called Saraqib", "was accused of": the text does not say by whom
        span = _span(parsed, i, lemma, quotes)
        if span is None or any(parsed.tags[c] == "MD" for c in parsed.children(i)):
            continue
        cue = cue_at(parsed, i, quotes)
        if cue.subject is None or is_nameless(parsed, cue):
            continue
        first, last = max(span[0], cue.right + 1) if cue.inverted else span[0], span[1]
        told = next((t for t in range(first, min(last, first + MAX_CLAUSE) + 1) if _is_told(parsed, t)), None)
        if told is not None:
            last = parsed.left_edge(told) - 1
        if last - first + 1 < _MIN_WORDS or last - first > MAX_CLAUSE:
            continue
        low, high = parsed.paragraph_span(parsed.starts[i])
        start, end = trim(parsed.text, max(parsed.starts[first], low), min(parsed.end_of(last), high))
        if end - start >= 8:
            found.append(Clause(start, end, cue, parsed.end_of(cue.last)))
    return found


def _is_told(parsed: Parsed, token: int) -> bool:
    """`thanked Haddar, who said “we wait”`: the verb of somebody else's words."""
    if parsed.dep[token] != "relcl" or parsed.lemmas[token] not in _TELLING:
        return False
    return any(parsed.lower[c] == "who" for c in parsed.children(token))


def _span(parsed: Parsed, i: int, lemma: str, quotes: list[Quoted]) -> tuple[int, int] | None:
    """First and last token of what verb ``i`` attributes."""
    behind = [(c, parsed.dep[c]) for c in parsed.rights(i)]
    if lemma in _NAMING:
        named = [c for c, dep in behind if _is_name(parsed, c, dep)]
        if named:
            first, last = parsed.left_edge(named[0]), max(map(parsed.right_edge, named))
            whole = len(named) > 1 or parsed.dep[named[0]] != "dobj"
            # Of a thing that is named before, "what they called a “soft landing” for both", the marks show it.
            if whole or any(within_marks(parsed.starts[t], quotes) for t in range(first, min(last, first + 6) + 1)):
                return first, last
    if lemma in _JUDGING:
        judged = next((c for c, dep in behind if dep == "dobj"), None)
        if judged is not None:
            why = [
                c
                for c, dep in behind
                if c > judged and (dep == "xcomp" or (dep == "prep" and parsed.lower[c] in _REASONS))
            ]
            return parsed.left_edge(judged), max(map(parsed.right_edge, [judged, *why]))
    for c, dep in behind:
        if dep == "ccomp" and lemma in _CLAUSE:
            return parsed.edges(c)
        if dep == "xcomp" and lemma in _INFINITIVE:
            return parsed.edges(c)
        if dep == "prep" and parsed.lower[c] in _PREPOSITION.get(lemma, "").split():
            inner = [x for x in parsed.children(c) if parsed.dep[x] in ("pobj", "pcomp")]
            if inner:
                return parsed.edges(inner[0])
        if dep == "dobj" and lemma in _OBJECT:
            return parsed.edges(c)
    return None


def _is_name(parsed: Parsed, token: int, dep: str) -> bool:
    if dep == "xcomp" or dep == "ccomp":
        return not any(parsed.lower[c] == "to" for c in parsed.children(token))
    return dep in ("dobj", "oprd") or (dep == "prep" and parsed.lower[token] == "as")
