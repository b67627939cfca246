"""Another conflict is another file: a whole topic on Sudan, without a line of code."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pytest

from schemas.errors import UserError
from transforms.annotation import Annotation, annotate_texts
from transforms.gazetteer import Gazetteer, gazetteer_for
from transforms.given import Given
from transforms.relevance import screen
from transforms.topic import Topic, load_topic, parse_topic

FOLDER = Path(__file__).parent / "topics"


@dataclass(frozen=True)
class Case:
    level: str
    language: str
    focus: bool
    names: tuple[tuple[str, str], ...]  # name, label
    title: str
    text: str


def _cases() -> list[Case]:
    lines = (FOLDER / "sudan.tsv").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if not line.startswith("#")]
    cases = []
    for level, language, focus, names, title, text in rows:
        pairs = [
            (name, label) for name, _, label in (part.partition("=") for part in names.split("|")) if len(label) > 1
        ]
        cases.append(Case(level, language, focus == "yes", tuple(pairs), title, text.replace("¶", "\n\n")))
    return cases


def _topic() -> Topic:
    return load_topic(str(FOLDER / "sudan.toml"))


@lru_cache(maxsize=1)
def _annotated() -> dict[str, Annotation]:
    given = [Given(case.title, case.text, title=case.title, language=case.language) for case in _cases()]
    return {one.given.title: one for one in annotate_texts(given, _topic())}


EACH = pytest.mark.parametrize("case", _cases(), ids=lambda case: f"{case.level}-{case.language}-{case.title[:24]}")


def test_there_are_texts_of_each_level_and_language() -> None:
    assert len(_cases()) >= 16
    assert {case.level for case in _cases()} == {"core", "part", "passing", "none"}
    assert {case.language for case in _cases()} == {"en", "fr", "ar"}


@EACH
def test_the_verdict(case: Case) -> None:
    verdict = _annotated()[case.title].verdict
    assert verdict.keep == (case.level in ("core", "part")), verdict
    assert verdict.level == "none" or case.level != "none", verdict
    assert verdict.mentions_focus == case.focus


@EACH
def test_what_is_kept_passes_the_screen(case: Case) -> None:
    if case.level == "core":
        assert screen(case.title, case.text[:80], case.language, _topic()).maybe


@EACH
def test_its_names_are_found(case: Case) -> None:
    found = {(entity.name, entity.label) for entity in _annotated()[case.title].entities}
    assert set(case.names) <= found


def test_towns_come_from_geonames_by_themselves() -> None:
    """Kadugli stands nowhere in the file."""
    text = "The Sudanese army held Kadugli in South Kordofan, and Zalingei."
    found = {match.name: match for match in gazetteer_for(_topic()).find(text)}
    assert (found["Kadugli"].admin1, found["Kadugli"].geonames_id) == ("South Kordofan", 373141)
    assert found["Zalinjay"].admin1 == "Central Darfur"


def test_a_country_within_the_name_of_another() -> None:
    text = "South Sudan and Sudan share a river."
    assert [(m.text, m.country) for m in gazetteer_for(_topic()).find(text)] == [("South Sudan", "SS"), ("Sudan", "SD")]
    assert [match.term for match in _annotated()["Cattle fair opens in Juba"].verdict.matched] == []


def test_the_two_topics_do_not_mix() -> None:
    idlib = "Shells fell on Idlib."
    assert gazetteer_for(load_topic("syria")).find(idlib) and not gazetteer_for(_topic()).find(idlib)


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ({"name": "Atlantis", "id": 1}, "places: Atlantis: id 1 is not a populated place"),
        ({"name": "Camp", "country": "SD", "latitude": 13.5}, "places[0].id: needs a GeoNames id, or country"),
        ({"name": "Camp", "id": 379555, "latitude": 13.5}, "places[0].id: needs a GeoNames id, or country"),
        (
            {"name": "Camp", "country": "Sudan", "latitude": 1, "longitude": 1},
            "places[0].country: 'Sudan' is not an ISO",
        ),
        ({"name": "Camp", "country": "SD", "latitude": 1, "longitude": 1, "admin1": "9"}, "places: Camp: admin1 '9'"),
        ({"nam": "Camp", "id": 379555}, "places[0].name: is missing; rename 'nam'"),
    ],
)
def test_mistakes_in_places_name_file_and_key(table: dict[str, object], told: str) -> None:
    data = _least() | {"places": [table], "divisions": [{"code": "55", "name": "North Darfur"}]}
    with pytest.raises(UserError, match=re.escape(f"topic file mine.toml: {told}")):
        Gazetteer(parse_topic(data, "mine.toml"))


@pytest.mark.parametrize(
    ("key", "value", "told"),
    [
        ("countries", ["XX"], "countries: XX is no country's ISO code"),
        ("country_names", [{"code": "XX", "names": ["x"]}], "country_names: XX is no country's ISO code"),
        (
            "divisions",
            [{"code": "55", "name": "N", "parts": "no"}],
            "divisions[0].parts: is a text; write true or false",
        ),
        ("cue_places", "Bara", "cue_places: is a text; write a list in [ ]"),
    ],
)
def test_other_mistakes_name_file_and_key(key: str, value: object, told: str) -> None:
    with pytest.raises(UserError, match=re.escape(f"topic file mine.toml: {told}")):
        Gazetteer(parse_topic(_least() | {key: value}, "mine.toml"))


def _least() -> dict[str, object]:
    return {"name": "x", "countries": ["SD"], "terms": [{"name": "Sudan", "spellings": ["Sudan"]}]}
