"""Who said what in Arabic, read from the words: no parse, names from the entities.

The verb comes first, its subject behind it: *وقالت سميرة الحلاق: «…»*, *وأضاف أن …*. So from a verb of speaking one
reads on: subject, then a colon and marks (direct), a particle and a clause (indirect), or an object (*انتقد غياب
الآليات*). A verb without a subject goes on with the last speaker, if its gender fits.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from transforms.quotation.marks import Quoted
from transforms.quotation.people import Speaker
from transforms.quotation.scene import COVER, Scene, Statement
from transforms.recognition.arabic import TOKEN
from transforms.recognition.arabic_words import FEMALE, MALE, SAYING, bare

_PARTICIPLES = frozenset(
    map(
        bare,
        """
    قائلا قائلة مضيفا مضيفة مؤكدا مؤكدة مشيرا مشيرة لافتا لافتة موضحا موضحة محذرا محذرة معتبرا معتبرة
    مشددا مشددة مبينا مبينة متابعا متابعة منوها منوهة داعيا داعية واصفا واصفة متهما متهمة
    """.split(),
    )
)
_QUOTED_WORDS = frozenset(map(bare, "بالقول قوله قولها قولهم".split()))
_THAT = re.compile(
    r"(?:(?:[إا]لى|على|عن|من)\s)?[بل]?[إأا]ن[\u0651\u064e]{0,2}"
    r"(?P<self>ه|ها|هم|هما|ني|نا|نه)?(?![\w])\s?"
)
_ACCORDING = re.compile(
    r"(?<!\w)[و]?(?P<cue>بحسب|حسب|وفق|وفقا?ً?\sل|نقلا عن|طبقا?ً?\sل)"
    r"(?:\s?ما\s(?:أفاد|أفادت|ذكر|ذكرت|قال|قالت|أعلن|أعلنت|أكد|أكدت)(?:\sبه)?)?\s?"
)
_QUOTED_FROM = re.compile(r"(?<!\w)[و]?نقل(?:ت)?\s[^.:«»“”\"]{2,60}?\sعن\s")
_END = re.compile(
    r"[،,;:.!؟()«»“”\"\n]|\s(?:[بل]?[إأا]ن(?:ه|ها|هم)?|[إا]لى|في|على|خلال|أمام|من|عن|الذي|التي|طلب|طلبت|طالبا|طالبة|فضل|فضلت|رفض|رفضت|لم|وهو|"
    r"وهي|لل\w+|لوكالة|لقناة|لصحيفة|لمراسل\w*|عبر|بعد|قبل|يوم|اليوم|أمس|الاثنين|الثلاثاء|الأربعاء|الخميس|الجمعة|السبت|الأحد|قوله|قولها|"
    r"قائلا|قائلة|هذه|هذا)(?=\s|$|[:،,])"
)
_WRITER_AGAIN = re.compile(
    r"،\s(?:و?(?:مشير|مؤكد|لافت|موضح|محذر|معتبر|مضيف|مشدد|قائل)(?:ا|ة)|"
    r"في حين|فيما|بينما|وفق|بحسب|حسب|لكن\w*|كما|وذلك)(?!\w)"
)
_STANCE = frozenset(
    map(
        bare,
        """
    اتهم اتهمت انتقد انتقدت دعا دعت دان دانت أدان أدانت ناشد ناشدت حذر حذرت وصف وصفت طالب طالبت يتهم
    تتهم تتهمها
    """.split(),
    )
)
_SO = re.compile(r"\s*ف?[إأ]ن[\u0651\u064e]{0,2}\s")
_BODY = re.compile(
    r"(?:ال)?(?:لجنة|مفوضية|منظمة|برنامج|هيئة|مجلس|جمعية|اتحاد|شبكة|مركز|صندوق|وكالة|مؤسسة|رابطة|جبهة)(?!\w)"
)
_DEMONSTRATIVE = re.compile(r"(?:هذه|هذا|ذلك|تلك)\s")
_SHE = re.compile(r"(?:ت$|^ت)")


@dataclass(frozen=True)
class _Cue:
    """A verb of speaking, or the participle or noun of one, without vowel signs and conjunction in ``verb``."""

    start: int
    end: int
    verb: str
    finite: bool

    @property
    def span(self) -> tuple[int, int]:
        return self.start, self.end


def _cues(text: str, low: int, high: int) -> Iterator[_Cue]:
    for hit in TOKEN.finditer(text, low, high):
        word = bare(hit.group())
        for form in (word, word[1:] if word[:1] in "وف" else ""):
            if form in SAYING or form in _PARTICIPLES or form in _QUOTED_WORDS:
                yield _Cue(hit.start(), hit.end(), form, form in SAYING)
                break


def statements(scene: Scene) -> list[Statement]:
    """All that somebody says in an Arabic text."""
    return _Reader(scene).read()


class _Reader:
    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.text = scene.text
        self.outside = scene.outside
        self._heard: tuple[int, Speaker] | None = None

    def read(self) -> list[Statement]:
        found: list[Statement] = []
        for low, high in self.scene.sentences:
            here: list[Statement] = []
            for one in self._sentence(low, high):
                here.append(one)
                if one.speaker is not None and (one.speaker.name or one.speaker.start >= low):
                    self._heard = (max(one.start, one.speaker.start), one.speaker)
            found += here
        return found

    def _sentence(self, low: int, high: int) -> Iterator[Statement]:
        """From cue to cue: each reaches to the next, or to the sentence's end."""
        cues = list(_cues(self.outside, low, high))
        subject: Speaker | None = None  # of this sentence
        used: set[int] = set()
        taken = low
        for n, hit in enumerate(cues):
            if hit.start < taken:
                continue
            stop = cues[n + 1].start if n + 1 < len(cues) else high
            participle = not hit.finite
            who, after = self._subject(hit, stop, low)
            if participle:
                who = (
                    subject
                    or (self._quoted_from(low, hit.start) if hit.verb in _QUOTED_WORDS else None)
                    or self._only(low, hit.start)
                )
                after = hit.end
            elif who is None:
                who = subject if subject is not None and n else self._goes_on(hit)
            if who is not None:
                subject = who
            behind = self._turned(hit, low, used)
            if behind is not None:
                who = who if who is not None and who.start > hit.start else self._only(low, hit.start) or who
                used.add(behind.start)
                taken = max(taken, after)
                yield Statement("direct", behind.start, behind.end, hit.span, who)
                continue
            limit = stop if n + 1 < len(cues) and not cues[n + 1].finite else high  # "..., مؤكدا أن ..." is its own
            for one in self._said(hit, after, stop, limit, who):
                used.update(q.start for q in self.scene.marked_within(one.start - 2, one.end + 1))
                taken = max(taken, one.end)
                yield one
        yield from self._according(low, high, taken)
        for q in self.scene.marked_within(low, high):
            if q.start not in used and q.start >= taken:
                yield from self._alone(q, low, high)

    def _said(self, hit: _Cue, after: int, stop: int, high: int, who: Speaker | None) -> Iterator[Statement]:
        """What stands behind cue and subject: marks, a clause, an object."""
        text, outside = self.text, self.outside
        marked = self.scene.marked_within(hit.end, stop)
        that = self._that(after, stop)
        if that is not None:  # a word in marks before the clause is a name: في تصريح لـ «سبوتنيك»، أن
            marked = [q for q in marked if q.outer_start > that.start() or " " in text[q.start : q.end]]
        first = marked[0] if marked else None
        if first is not None and (that is None or first.outer_start < that.start()):
            lead = outside[after : first.outer_start].rstrip()
            introduced = lead.endswith((":", "،", ",")) or not lead or (not hit.finite and len(lead.split()) < 2)
            stance = hit.verb in _STANCE
            words = len(text[first.start : min(first.end, first.start + 300)].split())
            introduced = introduced or (hit.finite and not stance and words > 4 and len(lead) < 90)
            if introduced and not (stance and words < 4 and not lead.endswith(":")):
                yield Statement("direct", first.start, first.end, hit.span, who)
                return
            if who is not None and (stance or words > 1):
                start, end = self.scene.trim(after, self._writer_again(first.outer_end, high))
                if first.outer_end - start < 400:
                    yield Statement("mixed", start, max(end, first.outer_end), hit.span, who)
            return
        if that is not None:
            start, end = self.scene.trim(that.end(), self._writer_again(that.end(), high))
            if end - start < 8:
                return
            inner = self.scene.marked_within(start, end)
            if len(inner) == 1 and end - start - (inner[0].outer_end - inner[0].outer_start) <= 3 and not that["self"]:
                yield Statement("direct", inner[0].start, inner[0].end, hit.span, who)
            elif inner and that["self"] and hit.verb in _STANCE:
                start = self.scene.trim(after, end)[0]
                yield Statement("mixed", start, max(end, inner[-1].outer_end), hit.span, who)
            else:
                yield Statement("mixed" if inner else "indirect", start, end, hit.span, who)
            return
        stance = hit.verb in _STANCE
        named = who is not None and who.name is not None and who.start > hit.start
        if (stance and named) or (named and hit.verb in ("نفى", "نفت", "رفض", "رفضت", "وعد", "وعدت")):
            start, end = self.scene.trim(after, self._writer_again(after, min(stop, high)))
            if end - start >= 10 and not _DEMONSTRATIVE.match(text, start):
                yield Statement("indirect", start, end, hit.span, who)

    def _that(self, after: int, stop: int) -> re.Match[str] | None:
        """The particle that opens the clause, not far behind the subject."""
        for hit in _THAT.finditer(self.outside, after, min(stop, after + 120)):
            before = self.outside[hit.start() - 1 : hit.start()]
            if before.isspace() and not re.search(r"[:.«»]", self.outside[after : hit.start()]):
                return hit
        return None

    def _writer_again(self, start: int, high: int) -> int:
        hit = _WRITER_AGAIN.search(self.outside, start, high)
        return hit.start() if hit else high

    def _turned(self, hit: _Cue, low: int, used: set[int]) -> Quoted | None:
        """`«…»، تهمس الشابة`, `«…»، هكذا تلخص المعلمة`: marks right before the verb, with nothing of their own."""
        marked = self.scene.marked_within(low, hit.start)
        if not marked or marked[-1].start in used:
            return None
        between = self.outside[marked[-1].outer_end : hit.start]
        if re.fullmatch(r"\s*[،,]?\s*(?:هكذا\s|كما\s|بهذه الكلمات\s)?", between) and hit.finite:
            return marked[-1]
        return None

    def _alone(self, q: Quoted, low: int, high: int) -> Iterator[Statement]:
        """Marks that are a sentence by themselves: whoever spoke last in the paragraph."""
        before = self.outside[low : q.outer_start].strip(" ،,.")
        after = self.outside[q.outer_end : high].strip(" ،,.")
        words = len(self.text[q.start : min(q.end, q.start + 200)].split())
        if before or after or words < 3:
            return
        speaker = self._heard[1] if self._heard and self._heard[0] >= self.scene.line_start(low) else None
        if speaker is not None or (words > 3 and self.text[q.end - 1] in ".!؟?…"):
            yield Statement("direct", q.start, q.end, None, speaker)

    def _according(self, low: int, high: int, taken: int) -> Iterator[Statement]:
        """`بحسب الأمم المتحدة، ...` and `...، وفق ما أفاد المرصد.`"""
        hit = _ACCORDING.search(self.outside, low, high)
        if hit is None or (
            hit.start() > low + 2 and self.outside[hit.start() - 2 : hit.start()].strip() not in ("،", ",")
        ):
            return
        if hit.start() <= low + 2:
            stop = re.compile(r"[،,]|\sف(?:إن|قد)?\s?").search(self.outside, hit.end(), min(high, hit.end() + 90))
            if stop is None:
                return
            that = _SO.match(self.outside, stop.end(), high)
            start, end = self.scene.trim(that.end() if that else stop.end(), high)
            speaker = self._phrase(hit.end(), stop.start())
        else:
            start, end = self.scene.trim(low, hit.start())
            speaker = self._phrase(hit.end(), high)
            if start < taken and taken > low:
                return
        if end - start < 12 or speaker is None or COVER in self.outside[start:end]:
            return
        yield Statement("indirect", start, end, hit.span("cue"), speaker)

    # Speakers

    def _subject(self, hit: _Cue, stop: int, low: int) -> tuple[Speaker | None, int]:
        """The subject behind a verb and where it ends; None where none stands there."""
        scene, text = self.scene, self.text
        start = hit.end
        if "نقل" in hit.verb:
            source = _QUOTED_FROM.match(self.outside, hit.start, stop)
            if source is not None:
                start = source.end()
        limit = min(stop, start + 110)
        that = self._that(start, limit)
        edge = that.start() if that is not None else limit
        cut = re.compile(r"[:؟.!«“\"]|،\s(?!\w+\s\w+[،,])").search(self.outside, start, edge)
        edge = cut.start() if cut else edge
        for mention in scene.people(start, edge + 1):
            between = text[start : mention[0]]
            if re.search(r"\s(?:عن|إن|أن|مع|[إا]لى)\s$", between) or (
                re.search(r"^\s(?:عن|على)\s", between) and "نقل" not in hit.verb
            ):
                continue
            role = between.strip(" ،,\u200f") or None
            return scene.speaker(mention, role if role and len(role) < 80 else None), mention[1]
        return self._phrase_at(start, edge)

    def _phrase_at(self, start: int, end: int) -> tuple[Speaker | None, int]:
        scene, text = self.scene, self.text
        while start < end and text[start].isspace():
            start += 1
        for mention in scene.named(start, end):
            between = text[start : mention[0]]
            if not between.strip() or re.fullmatch(r"(?:منظمة|حركة|هيئة|وكالة|جماعة|ال)?\s?", between):
                return scene.speaker(mention), mention[1]
            break
        stop = _END.search(text, start, end)
        if stop is not None and stop.group().startswith(" لل") and _BODY.match(text, start):
            stop = _END.search(text, stop.end(), end)  # المفوضية السامية للاجئين
        limit = stop.start() if stop else end
        while limit > start and text[limit - 1].isspace():
            limit -= 1
        words = text[start:limit].split()
        if not words or len(words) > 9 or words[0][:1] in '«“"' or self._is_manner(words[0]):
            return None, start
        speaker = self._described(start, limit, words)
        return speaker, limit

    def _is_manner(self, word: str) -> bool:
        """`ضاحكا`, `بغضب`: how somebody speaks."""
        return bool(
            re.fullmatch(
                r"(?:ضاحكا|ضاحكة|باكيا|باكية|مازحا|مازحة|بغضب|بحزن|مبتسما|مبتسمة|ساخرا|ساخرة|أيضا|كذلك|للصحافيين|للصحفيين|لل\w+|ل\w{4,}|ب\w{4,}|"
                r"في|عبر|خلال|[إا]لى|على|من|عن|أمام|هذه|هذا)",
                word,
            )
        )

    def _described(self, start: int, end: int, words: list[str]) -> Speaker:
        """`الشابة`: the one person of the paragraph whose gender fits; else nobody with a name."""
        nobody = Speaker(start, end, None, None, None)
        if len(words) > 2 or not words[0].startswith("ال"):
            return nobody
        gender = "f" if words[0].endswith("ة") else "m"
        here = [m for m in self.scene.people(self.scene.line_start(start), start) if self._fits(m[2], gender)]
        sure = [m for m in here if self._gender(m[2]) == gender]
        if here and len({m[2] for m in here}) == 1 and (sure or self._is_human(words[0])):
            return self.scene.mentions.same(self.scene.speaker(here[-1]), start, end)
        return nobody

    def _is_human(self, word: str) -> bool:
        return bool(
            re.match(
                r"ال(?:شاب|شابة|رجل|سيدة|طبيب|وزير|رئيس|مدير|ناشط|مبعوث|متحدث|ناطق|قائد|معلم|خباز|مسؤول|سفير)", word
            )
        )

    def _phrase(self, start: int, end: int) -> Speaker | None:
        speaker, _ = self._phrase_at(start, end)
        people = self.scene.people(start, end)
        return self.scene.speaker(people[0]) if people else speaker

    def _quoted_from(self, low: int, end: int) -> Speaker | None:
        """`نقلت وكالة عن مصدر قوله`: the source, not the agency."""
        hit = _QUOTED_FROM.search(self.outside, low, end)
        return self._phrase(hit.end(), end) if hit is not None else None

    def _only(self, low: int, at: int) -> Speaker | None:
        mention = self.scene.only_person(low, at)
        return self.scene.speaker(mention) if mention is not None else None

    def _goes_on(self, hit: _Cue) -> Speaker | None:
        """A verb without a subject: who stands before it, who spoke last, or the paragraph's one person."""
        scene = self.scene
        low = scene.sentence(hit.start)[0]
        gender = "f" if _SHE.search(hit.verb) else "m"
        before = [m for m in scene.people(low, hit.start) if self._fits(m[2], gender)]
        if before and len({m[2] for m in before}) == 1:
            return scene.speaker(before[-1])
        line = scene.line_start(low)
        if self._heard is not None and self._heard[0] >= line:
            speaker = self._heard[1]
            since = {
                scene.mentions.name(m[2]) for m in scene.people(self._heard[0], hit.start) if self._fits(m[2], gender)
            }
            mine = scene.mentions.person(speaker.name)
            if since <= {speaker.name} and (mine is None or self._fits(mine, gender)):
                return speaker
        here = [m for m in scene.people(line, hit.start) if self._fits(m[2], gender)]
        return scene.speaker(here[-1]) if len({m[2] for m in here}) == 1 else None

    def _gender(self, who: int) -> str:
        first = bare(self.scene.mentions.name(who).split(" ")[0])
        return "f" if first in FEMALE else "m" if first in MALE or first in ("ابو", "عبد") else ""

    def _fits(self, who: int, gender: str) -> bool:
        return self._gender(who) in ("", gender)
