"""One parse per kept article, batched, one model per process; its syntax goes on to entities and quotes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

import apache_beam as beam
from apache_beam import coders
from apache_beam.utils.windowed_value import WindowedValue

from schemas.records import Article, Entity, Syntax, Turn
from transforms.coders import decode, encode
from transforms.count import count, timed
from transforms.parsing import BATCH, Round, helpers, with_text, without_text

_Item: TypeAlias = tuple[Article, Any, Any]  # with its time and its window


class Annotated:
    """An article and its parse. ``entities``, by the topic's digest, once a branch has found them."""

    __slots__ = ("article", "entities", "syntax")

    def __init__(self, article: Article, syntax: Syntax) -> None:
        self.article = article
        self.syntax = syntax
        self.entities: dict[str, list[Entity]] = {}


class AnnotatedCoder(coders.Coder):
    """Article and syntax, each as the record it is, and the text once.

    Where the runner fuses the steps nothing is encoded, since sizes are estimated.
    """

    URN = "idlib-watch:coder:annotated:v2"

    def encode(self, value: Annotated) -> bytes:
        article = encode(value.article)
        return len(article).to_bytes(4, "big") + article + encode(without_text(value.syntax))

    def decode(self, encoded: bytes) -> Annotated:
        size = int.from_bytes(encoded[:4], "big")
        article = decode(Article, encoded[4 : 4 + size])
        return Annotated(article, with_text(decode(Syntax, encoded[4 + size :]), article.text))

    def estimate_size(self, value: Annotated) -> int:
        return 1024 + 46 * len(value.syntax.words)

    def is_deterministic(self) -> bool:
        return True

    def to_type_hint(self) -> type:
        return Annotated

    def to_runner_api_parameter(self, context: Any) -> tuple[str, bytes, tuple[()]]:
        return self.URN, b"", ()

    @staticmethod
    def from_runner_api_parameter(payload: bytes, components: Any, context: Any) -> AnnotatedCoder:
        return AnnotatedCoder()


coders.Coder.register_urn(AnnotatedCoder.URN, bytes)(AnnotatedCoder.from_runner_api_parameter)
coders.registry.register_coder(Annotated, AnnotatedCoder)


class Annotate(beam.PTransform[Any, Any]):
    """Article to Annotated: spaCy runs here and nowhere else, over batches within a bundle."""

    def expand(self, articles: Any) -> Any:
        return articles | "Parse" >> beam.ParDo(_AnnotateDoFn()).with_output_types(Annotated)


class _AnnotateDoFn(beam.DoFn):
    def __init__(self) -> None:
        """Typed, as Beam's own is not."""

    def start_bundle(self) -> None:
        self._waiting: dict[str, list[_Item]] = {}
        self._round = Round(helpers)

    def process(
        self, article: Article, at: Any = beam.DoFn.TimestampParam, window: Any = beam.DoFn.WindowParam
    ) -> Iterator[Any]:
        waiting = self._waiting.setdefault(article.language, [])
        waiting.append((article, at, window))
        if len(waiting) >= BATCH:
            self._give(article.language)
            yield from self._results(all_of_them=False)

    def finish_bundle(self) -> Iterable[Any]:
        for language in list(self._waiting):
            self._give(language)
        return list(self._results(all_of_them=True))

    def _give(self, language: str) -> None:
        items = self._waiting.pop(language)
        self._round.give([article.text for article, _, _ in items], language, items)

    def _results(self, all_of_them: bool) -> Iterator[Any]:
        results = self._round.results(all_of_them)
        while True:
            with timed("annotate"):  # not what the next steps do with what is yielded
                items, found = next(results, ((), ()))
            if not items:
                return
            count("annotate", "article", len(items))
            for (article, at, window), syntax in zip(items, found, strict=True):
                # Each leaves with its own time and window, not with those of the batch.
                yield WindowedValue(Annotated(article, syntax), at, (window,))


@dataclass
class CallHelpers(beam.PTransform[Any, Any]):
    """(shard, Turn) of the screen to nothing: where a tick may bring more than one batch of articles, the helper
    processes start to load their model while feeds are still parsed and pages fetched."""

    count: int

    def expand(self, turns: Any) -> Any:
        return turns | "Call" >> beam.ParDo(_CallDoFn(self.count)).with_output_types(Article)


class _CallDoFn(beam.DoFn):
    def __init__(self, count: int) -> None:
        self._count = count

    def start_bundle(self) -> None:
        self._articles: set[str] = set()

    def process(self, element: tuple[str, Turn]) -> None:
        self._articles.update(entry.article_id for entry in element[1].entries)
        if len(self._articles) > BATCH:
            helpers.start(self._count)
