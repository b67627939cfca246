"""Rejects that are run again: which of them, and their entries as they stood when they left the way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

import apache_beam as beam
from apache_beam.pvalue import TaggedOutput

from schemas import tables
from schemas.reasons import OF_ONE_FEED
from schemas.records import Entry, Turn
from transforms.asjson import entry_from_json
from transforms.coders import typed
from transforms.count import count, timed
from transforms.memory import first_day, read_rows
from transforms.poll import page_shard
from transforms.seen import choose
from transforms.storage import DataFile, Storage
from transforms.wanted import Wanted


class Failed(NamedTuple):
    """A reject to be run again."""

    stage: str
    entry: Entry


class _Row(NamedTuple):
    at: float
    retryable: bool
    stage: str
    reason: str
    reject_id: str
    file: DataFile


def failed(storage: Storage, wanted: Wanted, max_age: float, at: float) -> list[Failed]:
    """The ``wanted`` rejects of the last ``max_age`` seconds before ``at`` that still stand, in order of article.

    Of an article its last row counts; what only one feed's telling brought about counts once for each feed, where no
    other feed's led further. What came since is in the tables, and is left out, as is what was published before then.
    """
    since = first_day(max_age, at)
    last = _last_rows(storage, storage.files(tables.REJECTS, since))
    later = {name for name, feed in last if not feed}
    standing = {
        (name, feed): row
        for (name, feed), row in last.items()
        if wanted.takes(row.stage, row.reason) and not (feed and name in later)
    }
    # What came was of the right age then, not now.
    since = first_day(max_age, min((row.at for row in standing.values()), default=at))
    came = _came(storage, since, {name for name, _ in standing})
    chosen = [row for (name, feed), row in standing.items() if name not in came or (not feed and came[name] < row.at)]
    found = _with_entries(storage, chosen)
    return [f for f in found if f.entry.published is None or f.entry.published >= at - max_age]


def _last_rows(storage: Storage, files: Iterable[DataFile]) -> dict[tuple[str, str], _Row]:
    """By article, and for stages that know one feed's telling by feed too (else an empty text)."""
    last: dict[tuple[str, str], _Row] = {}
    columns = ["article_id", "feed_url", "at", "retryable", "stage", "reason", "reject_id"]
    for file in files:
        for row in read_rows(storage, file, columns):
            if not row["article_id"]:
                continue
            key = (row["article_id"], row["feed_url"] or "?" if row["stage"] in OF_ONE_FEED else "")
            found = _Row(row["at"], row["retryable"], row["stage"], row["reason"], row["reject_id"], file)
            if key not in last or found[:2] >= last[key][:2]:
                last[key] = found
    return last


def _came(storage: Storage, since: date, names: set[str]) -> dict[str, float]:
    """When each of the articles or entries ``names`` was last collected, if it was."""
    came: dict[str, float] = {}
    for file in storage.files(tables.ARTICLES, since) if names else []:
        for row in read_rows(storage, file, ["article_id", "entry_id", "collected_at"]):
            for name in {row["article_id"], row["entry_id"]} & names:
                came[name] = max(row["collected_at"], came.get(name, 0.0))
    return came


def _with_entries(storage: Storage, chosen: list[_Row]) -> list[Failed]:
    """Only now the entries are read: they are most of the table."""
    wanted = {row.reject_id for row in chosen}
    found: dict[str, Failed] = {}
    for file in sorted({row.file for row in chosen}):
        for row in read_rows(storage, file, ["reject_id", "stage", "input"]):
            if row["reject_id"] in wanted:
                found[row["reject_id"]] = Failed(row["stage"], entry_from_json(row["input"]))
    return sorted(found.values(), key=lambda f: (f.entry.article_id, f.entry.feed_url))


@dataclass
class ReadRejects(beam.PTransform[Any, Any]):
    """Each tick to (shard, Turn) with the entries of the ``wanted`` rejects: those to be screened anew, and tagged
    ``screened`` those that passed already."""

    output: str
    wanted: Wanted
    max_age: float
    shards: int

    def expand(self, ticks: Any) -> Any:
        outputs = ticks | "Read" >> beam.ParDo(_ReadRejectsDoFn(self)).with_outputs("screened", main="unscreened")
        return typed(outputs, unscreened=tuple[str, Turn], screened=tuple[str, Turn])


class _ReadRejectsDoFn(beam.DoFn):
    def __init__(self, step: ReadRejects) -> None:
        self._step = step

    def process(self, tick: float) -> Iterator[Any]:
        step = self._step
        with timed("read memory"):
            found = failed(Storage.at(step.output), step.wanted, step.max_age, tick)
        count("replay", "rejects", len(found))
        for shard in range(step.shards):
            mine = [f for f in found if page_shard(f.entry, step.shards) == shard]
            screened = [f.entry for f in mine if f.stage not in OF_ONE_FEED]
            yield TaggedOutput("screened", (str(shard), Turn(tick=tick, entries=screened)))
            yield str(shard), Turn(tick=tick, entries=[f.entry for f in mine if f.stage in OF_ONE_FEED])


class OneOfEach(beam.PTransform[Any, Any]):
    """(shard, Turn) to (shard, Turn) with one entry for each article, chosen as ``DropSeen`` does."""

    def expand(self, turns: Any) -> Any:
        return turns | "Choose" >> beam.ParDo(_OneOfEachDoFn()).with_output_types(tuple[str, Turn])


class _OneOfEachDoFn(beam.DoFn):
    def __init__(self) -> None:
        """Typed, as Beam's own is not."""

    def process(self, element: tuple[str, Turn]) -> Iterator[tuple[str, Turn]]:
        shard, turn = element
        chosen = choose(turn.entries, {})
        count("seen", "duplicate", chosen.duplicate)
        yield shard, Turn(tick=turn.tick, entries=chosen.entries)
