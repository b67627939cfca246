"""Places: spellings, borders of words, ambiguous names, city and governorate."""

from __future__ import annotations

import time

import pytest

from schemas.errors import UserError
from transforms.gazetteer import Gazetteer, gazetteer_for
from transforms.geography.romanisation import romanisations
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
    assert max(map(len, map(romanisations, ["Ma‘arrat an Nu‘mān", "Aş Şūrah aş Şaghīrah"]))) <= 96


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


def test_of_two_towns_in_syria_the_one_of_the_governorate_that_is_named(gazetteer: Gazetteer) -> None:
    def admin1(text: str) -> list[str | None]:
        return [match.admin1 for match in gazetteer.find(text) if match.name == "Suran"]

    assert admin1("Suran fell, and with it Morek, Halfaya and Kafr Zita in Syria") == ["Hama"]
    assert admin1("From Azaz in Aleppo province the road leads to Suran and Akhtarin") == ["Aleppo"]


def test_governorates_in_a_row(gazetteer: Gazetteer) -> None:
    def names(text: str) -> list[str]:
        return [match.name for match in gazetteer.find(text)]

    assert names("in Idlib, Hama and Aleppo provinces") == [
        "Idlib Governorate",
        "Hama Governorate",
        "Aleppo Governorate",
    ]
    assert names("the provinces of Idlib and Aleppo") == ["Idlib Governorate", "Aleppo Governorate"]
    assert names("the province of Idlib and Aleppo") == ["Idlib Governorate", "Aleppo"]
    assert names("Aleppo and Idlib province") == ["Aleppo", "Idlib Governorate"]
    assert names("ريفي إدلب وحماة") == ["Idlib Governorate", "Hama Governorate"]


def test_a_part_of_the_governorate_or_of_the_city(gazetteer: Gazetteer) -> None:
    def names(text: str) -> list[str]:
        return [match.name for match in gazetteer.find(text)]

    assert names("Villages in southern Idlib emptied") == ["Idlib Governorate"]
    assert names("Rebel-held Idlib braced itself") == ["Idlib Governorate"]
    assert names("Idlib's southern countryside") == ["Idlib Governorate"]
    assert names("The siege of eastern Aleppo") == ["Aleppo"]
    assert names("South of Idlib, the road was open") == ["Idlib"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Syrian shells hit the town of Dana", "al-Dana"),
        ("Syrian shells landed in Harem", "Harem"),
        ("Olives grow around Idlib, Dana and Harem", "al-Dana"),
        ("Nawa, west of Daraa, was shelled", "Nawa"),
        ("Suriye'de Dana kasabasında fırınlar kapandı", "al-Dana"),
        ("Un obus est tombé à Dana, en Syrie", "al-Dana"),
        ("سقطت قذيفة على مدينة الباب السورية قرب حلب", "al-Bab"),
        ("اشتباكات في نوى بريف درعا", "Nawa"),
        ("عاد الهدوء إلى الباب وجرابلس", "al-Bab"),
    ],
)
def test_names_that_are_words_count_beside_what_makes_them_places(gazetteer: Gazetteer, text: str, name: str) -> None:
    assert name in [match.name for match in gazetteer.find(text)]


@pytest.mark.parametrize(
    ("text", "name", "admin1", "at"),
    [
        ("Lorries crossed at Nasib", "Nasib", "Daraa", (32.55, 36.19)),
        ("Lorries crossed at Semalka", "Semalka", "Al-Hasakah", (37.09, 42.35)),
        ("the Jdeidet Yabous crossing", "Jdeidet Yabous", "Rif Dimashq", (33.65, 35.97)),
        ("families left the Rukban camp", "Rukban", "Homs", (33.31, 38.70)),
        ("families left al-Hol camp in Syria", "al-Hol", "Al-Hasakah", (36.39, 41.15)),
        ("Traffic on the M5 motorway in Syria", "M5 highway", None, (35.65, 36.70)),
        ("Syrian troops dug in along the M4", "M4 highway", None, (35.8, 36.6)),
        ("Turkmen Mountain burned", "Jabal al-Turkman", "Latakia", (35.83, 36.04)),
        ("families in Zaatari camp", "Zaatari camp", None, (32.30, 36.32)),
        ("a hospital in Hatay", "Hatay", None, (36.4, 36.2)),
        ("the road to al-Qaim in Syria's east", "al-Qaim", None, (34.39, 40.99)),
    ],
)
def test_camps_crossings_regions_and_what_lies_across_the_border(
    gazetteer: Gazetteer, text: str, name: str, admin1: str | None, at: tuple[float, float]
) -> None:
    match = next(match for match in gazetteer.find(text) if match.name == name)
    assert match.admin1 == admin1
    assert (match.latitude, match.longitude) == (pytest.approx(at[0], abs=0.05), pytest.approx(at[1], abs=0.05))


def test_a_name_that_is_a_place_once_is_one_throughout(gazetteer: Gazetteer) -> None:
    text = "Syrian shells fell in Harem. A bus from Harem was late, said Mr. Harem Duman."
    assert [match.start for match in gazetteer.find(text)] == [22, 40]
    assert gazetteer.find("Syrian guests came. A bus from Harem was late, said Mr. Harem Duman.") == []


def test_states_of_the_usa_are_no_countries(gazetteer: Gazetteer) -> None:
    assert gazetteer.find("New Jersey and New Mexico") == []
    assert [match.name for match in gazetteer.find("Mexico and Jersey")] == ["Mexico", "Jersey"]


def test_an_operation_is_no_river(gazetteer: Gazetteer) -> None:
    names = [match.name for match in gazetteer.find("Operation Euphrates Shield began in Syria, west of the Euphrates")]
    assert names == ["Syria", "Euphrates"]


def test_long_rows_of_ambiguous_names_are_quick(gazetteer: Gazetteer) -> None:
    text = "Syria: " + "Dana, Harem and Nawa in Idlib; " * 5000
    start = time.perf_counter()
    assert len(gazetteer.find(text)) > 10_000
    assert time.perf_counter() - start < 5  # 0.4 s on an idle core
