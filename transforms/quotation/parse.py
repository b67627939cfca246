"""The parse of one article with what is asked of it often: offsets, sentences, paragraphs, noun phrases."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

from transforms.quotation.marks import Quoted

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

# Dependencies of a subject on its verb (ClearNLP labels, which spaCy's English models use).
SUBJECTS = frozenset(("nsubj", "nsubjpass", "csubj", "expl"))
MARKS = frozenset("\"“”„«»‘''``")


class Parsed:
    """A parsed ``Doc`` with what is asked of it often: offsets, sentences, terminators."""

    def __init__(self, doc: Doc, text: str, lines: list[tuple[int, int]]) -> None:
        """``text`` is ``doc.text``, which spaCy puts together anew at each call; ``lines`` its paragraphs."""
        self.doc = doc
        self.text = text
        self.tokens: list[Token] = list(doc)
        self.starts = [t.idx for t in self.tokens]
        self.words = [t.text for t in self.tokens]
        self.pos = [t.pos_ for t in self.tokens]
        self.dep = [t.dep_ for t in self.tokens]
        self.lines = lines
        self._line_starts = [s for s, _ in lines]
        self._children: list[list[Token]] = [[] for _ in self.tokens]
        heads = doc.to_array("HEAD").view("int64").tolist()  # relative: 0 for a root
        for i, (token, to_head) in enumerate(zip(self.tokens, heads, strict=True)):
            if to_head:
                self._children[i + to_head].append(token)
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


def noun_phrase(parsed: Parsed, head: int) -> tuple[int, int]:
    """[first, last] tokens of the phrase around ``head``, without appositions and relative clauses."""
    tokens, words = parsed.tokens, parsed.words
    first = head
    low = max(tokens[head].left_edge.i, head - 12)
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
    size = len(tokens)
    while last + 1 < size and parsed.pos[last + 1] == "PROPN" and parsed.dep[head] == "compound":
        last += 1
    if last + 1 < size and words[last + 1] == "of" and tokens[last + 1].head.i == last:
        for child in parsed.children(tokens[last + 1]):
            if child.dep_ == "pobj" and child.i - last < 8:
                last = child.i
                break
    return first, last
