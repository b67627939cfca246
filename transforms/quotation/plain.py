"""Quotations without a parse: marks, and a name beside a reporting verb (French, Arabic, Turkish, English).

Only what stands next to the marks is believed: the verb and name behind them, or before them with a colon or
comma between. A pronoun, or marks alone, lead to the speaker of the quotation before in the same paragraph,
or to the only full name that the paragraph gave before them. All else has no speaker.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from schemas.records import Entity, Quote
from transforms.quotation.cues import ARABIC, FRENCH, TURKISH, TURKISH_PARTICIPLES
from transforms.quotation.marks import Quoted
from transforms.quotation.names import Names
from transforms.quotation.people import Speaker
from transforms.quotation.record import make_quote

_REACH = 160  # characters beside the marks that are looked at
_STOP = re.compile(r"[.!?…;؟؛]+(?=\s|$)")

_FR_AUX = (
    r"(?:(?:s['’]|l['’])?(?:est|a|ont|avait|avaient|sont)(?:-t-(?:il|elle|on)|-(?:ils|elles))?\s+"
    r"|s['’]|se\s+)?"
)
_FR_CUE = rf"{_FR_AUX}(?:{FRENCH})(?:e|s|es|nt)?(?:-t)?(?:-(?:il|elle|on|ils|elles))?"
_EN_CUE = r"(?:said|says|told|added|wrote|warned|explained|asked|noted|replied|insisted)"
_CUES = {
    "fr": re.compile(rf"(?<!\w){_FR_CUE}(?!\w)"),
    "tr": re.compile(rf"(?<!\w)(?:diye\s+)?(?:{TURKISH})(?!\w)"),
    "ar": re.compile(rf"(?<!\w)[وف]?(?:{ARABIC})(?!\w)"),
    "en": re.compile(rf"(?<!\w){_EN_CUE}(?!\w)"),
}
# Directly behind a French quotation, verb and subject change places: any verb form does.
_FR_INVERTED = re.compile(rf"(?:{_FR_AUX}(?:[a-zéèêîôûç]+(?:-t)?-(?:il|elle|on|ils|elles)|[a-zéèêîôûç]{{3,}}))(?!\w)")
_FR_NOT_VERB = frozenset(
    "sur dans lors pour avec mais une des les qui que dont selon après avant tandis alors afin "
    "comme entre depuis est sont ont soit puis cela cette ces ses leur leurs son par".split()
)
_FR_INCISE = re.compile(rf",\s+(?P<cue>{_FR_CUE})(?P<who>[^,«»]{{0,80}}),\s+")
_TR_PARTICIPLE = re.compile(rf"\s*,?\s*(?P<cue>(?:diye\s+)?(?:{TURKISH_PARTICIPLES})|diye\s+\w+[ae]n)\s+")
_TR_LOOSE = re.compile(r"\s*,?\s*(?P<cue>diye\s+\w+)")


@dataclass(frozen=True)
class _Said:
    """What a rule found: cue and speaker phrase as spans; ``pronoun`` where the phrase only points back."""

    cue: tuple[int, int] | None
    who: tuple[int, int] | None
    pronoun: bool = False


def quotes(
    text: str,
    lines: list[tuple[int, int]],
    marked: list[Quoted],
    article_id: str,
    revision_id: str,
    language: str,
    entities: Sequence[Entity],
) -> list[Quote]:
    """Return the direct quotations of ``text``, in order."""
    reader = _Reader(text, language, entities)
    names = reader.names
    found: list[Quote] = []
    last: tuple[int, Speaker] | None = None  # the paragraph and speaker of the quotation before
    for n, quoted in enumerate(marked):
        low, high = lines[quoted.paragraph][0], lines[quoted.last_paragraph][1]
        before = marked[n - 1].outer_end if n and marked[n - 1].last_paragraph == quoted.paragraph else low
        after = high
        if n + 1 < len(marked) and marked[n + 1].paragraph == quoted.last_paragraph:
            after = marked[n + 1].outer_start
        pieces, said = reader.incise(quoted)
        if said is None:
            said = reader.beside(quoted, before, after)
        speaker = None
        if said is not None and said.who is not None:
            speaker = names.speaker(*said.who)
            if speaker.name is None and names.points_back(speaker):
                named = names.only_name(low, before if before > low else quoted.outer_start)
                speaker = replace(speaker, name=named.name, entity_id=named.entity_id) if named else speaker
        elif said is not None or (reader.stands_alone(before, quoted) and last is not None):
            if (
                last is not None
                and (last[0] == quoted.paragraph or quoted.goes_on)
                and names.no_name_since(before, quoted, last[1])
            ):
                speaker = last[1]
            elif language != "tr" or reader.stands_alone(before, quoted):
                opens_paragraph = quoted.paragraph > 0 and quoted.outer_start == low
                above = lines[quoted.paragraph - 1][0] if opens_paragraph else low
                here = quoted.outer_start
                speaker = names.only_name(low, here) or names.only_name(above, here)
        elif reader.stands_alone(before, quoted):
            speaker = names.only_name(low, quoted.outer_start) if before == low else None
        words = len(text[quoted.start : min(quoted.end, quoted.start + 200)].split())
        if words <= 2 and (said is None or said.cue is None):
            continue
        if said is None and speaker is None and not (words > 3 and text[quoted.end - 1] in ".!?…؟"):
            continue
        if speaker is not None:
            last = (quoted.last_paragraph, speaker)
        for start, end in pieces:
            found.append(
                make_quote(
                    text,
                    "direct",
                    start,
                    end,
                    article_id,
                    revision_id,
                    cue=said.cue if said else None,
                    speaker=speaker,
                    sentence=reader.sentence(quoted, low, high),
                )
            )
    return found


class _Reader:
    """Reads what stands beside the marks of one text: cue and speaker's phrase."""

    def __init__(self, text: str, language: str, entities: Sequence[Entity]) -> None:
        self.text = text
        self.language = language if language in _CUES else "en"
        self.cues = _CUES[self.language]
        self.names = Names(text, self.language, entities)

    def incise(self, quoted: Quoted) -> tuple[list[tuple[int, int]], _Said | None]:
        """French puts "explique X" between commas inside the marks: the pieces around it, and who spoke."""
        whole = [(quoted.start, quoted.end)]
        if self.language != "fr":
            return whole, None
        hit = _FR_INCISE.search(self.text, quoted.start, min(quoted.end, quoted.start + 1000))
        if hit is None:
            return whole, None
        who = self.names.phrase(hit.start("who"), hit.end("who"))
        pronoun = re.search(r"-(?:il|elle|on|ils|elles)$", hit["cue"]) is not None
        if who is None and not pronoun:
            return whole, None
        pieces = [(a, b) for a, b in ((quoted.start, hit.start()), (hit.end(), quoted.end)) if a < b]
        return pieces, _Said(hit.span("cue"), who, pronoun)

    def beside(self, quoted: Quoted, before: int, after: int) -> _Said | None:
        tail_end = min(after, quoted.outer_end + _REACH)
        stop = _STOP.search(self.text, quoted.outer_end, tail_end)
        tail_end = stop.start() if stop else tail_end
        head_start = self._head_start(quoted, before)
        return self._behind(quoted.outer_end, tail_end, head_start, quoted.outer_start) or self._ahead(
            head_start, quoted.outer_start
        )

    def _head_start(self, quoted: Quoted, before: int) -> int:
        start = max(before, quoted.outer_start - _REACH)
        for stop in _STOP.finditer(self.text, start, quoted.outer_start):
            start = stop.end()
        return start

    def _behind(self, start: int, end: int, head_start: int, head_end: int) -> _Said | None:
        text = self.text
        at = start
        while at < end and (text[at].isspace() or text[at] in ",،"):
            at += 1
        if at >= end:
            return None
        if self.language == "tr":
            return self._turkish(start, end, head_start, head_end)
        hit = self.cues.match(text, at, end)
        if hit is None and self.language == "fr" and at > start and "," in text[start - 1 : at] + text[at : at + 1]:
            hit = _FR_INVERTED.match(text, at, end)
            if hit is not None and hit.group().split()[0].lower() in _FR_NOT_VERB:
                hit = None
        if hit is None:
            if self.language == "en":
                found = self.cues.search(text, at, min(end, at + 60))
                who = self.names.first_name(at, found.start()) if found else None
                return _Said(found.span(), who) if found and who else None
            return None
        if re.search(r"-(?:il|elle|on|ils|elles)\b", hit.group()):
            return _Said(hit.span(), None, True)
        who = self.names.phrase(hit.end(), end)
        return _Said(hit.span(), who, who is None)

    def _turkish(self, start: int, end: int, head_start: int, head_end: int) -> _Said | None:
        text = self.text
        participle = _TR_PARTICIPLE.match(text, start, end)
        if participle is not None:
            who = self.names.name_at(participle.end(), end)
            return _Said(participle.span("cue"), who, who is None)
        hit = self.cues.search(text, start, min(end, start + 60)) or _TR_LOOSE.match(text, start, end)
        if hit is None:
            return None
        named = None
        if text[head_start:head_end].rstrip().endswith(","):
            named = self.names.first_name(head_start, head_end)
        return _Said(hit.span(), named, named is None)

    def _ahead(self, start: int, end: int) -> _Said | None:
        """`Verb name:` or `name verb:` right before the opening mark."""
        text = self.text
        lead = text[start:end].rstrip()
        if not lead or lead[-1] not in ":,،" or self.language == "tr":
            return None
        hits = list(self.cues.finditer(text, start, end))
        if not hits:
            return None
        hit = hits[-1]
        if self.language == "ar":
            who = self.names.phrase(hit.end(), end)
            return _Said(hit.span(), who, who is None)
        who = self.names.first_name(start, hit.start())
        return _Said(hit.span(), who, who is None)

    def stands_alone(self, before: int, quoted: Quoted) -> bool:
        """Nothing between a full stop (or the quotation before) and the opening mark."""
        return not self.text[self._head_start(quoted, before) : quoted.outer_start].strip(" ,،\t\xa0.")

    def sentence(self, quoted: Quoted, low: int, high: int) -> tuple[int, int]:
        start = low
        floor = max(low, quoted.outer_start - _REACH * 2)
        for stop in _STOP.finditer(self.text, floor, quoted.outer_start):
            start = stop.end()
        if start == low:
            start = floor
        if self.text[quoted.end - 1] in ".!?…؟":
            return start, quoted.outer_end
        limit = min(high, quoted.outer_end + _REACH * 2)
        after = _STOP.search(self.text, quoted.outer_end, limit)
        return start, limit if after is None else after.end()
