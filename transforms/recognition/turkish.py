"""Turkish names, by pattern: capital words in a row, and what shows a person or a body in them.

A person is introduced by a title or trade (*Dışişleri Bakanı Hakan Fidan*, *öğretmen Semira Hallak*), by a participle
(*kapıda bekleyen Halid Sabuni*), or stands where a speaker does: before a comma and a mark, before *ise*, behind
*diyen*, before *'e göre*. From then on the surname alone is a mention. Bodies end in a noun of their kind (*Derneği*).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from transforms.recognition.spans import Span

_CAPITAL = "A-ZÇĞİÖŞÜÂÎÛÉÁŠČŽ"
_WORD = rf"[{_CAPITAL}][^\W\d_]*(?:-[^\W\d_]+)*"
_PARTICLE = r"(?:el|es|eş|en|et|er|ed|bin|bint|van|von|de|da|der|den)"
_RUN = re.compile(rf"(?<![\w’'-]){_WORD}(?:\s(?:{_PARTICLE}[\s-])*{_WORD}){{0,11}}(?P<case>[’'][a-zçğıöşü]+)?(?![\w-])")
TITLES = frozenset(
    """
    başkan başkanı bakan bakanı cumhurbaşkanı başbakan başbakanı yardımcısı sözcüsü sözcü vali valisi
    müdürü müdür sekreteri sekreter temsilcisi temsilci elçisi büyükelçi büyükelçisi konsolosu general
    tümgeneral tuğgeneral korgeneral orgeneral albay yarbay binbaşı yüzbaşı teğmen komutan komutanı
    doktor dr prof doç av avukat profesör şeyh imam milletvekili kaymakam kaymakamı koordinatörü
    koordinatör lideri lider danışmanı uzmanı yetkilisi üyesi direktörü genel özel devlet dışişleri
    içişleri savunma petrol kral kralı prens emir hakim yargıç savcı gazeteci muhabiri editörü şef şefi
    eş bay bayan sayın mareşal amiral astsubay polis hemşire öğretmen mimar mühendis çiftçi fırıncı terzi
    şoför esnaf
    """.split()
)
_ROLES = frozenset(
    """
    öğretmen mimar doktor cerrah hemşire ebe çiftçi fırıncı terzi şoför şoförü gazeteci muhabir avukat
    mühendis araştırmacı aktivist gönüllüsü gönüllü yetkilisi temsilcisi uzmanı uzman sözcüsü müdürü
    başkanı üyesi sahibi babası annesi kardeşi ablası ağabeyi eşi oğlu kızı amcası dayısı teyzesi halası
    komşusu arkadaşı kuzeni yeğeni dedesi ninesi baba anne komutan komutanı komutanlardan kadınlardan
    erkeklerden sakinlerinden diplomat analist yazar siyasetçi koordinatörü esnaf muhtarı muhtar imamı
    öğrenci işçi işçisi pilot asker general albay yarbay çoban eczacı tüccar emekli yönetmen bakan
    yardımcısı
    """.split()
)
_BODIES = {
    "NGO": "derneği vakfı kızılay kızılhaç platformu dayanışma",
    "MEDIA": "ajansı gazetesi televizyonu radyosu kanalı dergisi haber",
    "BODY": "bakanlığı örgütü komitesi ağı partisi ordusu cephesi konseyi meclisi üniversitesi programı fonu yönetimi "
    "mahkemesi birliği gücü güçleri kurumu kuruluşu müdürlüğü başkanlığı merkezi hastanesi idaresi komisyonu "
    "komiserliği "
    "koalisyonu hareketi tugayı tümeni hükümeti belediyesi şirketi bankası enstitüsü ofisi milletler",
    "": "müzesi "
    "kapısı dağı nehri gölü ovası vadisi harekâtı harekatı süreci mutabakatı anlaşması bölgesi savaşı köprüsü "
    "kampı "
    "caddesi meydanı günü operasyonu deklarasyonu zirvesi konferansı oteli camii limanı havalimanı",
}
_KIND = {word: label for label, words in _BODIES.items() for word in words.split()}
_SPEAKER = re.compile(
    rf"(?:^|[.!?\n])\s*(?P<before>{_WORD})(?:,\s[“\"«]|\sise\s)|[”\"»]\s(?:diye\s\w+|diyen)\s(?P<behind>{_WORD})\b"
)
_SPEAKS = re.compile(
    r"(?:,\s[^.!?“”\"]{0,90}[“\"«]|\s?:\s?[“\"«]|,\s[^.!?“”\"]{10,200}(?:ığını|iğini|uğunu|üğünü|acağını|eceğini|asını|esini)\s"
    r"|\sise[\s,]|[’'](?:y?[ea]|n[ea])\sgöre|[’']n[ıiuü]n\syanıtı)"
)
_BEFORE = re.compile(r"(?:^|[\s“”\"(])(?P<word>[^\W\d_]+)(?:\s\([^()]{1,20}\))?\s$")
_FROM = re.compile(r"[’'](?:n?[dt][ae]n|n[ıiuü]n)\s$")  # Kızılhaç Komitesi’nden Jean-Luc Delavigne
_PARTICIPLE = re.compile(r"[^\W\d_]{2,}(?:[ae]n|[ıiuü]p|[dt][ae]n|[dt][ae]ki|lı|li|lu|lü)$")
_KUNYA = re.compile(rf"(?<![\w’'-])(?:Ebu|Ümmü)\s{_WORD}")
_TRADE = ("cı", "ci", "cu", "cü", "çı", "çi", "çu", "çü")
_FROM_THERE = ("lı", "li", "lu", "lü")
_NO_FIRST = frozenset(
    """
    bu şu o bir iki üç ancak ama fakat öte yandan sosyal eski yeni son bölgedeki kentteki birleşmiş
    milli türk rus arap kürt suriyeli amerikan abd ab bm rejim muhalif ocak şubat mart nisan mayıs
    haziran temmuz ağustos eylül ekim kasım aralık pazartesi salı çarşamba perşembe cuma cumartesi pazar
    """.split()
)


def lower(word: str) -> str:
    """A Turkish word in small letters: the dotted İ is i, the plain I is ı."""
    return word.replace("İ", "i").replace("I", "ı").lower()


def turkish_spans(text: str, known: Sequence[tuple[int, int]]) -> list[Span]:
    """Persons and bodies that a Turkish text shows. ``known`` are the spans of topic and gazetteer."""
    taken = {at for start, end in known for at in range(start, min(end, start + 200))}
    people: list[Span] = []
    bodies: list[Span] = []
    doubtful: list[tuple[int, int]] = []
    speakers = _speakers(text)
    for run in _RUN.finditer(text):
        words = [(run.start() + w.start(), run.start() + w.end()) for w in re.finditer(r"\S+", run.group())]
        case = run["case"]
        if case:
            words[-1] = (words[-1][0], words[-1][1] - len(case))
        cut, kind, titled = _cut(text, words)
        if kind is not None and cut >= 2 and words[0][0] not in taken:
            start, end = words[0][0], words[cut - 1][1]
            if kind and not titled:
                bodies.append(Span(start, end, kind, text[start:end], 1))
        name = words[cut:]
        trade = False
        if (
            not cut
            and name
            and (first := lower(text[slice(*name[0])]))
            and (first in _NO_FIRST or (len(name) > 2 and first.endswith(_TRADE)))
        ):
            trade = len(name) == 3 and first.endswith(_TRADE)
            name = name[1:]  # "İhracatçı Nazmi Köker"
        for n in range(len(name) - 2, 0, -1):
            if len(word := lower(text[slice(*name[n - 1])])) > 5 and word.endswith(_FROM_THERE):
                name = name[n:]  # "Norveçli Liv Sandnes"
                break
        while len(name) > 2 and name[-1][0] in taken and not case:
            name = name[:-1]  # "Feridun Sinirlioğlu İdlib hakkında"
        if not 2 <= len(name) <= 5:
            continue
        start, end = name[0][0], name[-1][1]
        if (titled and cut) or trade or _is_introduced(text, start, end) or text[slice(*name[-1])] in speakers:
            people.append(Span(start, end, "PERSON", text[start:end], 1))
        else:
            doubtful.append((start, end))
    full = {span.name for span in people}
    people += [Span(*span, "PERSON", text[slice(*span)], 1) for span in doubtful if text[slice(*span)] in full]
    for hit in _KUNYA.finditer(text):
        people.append(Span(*hit.span(), "PERSON", hit.group(), 1))
    return people + bodies + _surnames(text, people, taken)


def _cut(text: str, words: list[tuple[int, int]]) -> tuple[int, str | None, bool]:
    """How many words of a run come before the person's name, which body they name, whether a title ends them."""
    cut, kind, titled = 0, None, False
    for n, (start, end) in enumerate(words):
        word = lower(text[start:end])
        if word in _KIND:
            cut, kind, titled = n + 1, _KIND[word], False
        elif word in TITLES or word in _ROLES or (word.endswith(("kanı", "lisi", "cüsü")) and len(words) > 2):
            cut, titled = n + 1, True
    return cut, kind, titled


