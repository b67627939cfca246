"""The spans of spaCy's recogniser under our labels, and the persons that it passed over."""

from __future__ import annotations

from schemas.records import Syntax
from transforms.quotation import firstnames
from transforms.quotation.cues import COMMON_PERSONS, SAYING
from transforms.recognition.naming import TITLES, normal_name, trim_name
from transforms.recognition.spans import Span

_FROM_SPACY = {
    "PERSON": "PERSON",
    "NORP": "GROUP",
    "ORG": "BODY",
    "GPE": "PLACE",
    "LOC": "PLACE",
    "FAC": "PLACE",
}
_LONGEST = 150  # characters: what is longer is a list, a heading or noise
_VERBS = frozenset(("VERB", "AUX", "SCONJ"))
_HONORIFICS = frozenset(("Mr", "Mrs", "Ms", "Miss", "Dr"))
# What a human being does; governments rather "announce" or "deny".
_TELLING = frozenset("say tell add recall explain argue joke write tweet recount".split())
_LOCATIVE = frozenset("in at near from to into outside around across through toward towards".split())
_GEOGRAPHIC = frozenset(
    "new north south east west northern southern eastern western "
    "upper lower cape san santa saint st fort port lake mount the".split()
)
_PARTICLES = frozenset("van von der den de dos das da di du la bin ibn ter ten zu al el".split())
_NOT_FIRST = frozenset("the a an in on at of for from to and but when while as after before".split())
_NOT_A_NAME = frozenset(
    "i he she we they it you monday tuesday wednesday thursday friday saturday sunday january february "
    "march april may june july august september october november december mr mrs ms dr twitter facebook".split()
)


def recognised_spans(syntax: Syntax) -> list[Span]:
    """spaCy's spans, narrowed to the name; numbers, dates and what is no name are left out."""
    text, spans = syntax.text, []
    for first, stop, spacy_label in syntax.names:
        label = _FROM_SPACY.get(spacy_label)
        if label is None:
            continue
        if label == "PERSON" and stop - first > 1:
            first, stop = _without_verbs(syntax, first, stop)
        start, end = trim_name(text, syntax.starts[first], _end(syntax, stop - 1), titles=label == "PERSON")
        name = text[start:end]
        if (
            not 2 <= end - start <= _LONGEST
            or not name[0].isalnum()
            or name.islower()
            or normal_name(name) in _NOT_A_NAME
        ):
            continue
        if not normal_name(name) or (label == "PERSON" and any(c.isdigit() for c in name)):
            continue
        spans.append(Span(start, end, label, name, 1))
    return spans


def _without_verbs(syntax: Syntax, first: int, stop: int) -> tuple[int, int]:
    """ "Follow Karim Haddar", "Haddar Refuses": in a headline the model takes verbs into a name.

    It takes names for verbs, too ("Rached"): so only forms count that names seldom have.
    """
    words, pos = syntax.words, syntax.pos
    second = words[first + 1].lower()
    if not words[first][:1].isalpha() or (pos[first] in _VERBS and firstnames.gender(second)):
        first += 1
    for i in range(first + 1, stop):
        if pos[i] == "AUX" or (pos[i] in _VERBS and words[i].endswith(("s", "ing"))):
            return first, i
    return first, stop


def missed_persons(syntax: Syntax) -> list[Span]:
    """Full names that the recogniser passed over or mislabelled, where the text shows a person.

    Two or three capital words with an apposition (", a teacher"), with ", who" behind them, or whose last
    word stands elsewhere behind Mr or Ms; and, where the recogniser saw nothing at all, as subject of a
    verb of saying.
    """
    text, words = syntax.text, syntax.words
    proper = [pos == "PROPN" and word[:1].isupper() for pos, word in zip(syntax.pos, words, strict=True)]
    size = len(words)
    label_at = {i: label for first, stop, label in syntax.names for i in range(first, stop)}
    begins = {first for first, _, _ in syntax.names}
    honoured = {words[i + 1] for i in range(size - 1) if words[i].rstrip(".") in _HONORIFICS and proper[i + 1]}
    found = []
    i = 0
    while i < size:
        if not proper[i]:
            i += 1
            continue
        j = i
        while (j < size and (proper[j] and j not in begins)) or j == i:
            j += 1
        first = i
        while first < j and words[first].lower().rstrip(".") in TITLES:
            first += 1
        last = j - 1
        if label_at.get(first if first < j else i) != "PERSON" and j > first and j - first <= 3:
            named = j - first >= 2 and all(w.isalpha() or "-" in w for w in words[first:j])
            tail = words[j : j + 5]
            shown = (
                len(tail) > 1
                and tail[0] == ","
                and (
                    tail[1] == "who"
                    or (tail[1] in ("a", "an", "the", "his", "her") and any(w in COMMON_PERSONS for w in tail[2:]))
                )
            )
            subject = last not in label_at and syntax.deps[last] == "nsubj"
            spoken = subject and syntax.lemmas[syntax.heads[last]] in SAYING
            if (named and (shown or spoken)) or words[j - 1] in honoured:
                start, end = trim_name(text, syntax.starts[first], _end(syntax, last), titles=True)
                if start < end:
                    found.append(Span(start, end, "PERSON", text[start:end], 1))
        i = j
    return found


