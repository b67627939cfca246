"""Places: spellings, borders of words, ambiguous names, city and governorate."""

from __future__ import annotations

import time

import pytest

from schemas.errors import UserError
from transforms.gazetteer import Gazetteer, gazetteer_for, romanisations
from transforms.topic import load_topic, parse_topic

IDLIB, IDLIB_GOVERNORATE = 169389, 169387


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return gazetteer_for(load_topic("syria"))


@pytest.mark.parametrize(
    ("names", "geonames_id"),
    [
        ("Idlib Idleb Edlib İdlib إدلب ادلب", IDLIB),
        ("Aleppo Alep Halep حلب", 170063),
        ("Saraqib Saraqeb سراقب", 164816),
    ],
)
def test_one_word_spellings(gazetteer: Gazetteer, names: str, geonames_id: int) -> None:
    for name in names.split():
        assert [match.geonames_id for match in gazetteer.find(f"In {name}, (x)")] == [geonames_id], name


@pytest.mark.parametrize(
    ("names", "geonames_id"),
    [
        ("Maarat al-Numan|Ma'arrat an-Nu'man|Maaret al-Noman|Ma’arat al Numan|معرة النعمان", 167611),
        ("Kafranbel|Kafr Nabl|Kafr-Nabl|كفر نبل", 168661),
        ("Khan Sheikhoun|Khan Shaykhun|Khān Shaykhūn|Han Şeyhun|خان شيخون", 168325),
        ("Jisr al-Shughour|Jisr ash-Shughur|Jisr Al Shughur|جسر الشغور", 169023),
        ("Deir ez-Zor|Deir al-Zor|Deir Ezzor|دير الزور", 170794),
    ],
)
def test_longer_spellings(gazetteer: Gazetteer, names: str, geonames_id: int) -> None:
    for name in names.split("|"):
        (match,) = gazetteer.find(f"Near {name}.")
        assert (match.text, match.geonames_id) == (name, geonames_id)


def test_what_a_match_tells(gazetteer: Gazetteer) -> None:
    text = "Shelling hit Kafr Nabl."
    (match,) = gazetteer.find(text, "en")
    assert text[match.start : match.end] == match.text == "Kafr Nabl"
    assert match.name == "Kafranbel"
    assert match.admin1 == "Idlib"
    assert match.country == "SY"
    assert match.latitude == pytest.approx(35.61, abs=0.05)
    assert match.longitude == pytest.approx(36.57, abs=0.05)
    assert gazetteer.in_focus(match)


def test_a_place_that_geonames_lacks(gazetteer: Gazetteer) -> None:
    (match,) = gazetteer.find("Trucks queued at Bab al-Hawa.")
    assert (match.name, match.geonames_id, match.admin1) == ("Bab al-Hawa", None, "Idlib")
    assert match.latitude == pytest.approx(36.24)


@pytest.mark.parametrize(
    "text",
    [
        "Idlib province fell",
        "Idlib's countryside",
        "the governorate of Idlib",
        "la province d'Idlib",
        "İdlib kırsalında",
        "محافظة إدلب",
        "وفي ريف إدلب الجنوبي",
        "ومحافظة إدلب",
    ],
)
def test_the_governorate_where_a_word_says_so(gazetteer: Gazetteer, text: str) -> None:
    (match,) = gazetteer.find(text)
    assert match.geonames_id == IDLIB_GOVERNORATE
    assert match.admin1 == "Idlib"


def test_the_city_otherwise(gazetteer: Gazetteer) -> None:
    assert [match.geonames_id for match in gazetteer.find("Idlib. Province of wheat; Idlib city")] == [
        IDLIB,
        IDLIB,
    ]


def test_countryside_of_damascus_is_a_governorate_of_its_own(gazetteer: Gazetteer) -> None:
    assert [match.geonames_id for match in gazetteer.find("ريف دمشق")] == [170652]
    assert [match.geonames_id for match in gazetteer.find("Rif Dimashq")] == [170652]
    assert [match.geonames_id for match in gazetteer.find("Damascus")] == [170654]


