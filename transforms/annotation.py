"""Texts that came by no feed, through the pipeline's own steps: language, verdict, parse, entities, quotes,
figures.

Offsets are of the text as it was given. So nothing is put in or taken out, as ``pagetext.reduced_text`` does it with
pages: what the parse cannot take becomes a blank, one for one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import msgspec

from schemas.records import Article, Entity, Figure, Mention, Quote
from transforms.annotate import Annotated
from transforms.branches import entities_of, figures_of, quotes_of
from transforms.gazetteer import gazetteer_for
from transforms.given import Given, bare_entry
from transforms.identity import digest
from transforms.pagetext import MAX_TEXT, WORDLESS, language_of
from transforms.parsing import parse_texts
from transforms.relevance import Verdict, judge
from transforms.topic import Topic

R = TypeVar("R", Quote, Mention, Figure)
_UNBROKEN = re.compile(r"(\S{500})(\S+)")
_WRITTEN = re.compile(r"[^\n]")
_EMPTY = re.compile("^ +$", re.MULTILINE)
_NO_TEXT = (*range(0x20), 0x7F, *range(0xD800, 0xE000), 0xFFFE, 0xFFFF)  # what reduced_text takes out
_SPACES = (code for code in range(0x3001) if chr(code).isspace())
_ALIKE = dict.fromkeys((*_NO_TEXT, *_SPACES), " ") | {ord("\n"): "\n", ord("\r"): "\n"}


@dataclass(frozen=True)
class Annotation:
    """What the pipeline makes of a text; offsets count code points into ``given.text``."""

    given: Given
    language: str  # ISO 639-1
    verdict: Verdict
    entities: list[Entity]
    quotes: list[Quote]
    figures: list[Figure]
    read: int  # characters: what stands behind them was left out

    @property
    def truncated(self) -> bool:
        """Whether the text is longer than the pipeline reads."""
        return self.given.truncated or self.read < len(self.given.text)


def annotate_texts(given: Sequence[Given], topic: Topic) -> list[Annotation]:
    """Annotate texts, in order; those of one language are parsed together. No text raises."""
    ready = [readable(one.text) for one in given]
    languages = [one.language or language_of(text.strip(), None) for one, text in zip(given, ready, strict=True)]
    found: dict[int, Annotation] = {}
    for language in dict.fromkeys(languages):
        places = [i for i, of in enumerate(languages) if of == language]
        for i, syntax in zip(places, parse_texts([ready[i] for i in places], language), strict=True):
            annotated = Annotated(_article(given[i], ready[i], language), syntax)
            found[i] = _annotation(given[i], annotated, topic)
    return [found[i] for i in range(len(given))]


def readable(text: str) -> str:
    """``text`` as it can be parsed: as long, or cut at a paragraph before ``MAX_TEXT``.

    White space becomes plain blanks, since the model knows no other; so do control characters and halves of
    surrogate pairs. An empty line is line ends alone: to find the paragraphs takes time that grows with the square of
    the blanks in one. A run without white space is blank after its 500th character, one without letters and digits
    after its 60th (see ``reduced_text``). A text of ``reduced_text`` stays what it is.
    """
    text = WORDLESS.sub(lambda run: run[1] + _WRITTEN.sub(" ", run[2]), _cut(text).translate(_ALIKE))
    text = _EMPTY.sub(lambda line: "\n" * len(line[0]), text)
    return _UNBROKEN.sub(lambda run: run[1] + " " * len(run[2]), text)


def _cut(text: str) -> str:
    if len(text) <= MAX_TEXT:
        return text
    end = max(text.rfind(mark, 0, MAX_TEXT) for mark in "\n\r")  # to the parse each line is a paragraph
    return (text[:end].rstrip() if end > 0 else "") or text[:MAX_TEXT]


def _annotation(given: Given, annotated: Annotated, topic: Topic) -> Annotation:
    article, text = annotated.article, given.text
    return Annotation(
        given,
        article.language,
        judge(article.title, article.text, article.language, topic, gazetteer_for(topic)),
        [
            msgspec.structs.replace(entity, mentions=[_as_given(mention, text) for mention in entity.mentions])
            for entity in entities_of(annotated, topic).entities
        ],
        [_quote_as_given(quote, text) for quote in quotes_of(annotated, topic).quotes],
        [_as_given(figure, text) for figure in figures_of(annotated, topic)],
        len(article.text),
    )


def _as_given(span: R, text: str) -> R:
    return msgspec.structs.replace(span, text=text[span.start : span.end])


def _quote_as_given(quote: Quote, text: str) -> Quote:
    cue = text[quote.cue_start : quote.cue_end] if quote.cue_start is not None else None
    who = text[quote.speaker_start : quote.speaker_end] if quote.speaker_start is not None else None
    return msgspec.structs.replace(_as_given(quote, text), cue=cue, speaker_text=who)


def _article(given: Given, text: str, language: str) -> Article:
    """What the steps ask of an article; where it came from and when is of no matter to them."""
    name = digest("text", text)
    return Article(
        article_id=name,
        revision_id=name,
        url=None,
        canonical_url=None,
        outlet=None,
        outlet_country=None,
        feed_url="",
        title=given.title.translate(_ALIKE),
        author=None,
        agency=None,
        language=language,
        published_at=0.0,
        published_from="collected",
        collected_at=0.0,
        text=text,
        text_from="feed",
        word_count=len(text.split()),
        relevance=0.0,
        level="none",
        matched=[],
        mentions_idlib=False,
        entry=bare_entry("", None, None),
    )
