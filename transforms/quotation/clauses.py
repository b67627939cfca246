"""The clauses that cues report: complements, words before ", he said", and what goes on behind it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from transforms.quotation.cues import ASKING, HEARD, QUOTING, SAYING
from transforms.quotation.parse import DATELINE, MARKS, SUBJECTS, Parsed, noun_phrase
from transforms.quotation.reporting import Cue

MAX_CLAUSE = 150  # tokens: longer ones are parser accidents, and bounded work stays linear


_COMMENTING = frozenset(
    "echo highlight point reflect put draw prompt leave underline signal refer cite underscore".split()
)
# What a source asks of the writer: "asked not to be named", "asked to be called Abu Ali".
_NAMELESS = re.compile(
    r" (?:not )?to be (?:named|identified|quoted|called|cited)\b| (?:that )?(?:his|her|their) (?:\w+ )?names?\b"
)
_WHEN = frozenset("when as while after before since once until asked".split())
_ACTS = SAYING | ASKING | QUOTING
_DEICTIC = frozenset(("i", "you", "we"))


@dataclass(frozen=True)
class Clause:
    """Reported words ``[start, end)`` in characters, and the cue that reports them."""

    start: int
    end: int
    cue: Cue
    cue_end: int  # character where the cue ends


def clauses(parsed: Parsed, cues: list[Cue]) -> list[Clause]:
    """Return the reported clauses of ``cues``, in the order of the cues."""
    found: list[Clause] = []
    for cue in cues:
        if cue.lemma == "according":
            found += _according(parsed, cue)
        elif cue.lemma in SAYING or cue.lemma in ASKING:
            found += _reported(parsed, cue)
    return found


def speaks_as_i(parsed: Parsed, start: int, end: int, cue: Cue) -> bool:
    """Whether unmarked words ``[start, end)`` have the subject I, we or you: "let's say you call".

    Reported speech turns these into he, she and they, but behind a "that" or in a writer's own report: what
    keeps them is the writer speaking, or everybody.
    """
    first, stop = parsed.token_at(start), parsed.token_at(end)
    if parsed.words[first].lower() == "that":
        return False
    if cue.subject is not None and parsed.words[cue.subject].lower() in ("i", "we"):
        return False
    subject = next((i for i in range(first, stop) if parsed.dep[i] in SUBJECTS), None)
    return subject is not None and parsed.words[subject].lower() in _DEICTIC


def is_nameless(parsed: Parsed, cue: Cue) -> bool:
    """Whether somebody asks the writer to keep his name out: nothing that is said."""
    return cue.lemma in ASKING and _NAMELESS.match(parsed.text, parsed.end_of(cue.last)) is not None


def _reported(parsed: Parsed, cue: Cue) -> list[Clause]:
    if cue.subject is None or is_nameless(parsed, cue):
        return []
    after: list[Clause] = []
    before: list[Clause] = []
    for child in parsed.children(cue.at):
        dep = parsed.dep[child]
        if dep == "ccomp" or (dep == "xcomp" and cue.lemma in ASKING):
            if child > cue.at:
                first, last = parsed.left_edge(child), parsed.right_edge(child)
                if dep == "xcomp":
                    first = min([first, *(parsed.left_edge(c) for c in _addressed(parsed, cue.at, child))])
                first = _widened(parsed, cue, max(first, cue.right + 1))
                if last - first <= MAX_CLAUSE and first <= last:
                    after += _clause(parsed, first, last, cue)
            elif cue.lemma in SAYING:
                piece = _before(parsed, cue, parsed.left_edge(child))
                before += piece
    if not before and not after and cue.lemma in SAYING:
        before = _before(parsed, cue, None)
        if (before and parsed.dep[cue.at] in ("parataxis", "ccomp", "advcl", "ROOT")) or _parenthetic(parsed, cue):
            after = _resumed(parsed, cue)
        elif not before:
            after = _unattached(parsed, cue)
    elif before:
        after += _resumed(parsed, cue)
    return before + after


def _addressed(parsed: Parsed, verb: int, before: int) -> list[int]:
    """Who is to act: "asked the council to ...", "called on both sides to ..."."""
    found = []
    for c in parsed.rights(verb):
        if c < before and parsed.dep[c] in ("dobj", "dative"):
            found.append(c)
        elif c < before and parsed.dep[c] == "prep" and parsed.lower[c] in ("on", "for", "upon"):
            found += [x for x in parsed.children(c) if parsed.dep[x] == "pobj"]
    return found


def _widened(parsed: Parsed, cue: Cue, first: int) -> int:
    """Where a clause begins whose subject the parse made an object of the verb: "said the depots in Raqa were
    full", or whose "that" it hung elsewhere."""
    gap = range(cue.right + 1, first)
    if len(gap) > 25:
        return first
    that = next((i for i in gap if parsed.lower[i] == "that" and parsed.tags[i] == "IN"), None)
    if that is not None:
        return that
    if gap and cue.lemma not in HEARD and not cue.inverted:
        objects = [c for c in parsed.rights(cue.at) if c in gap and parsed.dep[c] in ("dobj", "nsubj", "attr")]
        if objects and parsed.left_edge(objects[0]) == gap.start:
            return gap.start
    return first


