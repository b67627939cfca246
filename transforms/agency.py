"""The news agency that a text comes from, by byline, dateline and credit line.

A credit is a form, not a word: an agency that is told something, is quoted, or took the photograph has not written the
text. Where a text credits two ("with AFP and Reuters"), the first named counts, byline before dateline before credit
line.
"""

from __future__ import annotations

import re
from typing import Final

# By name: spellings, in regular expressions that look at case. Abbreviations that are names or words of their own
# (Petra, AA, PA) count where they stand alone as a credit does, never inside a byline's or a line's other words.
_SPELLINGS: Final[dict[str, str]] = {
    "AFP": r"AFP|A\.F\.P\.|Agence[ -]France[ -]Presse|أ ?\.? ?ف ?\.? ?ب\.?|ا ?\.? ?ف ?\.? ?ب\.?|(?:وكالة )?فرانس ?برس",
    "Reuters": r"(?:Thomson )?Reuters|REUTERS|رويترز|روي?ترز",
    "AP": r"AP|(?:The )?Associated Press|(?:THE )?ASSOCIATED PRESS|أ\. ?ب\.?|أ ب|أسوشي[يت]تد ?برس|اسوشيتد ?برس",
    "Anadolu": r"Anadolu(?: Ajansı| Agency)?|ANADOLU(?: AJANSI| AGENCY)?|AA|(?:وكالة )?ال[أا]ناضول",
    "SANA": r"SANA|S\.A\.N\.A\.?|Syrian Arab News Agency|سانا",
    "dpa": r"dpa|DPA|Deutsche Presse-Agentur|د ?\.? ?ب ?\.? ?أ\.?",
    "EFE": r"EFE|Agencia EFE|إفي",
    "Xinhua": r"Xinhua|XINHUA|Xinhuanet|شينخوا",
    "TASS": r"(?:ITAR-)?TASS|تاس",
    "RIA Novosti": r"RIA(?:[ -]Novosti)?|ريا نوفوستي|نوفوستي",
    "Sputnik": r"Sputnik|SPUTNIK|سبوتنيك",
    "Interfax": r"Interfax|INTERFAX",
    "PA Media": r"PA(?: Media)?|(?:The )?Press Association",
    "UPI": r"UPI|United Press International",
    "ANSA": r"ANSA|آنسا",
    "Kyodo": r"Kyodo(?: News)?|KYODO",
    "IRNA": r"IRNA|إرنا|ارنا",
    "ISNA": r"ISNA|إسنا",
    "Tasnim": r"Tasnim|TASNIM|تسنيم",
    "DHA": r"DHA|Demirören Haber Ajansı|DEMİRÖREN HABER AJANSI|Demirören News Agency",
    "IHA": r"[İI]HA|İhlas Haber Ajansı|İHLAS HABER AJANSI|Ihlas News Agency",
    "MENA": r"MENA|أ ?\.? ?ش ?\.? ?أ\.?|Middle East News Agency",
    "Petra": r"Petra|PETRA|بترا",
    "WAFA": r"WAFA|وفا",
    "KUNA": r"KUNA|كونا",
    "SPA": r"SPA|Saudi Press Agency|واس",
    "QNA": r"QNA|Qatar News Agency|قنا",
    "NNA": r"NNA|National News Agency|الوكالة الوطنية للإعلام|وطنية",
    "INA": r"INA|Iraqi News Agency|واع",
    "North Press": r"North Press(?: Agency)?|NPA|نورث ?برس",
    "ANHA": r"ANHA|Hawar News(?: Agency)?|هاوار",
}
AGENCIES: Final = tuple(_SPELLINGS)

