"""How much of an article a topic takes: its names, what each is worth where it stands, and the sections they make.

A name is worth less where it is not what the sentence is about: a country in an enumeration of countries, a
person's origin, post or journey, a comparison, the name of a street, a line that points to another article.
Names that are met in other news too (a movement active in many countries) support the topic's own names but cannot
make an article by themselves. Companions (*refugees*, *truce*) name nothing: they tell that a passage beside one on the
topic goes on with it, and that an article which begins with the topic stays with it.

Lengths are in characters, since what English says in eight words Turkish says in five.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from itertools import pairwise

from transforms.gazetteer import Gazetteer, PlaceMatch
from transforms.phrases import Folded, fold_name, is_arabic
from transforms.topic import STRONG, Topic, find_terms

COMPANION = 0.1  # the weight up to which a term is a companion
LEAD = 500
BLOCK = 360  # a longer paragraph is looked at in pieces of about so many
SHORT_BODY = 250
COMPANIONS = 5  # more of them say no more


@dataclass(slots=True)
class Hit:
    """A name of the topic at ``[start, end)`` of the folded text."""

    start: int
    end: int
    name: str
    kind: str  # term, person, group, place
    weight: float
    strong: bool
    companion: bool = False


@dataclass(frozen=True)
class Salience:
    """How much of an article the topic takes. The first four are sums of the hits' weights."""

    title: float  # in the title, at most 1
    lead: float  # in the first LEAD characters of the body
    total: float  # in the body
    section: float  # in the longest passage on the topic
    coverage: float  # 0 to 1: passages on the topic as a share of the body
    heading: float  # in the heads of a digest's items, at most 1
    companions: int  # of a topic that title or lead name, at most COMPANIONS


def hits_of(folded: Folded, topic: Topic, gazetteer: Gazetteer) -> tuple[list[Hit], list[PlaceMatch], list[int]]:
    """The topic's names in order with their weights, the places in its countries, and where others' countries stand."""
    terms = find_terms(folded, topic)
    context = any(term.weight >= STRONG for _, _, term in terms) or None
    hits = [
        Hit(start, end, term.name, term.kind, term.weight, term.weight >= STRONG, term.weight <= COMPANION)
        for start, end, term in terms
    ]
    starts = [start for start, _, _ in terms]
    ends = [end for _, end, _ in terms]
    ours, countries = [], []
    for place in gazetteer.find_folded(folded, context):
        start, end = _place_span(folded, place)
        if not gazetteer.in_topic(place):
            if place.latitude is None:
                countries.append(start)
            continue
        ours.append(place)
        at = bisect_right(starts, end - 1) - 1
        if at < 0 or ends[at] <= start:  # else part of a term's name, or the term itself
            hits.append(Hit(start, end, place.name, "place", 1.0, True))
    hits.sort(key=lambda hit: hit.start)
    if ours and not any(hit.strong and hit.kind != "place" for hit in hits):
        _doubt_words(hits, folded, topic)
    return hits, ours, countries


def _doubt_words(hits: list[Hit], folded: Folded, topic: Topic) -> None:
    """Where Arabic names that are words too (the gate, the short one) stand alone, they may be words."""
    words = frozenset(fold_name(name) for name in topic.context_places)
    places = [hit for hit in hits if hit.kind == "place"]
    surfaces = [folded.text[hit.start : hit.end] for hit in places]
    if all(is_arabic(surface[0]) and surface in words for surface in surfaces):
        for hit in places:
            hit.weight *= _DOUBTED


def _place_span(folded: Folded, place: PlaceMatch) -> tuple[int, int]:
    if folded.offsets is None:
        return place.start + 1, place.end + 1
    return bisect_left(folded.offsets, place.start) + 1, bisect_left(folded.offsets, place.end) + 1


# --- what a name is worth where it stands ---------------------------------------------------------------

_DOUBTED = 0.4
_ENUMERATED = 0.3
_PAIRED = 0.6
_POINTING = 0.1
_SPORTING = 0.3
_SECOND_NAME = 0.5
_REACH = 40  # characters to either side in which other countries make an enumeration
_GAP = 12  # at most so much between two of an enumeration: "Iraq and in Syria"
_TITLE = 14  # at most so much between two names of one: "the Syrian president Bashar al-Assad"

