"""The topic file, what is said of mistakes in it, and how its names are found."""

from __future__ import annotations

from pathlib import Path

import pytest

from schemas.errors import UserError
from transforms.phrases import PhraseIndex, fold, fold_name
from transforms.topic import find_terms, load_topic, parse_topic

SMALL = """
name = "flood"
countries = ["BD"]
[[terms]]
name = "Bangladesh"
spellings = ["Bangladesh"]
"""


def _found(text: str) -> list[tuple[str, str]]:
    return [(text[span.start : span.end], span.name) for span in load_topic("syria").find_known(text)]


def _terms(text: str) -> list[str]:
    folded = fold(text)
    return [text[slice(*folded.span(start, end))] for start, end, _ in find_terms(folded, load_topic("syria"))]


def test_bundled_topic_is_sound() -> None:
    topic = load_topic("syria")
    assert topic.countries == ("SY",)
    assert len([term for term in topic.terms if term.kind != "term"]) >= 60
    assert {division.code for division in topic.divisions} == {f"{n:02}" for n in range(1, 15)}
    assert topic.focus == ("12",)


def test_a_topic_file_of_ones_own(tmp_path: Path) -> None:
    path = tmp_path / "flood.toml"
    path.write_text(SMALL, encoding="utf-8")
    topic = load_topic(str(path))
    assert topic.name == "flood"
    assert [term.name for term in topic.terms] == ["Bangladesh"]
    path.write_text(SMALL.replace("flood", "storm") + "\n", encoding="utf-8")
    assert load_topic(str(path)).name == "storm"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda t: t.replace('name = "flood"\n', ""), "name"),
        (lambda t: t.replace('["BD"]', "[]"), "countries"),
        (lambda t: t.replace('["BD"]', '["Bangladesh"]'), "countries[0]"),
        (lambda t: t.replace('["BD"]', '"BD"'), "countries"),
        (lambda t: t.replace('countries = ["BD"]', 'countries = ["BD"]\ncolour = "red"'), "colour"),
        (lambda t: t + 'weight = "much"\n', "terms[0].weight"),
        (lambda t: t + "weight = 2\n", "terms[0].weight"),
        (lambda t: t.replace('spellings = ["Bangladesh"]', "spellings = [7]"), "terms[0].spellings[0]"),
        (lambda t: t.replace('spellings = ["Bangladesh"]', 'spellings = [" "]'), "terms[0].spellings[0]"),
        (lambda t: t.replace('spellings = ["Bangladesh"]', "spelling = []"), "terms[0]"),
        (lambda t: t + '[[terms]]\nname = "bangladesh"\nspellings = ["x"]\n', "twice"),
        (lambda t: t + '[[actors]]\nname = "A"\nlabel = "ARMY"\n', "actors[0].label"),
        (lambda t: t + '[[actors]]\nname = "A"\nlabel = "GROUP"\nwikidata = "42"\n', "actors[0].wikidata"),
        (lambda t: t + '[[places]]\nname = "Sylhet"\n', "places[0].id"),
        (lambda t: t + '[[places]]\nname = "S"\ncountry = "BD"\nlatitude = 99\nlongitude = 1\n', "latitude"),
        (lambda t: t.replace("countries", "[terms]\ncountries", 1), "topic file"),
        (lambda t: "name = [", "not TOML"),
        (lambda t: t[: t.index("[[terms]]")], "terms"),
        (lambda t: "", "name"),
    ],
)
def test_mistakes_name_file_and_key(tmp_path: Path, change, told: str) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "mine.toml"
    path.write_text(change(SMALL), encoding="utf-8")
    with pytest.raises(UserError) as caught:
        load_topic(str(path))
    message = str(caught.value)
    assert "mine.toml" in message
    assert told in message
    assert "\n" not in message


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"nowhere\.toml.*syria"):
        load_topic(str(tmp_path / "nowhere.toml"))
    with pytest.raises(UserError, match="directory"):
        load_topic(str(tmp_path))
    with pytest.raises(UserError, match="topic file atlantis"):
        load_topic("atlantis")
    with pytest.raises(UserError):
        load_topic("")
    with pytest.raises(UserError):
        load_topic("a\0b")
    (tmp_path / "latin.toml").write_bytes(b'name = "caf\xe9"')
    with pytest.raises(UserError, match="UTF-8"):
        load_topic(str(tmp_path / "latin.toml"))


def test_unknown_focus_code() -> None:
    data = {
        "name": "x",
        "countries": ["SY"],
        "focus": ["99"],
        "terms": [{"name": "Syria", "spellings": ["Syria"]}],
        "divisions": [{"code": "12", "name": "Idlib"}],
    }
    with pytest.raises(UserError, match="focus"):
        parse_topic(data, "inline")


