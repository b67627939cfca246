"""The twenty stories in agency style: spans found, and names right. What is asked of them is printed at a failure."""

from __future__ import annotations

from collections import Counter

import pytest

from schemas.records import Quote
from tests.samples import an_article
from tests.stories import QuoteLine, load
from transforms.annotate import Annotated
from transforms.branches import quotes_of
from transforms.parsing import parse_texts
from transforms.recognition.naming import normal_name
from transforms.topic import load_topic

OVERLAP = 0.7  # of two spans: the same statement


@pytest.fixture(scope="module")
def tally() -> Counter[str]:
    """How many statements were found, and whose they were said to be."""
    stories, topic = load(), load_topic("syria")
    counted: Counter[str] = Counter()
    for story, syntax in zip(stories, parse_texts([s.text for s in stories], "en"), strict=True):
        found = quotes_of(Annotated(an_article(story.slug, text=story.text), syntax), topic).quotes
        for line in story.quotes:
            start = story.text.index(line.text)
            hit = max(found, key=lambda q: _shared(q, start, start + len(line.text)), default=None)
            counted[f"asked {line.kind}"] += 1
            if hit is None or _shared(hit, start, start + len(line.text)) < OVERLAP:
                continue
            counted[f"found {line.kind}"] += 1
            counted[_verdict(hit, line, set(story.people))] += 1
    return counted


def _shared(quote: Quote, start: int, end: int) -> float:
    if "\n" in quote.text and quote.start <= start <= end <= quote.end + 1:
        return 1.0  # one of the paragraphs of a longer quotation
    shared = min(end, quote.end) - max(start, quote.start)
    return shared / (max(end, quote.end) - min(start, quote.start)) if shared > 0 else 0.0


def _verdict(quote: Quote, line: QuoteLine, people: set[str]) -> str:
    wanted = {normal_name(name) for name in line.speakers}
    if not set(line.speakers) & people:
        given = {normal_name(quote.speaker or ""), normal_name(quote.speaker_text or "")}
        return "nobody named" if any(who in name or name in who for name in wanted for who in given) else "invented"
    if quote.speaker is None:
        return "left open"
    named = {normal_name(name) for name in quote.speaker.split(" and ")}
    return "right" if named <= wanted else "wrong"


def test_direct_statements_are_found(tally: Counter[str]) -> None:
    assert tally["found direct"] == tally["asked direct"], tally


def test_of_reported_statements_three_in_four_are_found(tally: Counter[str]) -> None:
    found, asked = (sum(tally[f"{what} {kind}"] for kind in ("mixed", "indirect")) for what in ("found", "asked"))
    assert found >= 0.75 * asked, tally


def test_a_name_that_is_given_is_right_19_times_in_20(tally: Counter[str]) -> None:
    assert tally["right"] >= 0.95 * (tally["right"] + tally["wrong"]), tally
    assert tally["right"] >= 0.75 * (tally["right"] + tally["wrong"] + tally["left open"]), tally


def test_no_name_is_invented(tally: Counter[str]) -> None:
    assert tally["invented"] == 0, tally
