"""What stands beside a name and shows that a place is meant.

A town that is called like a thing or a person (Harem, Dana, the Arabic for "the door") is told from it by what a
reader goes by: the word for a kind of place ("town of", ``بلدة``, ``kasabası``), a preposition of place, a street's
or a person's other name beside it, other places in a row with it. All is read from folded text
(:func:`transforms.phrases.fold`), in the four languages at once.
"""

from __future__ import annotations

import re
from typing import Literal

from transforms.phrases import Folded, is_arabic

Cue = Literal["none", "weak", "strong"]
Bond = Literal["none", "comma", "and", "within"]

REACH = 48  # characters to either side in which a cue stands
NEAR = 90  # characters within which an unmistakable place makes a preposition enough where there are no capitals

_KINDS_EN = (
    "town|city|village|hamlet|settlement|suburb|district|sub district|subdistrict|enclave|camp|area|outskirts"
    "|countryside|province|governorate|region|neighbou?rhood|front|frontline|crossing"
)
_GOES_ON = frozenset((" ", "\u00a0", ",", "،", "(", "–", "—"))
_KINDS_IS = (  # "Harem is a town in Idlib", "Harem, une petite ville de"
    "(?:town|city|village|hamlet|settlement|suburb|ville|village|localite|bourgade) "
    "(?:in|of|on|near|that|which|outside|north|south|east|west|dans|de|du|d|en|pres|au|sur)"
)
_PLURALS_EN = "towns|cities|villages|suburbs|districts|areas|provinces|governorates|camps"
_COMPASS = "north|south|east|west|north ?east|north ?west|south ?east|south ?west"
_KIND_BEFORE = re.compile(
    rf" (?:(?:{_KINDS_EN}|{_PLURALS_EN}) (?:of |called |named )?(?:the )?"
    rf"|(?:residents|people|inhabitants|mayor|north|south|east|west|edge|centre|center|shelling|bombing|bombardment"
    rf"|siege|capture|control|battle|fall) of "
    rf"|(?:battle|fight|fighting) for |(?:strikes?|raids?|airstrikes?|shelling|bombardment|advance) on "
    rf"|(?:withdrew|withdrawn|withdrawal|retreat(?:ed)?|flee|fled|evacuated|evacuation|displaced|expelled|driven|pulled"
    rf"|advanced?|marched) (?:out )?(?:from|of|to|on|towards?) "
    rf"|(?:{_COMPASS}) of |(?:km|kilomet(?:er|re)s|miles) from "
    rf"|(?:villes?|villages?|localites?|bourgs?|bourgade|camps?|district|region|habitants|nord|sud|est|ouest|bombardements?"
    rf"|banlieue|peripherie) (?:de |d |du |des )(?:la |l )?)$"
)
_KIND_AFTER = re.compile(
    rf"(?:'s)? (?:{_KINDS_EN}|{_PLURALS_EN}|residents) "
    rf"|'?\w{{0,4}} (?:ilcesi|kasabasi|koyu|beldesi|kenti|sehri|nahiyesi|kirsali|bolgesi|kampi|cephesi|mahallesi)"
    rf"|'?\w{{0,4}} (?:yakin|cevresi|civari)"
    rf"|'(?:daki|deki|taki|teki) "
)
_IS_KIND = re.compile(
    rf" +(?:(?:is|was|which is|which was|est|etait|qui est) )?(?:an?|the|une?|la|le) (?:\w+ ){{0,2}}{_KINDS_IS} "
    r"| +(?:هي )?(?:بلده|مدينه|قريه) (?:\w+ )?(?:في|تقع|تابعه|ب\w+) "
)
_CLITICS = ("", "و", "ف", "ب", "ل", "وب", "ول", "فب", "فل")
# Before the name, in Arabic. Single words, looked up: a name may be a common word, and is then met at every turn.
_KINDS_AR = frozenset(
    clitic + word
    for clitic in _CLITICS
    for word in (
        "مدينه بلده قريه ناحيه منطقه مخيم ريف محيط مشارف اطراف ضواحي معبر جبهه محور سهل قضاء اهالي سكان مدينتي بلدتي "
        "قريتي مدن بلدات قري نواحي محاور جبهات ريفي منطقتي مشفي مستشفي مطار سد حقل بلديه جسر شرقي غربي شمالي جنوبي"
    ).split()
)
_ATTACKS_AR = frozenset(
    "قصف غاره غارات هجوم هجمات معركه معارك حصار استهداف قصفت استهدفت اقتحمت حاصرت سيطر سيطرت السيطره".split()
)
_LEAVING_AR = frozenset("انسحب انسحبت انسحاب نزح نزحت النزوح".split())
_PREPOSITIONS_AR = frozenset(
    clitic + word
    for clitic in ("", "و", "ف")
    for word in "في قرب داخل نحو باتجاه الي من علي شمال شمالي جنوب جنوبي شرق شرقي غرب غربي".split()
)
_KIND_AFTER_AR = re.compile(r" (?:شمال|جنوب|شرق|غرب)ي? |(?: في)? (?:بريف|ريف|بمحافظه|محافظه) | الحدوديه | التابعه ")
_PREPOSITION = re.compile(
    r" (?:in|near|inside|around|outside|into|towards?|entered|reached|captured|recaptured|retook|seized|bombed|shelled"
    r"|and around|hit|below|above|beyond|via|past|left for|overlooking|fled|flee|evacuated|besieged|reach|enter"
    r"|storm(?:ed)?|(?:on|along|across|off) the"
    r"|dans|vers|pres de|pres d|autour de|autour d) $"
)
_FRENCH_AT = re.compile(r"(?:^|\s)[àÀ]\s$")
_TURKISH_AT = re.compile(r"'(?:da|de|ta|te|dan|den|tan|ten|ya|ye) ")
_STREET_AFTER = re.compile(
    r" (?:street|avenue|boulevard|restaurant|bakery|cafe|caddesi|sokagi|bulvari|road|rd|gate|lane|drive|park)\b"
)
_STREETS = ("rue", "avenue", "boulevard", "restaurant", "cafe", "place")
_ANY_STREET = re.compile(r" (?:une|cette|chaque|un|ce) (?:rue|avenue|boulevard|restaurant|cafe|place) ")
_STREET_BEFORE = tuple(
    f" {word} {of}" for word in _STREETS for of in ("de ", "d ", "du ", "de la ", "de l ", "")
) + tuple(f" {clitic}شارع " for clitic in ("", "و", "ب", "ل", "في", "ف"))
_ROW = re.compile(r" +(?:(?:and|et|ve|ile|or|ou|veya|as well as|and the|to|و|او) +)?(?:nearby +|the +)?(?:و|ب|وب)?$")
_WITHIN = re.compile(
    rf" +(?:(?:in|en|dans|of|the|near|from|on|a|l|la|le|de|d|du|au|km|kilomet(?:er|re)s|province|countryside|rural"
    rf"|(?:{_COMPASS})(?:ern)?|nord|sud|est|ouest|في|ب|بريف|ريف|محافظه|بمحافظه|شمال|شمالي|جنوب|جنوبي|شرق|شرقي|غرب|غربي|من"
    rf"|\d+) +)*(?:ب|[بل]?ريف )?$"
)
_JOINED = re.compile(r" +(?:(?:and|et|ve|و) *)?(?:و)?$")
_QUARTER = re.compile(r"(?:'s)? (?:neighbou?rhood|district|quarter|area|suburb) (?:of|in) (?:the city of )?$")
COMPASS = frozenset(
    "northern southern eastern western northeastern northwestern southeastern southwestern northwest northeast "
    "southeast southwest rural".split()
)
PARTS = tuple(f" {word} " for word in (*sorted(COMPASS), "rebel held", "opposition held"))
# Of the words that make a name a governorate, those that go with one name.
SINGULAR = frozenset("province governorate governate region countryside gouvernorat محافظه مقاطعه".split())
_HONORIFIC_BEFORE = re.compile(
    r"\b(?:(?:Mr|Mrs|Ms|Dr|Prof|M|MM|Mme|Mlle)\.?|(?:Miss|Sir|[Mm]onsieur|[Mm]adame|[Dd]octeur|[Pp]rofesseur|Doctor|Professor|Sayın)"
    r"|(?:(?:\b[وفبل]{1,2})?ال|لل)(?:سيد|سيدة|دكتور|دكتورة|أستاذ|أستاذة|مهندس|مهندسة))[ \u00a0]$"
)
_HONORIFIC_AFTER = re.compile(r"[ \u00a0](?:Bey|Han[ıi]m|Efendi|Hoca)\b")
_CHANNEL_BEFORE = re.compile(
    r"\b(?:channels?|broadcaster|network|TV station|television|télévision|[Cc]ha[iî]ne(?: de télévision| libanaise)?"
    r"|[وفبل]?(?:قناة|شبكة|فضائية|تلفزيون|إذاعة)|لقناة)[ \u00a0][“‘\"'«]?$"
)
_CHANNEL_AFTER = re.compile(
    r"[”’\"'»]?[ \u00a0](?:[Nn]ews |[Ss]atellite )?"
    r"(?:TV|[Tt]elevision|[Cc]hannel|[Nn]etwork|televizyonu|kanalı|الفضائية)\b"
)
_LEAVING = (" from ", " من ")
_COUNTRY_BEFORE = re.compile(
    r"(?:'\w{1,4})? +(?:\w+ ){0,2}(?:of|de|d|capital|capitale|baskenti|sehri|kenti|مدينه|عاصمه|بلده) +$"
    r"|(?:'\w{1,4})? +$"
)
_CAPITALISED = re.compile(r"[ \u00a0][A-ZÀ-ÖØ-ÞİŞÇĞ][^\W\d_]")
_BROKEN = re.compile(r"[.!?؟;:\n]")


