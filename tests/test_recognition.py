"""Who is who in one article: known names, outlets, short forms, spellings, and what the model gets wrong.

The texts are fiction; their people, outlets and groups are invented, but for bodies and places everybody knows.
"""

from __future__ import annotations

import pytest

from schemas.records import Entity
from transforms.entities import extract_entities
from transforms.gazetteer import gazetteer_for
from transforms.parsing import parse_texts
from transforms.recognition.spans import Span, cut_at_commas
from transforms.topic import load_topic


def entities_in(text: str, language: str = "en") -> dict[str, Entity]:
    topic = load_topic("syria")
    syntax = next(iter(parse_texts([text], language)))
    found = extract_entities(syntax, language=language, gazetteer=gazetteer_for(topic), topic=topic)
    taken: set[int] = set()
    for entity in found:
        for mention in entity.mentions:
            assert text[mention.start : mention.end] == mention.text
            assert taken.isdisjoint(range(mention.start, mention.end))
            taken.update(range(mention.start, mention.end))
    return {entity.name: entity for entity in found}


def mentions(found: dict[str, Entity], name: str) -> list[str]:
    return [mention.text for mention in found[name].mentions] if name in found else []


def labels(found: dict[str, Entity], *names: str) -> list[str | None]:
    return [found[name].label if name in found else None for name in names]


# --- known people and bodies ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("printed", "ident"),
    [
        ("Bashar al-Asad", "topic:bashar-al-assad"),
        ("Assad", "topic:bashar-al-assad"),
        ("Abu Muhammad al-Golani", "topic:abu-mohammad-al-julani"),
        ("al-Jolani", "topic:abu-mohammad-al-julani"),
        ("Ahmed al-Sharaa", "topic:abu-mohammad-al-julani"),
        ("Erdogan", "topic:recep-tayyip-erdogan"),
        ("Recep Tayyip Erdoğan", "topic:recep-tayyip-erdogan"),
        ("Lavrov", "topic:sergei-lavrov"),
        ("Mazloum Kobane", "topic:mazloum-abdi"),
    ],
)
def test_spellings_of_a_known_person_have_one_id(printed: str, ident: str) -> None:
    found = entities_in(f"Envoys from Syria met {printed} on Sunday, and the talks in Damascus went on.")
    assert ident in {entity.entity_id for entity in found.values()}


def test_a_known_name_carries_its_wikidata_item() -> None:
    found = entities_in("In Syria a shopkeeper told Reuters that Salma Haddar had left Idlib.")
    assert found["Reuters"].wikidata_id == "Q130879"
    assert found["Salma Haddar"].wikidata_id is None


def test_agencies_are_media_not_bodies() -> None:
    found = entities_in("A shopkeeper in Syria told AFP that it was over. Another told Reuters that it was not.")
    assert labels(found, "Agence France-Presse", "Reuters") == ["MEDIA", "MEDIA"]


def test_a_last_name_alone_is_not_the_known_person_where_another_bears_it() -> None:
    found = entities_in("Asma al-Assad opened a school in Syria. Assad spoke to the pupils for an hour.")
    assert "Bashar al-Assad" not in found
    assert mentions(found, "Assad") == ["Assad"]
    found = entities_in("Syria was at peace. Assad has ruled since 2000; Hafez al-Assad, who died then, ruled before.")
    assert mentions(found, "Hafez al-Assad") == ["Hafez al-Assad"]


def test_a_last_name_two_people_bear_is_his_who_was_named_in_full_before() -> None:
    text = (
        "President Bashar al-Assad spoke in Damascus. Assad left at noon. Asma al-Assad stayed. Assad was seen later."
    )
    found = entities_in(text)
    assert mentions(found, "Bashar al-Assad") == ["Bashar al-Assad", "Assad"]
    assert mentions(found, "Asma al-Assad") == ["Asma al-Assad"]


def test_a_relative_with_another_first_name_is_another_person() -> None:
    found = entities_in("In Syria a cousin, Wahid al-Assad, sold the flat. He had never met the president.")
    assert "Bashar al-Assad" not in found
    assert labels(found, "Wahid al-Assad") == ["PERSON"]


def test_a_known_short_name_is_not_cut_out_of_a_longer_one() -> None:
    found = entities_in("In Syria the Reuters Institute published a study of local radio, and nobody read it.")
    assert "Reuters" not in found


def test_an_abbreviation_keeps_its_dots() -> None:
    assert mentions(entities_in("In Syria the U.N.’s convoy waited for hours."), "United Nations") == ["U.N."]


def test_a_namesake_named_in_full_has_the_last_name() -> None:
    found = entities_in("In Syria a trader, Luis Macron, sold bread. Later Macron said that he would leave.")
    assert mentions(found, "Luis Macron") == ["Luis Macron", "Macron"]
    assert found["Luis Macron"].wikidata_id is None


def test_who_is_met_in_any_news_says_nothing_about_relevance() -> None:
    from transforms.relevance import screen

    topic = load_topic("syria")
    text = "Putin told Reuters, AFP and the UN Security Council that Hassan Nasrallah and Trump had met Lavrov."
    assert len(topic.find_known(text)) == 7
    assert not screen("", text, "en", topic).matched


