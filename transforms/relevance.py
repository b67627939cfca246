"""Whether an article is about the topic: a quick look at title and summary, a verdict on the full text.

A keyword decides badly: half of the articles that hold one only mention it in passing. The verdict looks
at how much of the article the topic takes: :mod:`transforms.salience` measures it, :func:`score` weighs it.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass

from schemas.records import Match
from transforms.gazetteer import Gazetteer, gazetteer_for
from transforms.phrases import fold
from transforms.salience import COMPANION, Salience, discount, hits_of, paragraphs, salience
from transforms.topic import STRONG, Topic, find_terms

SHORT_WORDS = 40  # title and summary with fewer words cannot show that an article is off the topic
HEADLINE = 200  # characters that a headline may have
KEEP_SCORE = 0.5
CORE = 0.72  # title and coverage together from which a kept article is about the topic as a whole


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
    salience: Salience | None = None  # what the score is made of; None where the topic is not named

    @property
    def reasons(self) -> str:
        """The evidence in words, the strongest first: ``in the title; 63 % of the text``."""
        return _told(self.salience) if self.salience else "not named"


def screen(title: str, summary: str, language: str, topic: Topic) -> ScreenVerdict:
    """Look at what a feed tells of an entry. Generous: any name of the topic, as a whole word, is enough.

    Of companions (*refugees*, *truce*) it takes COMPANION in all, each counted once.
    """
    folded = fold(f"{title}\n{summary}")
    terms = [term for _, _, term in find_terms(folded, topic)]
    if sum({term.name: term.weight for term in terms if term.weight <= COMPANION}.values()) < COMPANION:
        terms = [term for term in terms if term.weight > COMPANION]
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
    folded = fold(f"{title}\n\n{text}" if title else text)
    hits, places, countries = hits_of(folded, topic, gazetteer)
    counts = Counter((hit.name, hit.kind) for hit in hits if not hit.companion)
    if not counts:
        return Verdict(False, "none", 0.0, [], False)
    breaks = paragraphs(folded)
    discount(hits, folded, countries, breaks)
    end = len(title) or _headline(text)
    measured = salience(
        folded, end + 1 if folded.offsets is None else bisect_left(folded.offsets, end) + 1, hits, breaks
    )
    value = score(measured)
    about = measured.title + measured.coverage >= CORE
    level = "passing" if value < KEEP_SCORE else "core" if about else "part"
    matched = [Match(term=name, kind=kind, count=count) for (name, kind), count in counts.most_common()]
    focus = any(gazetteer.in_focus(place) for place in places)
    return Verdict(value >= KEEP_SCORE, level, round(value, 3), matched, focus, measured)


def score(salience: Salience) -> float:
    """Salience as a number from 0 to 1.

    A logistic regression of the sums' logarithms (the tenth mention says less than the second) and the rest as they
    are, fitted on articles labelled by people and rounded, since the second digit is chance. The weight of
    ``heading`` is set so that an item of a digest under a head of the topic is kept, as a section is.
    """
    lead, total, section, companions = (
        math.log1p(x) for x in (salience.lead, salience.total, salience.section, salience.companions)
    )
    sums = 3.4 * salience.title + 2.1 * lead + 2.8 * total + 2.3 * section + 2.3 * companions
    return 1 / (1 + math.exp(7.6 - sums - 1.7 * salience.coverage - 3.9 * salience.heading))


def _headline(text: str) -> int:
    """Where the headline of a text that came without a title ends: its first line, if that is short and not all."""
    begin = len(text) - len(text.lstrip())
    end = text.find("\n", begin, begin + HEADLINE)
    return end if end > 0 and not text[end:].isspace() else 0


def _told(salience: Salience) -> str:
    said = [
        (salience.title >= 0.5, "in the title"),
        (salience.heading >= 0.5, "at the head of an item"),
        (salience.lead >= 0.5, "in the lead"),
        (salience.total < 0.5, "only in lists, origins or links"),
    ]
    return "; ".join(
        [words for true, words in said if true] + [f"paragraphs with {salience.coverage:.0%} of the text name it"]
    )
