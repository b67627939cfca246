"""What a dependency parse says about who says what: cues, their speakers, and the clauses they report."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass

from spacy.tokens import Doc, Token

from transforms.quotation.cues import ACCORDING, ASKING, QUOTING, SAYING, VESSELS
from transforms.quotation.marks import Quoted

_SUBJECTS = frozenset(("nsubj", "nsubjpass", "csubj", "expl"))
_NOMINAL = frozenset(("PROPN", "NOUN", "ADJ", "DET", "NUM", "PRON"))
_MARKS = frozenset("\"“”„«»‘''``")
_RELATIVES = frozenset(("who", "which", "that"))
_DATELINE = re.compile(r"[A-Z][A-Z .'/-]{2,30}(?:,[^()\n—–-]{1,25})?(?: \([^)\n]{2,30}\))? ?[—–-]+ ")
MAX_CLAUSE = 150  # tokens: longer ones are parser accidents, and bounded work stays linear


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


@dataclass(frozen=True)
class Clause:
    """Reported words ``[start, end)`` in characters, and the cue that reports them."""

    start: int
    end: int
    cue: Cue
    cue_end: int  # character where the cue ends


class Parsed:
    """A parsed ``Doc`` with what is asked of it often: offsets, sentences, terminators."""

    def __init__(self, doc: Doc, lines: list[tuple[int, int]]) -> None:
        self.doc = doc
        self.text: str = doc.text
        self.tokens: list[Token] = list(doc)
        self.starts = [t.idx for t in self.tokens]
        self.words = [t.text for t in self.tokens]
        self.pos = [t.pos_ for t in self.tokens]
        self.dep = [t.dep_ for t in self.tokens]
        self.lines = lines
        self._line_starts = [s for s, _ in lines]
        self._children: list[list[Token]] = [[] for _ in self.tokens]
        for token in self.tokens:
            above = token.head.i
            if above != token.i:
                self._children[above].append(token)
        self.sentence_starts = [s.start_char for s in doc.sents]

    def children(self, token: Token) -> list[Token]:
        """The dependents of a token in order. (spaCy's iterator walks the subtree: quadratic.)"""
        return self._children[token.i]

    def rights(self, token: Token) -> list[Token]:
        return [c for c in self._children[token.i] if c.i > token.i]

    def token_at(self, char: int) -> int:
        """The index of the first token that begins at or behind ``char``."""
        return bisect_left(self.starts, char)

    def end_of(self, i: int) -> int:
        return self.starts[i] + len(self.words[i])

    def paragraph(self, char: int) -> int:
        return max(0, bisect_right(self._line_starts, char) - 1)

    def paragraph_span(self, char: int) -> tuple[int, int]:
        return self.lines[self.paragraph(char)] if self.lines else (0, len(self.text))

    def sentence(self, start: int, end: int) -> tuple[int, int]:
        """The sentences that hold [start, end), cut at the paragraph's edges."""
        first = max(0, bisect_right(self.sentence_starts, start) - 1)
        last = bisect_left(self.sentence_starts, end)
        low = self.sentence_starts[first] if self.sentence_starts else 0
        high = self.sentence_starts[last] if last < len(self.sentence_starts) else len(self.text)
        return max(low, self.paragraph_span(start)[0]), min(high, self.paragraph_span(max(start, end - 1))[1])


def within_marks(char: int, quotes: list[Quoted]) -> bool:
    """Whether the character lies in one of the quoted spans (which are in order)."""
    n = bisect_right(quotes, char, key=lambda q: q.outer_start) - 1
    return n >= 0 and char < quotes[n].outer_end


def find_cues(parsed: Parsed, quotes: list[Quoted]) -> list[Cue]:
    """Return every reporting verb and "according to" of the text, in order, with speakers.

    A verb outside quotation marks never gets a speaker from inside them.
    """
    cues = []
    for i, token in enumerate(parsed.tokens):
        word = parsed.words[i]
        low = word.lower()
        if low in ACCORDING:
            if i + 2 < len(parsed.tokens) and parsed.words[i + 1].lower() == "to":
                head = _object_of(parsed, i)
                if head is not None:
                    cues.append(Cue(i, i, i + 1, "according", head, True))
            continue
        lemma = token.lemma_.lower()
        if lemma not in SAYING and lemma not in QUOTING and low not in ("said", "says"):
            continue
        if parsed.pos[i] not in ("VERB", "AUX") and low not in ("said", "says", "told", "tells"):
            continue
        if parsed.dep[i] in ("amod", "compound"):
            continue
        subject, inverted = _subject(parsed, token)
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
            and parsed.tokens[first - 1].head.i == i
        ):
            first -= 1
        cues.append(Cue(i, first, i, lemma if low not in ("said", "says") else "say", subject, inverted))
    return cues