def test_suffixes_and_clitics(gazetteer: Gazetteer) -> None:
    def printed(text: str) -> list[str]:
        return [match.text for match in gazetteer.find(text)]

    assert printed("İdlib'deki Halep'ten Şam'a") == ["İdlib", "Halep", "Şam"]
    assert printed("وإدلب بحلب ولدمشق") == ["إدلب", "حلب", "دمشق"]
    assert printed("à l'ouest d'Alep, d’Idlib") == ["Alep", "Idlib"]
    assert printed("‘Aleppo’ and 'Idlib'") == ["Aleppo", "Idlib"]


@pytest.mark.parametrize(
    "text",
    [
        "Hamas, Mohamad and Alabama",
        "Mr Thomson met the ambassador",
        "Dana left the harem; she has a mare. Salam, Nawa",
        "Damascus steel; Aleppo, Pennsylvania; the Road to Damascus",
        "Sam said so",
        "تعطلت آلات الحلب",
        "وتقدر الأضرار الجديدة",
        "كسب المؤشر العام",
        "la Douma a voté",
        "idlib aleppo homs",
        "Michael Jordan",
        "Hama",
    ],
)
def test_no_place_here(gazetteer: Gazetteer, text: str) -> None:
    assert gazetteer.find(text) == []


def test_ambiguous_names_count_in_context(gazetteer: Gazetteer) -> None:
    names = [match.name for match in gazetteer.find("In Syria, Hama and al-Bab and Hish were hit")]
    assert names == ["Syria", "Hama", "al-Bab", "Hish"]
    assert [match.name for match in gazetteer.find("Syrian troops left Hama")] == ["Hama"]


def test_countries_and_capitals(gazetteer: Gazetteer) -> None:
    found = {match.name: match for match in gazetteer.find("Türkiye'nin Ankara; Moscou; Téhéran; لبنان; Jordan")}
    assert set(found) == {"Turkey", "Ankara", "Moscow", "Tehran", "Lebanon", "Jordan"}
    assert found["Ankara"].country == "TR"
    assert found["Ankara"].admin1 is None
    assert not gazetteer.in_topic(found["Turkey"])


def test_the_longest_name_wins(gazetteer: Gazetteer) -> None:
    assert [match.text for match in gazetteer.find("Syria: Khan al-Assal, Tal Abyad")][1:] == [
        "Khan al-Assal",
        "Tal Abyad",
    ]


def test_names_of_known_persons_are_no_places(gazetteer: Gazetteer) -> None:
    assert [match.name for match in gazetteer.find("Mazloum Kobani spoke in Raqqa")] == ["Raqqa"]


def test_romanisations() -> None:
    forms = {form.lower() for form in romanisations("Khān Shaykhūn")}
    assert {"khan shaykhun", "khan sheikhun", "khan sheikhoun", "khan cheikhoun"} & forms
    assert {"al qutayfah", "qutayfah", "al kutayfah"} & {form.lower() for form in romanisations("Al Quţayfah")}
    assert max(map(len, map(romanisations, ["Ma‘arrat an Nu‘mān", "Aş Şūrah aş Şaghīrah"]))) <= 48


def test_a_wrong_id_in_the_topic_is_told() -> None:
    data = {
        "name": "x",
        "countries": ["SY"],
        "terms": [{"name": "Syria", "spellings": ["Syria"]}],
        "places": [{"name": "Atlantis", "id": 1}],
    }
    with pytest.raises(UserError, match=r"Atlantis.*id 1"):
        Gazetteer(parse_topic(data, "inline"))


def test_building_is_quick() -> None:
    start = time.perf_counter()
    Gazetteer(load_topic("syria"))
    assert time.perf_counter() - start < 5  # 0.3 s on an idle core
