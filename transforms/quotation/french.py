"""Who said what in French, read from the words: no parse, names from the entities.

The order of French reporting is strict enough for rules: behind the closing mark verb and subject change places
(« … », a déclaré X; a-t-elle ajouté), an incise stands between commas inside the marks, a reported clause begins with
*que*, and *selon*, *d'après*, *pour* name who speaks. A pronoun leads to the last speaker, or to the only person named
shortly before, of its gender; where neither is safe there is no name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from transforms.quotation.french_cues import (
    AVOIR,
    BROAD,
    CUE,
    INCISE,
    INVERTED,
    IS_CUE,
    NOT_VERB,
    POUR,
    PRONOUN,
    QUE,
    SELON,
    STANCE,
    WRITTEN,
    reports,
)
from transforms.quotation.french_speakers import Speakers
from transforms.quotation.marks import Quoted
from transforms.quotation.people import Speaker
from transforms.quotation.scene import COVER, Scene, Statement

_DATELINE = re.compile(r"[A-ZÀ-Ü][\w'’ -]{2,40}(?:\([^()]{2,30}\))?(?:,?[^—–«»\"]{0,50})?\s[—–-]\s")
_WRITER_AGAIN = re.compile(
    r",\s(?:ajoutant|précisant|soulignant|avant de|a-t-|tandis que|alors que le|selon|dans un|lors d|mais\s)|;|\s:\s"
)
_ARTICLE = re.compile(
    r"(?:^|[\s’'])(?:(?:le|la|une|un|les|des|ce|sa|son|cette|leur|du|aucune?)\s|l['’])$", re.IGNORECASE
)


def statements(scene: Scene) -> list[Statement]:
    """All that somebody says in a French text, in the order of the rules."""
    return _Reader(scene).read()


class _Reader:
    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.text = scene.text
        self.outside = scene.outside
        self.speakers = Speakers(scene)

    def read(self) -> list[Statement]:
        scene, found = self.scene, []
        by_sentence: dict[int, list[Quoted]] = {}
        for q in scene.marked:
            by_sentence.setdefault(scene.sentence(q.outer_start)[0], []).append(q)
        for low, high in scene.sentences:
            found += self._sentence(low, high, by_sentence.get(low, []))
        return found

    def _sentence(self, low: int, high: int, marked: list[Quoted]) -> list[Statement]:
        reported = list(self._reported(low, high))
        found: list[Statement] = []
        swallowed: set[int] = set()
        for one in reported:
            inner = [q for q in marked if one.start <= q.outer_start and q.outer_end <= one.end + 1]
            if not inner:
                found.append(replace(one, kind="indirect") if one.kind == "stance" else one)
                continue
            bare = sum(q.outer_end - q.outer_start for q in inner)
            swallowed.update(q.start for q in inner)
            if len(inner) == 1 and one.end - one.start - bare <= 4 and one.kind != "stance":
                q = inner[0]
                found.append(Statement("direct", q.start, q.end, one.cue, one.speaker))
            else:
                found.append(Statement("mixed", one.start, max(one.end, inner[-1].outer_end), one.cue, one.speaker))
            self.speakers.hear(one.start, one.speaker)
        for n, q in enumerate(marked):
            if q.start in swallowed:
                continue
            before = marked[n - 1].outer_end if n else low
            after = marked[n + 1].outer_start if n + 1 < len(marked) else max(high, self.scene.end_around(q))
            found += self._marked(q, low, before, after, found)
        found.sort(key=lambda s: s.start)
        for n, one in enumerate(found):
            cue = self.text[slice(*one.cue)] if one.cue else ""
            if n and one.speaker is None and cue.endswith(("ant", "er", "re")):  # ", avant de reconnaître que"
                found[n] = replace(one, speaker=found[n - 1].speaker)
        for one in found:
            self.speakers.hear(one.start, one.speaker)
        return found

    def _marked(self, q: Quoted, low: int, before: int, after: int, here: list[Statement]) -> Iterator[Statement]:
        pieces, cue, speaker = self._incise(q)
        if WRITTEN.match(self.text, q.outer_end, min(after, q.outer_end + 60)):
            return  # words on a wall
        words = len(self.text[q.start : min(q.end, q.start + 300)].split())
        whole = self.text[q.start].isupper() or self.text[q.end - 1] in ".!?…"
        if cue is None:
            cue, speaker = self._behind(q, after)
        if cue is None:
            cue, speaker = self._ahead(q, low, before)
        if cue is None:
            lead = self.outside[before : q.outer_start].strip(" ,\t")
            if not lead and (whole or words > 3):
                speaker = self._goes_on(q, here)
                if speaker is None and not (words > 3 and whole):
                    return
            elif self._is_title(q) or not (whole and words > 4 and before > low):
                return
            else:
                speaker = here[-1].speaker if here else None
        elif words <= 2 and not whole and self.text[cue[0] : cue[1]].rstrip().endswith(":"):
            return
        for start, end in pieces:
            yield Statement("direct", start, end, cue, speaker)

    def _is_title(self, q: Quoted) -> bool:
        words = self.text[q.start : q.end].split()
        return len(words) < 8 and all(word[:1].isupper() for word in words if len(word) > 3)

    def _incise(self, q: Quoted) -> tuple[list[tuple[int, int]], tuple[int, int] | None, Speaker | None]:
        """`« Nous partons, soupire le boulanger, et vite »`: the pieces around it, and who spoke."""
        stop = min(q.end, q.start + 1200)
        for comma in re.compile(",").finditer(self.text, q.start, stop):
            hit = INCISE.match(self.text, comma.start(), stop)
            if hit is None:
                continue
            pronoun = PRONOUN.search(hit["cue"])
            word = hit["cue"].split()[0].lower()
            if word in NOT_VERB or (not hit["end"] and hit.end() < q.end):
                continue
            who: Speaker | None = None
            if pronoun is not None:
                who = self.speakers.pronoun(
                    pronoun[1], hit.start("cue") + pronoun.start(1), hit.start("cue") + pronoun.end(1)
                )
            else:
                who = self.speakers.behind(hit.start("who"), hit.end("who"), inside=True)
                if who is None or (who.name is None and IS_CUE.match(self.text, hit.start("cue")) is None):
                    continue
            pieces = [(a, b) for a, b in ((q.start, hit.start()), (hit.end(), q.end)) if b - a > 1]
            return pieces, hit.span("cue"), who
        return [(q.start, q.end)], None, None

    def _behind(self, q: Quoted, after: int) -> tuple[tuple[int, int] | None, Speaker | None]:
        """`», a déclaré X`, `», selon X`, `», ajoute-t-elle`."""
        text = self.text
        at = q.outer_end
        comma = False
        limit = min(after, at + 260)
        while at < limit and (text[at].isspace() or text[at] in ",—–-"):
            comma = comma or text[at] in ",—–"
            at += 1
        if at >= limit:
            return None, None
        selon = SELON.match(text, at, limit)
        if selon is not None:
            return selon.span("cue"), self.speakers.behind(selon.end(), limit)
        hit = IS_CUE.match(text, at, limit)
        if hit is not None and not reports(hit.group()):
            return None, None
        if hit is None and (comma or text[q.end - 1] in "!?…"):
            hit = INVERTED.match(text, at, limit)
            if hit is not None and (hit.group().split()[0].lower() in NOT_VERB or hit.group().endswith("ant")):
                hit = None
            if hit is not None and not PRONOUN.search(hit.group()) and self.speakers.behind(hit.end(), limit) is None:
                hit = None
        if hit is None:
            return None, None
        pronoun = PRONOUN.search(hit.group())
        if pronoun is not None:
            start = hit.start() + pronoun.start(1)
            return hit.span(), self.speakers.pronoun(pronoun[1], start, start + len(pronoun[1]))
        return hit.span(), self.speakers.behind(hit.end(), limit)

    def _ahead(self, q: Quoted, low: int, before: int) -> tuple[tuple[int, int] | None, Speaker | None]:
        """`X explique : « … »`, `a affirmé que « … »`, `Réponse d’Ankara : “…”`."""
        lead = self.outside[before : q.outer_start].rstrip()
        if not lead:
            return None, None
        end = before + len(lead)
        colon = lead.endswith(":")
        aside = re.search(r",\s(?P<cue>a-t-(?P<who>il|elle)\s[^,]{3,40}),$", lead)
        if aside is not None:
            start = before + aside.start("who")
            cue = (before + aside.start("cue"), before + aside.end("cue"))
            return cue, self.speakers.pronoun(aside["who"], start, start + len(aside["who"]))
        if not colon and not re.search(r"\b(?:que|qu['’]|selon lequel|selon laquelle)$", lead):
            return None, None
        cues = [
            hit
            for hit in IS_CUE.finditer(self.outside, before, end)
            if not self._is_noun(hit.start()) and reports(hit.group())
        ]
        if cues:
            hit = cues[-1]
            pronoun = PRONOUN.search(hit.group())
            if pronoun is not None:
                start = hit.start() + pronoun.start(1)
                return hit.span(), self.speakers.pronoun(pronoun[1], start, start + len(pronoun[1]))
            return hit.span(), self.speakers.before(low, hit.start())[0]
        if "selon l" in lead[-20:]:
            heard = self.speakers.heard(low)
            return (end - 13, end), heard
        people = self.scene.people(low, q.outer_start)
        if colon and people:
            mention = people[0] if len({m[2] for m in people}) == 1 else people[-1]
            return (end - 1, end), self.scene.speaker(mention)
        if colon:
            named = self.scene.named(low, q.outer_start)
            return (end - 1, end), self.scene.speaker(named[0]) if len({m[2] for m in named}) == 1 else None
        return None, None

    def _is_noun(self, at: int) -> bool:
        """Whether an article stands before a word: `la demande`, `une annonce`."""
        return _ARTICLE.search(self.outside, max(0, at - 8), at) is not None

    def _goes_on(self, q: Quoted, here: list[Statement]) -> Speaker | None:
        """Marks that stand alone: the speaker of the words before them, in the same paragraph or the one before."""
        scene = self.scene
        low = scene.line_start(q.outer_start)
        speaker = self.speakers.heard(0 if q.goes_on else low)
        if speaker is not None:
            at = self.speakers.heard_at()
            others = {m[2] for m in scene.people(at, q.outer_start)}
            names = {scene.mentions.name(n) for n in others} - {speaker.name}
            return speaker if not names else None
        mention = scene.only_person(low, q.outer_start)
        return scene.speaker(mention) if mention is not None else None

    def _reported(self, low: int, high: int) -> Iterator[Statement]:
        _text, outside = self.text, self.outside
        taken = low
        for selon in SELON.finditer(outside, low, high):
            one = self._selon(selon, low, high)
            if one is not None and one.start >= taken:
                taken = one.end
                yield one
        pour = POUR.match(outside, low, high)
        if pour is not None and re.match(r"[^,]{3,120},[^,]{0,100}?,?\s?[«“\"]", outside[pour.end() : high]):
            who = self.speakers.behind(pour.end(), high)
            marked = self.scene.marked_within(low, high)
            if who is not None and marked and who.name is not None:
                self.speakers.hear(who.start, who)
                yield Statement("direct", marked[0].start, marked[0].end, pour.span("cue"), who)
                taken = marked[0].outer_end
        for hit in QUE.finditer(outside, low, high):
            if hit.start() < taken or self._is_noun(hit.start()) or not reports(hit["cue"]):
                continue
            speaker, left = self.speakers.before(low, hit.start("cue"))
            pronoun = PRONOUN.search(hit["cue"])
            if pronoun is not None:
                start = hit.start("cue") + pronoun.start(1)
                speaker = self.speakers.pronoun(pronoun[1], start, start + len(pronoun[1]))
            elif left == "we":
                continue
            start, end = self.scene.trim(hit.end(), self._clause_end(hit.end(), high))
            if end - start < 8:
                continue
            taken = end
            yield Statement("indirect", start, end, hit.span("cue"), speaker)
        for pattern in (AVOIR, STANCE):
            for hit in pattern.finditer(outside, low, high):
                if hit.start() < taken or self._is_noun(hit.start()):
                    continue
                speaker, left = self.speakers.before(low, hit.start("cue"))
                start, end = self.scene.trim(hit.end(), self._clause_end(hit.end(), high))
                weak = hit["cue"].split()[-1] in BROAD
                marks = COVER in outside[start:end]
                if speaker is None or left == "we" or end - start < 8 or (weak and not marks):
                    continue
                if outside[start:].startswith(("que ", "qu’", "qu'", ":", "COVER")):
                    continue
                taken = end
                yield Statement("stance" if pattern is STANCE else "indirect", start, end, hit.span("cue"), speaker)
        if taken == low and COVER not in outside[low:high]:
            yield from self._incised(low, high)

    def _incised(self, low: int, high: int) -> Iterator[Statement]:
        """`La route est coupée, a annoncé X.`, `Depuis mars, affirme-t-elle, la route est coupée.`"""
        for hit in re.finditer(rf",\s(?P<cue>{CUE})(?P<who>[^,.]{{0,120}})(?P<end>[,.])?", self.outside[low:high]):
            start = low + hit.start("cue")
            pronoun = PRONOUN.search(hit["cue"])
            if pronoun is not None:
                at = start + pronoun.start(1)
                speaker: Speaker | None = self.speakers.pronoun(pronoun[1], at, at + len(pronoun[1]))
            else:
                speaker = self.speakers.behind(low + hit.end("cue"), high)
                if speaker is None:
                    continue
            begin, end = self.scene.trim(low, low + hit.start())
            dateline = _DATELINE.match(self.text, begin, end)
            begin = dateline.end() if dateline else begin
            if hit["end"] == "," and (end - begin < 40 or pronoun is not None):
                begin, end = self.scene.trim(low + hit.end(), high)
            if end - begin >= 12:
                yield Statement("indirect", begin, end, (start, low + hit.end("cue")), speaker)
            return

    def _selon(self, selon: re.Match[str], low: int, high: int) -> Statement | None:
        """`Selon X, la route est coupée.`, `La route est coupée, selon X.`"""
        at = selon.start()
        if re.match(r"(?:un accord|le plan|la loi|les règles|que|qu)\b", self.text[selon.end() : high]):
            return None
        if at <= low + 3:
            comma = self.outside.find(",", selon.end(), min(high, selon.end() + 140))
            if comma < 0:
                return None
            pronoun = re.match(r"(lui|elle|eux|elles)\b", self.text[selon.end() : comma])
            if pronoun is not None:
                word = "il" if pronoun[1] in ("lui", "eux") else "elle"
                speaker: Speaker | None = self.speakers.pronoun(word, selon.end(), selon.end() + len(pronoun[1]))
            else:
                speaker = self.speakers.behind(selon.end(), comma, whole=True)
            nearer = re.match(r"\s[^,«»“”]{3,60},\s(?=[«“\"])", self.outside[comma + 1 : high])
            start, end = self.scene.trim(comma + 1 + (nearer.end() if nearer else 0), high)
        else:
            if self.text[at - 2 : at].strip() != "," or self.scene.in_marks(at):
                return None
            if self.scene.marked_within(low, at):
                return None  # the marks' own rule reads it
            speaker = self.speakers.behind(selon.end(), high, whole=True)
            start, end = self.scene.trim(low, at)
        if speaker is None or end - start < 8:
            return None
        return Statement("indirect", start, end, selon.span("cue"), speaker)

    def _clause_end(self, start: int, high: int) -> int:
        """Where a reported clause ends: at its sentence's end, or before what is again the writer's."""
        hit = _WRITER_AGAIN.search(self.outside, start, high)
        return hit.start() if hit else high
