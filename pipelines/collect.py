"""The graph: from a list of feeds to Parquet, once or without end.

feed list -> tick -> poll -> screen -> group -> drop seen -> fetch -> extract -> judge -> annotate
          -> entities | quotes | articles -> commit;   rejects, sightings and polls -> log
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pipelines.options import Settings
    from transforms.topic import Topic


def build(root: Any, settings: Settings) -> None:
    """Put the graph into the pipeline ``root``."""
    import apache_beam as beam

    from transforms.annotate import CallHelpers
    from transforms.pages import FetchPages
    from transforms.poll import PollFeeds
    from transforms.screen import ScreenEntries
    from transforms.seen import DropSeen
    from transforms.ticks import GroupTurns, Heartbeats, ReadFeedList, Ticks
    from transforms.topic import load_topic

    s, topic, limits = settings, load_topic(settings.topic), settings.limits

    ticks = root | "Tick" >> Ticks(s.start, s.heartbeat if s.streaming else None)
    polled = (
        ticks
        | "FeedList" >> ReadFeedList(s.feeds, s.shards)
        | "PollFeeds"
        >> PollFeeds(
            s.output, limits, s.bounds, s.max_age, s.shards, s.poll_budget, s.forced_since, s.streaming, s.max_entries
        )
    )
    screened = polled.entries | "ScreenEntries" >> ScreenEntries(topic)
    if s.helpers:
        _ = screened.turns | "CallHelpers" >> CallHelpers(s.helpers)
    beats = ticks | "Heartbeats" >> Heartbeats(s.shards)
    new = (
        (screened.turns, beats)
        | "Flatten" >> beam.Flatten()
        | "GroupTurns" >> GroupTurns(s.heartbeat)
        | "DropSeen" >> DropSeen(s.output, s.max_age, s.shards)
    )
    fetched = new | "FetchPages" >> FetchPages(
        s.output, limits, s.max_age, s.shards, s.page_delay, s.page_budget, s.page_most, s.forced_since, s.host_budget
    )
    read_and_write(fetched, s, topic, [polled.rejects, screened.rejects], [screened.sightings], polls=polled.polls)


def read_and_write(
    fetched: Any, s: Settings, topic: Topic, rejects: list[Any], sightings: list[Any], **logged: Any
) -> None:
    """From pages to tables: what ``collect`` and ``replay`` share. ``rejects`` and ``sightings`` are those of the
    steps before; ``logged`` is what else goes into the log of the run."""
    import apache_beam as beam

    from transforms.annotate import Annotate
    from transforms.branches import ExtractEntities, ExtractQuotes, TakeArticles
    from transforms.extract import ExtractText
    from transforms.screen import JudgeArticles
    from transforms.tables import CommitBatches, CommitLog

    extracted = fetched.pages | "ExtractText" >> ExtractText(s.max_age, s.max_text)
    judged = extracted.articles | "JudgeArticles" >> JudgeArticles(topic)
    annotated = judged.kept | "Spread" >> beam.Reshuffle() | "Annotate" >> Annotate()
    committed = {
        "articles": annotated | "TakeArticles" >> TakeArticles(topic),
        "entities": annotated | "ExtractEntities" >> ExtractEntities(topic),
        "quotes": annotated | "ExtractQuotes" >> ExtractQuotes(topic),
    } | "CommitBatches" >> CommitBatches(s.output, s.output_shards, s.commit_interval, s.max_revisions)
    rejected = (
        *rejects,
        fetched.rejects,
        extracted.rejects,
        judged.rejects,
        committed.rejects,
    ) | "Rejects" >> beam.Flatten()
    seen = (*sightings, committed.sightings) | "Sightings" >> beam.Flatten()
    (
        {"rejects": rejected, "sightings": seen, "committed": committed.committed, **logged}
        | "CommitLog" >> CommitLog(s.output, s.commit_interval)
    )


def main(argv: list[str] | None = None) -> int:
    """``idlib-watch collect``; returns the exit status."""
    from pipelines.run import collect

    return collect(sys.argv[1:] if argv is None else argv)


if __name__ == "__main__":
    from pipelines.cli import alone

    alone(main)
