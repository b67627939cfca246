"""The systems that are compared: ours, as ``idlib-watch annotate --jsonl`` answers, and its rivals.

Each takes texts and gives the quotations of each, in order.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from unittest.mock import patch

from benchmarks.annotated import as_found
from benchmarks.baseline import found_by_marks
from benchmarks.scoring import Attribution
from pipelines.annotate import answer
from schemas.records import Syntax
from transforms import annotation
from transforms.annotation import Annotation, annotate_texts
from transforms.given import Given, in_batches
from transforms.parsing import BATCH, model_for, parse_texts
from transforms.quotation.marks import paragraphs
from transforms.topic import Topic, load_topic

BASELINE = "marks + nearest verb"
TEXTACY = "textacy"

Found = list[Attribution]


def annotated(given: Sequence[Given], topic: Topic | None = None) -> list[Annotation]:
    """What the pipeline makes of texts."""
    topic = topic or load_topic("syria")
    return [made for batch in in_batches(given, BATCH) for made in annotate_texts(batch, topic)]


def ours(made: Sequence[Annotation]) -> list[Found]:
    """Our quotations, by way of the very lines that the command prints."""
    return [
        as_found(
            [
                {**told, "confidence": getattr(quote, "confidence", None)}
                for told, quote in zip(answer(one)["quotes"], one.quotes, strict=True)
            ],
            one.given.text,
        )
        for one in made
    ]


def baseline(texts: Sequence[str], languages: Sequence[str]) -> list[Found]:
    """See ``benchmarks.baseline``; within ``parsed_once`` it reads the parse that we have read."""
    return [found_by_marks(_parsed([text], of)[0]) for text, of in zip(texts, languages, strict=True)]


def has_textacy() -> bool:
    try:
        import textacy.extract  # type: ignore[import-not-found]  # noqa: F401
    except ImportError:
        return False
    return True


def textacy_quotations(texts: Sequence[str], languages: Sequence[str]) -> tuple[list[Found], int]:
    """textacy's ``direct_quotations`` with the same model, and how many paragraphs it gave up on.

    It gives up where marks do not come in pairs; so it is given one paragraph at a time, which doubles what it finds.
    In other languages than English it finds nothing, since it needs a parse.
    """
    from textacy.extract import direct_quotations

    pieces = [(n, line) for n, text in enumerate(texts) if languages[n] == "en" for line in paragraphs(text)]
    found: list[Found] = [[] for _ in texts]
    given_up = 0
    docs = model_for("en").pipe((texts[n][slice(*line)] for n, line in pieces), batch_size=BATCH)
    for (n, (at, _)), doc in zip(pieces, docs, strict=True):
        try:
            triples = list(direct_quotations(doc))
        except ValueError:
            given_up += 1
            continue
        for who, cue, content in triples:
            mention = (at + who[0].idx, at + who[-1].idx + len(who[-1]))
            span = (at + content.start_char, at + content.end_char)
            found[n].append(Attribution(span, mention=mention, cue=" ".join(token.text for token in cue)))
    return found, given_up


_known: dict[tuple[str, str], Syntax] = {}


@contextmanager
def parsed_once() -> Iterator[None]:
    """While it lasts, no text is parsed a second time: for rules that are run again and again over the same parse."""
    with patch.object(annotation, "parse_texts", _parsed):
        try:
            yield
        finally:
            _known.clear()


def _parsed(texts: Sequence[str], language: str) -> list[Syntax]:
    fresh = [text for text in dict.fromkeys(texts) if (language, text) not in _known]
    for text, syntax in zip(fresh, parse_texts(fresh, language), strict=True):
        _known[language, text] = syntax
    return [_known[language, text] for text in texts]