def cue(folded: Folded, start: int, end: int) -> Cue:
    """What stands directly before and after ``folded.text[start:end]``."""
    text = folded.text
    before = text[max(0, start - REACH) : start]
    if _is_kind(folded, start, end):
        return "strong"
    if is_arabic(text[start]):
        return "strong" if _KIND_AFTER_AR.match(text, end) else _cue_before_arabic(before)
    if _KIND_AFTER.match(text[end : end + REACH]):
        return "strong"
    last = folded.span(start, end)[1]
    if _CAPITALISED.match(folded.original, last):
        return "none"  # "miles from Tel Aviv", "in Dana White's office"
    if _KIND_BEFORE.search(before):
        return "strong"
    if text.startswith("'s ", end):
        return "none"  # "in Dana's view"
    if _PREPOSITION.search(before) or _TURKISH_AT.match(text[end : end + 6]):
        return "weak"
    if before.endswith(" a "):
        first = folded.span(start, end)[0]
        if _FRENCH_AT.search(folded.original[max(0, first - 3) : first]):
            return "weak"
    return "none"


def _is_kind(folded: Folded, start: int, end: int) -> bool:
    """Whether the name is said to be a town's: "Harem, a town in Idlib"."""
    last = folded.span(start, end)[1]
    return folded.original[last : last + 1] in _GOES_ON and bool(_IS_KIND.match(folded.text[end : end + REACH]))


