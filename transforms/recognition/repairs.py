"""What the small model is known to get wrong in this kind of news, mended from the words around a name.

Outlets, aid groups and armed groups that nobody knows are known by the word before them ("the website Levant Pulse") or
by their last ("Strait Wire", "National Dawn Brigades"); places by what they are places of ("the village of Qah");
cities and agencies by where a dispatch begins. Each rule asks for such a word: a name alone is left as it is.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Set
from functools import lru_cache

from schemas.records import Syntax
from transforms.quotation import firstnames
from transforms.quotation.cues import COMMON_PERSONS, RELATIVES
from transforms.recognition.naming import DEMONYMS, TITLES, normal_name, trim_name
from transforms.recognition.spans import Span

_OUTLET_NOUNS = frozenset(
    "newspaper newspapers daily weekly website site channel broadcaster outlet agency magazine station portal radio "
    "television tv tabloid paper".split()
)
_CHARITY_NOUNS = frozenset("charity ngo nonprofit watchdog".split())
_FACTION_NOUNS = frozenset("faction militia".split())
_AID_WORDS = frozenset("aid relief rights medical humanitarian monitoring rescue advocacy".split())
_FIGHTING_WORDS = frozenset("rebel armed militant jihadist insurgent opposition extremist".split())
_WITHIN_BODIES = frozenset("Without Against Behind Beyond Between".split())
_NOBLE = frozenset("de van von der den bin ibn da di dos".split())
_BELIEVED = frozenset("confidence trust faith interest belief believe interested disappointed hope invest".split())
_KINDS = _OUTLET_NOUNS | _CHARITY_NOUNS | _FACTION_NOUNS | {"group"}
_LINKS = frozenset("of the and for del des de la du al el without di".split())
_MEDIA_LAST = frozenset(
    "wire gazette herald tribune chronicle courier journal bulletin dispatch daily weekly observer times post "
    "television tv radio broadcasting news press channel fm newspaper newswire".split()
)
_MEDIA_FIRST = frozenset("radio television tv channel".split())
_SURNAMES = frozenset("post press courier daily journal herald times radio".split())  # Emily Post
_NGO_WORDS = frozenset("relief charity foundation observatory watch helmets crescent amnesty".split())
_BODY_LAST = frozenset(
    "network committee council centre center directorate ministry commission organization organisation association "
    "union federation coalition foundation institute party command administration authority movement".split()
)
_GROUP_LAST = frozenset(
    "brigade brigades front legion division battalion battalions army militia militias fighters regiment lions hawks "
    "falcons martyrs guards".split()
)
_GROUP_FIRST = frozenset("liwa jaysh jaish jeish katibat kataib harakat faylaq failaq saraya jabhat jund ansar".split())
_HEADS_OF_BODIES = _BODY_LAST | _GROUP_LAST
_NO_LAST_NAMES = (
    _HEADS_OF_BODIES
    | _MEDIA_LAST
    | _NGO_WORDS
    | frozenset(
        "university college school academy hospital clinic museum library mosque church airport court company bank "
        "group airlines steel energy pharmaceuticals partners holdings labs systems motors oil gas media studios "
        "records trust fund prize award act law bill report plan treaty accord agreement cup league club team city "
        "united".split()
    )
)
_PLACE_FIRST = frozenset(
    "tell tall kafr kafar kfar deir dayr jabal jebel wadi khirbet khirbat maarat maaret maarrat jisr nahr qalaat qalat "
    "beit bayt ayn ain".split()
)
_PLACE_BEFORE = frozenset(
    "village town city district province governorate neighbourhood neighborhood suburb hamlet island region valley "
    "plain outskirts countryside streets area camp farmlands".split()
)
_PLACE_BEHIND = frozenset(
    "district province governorate neighbourhood neighborhood countryside village town river plain valley mountains "
    "desert crossing suburb dam airport highway junction roundabout bridge hills basin area front frontline".split()
)
_NEAR = frozenset("near outside around".split())
_THROUGH = frozenset("in near across along from into through of around".split())
# What one is in without its being a place of the map, though the model calls it an organisation.
_NO_PLACES = frozenset(
    "congress parliament senate house commons knesset duma majlis twitter facebook instagram youtube whatsapp telegram "
    "islam nato medicaid medicare opec interpol kremlin pentagon bundestag court cabinet".split()
)
# Neither persons nor places nor bodies, but written or taken for such at the head of a sentence.
_NO_NAMES = frozenset(
    "measles cholera polio malaria typhoid tuberculosis leishmaniasis hepatitis diphtheria coronavirus covid chlorine "
    "sarin mustard ramadan eid christmas easter islam christianity quran koran kalashnikov kalashnikovs "
    "captagon bread water".split()
)
_NICKNAMED = re.compile(r"(?:known as|nicknamed|dubbed|so-called|called|as|alias) (?:the )?[“\"‘'](?:the |The )?$")
_WEEKDAYS = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august "
    "september october november december".split()
)
_DATELINE = re.compile(
    r"^[ \t]*(?P<city>[A-Z][A-ZÀ-Þ'’. -]{1,30}[A-ZÀ-Þ.])(?P<rest>(?:, | )[A-Z][^\n()—–]{1,40}?)?"
    r"(?: ?\((?P<agency>[^()\n]{2,40})\))? ?(?:[—–:]|--|- )",
    re.MULTILINE,
)
_HEAD = 1500  # characters in which a dispatch begins
_NO_CITIES = frozenset(
    "exclusive update breaking watch video analysis opinion factbox feature live timeline photos corrected news "
    "urgent".split()
)


def repaired(syntax: Syntax, spans: list[Span], on_map: Set[int]) -> list[Span]:
    """``spans`` of the recogniser with what is known to go wrong put right, in order; disjoint where they were.

    ``on_map`` holds the offsets of all words of places that a gazetteer knows.
    """
    spans = sorted(spans, key=lambda span: (span.start, -span.end))
    spans = _datelined(syntax.text, spans)
    spans = _joined(syntax.text, spans)
    _lengthened(syntax, spans)
    spans = [span for span in spans if not _is_no_name(syntax.text, span)]
    _told_by_the_noun_before(syntax, spans, on_map)
    for span in spans:
        _told_by_its_own_words(span, on_map)
    _told_by_the_words_around(syntax, spans, on_map)
    for span in spans:
        if span.label == "PLACE" and len(span.name) > 4 and span.name.isupper():
            span.name = span.name.title()
    return spans


def _datelined(text: str, spans: list[Span]) -> list[Span]:
    """ "GENEVA (Meridian Press) - Envoys" is a city and an agency, whatever the model made of it."""
    match = _DATELINE.search(text, 0, _HEAD)
    if match is None or normal_name(match["city"]) in _NO_CITIES:
        return spans
    begin, end = match.span()
    within = [span for span in spans if span.start < end and span.end > begin]
    if not (match["rest"] or match["agency"] or within):
        return spans
    start, stop = trim_name(text, *match.span("city"), titles=False)
    city = normal_name(text[start:stop])
    for span in spans:
        if span.label in ("PERSON", "BODY", "GROUP") and normal_name(span.name) == city:
            span.label = "PLACE"
    made = [Span(start, stop, "PLACE", text[start:stop], 1)] if stop - start > 1 else []
    made += [span for span in within if match.end("city") < span.start and span.end <= end]
    if match["agency"]:
        first, last = trim_name(text, *match.span("agency"), titles=False)
        made = [span for span in made if span.end <= first or span.start >= last]
        made += [Span(first, last, "MEDIA", text[first:last], 1)] if last - first > 1 else []
    return sorted(made + [span for span in spans if span not in within], key=lambda span: (span.start, -span.end))


def _joined(text: str, spans: list[Span]) -> list[Span]:
    """ "Mona Sheikh" and "Ali" that follow each other, "Free Sons of" and "Houran", are one name."""
    out: list[Span] = []
    for span in spans:
        last = out[-1] if out else None
        if last is not None and span.start == last.end + 1 and text[last.end] == " ":
            words = f"{last.name} {span.name}".split()
            people = last.label == span.label == "PERSON" and " " in last.name and len(words) <= 4
            people = people and (last.name.split()[-1].lower() not in TITLES or last.name.endswith("Sheikh"))
            cut = last.label == "BODY" and words[last.name.count(" ")] in ("of", "for") and span.label != "GROUP"
            if people or cut:
                out[-1] = Span(last.start, span.end, last.label, text[last.start : span.end], 1)
                continue
        out.append(span)
    for span in out:  # what is left of a name that was cut off: "Envoys of"
        if span.label == "BODY" and span.name.endswith((" of", " for", " and", " the")):
            span.end = span.start + len(span.name.rsplit(" ", 1)[0])
            span.name = text[span.start : span.end]
    return out


def _lengthened(syntax: Syntax, spans: list[Span]) -> None:
    """ "Georges" before a Tannous that the model passed over; and the bodies it saw nothing of."""
    words, pos, starts = syntax.words, syntax.pos, syntax.starts
    taken = {at for span in spans for at in range(span.start, span.end)}
    ends = {span.end: span for span in spans if span.label == "PERSON" and " " not in span.name}
    made: list[Span] = []
    first, previous = 0, -1
    for i in (i for i, tag in enumerate(pos) if tag == "PROPN"):
        word = words[i]
        if i != previous + 1:
            first = i
        previous = i
        free = starts[i] not in taken and _capital(word)
        before = ends.get(starts[i] - 1) if free else None
        if before is not None and word.isalpha() and firstnames.gender(normal_name(before.name)) and not word.isupper():
            before.end = starts[i] + len(word)
            before.name = syntax.text[before.start : before.end]
        if not free:
            first = i + 1
        elif (
            0 < i - first < 6
            and _in_running_text(words, first)
            and word.lower() in _HEADS_OF_BODIES
            and not _free_name(syntax, i + 1, taken)
        ):
            start, end = starts[first], starts[i] + len(word)
            made.append(Span(start, end, "BODY", syntax.text[start:end], 1))
    spans += made
    spans.sort(key=lambda span: (span.start, -span.end))


def _in_running_text(words: list[str], first: int) -> bool:
    """Whether the word before is no headline's: where every word has a capital nothing shows where a name begins."""
    return not first or not words[first - 1][:1].isupper() or words[first - 1] == "The"