def _is_introduced(text: str, start: int, end: int) -> bool:
    if _FROM.search(text, max(0, start - 8), start):
        return True
    before = _BEFORE.search(text, max(0, start - 40), start)
    if before is not None:
        word = lower(before["word"])
        if word in _ROLES or (_PARTICIPLE.fullmatch(word) and before["word"][:1].islower()) or word.endswith("çi"):
            return True
    case = re.compile(r"[’'](?:n[ıiuü]n\s(?:yanıtı|sözleri)|(?:y?[ea]|n[ea])\sgöre)").match(text, end)
    return case is not None or _SPEAKS.match(text, end) is not None


def _speakers(text: str) -> set[str]:
    """Single capital words that speak somewhere: before a comma and a mark, before *ise*, behind *diyen*."""
    return {hit["before"] or hit["behind"] for hit in _SPEAKER.finditer(text)}


def _surnames(text: str, people: list[Span], taken: set[int]) -> list[Span]:
    """The surnames of full names where they stand alone, with or without an ending behind an apostrophe."""
    full: dict[str, set[str]] = {}
    for span in people:
        if (
            len(surname := span.name.split()[-1]) > 2
            and " " in span.name
            and not span.name.startswith(("Ebu ", "Ümmü "))
        ):
            full.setdefault(surname, set()).add(span.name)
    held = {at for span in people for at in range(span.start, span.end)}
    names = list(full)
    if not names:
        return []
    found = []
    pattern = re.compile(rf"(?<![\w’'-])(?:{'|'.join(sorted(map(re.escape, names), key=len, reverse=True))})(?![\w-])")
    for hit in pattern.finditer(text):
        if hit.start() not in held and hit.start() not in taken:
            whose = full[hit.group()]
            found.append(Span(*hit.span(), "PERSON", next(iter(whose)) if len(whose) == 1 else hit.group(), 1))
    return found