def _object_of(parsed: Parsed, i: int) -> int | None:
    to = parsed.tokens[i + 1]
    for child in parsed.rights(to):
        if child.dep_ == "pobj":
            return child.i
    j, last = i + 2, None
    while j < len(parsed.tokens) and j < i + 10 and parsed.pos[j] in _NOMINAL:
        last, j = j, j + 1
    return last


def _subject(parsed: Parsed, verb: Token) -> tuple[int | None, bool]:
    """The head token of the speaker, and whether it stands behind the verb."""
    i = verb.i
    inverted = _run_after(parsed, i)
    if inverted is not None:
        return inverted, True
    node = verb
    for step in range(4):
        found = [c for c in parsed.children(node) if c.dep_ in _SUBJECTS]
        if found:
            chosen = found[-1] if node.i == i else found[0]
            if chosen.lower_ in _RELATIVES and node.dep_ == "relcl" and node.head.pos_ in ("NOUN", "PROPN"):
                return node.head.i, False
            if abs(chosen.i - i) < 60:
                return chosen.i, chosen.i > i
        agent = next((c for c in parsed.children(node) if c.dep_ == "agent"), None)
        if agent is not None:
            by = next((c for c in parsed.children(agent) if c.dep_ == "pobj"), None)
            if by is not None:
                return by.i, True
        if node.dep_ in ("relcl", "acl"):
            if node.head.lemma_.lower() in VESSELS or node.head.pos_ not in ("NOUN", "PROPN"):
                above = node.head
                for _ in range(3):
                    if above.pos_ in ("VERB", "AUX"):
                        break
                    above = above.head
                if above.pos_ in ("VERB", "AUX") and above.i != node.i:
                    node = above
                    continue
            return (node.head.i, False) if abs(node.head.i - i) < 40 else (None, False)
        if node.dep_ not in ("conj", "xcomp", "advcl", "dep", "ccomp", "pcomp", "prep") or node.head.i == node.i:
            break
        if node.dep_ == "ccomp" and step == 0 and node.head.pos_ != "VERB":
            break
        node = node.head
    return _run_before(parsed, i), False


def _run_after(parsed: Parsed, i: int) -> int | None:
    """Speaker in inverted order: `," said Haddar`, `said the mayor`; None where the order is plain."""
    words, pos = parsed.words, parsed.pos
    before = i - 1
    if words[i].lower() in ("told", "tells", "tell"):
        return None  # always has its listener behind it
    if before < 0 or not (words[before] in _MARKS or words[before] in ",?!—–-" or words[before][:1] in "\"”»’'"):
        return None
    j, head = i + 1, None
    if j < len(pos) and pos[j] == "PRON" and words[j].lower() in ("he", "she", "they", "one"):
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
    if parsed.dep[head] in ("nsubj", "nsubjpass") and parsed.tokens[head].head.i > head:
        return None  # "Haddar, the mayor, said the road was closed": subject of what follows
    if j < len(pos) and pos[j] in ("VERB", "AUX"):
        return None
    return head


