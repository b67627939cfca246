"""How quotations found are counted against those that people marked: the same rule for every system.

*The words.* Of both spans the marks, blanks and stops at the edges are left aside. A found span answers a marked one
where the characters that they share are at least ``OVERLAP`` of those that they cover together. Each answers one at
most; the closest pairs go first. Of spans found twice the first counts.

*The speaker* of such a pair is right where the two mentions overlap; or where the name that the system gives (else its
mention) shares a telling word with the marked mention or the annotated name: the last word, or the last of the
phrase before "of", "from", a comma and the like. Pronouns and articles tell nothing. A marked quotation without
speaker is not asked for one.

*Joint* figures count a pair only where its speaker is right, and leave out what is not asked for a speaker.

Three views: ``direct`` asks for what stands wholly in marks, and charges nobody for words without marks, or for a part
of another kind of quotation; ``said`` asks for speech of every kind, and neither asks nor charges for thoughts and
intentions; ``all`` asks for everything.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from functools import cached_property

OVERLAP = 0.8
VIEWS = ("direct", "said", "all")

_EDGE = frozenset("\"'`“”„«»‘’ \t\n\r\xa0,;.:")
_QUOTING = frozenset('"“')
_MARK_REACH = 3  # characters before the words in which an opening mark is looked for
_NOT_TELLING = frozenset(
    "i you he she it we they me him her us them his hers their one this that who the a an of in on for to and or s".split()
)
_PHRASE_END = re.compile(r"[,(—–]| (?:of|from|who|that|at|for|in|with) ")
_WORD = re.compile(r"\w[\w-]*")
_POSSESSIVE = re.compile(r"['’]s")

Span = tuple[int, int]


@dataclass(frozen=True)
class Attribution:
    """Words ``span`` of a text and whose they are; all spans are [start, end) in characters."""

    span: Span
    kind: str = "direct"  # direct, mixed, indirect
    speech: bool = True  # false for thoughts and intentions; asked of indirect ones
    mention: Span | None = None  # the speaker as printed
    name: str | None = None  # as resolved
    cue: str | None = None
    confidence: float | None = None  # 0 to 1; of found ones

    @property
    def has_speaker(self) -> bool:
        return self.mention is not None or bool(self.name)


@dataclass(frozen=True)
class Comparison:
    """One text in one view. Indices are those of ``marked`` and ``found``."""

    text: str
    marked: list[Attribution]  # what the view asks for
    found: list[Attribution]  # without those that are found twice
    pairs: dict[int, int]  # marked to found
    charged: list[bool]  # of found: right or wrong; false for neither
    speaker_right: dict[int, bool]  # of marked ones that are paired and have a speaker


def compare(text: str, marked: Sequence[Attribution], found: Sequence[Attribution], view: str) -> Comparison:
    """Pair what was found in a text with what people marked."""
    if view not in VIEWS:
        raise ValueError(f"{view!r} is none of {', '.join(VIEWS)}")
    thoughts = [a for a in marked if a.kind == "indirect" and not a.speech]
    asked = [a for a in marked if _asked(a, view)]
    cores: dict[Span, Attribution] = {}
    for one in found:
        core = narrow(text, one.span)
        if core[0] < core[1]:
            cores.setdefault(core, one)
    spans, distinct = list(cores), list(cores.values())
    pairs = _pairs([narrow(text, a.span) for a in asked], spans)
    answered = set(pairs.values())
    if view == "direct":
        others = [narrow(text, a.span) for a in marked if a.kind != "direct"]
        charged = [_in_marks(text, span) and not any(_covers(o, span) for o in others) for span in spans]
    elif view == "said":
        passed = [narrow(text, a.span) for a in thoughts]
        charged = [all(closeness(span, p) < OVERLAP for p in passed) for span in spans]
    else:
        charged = [True] * len(spans)
    return Comparison(
        text,
        asked,
        distinct,
        pairs,
        [charge or n in answered for n, charge in enumerate(charged)],
        {m: same_speaker(text, asked[m], distinct[f]) for m, f in pairs.items() if asked[m].has_speaker},
    )


def _asked(one: Attribution, view: str) -> bool:
    if view == "direct":
        return one.kind == "direct"
    return view == "all" or one.kind != "indirect" or one.speech


def narrow(text: str, span: Span) -> Span:
    """``span`` without marks, blanks and stops at its edges; empty where nothing is left."""
    start, end = span
    while start < end and text[start] in _EDGE:
        start += 1
    while start < end and text[end - 1] in _EDGE:
        end -= 1
    return start, end


def _shared(a: Span, b: Span) -> int:
    return max(0, min(a[1], b[1]) - max(a[0], b[0]))


def closeness(a: Span, b: Span) -> float:
    """Characters in both, over characters from the first to the last of either, 0 to 1."""
    shared = _shared(a, b)
    return shared / (max(a[1], b[1]) - min(a[0], b[0])) if shared else 0.0


def _pairs(marked: Sequence[Span], found: Sequence[Span]) -> dict[int, int]:
    """The closest first; of equally close ones the later in the text."""
    near = [(closeness(m, f), i, j) for i, m in enumerate(marked) for j, f in enumerate(found) if _shared(m, f)]
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for close, i, j in sorted(near, reverse=True):
        if close < OVERLAP:
            break
        if i not in pairs and j not in taken:
            pairs[i] = j
            taken.add(j)
    return pairs


def _in_marks(text: str, span: Span) -> bool:
    return not _QUOTING.isdisjoint(text[max(0, span[0] - _MARK_REACH) : span[0]])


def _covers(outer: Span, inner: Span) -> bool:
    return _shared(outer, inner) >= OVERLAP * (inner[1] - inner[0])


def same_speaker(text: str, marked: Attribution, found: Attribution) -> bool:
    """Whether the one who is found is the one who was marked."""
    there, here = marked.mention, found.mention
    if there is not None and here is not None and _shared(there, here):
        return True
    wanted = telling_words(text[slice(*there)] if there else "") | telling_words(marked.name or "")
    given = found.name or (text[slice(*here)] if here else "")
    return not wanted.isdisjoint(telling_words(given))


def telling_words(name: str) -> set[str]:
    """The words of a name, in small letters, by which two of its forms are known for one: at most two."""
    plain = _POSSESSIVE.sub("", name.lower())
    last = (_WORD.findall(part)[-1:] for part in (plain, _PHRASE_END.split(plain)[0]))
    return {word for words in last for word in words} - _NOT_TELLING


@dataclass(frozen=True)
class Score:
    """Counts over texts, and the shares that follow from them; shares of nothing are 0."""

    marked: int = 0
    found: int = 0
    pairs: int = 0
    joint_marked: int = 0
    joint_found: int = 0
    joint_pairs: int = 0
    with_speaker: int = 0  # pairs that are asked for a speaker

    @classmethod
    def of(cls, comparisons: Iterable[Comparison]) -> Score:
        sums = dict.fromkeys((field.name for field in fields(cls)), 0)
        for c in comparisons:
            found, asked = sum(c.charged), len(c.speaker_right)
            sums["marked"] += len(c.marked)
            sums["found"] += found
            sums["pairs"] += len(c.pairs)
            sums["joint_marked"] += sum(a.has_speaker for a in c.marked)
            sums["joint_found"] += found - (len(c.pairs) - asked)
            sums["joint_pairs"] += sum(c.speaker_right.values())
            sums["with_speaker"] += asked
        return cls(**sums)

    @cached_property
    def precision(self) -> float:
        return _share(self.pairs, self.found)

    @cached_property
    def recall(self) -> float:
        return _share(self.pairs, self.marked)

    @cached_property
    def f1(self) -> float:
        return _share(2 * self.pairs, self.found + self.marked)

    @cached_property
    def joint_precision(self) -> float:
        return _share(self.joint_pairs, self.joint_found)

    @cached_property
    def joint_recall(self) -> float:
        return _share(self.joint_pairs, self.joint_marked)

    @cached_property
    def joint_f1(self) -> float:
        return _share(2 * self.joint_pairs, self.joint_found + self.joint_marked)

    @cached_property
    def speaker_accuracy(self) -> float:
        return _share(self.joint_pairs, self.with_speaker)


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0
