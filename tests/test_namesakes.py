"""Names that several places have, or places and people: which is meant."""

from __future__ import annotations

import time

import pytest

from transforms.gazetteer import Gazetteer, gazetteer_for
from transforms.topic import load_topic


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return gazetteer_for(load_topic("syria"))


@pytest.mark.parametrize(
    ("text", "name", "country"),
    [
        ("Tripoli was calm as Libya voted", "Tripoli", "LY"),
        ("Tripoli was calm", "Tripoli", "LY"),
        ("A bus left Beirut for Tripoli, in the north of Lebanon", "Tripoli (Lebanon)", "LB"),
        ("Fuel from Mosul reached Sinjar in Iraq", "Sinjar", "IQ"),
        ("Shells fell in Idlib province, on Sinjar and Abu al-Duhur", "Sinjar", "SY"),
        ("Trablus'ta seçim var, dedi Libya sözcüsü", "Tripoli", "LY"),
        ("اقتحمت قوات الاحتلال أريحا، وفي سوريا ساد الهدوء", "Jericho", "PS"),
        ("القدس وأريحا ورام الله بلا مطر، وكذلك سوريا", "Jericho", "PS"),
        ("متحف في أريحا في الضفة الغربية استعار لوحا من سوريا", "Jericho", "PS"),
        ("عاد فلسطينيون من سوريا إلى أريحا", "Jericho", "PS"),
        ("سقطت قذائف على أريحا وسراقب في سوريا", "Ariha", "SY"),
        ("قصف على أريحا في سوريا", "Ariha", "SY"),
        ("عاد فلسطينيون إلى أريحا في ريف إدلب، وبكى فلسطينيون من غزة في غزة على غزة", "Ariha", "SY"),
        ("قصفت قوات الاحتلال الروسي أريحا في سوريا", "Ariha", "SY"),
    ],
)
def test_of_two_places_of_one_name_the_one_whose_region_is_named(
    gazetteer: Gazetteer, text: str, name: str, country: str
) -> None:
    assert (name, country) in [(match.name, match.country) for match in gazetteer.find(text)]


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("the Lebanese city of Tripoli", "LB"),
        ("in the northern Lebanese port city of Tripoli, while Libya, where Libya's army stood, voted", "LB"),
        ("Lebanon's Tripoli was calm; Libya, Libyans and Libya's army were not", "LB"),
        ("The Libyan capital Tripoli heard of Lebanon, Beirut and Sidon", "LY"),
        ("Tripoli, Libya", "LY"),
        ("la ville libanaise de Tripoli", "LB"),
        ("Trablus, Libya", "LY"),
        ("Libya'nın başkenti Trablus", "LY"),
        ("Lübnan'ın Trablus kenti", "LB"),
        ("العاصمة الليبية طرابلس", "LY"),
        ("طرابلس الغرب", "LY"),
        ("طرابلس وبنغازي في ليبيا", "LY"),
        ("مدينة طرابلس اللبنانية", "LB"),
        ("طرابلس في شمال لبنان", "LB"),
    ],
)
def test_a_country_or_its_people_beside_a_name_decides(gazetteer: Gazetteer, text: str, country: str) -> None:
    of_that_name = ("Tripoli", "Trablus", "طرابلس")
    assert [match.country for match in gazetteer.find(text) if match.text.startswith(of_that_name)] == [country]


def test_the_people_beside_a_name_are_no_places(gazetteer: Gazetteer) -> None:
    assert [match.text for match in gazetteer.find("The Lebanese and the Libyan met in Tripoli")] == ["Tripoli"]


def test_a_namesake_that_only_the_words_beside_it_show(gazetteer: Gazetteer) -> None:
    def countries(text: str) -> list[str | None]:
        return [match.country for match in gazetteer.find(text) if match.text == "Ras al-Ain"]

    assert countries("a wedding in Ras al-Ain in Lebanon's Baalbek, far from Syria") == ["LB"]
    assert countries("Ras al-Ain was shelled; many fled to Lebanon, and Lebanon let them in") == ["SY"]
    assert countries("refugees from Ras al-Ain in Lebanon") == ["SY"]