def _cue_before_arabic(before: str) -> Cue:
    words = before.split()[-2:]
    if not words or not before.endswith(" "):
        return "none"
    word = words[-1]
    if word in _KINDS_AR or word in _ATTACKS_AR:
        return "strong"
    if word not in _PREPOSITIONS_AR:
        return "none"
    earlier = words[0]
    taken = (word == "علي" and earlier in _ATTACKS_AR) or (word == "من" and earlier in _LEAVING_AR)
    return "strong" if taken else "weak"


def is_street(folded: Folded, start: int, end: int) -> bool:
    """Whether the name is that of a street, a gate or a house, which stands in any city: "Homs Street"."""
    text = folded.text
    after = _STREET_AFTER.match(text, end)
    if after and folded.original[folded.span(start, end)[1] + 1].isupper():
        return True  # "the Damascus road" leads there, "an Aleppo street" lies there, "14 Damascus Road" need not
    before = text[max(0, start - 24) : start]
    # "dans une rue d'Alep" is in Aleppo, "rue d'Alep" need not be
    return before.endswith(_STREET_BEFORE) and not _ANY_STREET.search(before)


def bond(folded: Folded, left_end: int, right_start: int) -> Bond:
    """How two names stand together: joined by a word ("Nawa and Tafas"), by a comma, or the one with where it lies
    ("Nawa, west of Daraa")."""
    if right_start - left_end > REACH:
        return "none"
    between = folded.text[left_end:right_start]
    row = _ROW.match(between)
    if not row and not _WITHIN.match(between):
        return "none"
    printed = _printed(folded, left_end, right_start)
    if _BROKEN.search(printed):
        return "none"
    if row:
        return "and" if between.strip() else "comma" if re.search("[,،/–-]", printed) else "none"
    return "within"