_ONE = "|".join(f"(?P<n{i}>{spelling})" for i, spelling in enumerate(_SPELLINGS.values()))
_NAME = re.compile(rf"(?<![\w.@])(?:{_ONE})(?![\w@])")
# Those that nobody's name or title holds: they count anywhere in a byline.
_CLEAR = re.compile(
    r"(?<![\w@])(?:AFP|Agence[ -]France[ -]Presse|Reuters|REUTERS|Associated Press|ASSOCIATED PRESS|Anadolu|ANADOLU|"
    r"Xinhua|XINHUA|Deutsche Presse-Agentur|Press Association|رويترز|فرانس برس|الأناضول|سانا)(?![\w@])"
)
_HEAD = 160  # characters in which a dateline ends
_LINE = 240  # of a credit line, at most
_MANY = 8  # agencies that one line credits, at most
_LOWER = frozenset(
    "al el ad ar as ash at az an de du des la le les et and of near in on ve the en von der "
    "jan janv janvier feb fév février mar mars apr avr avril mai juin jul juil juillet août aug sep sept septembre "
    "oct octobre nov novembre dec déc décembre".split()
)
_PHOTO = re.compile(
    r"\b(?:photos?|pictures?|images?|getty|handout|file|video|vidéo|crédits?|caption|légende|foto|fotoğraf|görsel)\b"
    r"|صور|تصوير|الصورة|فيديو",
    re.IGNORECASE,
)
_FILLER = frozenset(
    "source sources with from and via by copyright all rights reserved the news agency agencies newswire wire wires "
    "staff writer writers reporter reporters contributed contribution to this report service services additional "
    "reporting inputs input desk avec et de des l la le d du par agence agences tous droits réservés kaynak ile ve "
    "haber ajans ajansı ajansları muhabir muhabiri المصدر المصادر مصدر وكالة وكالات مع عن نقلا و news press c".split()
)
_SIGNED = re.compile(
    r"(?:reporting|writing) by\b.*\bediting by\b|version française|édité par\b|للنشرة العربية",
    re.IGNORECASE | re.DOTALL,
)
_AP_HANDS = re.compile(
    r"Associated Press (?:writer|journalist|reporter|correspondent|videojournalist)s?\b.{0,160}contribut"
)
_WITH = re.compile(
    r"[^.!?؟:]{0,40}?(?<!\w)(?:with|avec|ile|مع|by|/|\|)(?!\w)\s*(?:l['’]|the )?(?P<rest>.{2,60})", re.IGNORECASE
)
_ENDS = re.compile(r"[.!?؟…\"”»’']\s*(?:\((?P<in>[^()]{2,40})\)|[-–—]{1,2}\s*(?P<dash>[^-–—()]{2,25}))[.\s]*\Z")
_SEGMENT = re.compile(
    r"[,;/|()\[\]&+·•–—]|\s-\s|:|(?<!\w)(?:and|with|for|via|et|avec|pour|ve|ile|مع|و)(?!\w)", re.IGNORECASE
)


def find_agency(*texts: str | None) -> str | None:
    """The agency that the first of ``texts`` which names one names: bylines, or what ``credit_lines`` gives."""
    for text in texts:
        for line in (text or "").split("\n"):
            found = _byline(line)
            if found:
                return found
    return None


def credit_lines(text: str) -> str:
    """The agencies that ``text`` (paragraphs parted by line breaks) credits in dateline, first and last lines, a line
    each, in that order; empty where it credits none. Linear in the length of the text."""
    lines = _lines(text)
    if not lines:
        return ""
    found = [name for name in (_dateline(lines[0])[1],) if name]
    for line in lines[:3]:
        if len(line) < 60:
            found += _credited(line)
            found += [name for name in (_dateline(line)[1],) if name]
    for line in lines[-4:]:
        found += _credited(line)
    ends = _ENDS.search(lines[-1][-80:])
    if ends and not _PHOTO.search(ends[0]):
        found += _only(ends["in"] or ends["dash"])
    return "\n".join(dict.fromkeys(found))


def without_credits(text: str) -> str:
    """``text`` without its dateline and the lines that say who wrote it: what copies of one text differ in."""
    lines = _lines(text)
    first = next((n for n, line in enumerate(lines[:3]) if len(line) >= 60 and not _credited(line)), 0)
    last = len(lines)
    while last > first + 1 and len(lines[last - 1]) <= _LINE and _is_credit(lines[last - 1]):
        last -= 1
    lines = lines[first:last]
    if lines:
        lines[0] = lines[0][_dateline(lines[0])[0] :]
    return "\n\n".join(lines)


def _lines(text: str) -> list[str]:
    return [line for line in (part.strip() for part in text.split("\n")) if line]


def _agency(found: re.Match[str]) -> str:
    return AGENCIES[int((found.lastgroup or "n0")[1:])]


def _byline(line: str) -> str | None:
    """The agency of a byline: one that stands alone between separators, or whose name is no one else's."""
    if len(line) > 300 or _PHOTO.search(line):
        return None
    places = []
    start = 0
    for stop in [*(m.span() for m in _SEGMENT.finditer(line)), (len(line), len(line))]:
        names = _only(line[start : stop[0]])
        if names:
            places.append((start, names[0]))
        start = stop[1]
    clear = _CLEAR.search(line)
    if clear:
        name = _NAME.match(line, clear.start())
        if name:
            places.append((clear.start(), _agency(name)))
    return min(places)[1] if places else None


def _only(piece: str) -> list[str]:
    """The agencies of ``piece`` where it holds nothing but them and what goes with them (source, staff, ©, a year)."""
    names = [_agency(m) for m in _NAME.finditer(piece)]
    if not names or len(names) > _MANY:
        return []
    rest = re.findall(r"[^\W\d_]+", _NAME.sub(" ", piece).lower())
    return names if all(word in _FILLER for word in rest) else []


