"""Whether an article is about the topic: a quick look at title and summary, a verdict on the full text.

A keyword decides badly: half of the articles that hold one only mention it in passing. The verdict looks
at how much of the article the topic takes: whether title and lead name it, how often its names stand in the
text, and how densely.

Names that say little are discounted: a topic country in a list of countries, a person's birthplace,
lines that point to other articles. Names that are met in other news too (a movement active in many countries)
support the topic's own names but cannot make an article by themselves.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass, replace

from schemas.records import Match
from transforms.gazetteer import Gazetteer, PlaceMatch, gazetteer_for
from transforms.phrases import Folded, fold
from transforms.topic import STRONG, Topic, find_terms

SHORT_WORDS = 25  # title and summary with fewer words cannot show that an article is off the topic
KEEP_SCORE = 0.5
CORE_SCORE = 0.95


@dataclass(frozen=True)
class ScreenVerdict:
    """May the article be about the topic? ``short``: there was too little text to tell that it is not."""

    maybe: bool
    score: float  # 0 to 1
    matched: tuple[str, ...]  # canonical names
    short: bool


@dataclass(frozen=True)
class Verdict:
    """``level``: core (about the topic), part (a sizeable section is), passing (a mention), none."""

    keep: bool  # level is core or part
    level: str
    score: float  # 0 to 1
    matched: list[Match]
    mentions_focus: bool  # a place in the topic's focus region is named


@dataclass(frozen=True)
class Salience:
    """How much of an article the topic takes. All are sums of the hits' weights."""

    title: float  # in the title, at most 1
    lead: float  # in the first LEAD_WORDS words of the body
    total: float  # in the body
    density: float  # in the body, per 100 words


@dataclass(frozen=True)
class _Hit:
    start: int
    end: int
    name: str
    kind: str  # term, person, group, place
    weight: float
    strong: bool


LEAD_WORDS = 80
SHORT_BODY = 40  # words


def screen(title: str, summary: str, language: str, topic: Topic) -> ScreenVerdict:
    """Look at what a feed tells of an entry. Generous: any name of the topic, as a whole word, is enough."""
    folded = fold(f"{title}\n{summary}")
    terms = [term for _, _, term in find_terms(folded, topic)]
    gazetteer = gazetteer_for(topic)
    context = any(term.weight >= STRONG for term in terms) or None
    found = gazetteer.find_folded(folded, context, generous=True)
    places = [place for place in found if gazetteer.in_topic(place)]
    weight = sum(term.weight for term in terms) + len(places)
    matched = tuple(dict.fromkeys([term.name for term in terms] + [place.name for place in places]))
    short = folded.text.count(" ") - folded.text.count("  ") - 1 < SHORT_WORDS
    return ScreenVerdict(bool(matched), round(1 - math.exp(-weight), 3), matched, short)


def judge(title: str, text: str, language: str, topic: Topic, gazetteer: Gazetteer) -> Verdict:
    """Decide on the article's full text."""
    folded = fold(f"{title}\n\n{text}")
    hits, places = _hits(folded, topic, gazetteer)
    if not hits:
        return Verdict(False, "none", 0.0, [], False)
    value = score(salience(folded.original, len(title), hits))
    level = "core" if value >= CORE_SCORE else "part" if value >= KEEP_SCORE else "passing"
    counts = Counter((hit.name, hit.kind) for hit in hits)
    matched = [Match(term=name, kind=kind, count=count) for (name, kind), count in counts.most_common()]
    focus = any(gazetteer.in_focus(place) for place in places)
    return Verdict(value >= KEEP_SCORE, level, round(value, 3), matched, focus)


def score(salience: Salience) -> float:
    """Salience as a number from 0 to 1.

    A logistic regression of the title and the logarithms of the rest (the tenth mention says less than the
    second), fitted on articles labelled by a person; rounded, since the third digit is chance.
    """
    lead, total, density = (math.log1p(x) for x in (salience.lead, salience.total, salience.density))
    return 1 / (1 + math.exp(6.8 - 2.8 * salience.title - 1.2 * lead - 3.6 * total - 1.6 * density))


