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

from transforms.quotation import firstnames
from transforms.quotation.marks import Quoted
from transforms.quotation.mentions import Mention
from transforms.quotation.people import Speaker
from transforms.quotation.scene import COVER, Scene, Statement
from transforms.recognition.naming import normal_name

_STEMS = (
    "accus assur affirm ajout admonest alert ambitionn analys annonc apost argu argument articul assén attest avanc "
    "avou balay bougonn clam chuchot cit claironn command comment complèt concéd confess confi confirm constat "
    "contest critiqu cri déclar déclam décrypt demand dénonc déplor détaill dévoil dict énumèr énumér enrag espèr espér "
    "estim évoqu exhort expliqu expos fustig glissr gliss gémi grinc grommel ha hasard implor indiqu indign inform "
    "insist interpell interrog ironis jug jur juge justifi lâch lament lanc martel martèl mentionn menac minimis moqu "
    "murmur narr not nuanc objec object observ observ oppos ordonn pari parl pest plaid plaisant pointr point poursuiv "
    "précis préconis prétex prophétis proclam promett pronostiqu propos protest questionn racont raill rapport rappel "
    "rappell râl récapitul réclam recommand reconnaiss redout regrett rembarr renchériss reproch répét répèt répliqu "
    "répond rétorqu résum révèl révél ricann rigol rétorqu salu sembl signal soulign souhait soupir souffl stigmatis "
    "suggèr suggér suppli témoign tempêt tempèr tempér tonn trait tranch vant vitupèr"
).split()
_FORMS = (
    "dit disait disent disaient dira reconnaît reconnaissait reconnu reconnaissent convient convenu prévient prévenu "
    "préviennent avertit averti avertissent soutient soutenu soutiennent maintient maintenu admet admis admettent promet "
    "promis promettent écrit écrivait répond répondu répondent conclut conclu poursuit poursuivi reprend repris "
    "renchérit renchéri gémit sourit souri rit craint croit pense pensent nie nié nient dément démenti démentent "
    "s'inquiète inquiété décrit décrivait prédit s'amuse amusé s'emporte emporté s'étonne étonné s'agace agacé "
    "s'alarme alarmé se souvient souvient souvenu réagit réagi réagissait garantit garanti fait_savoir fait_valoir "
    "appelle appelé appellent rejette rejeté exige exigé refuse refusé voit considère considéré jette défend défendu"
).replace("_", r"\s").split()
_VERB = (
    r"(?:(?:" + "|".join(sorted(set(_STEMS), key=len, reverse=True)) + r")(?:e|é|ée|és|ées|ait|aient|ent|era|it|a|èrent)"
    r"|" + "|".join(sorted(_FORMS, key=len, reverse=True)) + r")"
)
_AUX = r"(?:(?:(?:s['’]|l['’])?(?:est|a|ont|avait|avaient|sont|aurait|auraient|étaient|était)(?:-t-(?:il|elle|on)|-(?:ils|elles))?)\s)"
_ADVERBS = r"(?:(?:également|aussi|par ailleurs|notamment|encore|ensuite|enfin|même|toujours|déjà|pour sa part|lui-même|en outre|ainsi|immédiatement|récemment|simplement|[a-zéèê]+ment)\s)"
_TAIL = r"(?:(?:-t)?-(?:il|elle|on|ils|elles))?"
_CUE = rf"(?:s['’]|se\s|l['’]|le\s)?{_AUX}?{_ADVERBS}?{_VERB}{_TAIL}(?!\w)"
_PARTICIPLE = re.compile(
    r"(?:ée?s?|reconnu|convenu|prévenu|averti|soutenu|maintenu|admis|promis|écrit|répondu|conclu|poursuivi|repris|renchéri|"
    r"souri|démenti|souvenu|réagi|garanti|défendu)$"
)
_IS_CUE = re.compile(rf"(?<![\w’'-]){_CUE}")
_PRONOUN = re.compile(r"-(il|elle|on|ils|elles)\b")
# Behind a closing mark and a comma any verb in the third person reports, if a subject follows it.
_INVERTED = re.compile(
    rf"(?:(?:s['’]|se\s|l['’])?(?:{_AUX}{_ADVERBS}?[a-zéèêîôûç]+|[a-zéèêîôûç]+(?:-t)?-(?:il|elle|on|ils|elles)|"
    r"[a-zéèêîôûç]{3,}(?:e|t|d|ait|ent)))(?!\w)"
)
_NOT_VERB = frozenset(
    "est sont ont dont tandis avant devant durant pendant suivant ce cet cette elle une contre entre comme notamment "
    "autre quatre selon lorsque quoique puisque sorte et tout toute toutes sauf moins dans mais avec pour sans".split()
)
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
_INCISE = re.compile(
    rf",\s+(?P<cue>(?:{_CUE})|(?:(?:s['’]|se\s)?[a-zéèêîôûç]+(?:-t)?-(?:il|elle|on)(?:\s[a-zé]+é)?))"
    r"(?P<who>[^,.«»“”\"]{0,60}?)(?P<end>,\s+|\.\s+(?=[A-ZÀÉÈÊ])|$)"
)
_SELON = re.compile(r"(?<![\w’'-])(?P<cue>[Ss]elon|[Dd]['’]après|[Aa]ux? (?:yeux|dires) de|[Dd]e source)\s")
_POUR = re.compile(r"(?P<cue>Pour)\s")
_QUE = re.compile(
    rf"(?<![\w’'-])(?P<cue>(?:{_CUE})|(?:ajout|précis|soulign|affirm|indiqu|estim|expliqu|assur|rappel|not|insist)ant"
    r"|(?:reconnaître|affirmer|ajouter|préciser|souligner|admettre|annoncer|assurer))"
    r"(?P<fill>(?:\s(?:dès|lors|sur|à|au|devant|dans|mardi|lundi|mercredi|jeudi|vendredi|samedi|dimanche|hier)"
    r"[^,.;:«»“”]{0,60}?)?)\s(?P<que>que|qu['’])\s?"
)
_AVOIR = re.compile(
    r"(?<![\w’'-])(?P<cue>(?:a\s|ont\s|avait\s)?(?:dit|disent|assure|assuré|assurent|affirme|affirmé|affirment|"
    r"reconnaît|reconnu|démenti|dément|démentent|nie|nié|nient|jure|juré|espère|espérer|prétend|promis|promet|admis))"
    r"\s(?=(?:ne pas\s|n['’])?(?:avoir|être|s['’]être|vouloir|pouvoir|disposer)\s)"
)
_STANCE = re.compile(
    r"(?<![\w’'-])(?P<cue>(?:a\s|ont\s|avait\s)?(?:également\s|aussi\s)?(?:dénoncé|dénonce|dénoncent|réclamé|réclame|"
    r"réclament|exigé|exige|exigent|promis|promet|redouté|redoute|craint|démenti|dément|nié|nie|nient|rejeté|rejette|"
    r"condamné|condamne|condamnent|déploré|déplore|critiqué|critique|fustigé|salué|salue|saluent|demandé|évoqué|évoque|"
    r"évoquent|jugé|juge|jugent|qualifié|qualifie|appelé|appelle|appellent|accusé|accuse|accusent|exhorté|exhorte|"
    r"accuse|reproché|reproche|proposé|propose|souhaité|souhaite))\s"
)
_WRITTEN = re.compile(r"\s*,?\s*(?:est-il|était-il|est|était|sont|étaient)\s(?:écrit|inscrit|gravé|peint|noté)")
_EITHER = frozenset("ministre juge maire médecin professeur chef député".split())  # masculine for women, too
_BROAD = frozenset("critique salue saluent demandé évoque évoqué évoquent propose proposé juge jugent".split())
_PLACE_BEFORE = re.compile(r"(?:\b(?:à|en|dans|vers|depuis|au|aux|près de|entre|contre|avec|par)\s(?:l['’]|la\s|le\s)?)$")
_OBLIQUE = re.compile(
    r"(?:(?:^|[\s(])(?:à|de|du|des|contre|avec|pour|devant|sur|chez|entre|vers|en|dans|par)\s(?:l['’]|la\s|le\s|M\.\s|Mme\s)?"
    r"|(?:^|[\s(])d['’])$"
)
_FEMALE_WORD = re.compile(
    r"\b(?:Mme|Mlle|femme|mère|sœur|fille|nièce|épouse|veuve|tante|avocate|présidente|députée|envoyée|responsable kurde|"
    r"la\s\w+|sa\s\w+|une\s\w+|l['’](?:\w+(?:trice|euse|ière|ienne|ante|ente)))\b"
)
_MALE_WORD = re.compile(r"\b(?:M\.|homme|père|frère|fils|neveu|mari|veuf|oncle|le\s\w+|son\s\w+|un\s\w+|du\s\w+|Cheikh|cheikh)\b")
_MALE_TITLE = re.compile(r"\b(?:général|colonel|ambassadeur|directeur|président|envoyé|émissaire|capitaine)\b")
_SHE_NOUN = re.compile(r",\s(?:[a-zéè]+(?:trice|euse|ière|ienne|ante|ente)|mère|veuve|pédiatre et mère)\b")
_HE_NOUN = re.compile(r",\s(?:[a-zéè]+(?:teur|eur|ier|ien|ant)|père|grand-père)\b")


