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
def test_figures_and_places_are_right_nine_times_in_ten_and_most_are_found(name: str) -> None:
    counted, where = measured(name)
    for what, least in (("", 0.8), ("place_", 0.7)):
        precision, recall = shares(counted, what)
        assert precision >= 0.9, "\n".join(where)
        assert recall >= least, "\n".join(where)


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
        ("fewer than 5", None, 4), ("from 12 to 17", 17, 17), ("from 44 to 39", 39, 39),
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


@pytest.mark.parametrize(
    "text",
    [
        "Two-thirds of the 900 tenants are displaced.", "Nine in 10 tenants were displaced.",
        "Two out of three tenants were displaced.", "One in four of those killed was a tenant.",
        "Mines killed 10 times more tenants.", "Ten of 12 hostages were killed.", "Half of the 40 hostages were killed.",
    ],
)  # fmt: skip
def test_shares_and_multiples_are_no_counts(text: str) -> None:
    assert found_in(text) == [[]]


def test_so_many_in_so_many_days_or_villages_is_a_count() -> None:
    found = found_in("The mines killed three in 10 days.", "The mines killed 12 in one village.")
    assert [[f.low for f in figures] for figures in found] == [[3], [12]]


@pytest.mark.parametrize(
    "text",
    [
        "The army denied reports that 4 tenants had been killed.", "There is no evidence that 40 tenants were killed.",
        "It was not true that 80 tenants were killed.", "The claim that 200 tenants were killed is false.",
        "It is a lie that 50 tenants were killed.", "He dismissed as untrue reports of 60 dead.",
        "Reports that 12 tenants were killed turned out to be false.", "He could not confirm that 9 tenants were killed.",
        "The army rejected claims that it had killed 12 tenants.", "Nobody said that 12 tenants had been killed.",
        "The envoy expressed doubt that 12 tenants were killed.", "Thirty tenants were almost killed.",
        "The floods nearly killed 12 tenants.", "Were 12 tenants killed?", "12 tenants killed in Idlib?",
        "Not a single tenant was killed.", "Not one of the 300 hostages was killed.", "Neither side lost a man.",
    ],
)  # fmt: skip
def test_what_is_denied_false_asked_or_only_near_did_not_happen(text: str) -> None:
    assert found_in(text) == [[]]


@pytest.mark.parametrize(
    "text",
    [
        "He confirmed reports that 12 tenants had been killed.", "There is no doubt that 12 tenants were killed.",
        "He did not know that 12 tenants had been killed.", "We can confirm that 12 tenants were killed.",
        "The blast killed nearly 12 tenants.", "Why were 12 tenants killed?",
        "No one claimed responsibility for the blast that killed 12 tenants.",
        "The raid, which nearly destroyed the mill, killed 12 tenants.",
    ],
)  # fmt: skip
def test_what_is_confirmed_known_or_said_beside_a_denial_happened(text: str) -> None:
    (figures,) = found_in(text)
    assert [f.high for f in figures] == [12]


@pytest.mark.parametrize(
    "text",
    [
        "About two tenants a day are killed.", "Every day two tenants die.", "Each month 40 tenants are killed.",
        "Every week at least 12 tenants die.", "Four tenants die for every 100 wounded.",
    ],
)  # fmt: skip
def test_rates_are_no_counts_wherever_they_stand(text: str) -> None:
    assert found_in(text) == [[]]


def test_a_span_of_time_makes_no_rate() -> None:
    texts = ("Nine tenants were killed within a day.", "Nine tenants were killed in daily clashes.")
    assert [[f.low for f in figures] for figures in found_in(*texts)] == [[9], [9]]


@pytest.mark.parametrize(
    ("text", "low"),
    [
        ("The death toll rose from 12 to 17.", 17), ("The council lowered the toll from 44 to 39.", 39),
        ("The number of dead has risen by three to 21.", 21), ("The death toll climbed to 17 from 12.", 17),
        ("On Monday 7 tenants were killed.", 7), ("On 7 May 12 tenants were killed.", 12),
    ],
)  # fmt: skip
def test_a_toll_is_what_it_came_to(text: str, low: int) -> None:
    (figures,) = found_in(text)
    assert [(f.kind, f.low, f.high) for f in figures] == [("killed", low, low)]


def test_a_new_total_stands_beside_the_new_dead() -> None:
    (figures,) = found_in("Mines killed 23 tenants on Friday, bringing to 210 the number killed since May.")
    assert [f.low for f in figures] == [23, 210]


def test_two_numbers_share_a_noun() -> None:
    (figures,) = found_in("The raids killed 23 and 31 tenants respectively.")
    assert [(f.low, f.what) for f in figures] == [(23, "tenants"), (31, "tenants")]


def places_in(text: str) -> list[tuple[int | None, str | None]]:
    (syntax,) = parse_texts([text], "en")
    return [(f.low, f.place) for f in figures_of(Annotated(an_article(text=text), syntax), load_topic("syria"))]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The council in Geneva said 40 tenants had been killed.", [(40, None)]),
        ("In Moscow, officials said 12 tenants had died.", [(12, None)]),
        ("Tenants from Aleppo said 6 of them were killed at sea.", [(6, None)]),
        ("Four tenants were hurt in Aleppo, a clerk said in Damascus.", [(4, "Aleppo")]),
        ("The ministry in Damascus reported 12 dead.", [(12, None)]),
        ("A rocket from Aleppo wounded two tenants.", [(2, None)]),
        ("Eight residents of Aleppo were killed.", [(8, None)]),
    ],
)
def test_where_it_is_said_or_comes_from_is_not_where_it_happened(
    text: str, found: list[tuple[int | None, str | None]]
) -> None:
    assert places_in(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("In Saraqib 13 tenants died and in Aleppo seven were killed.", [(13, "Saraqib"), (7, "Aleppo")]),
        ("In Saraqib, mines killed four, and in Aleppo nine were hurt.", [(4, "Saraqib"), (9, "Aleppo")]),
        ("Strikes on Saraqib killed 4 and wounded 11 in Aleppo.", [(4, "Saraqib"), (11, "Aleppo")]),
        ("Two tenants were killed and five were hurt in Saraqib.", [(2, "Saraqib"), (5, "Saraqib")]),
        ("Two tenants were killed in a mill and five were hurt in Saraqib.", [(2, None), (5, "Saraqib")]),
        ("The blast killed 4 tenants and wounded 7 guests in Saraqib.", [(4, "Saraqib"), (7, "Saraqib")]),
    ],
)
def test_each_clause_has_its_own_place_or_shares_the_last(
    text: str, found: list[tuple[int | None, str | None]]
) -> None:
    assert places_in(text) == found


def test_of_two_places_alike_neither_is_given() -> None:
    assert places_in("Raids on Saraqib and Ariha killed 10 tenants.") == [(10, None)]


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
