"""The rival that anybody would write first: quotation marks, and the subject of the nearest reporting verb.

It reads the same parse as we do, and nothing else: no names, no pronouns, no neighbouring paragraphs. Where there is no
parse it finds marks alone.
"""

from __future__ import annotations

import re
from bisect import bisect_left

from benchmarks.scoring import Attribution, Span
from schemas.records import Syntax

MARKED = re.compile(r"[“\"]([^“”\"\n]{2,2000})(?:[”\"]|$)|«([^«»\n]{2,2000})»", re.MULTILINE)
VERBS = frozenset(
    "say tell add claim insist warn announce state declare note explain argue write ask reply recall admit report "
    "suggest deny confirm stress remark continue tweet call describe".split()
)
MIN_WORDS = 3  # of fewer, most are terms


def found_by_marks(syntax: Syntax) -> list[Attribution]:
    """The quotations of a text."""
    marked = [match.span(match.lastindex or 0) for match in MARKED.finditer(syntax.text)]
    inside = {i for span in marked for i in _tokens(syntax, span)}
    subjects = {
        head: i
        for i, head in enumerate(syntax.heads)
        if syntax.deps[i] == "nsubj" and syntax.lemmas[head] in VERBS and syntax.pos[head] == "VERB"
    }
    verbs = sorted(subjects.keys() - inside)
    return [
        _attributed(syntax, span, verbs, subjects)
        for span in marked
        if len(syntax.text[slice(*span)].split()) >= MIN_WORDS
    ]


def _tokens(syntax: Syntax, span: Span) -> range:
    return range(bisect_left(syntax.starts, span[0]), bisect_left(syntax.starts, span[1]))


def _attributed(syntax: Syntax, span: Span, verbs: list[int], subjects: dict[int, int]) -> Attribution:
    """The verbs of the same paragraph go first; verb or subject, whichever is nearer to the marks, decides."""
    text, own = syntax.text, _tokens(syntax, span)
    end = text.find("\n", span[1])
    paragraph = _tokens(syntax, (text.rfind("\n", 0, span[0]) + 1, end if end >= 0 else len(text)))
    near = verbs[bisect_left(verbs, paragraph.start) : bisect_left(verbs, paragraph.stop)] or verbs
    if not near:
        return Attribution(span)

    def distance(verb: int) -> int:
        return min(abs(a - b) for a in (verb, subjects[verb]) for b in (own.start, own.stop - 1))

    nearest = min(near, key=distance)
    return Attribution(span, mention=_phrase(syntax, subjects[nearest]), cue=syntax.words[nearest])


def _phrase(syntax: Syntax, head: int) -> Span:
    """The noun with its articles, adjectives and the other parts of its name."""
    own = {"det", "compound", "amod", "poss", "nummod", "nmod"}
    around = range(max(0, head - 20), min(head + 20, len(syntax.heads)))
    parts = [i for i in around if i == head or (syntax.heads[i] == head and syntax.deps[i] in own)]
    return syntax.starts[parts[0]], syntax.starts[parts[-1]] + len(syntax.words[parts[-1]])
