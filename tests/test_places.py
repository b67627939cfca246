"""Syria's towns are found where they are meant and put where they lie; words and people of their names are not found."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from tests.places import LANGUAGES, Case, NotPlace, cases, geonames, not_places, towns
from transforms.gazetteer import Gazetteer, PlaceMatch, gazetteer_for
from transforms.geography.entries import Place, kilometres
from transforms.topic import load_topic

ENOUGH = 0.95
NEAR = 10.0  # km


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return gazetteer_for(load_topic("syria"))


def _found(gazetteer: Gazetteer, case: Case) -> PlaceMatch | None:
    """The match over the town's name, and over no more than an article besides."""
    for match in gazetteer.find(case.text, case.language):
        if match.start <= case.start and match.end >= case.end and match.end - match.start <= case.end - case.start + 4:
            return match
    return None


def _right(match: PlaceMatch, case: Case) -> bool:
    here = Place("", None, match.latitude, match.longitude, None, None)
    apart = kilometres(here, Place("", None, case.town.latitude, case.town.longitude, None, None))
    return match.country == "SY" and (match.admin1_code == case.town.admin1 or (apart is not None and apart <= NEAR))


def test_the_set_holds_every_town_of_five_thousand() -> None:
    large = {ident for ident, town in geonames().items() if int(str(town["population"])) >= 5000}
    assert {town.geonames_id for town in towns()} == large
    assert len(large) > 100


@pytest.mark.parametrize("language", LANGUAGES)
def test_towns_are_found_and_placed(gazetteer: Gazetteer, language: str) -> None:
    mine = [case for case in cases() if case.language == language]
    matches = [(case, _found(gazetteer, case)) for case in mine]
    lost = Counter(case.text[case.start : case.end] for case, match in matches if match is None)
    found = [(case, match) for case, match in matches if match]
    wrong = [(case.text[case.start : case.end], match.name) for case, match in found if not _right(match, case)]
    assert len(mine) > 300
    assert len(found) / len(mine) >= ENOUGH, lost
    assert 1 - len(wrong) / len(found) >= ENOUGH, wrong


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