def _unattached(parsed: Parsed, cue: Cue) -> list[Clause]:
    """A clause with "that" which the parse hung elsewhere: "noted on Sunday that the road was closed"."""
    _, high = parsed.sentence(parsed.starts[cue.at], parsed.starts[cue.at] + 1)
    stop = parsed.token_at(high) - 1
    if cue.subject is None or cue.subject > cue.at or stop - cue.last > MAX_CLAUSE:
        return []
    for i in range(cue.last + 1, min(cue.last + 12, stop - 2)):
        if parsed.lower[i] == "that" and parsed.dep[i] == "mark":
            return _clause(parsed, i, stop, cue)
        if parsed.pos[i] in ("VERB", "AUX") or parsed.words[i] in ";:" or parsed.words[i] in MARKS:
            break
    return []


def _clause(parsed: Parsed, first: int, last: int, cue: Cue) -> list[Clause]:
    last = _without_narration(parsed, first, last, cue)
    while last > first and parsed.lower[last] in ("and", "but", "or", ","):
        last -= 1
    start, end = parsed.starts[first], parsed.end_of(last)
    low, high = parsed.paragraph_span(parsed.starts[cue.at])
    start, end = max(start, low), min(end, high)
    start, end = trim(parsed.text, start, end)
    if end - start < 8 or " " not in parsed.text[start:end]:
        return []
    return [Clause(start, end, cue, parsed.end_of(cue.last))]


def _without_narration(parsed: Parsed, first: int, last: int, cue: Cue) -> int:
    """The last token of the clause [first, last] without what goes on with another act of speech, or what a writer
    hangs on behind a comma: ", adding that ...", ", echoing the mayor"."""
    for i in range(first + 4, last - 1):
        if parsed.words[i] in (",", "and", "but") and _goes_on_reporting(parsed, i, last, cue):
            return i - 1
        if parsed.words[i] == "," and _is_comment(parsed, i + 1, last):
            return i - 1
    return last


def _goes_on_reporting(parsed: Parsed, i: int, last: int, cue: Cue) -> bool:
    """`said the road was closed and urged drivers to wait`: at token ``i`` the speaker's next act of speech begins."""
    if parsed.words[i] == "," and parsed.words[i + 1] in ("and", "but"):
        i += 1
    if parsed.words[i] not in ("and", "but"):
        return False
    verb = next((j for j in range(i + 1, min(i + 4, last)) if parsed.pos[j] not in ("ADV", "AUX", "PART")), i)
    if parsed.lemmas[verb] not in _ACTS or parsed.tags[verb] != parsed.tags[cue.at]:
        return False
    return not any(parsed.dep[c] in SUBJECTS for c in parsed.children(verb))


def _is_comment(parsed: Parsed, i: int, last: int) -> bool:
    """`, echoing the mayor`: whether token ``i`` opens a participle's clause that takes all up to ``last``."""
    if parsed.tags[i] != "VBG" or parsed.dep[i] != "advcl":
        return False
    if parsed.lemmas[i] not in SAYING and parsed.lemmas[i] not in _COMMENTING:
        return False
    return parsed.right_edge(i) >= last - 1 and parsed.left_edge(i) >= i - 1


