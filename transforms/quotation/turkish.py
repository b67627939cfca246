"""Who said what in Turkish, read from the words: no parse, names from the entities.

The subject comes first and stands in the nominative (no ending behind an apostrophe), the verb last: *X, “…” dedi*.
So a sentence has one subject and its cue stands behind the marks or at its end; *“…” diyen X* and *“…” diyor X* turn
that round. A reported clause is a noun with an ending (*-dığını*, *-acağını*) before the verb. A sentence without a
subject goes on with the last.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from transforms.quotation.marks import Quoted
from transforms.quotation.people import Speaker
from transforms.quotation.scene import COVER, Scene, Statement
from transforms.recognition.turkish import TITLES, lower

_VERBS = (
    r"söyle\w+|belirt\w+|açıkla\w+|ifade\s(?:et|ed)\w+|vurgula\w+|kaydet\w+|kaydedi\w+|anlat\w+|aktar\w+|ekle\w+|bildir\w+|"
    r"savun\w+|iddia\s(?:et|ed)\w+|öne\ssür\w+|duyur\w+|hatırlat\w+|dikkat(?:i|leri)?\sçek\w+|yalanla\w+|reddet\w+|reddedi\w+|"
    r"dile\sget\w+|iste\w+|uyar\w+|konuş\w+|yaz\w+|sor\w+|yanıtla\w+|yineledi|tekrarla\w+|işaret\s(?:et|ed)\w+|altını\sçiz\w+|"
    r"paylaş\w+|değerlendir\w+|umduğunu\s\w+|kabul\s(?:et|ed)\w+|itiraf\s(?:et|ed)\w+|inkâr\s(?:et|ed)\w+|inkar\s(?:et|ed)\w+|"
    r"suçla\w+|nitele\w+|nitelendir\w+|tanımla\w+|çağır\w+|eleştir\w+|vaat\s(?:et|ed)\w+|söz\sver\w+|belirti\w+|özetle\w+|"
    r"yakın\w+|haykır\w+|seslen\w+|fısılda\w+|mırılda\w+|yorumla\w+"
)
_SAYS = r"(?:dedi(?:ler|k)?|der(?:ken)?|diyor(?:lar|du)?|demişti|diyecek|denildi|denildi|denilen|denilerek)"
# Directly behind the mark: dedi; diye konuştu; ifadelerini kullandı; çağrısında bulundu; şeklinde konuştu.
_CUE = re.compile(
    rf"\s*,?\s*(?P<cue>(?:{_SAYS})(?!\w)|diye\s\w+(?:\s(?:etti|verdi|çekti|gösterdi|getirdi|bulundu))?|şeklinde(?:ki)?\s\w+"
    r"|(?:sözleriyle|sözlerini|sözüyle|sözlerine|ifadelerine)\s\w+(?:\s\w+)?"
    r"|(?:\w+(?:ını|ini|unu|ünü|sını|sini|larını|lerini))\s(?:kullandı|kullanıyor|verdi|yaptı|paylaştı|iletti|dile\sgetirdi|"
    r"savundu|aktardı|ekledi|söyledi|sarf\setti|sürdürdü)"
    rf"|\w+(?:ında|inde|unda|ünde|sında|sinde)\sbulundu|cevabını\sverdi|(?:{_VERBS})(?!\w))"
)
_PARTICIPLE = re.compile(
    r"\s*,?\s*(?P<cue>diyen|diye\s\w+(?:[ae]n)|(?:ifadelerini|ifadesini)\skullanan|şeklinde\skonuşan|sözleriyle\s\w+[ae]n)\s"
)
_LABELLING = re.compile(r"\s(?:olarak|diye)\s(?:nite\w+|tanım\w+|adlandır\w+|çağır\w+|anıl\w+|bilin\w+|değerlendir\w+)")
_GERUND = re.compile(r"\s*,?\s*(?P<cue>diyerek|diye\s\w+(?:arak|erek))\s")
_NOMINAL = (
    r"[^\W\d_]+(?:(?:[dt][ıiuü](?:ğ[ıiuü]|kları|kleri))|(?:acağ|eceğ)[ıi]|(?:acakları|ecekleri)|(?:ma|me)(?:sı|si|ları|leri)|"
    r"olduğu|gerektiği)(?:n[ıiuüae]|n[dt][ae]n)"
)
_REPORTED = re.compile(
    rf"(?<![\w’'])(?P<noun>{_NOMINAL})\s(?P<fill>(?:(?:da|de|ise|ayrıca|da\ssözlerine|de\ssözlerine|sözlerine|açıkça|"
    r"bir\skez\sdaha)\s)?)"
    rf"(?P<cue>(?:{_VERBS}))(?!\w)"
)
_BELIEVER = re.compile(
    rf"(?<![\w’'])(?P<noun>{_NOMINAL})\s(?:da\s|de\s)?(?P<cue>belirten|söyleyen|ifade\seden|vurgulayan|kaydeden|savunan|"
    r"açıklayan|dile\sgetiren|hatırlatan|anlatan|aktaran|bildiren|iddia\seden|öne\ssüren|ekleyen)\s"
)
_CLAIM = re.compile(r"(?P<noun>(?:iddia|suçlama|haber)\w*(?:ını|ini|larını|lerini))\s(?P<cue>yalanla\w+|reddet\w+)")
_FRAGMENT = re.compile(
    r"(?P<cue>suçla\w+|nitele\w+|nitelendir\w+|tanımla\w+|adlandır\w+|iddia\sett\w+|öne\ssür\w+|söyle\w+|belirt\w+|savun\w+|"
    r"ifade\sett\w+|vaat\sett\w+|çağır\w+|bulundu|vurgula\w+|açıkla\w+)\.?\s*$"
)
_PROMISED = re.compile(r"(?P<cue>vaat\sett\w+|söz\sverd\w+)")
_ACCORDING = re.compile(r"(?:[’'](?:y?[ea]|n[ea])|[^\W\d_][ea])\s(?P<cue>göre)(?:\sise)?,?\s")
_CASE = re.compile(r"[’'][a-zçğıöşü]")
_GENITIVE = re.compile(r"[’']n?[ıiuü]n\s")
# Behind a name what makes it an attribute: "İsrail sözcüsü", "Rusya Devlet Başkanı", "Hımeymim ve Tartus".
_OF_IT = re.compile(r"\s(?:askeri|ve\s|[A-ZÇĞİÖŞÜ]|[a-zçğıöşü]+(?:sı|si|su|sü|ları|leri|imi)[\s,])")
_ADJUNCT = re.compile(
    r"(?:^|,\s|\s)[^,]{0,90}?(?:açıklama(?:da|sında)|toplantı(?:da|sında)|konuşma(?:da|sında)|röportaj(?:da|ında)|demeç(?:te|inde)|"
    r"paylaşım(?:da|ında)|mülakatta|hesabından|ifadesinde|yazılı açıklamayla|mesajda|mesajında),?\s"
)
_ONE = re.compile(
    r"\b(?:[^\W\d_]+(?:nın|nin|nun|nün|ın|in|un|ün)\s)?bir\s(?:[^\W\d_]+\s)?[^\W\d_]+|\b[^\W\d_]+(?:nın|nin|nun|nün)\sbir\s[^\W\d_]+"
)
_AFTER_SUBJECT = re.compile(r"(?:\s(?:ise|de|da|ayrıca))?,?\s+")
_END = ".!?…"


def statements(scene: Scene) -> list[Statement]:
    """All that somebody says in a Turkish text."""
    return _Reader(scene).read()


class _Reader:
    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.text = scene.text
        self.outside = scene.outside
        self._heard: tuple[int, Speaker] | None = None  # where and who spoke last
        self._introduced: tuple[int, Speaker] | None = None  # the last sentence ended in a colon: who speaks next

    def read(self) -> list[Statement]:
        found: list[Statement] = []
        for low, high in self.scene.sentences:
            here = sorted(self._sentence(low, high), key=lambda one: one.start)
            for one in here:
                if one.speaker is not None and one.speaker.name:
                    self._heard = (one.start, one.speaker)
            found += here
            self._introduced = None
            if self.outside[low:high].rstrip().endswith((":", ";")):
                speaker = self._subject(low, high)
                self._introduced = (high, speaker) if speaker is not None else None
        return found

    def _sentence(self, low: int, high: int) -> Iterator[Statement]:
        marked = self.scene.marked_within(low, high)
        subject = self._subject(low, high)
        said: list[Statement] = []
        left: list[Quoted] = []
        edge = low  # behind what has been read as direct speech
        for n, q in enumerate(marked):
            after = marked[n + 1].outer_start if n + 1 < len(marked) else max(high, self.scene.end_around(q))
            one, rest = self._direct(q, low, after, subject, alone=len(marked) == 1)
            if one is None:
                left.append(q)
            else:
                said.append(one)
                edge = max(edge, rest)
                if one.speaker is not None and subject is None:
                    subject = one.speaker
        yield from said
        yield from self._indirect(low, high, edge, subject, left, bool(said))

    def _direct(
        self, q: Quoted, low: int, after: int, subject: Speaker | None, *, alone: bool
    ) -> tuple[Statement | None, int]:
        """The statement in marks, if it is one, and where what belongs to it ends."""
        text, outside = self.text, self.outside
        words = len(text[q.start : min(q.end, q.start + 300)].split())
        head = outside[low : q.outer_start].rstrip()
        if _LABELLING.match(outside, q.outer_end, after) and words < 5:
            return None, q.outer_end
        participle = _PARTICIPLE.match(outside, q.outer_end, after)
        if participle is not None:
            speaker = self._behind(participle.end(), after) or self._previous(low)
            return Statement("direct", q.start, q.end, participle.span("cue"), speaker), self._end_of(
                speaker, participle.end()
            )
        gerund = _GERUND.match(outside, q.outer_end, after)
        hit = gerund or _CUE.match(outside, q.outer_end, after)
        if hit is not None and (words > 2 or text[q.start].isupper()):
            if text[q.start].islower() and words < 4 and gerund is None and not hit["cue"].startswith(("ded", "diy")):
                return None, q.outer_end
            speaker = subject if subject is not None and subject.start < q.outer_start else None
            if speaker is None and gerund is None:
                speaker = self._behind(hit.end(), after, verbal=True)
            if speaker is None and (head == "" or subject is None):
                speaker = self._previous(low)
            end = self._end_of(speaker, hit.end()) if speaker is not None and speaker.start > q.end else hit.end()
            return Statement("direct", q.start, q.end, hit.span("cue"), speaker or subject), end
        if head.endswith(":"):
            colon = (low + len(head) - 1, low + len(head))
            return Statement("direct", q.start, q.end, colon, subject or self._previous(low)), q.outer_end
        if not head and not outside[q.outer_end : after].strip(" .,"):
            if words < 3:
                return None, q.outer_end
            speaker = self._introduced[1] if self._introduced is not None else self._going_on(low)
            if speaker is None and not (words > 3 and text[q.end - 1] in _END):
                return None, q.outer_end
            return Statement("direct", q.start, q.end, None, speaker), q.outer_end
        return None, q.outer_end

    def _end_of(self, speaker: Speaker | None, otherwise: int) -> int:
        return speaker.end if speaker is not None and speaker.start >= otherwise - 1 else otherwise

    def _indirect(
        self, low: int, high: int, edge: int, subject: Speaker | None, left: list[Quoted], spoken: bool
    ) -> Iterator[Statement]:
        """Reported clauses of a sentence, and marked fragments within them."""
        according = _ACCORDING.search(self.outside, low, high)
        if according is not None and not spoken and according.start() - low < 120:
            one = self._according(according, low, high)
            if one is not None:
                yield one
            return
        start = edge
        if subject is not None and subject.start > low:
            for hit in _BELIEVER.finditer(self.outside, low, subject.start):  # "... olduğunu belirten Haydar, ..."
                if hit.end() - low < 400 and subject.start - hit.end() < 40 and hit.start() >= edge:
                    yield from self._clause(low, hit.end("noun"), hit.span("cue"), subject)
        if subject is not None and low <= subject.start < high and subject.end > edge - 1:
            after = _AFTER_SUBJECT.match(self.outside, self._case_end(subject.end), high)
            start = after.end() if after else subject.end
        elif subject is None:
            subject = self._going_on(low, strictly=True)
        done = False
        for hit in _REPORTED.finditer(self.outside, start, high):
            yield from self._clause(start, hit.end("noun"), hit.span("cue"), subject)
            start, done = hit.end(), True
        if done:
            return
        claim = _CLAIM.search(self.outside, start, high)
        if claim is not None:
            yield from self._clause(start, claim.end("noun"), claim.span("cue"), subject)
            return
        promised = _PROMISED.search(self.outside, start, high)
        if promised is not None and not left and subject is not None:
            yield from self._clause(start, promised.start(), promised.span("cue"), subject)
        for q in left:
            end = _FRAGMENT.search(self.outside, q.outer_end, high)
            label = _LABELLING.match(self.outside, q.outer_end, high)
            if end is None or subject is None or q.outer_start < start:
                continue
            stop = q.outer_end if label is not None else end.start()
            yield from self._clause(start, stop, end.span("cue"), subject)
            return

    def _clause(self, start: int, end: int, cue: tuple[int, int], subject: Speaker | None) -> Iterator[Statement]:
        for adjunct in _ADJUNCT.finditer(self.outside, start, end):
            start = adjunct.end()
        start, end = self.scene.trim(start, end)
        if end - start < 8:
            return
        kind = "mixed" if COVER in self.outside[start:end] else "indirect"
        yield Statement(kind, start, end, cue, subject)

    def _according(self, hit: re.Match[str], low: int, high: int) -> Statement | None:
        """`UNICEF’e göre ...`: what a name with a dative says."""
        start, end = self.scene.trim(hit.end(), high)
        named = [m for m in self.scene.named(low, hit.start() + 1) if abs(m[1] - hit.start()) <= 1]
        if named:
            speaker: Speaker | None = self.scene.speaker(named[-1])
        else:
            word = re.search(r"(?P<who>[^\W\d_][^,.’']{1,60})$", self.text[low : hit.start()])
            if word is None or self.text[hit.start()] not in "’'":
                return None
            begin = low + word.start("who")
            capital = re.match(r"(?:.*\s)?(?P<name>[A-ZÇĞİÖŞÜ][^\s]*(?:\s[A-ZÇĞİÖŞÜ][^\s]*)*)$", word["who"])
            name = capital["name"] if capital else None
            begin += capital.start("name") if capital else 0
            speaker = Speaker(begin, hit.start(), name, None, None)
        if COVER in self.outside[start:end] or end - start < 8:
            return None
        return Statement("indirect", start, end, hit.span("cue"), speaker)

    # Speakers

    def _case_end(self, at: int) -> int:
        case = re.compile(r"[’'][a-zçğıöşü]+").match(self.text, at)
        return case.end() if case else at

    def _subject(self, low: int, high: int) -> Speaker | None:
        """The sentence's subject: a name in the nominative, first one before a comma or *ise*; else a phrase."""
        text, scene = self.text, self.scene
        named = [m for m in scene.named(low, high) if not _CASE.match(text, m[1])]
        genitive = [m for m in scene.people(low, high) if _GENITIVE.match(text, m[1])]
        people = [m for m in named if scene.mentions.is_person(m)]
        marks = scene.marked_within(low, high)
        first = marks[0].outer_start if marks else high
        for group in (people, named):
            ahead = [m for m in group if m[0] < first]
            for mention in ahead:
                if re.compile(r"\s(?:ise|de|da)\b|,|\s?:").match(text, mention[1]):
                    return scene.speaker(mention)
            if ahead and group is people:
                return scene.speaker(ahead[0])
        for mention in named:
            if mention[0] - low < 3 and mention[0] < first and not _OF_IT.match(text, mention[1]):
                return scene.speaker(mention)
        if genitive and genitive[0][0] < first and self.outside[low:first].rstrip().endswith(":"):
            return scene.speaker(genitive[0])
        return self._phrase(low, min(first, high))

    def _phrase(self, low: int, high: int) -> Speaker | None:
        """`bir şoför`, `Bölgedeki sağlık müdürlüğü`: words without a name before the first comma."""
        for hit in _ONE.finditer(self.outside, low, high):
            if re.compile(r"[,\s]").match(self.outside, hit.end()) and self._is_human(hit.group()):
                return Speaker(*hit.span(), None, None, None)
        comma = self.outside.find(",", low, high)
        if comma >= 0 and comma - low < 70 and self.text[low].isupper():
            words = self.text[low:comma].split()
            if 0 < len(words) <= 6 and not self._is_adverbial(words[-1]):
                name = self.text[low:comma] if len(words) > 1 and all(w[:1].isupper() for w in words) else None
                if name is not None and any(lower(word) in TITLES for word in words):
                    left = [word for word in words if lower(word) not in TITLES]
                    name = left[0] if len(left) == 1 and lower(words[-1]) not in TITLES else None
                return Speaker(low, comma, name, None, None)
        run = re.compile(
            r"(?:[A-ZÇĞİÖŞÜ][^\W\d_]+\s)+[A-ZÇĞİÖŞÜ]?[^\W\d_]*(?:lığı|liği|luğu|lüğü|ğından|ğinden|yönetimi|örgütü|komitesi|sözcüsü)"
        ).match(self.text, low, high)
        if run is not None:
            return Speaker(*run.span(), None, None, None)
        return None

    def _is_human(self, phrase: str) -> bool:
        last = phrase.split()[-1].lower()
        return bool(
            re.search(
                r"(?:şoför|kadın|adam|kişi|yetkili|kaynak|tanık|görgü|çocuk|doktor|anne|baba|genç|asker|komutan|diplomat|esnaf|çiftçi|"
                r"öğretmen|gönüllü|mülteci|sakin|aktivist|çalışan|sözcü|uzman|gazeteci|memur|polis|temsilci|işçi|hemşire|üye|"
                r"yetkilisi|çalışanı|sakini|üyesi|temsilcisi|görevlisi)(?:si|ı|i)?$",
                last,
            )
        )

    def _is_adverbial(self, word: str) -> bool:
        return bool(
            re.search(
                r"(?:[dt][ae]|[dt][ae]n|arak|erek|ken|ınca|ince|göre|ıp|ip|sonra|önce|bugün|dün|günü|nedeniyle|için|üzere|ilişkin)$",
                word,
            )
        )

    def _behind(self, start: int, end: int, *, verbal: bool = False) -> Speaker | None:
        """`diyen Hallak,` `diyor Sabbağ, gülerek`: the name that follows the cue, before a comma or a verb."""
        stop = re.compile(r"[,.;:]").search(self.outside, start, min(end, start + 90))
        limit = stop.start() if stop else min(end, start + 90)
        people = self.scene.people(start, limit + 1)
        for mention in people:
            if not _CASE.match(self.text, mention[1]):
                role = self.text[start : mention[0]].strip() or None
                return self.scene.speaker(mention, role)
        if verbal:
            return None
        named = [m for m in self.scene.named(start, limit + 1) if m[0] - start < 3]
        if named:
            return self.scene.speaker(named[0])
        words = re.compile(r"\s*(?P<who>[^,.;:]{3,50})").match(self.text, start, limit)
        return Speaker(*words.span("who"), None, None, None) if words is not None and limit < end else None

    def _previous(self, low: int) -> Speaker | None:
        """A sentence without a subject: whose was the last, in the same paragraph."""
        return self._going_on(low)

    def _going_on(self, at: int, *, strictly: bool = False) -> Speaker | None:
        scene = self.scene
        line = scene.line_start(at)
        if self._heard is not None and self._heard[0] >= line:
            since = {scene.mentions.name(m[2]) for m in scene.people(self._heard[0], at)}
            return self._heard[1] if since <= {self._heard[1].name} else self._named_before(at, line)
        return None if strictly else self._named_before(at, line)

    def _named_before(self, at: int, line: int) -> Speaker | None:
        """The only person named before in the paragraph, or the subject of the sentence before."""
        mention = self.scene.only_person(line, at)
        if mention is None:
            before = self.scene.sentence_before(at)
            if before is None or before[0] < line:
                return None
            mention = self.scene.only_person(*before)
            if mention is None and not any(m[0] - before[0] < 3 for m in self.scene.named(*before)):
                spoken_of = self._phrase(*before)  # "Rim Tarakçı, geçen ay ... öğretmendi."
                return spoken_of if spoken_of is not None and " " in (spoken_of.name or "") else None
        return self.scene.speaker(mention) if mention is not None else None