# --- one person, several spellings -----------------------------------------------------------------------


def test_two_spellings_of_one_person_in_an_article_are_one() -> None:
    text = "Mohammed al-Khateeb runs a bakery in Idlib. Neighbours say that Muhammad al-Khatib bakes at night."
    assert mentions(entities_in(text), "Mohammed al-Khateeb") == ["Mohammed al-Khateeb", "Muhammad al-Khatib"]


def test_a_last_name_with_and_without_its_article_is_one_person() -> None:
    text = "Yahya al-Qaddour drove the lorry to Idlib. “It was dark,” al-Qaddour said. Qaddour is 40."
    assert mentions(entities_in(text), "Yahya al-Qaddour") == ["Yahya al-Qaddour", "al-Qaddour", "Qaddour"]


def test_a_last_name_of_two_people_is_a_person_of_its_own() -> None:
    text = (
        "Perwin Zaza fled. Diyar Zaza, a farmer, fled too. That night Zaza told a reporter in Qamishli that it rained."
    )
    found = entities_in(text)
    assert mentions(found, "Perwin Zaza") == ["Perwin Zaza"]
    assert mentions(found, "Diyar Zaza") == ["Diyar Zaza"]
    assert labels(found, "Zaza") == ["PERSON"]


def test_a_last_name_is_two_peoples_however_each_of_their_names_is_read() -> None:
    text = (
        "Dr. Munther Qaddour told reporters in Idlib that the ward was full. Azadeh Qaddour, a nurse, is his aunt. "
        "Later Qaddour said that it was late."
    )
    found = entities_in(text)
    assert mentions(found, "Munther Qaddour") == ["Munther Qaddour"]
    assert mentions(found, "Azadeh Qaddour") == ["Azadeh Qaddour"]


# --- titles, nationalities, halves of names ----------------------------------------------------------------


def test_a_name_that_the_model_cuts_in_two_is_one() -> None:
    text = "Dr Mona Sheikh Ali said that the ward was full. Mona Sheikh Ali has worked in Idlib for years."
    assert mentions(entities_in(text), "Mona Sheikh Ali") == ["Mona Sheikh Ali", "Mona Sheikh Ali"]


def test_ranks_and_nationalities_are_no_part_of_a_name() -> None:
    found = entities_in("Lt Col Ahmed Barakat met Turkish colonel Selim Karaoğuz near Idlib. Mr. Barakat was late.")
    assert mentions(found, "Ahmed Barakat") == ["Ahmed Barakat", "Barakat"]
    assert "Selim Karaoğuz" in found


def test_a_first_name_takes_the_last_name_behind_it() -> None:
    text = "Snow fell on the tents.\n\nMayor Georges Tannous defended the ban. His daughter Maya Tannous did not."
    assert labels(entities_in(text), "Georges Tannous", "Maya Tannous") == ["PERSON", "PERSON"]


# --- outlets, aid groups, armed groups ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("A soldier told Strait Wire that he was cold, and that Syria was far.", "Strait Wire"),
        ("The website Levant Pulse quoted a colonel as saying that Syria was far.", "Levant Pulse"),
        ("He was quoted as saying by the army newspaper Zvezda Yuga. Syria was far.", "Zvezda Yuga"),
        ("The radio station Voice of the Orchard said that the road in Syria was closed.", "Voice of the Orchard"),
    ],
)
def test_an_outlet_is_known_by_the_word_beside_it(text: str, name: str) -> None:
    assert labels(entities_in(text), name) == ["MEDIA"]


def test_aid_groups_and_armed_groups_are_known_by_the_word_beside_them() -> None:
    text = (
        "A surgeon of the medical charity Bread Without Borders treated men of the National Dawn Brigades in Idlib. "
        "The aid group Hearth and Field sent tents."
    )
    found = entities_in(text)
    assert labels(found, "Bread Without Borders", "National Dawn Brigades", "Hearth and Field") == [
        "NGO",
        "GROUP",
        "NGO",
    ]


def test_who_owns_a_newspaper_is_none() -> None:
    found = entities_in("Salma Haddar left Idlib. The newspaper Haddar owns was closed, and nobody read it.")
    assert mentions(found, "Salma Haddar") == ["Salma Haddar", "Haddar"]


def test_an_agency_that_is_no_news_agency_is_no_outlet() -> None:
    found = entities_in("The National Water Agency closed the dam in Syria on Sunday, and the fields dried out.")
    assert labels(found, "National Water Agency") == ["BODY"]


# --- short forms ---------------------------------------------------------------------------------------------


def test_an_acronym_joins_its_long_form() -> None:
    text = "The Northern Relief Committee (NRC) sent bread to Idlib. On Sunday NRC lorries came back. NRC has twelve."
    found = entities_in(text)
    assert mentions(found, "Northern Relief Committee") == ["Northern Relief Committee", "NRC", "NRC", "NRC"]