# What stands before a name, with what it leaves of the name's worth. "une rue d'Alep" is a street in Aleppo.
_BEFORE = re.compile(
    r" (?:(?P<origin>born(?: and raised)? (?:in|near|to)|native of|originally from|hails? from|raised in|grew up in"
    r"|nee? (?:a|en)|nati(?:f|ve) de|originaire de|d origine|مواليد|المولود في|المولوده في|ولد في|ولدت في|من اصل"
    r"|من اصول)"
    r"|(?P<post>(?:posted|stationed|served|serving|studied) (?:in|to)|(?:ambassador|envoy|attache|consul) (?:to|in)"
    r"|en poste (?:a|en)|ambassad(?:eur|rice) (?:a|en)|(?:ملحقا|سفيرا|قنصلا|مستشارا)(?: [^ ]+)? (?:في|لدي))"
    r"|(?P<journey>(?:went|goes?|going|gone|flew|flown|travell?ed|travell?ing|left|leaving|returned|returning|moved"
    r"|came|back)(?: home)? (?:to|for|from)|partie?s? (?:en|pour)|rentree?s? de)"
    r"|(?P<likened>like|unlike|such as|as in|than in|compared (?:to|with)|comme(?: en)?|مثل))(?: [^ ]+)? ?$"
    r"| (?P<house>(?<! une )(?<! un )(?<! cette )(?<! cet )(?:rue|avenue|boulevard|hotel) d[eu]?|شارع|بشارع) ?$"
)
_WORTH = {"origin": 0.3, "post": 0.3, "journey": 0.3, "likened": 0.5, "house": 0.1}
_AFTER = re.compile(
    r" ?(?:(?P<origin>born|origins?|descent|roots|heritage|ancestry|asilli|kokenli|dogumlu|d origine|الاصل|المولد)"
    r"|(?P<post>buyukelci\w*|baskonsolos\w*))\b"
)
_STREET = re.compile(r" (?:Street|Avenue|Soka[kğ]|Caddesi|Bulvarı)")
_POINTER = re.compile(
    r" *(?:read more|related|see also|also read|more on|more from|recommended|lire aussi|a lire|voir aussi"
    r"|sur le meme sujet|اقرا ايضا|اقرا المزيد|مواضيع ذات صله|ayrica okuyun|ilgili haber|ilginizi cekebilir)\b"
)
# Where a national team plays, its country is not the subject. Two of these words near the beginning tell of sport;
# where a town of the country is named besides, it may be a story of the place.
_SPORT = re.compile(
    r" (goals?|scored|header|qualifiers?|match|matches|coach|striker|world cup|asian cup|medals?"
    r"|buts?|qualifications?|entraineur|selectionneur|mercato|ailier|medailles?"
    r"|المنتخب|التصفيات|الدوري|المدرب|التسجيل|كاس|ميداليه|الميداليه|العاب"
    r"|gol|mac|maci|eleme|elemeler\w*|milli takim|teknik direktor|frikik\w*|madalya\w*|halter\w*)(?= )"
)
_SPORT_READ = 700


def discount(hits: list[Hit], folded: Folded, countries: list[int], breaks: list[int]) -> None:
    """Take from each hit's weight what its place in the text takes; ``breaks``: where the paragraphs begin."""
    worths = [_worth(hit, folded, countries) for hit in hits]
    # A game in Homs is news of Homs; that a player was born there is not.
    sport = not any(hit.kind == "place" and worth > 0.5 for hit, worth in zip(hits, worths, strict=True))
    sport = sport and len({match[1] for match in _SPORT.finditer(folded.text, 0, _SPORT_READ)}) > 1
    for hit, worth in zip(hits, worths, strict=True):
        hit.weight *= worth * (_SPORTING if sport else 1.0)
        if _POINTER.match(folded.text, breaks[bisect_right(breaks, hit.start) - 1]):
            hit.weight *= _POINTING
    for hit, after in pairwise(hits):
        if after.kind == "person" and after.start - hit.end < _TITLE:
            after.weight *= _SECOND_NAME
    weak = sum(hit.weight for hit in hits if not hit.strong and not hit.companion)
    strong = sum(hit.weight for hit in hits if hit.strong)
    if weak > strong + 0.5:  # together they say no more than the topic's own, and a little
        for hit in hits:
            if not hit.strong:
                hit.weight *= (strong + 0.5) / weak


def _worth(hit: Hit, folded: Folded, countries: list[int]) -> float:
    """What the words around a name leave of its worth."""
    worth = 1.0
    near = bisect_right(countries, hit.end + _REACH) - bisect_right(countries, hit.start - _REACH)
    if near:
        others = 2 if near > 2 else _beside(hit, folded.text, countries)
        worth = (1.0, _PAIRED, _ENUMERATED)[others]
    before = _BEFORE.search(folded.text, max(0, hit.start - 40), hit.start)
    if before:
        worth *= _WORTH[before.lastgroup or ""]
    after = _AFTER.match(folded.text, hit.end)
    if after:
        worth *= _WORTH[after.lastgroup or ""]
    elif hit.kind == "place" and _STREET.match(folded.original, folded.span(hit.start, hit.end)[1]):
        worth *= _WORTH["house"]
    return worth


def _beside(hit: Hit, text: str, countries: list[int]) -> int:
    """How many other countries, two at most, are named in one breath with the hit."""
    found = 0
    at, end = bisect_left(countries, hit.end), hit.end
    while found < 2 and at < len(countries) and countries[at] - end <= _GAP:
        end = text.find(" ", countries[at])
        found, at = found + 1, at + 1
    at, start = bisect_left(countries, hit.start) - 1, hit.start
    while found < 2 and at >= 0 and start - text.find(" ", countries[at]) <= _GAP:
        start = countries[at]
        found, at = found + 1, at - 1
    return found


