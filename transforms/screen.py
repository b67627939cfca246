"""The two judgements as steps: on title and summary before a page is fetched, on the full text after."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import apache_beam as beam
import msgspec
from apache_beam.pvalue import TaggedOutput

from schemas.records import Article, Entry, Reject, Sighting, Turn
from transforms.coders import typed
from transforms.count import count, timed
from transforms.gazetteer import gazetteer_for
from transforms.poll import rejected
from transforms.relevance import judge, screen
from transforms.stories import signature
from transforms.topic import Topic


def may_matter(entry: Entry, topic: Topic) -> bool:
    """Whether an entry's page is worth a request.

    A dedicated feed's entry goes on where its text is too short to tell: the screen must not lose what
    the judge would keep.
    """
    told = f"{entry.summary}\n{entry.content}" if entry.content else entry.summary
    verdict = screen(entry.title, told, entry.language or "", topic)
    return verdict.maybe or (verdict.short and entry.dedicated)


def sighted(entry: Entry, article_id: str) -> Sighting:
    """That the entry's feed carries the article ``article_id``: the entry's own, or what its page turned out to be."""
    return Sighting(
        article_id=article_id,
        feed_url=entry.feed_url,
        at=entry.seen_at,
        outlet=entry.outlet,
        url=entry.url,
        title=entry.title,
        published=entry.published,
    )


class ScreenEntries(beam.PTransform[Any, Any]):
    """(shard, Turn) to (shard, Turn) with the entries that may matter; tagged ``rejects`` and ``sightings``."""

    def __init__(self, topic: Topic) -> None:
        super().__init__()
        self._topic = topic

    def expand(self, turns: Any) -> Any:
        screened = beam.ParDo(_ScreenDoFn(self._topic)).with_outputs("rejects", "sightings", main="turns")
        return typed(turns | "Screen" >> screened, turns=tuple[str, Turn], rejects=Reject, sightings=Sighting)


class _ScreenDoFn(beam.DoFn):
    def __init__(self, topic: Topic) -> None:
        self._topic = topic

    def process(self, element: tuple[str, Turn]) -> Iterator[Any]:
        shard, turn = element
        kept = []
        with timed("screen"):
            for entry in turn.entries:
                if may_matter(entry, self._topic):
                    kept.append(entry)
                    if not entry.known:
                        yield TaggedOutput("sightings", sighted(entry, entry.article_id))
                else:
                    count("screen", "screened_out")
                    yield TaggedOutput("rejects", rejected(entry, "screen", "screened_out", turn.tick))
        count("screen", "maybe", len(kept))
        yield shard, Turn(tick=turn.tick, entries=kept)


class JudgeArticles(beam.PTransform[Any, Any]):
    """Article to Article with its relevance; tagged ``rejects`` for what is not about the topic."""

    def __init__(self, topic: Topic) -> None:
        super().__init__()
        self._topic = topic

    def expand(self, articles: Any) -> Any:
        outputs = articles | "Judge" >> beam.ParDo(_JudgeDoFn(self._topic)).with_outputs("rejects", main="kept")
        return typed(outputs, kept=Article, rejects=Reject)


class _JudgeDoFn(beam.DoFn):
    def __init__(self, topic: Topic) -> None:
        self._topic = topic

    def setup(self) -> None:
        self._gazetteer = gazetteer_for(self._topic)

    def process(self, article: Article) -> Iterator[Any]:
        with timed("judge"):
            verdict = judge(article.title, article.text, article.language, self._topic, self._gazetteer)
        if verdict.keep:
            count("judge", "kept")
            yield msgspec.structs.replace(
                article,
                relevance=verdict.score,
                level=verdict.level,
                matched=verdict.matched,
                mentions_idlib=verdict.mentions_focus,
                signature=signature(article.text),
                entry=msgspec.structs.replace(article.entry, content="", summary=article.entry.summary[:500]),
            )
        else:
            reason = "passing_mention" if verdict.level == "passing" else "irrelevant"
            count("judge", reason)
            yield TaggedOutput(
                "rejects",
                rejected(
                    article.entry, "judge", reason, article.collected_at,
                    error=f"score {verdict.score:.2f}; {verdict.reasons}", attempts=article.attempts,
                ),
            )  # fmt: skip