def test_an_acronym_in_another_language_joins_what_the_topic_knows() -> None:
    found = entities_in("In Syria the People's Protection Units (YPG) withdrew. YPG men left the town at noon.")
    assert mentions(found, "YPG") == ["People's Protection Units", "YPG", "YPG"]


def test_an_acronym_that_the_article_explains_is_not_the_known_one() -> None:
    text = "In Syria the Seed Distribution Fund (SDF) gave out wheat. SDF trucks came from the Syrian coast."
    found = entities_in(text)
    assert "Syrian Democratic Forces" not in found
    assert len(mentions(found, "Seed Distribution Fund")) == 3


def test_the_observatory_is_the_one_that_was_named() -> None:
    text = "The Syrian Observatory for Human Rights (SOHR) counted five dead. The Observatory said more were hurt."
    found = entities_in(text)
    assert mentions(found, "Syrian Observatory for Human Rights")[-1] == "Observatory"
    assert "Observatory" not in found


def test_the_council_is_nobody_where_two_were_named() -> None:
    text = "The Harbour Council met the Orchard Council in Idlib on Sunday. The Council said it would meet again."
    found = entities_in(text)
    assert "Council" not in mentions(found, "Harbour Council") + mentions(found, "Orchard Council")


def test_a_people_in_singular_and_plural_is_one() -> None:
    found = entities_in("Two Syrians crossed the river. A Syrian farmer saw them, and Turkish soldiers did.")
    assert mentions(found, "Syrians") == ["Syrians", "Syrian"]


# --- datelines, places, what is no name ------------------------------------------------------------------------


def test_a_dateline_is_a_city_and_an_agency() -> None:
    found = entities_in("GENEVA (Meridian Press) - Envoys of Syria and Turkey met on Monday, and left at noon.")
    assert labels(found, "Geneva", "Meridian Press") == ["PLACE", "MEDIA"]
    found = entities_in("GENEVA - Envoys of Syria and Turkey met on Monday, and left at noon.")
    assert mentions(found, "Geneva") == ["GENEVA"]


def test_a_place_is_known_by_what_it_is_a_place_of() -> None:
    text = "Shells fell on the village of Umm Sadiq and near Tell Zeitoun in Idlib. Tell Zeitoun is empty now."
    assert labels(entities_in(text), "Umm Sadiq", "Tell Zeitoun") == ["PLACE", "PLACE"]


def test_a_disease_is_nobody() -> None:
    found = entities_in("Measles has returned to the camps of Idlib, said a nurse. Measles killed two children.")
    assert "Measles" not in found


def test_a_nickname_in_marks_is_nobody_else() -> None:
    found = entities_in("Rebel commander Karim Haddar, nicknamed “Kilometre Zero”, left Idlib on Sunday morning.")
    assert "Kilometre Zero" not in found


@pytest.mark.parametrize(
    "text",
    [
        "(",
        "(AB)",
        "() (A.B.C.)",
        "GENEVA (",
        "GENEVA (A) - ",
        "the Observatory " * 50,
        "Al-",
        "(" * 3000,
        "(ABC) " * 2000,
    ],
)
def test_no_text_raises(text: str) -> None:
    entities_in(text)
    entities_in(text, "ar")


# --- names in a row ------------------------------------------------------------------------------------


def test_towns_with_a_comma_between_are_no_body() -> None:
    found = entities_in("The Turkish towns of Akcakale, Ceylanpinar were hit by shells from Syria.")
    assert labels(found, "Akçakale", "Ceylanpınar") == ["PLACE", "PLACE"]
    assert not [entity for entity in found.values() if entity.label == "BODY"]


@pytest.mark.parametrize(
    ("printed", "names"),
    [
        ("Atmeh, Qah", []),
        ("Atmeh, Qah and Saraqib", []),
        ("Ministry of Wells, Idlib", ["Ministry of Wells"]),
        ("Atmeh, the Qah Bakers, and Saraqib", ["Qah Bakers"]),
        ("Atmeh, Saraqib and the Bakers of Qah", ["Bakers of Qah"]),
        ("Centre for Wells, Roads and Bridges", ["Centre for Wells, Roads and Bridges"]),
        ("Bakers of Atmeh, Roads of Qah", ["Bakers of Atmeh, Roads of Qah"]),
        (",,,", [",,,"]),
    ],
)
def test_a_span_is_cut_at_the_commas_around_a_known_place(printed: str, names: list[str]) -> None:
    text = f"In Syria {printed} reopened."
    places = gazetteer_for(load_topic("syria")).find(text)
    span = Span(9, 9 + len(printed), "BODY", printed, 1)
    cut = cut_at_commas(text, [span], places)
    assert [one.name for one in cut] == names
    assert all(text[one.start : one.end] == one.name and one.label == "BODY" for one in cut)


def test_peoples_are_no_places_in_french() -> None:
    found = entities_in("Syriens et Libanais attendent. Des Syriens sont morts à Alep, dit-on aux Libanais.", "fr")
    assert [entity.name for entity in found.values() if entity.label == "PLACE"] == ["Aleppo"]
