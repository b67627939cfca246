"""A text without a parse, made ready for rules: its sentences, what is said in marks covered, who is named where.

Rules of a language search ``outside``: the text with the words in marks covered, as long as the text itself, so that
no rule takes a verb that somebody quotes for a verb of reporting.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from schemas.records import Entity
from transforms.quotation.marks import Quoted
from transforms.quotation.mentions import Mention, Mentions
from transforms.quotation.people import Speaker

COVER = "\ue000"  # neither a letter nor white space
_STOP = re.compile(r"[.!?…؟؛]+[\"»”’)]*(?=\s|$)")
_SHORT = re.compile(r"(?:^|[\s(«“\"])(?:M|MM|Mme|Mlle|Me|Dr|Pr|St|Prof|Av|Doç|[A-ZÇÖŞÜİ]|د|أ|م)\.$")
_DATELINE = re.compile(
    r"(?:[A-ZÀ-ÞĞİŞ][A-ZÀ-ÞĞİŞ'’ -]+|[A-ZÀ-ÞĞİŞ][\w'’-]+(?:\s[\w'’-]+)?|[\u0620-\u064a]{2,}(?:\s[\u0620-\u064a]{2,})?)"
    r"(?:\s?\([^()\n]{2,30}\))?(?:,[^,.\n«»“”\"]{2,40})?\s[-–—]\s"
)
_LINE_END = ".!?…؟"
_LONGEST = 2000  # characters of a sentence: what is longer has no stops, and is read in pieces
_BACK = 2500  # characters that are looked back for who spoke or was named


@dataclass(frozen=True)
class Statement:
    """What a rule found: words ``[start, end)``, the cue beside them, and who said them."""

    kind: str  # direct, mixed, indirect
    start: int
    end: int
    cue: tuple[int, int] | None = None
    speaker: Speaker | None = None


class Scene:
    """One text for the rules of a language. Spans are [start, end) in characters."""

    def __init__(
        self, text: str, lines: list[tuple[int, int]], marked: list[Quoted], entities: Sequence[Entity]
    ) -> None:
        self.text = text
        self.lines = lines
        self.marked = marked
        self.mentions = Mentions(text, entities)
        self._bearers: dict[str, set[int]] = {}  # surname -> the persons of two words and more who bear it
        for n, entity in enumerate(entities):
            if entity.label == "PERSON" and " " in entity.name:
                self._bearers.setdefault(entity.name.split()[-1], set()).add(n)
        self._marked_starts = [q.outer_start for q in marked]
        self._line_starts = [start for start, _ in lines]
        self.outside = self._covered()
        self.sentences = self._sentences()
        self._sentence_starts = [start for start, _ in self.sentences]

    def _covered(self) -> str:
        parts: list[str] = []
        at = 0
        for q in self.marked:
            parts += (self.text[at : q.start], COVER * (q.end - q.start))
            at = q.end
        return "".join((*parts, self.text[at:]))

    def _sentences(self) -> list[tuple[int, int]]:
        found: list[tuple[int, int]] = []
        ends = [q.outer_end for q in self.marked if self.text[q.end - 1] in _LINE_END]
        for low, high in self.lines:
            stops = [stop.end() for stop in _STOP.finditer(self.outside, low, high) if self._is_stop(stop, high)]
            inner = ends[bisect_left(ends, low + 1) : bisect_right(ends, high)]
            stops += [end for end in inner if self._begins(end, high)]
            dateline = _DATELINE.match(self.outside, low, min(high, low + 90))
            start = dateline.end() if dateline else low
            for stop in sorted(set(stops)):
                if stop > start:
                    found.append((start, stop))
                    start = stop
                    while start < high and self.text[start].isspace():
                        start += 1
            if start < high:
                found.append((start, high))
        if all(end - start <= _LONGEST for start, end in found):
            return found
        return [piece for start, end in found for piece in self._pieces(start, end)]

    def _pieces(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        while end - start > _LONGEST:
            cut = self.outside.rfind(" ", start + _LONGEST // 2, start + _LONGEST)
            cut = cut if cut > 0 else start + _LONGEST
            yield start, cut
            start = cut
        yield start, end

    def _is_stop(self, stop: re.Match[str], high: int) -> bool:
        at = stop.start()
        if stop.group().startswith(".") and stop.end() - at == 1 and _SHORT.search(self.text, max(0, at - 6), at + 1):
            return False
        return self._begins(stop.end(), high)

    def _begins(self, at: int, high: int) -> bool:
        """Whether what stands behind ``at`` begins a sentence: nothing, a mark, or no small letter."""
        while at < high and self.text[at].isspace():
            at += 1
        return at >= high or not (self.text[at].islower() or self.text[at] in ",،;:.")

    def sentence(self, char: int) -> tuple[int, int]:
        """The sentence that holds a character."""
        n = bisect_right(self._sentence_starts, char) - 1
        return self.sentences[n] if n >= 0 else (0, len(self.text))

    def end_around(self, q: Quoted) -> int:
        """Where the sentence ends in which a mark closes; the words may run over several paragraphs."""
        return self.sentence(q.outer_end - 1)[1]

    def sentence_before(self, char: int) -> tuple[int, int] | None:
        """The sentence before the one that holds a character, in the same paragraph or the one above."""
        n = bisect_right(self._sentence_starts, char) - 2
        return self.sentences[n] if n >= 0 else None

    def paragraph(self, char: int) -> int:
        return max(0, bisect_right(self._line_starts, char) - 1)

    def line_start(self, char: int) -> int:
        """Where the paragraph that holds a character begins; of a very long one, as far back as one looks."""
        return max(self.lines[self.paragraph(char)][0] if self.lines else 0, char - _BACK)

    def in_marks(self, char: int) -> bool:
        """Whether a character stands in marks."""
        n = bisect_right(self._marked_starts, char) - 1
        return n >= 0 and char < self.marked[n].outer_end

    def marked_within(self, start: int, end: int) -> list[Quoted]:
        """The marked spans that begin in [start, end)."""
        return self.marked[bisect_left(self._marked_starts, start) : bisect_left(self._marked_starts, end)]

    def people(self, start: int, end: int) -> list[Mention]:
        """The persons named in [start, end), outside marks."""
        return [m for m in self.mentions.people_within(start, end) if not self.in_marks(m[0])]

    def named(self, start: int, end: int) -> list[Mention]:
        """All that is named in [start, end), outside marks."""
        return [m for m in self.mentions.within(start, end) if not self.in_marks(m[0])]

    def speaker(self, mention: Mention, role: str | None = None) -> Speaker:
        """Whoever a mention names. A surname that two persons bear is that one's whom its paragraph has named."""
        found = self.mentions.speaker(mention, role)
        if not self.mentions.is_person(mention) or found.name is None or " " in found.name:
            return found
        bearers = {n for n in self._bearers.get(found.name, ()) if n != mention[2]}
        if not bearers:
            return found
        low = self.line_start(mention[0])
        near = {m[2] for m in self.mentions.people_within(low, mention[0]) if m[2] in bearers}
        if len(near) == 1:
            return self.mentions.same(
                self.mentions.speaker((mention[0], mention[1], near.pop())), mention[0], mention[1]
            )
        return Speaker(found.start, found.end, None, found.role, None)

    def only_person(self, start: int, end: int) -> Mention | None:
        """The last mention of the one person named in [start, end), if there is just one."""
        found = self.people(start, end)
        return found[-1] if len({m[2] for m in found}) == 1 else None

    def trim(self, start: int, end: int) -> tuple[int, int]:
        """Narrow a clause to its words: no white space, commas or stops at its edges."""
        text = self.text
        while start < end and (text[start].isspace() or text[start] in ",،;:—–-"):
            start += 1
        while end > start and (text[end - 1].isspace() or text[end - 1] in ",،;:.…—–-؛"):
            end -= 1
        return start, end
