"""The parallel branches off one parse: articles with their figures, entities, and quotes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import apache_beam as beam
import msgspec

from schemas.records import Article, EntitySet, Figure, QuoteSet
from transforms.annotate import Annotated
from transforms.count import count, timed
from transforms.entities import extract_entities
from transforms.figures import extract_figures
from transforms.gazetteer import gazetteer_for
from transforms.quotes import extract_quotes
from transforms.topic import Topic


def entities_of(annotated: Annotated, topic: Topic) -> EntitySet:
    """The entities of an article: found once and kept with the parse, since every branch asks for them."""
    article, found = annotated.article, annotated.entities.get(topic.digest)
    if found is None:
        with timed("entities"):
            found = annotated.entities[topic.digest] = extract_entities(
                annotated.syntax,
                language=article.language,
                gazetteer=gazetteer_for(topic),
                topic=topic,
            )
    return EntitySet(article_id=article.article_id, revision_id=article.revision_id, entities=found)


def quotes_of(annotated: Annotated, topic: Topic) -> QuoteSet:
    """The quotes of an article; names are resolved against its entities."""
    article = annotated.article
    found = extract_quotes(
        annotated.syntax,
        article_id=article.article_id,
        revision_id=article.revision_id,
        language=article.language,
        entities=entities_of(annotated, topic).entities,
    )
    return QuoteSet(article_id=article.article_id, revision_id=article.revision_id, quotes=found)


def figures_of(annotated: Annotated, topic: Topic) -> list[Figure]:
    """The figures of an article; their places are of its entities."""
    return extract_figures(annotated.syntax, lambda: entities_of(annotated, topic).entities)


class ExtractEntities(beam.PTransform[Any, Any]):
    """Annotated to EntitySet."""

    def __init__(self, topic: Topic) -> None:
        super().__init__()
        self._topic = topic

    def expand(self, annotated: Any) -> Any:
        return annotated | "Entities" >> beam.ParDo(_EntitiesDoFn(self._topic)).with_output_types(EntitySet)


class _EntitiesDoFn(beam.DoFn):
    def __init__(self, topic: Topic) -> None:
        self._topic = topic

    def process(self, annotated: Annotated) -> Iterator[EntitySet]:
        found = entities_of(annotated, self._topic)
        count("entities", "found", len(found.entities))
        yield found


class ExtractQuotes(beam.PTransform[Any, Any]):
    """Annotated to QuoteSet."""

    def __init__(self, topic: Topic) -> None:
        super().__init__()
        self._topic = topic

    def expand(self, annotated: Any) -> Any:
        return annotated | "Quotes" >> beam.ParDo(_QuotesDoFn(self._topic)).with_output_types(QuoteSet)


class _QuotesDoFn(beam.DoFn):
    def __init__(self, topic: Topic) -> None:
        self._topic = topic

    def process(self, annotated: Annotated) -> Iterator[QuoteSet]:
        with timed("quotes"):
            found = quotes_of(annotated, self._topic)
        count("quotes", "found", len(found.quotes))
        yield found


class TakeArticles(beam.PTransform[Any, Any]):
    """Annotated to Article, with its figures: the parse ends here."""

    def __init__(self, topic: Topic) -> None:
        super().__init__()
        self._topic = topic

    def expand(self, annotated: Any) -> Any:
        return annotated | "Article" >> beam.ParDo(_TakeArticle(self._topic)).with_output_types(Article)


class _TakeArticle(beam.DoFn):
    def __init__(self, topic: Topic) -> None:
        self._topic = topic

    def process(self, annotated: Annotated) -> Iterator[Article]:
        with timed("figures"):
            found = figures_of(annotated, self._topic)
        count("figures", "found", len(found))
        yield msgspec.structs.replace(annotated.article, figures=found) if found else annotated.article