def _before(parsed: Parsed, cue: Cue, first: int | None) -> list[Clause]:
    """Words before ", he said": from the sentence's beginning to the comma."""
    if parsed.tags[cue.at] == "VBG":
        return []  # "He blamed the army, saying ...": what stands before is the writer's
    left = noun_phrase(parsed, cue.subject)[0] if cue.subject is not None and cue.subject < cue.first else cue.first
    comma = left - 1
    # The speaker may carry an apposition: ", Haddar, the mayor, said". The comma before the name is the one.
    if comma < 1 or not (parsed.words[comma] in (",", "—", "–", "-") or parsed.words[comma] in MARKS):
        return []
    low, _ = parsed.sentence(parsed.starts[cue.at], parsed.starts[cue.at] + 1)
    if first is not None and parsed.starts[first] < low:
        low = max(parsed.starts[first], parsed.paragraph_span(parsed.starts[cue.at])[0])
    i = comma
    dateline = DATELINE.match(parsed.text, low, low + 80)
    low = dateline.end() if dateline else low
    floor = max(parsed.token_at(low), comma - MAX_CLAUSE)
    if floor >= i:
        return []
    if not any(parsed.dep[j] in SUBJECTS for j in range(floor, i)) and not _parenthetic(parsed, cue):
        return []  # "In a speech on Sunday, he said": no clause
    if _is_aside(parsed, floor, i - 1, cue):
        return []
    return _clause(parsed, floor, i - 1, cue)


def _is_aside(parsed: Parsed, first: int, last: int, cue: Cue) -> bool:
    """`As the shells fell, she said ...`: when she spoke, not what she said."""
    if parsed.lower[first] not in _WHEN:
        return False
    outer = [i for i in range(first, last + 1) if not first <= parsed.heads[i] <= last]
    return bool(outer) and all(parsed.dep[i] in ("advcl", "punct", "advmod", "mark") for i in outer)


def _parenthetic(parsed: Parsed, cue: Cue) -> bool:
    """`In several towns, she said, the schools ...`: name and verb between commas, in this order."""
    if cue.subject is None or cue.subject > cue.first or cue.last + 2 >= len(parsed.words):
        return False
    left, right = parsed.words[noun_phrase(parsed, cue.subject)[0] - 1], parsed.words[cue.last + 1]
    return left in (",", "—", "–") and right in (",", "—", "–") and parsed.words[cue.last + 2] not in MARKS


def _resumed(parsed: Parsed, cue: Cue) -> list[Clause]:
    """Words after "X, he said," up to the end of the sentence: the second piece of a split clause."""
    last = noun_phrase(parsed, cue.subject)[1] if cue.subject is not None and cue.subject > cue.last else cue.last
    if last + 2 >= len(parsed.words) or parsed.words[last + 1] != ",":
        return []
    opens = cue.left - 1
    if opens >= 0 and parsed.words[opens] in MARKS and parsed.words[last + 2] not in MARKS:
        return []  # "“We are open,” Haddar said, and the queue moved on": what was said stood in the marks
    _, high = parsed.sentence(parsed.starts[cue.at], parsed.starts[cue.at] + 1)
    stop = parsed.token_at(high) - 1
    if stop - last < 4 or stop - last > MAX_CLAUSE:
        return []
    if cue.subject is not None and parsed.right_edge(cue.subject) > last + 1 and cue.subject > cue.last:
        return []  # ", said Haddar, the mayor of a town": who she is
    if _parenthetic(parsed, cue) and parsed.tags[last + 2] != "VBG":
        return _clause(parsed, last + 2, stop, cue)
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
        behind = cue.subject + 1  # "According to Haddar, head of the council, ..."
        for child in parsed.rights(cue.subject):
            if parsed.dep[child] == "appos" and parsed.right_edge(child) - cue.subject < 30:
                behind = max(behind, parsed.right_edge(child) + 1)
        comma = next((k for k in range(behind, min(stop, behind + 40)) if parsed.words[k] == ","), None)
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