def any_verb(parsed: Parsed, first: int, last: int) -> Cue | None:
    """`," Haddar shot back.`: behind a quotation that ends in a comma any verb with a subject reports it."""
    while first < last and (
        parsed.words[first] in (",", "—", "–") or parsed.words[first].isspace() or parsed.words[first] in _MARKS
    ):
        first += 1
    for i in range(first, min(last, first + 12)):
        if parsed.pos[i] != "VERB":
            continue
        subject, inverted = _subject(parsed, parsed.tokens[i])
        if subject is None or not first <= min(subject, i) <= first + 4 or not first <= subject < last:
            return None
        return Cue(i, i, i, "other", subject, inverted)
    return None


def _is_time(parsed: Parsed, j: int) -> bool:
    return parsed.tokens[j].ent_type_ in ("DATE", "TIME")


def _run_before(parsed: Parsed, i: int) -> int | None:
    """The noun or pronoun right before the verb, where the parse gave no subject."""
    j = i - 1
    while j >= 0 and i - j < 5 and parsed.pos[j] in ("ADV", "AUX", "PART"):
        j -= 1
    if j >= 0 and (parsed.pos[j] == "PROPN" or parsed.words[j].lower() in ("he", "she", "they", "i", "we", "who")):
        return j
    return None


def noun_phrase(parsed: Parsed, head: int) -> tuple[int, int]:
    """[first, last] tokens of the phrase around ``head``, without appositions and relative clauses."""
    tokens, words = parsed.tokens, parsed.words
    first = head
    low = max(tokens[head].left_edge.i, head - 12)
    while (
        first > low
        and words[first - 1] not in ",:;()"
        and words[first - 1] not in _MARKS
        and (
            parsed.pos[first - 1] in ("PROPN", "NOUN", "ADJ", "DET", "NUM", "PRON", "ADP", "PART")
            or parsed.dep[first - 1] in ("amod", "compound", "punct", "nmod", "case", "cc", "conj")
        )
        and not words[first - 1].isspace()
    ):
        first -= 1
    last = head
    size = len(tokens)
    while last + 1 < size and parsed.pos[last + 1] == "PROPN" and parsed.dep[head] == "compound":
        last += 1
    if last + 1 < size and words[last + 1] == "of" and tokens[last + 1].head.i == last:
        for child in parsed.children(tokens[last + 1]):
            if child.dep_ == "pobj" and child.i - last < 8:
                last = child.i
                break
    return first, last


def clauses(parsed: Parsed, cues: list[Cue]) -> list[Clause]:
    """Return the reported clauses of ``cues``, in the order of the cues."""
    found: list[Clause] = []
    for cue in cues:
        if cue.lemma == "according":
            found += _according(parsed, cue)
        elif cue.lemma in SAYING or cue.lemma in ASKING:
            found += _reported(parsed, cue)
    return found


def _reported(parsed: Parsed, cue: Cue) -> list[Clause]:
    if cue.subject is None:
        return []
    verb = parsed.tokens[cue.at]
    after: list[Clause] = []
    before: list[Clause] = []
    for child in parsed.children(verb):
        if child.dep_ == "ccomp" or (child.dep_ == "xcomp" and cue.lemma in ASKING):
            if child.i > cue.at:
                first, last = child.left_edge.i, child.right_edge.i
                if child.dep_ == "xcomp":
                    objects = [
                        c.left_edge.i for c in parsed.rights(verb) if c.dep_ in ("dobj", "dative") and c.i < child.i
                    ]
                    first = min([first, *objects])
                first = max(first, cue.right + 1)
                if last - first <= MAX_CLAUSE and first <= last:
                    after += _clause(parsed, first, last, cue)
            elif cue.lemma in SAYING:
                piece = _before(parsed, cue, child.left_edge.i)
                before += piece
    if not before and not after and cue.lemma in SAYING:
        before = _before(parsed, cue, None)
        if before and parsed.dep[cue.at] in ("parataxis", "ccomp", "advcl", "ROOT"):
            after = _resumed(parsed, cue)
    elif before:
        after += _resumed(parsed, cue)
    return before + after