@pytest.mark.parametrize(
    ("text", "focus"),
    [
        ("Israeli jets struck Neirab airport near Aleppo", False),
        ("The Nayrab military airport in Aleppo was hit", False),
        ("Palestinians of Nayrab camp, in Aleppo", False),
        ("Fighting near al-Nayrab, five miles east of Aleppo", False),
        ("قصف مطار النيرب في حلب", False),
        ("سكان النيرب شرق حلب في سوريا", False),
        ("The Syrian army took Nayrab, west of Saraqib", True),
        ("سيطر الجيش على النيرب بريف إدلب", True),
        ("Syrian guests crossed at Cilvegözü", False),
        ("Suriye sınırındaki Cilvegözü kapandı", False),
        ("Lorries crossed at Bab al-Hawa", True),
    ],
)
def test_what_lies_outside_the_focus_by_a_name_of_it(gazetteer: Gazetteer, text: str, focus: bool) -> None:
    found = gazetteer.find(text)
    assert found
    assert any(gazetteer.in_focus(match) for match in found) == focus


def test_a_region_and_a_town_of_one_name(gazetteer: Gazetteer) -> None:
    def admin1(text: str) -> list[str | None]:
        return [match.admin1 for match in gazetteer.find(text) if match.name.startswith("Shahba")]

    assert admin1("The Kurdish-held Shahba region in Aleppo, Syria") == ["Aleppo"]
    assert admin1("Families in Shahba and Tell Rifaat, in Syria, had no bread") == ["Aleppo"]
    assert admin1("Shahba, in Suwayda, Syria") == ["As-Suwayda"]


@pytest.mark.parametrize(
    "text",
    [
        "In Syria Mr Sarmin spoke; Sarmin left",
        "In Syria Dr. Nawa and Mrs. Douma spoke",
        "Suriye'de Hama Bey ile Afrin Hanım konuştu",
        "En Syrie, le docteur Nawa, M. Salma et Mme Sarmin ont parlé",
        "في سوريا تحدث السيد جاسم والدكتور نوى",
        "The Lebanese channel Al-Mayadin spoke of Syria",
        "Al Mayadeen television spoke of Syria",
        "In Syria al-Mayadeen TV was first, Al-Mayadeen said",
        "Syria, la chaîne al-Mayadeen",
        "Suriye, el-Meyadin, Meyadin televizyonu",
        "قالت قناة الميادين إن سوريا هادئة",
    ],
)
def test_people_and_broadcasters_are_no_places(gazetteer: Gazetteer, text: str) -> None:
    assert {match.name for match in gazetteer.find(text)} == {"Syria"}


def test_a_person_and_a_town_of_one_name(gazetteer: Gazetteer) -> None:
    def starts(text: str) -> list[int]:
        return [match.start for match in gazetteer.find(text) if match.text == "Nawa"]

    assert starts("In Syria Dr. Nawa spoke in Nawa, he said") == [27]
    assert "Hama" in [match.name for match in gazetteer.find("In Syria Hama Bey said Hama, Homs and Idlib slept")]
    text = "Salma Hayek was abroad. Shells hit the village of Salma in Latakia, Syria."
    assert [match.start for match in gazetteer.find(text) if match.name == "Salma"] == [text.rindex("Salma")]


@pytest.mark.parametrize(
    "text",
    [
        "Harem is a town in Idlib province",
        "Harem, a town in Idlib, was shelled",
        "Harem (a small town near Idlib) was shelled",
        "Harem, une petite ville de la province d'Idlib",
        "حارم بلدة في ريف إدلب",
        "حارم، مدينة تقع شمال إدلب",
    ],
)
def test_a_name_that_is_said_to_be_a_towns(gazetteer: Gazetteer, text: str) -> None:
    assert next(match.name for match in gazetteer.find(text)) == "Harem"


def test_a_kind_of_place_beyond_the_end_of_the_sentence_says_nothing(gazetteer: Gazetteer) -> None:
    assert [match.name for match in gazetteer.find("Syrians like Dana. A town in Ohio is hers")] == []


def test_long_rows_of_namesakes_and_peoples_are_quick(gazetteer: Gazetteer) -> None:
    text = "Mr Nawa of the Lebanese city of Tripoli, Ariha and Nayrab, Libyan Harem, a town in " * 2000
    start = time.perf_counter()
    assert gazetteer.find(text)
    assert time.perf_counter() - start < 5
