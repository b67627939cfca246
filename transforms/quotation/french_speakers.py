"""Who speaks in French: the phrase beside a verb, pronouns and descriptions, led to a person where that is safe."""

from __future__ import annotations

import re

from transforms.quotation import firstnames
from transforms.quotation.people import Speaker
from transforms.quotation.scene import Scene
from transforms.recognition.naming import normal_name

_FILL = re.compile(
    r"\s*(?:,\s*)?(?:(?:mardi|lundi|mercredi|jeudi|vendredi|samedi|dimanche|hier|aujourd['’]hui)\s?(?:matin|soir)?"
    r"|(?:à|au|en|dans|devant|depuis|lors|sur|par|auprès|avec|face|de|du)\s(?:[^,.;:«»“”\"]{0,60}?))?\s*"
)
_NP = re.compile(
    r"(?:un|une|le|la|les|des|ce|cette|cet|son|sa|leur|mon|l['’]un|l['’]une|plusieurs|certains|deux|trois|l['’]|M\.|Mme)"
    r"(?:\s|(?<=['’]))[^,.;:!?«»“”\"()]{2,80}"
)
_NP_END = re.compile(
    r"\s(?:qui|dont|dans|lors|sur|devant|au|aux|en|à|pour|par|joint|jointe|après|avant|depuis|cité|citée|interrogé|"
    r"interrogée|sous|mardi|lundi|mercredi|jeudi|vendredi|samedi|dimanche|hier|auprès|cités)(?=\s|$)"
)
_FIRST_NAME = re.compile(r"[A-ZÀÉÈ][\w’'-]{2,}(?=\s*(?:[.,»\"”]|$))")
_HUMAN = re.compile(
    r"(?:homme|femme|fille|garçon|mère|père|sœur|frère|militaire|libraire|secrétaire|boulanger|berger|médecin|pédiatre|"
    r"avocate?|ministre|porte-parole|maire|général|colonel|capitaine|président|présidente|député|députée|diplomate|juge|"
    r"émissaire|chef|patron|patronne|élève|étudiante?|réfugiée?|déplacée?|habitante?|commandant|militante?|imam|cheikh|"
    r"trice|euse|iste|ienne|ière|teur|seur|cheur|geur|ieur|nier|mier|cien|logue|envoyée?|responsable|quinquagénaire)(?!\w)"
)
_EITHER = frozenset("ministre juge maire médecin professeur chef député".split())  # masculine for women, too
_PLACE_BEFORE = re.compile(
    r"(?:\b(?:à|en|dans|vers|depuis|au|aux|près de|entre|contre|avec|par)\s(?:l['’]|la\s|le\s)?)$", re.IGNORECASE
)
_OBLIQUE = re.compile(
    r"(?:(?:^|[\s(])(?:à|de|du|des|contre|avec|pour|devant|sur|chez|entre|vers|en|dans|par)\s(?:l['’]|la\s|le\s|M\.\s|Mme\s)?"
    r"|(?:^|[\s(])d['’])$",
    re.IGNORECASE,
)
_MALE_TITLE = re.compile(r"\b(?:général|colonel|ambassadeur|directeur|président|envoyé|émissaire|capitaine)\b")
_SHE_NOUN = re.compile(r",\s(?:[a-zéè]+(?:trice|euse|ière|ienne|ante|ente)|mère|veuve|pédiatre et mère)\b")
_HE_NOUN = re.compile(r",\s(?:[a-zéè]+(?:teur|eur|ier|ien|ant)|père|grand-père)\b")