# --- hits ---------------------------------------------------------------------------------------------

_WORD = re.compile(r"\S+")
_BIRTHPLACE = re.compile(
    r"(?: born (?:in|near|to)| native of| originally from| hails from| raised in| ne(?:e)? (?:a|en)| natif de"
    r"| originaire de| مواليد| المولود في| المولوده في| ولد في| ولدت في)(?: [^ ]+){0,2} ?$"
)
_POINTER = re.compile(
    r" *(?:read more|related|see also|also read|more on|more from|recommended|lire aussi|a lire|voir aussi"
    r"|sur le meme sujet|اقرا ايضا|اقرا المزيد|مواضيع ذات صله|ayrica okuyun|ilgili haber"
    r"|ilginizi cekebilir)\b"
)
_LIST_REACH = 40  # characters to either side in which other countries make a list
_LIST_COUNTRIES = 3


def _hits(folded: Folded, topic: Topic, gazetteer: Gazetteer) -> tuple[list[_Hit], list[PlaceMatch]]:
    """The topic's names with their weights, in order, and the places of its countries."""
    terms = [(*folded.span(start, end), term) for start, end, term in find_terms(folded, topic)]
    context = any(term.weight >= STRONG for _, _, term in terms) or None
    places = gazetteer.find_folded(folded, context)
    hits = [_Hit(start, end, term.name, term.kind, term.weight, term.weight >= STRONG) for start, end, term in terms]
    taken = [(start, end) for start, end, _ in terms]
    starts = [start for start, _ in taken]
    ours = []
    countries = []
    for place in places:
        if not gazetteer.in_topic(place):
            if place.latitude is None:
                countries.append(place.start)
            continue
        ours.append(place)
        at = bisect_right(starts, place.end - 1) - 1
        if at < 0 or taken[at][1] <= place.start:  # else part of a term's name, or the term itself
            hits.append(_Hit(place.start, place.end, place.name, "place", 1.0, True))
    hits.sort(key=lambda hit: hit.start)
    return _supported([_discounted(hit, folded, countries) for hit in hits]), ours


def _supported(hits: list[_Hit]) -> list[_Hit]:
    """Weak names scaled down so that together they say no more than the topic's own, and a little."""
    weak = sum(hit.weight for hit in hits if not hit.strong)
    strong = sum(hit.weight for hit in hits if hit.strong)
    if weak <= strong + 0.5:
        return hits
    factor = (strong + 0.5) / weak
    return [hit if hit.strong else replace(hit, weight=hit.weight * factor) for hit in hits]


def _discounted(hit: _Hit, folded: Folded, countries: list[int]) -> _Hit:
    weight = hit.weight
    around = bisect_right(countries, hit.end + _LIST_REACH) - bisect_right(countries, hit.start - _LIST_REACH)
    if around >= _LIST_COUNTRIES:
        weight *= 0.3
    text = folded.text
    if folded.offsets is None:
        at = hit.start + 1
        line = folded.original.rfind("\n", 0, hit.start) + 1
        if _BIRTHPLACE.search(text, max(0, at - 40), at):
            weight *= 0.3
        if _POINTER.match(text, line + 1):
            weight *= 0.1
    return replace(hit, weight=weight) if weight != hit.weight else hit


def salience(text: str, title_end: int, hits: list[_Hit]) -> Salience:
    """Measure ``hits`` in ``text``, whose first ``title_end`` characters are the title."""
    starts = [match.start() for match in _WORD.finditer(text, title_end)]
    words = max(1, len(starts))
    title = min(1.0, sum(hit.weight for hit in hits if hit.start < title_end))
    # In a notice of a line or two the title is half of what there is.
    body = hits if words < SHORT_BODY else [hit for hit in hits if hit.start >= title_end]
    total = sum(hit.weight for hit in body)
    lead_end = starts[LEAD_WORDS] if words > LEAD_WORDS else len(text)
    lead = sum(hit.weight for hit in body if hit.start < lead_end)
    return Salience(title, lead, total, 100 * total / max(words, SHORT_BODY))