def in_row(text: str, left_end: int, right_start: int) -> bool:
    """Whether nothing but a comma or "and" stands between two names."""
    return right_start - left_end <= 8 and bool(_JOINED.match(text[left_end:right_start]))


def is_quarter(text: str, left_end: int, right_start: int) -> bool:
    """Whether the first of two names is said to be a quarter of the second."""
    return right_start - left_end <= REACH and bool(_QUARTER.match(text[left_end:right_start]))


def is_owned(folded: Folded, start: int, end: int) -> bool:
    """Whether a person or a broadcaster is so called: "Mr Sarmin", "Hama Bey", "al-Mayadeen TV"."""
    first, last = folded.span(start, end)
    text = folded.original
    before, after = text[max(0, first - 32) : first], text[last : last + 32]
    return bool(
        _HONORIFIC_BEFORE.search(before)
        or _HONORIFIC_AFTER.match(after)
        or _CHANNEL_BEFORE.search(before)
        or _CHANNEL_AFTER.match(after)
    )


def lies_in(folded: Folded, name: tuple[int, int], region: tuple[int, int], country: bool) -> bool:
    """Whether the words say that what is called ``name`` lies in ``region``, which may be a word for its people:
    "Tripoli, Libya", "the Lebanese city of Tripoli". ``country``: whether it is one, and no town in a row."""
    if name[0] < region[0]:
        how = bond(folded, name[1], region[0])
        if country and how == "within" and folded.text.endswith(_LEAVING, 0, name[0]):
            return False  # "refugees from Ras al-Ain in Lebanon"
        return how == "within" or (country and how != "and" and _only_stops(folded, name[1], region[0]))
    if name[0] - region[1] > REACH or not country:
        return False
    between = folded.text[region[1] : name[0]]
    return bool(_COUNTRY_BEFORE.match(between)) and not _BROKEN.search(_printed(folded, region[1], name[0]))


def _only_stops(folded: Folded, left_end: int, right_start: int) -> bool:
    """Whether nothing but a space, an article or a comma stands between two names."""
    between = folded.text[left_end:right_start].strip()
    return between in ("", "ال") and not _BROKEN.search(_printed(folded, left_end, right_start))


def _printed(folded: Folded, left_end: int, right_start: int) -> str:
    """What is printed between two names, its marks included."""
    _, first = folded.span(left_end - 1, left_end)
    last, _ = folded.span(right_start, right_start + 1)
    return folded.original[first:last]


def is_cased(folded: Folded, start: int) -> bool:
    """Whether the name is in a script with capitals."""
    return not is_arabic(folded.text[start])


_AP_STATES = (  # as the Associated Press shortens them in datelines
    "Ala Ariz Ark Calif Colo Conn Del Fla Ga Ill Ind Kan Ky La Md Mass Mich Minn Miss Mo Mont Neb Nev Okla Ore Pa Penn "
    "Tenn Tex Vt Va Wash Wis Wyo N.Y N.J N.C N.D N.H N.M S.C S.D R.I W.Va NY NJ PA VA MD GA OR CT OH TX CA Ont"
).split()


def states_pattern(states: list[str]) -> re.Pattern[str]:
    """Matches ``, STATE`` behind a name, where ``states`` are the states of the USA in full."""
    names = "|".join(map(re.escape, sorted({*states, *_AP_STATES}, key=len, reverse=True)))
    return re.compile(rf",\s(?:{names})\b")