class Speakers:
    """The speakers of one text. What has been heard is told with ``hear``, in the order of the text."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.text = scene.text
        self.outside = scene.outside
        self._genders: dict[int, str] = {}
        self._said: tuple[int, Speaker] | None = None  # where somebody was heard last

    def hear(self, at: int, speaker: Speaker | None) -> None:
        """Somebody with a name speaks at ``at``."""
        if speaker is not None and speaker.name:
            self._said = (at, speaker)

    def heard(self, low: int) -> Speaker | None:
        """Who spoke last, if it was behind ``low``."""
        return self._said[1] if self._said is not None and self._said[0] >= low else None

    def heard_at(self) -> int:
        """Where somebody was heard last; -1 where nobody was."""
        return self._said[0] if self._said is not None else -1

    def behind(self, start: int, end: int, *, inside: bool = False, whole: bool = False) -> Speaker | None:
        """The subject that follows a verb: the person named next, else the body, else the phrase as it stands."""
        text, scene = self.text, self.scene
        people = scene.mentions.people_within if inside else scene.people
        fill = _FILL.match(text, start, end)
        begin = fill.end() if fill else start
        while start < end and text[start].isspace():
            start += 1
        if start >= end:
            return None
        stop = re.compile(r"[.;:!?«“\"]").search(self.outside, start, end)
        limit = (
            stop.start() if stop and not re.search(r"\bMM?$", text[max(0, stop.start() - 2) : stop.start()]) else end
        )
        comma = self.outside.find(",", start, limit)
        segment = comma if comma >= 0 else limit
        for low, high in ((start, segment), (segment, min(limit, segment + 60))):
            for mention in people(low, high):
                if low == segment and text[segment : mention[0]].strip(" ,") not in ("", "M.", "Mme"):
                    break
                if _OBLIQUE.search(text, max(0, mention[0] - 16), mention[0]) and mention[0] > start:
                    break
                role = text[start : mention[0]].strip(" ,") if low == start else text[start:segment].strip(" ,")
                return scene.speaker(mention, _role(role))
            if low == segment:
                break
        phrase = _NP.match(text, start, limit) or _NP.match(text, begin, limit)
        named = scene.named(start, segment)
        if phrase is None:
            for mention in named:
                if not _PLACE_BEFORE.search(text, max(0, mention[0] - 14), mention[0]):  # "À Ankara, une source ..."
                    return scene.speaker(mention)
            capital = re.compile(r"(?:[A-ZÀÉÈ][\w’'-]+)(?:\s(?:(?:de|du|des|al|el)\s)?[A-ZÀÉÈ][\w’'-]+){1,3}").match(
                text, start, limit
            )
            if capital is not None:
                return Speaker(*capital.span(), capital.group(), None, None)
            first = _FIRST_NAME.match(text, start, limit)
            if first is not None and not named:
                return Speaker(*first.span(), first.group(), None, None)
            return None
        cut = None if whole else _NP_END.search(text, phrase.start() + 2, phrase.end())
        low, high = phrase.start(), cut.start() if cut else phrase.end()
        while high > low and text[high - 1].isspace():
            high -= 1
        for mention in named:
            lead = text[low : mention[0]].lower()
            if lead in ("", "la ", "le ", "l’", "l'", "les ") and not scene.mentions.is_person(mention):
                return scene.speaker(mention)
        return self._described(low, high)

    def _described(self, start: int, end: int) -> Speaker:
        """`le boulanger`: the one person of the paragraph, if there is just one; `un habitant`: nobody with a name."""
        phrase = self.text[start:end]
        if re.match(r"(?:[Ll][ea]\s|[Ll]['’])", phrase) and len(phrase.split()) <= 4 and _HUMAN.search(phrase):
            low = self.scene.line_start(start)
            article = phrase[:2].lower()
            gender = "f" if article == "la" else "m" if article == "le" and phrase.split()[1] not in _EITHER else ""
            here = [m for m in self.scene.people(low, start) if self._fits(m[2], gender)]
            heard = self._said
            mention = here[-1] if len({m[2] for m in here}) == 1 else None
            if mention is None and here and gender and self._gender(here[-1][2]) == gender:
                alike = {m[2] for m in here if self._gender(m[2]) == gender}
                mention = here[-1] if len(alike) == 1 else None  # the last named, and the only known woman
            if mention is not None:
                return self.scene.mentions.same(self.scene.speaker(mention), start, end)
            if heard is not None and heard[0] >= low and not self.scene.people(low, start):
                return self.scene.mentions.same(heard[1], start, end)
        return Speaker(start, end, None, None, None)

    def before(self, low: int, at: int) -> tuple[Speaker | None, str]:
        """The subject before a verb at ``at``: pronoun, the nearest name that no preposition governs, or the phrase.

        With it "we" where the writer or whoever is quoted speaks of themselves.
        """
        text, scene = self.text, self.scene
        before = self.outside[low:at].rstrip()
        word = re.search(r"(?:^|[\s,’'])(il|elle|ils|elles|on|nous|je|j['’]|qui|y|vous|tu)$", before, re.IGNORECASE)
        if word is not None and word[1].lower() not in ("qui", "y"):
            pronoun = word[1].lower()
            if pronoun in ("nous", "je", "on", "j'", "j’", "vous", "tu"):
                return None, "we"
            start = low + word.start(1)
            return self.pronoun(pronoun, start, start + len(word[1])), ""
        named = scene.named(low, at)
        people = [m for m in named if scene.mentions.is_person(m)]
        for mention in reversed(people):
            if not _OBLIQUE.search(text, max(0, mention[0] - 14), mention[0]):
                return scene.speaker(mention), ""
        for mention in reversed(named):
            printed = text[max(0, mention[0] - 16) : mention[0]]
            start = mention[0] - low
            alone = (
                not printed.strip()
                or start <= 4
                or re.search(r"(?:^|[\s,(])(?:[Ll]['’]|[Ll]a\s|[Ll]e\s|[Ll]es\s)$", printed)
            )
            if alone and not _OBLIQUE.search(text, max(0, mention[0] - 16), mention[0]):
                return scene.speaker(mention), ""
        phrase = re.match(
            r"(?:[^,]{0,60},\s)?(?P<np>(?:Un|Une|Le|La|Les|L['’]|Des|un|une|le|la|les|l['’]|des|plusieurs|Plusieurs)"
            r"(?:\s|(?<=['’]))[^,]{2,70})(?:,[^,]*,)?\s?$",
            before + " ",
        )
        if phrase is not None:
            start, end = low + phrase.start("np"), low + phrase.end("np")
            while end > start and text[end - 1].isspace():
                end -= 1
            cut = _NP_END.search(text, start, end)
            end = cut.start() if cut else end
            return (self._described(start, end) if cut is None else Speaker(start, end, None, None, None)), ""
        return self.heard(low), ""

    def pronoun(self, word: str, start: int, end: int) -> Speaker:
        """Who a pronoun is: the last who spoke, or the only person of its gender named shortly before."""
        nobody = Speaker(start, end, None, None, None)
        if word in ("on", "ils", "elles", "nous"):
            return nobody
        gender = "f" if word == "elle" else "m"
        scene = self.scene
        low = scene.line_start(start)
        above = max(scene.lines[max(0, scene.paragraph(start) - 1)][0], low - 1000)
        for floor in (low, above):
            heard = self._said if self._said is not None and self._said[0] >= floor else None
            here = [m for m in scene.people(floor, start) if self._fits(m[2], gender)]
            if heard is not None:
                since = {m[2] for m in here if m[0] > heard[0]}
                name = heard[1].name
                others = {n for n in since if scene.mentions.name(n) != name}
                mine = scene.mentions.person(name)
                body = mine is None and heard[1].entity_id is not None  # a state, an agency
                if not others and not body and (mine is None or self._fits(mine, gender)):
                    return scene.mentions.same(heard[1], start, end)
            if here:
                if len({m[2] for m in here}) == 1:
                    return scene.mentions.same(scene.speaker(here[-1]), start, end)
                subject = [m for m in here if m[0] - scene.sentence(m[0])[0] < 60]
                last = scene.sentence(here[-1][0])
                near = {m[2] for m in here if m[0] >= last[0]}
                if len(near) == 1 and here[-1] in subject:
                    return scene.mentions.same(scene.speaker(here[-1]), start, end)
                return nobody
        return nobody

    def _fits(self, who: int, gender: str) -> bool:
        return not gender or self._gender(who) in ("", gender)

    def _gender(self, who: int) -> str:
        """ "m", "f", or "" where nothing tells: by title, article, trade or first name."""
        known = self._genders.get(who)
        if known is None:
            known = self._genders[who] = self._find_gender(who)
        return known

    def _find_gender(self, who: int) -> str:
        entity = self.scene.mentions.entities[who]
        gender = firstnames.gender(normal_name(entity.name.partition(" ")[0]))
        if gender:
            return gender
        for mention in entity.mentions[:6]:
            before = self.text[max(0, mention.start - 40) : mention.start].rsplit(",", 1)[-1]
            after = self.text[mention.end : mention.end + 40]
            if before.rstrip().endswith(("Mme", "Mlle")) or _SHE_NOUN.match(after):
                return "f"
            if before.rstrip().endswith(("M.", "cheikh", "Abou")) or _HE_NOUN.match(after):
                return "m"
            if _MALE_TITLE.search(before):
                return "m"
            if re.search(r"(?:trice|euse|ière|ienne|ante|sœur|mère|avocate|présidente|fille|femme)\s$", before):
                return "f"
        return ""


def _role(phrase: str) -> str | None:
    """`l’ambassadeur` before a name; nothing where it is no description of somebody."""
    phrase = phrase.strip(" ,")
    found = re.match(r"(?:le|la|l['’]|un|une|son|sa)\s?(?P<role>[\w’' -]{3,60})$", phrase)
    return found["role"].strip() if found else None
