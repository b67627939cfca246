"""Whose are the marked words: ties each quoted span to a cue, to the speaker before it, or to nobody."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass

from transforms.quotation.cues import COMMON_PERSONS, HEARD, RELATIVES, SAYING
from transforms.quotation.marks import Quoted
from transforms.quotation.parse import Parsed, noun_phrase, within_marks
from transforms.quotation.reporting import Cue, any_verb
from transforms.quotation.signatures import signature

_TERMINATORS = frozenset((".", "!", "?", "…"))
_SPEAKING = frozenset(("PERSON", "ORG", "NORP", "GPE"))
_SUBORDINATE = frozenset(("advcl", "relcl", "acl", "pcomp", "csubj"))
_HUMANS = COMMON_PERSONS | RELATIVES
_PRONOUNS = frozenset("he she they i we who".split())
# Verbs that report only right beside the marks; elsewhere they have other business.
_BESIDE = frozenset("begin continue read go finish proceed add note sing laugh quote".split())


@dataclass
class Tied:
    """A quoted span with what it was tied to; ``how`` says by which rule."""

    quoted: Quoted
    cue: Cue | None
    how: str  # after, before, inside, sentence, chain, colon, previous, none
    subject: int | None = None
    head: tuple[int, int] = (0, 0)  # tokens between the last full stop, or quotation, and the opening mark
    signed: tuple[int, int] | None = None  # characters of a name that stands beside it without a verb
    goes_on: bool = False  # it is a further piece of the utterance before


def tie(parsed: Parsed, quotes: list[Quoted], cues: list[Cue]) -> list[Tied]:
    """Return one :class:`Tied` for each quoted span, in order."""
    outside = [c for c in cues if not within_marks(parsed.starts[c.at], quotes)]
    places = [c.at for c in outside]
    tied: list[Tied] = []
    for n, quoted in enumerate(quotes):
        before = quotes[n - 1] if n and quotes[n - 1].last_paragraph == quoted.paragraph else None
        after = quotes[n + 1] if n + 1 < len(quotes) and quotes[n + 1].paragraph == quoted.last_paragraph else None
        low, high = parsed.lines[quoted.paragraph][0], parsed.lines[quoted.last_paragraph][1]
        head = _segment_before(parsed, before.outer_end if before else low, quoted.outer_start)
        tail = _segment_after(parsed, quoted, after.outer_start if after else high)
        own = outside[bisect_left(places, head[0]) : bisect_left(places, head[1])]
        following = outside[bisect_left(places, tail[0]) : bisect_left(places, tail[1])]
        last = tied[-1] if tied else None
        signed = signature(parsed.text, quoted, parsed.lines)
        if signed is not None:
            tied.append(Tied(quoted, None, "signed", parsed.token_at(signed[0]), head, signed))
            continue
        tied.append(_choose(parsed, quoted, own, following, head, tail, last, before is not None, outside, places))
        tied[-1].head = head
    return tied


def _segment_before(parsed: Parsed, low: int, high: int) -> tuple[int, int]:
    """Tokens between the last full stop (or quotation) and the opening mark."""
    end = parsed.token_at(high)
    start = end
    floor = max(parsed.token_at(low), end - 80)
    while start > floor and parsed.words[start - 1] not in _TERMINATORS and not parsed.words[start - 1].isspace():
        start -= 1
    return start, end


def _segment_after(parsed: Parsed, quoted: Quoted, high: int) -> tuple[int, int]:
    """Tokens between the closing mark and the next full stop or opening mark."""
    start = parsed.token_at(quoted.outer_end)
    stop = min(parsed.token_at(high), start + 80, len(parsed.words))
    end = start
    while end < stop and parsed.words[end] not in _TERMINATORS:
        end += 1
    return start, end


def _ends_sentence(text: str, quoted: Quoted) -> bool:
    return text[quoted.end - 1] in ".!?…" or text[quoted.end : quoted.outer_end].strip()[:1] in tuple(".!?…")


def _choose(
    parsed: Parsed,
    quoted: Quoted,
    own: list[Cue],
    following: list[Cue],
    head: tuple[int, int],
    tail: tuple[int, int],
    last: Tied | None,
    same_paragraph: bool,
    outside: list[Cue],
    places: list[int],
) -> Tied:
    text, words = parsed.text, parsed.words
    comma = text[quoted.end - 1] == "," or text[quoted.outer_end : quoted.outer_end + 1] == ","
    near = _near(parsed, following, tail)
    if near is None and comma and not own:
        near = any_verb(parsed, tail[0], tail[1])
    lead = words[head[1] - 1] if head[1] > head[0] else ""
    if near is not None and own and _leads(own[-1], head, lead):
        near = None  # "Haddar said “we wait”, and Sallum said ..."
    if near is not None and (comma or not own) and not _new_sentence(parsed, quoted, tail):
        return Tied(quoted, near, "after", near.subject)
    if own and lead in (",", ":", "that", "—", "–"):
        chosen = own[-1]
        return Tied(quoted, chosen, "before", chosen.subject)
    own = [c for c in own if c.lemma not in _BESIDE]
    if own:
        return Tied(quoted, own[-1], "inside", own[-1].subject)
    if head[1] - head[0] > 2 and lead == ":":
        subject = _sentence_subject(parsed, head[0], head[1])
        return Tied(quoted, None, "colon", subject)
    if following and not _ends_sentence(text, quoted):
        return Tied(quoted, following[0], "sentence", following[0].subject)
    if head[1] - head[0] > 1 and not (head[1] - head[0] <= 3 and same_paragraph):
        return Tied(quoted, None, "none", None)
    if tail[1] - tail[0] > 1 and not _ends_sentence(text, quoted) and not comma:
        return Tied(quoted, None, "none", None)
    return _from_context(parsed, quoted, head, last, same_paragraph, outside, places)


def _leads(cue: Cue, head: tuple[int, int], lead: str) -> bool:
    """`Haddar said “we wait`: the verb stands right before the mark, its speaker before it."""
    told = cue.lemma in SAYING and cue.subject is not None and not cue.inverted
    apart = head[1] - 1 - cue.last  # "said on Friday that “we wait”"
    if lead == "that" or (lead in (",", ":") and cue.lemma in HEARD):  # "told Sallum, “we wait”"
        return told and apart <= 8
    return told and apart == (1 if lead in (",", ":") else 0)


def _near(parsed: Parsed, following: list[Cue], tail: tuple[int, int]) -> Cue | None:
    """The cue right behind the closing mark: `," said Haddar`, `," Haddar, the mayor, said`."""
    for cue in following[:2]:
        start = tail[0]
        while start < tail[1] and (parsed.words[start] in (",", "—", "–") or parsed.words[start].isspace()):
            start += 1
        if cue.lemma == "according":
            return cue if cue.at - start <= 1 else None
        if cue.first - start <= 2:
            return cue
        if cue.subject is not None and not cue.inverted:
            first = noun_phrase(parsed, cue.subject)[0]
            if first - start <= 2 and cue.at - start <= 40:
                return cue
        return None
    return None


def _new_sentence(parsed: Parsed, quoted: Quoted, tail: tuple[int, int]) -> bool:
    """`... here." Haddar said the road was closed.` begins anew: a full stop, and a clause of its own."""
    text = parsed.text
    if text[quoted.end - 1] != "." and text[quoted.outer_end : quoted.outer_end + 1] != ".":
        return False
    if text[quoted.outer_end : quoted.outer_end + 1] == ",":
        return False
    first = parsed.words[tail[0]] if tail[0] < len(parsed.words) else ""
    return first[:1].isupper() or text[quoted.outer_end : quoted.outer_end + 1] == "."


def _sentence_subject(parsed: Parsed, first: int, last: int) -> int | None:
    """The first subject among tokens [first, last)."""
    for i in range(first, last):
        if parsed.dep[i] in ("nsubj", "nsubjpass"):
            return i
    return None


def _from_context(
    parsed: Parsed,
    quoted: Quoted,
    head: tuple[int, int],
    last: Tied | None,
    same_paragraph: bool,
    outside: list[Cue],
    places: list[int],
) -> Tied:
    """A quotation that stands by itself: the speaker comes from what was before."""
    low = parsed.lines[quoted.paragraph][0]
    if quoted.goes_on and last is not None:
        return Tied(quoted, last.cue, "chain", last.subject, goes_on=True)
    if same_paragraph and last is not None:
        between = parsed.token_at(last.quoted.outer_end)
        cue = _last_cue(parsed, outside, places, between, head[1], main=last.subject is not None)
        if cue is not None:
            own = last.cue is not None and cue.at == last.cue.at
            return Tied(quoted, None, "previous", cue.subject, goes_on=own)
        if last.subject is not None or last.cue is not None:
            return Tied(quoted, last.cue, "chain", last.subject, goes_on=True)
        return Tied(quoted, None, "none", None)
    here = parsed.token_at(low)
    if here < head[1]:
        subject = _speaker_before(parsed, outside, places, here, head[1])
        if subject is not None:
            return Tied(quoted, None, "previous", subject)
    if quoted.paragraph == 0:
        return Tied(quoted, None, "none", None)
    above = parsed.lines[quoted.paragraph - 1]
    first, end = parsed.token_at(above[0]), parsed.token_at(above[1])
    if last is not None and last.quoted.last_paragraph == quoted.paragraph - 1 and last.subject is not None:
        cue = _last_cue(parsed, outside, places, parsed.token_at(last.quoted.outer_end), end, main=True)
        if cue is None:
            return Tied(quoted, last.cue, "chain", last.subject, goes_on=True)
        own = last.cue is not None and cue.at == last.cue.at
        return Tied(quoted, None, "chain", cue.subject, goes_on=own)
    subject = _speaker_before(parsed, outside, places, first, end)
    return Tied(quoted, None, "previous" if subject is not None else "none", subject)


def _speaker_before(parsed: Parsed, cues: list[Cue], places: list[int], first: int, last: int) -> int | None:
    """The speaker of the last cue among tokens [first, last), or whom the last sentence is about."""
    cue = _last_cue(parsed, cues, places, first, last)
    return cue.subject if cue is not None else _last_sentence_subject(parsed, first, last)


def _last_cue(
    parsed: Parsed, cues: list[Cue], places: list[int], first: int, last: int, *, main: bool = False
) -> Cue | None:
    """The last cue with a speaker among tokens [first, last); ``main``: of those that are not subordinate, as
    "after Haddar assured him" is."""
    for n in range(
        bisect_left(places, last) - 1, max(bisect_left(places, first), bisect_left(places, last) - 4) - 1, -1
    ):
        if main and parsed.dep[cues[n].at] in _SUBORDINATE:
            continue
        if cues[n].subject is not None and (cues[n].lemma in SAYING or cues[n].at >= last - 3):
            return cues[n]
    return None


def _last_sentence_subject(parsed: Parsed, first: int, last: int) -> int | None:
    """The person that the last sentence is about: the subject of its root."""
    i = last - 1
    while i >= first and last - i < 60:
        if parsed.dep[i] == "ROOT" and parsed.pos[i] in ("VERB", "AUX"):
            for child in parsed.children(i):
                if parsed.dep[child] in ("nsubj", "nsubjpass"):
                    return _who_speaks(parsed, child)
            return None
        i -= 1
    return None


def _who_speaks(parsed: Parsed, subject: int) -> int | None:
    """The subject, where it is somebody who can speak; of "His unit" the one whose it is; else nobody."""
    if parsed.lower[subject] == "one":  # "One is Salma Haddar, 63"
        return next((c for c in parsed.rights(parsed.heads[subject]) if parsed.label(c) == "PERSON"), None)
    speaks = parsed.label(subject) in _SPEAKING or parsed.tags[subject] == "NNP"
    speaks = speaks or any(parsed.dep[c] == "appos" and parsed.label(c) == "PERSON" for c in parsed.rights(subject))
    if speaks or parsed.lower[subject] in _PRONOUNS or parsed.lemmas[subject] in _HUMANS:
        return subject
    return next((c for c in parsed.children(subject) if parsed.lower[c] in ("his", "her")), None)
