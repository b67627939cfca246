"""The parse of one article with what is asked of it often: offsets, sentences, paragraphs, noun phrases."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right

from schemas.records import Syntax
from transforms.quotation.marks import Quoted

# Dependencies of a subject on its verb (ClearNLP labels, which spaCy's English models use).
SUBJECTS = frozenset(("nsubj", "nsubjpass", "csubj", "expl"))
DATELINE = re.compile(r"[A-Z][A-Z .'/-]{2,30}(?:,[^()\n—–-]{1,25})?(?: \([^)\n]{2,30}\))? ?[—–-]+ ")
MARKS = frozenset("\"“”„«»‘''``")


class Parsed:
    """A text's syntax with what is asked of it often. Tokens are their indices."""

    def __init__(self, syntax: Syntax, lines: list[tuple[int, int]]) -> None:
        """``lines`` are the text's paragraphs."""
        self.text = syntax.text
        self.starts = syntax.starts
        self.words = syntax.words
        # Of these two the small letters, since cues are looked for in them.
        self.lower = list(map(str.lower, syntax.words))
        self.lemmas = list(map(str.lower, syntax.lemmas))
        self.pos = syntax.pos
        self.tags = syntax.tags
        self.dep = syntax.deps
        self.heads = syntax.heads
        self.lines = lines
        self._line_starts = [s for s, _ in lines]
        self._children: list[list[int]] = [[] for _ in syntax.heads]
        for i, head in enumerate(syntax.heads):
            if head != i:
                self._children[head].append(i)
        self._lefts: list[int] | None = None
        self._rights: list[int] = []
        self._voices: dict[int, tuple[list[int], int | None]] = {}
        self.sentence_starts = [syntax.starts[i] for i in syntax.sentences]
        self._datelines = self._find_datelines()
        self._labels = {i: label for first, end, label in syntax.names for i in range(first, end)}

    def _find_datelines(self) -> set[int]:
        """The tokens of "IDLIB, Syria (Agency) —" at the head of a paragraph."""
        found: set[int] = set()
        for start, end in self.lines:
            hit = DATELINE.match(self.text, start, min(end, start + 80))
            if hit is not None:
                found.update(range(self.token_at(start), self.token_at(hit.end())))
        return found

    def in_dateline(self, token: int) -> bool:
        return token in self._datelines

    def children(self, token: int) -> list[int]:
        """The dependents of a token in order."""
        return self._children[token]

    def voices(self, token: int) -> tuple[list[int], int | None]:
        """A verb's subjects and its agent ("by Haddar"), looked for once: many verbs may hang on one."""
        found = self._voices.get(token)
        if found is None:
            below = self._children[token]
            agent = next((c for c in below if self.dep[c] == "agent"), None)
            found = self._voices[token] = ([c for c in below if self.dep[c] in SUBJECTS], agent)
        return found

    def rights(self, token: int) -> list[int]:
        """The dependents behind a token."""
        return [c for c in self._children[token] if c > token]

    def edges(self, token: int) -> tuple[int, int]:
        """The first and the last token of a token's subtree; whole also where branches cross."""
        if self._lefts is None:
            self._span()
        assert self._lefts is not None
        return self._lefts[token], self._rights[token]

    def _span(self) -> None:
        """All edges at once, from the leaves to the roots."""
        heads = self.heads
        order = [i for i, head in enumerate(heads) if head == i]
        for i in order:
            order += self._children[i]
        lefts, rights = list(range(len(heads))), list(range(len(heads)))
        for i in reversed(order):
            head = heads[i]
            if lefts[i] < lefts[head]:
                lefts[head] = lefts[i]
            if rights[i] > rights[head]:
                rights[head] = rights[i]
        self._lefts, self._rights = lefts, rights

    def left_edge(self, token: int) -> int:
        return self.edges(token)[0]

    def right_edge(self, token: int) -> int:
        return self.edges(token)[1]

    def label(self, token: int) -> str:
        """The label of the recogniser's span that a token is in, empty where it is in none."""
        return self._labels.get(token, "")

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


def noun_phrase(parsed: Parsed, head: int) -> tuple[int, int]:
    """[first, last] tokens of the phrase around ``head``, without appositions and relative clauses."""
    words = parsed.words
    first = head
    low = max(parsed.left_edge(head), head - 12)
    while (
        first > low
        and words[first - 1] not in ",:;()"
        and words[first - 1] not in MARKS
        and (
            parsed.pos[first - 1] in ("PROPN", "NOUN", "ADJ", "DET", "NUM", "PRON", "ADP", "PART")
            or parsed.dep[first - 1] in ("amod", "compound", "punct", "nmod", "case", "cc", "conj")
        )
        and not words[first - 1].isspace()
    ):
        first -= 1
    last = head
    size = len(words)
    while last + 1 < size and parsed.pos[last + 1] == "PROPN" and parsed.dep[head] == "compound":
        last += 1
    if last + 1 < size and words[last + 1] == "of" and parsed.heads[last + 1] == last:
        for child in parsed.children(last + 1):
            if parsed.dep[child] == "pobj" and child - last < 8:
                last = child
                break
    return first, last
