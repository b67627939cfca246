"""Names without a parse: capital runs, their particles and roles, and the Arabic phrase behind a verb."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace

from schemas.records import Entity
from transforms.quotation.marks import Quoted
from transforms.quotation.people import Speaker
from transforms.recognition.naming import full_name

_PARTICLES = frozenset("al el en et an ad as at az ar ash bin ben ibn abu abou de du des la von van of".split())
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
    "مصدر مصادر أحد إحدى بعض هيئة مجلس محافظ ناطق ناطقة متحدث متحدثة وكالة مركز سكان شهود شاهد ناشط ناشطون "
    "دبلوماسي طبيب جيش قوات حكومة وفد فريق بيان تقرير جمعية مكتب صحيفة قناة إدارة دائرة مديرية "
    "اتحاد نقابة رجل امرأة مواطن نازح نازحة سائق عامل صاحب زعيم نائب".split()
)


class Names:
    """The names of one text (fr, ar, tr, en), asked who stands in a span.

    A name is a run of capital words; in Arabic, the words between cue and clause. Spans are [start, end) in
    characters.
    """

    def __init__(self, text: str, language: str, entities: Sequence[Entity]) -> None:
        self.text = text
        self.language = language
        self._mentions = sorted((m.start, m.end, n) for n, e in enumerate(entities) for m in e.mentions)
        self._starts = [m[0] for m in self._mentions]
        self._entities = entities
        self._by_last: dict[str, set[str]] = {}
        self._names = self._full_names() if self.language != "ar" else []
        self._name_starts = [n[0] for n in self._names]
        for start, end in self._names:
            name = text[start:end]
            self._by_last.setdefault(name.split()[-1], set()).add(name)

    def phrase(self, start: int, end: int) -> tuple[int, int] | None:
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
        return self.first_name(start, end) or (
            (start, end)
            if words[0].lower() in ("un", "une", "le", "la", "les", "des", "cette", "ce", "the", "a", "an")
            or words[0][:2].lower() == "l’"
            else None
        )

    def name_at(self, start: int, end: int) -> tuple[int, int] | None:
        """A run of capital words that begins at ``start``, particles inside it, no Turkish case ending."""
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

    def first_name(self, start: int, end: int) -> tuple[int, int] | None:
        """The first capital run of [start, end) that is no place, preferring one of two words."""
        single = None
        at = start
        for word in re.finditer(r"[^\s,;:.!?()«»“”\"]+", self.text[start:end]):
            here = start + word.start()
            if here < at or not word.group()[0].isupper() or self._is_place(here):
                continue
            run = self.name_at(here, end)
            if run is None:
                continue
            at = run[1]
            if " " in self.text[run[0] : run[1]]:
                return self._without_role(run)
            single = single or (run if self.text[run[0] : run[1]] in self._by_last or here > start else None)
        return single

    def _without_role(self, run: tuple[int, int]) -> tuple[int, int]:
        """Leave off capital trades and nationalities: Fırıncı Cihad Kaddur, le Néerlandais Ruben Hallewijn."""
        words = self.text[run[0] : run[1]].split()
        if len(words) < 3 or any(w.lower().split("-")[0] in _PARTICLES for w in words):
            return run
        if self.language == "tr":
            return run[1] - len(words[-1]) - 1 - len(words[-2]), run[1]
        article = self.text[max(0, run[0] - 3) : run[0]].lower()
        if self.language == "fr" and article.endswith(("le ", "la ", "l’", "l'")):
            return run[0] + len(words[0]) + 1, run[1]
        return run

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
            run = self.name_at(start, len(self.text))
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

    def speaker(self, start: int, end: int) -> Speaker:
        printed = self.text[start:end]
        n = bisect_right(self._starts, start) - 1
        entity = None
        if n >= 0 and self._mentions[n][1] > start and self._entities[self._mentions[n][2]].label != "PLACE":
            entity = self._entities[self._mentions[n][2]]
        if entity is not None and self._mentions[n][1] >= end:
            return Speaker(start, end, full_name(entity), None, entity.entity_id)
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