def _clause(parsed: Parsed, first: int, last: int, cue: Cue) -> list[Clause]:
    start, end = parsed.starts[first], parsed.end_of(last)
    low, high = parsed.paragraph_span(parsed.starts[cue.at])
    start, end = max(start, low), min(end, high)
    start, end = trim(parsed.text, start, end)
    if end - start < 8 or " " not in parsed.text[start:end]:
        return []
    return [Clause(start, end, cue, parsed.end_of(cue.last))]


def _before(parsed: Parsed, cue: Cue, first: int | None) -> list[Clause]:
    """Words before ", he said": from the sentence's beginning to the comma."""
    left = noun_phrase(parsed, cue.subject)[0] if cue.subject is not None and cue.subject < cue.first else cue.first
    comma = left - 1
    # The speaker may carry an apposition: ", Haddar, the mayor, said". The comma before the name is the one.
    if comma < 1 or not (parsed.words[comma] in (",", "—", "–", "-") or parsed.words[comma] in _MARKS):
        return []
    low, _ = parsed.sentence(parsed.starts[cue.at], parsed.starts[cue.at] + 1)
    if first is not None and parsed.starts[first] < low:
        low = max(parsed.starts[first], parsed.paragraph_span(parsed.starts[cue.at])[0])
    i = comma
    dateline = _DATELINE.match(parsed.text, low, low + 80)
    low = dateline.end() if dateline else low
    floor = max(parsed.token_at(low), comma - MAX_CLAUSE)
    if floor >= i or not any(parsed.dep[j] in _SUBJECTS for j in range(floor, i)):
        return []  # "In a speech on Sunday, he said": no clause
    return _clause(parsed, floor, i - 1, cue)


def _resumed(parsed: Parsed, cue: Cue) -> list[Clause]:
    """Words after "X, he said," up to the end of the sentence: the second piece of a split clause."""
    last = noun_phrase(parsed, cue.subject)[1] if cue.subject is not None and cue.subject > cue.last else cue.last
    if last + 1 >= len(parsed.words) or parsed.words[last + 1] != ",":
        return []
    _, high = parsed.sentence(parsed.starts[cue.at], parsed.starts[cue.at] + 1)
    stop = parsed.token_at(high) - 1
    if stop - last < 4 or stop - last > MAX_CLAUSE:
        return []
    if (
        parsed.pos[last + 2] in ("VERB", "CCONJ", "PRON", "DET", "AUX", "NOUN", "PROPN", "ADP", "SCONJ")
        and not parsed.words[last + 2].endswith("ing")
        and parsed.words[last + 2].lower()
        not in (
            "who",
            "which",
            "citing",
            "in",
            "on",
            "at",
            "after",
            "the",
            "a",
            "an",
            "as",
            "when",
            "while",
            "according",
        )
    ):
        return _clause(parsed, last + 2, stop, cue)
    return []


def _according(parsed: Parsed, cue: Cue) -> list[Clause]:
    assert cue.subject is not None
    low, high = parsed.sentence(parsed.starts[cue.at], parsed.starts[cue.at] + 1)
    first, stop = parsed.token_at(low), parsed.token_at(high) - 1
    if cue.at - first <= 2:
        edge = min(parsed.tokens[cue.subject].right_edge.i, stop)
        comma = next(
            (
                j
                for j in range(cue.subject + 1, min(stop, cue.subject + 40))
                if parsed.words[j] == "," and j >= min(edge, cue.subject + 1)
            ),
            None,
        )
        if comma is None or stop - comma > MAX_CLAUSE:
            return []
        return _clause(parsed, comma + 1, stop, cue)
    last = cue.at - 1
    if parsed.words[last] == ",":
        last -= 1
    if cue.at - first > MAX_CLAUSE:
        return []
    return _clause(parsed, first, last, cue)


def trim(text: str, start: int, end: int) -> tuple[int, int]:
    """Narrow a clause to its words: no edge white space or commas, no final stop."""
    while start < end and (text[start].isspace() or text[start] in ",;:—–-"):
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] in ",;:.—–-"):
        end -= 1
    return start, end