def test_actors_in_four_languages() -> None:
    assert _found("Bachar el-Assad et l'armée syrienne") == [
        ("Bachar el-Assad", "Bashar al-Assad"),
        ("armée syrienne", "Syrian Arab Army"),
    ]
    assert _found("وقال المرصد السوري لحقوق الإنسان إن هيئة تحرير الشام انسحبت") == [
        ("المرصد السوري لحقوق الإنسان", "Syrian Observatory for Human Rights"),
        ("هيئة تحرير الشام", "Hayat Tahrir al-Sham"),
    ]
    assert _found("Beyaz Baretliler'in açıklamasına göre Suriye'de") == [("Beyaz Baretliler", "White Helmets")]
    assert _found("The “White Helmets” said") == [("White Helmets", "White Helmets")]


@pytest.mark.parametrize(
    "text",
    [
        "The ambassador of a Hamas crusade",
        "assad as a lower-case word",
        "Damascus steel and Aleppo pepper",
        "the Road to Damascus",
        "Damascus, Maryland",
        "فيلم سوريالي",
        "Its sdf file",
    ],
)
def test_words_that_only_hold_the_letters(text: str) -> None:
    assert _terms(text) == []


def test_short_forms_need_a_text_about_the_topic() -> None:
    assert _found("The SDG targets and the FSA rules on food") == []
    assert ("FSA", "Free Syrian Army") in _found("In Syria the FSA withdrew")
    assert ("HTS", "Hayat Tahrir al-Sham") in _found("HTS fighters left Idlib")


def test_forms_of_a_word() -> None:
    assert _terms("Suriyelilerin Suriye'ye") == ["Suriyelilerin", "Suriye"]
    assert _terms("SYRIA Syria's Syrians") == ["SYRIA", "Syria's", "Syrians"]
    assert _terms("والسوريين بسوريا وسُورِيَة") == ["سوريين", "سوريا", "سُورِيَة"]
    assert _terms("la Syrie, d'Assad, ‘Syria’") == ["Syrie", "Assad", "Syria"]


def test_offsets_lead_back_to_what_is_printed() -> None:
    text = "e\u0301te\u0301 en Syrie\u0301e; la Syrie"
    folded = fold(text)
    start = folded.text.index("la syrie")
    assert text[slice(*folded.span(start + 3, start + 8))] == "Syrie"
    for char in "aé'ıİßœﬁ1\u0640ة字":
        assert len(fold(char * 3).text) in (2, 5)


def test_short_accented_names_are_met_as_spelled() -> None:
    index = PhraseIndex([("Şam", 1)])
    assert [value for _, _, value in index.find(fold("Şam'da ve ŞAM'da"))] == [1, 1]
    assert index.find(fold("Sam said")) == []


def test_fold_name_makes_spellings_equal() -> None:
    assert fold_name("Khān-Shaykhūn") == fold_name("khan shaykhun")
    assert fold_name("إِدْلِب") == fold_name("ادلب")
    assert fold_name("IŞIK") == fold_name("ışık")


def test_actors_of_the_bundled_topic_are_told_apart() -> None:
    actors = [term for term in load_topic("syria").terms if term.kind != "term"]
    owners: dict[str, set[str]] = {}
    items: dict[str, set[str]] = {}
    for actor in actors:
        for spelling in actor.spellings:
            owners.setdefault(fold_name(spelling), set()).add(actor.name)
        if actor.wikidata:
            items.setdefault(actor.wikidata, set()).add(actor.name)
    assert len(actors) >= 170
    assert {spelling: names for spelling, names in owners.items() if len(names) > 1} == {}
    assert {item: names for item, names in items.items() if len(names) > 1} == {}


def test_an_actor_of_no_weight_is_found_and_says_nothing_about_relevance() -> None:
    topic = load_topic("syria")
    text = "Lavrov told Reuters about the UN Security Council."
    assert [known.everywhere for known in topic.find_known(text)] == [True, True, True]
    assert find_terms(fold(text), topic) == []


def test_an_actor_of_no_weight_takes_no_words_of_the_topics_own() -> None:
    text = "The Syrian Foreign Ministry was closed."
    assert [term.name for _, _, term in find_terms(fold(text), load_topic("syria"))] == ["Syrian"]
    assert _found(text) == [("Syrian Foreign Ministry", "Syrian Foreign Ministry")]


def test_a_last_name_alone_is_marked_as_such() -> None:
    text = "In Syria Assad, al-Assad, de Mistura and Bashar al-Assad met."
    assert [known.bare for known in load_topic("syria").find_known(text)] == [True, True, True, False]