# --- passages ---------------------------------------------------------------------------------------------


def paragraphs(folded: Folded) -> list[int]:
    """Where paragraphs begin in the folded text: behind every line end."""
    original, offsets = folded.original, folded.offsets
    breaks = [0]
    at = original.find("\n")
    while at >= 0:
        breaks.append(at + 2 if offsets is None else bisect_right(offsets, at) + 1)
        at = original.find("\n", at + 1)
    return breaks


def salience(folded: Folded, title_end: int, hits: list[Hit], breaks: list[int]) -> Salience:
    """Measure discounted ``hits`` in ``folded``, whose title ends at ``title_end``."""
    length = len(folded.text)
    names = [hit for hit in hits if not hit.companion]
    title = min(1.0, sum(hit.weight for hit in names if hit.start < title_end))
    # In a notice of a line or two the title is half of what there is.
    first = 0 if length - title_end < SHORT_BODY else title_end
    size = max(1, length - first)
    body = [hit for hit in names if hit.start >= first]
    total = sum(hit.weight for hit in body)
    lead = sum(hit.weight for hit in body if hit.start < first + LEAD)
    section, covered = _passages(hits, first, length, breaks)
    heading = _heading(folded, body, breaks)
    told = title >= 0.5 or lead >= 1.2  # one bare name in the lead does not make the refugees its own
    companions = min(COMPANIONS, sum(hit.companion for hit in hits)) if told else 0
    return Salience(title, lead, total, section, covered / size, heading, companions)


_NAMED = 0.45  # the weight from which a block names the topic
_LABEL = re.compile(r"[^\W\d_][^\n.:!?()\"\u201c\u00ab]{1,28}:(?= )|[^\W\d_]{2,20}\.(?= )")
_HEAD_READ = 160
_DIGEST = 4  # items with a head of their own make one


def _heading(folded: Folded, hits: list[Hit], breaks: list[int]) -> float:
    """The weight of the names in the heads of a digest's items, at most 1; 0 where the text is no digest."""
    heads = _heads(folded, breaks)
    if sum(head > start for head, start in zip(heads, breaks, strict=True)) < _DIGEST:
        return 0.0
    return min(1.0, sum(hit.weight for hit in hits if heads[bisect_right(breaks, hit.start) - 1] > hit.start))


def _heads(folded: Folded, breaks: list[int]) -> list[int]:
    """Where the head of each paragraph ends, in the folded text; its beginning where it has none.

    A head is a label ("Syria: the truce held") or a beginning of at least three words in capitals.
    """
    original, offsets = folded.original, folded.offsets
    heads = []
    for start in breaks:
        at = max(0, start - 1)
        if offsets is not None:
            at = offsets[at] if at < len(offsets) else len(original)
        label = _LABEL.match(original, at)
        heads.append(start + (label.end() - at if label else _capitals(original[at : at + _HEAD_READ])))
    return heads


def _capitals(text: str) -> int:
    """How far ``text`` begins with words in capitals; 0 where these are fewer than three."""
    length = count = 0
    for word in text.partition("\n")[0].split(" "):
        if word.upper() == word:
            count += word.isupper() and len(word) > 1
        else:
            break
        length += len(word) + 1
    return length if count > 2 else 0


def _passages(hits: list[Hit], first: int, length: int, breaks: list[int]) -> tuple[float, int]:
    """The weight of the heaviest passage on the topic, and the length of all of them.

    A passage is a run of blocks that name the topic; one block between two such belongs to it, and so does one that
    stands beside such and has a companion.
    """
    blocks: list[int] = []
    for start, end in zip(breaks, [*breaks[1:], length], strict=True):
        start = max(start, first)
        if end - start < 2:
            continue
        pieces = max(1, round((end - start) / BLOCK))
        blocks += [start + (end - start) * piece // pieces for piece in range(pieces)]
    if not blocks:
        return 0.0, 0
    weights = [0.0] * len(blocks)
    companions = [0] * len(blocks)
    for hit in hits:
        if hit.start < first:
            continue
        at = bisect_right(blocks, hit.start) - 1
        if hit.companion:
            companions[at] += 1
        else:
            weights[at] += hit.weight
    named = [weight >= _NAMED for weight in weights]
    last = len(blocks) - 1
    on = [
        here
        or (0 < at < last and named[at - 1] and named[at + 1])
        or (companions[at] > 0 and ((at > 0 and named[at - 1]) or (at < last and named[at + 1])))
        for at, here in enumerate(named)
    ]
    best = run = 0.0
    covered = 0
    for at, here in enumerate(on):
        run = run + weights[at] if here else 0.0
        best = max(best, run)
        if here:
            covered += (blocks[at + 1] if at < last else length) - blocks[at]
    return best, covered