def _free_name(syntax: Syntax, i: int, taken: Set[int]) -> bool:
    return i < len(syntax.words) and syntax.starts[i] not in taken and _capital(syntax.words[i])


def _is_no_name(text: str, span: Span) -> bool:
    if normal_name(span.name) in _NO_NAMES:
        return True
    quoted = text[span.end : span.end + 1] in ("”", '"', "’", "'") or text[span.end : span.end + 2] in (",”", ',"')
    return quoted and _NICKNAMED.search(text, max(0, span.start - 24), span.start) is not None


def _told_by_the_noun_before(syntax: Syntax, spans: list[Span], on_map: Set[int]) -> None:
    """ "the website Levant Pulse", "the medical charity Médicos del Puente", "rebel faction Nour Front"."""
    text, words, starts = syntax.text, syntax.words, syntax.starts
    made: list[Span] = []
    last_token = len(words) - 1
    people = {surname for span in spans if span.label == "PERSON" and (surname := _last(span.name))}
    for i in [i for i, word in enumerate(words) if word in _KINDS and i < last_token]:
        label = _kind_named_by(words, i)
        if label is None:
            continue
        j = last = i + 1
        while j < len(words) and j < i + 8:
            if _capital(words[j]) and syntax.pos[j] not in ("VERB", "AUX"):
                last = j + 1
            elif words[j] not in _LINKS and words[j] != "-":
                break
            j += 1
        name = normal_name(words[i + 1])
        # "a newspaper Haddar owns", "the group Lina Haddar leads"
        somebody = firstnames.gender(name) or name in people or starts[i + 1] in on_map
        if last == i + 1 or somebody or name in _WEEKDAYS or name in DEMONYMS:
            continue
        start, end = starts[i + 1], starts[last - 1] + len(words[last - 1])
        made.append(Span(start, end, label, text[start:end], 1))
    if not made:
        return
    labels = {normal_name(span.name): span.label for span in made}
    claimed = {at for span in made for at in range(span.start, span.end)}
    spans[:] = [span for span in spans if claimed.isdisjoint((span.start, span.end - 1))] + made
    spans.sort(key=lambda span: (span.start, -span.end))
    for span in spans:
        span.label = labels.get(normal_name(span.name), span.label)