def particled_persons(syntax: Syntax) -> list[Span]:
    """Names with a particle, which the small model cuts or takes for bodies: "Hugo van den Akker", "Ayman bin Jabir".

    Only where the text shows a person: a title or a verb of saying before the name, an apposition or a verb of
    saying behind it, or a part that the recogniser knows for a person. "Banque de France" has none of them.
    """
    text, words, found = syntax.text, syntax.words, []
    persons = {i for first, stop, label in syntax.names if label == "PERSON" for i in range(first, stop)}
    stop = 0
    for i, word in enumerate(words):
        if word not in _PARTICLES or i < max(stop, 1):
            continue
        last = i + 1
        while last < len(words) and words[last] in _PARTICLES:
            last += 1
        first = i - 1
        if last >= len(words) or not _is_name(words[last]) or not _is_name(words[first]):
            continue
        if first and _is_name(words[first - 1]) and syntax.pos[first - 1] == "PROPN" and first not in syntax.sentences:
            first -= 1
        while last + 2 < len(words) and words[last + 1] == "-" and _is_name(words[last + 2]):
            last += 2
        before = words[first - 1].lower().rstrip(".") if first else ""
        behind = words[last + 1 : last + 3]
        shown = (
            before in TITLES
            or before in COMMON_PERSONS
            or (first and syntax.lemmas[first - 1] in SAYING)
            or (behind and (syntax.lemmas[last + 1] in SAYING or behind[0] in ("who", "told", "said")))
            or (len(behind) == 2 and behind[0] == "," and behind[1] in ("a", "an", "the", "who", "his", "her", "head"))
            or not persons.isdisjoint(range(first, last + 1))
            or firstnames.gender(words[first].lower())
        )
        if not shown or words[first].lower() in _NOT_FIRST:
            continue
        start, end = trim_name(text, syntax.starts[first], _end(syntax, last), titles=True)
        if start < end:
            found.append(Span(start, end, "PERSON", text[start:end], 1))
            stop = last + 1
    return found


def _is_name(word: str) -> bool:
    return (
        word[:1].isupper() and not word.isupper() and word.replace("-", "").replace("’", "").replace("‘", "").isalpha()
    )


def speaking_places(syntax: Syntax) -> set[int]:
    """Where spaCy's GPEs begin (in characters) that speak as a human being does: surnames it does not know.

    A name of one or two words that is subject of a verb of telling and never stands behind a locative
    preposition; or that is given as a first name ("gave only his first name, ..."). Whether a map knows it
    is for the caller to ask.
    """
    words, starts = syntax.words, syntax.starts
    named = [(*name, syntax.text[starts[name[0]] : _end(syntax, name[1] - 1)]) for name in syntax.names]
    places = {name for first, _, _, name in named if first and words[first - 1].lower() in _LOCATIVE}
    found = set()
    for first, stop, label, name in named:
        if label != "GPE" or stop - first > 2 or name.isupper() or words[first].lower().rstrip(".") in _GEOGRAPHIC:
            continue
        root = _root(syntax, first, stop)
        tells = syntax.deps[root] == "nsubj" and syntax.lemmas[syntax.heads[root]] in _TELLING and name not in places
        before = [word.lower() for word in words[max(0, first - 3) : first]]
        if tells or before in (["first", "name", ","], ["given", "name", ","]):
            found.add(starts[first])
    return found


def _root(syntax: Syntax, first: int, stop: int) -> int:
    """The head of the tokens [first, stop): of those whose own head lies outside, the one nearest the sentence's."""
    heads = syntax.heads
    outer = [i for i in range(first, stop) if heads[i] == i or not first <= heads[i] < stop]

    def depth(token: int) -> int:
        steps = 0
        while heads[token] != token and steps < 100:
            token, steps = heads[token], steps + 1
        return steps

    return min(outer, key=depth, default=first) if len(outer) != 1 else outer[0]


def _end(syntax: Syntax, token: int) -> int:
    return syntax.starts[token] + len(syntax.words[token])
