"""One sentence with what the rules on figures ask of it; and whether a verb tells what has happened.

Built for sentences with a telling word alone, so that an article without one costs a look at its words.
"""

from __future__ import annotations

from collections.abc import Iterator

from schemas.records import Syntax
from transforms.tolls.words import TIMES

_DENIED = frozenset(
    "deny fear threaten avoid prevent doubt refuse risk predict imagine pretend dispute reject expect hope want plan "
    "vow intend".split()
)
_CLIMB = frozenset(("xcomp", "pcomp", "advcl", "conj", "ccomp", "dep"))
_BROUGHT_ABOUT = frozenset(
    "force drive compel push prompt cause lead oblige make manage continue go succeed help begin start see leave "
    "let".split()
)
_UNSURE = frozenset("could would may might can should will shall must 'd ’d 'll ’ll wo".split())
_DEPTH = 6  # clauses above a verb


class Sentence:
    """Tokens ``[begin, end)`` of a parse. ``lower``: the small letters of all words of the text."""

    def __init__(self, syntax: Syntax, lower: list[str], begin: int, end: int) -> None:
        self.begin, self.end = begin, end
        self.words, self.starts, self.tags = syntax.words, syntax.starts, syntax.tags
        self.deps, self.heads, self.lemmas = syntax.deps, syntax.heads, syntax.lemmas
        self.lower = lower
        self._children: dict[int, list[int]] = {}
        for i, head in enumerate(syntax.heads[begin:end], begin):
            if head == i:
                continue
            if head in self._children:
                self._children[head].append(i)
            else:
                self._children[head] = [i]

    def children(self, token: int) -> list[int]:
        """The dependents of a token, in order."""
        return self._children.get(token, [])

    def of(self, token: int, *deps: str) -> Iterator[int]:
        """The dependents that hang on a token in one of these ways."""
        return iter([c for c in self._children.get(token, ()) if self.deps[c] in deps])

    def word(self, token: int) -> str:
        """The small letters of a token, empty where the sentence has none there."""
        return self.lower[token] if self.begin <= token < self.end else ""

    def within(self, token: int) -> bool:
        return self.begin <= token < self.end

    def end_of(self, token: int) -> int:
        return self.starts[token] + len(self.words[token])

    def happened(self, verb: int) -> bool:
        """Whether the clause of ``verb`` tells what happened: not denied, feared, planned, or under a condition."""
        here = verb
        for _ in range(_DEPTH):
            if self._is_unreal(here):
                return False
            above, dep = self.heads[here], self.deps[here]
            if above == here or not self.within(above) or dep not in _CLIMB:
                return True
            lemma = self.lemmas[above].lower()
            if dep in ("xcomp", "ccomp", "pcomp") and (lemma in _DENIED or self.word(above) == "without"):
                return False
            if dep == "ccomp" and lemma not in _BROUGHT_ABOUT:
                return True
            if dep == "xcomp" and self._is_infinitive(here) and lemma not in _BROUGHT_ABOUT:
                return False
            if dep == "conj" and any(True for _ in self.of(here, "nsubj", "nsubjpass", "aux", "auxpass")):
                return True
            if dep == "advcl":
                if self._is_infinitive(here):
                    return False  # what was meant
                if any(True for _ in self.of(here, "mark", "advmod")):
                    return True  # "when 12 died": so, whatever the main clause says
            here = above
        return True

    def _is_infinitive(self, verb: int) -> bool:
        auxiliaries = [self.word(c) for c in self.of(verb, "aux")]
        return "to" in auxiliaries and "have" not in auxiliaries

    def _is_unreal(self, verb: int) -> bool:
        for child in self.children(verb):
            dep, word = self.deps[child], self.word(child)
            if dep == "neg" or (dep == "aux" and word in _UNSURE):
                return True
            if dep == "mark" and word in ("if", "unless", "whether", "lest"):
                return True
        return False

    def is_rate(self, behind: int) -> bool:
        """Whether the words from token ``behind`` on make a rate of a count: "a day", "every week", "per month"."""
        for at in range(behind, min(behind + 8, self.end - 1)):
            word, after = self.lower[at], self.lower[at + 1]
            if word in (",", ";", ".", "and"):
                return False
            if word in ("per", "each", "every", "a", "an") and after in TIMES:
                if word not in ("a", "an"):
                    return True
                return self.word(at + 2) not in ("after", "before", "earlier", "later", "ago", "of", "-")
            if word in ("daily", "annually", "yearly"):
                return True
        return False
