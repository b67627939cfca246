"""Syria's towns are found where they are meant and put where they lie; words and people of their names are not found."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from tests.places import LANGUAGES, NotPlace, geonames, not_places, towns
from tests.places.scoring import tally
from transforms.gazetteer import Gazetteer, gazetteer_for
from transforms.topic import load_topic

ENOUGH = 0.95


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return gazetteer_for(load_topic("syria"))


def test_the_set_holds_every_town_of_five_thousand() -> None:
    large = {ident for ident, town in geonames().items() if int(str(town["population"])) >= 5000}
    assert {town.geonames_id for town in towns()} == large
    assert len(large) > 100


@pytest.mark.parametrize("language", LANGUAGES)
def test_towns_are_found_and_placed(gazetteer: Gazetteer, language: str) -> None:
    one = tally(gazetteer, language)
    assert one.asked > 300
    assert one.found >= ENOUGH, Counter(one.lost)
    assert one.placed >= ENOUGH, one.astray


@pytest.mark.parametrize("case", not_places(), ids=lambda case: case.text[:50])
def test_words_people_and_towns_elsewhere_are_no_syrian_towns(gazetteer: Gazetteer, case: NotPlace) -> None:
    found = {match.name for match in gazetteer.find(case.text, case.language) if match.country == "SY"}
    assert found == case.named


def test_smaller_places_by_their_geonames_name(gazetteer: Gazetteer) -> None:
    """Those whose population GeoNames does not know: the seats of subdistricts, most of them towns too."""
    known = {town.geonames_id for town in towns()}
    rest = [town for ident, town in geonames().items() if ident not in known]
    lost = []
    for town in rest:
        text = f"Syrian troops entered the town of {town['name']} on Monday."
        match = next((match for match in gazetteer.find(text) if match.geonames_id == town["geonameid"]), None)
        if match is None:
            lost.append(town["name"])
    assert len(rest) > 150
    assert 1 - len(lost) / len(rest) >= ENOUGH, lost


PIECES = [
    "Dana",
    "Harem",
    "Idlib",
    "Syria",
    "حلب",
    "الباب",
    "Şam",
    "province",
    " in ",
    ", ",
    " and ",
    "'s ",
    "’da ",
    " town of ",
]


@pytest.mark.parametrize("seed", range(20))
def test_no_text_raises_and_matches_are_what_is_printed(gazetteer: Gazetteer, seed: int) -> None:
    rng = random.Random(seed)
    strange = "".join(chr(rng.choice((rng.randrange(0x700), rng.randrange(0x110000)))) for _ in range(200))
    for _ in range(20):
        parts = [rng.choice(PIECES) if rng.random() < 0.7 else rng.choice(strange) for _ in range(60)]
        text, end = "".join(parts), 0
        for match in gazetteer.find(text):
            assert end <= match.start < match.end <= len(text)
            assert text[match.start : match.end] == match.text
            end = match.end
