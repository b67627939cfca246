"""Quotations without a parse: marks, and a name beside a reporting verb (French, Arabic, Turkish, English).

Only what stands next to the marks is believed: the verb and name behind them, or before them with a colon or
comma between. A pronoun, or marks alone, lead to the speaker of the quotation before in the same paragraph,
or to
the only full name that the paragraph gave before them. All else has no speaker.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace

from schemas.records import Entity, Quote
from transforms.quotation.cues import ARABIC, FRENCH, TURKISH, TURKISH_PARTICIPLES
from transforms.quotation.marks import Quoted
from transforms.quotation.people import Speaker
from transforms.quotation.record import make_quote

_REACH = 160  # characters beside the marks that are looked at
_PARTICLES = frozenset("al el en et an ad as at az ar ash bin ben ibn abu abou de du des la von van of".split())
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
_FR_END = re.compile(
    r"[,;:.!?()«»“”\"\n]|\s(?:qui|dont|dans|lors|sur|devant|au|en|à|pour|par|joint|après|avant|depuis|mardi|"
    r"lundi|mercredi|jeudi|vendredi|samedi|dimanche)(?=\s)"
)
_AR_END = re.compile(
    r"[،,;:.!؟()«»“”\"\n]|\s(?:إن|أن|أنه|أنها|إنه|إنها|إلى|في|على|خلال|أمام|من|عن|الذي|التي|طلب|طلبت|وهو|وهي|"
    r"لل\w+|ل\w{4,}|عبر|بعد|قبل|يوم|اليوم|أمس|الاثنين|الثلاثاء|الأربعاء|الخميس|الجمعة|السبت|الأحد)(?=\s|$|"
    r"[:،,])"
)
_AR_NOT_PERSON = frozenset(
    "وزارة سلطات سلطة رئيس رئيسة وزير وزيرة مدير مديرة قائد عضو ممثل ممثلة مسؤول مسؤولة مسؤولون منظمة لجنة "
    "مصدر مصادر أحد إحدى "
    "بعض هيئة مجلس محافظ ناطق ناطقة متحدث متحدثة وكالة مركز سكان شهود شاهد ناشط ناشطون دبلوماسي طبيب جيش "
    "قوات حكومة وفد فريق "
    "بيان تقرير جمعية مكتب صحيفة قناة إدارة دائرة مديرية اتحاد نقابة رجل امرأة مواطن نازح نازحة "
    "سائق عامل صاحب زعيم نائب".split()
)


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
    found: list[Quote] = []
    last: tuple[int, Speaker] | None = None  # the paragraph and speaker of the quotation before
    for n, quoted in enumerate(marked):
        low, high = lines[quoted.paragraph]
        before = marked[n - 1].outer_end if n and marked[n - 1].paragraph == quoted.paragraph else low
        after = high
        if n + 1 < len(marked) and marked[n + 1].paragraph == quoted.paragraph:
            after = marked[n + 1].outer_start
        pieces, said = reader.incise(quoted)
        if said is None:
            said = reader.beside(quoted, before, after)
        speaker = None
        if said is not None and said.who is not None:
            speaker = reader.speaker(*said.who)
            if speaker.name is None and reader.points_back(speaker):
                named = reader.only_name(low, before if before > low else quoted.outer_start)
                speaker = replace(speaker, name=named.name, entity_id=named.entity_id) if named else speaker
        elif said is not None or (reader.stands_alone(before, quoted) and last is not None):
            if (
                last is not None
                and (last[0] == quoted.paragraph or quoted.goes_on)
                and reader.no_name_since(before, quoted, last[1])
            ):
                speaker = last[1]
            elif language != "tr" or reader.stands_alone(before, quoted):
                opens_paragraph = quoted.paragraph > 0 and quoted.outer_start == low
                above = lines[quoted.paragraph - 1][0] if opens_paragraph else low
                here = quoted.outer_start
                speaker = reader.only_name(low, here) or reader.only_name(above, here)
        elif reader.stands_alone(before, quoted):
            speaker = reader.only_name(low, quoted.outer_start) if before == low else None
        words = len(text[quoted.start : min(quoted.end, quoted.start + 200)].split())
        if words <= 2 and (said is None or said.cue is None):
            continue
        if said is None and speaker is None and not (words > 3 and text[quoted.end - 1] in ".!?…؟"):
            continue
        if speaker is not None:
            last = (quoted.paragraph, speaker)
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
    def __init__(self, text: str, language: str, entities: Sequence[Entity]) -> None:
        self.text = text
        self.language = language if language in _CUES else "en"
        self.cues = _CUES[self.language]
        self._mentions = sorted((m.start, m.end, n) for n, e in enumerate(entities) for m in e.mentions)
        self._starts = [m[0] for m in self._mentions]
        self._entities = entities
        self._by_last: dict[str, set[str]] = {}
        self._names = self._full_names() if self.language != "ar" else []
        self._name_starts = [n[0] for n in self._names]
        for start, end in self._names:
            name = text[start:end]
            self._by_last.setdefault(name.split()[-1], set()).add(name)

    # --- what stands beside the marks ---

    def incise(self, quoted: Quoted) -> tuple[list[tuple[int, int]], _Said | None]:
        """French puts "explique X" between commas inside the marks: the pieces around it, and what it
        says.
        """
        whole = [(quoted.start, quoted.end)]
        if self.language != "fr":
            return whole, None
        hit = _FR_INCISE.search(self.text, quoted.start, min(quoted.end, quoted.start + 1000))
        if hit is None:
            return whole, None
        who = self._phrase(hit.start("who"), hit.end("who"))
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
                who = self._name_before(at, found.start()) if found else None
                return _Said(found.span(), who) if found and who else None
            return None
        if re.search(r"-(?:il|elle|on|ils|elles)\b", hit.group()):
            return _Said(hit.span(), None, True)
        who = self._phrase(hit.end(), end)
        return _Said(hit.span(), who, who is None)

    def _turkish(self, start: int, end: int, head_start: int, head_end: int) -> _Said | None:
        text = self.text
        participle = _TR_PARTICIPLE.match(text, start, end)
        if participle is not None:
            who = self._name_at(participle.end(), end)
            return _Said(participle.span("cue"), who, who is None)
        hit = self.cues.search(text, start, min(end, start + 60)) or _TR_LOOSE.match(text, start, end)
        if hit is None:
            return None
        named = None
        if text[head_start:head_end].rstrip().endswith(","):
            named = self._first_name(head_start, head_end)
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
            who = self._phrase(hit.end(), end)
            return _Said(hit.span(), who, who is None)
        who = self._name_before(start, hit.start())
        return _Said(hit.span(), who, who is None)

    # --- names ---

    def _phrase(self, start: int, end: int) -> tuple[int, int] | None:
        """The speaker's phrase that begins at ``start``: its name where it holds one."""
        text = self.text
        stop = (_AR_END if self.language == "ar" else _FR_END).search(text, start, end)
        end = min(end, stop.start()) if stop else end
        while start < end and text[start].isspace():
            start += 1
        while end > start and text[end - 1].isspace():
            end -= 1
        words = text[start:end].split()
        if not words or len(words) > 9:
            return None
        if self.language == "ar":
            return (start, end) if not words[0].startswith("وه") and len(words) < 7 else None
        return self._first_name(start, end) or (
            (start, end)
            if words[0].lower() in ("un", "une", "le", "la", "les", "des", "cette", "ce", "the", "a", "an")
            or words[0][:2].lower() == "l’"
            else None
        )

    def _name_at(self, start: int, end: int) -> tuple[int, int] | None:
        """A run of capital words that begins at ``start``, particles inside it, a Turkish case ending left
        off.
        """
        last = start
        at = start
        for word in re.finditer(r"[^\s,;:.!?()«»“”\"]+", self.text[start : min(end, start + 80)]):
            if self.text[at : start + word.start()].strip():
                break
            token = word.group()
            plain = token.lower().split("-")[0]
            if token[0].isupper() and not token.isdigit():
                cut = re.search(r"['’](?=[a-zçğıöşü]+$)", token)
                last = start + word.start() + (cut.start() if cut and self.language == "tr" else len(token))
            elif plain not in _PARTICLES or last == start:
                break
            elif "-" in token and token.split("-")[1][:1].isupper():
                last = start + word.end()
            at = start + word.end()
            if word.group() != self.text[start + word.start() : last] and last < at and token[0].isupper():
                break
        return (start, last) if last > start else None

    def _first_name(self, start: int, end: int) -> tuple[int, int] | None:
        """The first capital run of [start, end) that is no place, preferring one of two words."""
        single = None
        at = start
        for word in re.finditer(r"[^\s,;:.!?()«»“”\"]+", self.text[start:end]):
            here = start + word.start()
            if here < at or not word.group()[0].isupper() or self._is_place(here):
                continue
            run = self._name_at(here, end)
            if run is None:
                continue
            at = run[1]
            if " " in self.text[run[0] : run[1]]:
                return self._without_role(run)
            single = single or (run if self.text[run[0] : run[1]] in self._by_last or here > start else None)
        return single

    def _without_role(self, run: tuple[int, int]) -> tuple[int, int]:
        """Capital trades and nationalities before a name: Fırıncı Cihad Kaddur, le Néerlandais Ruben
        Hallewijn.
        """
        words = self.text[run[0] : run[1]].split()
        if len(words) < 3 or any(w.lower().split("-")[0] in _PARTICLES for w in words):
            return run
        if self.language == "tr":
            return run[1] - len(words[-1]) - 1 - len(words[-2]), run[1]
        article = self.text[max(0, run[0] - 3) : run[0]].lower()
        if self.language == "fr" and article.endswith(("le ", "la ", "l’", "l'")):
            return run[0] + len(words[0]) + 1, run[1]
        return run

    def _name_before(self, start: int, end: int) -> tuple[int, int] | None:
        return self._first_name(start, end)

    def _is_place(self, at: int) -> bool:
        n = bisect_right(self._starts, at) - 1
        return n >= 0 and self._mentions[n][1] > at and self._entities[self._mentions[n][2]].label != "PERSON"

    def _full_names(self) -> list[tuple[int, int]]:
        """All capital runs of two words and more that are no places, in order."""
        names: list[tuple[int, int]] = []
        at = 0
        for word in re.finditer(r"\b[^\W\d_][\w'’-]+", self.text):
            start = word.start()
            if start < at or not word.group()[0].isupper():
                continue
            run = self._name_at(start, len(self.text))
            if run is None:
                continue
            at = run[1]
            if " " in self.text[run[0] : run[1]] and not self._is_place(start) and not self._is_place(run[1] - 1):
                names.append(self._without_role(run))
        return names

    def only_name(self, start: int, end: int) -> Speaker | None:
        """The one full name in [start, end), if there is just one."""
        n = bisect_right(self._name_starts, end) - 1
        found: list[tuple[int, int]] = []
        while n >= 0 and self._names[n][0] >= start and len(found) < 6:
            found.append(self._names[n])
            n -= 1
        distinct = {self.text[a:b].split()[-1] for a, b in found}
        return self.speaker(*found[-1]) if len(distinct) == 1 else None

    def points_back(self, speaker: Speaker) -> bool:
        """Whether a phrase without a name is definite ("le marchand"): somebody named before."""
        words = self.text[speaker.start : speaker.end].lower().replace("’", "'")
        return self.language == "fr" and words.startswith(("le ", "la ", "l'"))

    def no_name_since(self, before: int, quoted: Quoted, last: Speaker) -> bool:
        """Whether nobody but ``last`` is named between two quotations."""
        n = bisect_right(self._name_starts, quoted.outer_start) - 1
        while n >= 0 and self._names[n][0] >= before:
            if self._names[n][0] != last.start and self.text[slice(*self._names[n])] != last.name:
                return False
            n -= 1
        return True

    def stands_alone(self, before: int, quoted: Quoted) -> bool:
        """Nothing between a full stop (or the quotation before) and the opening mark."""
        return not self.text[self._head_start(quoted, before) : quoted.outer_start].strip(" ,،\t\xa0.")

    def speaker(self, start: int, end: int) -> Speaker:
        printed = self.text[start:end]
        n = bisect_right(self._starts, start) - 1
        entity = None
        if n >= 0 and self._mentions[n][1] > start and self._entities[self._mentions[n][2]].label != "PLACE":
            entity = self._entities[self._mentions[n][2]]
        if entity is not None and self._mentions[n][1] >= end:
            return Speaker(start, end, entity.name, None, entity.entity_id)
        if self.language == "ar":
            return self._arabic(start, end)
        if not printed[:1].isupper():
            return Speaker(start, end, None, None, None)
        if " " not in printed:
            full = self._by_last.get(printed, set())
            return Speaker(start, end, next(iter(full)) if len(full) == 1 else printed, None, None)
        return Speaker(start, end, printed, None, None)

    def _arabic(self, start: int, end: int) -> Speaker:
        """A name is two or three words, the last with its article, after trades that carry one too."""
        words = self.text[start:end].split()
        role = []
        while len(words) > 2 and words[0].startswith("ال"):
            role.append(words.pop(0))
        named = (
            1 < len(words) < 4
            and words[0] not in _AR_NOT_PERSON
            and not words[0].startswith("ال")
            and (bool(role) or words[-1].startswith("ال"))
        )
        if not named:
            return Speaker(start, end, None, None, None)
        name = " ".join(words)
        at = self.text.find(words[0], start + len(" ".join(role)), end)
        return replace(Speaker(start, end, name, " ".join(role) or None, None), start=at if at >= 0 else start)

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