def _credited(line: str) -> list[str]:
    """The agencies that a line credits, where it is a credit line."""
    if len(line) > _LINE or _PHOTO.search(line):
        return []
    if _SIGNED.search(line):
        return [_agency(m) for m in _NAME.finditer(line)][:1] or ["Reuters"]
    if _AP_HANDS.search(line):
        return ["AP"]
    bare = line.strip(" ()[]*_\t")
    found = _only(bare)
    if found:
        return found
    if len(bare) > 100:
        return []
    signed = re.fullmatch(r"[\w./ ,-]{0,16}\((?P<in>[^()]+)\)?", bare)  # "es/rc (AFP, dpa)": who edited it
    if signed and _only(signed["in"]):
        return _only(signed["in"])
    shared = re.fullmatch(r"(?P<one>[\w.]+)\s?/\s?[^\s/]+(?:/\w+)?", bare)  # "AFP/Outlet", not "REUTERS/First Last"
    if shared and _only(shared["one"]):
        return _only(shared["one"])
    joint = _WITH.fullmatch(bare)
    return _only(joint["rest"]) if joint else []


def _is_credit(line: str) -> bool:
    if _credited(line) or re.match(
        r"\(?\s*(?:\w+ )?(?:reporting|writing|editing|compiled|edited|written) by\b", line, re.IGNORECASE
    ):
        return True
    return (
        len(line) < 60 and re.match(r"(?:by|par|source|kaynak|المصدر|©|copyright)\b", line, re.IGNORECASE) is not None
    )


def _dateline(line: str) -> tuple[int, str | None]:
    """Where the text begins behind a dateline (0: there is none), and the agency that the dateline names."""
    head = line[:_HEAD]
    name = _NAME.search(head)
    while name:
        end = _dateline_end(head, name)
        if end:
            if name.start() < 2:  # "(ANSA) - ROME, SEP 11 - "
                end += _plain_end(head[end:])
            return end, _agency(name)
        name = _NAME.search(head, name.end())
    return _plain_end(head), None


def _plain_end(head: str) -> int:
    """Where a dateline ends that names no agency of ours."""
    found = re.match(r"([^.!?؟\"“«:]{2,70}?)\s*(?:\([^()]{2,40}\)\s*)?(?:[—–]|--|\s-\s|-\s)\s*", head)
    return found.end() if found and _is_place(found[1]) else 0


def _dateline_end(head: str, name: re.Match[str]) -> int:
    before, after = head[: name.start()], head[name.end() :]
    opened = re.search(r"[(/\[]\s*(?:[\w ]+[/,]\s*)?\Z|\b[^\W\d_]+/\Z", before)
    place = re.sub(r"[\s(/\[,.:–—-]+\Z", "", before)
    if not _is_place(place):
        return 0
    arabic = "\u0600" <= head[name.start()] <= "\u06ff"
    if opened and opened[0].lstrip().startswith(("(", "[")):
        close = re.match(r"[^()\[\]]{0,30}[)\]]\s*(?P<mark>[-–—:.،]+)?\s*", after)
        if not close:
            return 0
        loud = not place or place.isupper() or arabic
        return name.end() + close.end() if close["mark"] or loud else 0
    if opened:  # ANKARA/AA, /TASS/
        close = re.match(r"\s*/?\s*(?P<mark>[-–—:.]+)?\s*", after)
        return name.end() + close.end() if close and (close["mark"] or "/" in close[0] or arabic or not after) else 0
    close = re.match(r"\s*(?P<mark>[-–—]+|:|\.\s*[-–—])\s*", after)
    joined = re.search(r"[-–—,]\s*\Z", before) is not None
    if close and (not before.strip() or joined or len(place.split()) <= 5):
        return name.end() + close.end()
    if not before.strip():  # "AFP, Beirut —"
        behind = re.match(r",\s*([^,.\-–—]{2,30}?)\s*[-–—]+\s*", after)
        return name.end() + behind.end() if behind and _is_place(behind[1]) else 0
    # "دمشق-سانا": the text may follow at once
    if arabic and re.search(r"[-–—]\s*\Z", before) and len(place.split()) <= 3:
        return name.end() + len(after) - len(after.lstrip())
    return 0


def _is_place(text: str) -> bool:
    """Whether ``text`` may stand in a dateline: places and a date, or nothing."""
    words = re.findall(r"[^\W\d_]+", text)
    if len(words) > 9:
        return False
    if words and "\u0600" <= words[0][0] <= "\u06ff":
        return len(words) <= 5
    return all(word[0].isupper() or word.lower() in _LOWER for word in words) and (words[:1] not in (["The"], ["A"]))
