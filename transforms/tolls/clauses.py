"""One sentence with what the rules on figures ask of it; and whether a verb tells what has happened.

Built for sentences with a telling word alone, so that an article without one costs a look at its words.
"""

from __future__ import annotations

from collections.abc import Iterator

from schemas.records import Syntax
from transforms.tolls.words import TIMES

_DENIED = frozenset(
    "deny fear threaten avoid prevent doubt refuse risk predict imagine pretend dispute reject expect hope want plan "
    "vow intend dismiss refute rebut debunk disprove contest question retract withdraw disbelieve".split()
)
_REPORTS = frozenset(
    "report reports claim claims evidence proof allegation allegations accusation accusations assertion assertions "
    "suggestion suggestions indication indications sign signs statement statements news word confirmation truth idea "
    "account accounts story stories basis information".split()
)
# Nouns and adjectives that make unreal what is said to be so.
_FALSE = frozenset(
    "false untrue wrong incorrect inaccurate unfounded baseless groundless fake fabricated invented bogus lie lies "
    "hoax fabrication fabrications myth nonsense invention rumour rumours rumor rumors propaganda fear fears threat "
    "risk danger possibility prospect hope denial denials unlikely impossible doubtful unclear unconfirmed possible "
    "disinformation untruth falsehood slander doubt doubts".split()
)
_TELLING = _REPORTS | _FALSE
_NONE = frozenset(("no", "neither", "not", "nor", "without", "little", "false"))
_DOUBTING = _NONE | _FALSE
_NOBODY = frozenset("nobody none neither nothing".split())
_HARDLY = frozenset("almost nearly hardly barely scarcely never narrowly not".split())
_KNOWN = frozenset("know realise realize mention forget notice learn hide conceal care regret".split())
_AUXILIARIES = frozenset(
    "was were is are did do does has have had will would can could should wasn't weren't didn't".split()
)
_CLIMB = frozenset(("xcomp", "pcomp", "advcl", "conj", "ccomp", "dep"))
BROUGHT_ABOUT = frozenset(
    "force drive compel push prompt cause lead oblige make manage continue go succeed help begin start see leave "
    "let".split()
)
_UNSURE = frozenset("could would may might can should will shall must 'd ’d 'll ’ll wo".split())
_NO_RATE = frozenset("after before earlier later ago of on since into apart when that - –".split())
_OFTEN = frozenset("daily weekly monthly nightly hourly annually yearly".split())
_EACH = frozenset(("each", "every"))
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
            if above == here or not self.within(above):
                return True
            if dep in ("acl", "relcl") and (self._is_that(here) or dep == "acl"):
                return not (self.word(above) in _TELLING and self.is_doubted(above))
            if dep not in _CLIMB:
                return True
            lemma = self.lemmas[above].lower()
            if dep in ("xcomp", "ccomp", "pcomp") and (lemma in _DENIED or self.word(above) == "without"):
                return False
            if dep == "ccomp" and lemma not in BROUGHT_ABOUT:
                return not self._is_denied(above, here)
            if dep == "xcomp" and self._is_infinitive(here) and lemma not in BROUGHT_ABOUT:
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

    def _is_that(self, verb: int) -> bool:
        """Whether a clause says what a noun is about: "reports that 12 died"."""
        return any(self.word(c) == "that" for c in self.of(verb, "mark"))

    def _is_denied(self, verb: int, clause: int) -> bool:
        """Whether ``verb``, which reports or judges ``clause``, says that it is not so: "did not say that"."""
        here = verb
        for _ in range(_DEPTH):
            is_not = self._is_negative(here)
            if (is_not and self.lemmas[here].lower() not in _KNOWN) or self._is_called_false(here):
                return True
            above, dep = self.heads[here], self.deps[here]
            if above == here or not self.within(above):
                return False
            if dep in ("acl", "relcl"):
                return self.word(above) in _TELLING and self.is_doubted(above)
            if dep not in ("xcomp", "ccomp", "pcomp"):
                return False
            if self.lemmas[above].lower() in _DENIED or self.word(above) == "without":
                return True
            here = above
        return False

    def is_doubted(self, noun: int) -> bool:
        """Whether what a noun reports is not so: "no evidence", "denied reports", "the claim … is false"."""
        at = noun
        for _ in range(_DEPTH):
            word = self.word(at)
            if word in ("doubt", "doubts") and self.word(at - 1) == "no":
                return False
            if word in _FALSE or word == "without" or any(self.word(c) in _DOUBTING for c in self.children(at)):
                return True
            above, dep = self.heads[at], self.deps[at]
            if above == at or not self.within(above):
                return False
            if self.tags[above][:1] == "V":
                if self._is_negative(above) or self._is_called_false(above):
                    return True
                return dep not in ("nsubj", "agent") and self.lemmas[above].lower() in _DENIED
            at = above
        return False

    def is_report(self, noun: int) -> bool:
        """Whether a noun tells of what is said to have happened."""
        return self.word(noun) in _TELLING

    def _is_negative(self, verb: int) -> bool:
        for child in self.children(verb):
            dep, word = self.deps[child], self.word(child)
            if dep == "neg":
                return True
            if dep in ("nsubj", "nsubjpass") and child < verb and self._is_nobody(child, word):
                return True
        return False

    def _is_nobody(self, subject: int, word: str) -> bool:
        if word in _NOBODY:
            return True
        return any(
            self.word(c) in ("no", "neither", "not") and self.word(c + 1) not in ("fewer", "less", "more")
            for c in self.of(subject, "det", "neg", "preconj")
        )

    def _is_called_false(self, verb: int) -> bool:
        """ "is false", "dismissed as untrue", "called it a lie"."""
        for child in self.children(verb):
            dep = self.deps[child]
            if dep in ("acomp", "attr", "oprd") and (
                self.word(child) in _FALSE or any(self.word(c) in _FALSE for c in self.of(child, "amod"))
            ):
                return True
            if dep == "xcomp" and any(self.word(c) in _FALSE for c in self.of(child, "acomp", "attr", "oprd")):
                return True
            if dep == "prep" and self.word(child) == "as" and self.word(child + 1) in _FALSE:
                return True
        return False

    @property
    def is_asked(self) -> bool:
        """Whether the sentence is a question that yes or no would answer."""
        if not any(self.word(at) == "?" for at in range(max(self.end - 4, self.begin), self.end)):
            return False
        first = next((at for at in range(self.begin, self.end) if self.words[at][:1].isalpha()), self.begin)
        if self.lower[first] in _AUXILIARIES:
            return True
        return not any(tag[:1] == "W" for tag in self.tags[self.begin : self.end])

    def _is_unreal(self, verb: int) -> bool:
        if self._is_negative(verb):
            return True
        for child in self.children(verb):
            dep, word = self.deps[child], self.word(child)
            if dep == "aux" and word in _UNSURE:
                return True
            if word in _HARDLY and verb - 2 <= child < verb and self.tags[child + 1][:1] in ("V", "R"):
                return True
            if dep == "mark" and word in ("if", "unless", "whether", "lest"):
                return True
        return False

    def is_rate(self, behind: int) -> bool:
        """Whether the words from token ``behind`` on make a rate of a count: "a day", "every week", "for every 100"."""
        for at in range(behind, min(behind + 8, self.end - 1)):
            word, after = self.lower[at], self.lower[at + 1]
            if word in (",", ";", ".", "and"):
                return False
            if word in ("a", "an") and after in TIMES:
                if self.tags[at - 1] == "IN" and self.lower[at - 1] not in ("as", "that"):
                    continue  # "within a day"
                return self.word(at + 2) not in _NO_RATE
            if word in ("per", "each", "every") and (self._is_time(at + 1) or self._is_time(at + 2)):
                return True
            if word in ("per", "every") and self.tags[at + 1] == "CD":
                return True  # "for every 100 wounded"
            if word in _OFTEN and self.tags[at + 1][:1] != "N":
                return True
        return False

    def _is_time(self, at: int) -> bool:
        word = self.word(at)
        return word in TIMES or (word[-1:] == "s" and word[:-1] in TIMES)

    def is_usual(self, cue: int) -> bool:
        """Whether the clause of ``cue`` begins with how often: "Every day two children die"."""
        at = cue
        for _ in range(_DEPTH):
            for child in self.children(at):
                if child < at and self._is_time(child) and any(self.word(c) in _EACH for c in self.of(child, "det")):
                    return True
            above = self.heads[at]
            if above == at or not self.within(above) or (self.tags[at][:1] == "V" and self.deps[at] != "conj"):
                return False
            at = above
        return False
