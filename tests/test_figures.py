"""Figures: counts of people, what is left out, and where they stand in the pipeline. The texts are fiction."""

from __future__ import annotations

import re

import pytest

from schemas.records import Entity, Figure, Syntax
from tests.figures import FILES, measured, shares
from tests.samples import an_article
from transforms.annotate import Annotated
from transforms.branches import entities_of, figures_of
from transforms.figures import extract_figures
from transforms.parsing import parse_texts
from transforms.tolls.numbers import numbers
from transforms.topic import load_topic


def nobody() -> list[Entity]:
    return []


def found_in(*texts: str) -> list[list[Figure]]:
    return [extract_figures(syntax, nobody) for syntax in parse_texts(texts, "en")]


@pytest.mark.parametrize("name", FILES)
def test_figures_are_right_nine_times_in_ten_and_eight_of_ten_are_found(name: str) -> None:
    counted, where = measured(name)
    precision, recall = shares(counted)
    assert precision >= 0.9, "\n".join(where)
    assert recall >= 0.8, "\n".join(where)


def test_spans_hold_number_noun_and_verb() -> None:
    text = "On Monday at least 12 civilians were killed in Ariha, and shells wounded three of their neighbours."
    ((killed, wounded),) = found_in(text)
    assert (killed.text, killed.qualifier, killed.what) == (
        "at least 12 civilians were killed",
        "at least",
        "civilians",
    )
    assert (wounded.text, wounded.low, wounded.high) == ("wounded three of their neighbours", 3, 3)
    assert all(text[f.start : f.end] == f.text for f in (killed, wounded))


@pytest.mark.parametrize(
    "text",
    [
        "No one was killed.", "The raid could kill 100 people.", "If 50 people are killed, he will resign.",
        "He denied that 15 soldiers had been killed.", "They threatened to kill 20 hostages.",
        "The frost killed 300 sheep.", "The war kills 12 people a day.", "In 2016 Killed Rebels Were Buried.",
        "The 12-year war has killed hope.", "When a soldier dies, a flag is folded.", "40 were killed or wounded.",
        "Some 80 percent were displaced.", "The strikes killed $2 million of trade.",
    ],
)  # fmt: skip
def test_what_is_no_count_of_people_is_left_out(text: str) -> None:
    assert found_in(text) == [[]]


def test_a_headline_and_the_date_under_it_are_not_one_sentence() -> None:
    (found,) = found_in("Rebels Killed in Homs\n\nMon Jul 11 2016\n\nTroops moved north.")
    assert found == []


def test_a_part_is_told_from_the_whole() -> None:
    ((whole, part),) = found_in("The raid killed 12 people, including four children.")
    assert (whole.part, part.part, part.what) == (False, True, "children")


def test_what_follows_including_is_of_the_group_before_it() -> None:
    (found,) = found_in("The raid wounded 30 people and destroyed the office of 14 lawyers, including two judges.")
    assert [f.low for f in found] == [30]


@pytest.mark.parametrize(
    ("words", "low", "high"),
    [
        ("twenty-five", 25, 25), ("1.2 million", 1_200_000, 1_200_000), ("half a million", 500_000, 500_000),
        ("more than 300,000", 300_000, None), ("no fewer than 18", 18, None), ("up to 40", None, 40),
        ("between 10 and 15", 10, 15), ("20 to 30", 20, 30), ("10-15", 10, 15), ("dozens", 24, None),
        ("two dozen", 24, 24), ("hundreds of thousands", 200_000, None), ("tens of thousands", 20_000, None),
        ("three hundred and five", 305, 305), ("12 or more", 12, None), ("a hundred", 100, 100), ("nearly 60", 60, 60),
        ("several hundred", 200, None), ("two thousand three hundred", 2_300, 2_300), ("at least  7", 7, None),
    ],
)  # fmt: skip
def test_numbers_as_they_are_printed(words: str, low: int | None, high: int | None) -> None:
    lower = re.findall(r"[\d.,]*\d(?:[-–]\d+)?|\w+|-|\s{2,}", words)
    (number,) = numbers(lower, 0, len(lower))
    assert (number.low, number.high) == (low, high)


@pytest.mark.parametrize("words", ["in 2015", "on june 12", "$ 500", "aged 9", "12 percent", "no one", "0"])
def test_numbers_that_count_nothing(words: str) -> None:
    lower = words.split()
    assert numbers(lower, 0, len(lower)) == []


def test_the_place_is_where_the_sentence_puts_it() -> None:
    topic = load_topic("syria")
    text = (
        "Rebels from Aleppo said 12 people were killed in Saraqib.\n\n"
        "The Damascus government spoke of 5 dead.\n\nShells wounded 7 in the north-held east of Aleppo."
    )
    (syntax,) = parse_texts([text], "en")
    annotated = Annotated(an_article(text=text), syntax)
    found = figures_of(annotated, topic)
    assert [(f.low, f.place) for f in found] == [(12, "Saraqib"), (5, None), (7, "Aleppo")]
    ids = {e.name: e.entity_id for e in entities_of(annotated, topic).entities}
    assert found[0].place_entity_id == ids["Saraqib"]


def test_without_a_parse_there_are_none() -> None:
    assert extract_figures(Syntax(text="12 morts", starts=[0, 3], words=["12", "morts"]), nobody) == []
    (syntax,) = parse_texts(["Cinq personnes ont été tuées : 5 killed."], "fr")
    assert extract_figures(syntax, nobody) == []
