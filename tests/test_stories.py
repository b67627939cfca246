"""The twenty stories in agency style: spans found, and names right. What is asked of them is printed at a failure."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.samples import an_article
from tests.stories import load
from tests.stories.tally import count_quotes
from transforms.annotate import Annotated
from transforms.branches import quotes_of
from transforms.parsing import parse_texts
from transforms.topic import load_topic


@pytest.fixture(scope="module")
def tally() -> Counter[str]:
    """How many statements were found, and whose they were said to be."""
    stories, topic = load(), load_topic("syria")
    counted: Counter[str] = Counter()
    for story, syntax in zip(stories, parse_texts([s.text for s in stories], "en"), strict=True):
        counted += count_quotes(
            story, quotes_of(Annotated(an_article(story.slug, text=story.text), syntax), topic).quotes
        )
    return counted


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
