"""The heartbeat: one tick, or one every few seconds for ever; and what each tick sets going."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import apache_beam as beam
from apache_beam.transforms import window
from apache_beam.transforms.periodicsequence import PeriodicImpulse
from apache_beam.utils.timestamp import MAX_TIMESTAMP, Timestamp

from schemas.records import FeedTurn, Turn
from transforms.feedlist import FeedList
from transforms.poll import by_shard

HEARTBEATS = 6  # to a commit interval
MIN_HEARTBEAT = 0.5  # seconds


def heartbeat(commit_interval: float) -> float:
    """Seconds between ticks: a whole part of the commit interval, so that tick windows lie within commits."""
    beats = HEARTBEATS
    while beats > 1 and commit_interval / beats < MIN_HEARTBEAT:
        beats -= 1
    return commit_interval / beats


@dataclass
class Ticks(beam.PTransform[Any, Any]):
    """Times (seconds since the epoch) as elements, stamped with themselves.

    ``start`` alone is one tick; with ``interval`` they go on. No second path: only this step differs.
    """

    start: float
    interval: float | None = None

    def expand(self, root: Any) -> Any:
        if self.interval is None:
            ticks = (
                root | "Impulse" >> beam.Impulse() | "Once" >> beam.ParDo(_Once(self.start)).with_output_types(float)
            )
        else:
            ticks = (
                root
                | "Periodic" >> PeriodicImpulse(Timestamp.of(self.start), MAX_TIMESTAMP, self.interval)
                | "Seconds" >> beam.ParDo(_Seconds()).with_output_types(float)
            )
        return ticks


class _Once(beam.DoFn):
    def __init__(self, start: float) -> None:
        self._start = start

    def process(self, _: bytes) -> Iterator[Any]:
        yield window.TimestampedValue(self._start, self._start)


class _Seconds(beam.DoFn):
    def __init__(self) -> None:
        """Typed, as Beam's own is not."""

    def process(self, _: Any, at: Any = beam.DoFn.TimestampParam) -> Iterator[float]:
        yield at.micros / 1_000_000


@dataclass
class ReadFeedList(beam.PTransform[Any, Any]):
    """Each tick to (shard, FeedTurn): the feed list is read again, so that it can change without a redeploy."""

    feeds: str | None
    shards: int

    def expand(self, ticks: Any) -> Any:
        return ticks | "Read" >> beam.ParDo(_ReadFeedListDoFn(self)).with_output_types(tuple[str, FeedTurn])


class _ReadFeedListDoFn(beam.DoFn):
    def __init__(self, step: ReadFeedList) -> None:
        self._step = step
        self._list = FeedList(step.feeds)

    def process(self, tick: float) -> Iterator[tuple[str, FeedTurn]]:
        listed = self._list.current()
        for shard, feeds in sorted(by_shard(listed, self._step.shards).items()):
            mine = {f.url for f in feeds}
            others = [f.url for f in listed if f.url not in mine]
            yield str(shard), FeedTurn(tick=tick, feeds=feeds, others=others)


@dataclass
class Heartbeats(beam.PTransform[Any, Any]):
    """Each tick to an empty Turn for every page shard: what is owed is looked at though nothing is new."""

    shards: int

    def expand(self, ticks: Any) -> Any:
        return ticks | "Beat" >> beam.ParDo(_Beat(self.shards)).with_output_types(tuple[str, Turn])


class _Beat(beam.DoFn):
    def __init__(self, shards: int) -> None:
        self._shards = shards

    def process(self, tick: float) -> Iterator[tuple[str, Turn]]:
        for shard in range(self._shards):
            yield str(shard), Turn(tick=tick)


@dataclass
class GroupTurns(beam.PTransform[Any, Any]):
    """All that one host shard gets in one tick, as one Turn; back in the global window, where state lives.

    ``interval`` (seconds) is the window: the heartbeat, so that each holds one tick.
    """

    interval: float

    def expand(self, turns: Any) -> Any:
        return (
            turns
            | "Window"
            >> beam.WindowInto(
                window.FixedWindows(self.interval),
                timestamp_combiner=window.TimestampCombiner.OUTPUT_AT_EARLIEST,
            )
            | "Group" >> beam.GroupByKey()
            | "Merge" >> beam.ParDo(_Merge()).with_output_types(tuple[str, Turn])
            | "Unwindow" >> beam.WindowInto(window.GlobalWindows())
        )


class _Merge(beam.DoFn):
    def __init__(self) -> None:
        """Typed, as Beam's own is not."""

    def process(self, element: tuple[str, Iterable[Turn]]) -> Iterator[tuple[str, Turn]]:
        shard, turns = element
        turns = list(turns)
        entries = [entry for turn in turns for entry in turn.entries]
        yield shard, Turn(tick=max(t.tick for t in turns), entries=entries)