def _kind_named_by(words: list[str], i: int) -> str | None:
    """The label of the name that follows the word at ``i``, where that word names a kind of body."""
    word, name = words[i], words[i + 1]
    if not _capital(name):
        return None
    if word in _OUTLET_NOUNS:
        return "MEDIA"
    if word in _CHARITY_NOUNS:
        return "NGO"
    if word in _FACTION_NOUNS:
        return "GROUP"
    if word == "group" and i:
        return "NGO" if words[i - 1] in _AID_WORDS else "GROUP" if words[i - 1] in _FIGHTING_WORDS else "BODY"
    return None


def _told_by_its_own_words(span: Span, on_map: Set[int]) -> None:
    words = normal_name(span.name).split()
    if not words:
        return
    if span.label in ("PERSON", "BODY", "PLACE") and len(words) == 1 and words[0] in DEMONYMS:
        span.label = "GROUP"
        return
    if len(words) == 1:
        return
    if span.label == "PERSON" and (_WITHIN_BODIES.intersection(span.name.split()) or words[-1] in _BODY_LAST):
        span.label = "BODY"
    elif span.label == "BODY" and firstnames.gender(words[0]) and _is_full_name(span.name):
        span.label = "PERSON"
    free = span.start not in on_map and span.end - 1 not in on_map
    if span.label in ("BODY", "MEDIA") or (span.label == "PLACE" and free) or span.label == "PERSON":
        media = words[-1] in _MEDIA_LAST or words[0] in _MEDIA_FIRST or "news" in words
        if media and not span.name.isupper() and not (span.label == "PERSON" and words[-1] in _SURNAMES):
            span.label = "MEDIA"
            return
        if words[-1] == "agency" and words[-2] in ("news", "press"):
            span.label = "MEDIA"
            return
    if span.label == "BODY":
        if words[-1] in _GROUP_LAST or words[0] in _GROUP_FIRST:
            span.label = "GROUP"
        elif _NGO_WORDS.intersection(words):
            span.label = "NGO"
    elif span.label in ("PERSON", "GROUP") and len(words) < 4 and words[0] in _PLACE_FIRST:
        span.label = "PLACE"


