"""The rules take time in proportion to the text, whatever it holds: counted in steps of Python, not in seconds."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from schemas.records import Syntax
from tests.samples import an_article
from tests.steps import steps
from transforms.annotate import Annotated
from transforms.annotation import readable
from transforms.branches import entities_of, figures_of, quotes_of
from transforms.gazetteer import gazetteer_for
from transforms.pagetext import MAX_TEXT, reduced_text
from transforms.parsing import parse_texts
from transforms.relevance import judge
from transforms.topic import load_topic

SMALL = 6_000  # characters
AT_MOST = 2.5  # times the steps for twice the text; a square would be 4
LONG = 200_000
PIECES = {
    "straight marks": '"' * 40 + "\n\n", "curly marks": "“”" * 20 + " ", "opening marks": "“" * 30 + " ",
    "marks with letters": '"a" ', "guillemets": "« ", "Arabic marks": "«قال» ، ", "apostrophes": "it’s ‘so’ ",
    "said": "said ", "said with marks": '" said " ', "titles": "Mr. ", "line ends": "x\n\n", "initials": "a.b. ",
    "who": ", who ", "he": "he ", "that": "that ", "colons": "SALLUM: no. ", "and": "and ", "names": "Salma Haddar ",
    "places": "Idlib, ", "place of place": "Tripoli in ", "namesakes": "Lebanese Tripoli, Libya ", "a town in": "Harem, a town in Syria ", "honorifics": "Mr Nawa TV ", "numbers": "12 killed and ", "parts": "five people, including two, ",
    "direct": "“We wait,” she said. ", "chains": "“We wait. “We wait. ", "one sentence": "Salma Haddar said that Idlib ",
    "news": "Salma Haddar said that 12 people were killed in Idlib. ", "stances": "Salma Haddar denounced the raid. ",
    "clauses and stances": "Salma Haddar said that Idlib was cold. She denounced the raid. ",
    "commas": "the envoy, the minister, ", "clauses": "said he said she ", "brackets": "(said) ", "colon and marks": "He: “No.” ",
    "dates": "11 September 2018, ", "days": "2018-09-11 11/09/2018 ", "addresses": "http://a.example/b?c=d&e=f ", "no full stop": "Idlib said that he ",
    "long words": f"{'a' * 500} ", "emoji": "👏🏽🇸🇾 ", "right to left": "\u202eIdlib\u202c \u2066said\u2069 ", "bars": "| Idlib | 12 | ", "dashes": "Idlib — ",
}  # fmt: skip


@pytest.fixture(scope="module")
def parsed() -> dict[str, Syntax]:
    """Of each piece a short text, parsed: it is repeated below, since to parse long ones takes minutes."""
    texts = [piece * max(1, 400 // len(piece)) for piece in PIECES.values()]
    return dict(zip(PIECES, parse_texts(texts, "en"), strict=True))


def repeated(syntax: Syntax, length: int, whole: bool) -> Syntax:
    """The parse again and again until the text is ``length`` long; ``whole``: as one sentence under the first root."""
    times = -(-length // len(syntax.text))
    size, width = len(syntax.words), len(syntax.text)
    heads = [head + n * size for n in range(times) for head in syntax.heads]
    if whole:
        root = heads[next(i for i, head in enumerate(heads) if head == i)]
        heads = [root if head == i else head for i, head in enumerate(heads)]
    return Syntax(
        text=syntax.text * times,
        starts=[start + n * width for n in range(times) for start in syntax.starts],
        words=syntax.words * times,
        lemmas=syntax.lemmas * times,
        pos=syntax.pos * times,
        tags=syntax.tags * times,
        deps=syntax.deps * times,
        heads=heads,
        names=[(a + n * size, b + n * size, label) for n in range(times) for a, b, label in syntax.names],
        sentences=[0] if whole else [s + n * size for n in range(times) for s in syntax.sentences],
    )


def rules(syntax: Syntax) -> dict[str, Callable[[], Any]]:
    """What the pipeline asks of a parse."""
    topic = load_topic("syria")
    annotated = Annotated(an_article(text=syntax.text), syntax)
    return {
        "entities": lambda: entities_of(annotated, topic),
        "quotes": lambda: quotes_of(annotated, topic),
        "figures": lambda: figures_of(annotated, topic),
        "verdict": lambda: judge("", syntax.text, "en", topic, gazetteer_for(topic)),
    }


@pytest.mark.parametrize("whole", [False, True], ids=["sentences", "one sentence"])
@pytest.mark.parametrize("piece", PIECES)
def test_twice_the_text_twice_the_work(piece: str, whole: bool, parsed: dict[str, Syntax]) -> None:
    small, large = (rules(repeated(parsed[piece], size, whole)) for size in (SMALL, 2 * SMALL))
    for run in rules(parsed[piece]).values():
        run()  # what is made once for all texts
    for name in small:
        few, many = steps(small[name]), steps(large[name])
        assert many <= AT_MOST * few + 500, (
            f"{name}: {few:,} steps for {SMALL:,} characters, {many:,} for twice as many"
        )


@pytest.mark.parametrize("piece", ["straight marks", "curly marks", "opening marks", "marks with letters"])
def test_two_hundred_thousand_characters_of_marks(piece: str, parsed: dict[str, Syntax]) -> None:
    """Steps of C (searches in the text) are not counted above: here a square of them would take minutes."""
    for run in rules(repeated(parsed[piece], LONG, whole=False)).values():
        run()


@pytest.mark.parametrize("language", ["fr", "ar"])
@pytest.mark.parametrize("piece", ["«قال صالح» ، ", "« Oui », a dit Lina. ", "«", '"', "قال "])
def test_without_a_parse_too(piece: str, language: str) -> None:
    topic = load_topic("syria")
    counted = []
    for size in (SMALL, SMALL, 2 * SMALL):
        text = piece * (size // len(piece))
        starts = list(range(0, len(text), len(piece)))
        syntax = Syntax(text=text, starts=starts, words=[piece.strip()] * len(starts))
        article = an_article(text=text, language=language)
        counted.append(steps(partial(quotes_of, Annotated(article, syntax), topic)))
    assert counted[2] <= AT_MOST * counted[1] + 500


# --- what is kept from the parse ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "run", ['"' * 300, '" ' * 300, "“”\n\n" * 300, "* * * " * 100, "👏" * 200, "\u0301" * 200, ".\n" * 200]
)
def test_a_run_without_letters_is_cut(run: str) -> None:
    """spaCy took 28 s for 100,000 marks: of such runs it is to see the beginning alone."""
    text = f"Rain fell on Idlib.\n{run}\nThe road was closed."
    clean, ready = reduced_text(text)[0], readable(text)
    assert clean.startswith("Rain fell on Idlib.") and clean.endswith("The road was closed.") and len(clean) < 120
    assert len(ready) == len(text) and ready.endswith("The road was closed.")
    assert sum(not c.isspace() for c in ready) < 120
    assert reduced_text(clean)[0] == clean == readable(clean)


def test_writing_is_not_cut() -> None:
    for text in (
        "“No.” — “Why?” … “(Because!)”",
        "a" * 400,
        "…" * 20 + "\n\n* * *\n\n“So it is.”",
        "🇸🇾🕊️" * 4,
        "1" * 90,
    ):
        assert reduced_text(text)[0] == text
        assert readable(text) == text
    assert len(reduced_text('"a" ' * MAX_TEXT)[0]) <= MAX_TEXT


@pytest.mark.parametrize("word", ["said", "denied"])
def test_many_verbs_on_one(word: str) -> None:
    """A sentence without end, all of whose verbs the parse hangs on the first."""

    def hub(verbs: int) -> Syntax:
        words = ["Haddar", *[word, ","] * verbs]
        starts = [0]
        for earlier in words[:-1]:
            starts.append(starts[-1] + len(earlier) + 1)
        return Syntax(
            text=" ".join(words),
            starts=starts,
            words=words,
            lemmas=["Haddar", *[{"said": "say", "denied": "deny"}[word], ","] * verbs],
            pos=["PROPN", *["VERB", "PUNCT"] * verbs],
            tags=["NNP", *["VBD", ","] * verbs],
            deps=["nsubj", "ROOT", "punct", *["conj", "punct"] * (verbs - 1)],
            heads=[1, 1, *[1] * (2 * verbs - 1)],
            names=[(0, 1, "PERSON")],
            sentences=[0],
        )

    few, many = (steps(rules(hub(n))["quotes"]) for n in (600, 1200))
    assert many <= AT_MOST * few + 500, (few, many)
