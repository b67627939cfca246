"""Who said it, in the turns of agency copy that lead to the wrong name. Words and deeds are invented."""

from __future__ import annotations

import msgspec
import pytest

from tests.samples import an_article
from transforms.annotate import Annotated
from transforms.branches import entities_of, quotes_of
from transforms.parsing import parse_texts
from transforms.topic import load_topic


def said(text: str) -> list[tuple[str, str | None]]:
    """The words of a text with the names of their speakers, as the pipeline finds them."""
    annotated = Annotated(an_article(text=text), parse_texts([text], "en")[0])
    return [(quote.text, quote.speaker) for quote in quotes_of(annotated, load_topic("syria")).quotes]


@pytest.mark.parametrize(
    ("text", "words", "speaker"),
    [
        # the verb at the mark, not the next clause's
        ("Lavrov said “the wells must be cleaned”, and Erdogan said a fence would be a mistake.",
         "the wells must be cleaned", "Sergei Lavrov"),
        ("Lavrov said on Friday that “we will clean the wells”, and the Kremlin said it agreed.",
         "we will clean the wells", "Sergei Lavrov"),
        ("Lavrov told Pompeo, “You broke the pump,” and Pompeo replied, “You own the pump.”", "You broke the pump,",
         "Sergei Lavrov"),
        # nobody out of his own words
        ("Sergei Lavrov spoke to reporters in Moscow. Erdogan had broken the seal, he said.", "Erdogan had broken the seal",
         "Sergei Lavrov"),
        ("Sergei Lavrov spoke to reporters in Moscow. Erdogan had broken the seal, he said. “We are patient,” he added.",
         "We are patient,", "Sergei Lavrov"),
        # "he" is the one of whom it is said
        ("Salma Haddar's lawyer, Omar Nasr, said she was at home.", "she was at home", "Omar Nasr"),
        # two who met
        ("Vladimir Putin and Recep Tayyip Erdogan spoke by telephone. He said the pump was mended.", "the pump was mended",
         None),
        # a nationality is no name
        ("Jan Egeland leads the task force. The Norwegian said the road was closed.", "the road was closed", None),
        # two of one name
        ("Ali Hassan Khalil, the mayor, came. Ali Hussein Khalil, a baker, said the road was shut.", "the road was shut",
         "Ali Hussein Khalil"),
        ("Abu Omar al-Shami, a rebel commander, came. Abu Khaled al-Shami, a paramedic, said the road was shut.",
         "the road was shut", "Abu Khaled al-Shami"),
        # a known last name that is somebody's first, or stands behind one
        ("Kerry Brown, a professor of history, came late. “It is over for today,” Kerry said.", "It is over for today,", "Kerry"),
        ("Donald Trump Jr. said the plan was bad.", "the plan was bad", "Donald Trump Jr."),
        ("Mohammed Salman, a driver, said the road was shut.", "the road was shut", "Mohammed Salman"),
        # a trade taken for a verb; an office behind "according to"
        ("Aid worker Lina Shamy said the camp was full.", "the camp was full", "Lina Shamy"),
        ("According to Major General Viktor Lunin, head of the Russian centre, the militants fired on the base.",
         "the militants fired on the base", "Viktor Lunin"),
        # British single quotes, the comma outside
        ("'They will close the mill', he said, 'and then the school.'", "They will close the mill", None),
    ],
)  # fmt: skip
def test_the_speaker(text: str, words: str, speaker: str | None) -> None:
    found = dict(said(text))
    assert words in found, found
    assert found[words] == speaker


def test_a_judgement_does_not_take_the_words_of_whom_it_is_about() -> None:
    found = dict(said("Erdogan criticised Macron, who called the fence “a wall of shame for all of us”."))
    assert all("wall of shame" not in one or who != "Recep Tayyip Erdoğan" for one, who in found.items()), found


def test_who_asks_to_stay_nameless_says_nothing_by_it() -> None:
    text = "A resident, who asked not to be named, said the road was shut. She asked that her name be withheld."
    assert [words for words, _ in said(text)] == ["the road was shut"]


def test_a_stranger_behind_a_first_name_is_not_the_known_one() -> None:
    text = "Jamal Nasrallah, a grocer in Binnish, said the road was shut."
    annotated = Annotated(an_article(text=text), parse_texts([text], "en")[0])
    assert all(
        entity.entity_id != "topic:hassan-nasrallah" for entity in entities_of(annotated, load_topic("syria")).entities
    )


@pytest.mark.parametrize(
    "text",
    [
        "À Idleb, un médecin raconte que l'hôpital est plein.",
        "À Ankara, une source diplomatique juge le texte « perfectible ».",
    ],
)
def test_a_french_city_where_somebody_speaks_does_not_speak(text: str) -> None:
    article = msgspec.structs.replace(an_article(text=text), language="fr")
    found = quotes_of(Annotated(article, parse_texts([text], "fr")[0]), load_topic("syria")).quotes
    assert all(quote.speaker is None for quote in found)


def test_those_in_a_city_are_not_the_city() -> None:
    assert said("Aid workers in Raqqa said they had put up tents.") == [("they had put up tents", None)]