def statements(scene: Scene) -> list[Statement]:
    """All that somebody says in a French text, in the order of the rules."""
    return _Reader(scene).read()


def _reports(cue: str) -> bool:
    """Whether a cue is a verb that somebody does: no participle by itself, no passive (`est accusé`, `est-il écrit`)."""
    if _PARTICIPLE.search(cue) is None:
        return True
    return re.match(r"(?:(?:s|l)['’]|(?:a|ont|avait|avaient|aurait|auraient)\b)", cue) is not None


class _Reader:
    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.text = scene.text
        self.outside = scene.outside
        self._genders: dict[int, str] = {}
        self._said: list[tuple[int, Speaker]] = []  # where somebody was heard, in the order of the text

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
            if one.speaker is not None and one.speaker.name:
                self._said.append((one.start, one.speaker))
        for n, q in enumerate(marked):
            if q.start in swallowed:
                continue
            before = marked[n - 1].outer_end if n else low
            after = marked[n + 1].outer_start if n + 1 < len(marked) else high
            found += self._marked(q, low, before, after, found)
        found.sort(key=lambda s: s.start)
        for n, one in enumerate(found):
            cue = self.text[slice(*one.cue)] if one.cue else ""
            if n and one.speaker is None and cue.endswith(("ant", "er", "re")):  # ", avant de reconnaître que"
                found[n] = replace(one, speaker=found[n - 1].speaker)
        for one in found:
            if one.speaker is not None and one.speaker.name:
                self._said.append((one.start, one.speaker))
        return found

    # Words in marks

    def _marked(self, q: Quoted, low: int, before: int, after: int, here: list[Statement]) -> Iterator[Statement]:
        pieces, cue, speaker = self._incise(q)
        if _WRITTEN.match(self.text, q.outer_end, min(after, q.outer_end + 60)):
            return  # words on a wall
        words = len(self.text[q.start : min(q.end, q.start + 300)].split())
        whole = self.text[q.start].isupper() or self.text[q.end - 1] in ".!?…"
        if cue is None:
            cue, speaker = self._behind(q, after)
        if cue is None:
            cue, speaker = self._ahead(q, low, before)
        if cue is None:
            lead = self.outside[before:q.outer_start].strip(" ,\t")
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
        for hit in _INCISE.finditer(self.text, q.start, stop):
            pronoun = _PRONOUN.search(hit["cue"])
            word = hit["cue"].split()[0].lower()
            if word in _NOT_VERB or (not hit["end"] and hit.end() < q.end):
                continue
            who: Speaker | None = None
            if pronoun is not None:
                who = self._pronoun(pronoun[1], hit.start("cue") + pronoun.start(1), hit.start("cue") + pronoun.end(1))
            else:
                who = self._subject(hit.start("who"), hit.end("who"), strict=True)
                if who is None:
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
        selon = _SELON.match(text, at, limit)
        if selon is not None:
            return selon.span("cue"), self._subject(selon.end(), limit)
        hit = _IS_CUE.match(text, at, limit)
        if hit is not None and not _reports(hit.group()):
            return None, None
        if hit is None and (comma or text[q.end - 1] in "!?…"):
            hit = _INVERTED.match(text, at, limit)
            if hit is not None and (hit.group().split()[0].lower() in _NOT_VERB or hit.group().endswith("ant")):
                hit = None
            if hit is not None and not _PRONOUN.search(hit.group()) and self._subject(hit.end(), limit) is None:
                hit = None
        if hit is None:
            return None, None
        pronoun = _PRONOUN.search(hit.group())
        if pronoun is not None:
            start = hit.start() + pronoun.start(1)
            return hit.span(), self._pronoun(pronoun[1], start, start + len(pronoun[1]))
        return hit.span(), self._subject(hit.end(), limit)

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
            return cue, self._pronoun(aside["who"], start, start + len(aside["who"]))
        if not colon and not re.search(r"\b(?:que|qu['’]|selon lequel|selon laquelle)$", lead):
            return None, None
        cues = [hit for hit in _IS_CUE.finditer(self.outside, before, end) if not self._is_noun(hit.start()) and _reports(hit.group())]
        if cues:
            hit = cues[-1]
            pronoun = _PRONOUN.search(hit.group())
            if pronoun is not None:
                start = hit.start() + pronoun.start(1)
                return hit.span(), self._pronoun(pronoun[1], start, start + len(pronoun[1]))
            return hit.span(), self._left(low, hit.start())
        if "selon l" in lead[-20:]:
            heard = self._heard(low)
            return (end - 13, end), heard
        people = self.scene.people(low, q.outer_start)
        if colon and people:
            mention = people[0] if len({m[2] for m in people}) == 1 else people[-1]
            return (end - 1, end), self.scene.speaker(mention)
        if colon:
            named = self.scene.named(low, q.outer_start)
            return (end - 1, end), self.scene.speaker(named[0]) if len({m[2] for m in named}) == 1 else None
        return None, None

    def _heard(self, low: int) -> Speaker | None:
        return self._said[-1][1] if self._said and self._said[-1][0] >= low else None

    def _is_noun(self, at: int) -> bool:
        """Whether an article stands before a word: `la demande`, `une annonce`."""
        before = self.outside[max(0, at - 6) : at].rstrip().lower()
        return before.endswith((" le", " la", " une", " un", " les", " des", " ce", " sa", " son", "l’", "l'", " cette"))

    def _goes_on(self, q: Quoted, here: list[Statement]) -> Speaker | None:
        """Marks that stand alone: the speaker of the words before them, in the same paragraph or the one before."""
        scene = self.scene
        low = scene.line(q.outer_start)[0]
        if self._said and (self._said[-1][0] >= low or q.goes_on):
            at, speaker = self._said[-1]
            others = {m[2] for m in scene.people(at, q.outer_start)}
            names = {scene.mentions.entities[n].name for n in others} - {speaker.name}
            return speaker if not names else None
        mention = scene.only_person(low, q.outer_start)
        return scene.speaker(mention) if mention is not None else None

    # Reported clauses

    def _reported(self, low: int, high: int) -> Iterator[Statement]:
        text, outside = self.text, self.outside
        taken = low
        for selon in _SELON.finditer(outside, low, high):
            one = self._selon(selon, low, high)
            if one is not None and one.start >= taken:
                taken = one.end
                yield one
        pour = _POUR.match(outside, low, high)
        if pour is not None and re.match(r"[^,]{3,120},[^,]{0,100}?,?\s?[«“\"]", outside[pour.end() : high]):
            who = self._subject(pour.end(), high)
            marked = self.scene.marked_within(low, high)
            if who is not None and marked and who.name is not None:
                self._said.append((who.start, who))
                yield Statement("direct", marked[0].start, marked[0].end, pour.span("cue"), who)
                taken = marked[0].outer_end
        for hit in _QUE.finditer(outside, low, high):
            if hit.start() < taken or self._is_noun(hit.start()) or not _reports(hit["cue"]):
                continue
            speaker, left = self._subject_left(low, hit.start("cue"))
            pronoun = _PRONOUN.search(hit["cue"])
            if pronoun is not None:
                start = hit.start("cue") + pronoun.start(1)
                speaker = self._pronoun(pronoun[1], start, start + len(pronoun[1]))
            elif left == "we":
                continue
            start, end = self.scene.trim(hit.end(), self._clause_end(hit.end(), high))
            if end - start < 8:
                continue
            taken = end
            yield Statement("indirect", start, end, hit.span("cue"), speaker)
        for pattern in (_AVOIR, _STANCE):
            for hit in pattern.finditer(outside, low, high):
                if hit.start() < taken or self._is_noun(hit.start()):
                    continue
                speaker, left = self._subject_left(low, hit.start("cue"))
                start, end = self.scene.trim(hit.end(), self._clause_end(hit.end(), high))
                weak = hit["cue"].split()[-1] in _BROAD
                marks = COVER in outside[start:end]
                if speaker is None or left == "we" or end - start < 8 or (weak and not marks):
                    continue
                if outside[start:].startswith(("que ", "qu’", "qu'", ":", "COVER")):
                    continue
                taken = end
                yield Statement("stance" if pattern is _STANCE else "indirect", start, end, hit.span("cue"), speaker)
        if taken == low and COVER not in outside[low:high]:
            yield from self._incised(low, high)

    def _incised(self, low: int, high: int) -> Iterator[Statement]:
        """`La route est coupée, a annoncé X.`, `Depuis mars, affirme-t-elle, la route est coupée.`"""
        for hit in re.finditer(rf",\s(?P<cue>{_CUE})(?P<who>[^,.]{{0,120}})(?P<end>[,.])?", self.outside[low:high]):
            start = low + hit.start("cue")
            pronoun = _PRONOUN.search(hit["cue"])
            if pronoun is not None:
                at = start + pronoun.start(1)
                speaker: Speaker | None = self._pronoun(pronoun[1], at, at + len(pronoun[1]))
            else:
                speaker = self._subject(low + hit.end("cue"), high, strict=True)
                if speaker is None:
                    continue
            begin, end = self.scene.trim(low, low + hit.start())
            dateline = re.match(r"[A-ZÀ-Ü' ’-]{3,}[^—–]{0,60}[—–]\s", self.text[begin:end])
            begin += dateline.end() if dateline else 0
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
                speaker: Speaker | None = self._pronoun(word, selon.end(), selon.end() + len(pronoun[1]))
            else:
                speaker = self._subject(selon.end(), comma, whole=True)
            nearer = re.match(r"\s[^,«»“”]{3,60},\s(?=[«“\"])", self.outside[comma + 1 : high])
            start, end = self.scene.trim(comma + 1 + (nearer.end() if nearer else 0), high)
        else:
            if self.text[at - 2 : at].strip() != "," or self.scene.in_marks(at):
                return None
            if self.scene.marked_within(low, at):
                return None  # the marks' own rule reads it
            speaker = self._subject(selon.end(), high, whole=True)
            start, end = self.scene.trim(low, at)
        if speaker is None or end - start < 8:
            return None
        return Statement("indirect", start, end, selon.span("cue"), speaker)

    def _clause_end(self, start: int, high: int) -> int:
        """Where a reported clause ends: at its sentence's end, or before what is again the writer's."""
        stop = re.compile(r",\s(?:ajoutant|précisant|soulignant|avant de|a-t-|tandis que|alors que le|selon|dans un|lors d)|;|\s:\s")
        hit = stop.search(self.outside, start, high)
        return hit.start() if hit else high

    # Speakers

    def _subject(self, start: int, end: int, *, strict: bool = False, whole: bool = False) -> Speaker | None:
        """The subject that follows a verb: the person named next, else the body, else the phrase as it stands."""
        text, scene = self.text, self.scene
        fill = _FILL.match(text, start, end)
        begin = fill.end() if fill else start
        while start < end and text[start].isspace():
            start += 1
        if start >= end:
            return None
        stop = re.compile(r"[.;:!?«“\"]").search(self.outside, start, end)
        limit = stop.start() if stop and not re.search(r"\bMM?$", text[max(0, stop.start() - 2) : stop.start()]) else end
        comma = self.outside.find(",", start, limit)
        segment = comma if comma >= 0 else limit
        for low, high in ((start, segment), (segment, min(limit, segment + 60))):
            for mention in scene.people(low, high):
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
                if mention[0] - start <= 4 or not _PLACE_BEFORE.search(text, max(0, mention[0] - 14), mention[0]):
                    return scene.speaker(mention)
            capital = re.compile(r"(?:[A-ZÀÉÈ][\w’'-]+)(?:\s(?:(?:de|du|des|al|el)\s)?[A-ZÀÉÈ][\w’'-]+){1,3}").match(text, start, limit)
            if capital is not None:
                return Speaker(*capital.span(), capital.group(), None, None)
            return None
        cut = None if whole else _NP_END.search(text, phrase.start() + 2, phrase.end())
        low, high = phrase.start(), cut.start() if cut else phrase.end()
        while high > low and text[high - 1].isspace():
            high -= 1
        for mention in named:
            lead = text[low : mention[0]].lower()
            if lead in ("la ", "le ", "l’", "l'", "les ") and not scene.mentions.is_person(mention):
                return scene.speaker(mention)
        return self._described(low, high)

    def _described(self, start: int, end: int) -> Speaker:
        """`le boulanger`: the one person of the paragraph, if there is just one; `un habitant`: nobody with a name."""
        phrase = self.text[start:end]
        if re.match(r"(?:[Ll]e|[Ll]a|[Ll]['’])\s?", phrase) and len(phrase.split()) <= 4:
            low = self.scene.line(start)[0]
            article = phrase[:2].lower()
            gender = "f" if article == "la" else "m" if article == "le" and phrase.split()[1] not in _EITHER else ""
            here = [m for m in self.scene.people(low, start) if self._fits(m[2], gender)]
            heard = self._said[-1] if self._said else None
            mention = here[-1] if len({m[2] for m in here}) == 1 else None
            if mention is None and here and gender and self._gender(here[-1][2]) == gender:
                alike = {m[2] for m in here if self._gender(m[2]) == gender}
                mention = here[-1] if len(alike) == 1 else None  # the last named, and the only known woman
            if mention is not None:
                return self.scene.mentions.same(self.scene.speaker(mention), start, end)
            if mention is None and heard is not None and heard[0] >= low and not self.scene.people(low, start):
                return self.scene.mentions.same(heard[1], start, end)
        return Speaker(start, end, None, None, None)

    def _left(self, low: int, at: int) -> Speaker | None:
        return self._subject_left(low, at)[0]

    def _subject_left(self, low: int, at: int) -> tuple[Speaker | None, str]:
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
            return self._pronoun(pronoun, start, start + len(word[1])), ""
        named = scene.named(low, at)
        people = [m for m in named if scene.mentions.is_person(m)]
        for mention in reversed(people):
            if not _OBLIQUE.search(text, max(0, mention[0] - 14), mention[0]):
                return scene.speaker(mention), ""
        for mention in reversed(named):
            printed = text[max(0, mention[0] - 16) : mention[0]]
            start = mention[0] - low
            alone = not printed.strip() or start <= 4 or re.search(r"(?:^|[\s,(])(?:[Ll]['’]|[Ll]a\s|[Ll]e\s|[Ll]es\s)$", printed)
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
        heard = self._heard(low)
        return heard, ""

    def _pronoun(self, word: str, start: int, end: int) -> Speaker:
        """Who a pronoun is: the last who spoke, or the only person of its gender named in this paragraph or the last."""
        nobody = Speaker(start, end, None, None, None)
        if word in ("on", "ils", "elles", "nous"):
            return nobody
        gender = "f" if word == "elle" else "m"
        scene = self.scene
        low = scene.line(start)[0]
        above = scene.lines[max(0, scene.paragraph(start) - 1)][0]
        for floor in (low, above):
            heard = self._said[-1] if self._said and self._said[-1][0] >= floor else None
            here = [m for m in scene.people(floor, start) if self._fits(m[2], gender)]
            if heard is not None:
                since = {m[2] for m in here if m[0] > heard[0]}
                name = heard[1].name
                others = {n for n in since if scene.mentions.entities[n].name != name}
                mine = [m for m in scene.mentions.people if scene.mentions.entities[m[2]].name == name]
                if not others and (not mine or self._fits(mine[0][2], gender)):
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
        """"m", "f", or "" where nothing tells: by title, article, trade or first name."""
        known = self._genders.get(who)
        if known is None:
            known = self._genders[who] = self._find_gender(who)
        return known

    def _find_gender(self, who: int) -> str:
        entity = self.scene.mentions.entities[who]
        first = normal_name(entity.name.partition(" ")[0])
        if first in firstnames.FEMALE:
            return "f"
        if first in firstnames.MALE:
            return "m"
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