def _is_full_name(name: str) -> bool:
    """Whether all words but a particle are names': "Ward Omar Sallum", not "Hamad Hospital"."""
    words = name.split()
    return 1 < len(words) < 5 and all(
        word in _NOBLE or (word.isalpha() and word.istitle() and word.lower() not in _NO_LAST_NAMES) for word in words
    )


def _told_by_the_words_around(syntax: Syntax, spans: list[Span], on_map: Set[int]) -> None:
    """A place is what has a village or a plain, a person whom an office or a trade stands before."""
    words, starts = syntax.words, syntax.starts
    places: set[str] = set()
    inside: dict[str, int] = {}  # persons to the model, whom somebody is "in"
    people = {surname for span in spans if span.label == "PERSON" and (surname := _last(span.name))}
    for span in spans:
        if span.start in on_map or span.label not in ("PERSON", "BODY", "GROUP", "PLACE"):
            continue
        first, stop = bisect_left(starts, span.start), bisect_left(starts, span.end) - 1
        if stop < first or starts[first] != span.start:
            continue
        name = normal_name(span.name)
        before = words[first - 1] if first else ""
        if span.label in ("PLACE", "BODY") and " " in span.name and stop - first < 3:
            kin = words[first - 2] if before == "," and first > 1 else before  # "his brother, Labib Nahhas"
            shown = (before in COMMON_PERSONS and syntax.pos[first - 1] == "NOUN") or kin in RELATIVES
            if shown and syntax.pos[stop] == "PROPN":
                span.label = "PERSON"
            continue
        if span.label not in ("PERSON", "BODY", "GROUP") or span.name.isupper() or name in people or name in DEMONYMS:
            continue
        behind = words[stop + 1] if stop + 1 < len(words) else ""
        earlier = words[first - 2].lower() if first > 1 else ""
        if (before == "of" and earlier in _PLACE_BEFORE) or (behind in _PLACE_BEHIND and " " not in span.name):
            places.add(name)
        elif " " in span.name or name in _NO_PLACES or _plural(span.name):
            continue
        elif span.label == "BODY" and first and syntax.lemmas[first - 1] in ("visit", "tour"):
            places.add(name)
        elif span.label == "BODY" and (before in _NEAR or (before in ("in", "at") and not behind[:1].isupper())):
            if before != "at" or syntax.lemmas[first - 2 if first > 1 else 0] in ("turn", "arrive", "back", "stop"):
                places.add(name)
        elif span.label == "PERSON" and before == "in" and not behind[:1].isupper() and earlier not in _BELIEVED:
            inside[name] = inside.get(name, 0) + 1
        elif span.label != "GROUP" and before == "the" and earlier in _THROUGH and not behind[:1].isalpha():
            places.add(name)
    count = Counter(normal_name(span.name) for span in spans) if inside else {}
    places.update(name for name, times in inside.items() if times == count[name])
    for span in spans:
        if span.label in ("PERSON", "BODY", "GROUP") and normal_name(span.name) in places:
            span.label = "PLACE"


def _last(name: str) -> str:
    words = normal_name(name).split()
    return words[-1] if len(words) > 1 else ""


def _plural(name: str) -> bool:
    return name.endswith("s") and not name.endswith(("ss", "us", "es", "is"))


@lru_cache(maxsize=8192)
def _capital(word: str) -> bool:
    return word[:1].isupper() and word.lower() not in TITLES
