"""The steps that write: join the parallel branches and commit, then the log of rejects, sightings and polls.

What is written in which order is in ``transforms.commit``; ``rejects``, ``sightings`` and then ``polls`` follow
when all batches of the window are written, which the second grouping waits for.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

import apache_beam as beam
import msgspec
from apache_beam.pvalue import TaggedOutput
from apache_beam.transforms import window

from schemas import tables
from schemas.records import NEVER, Article, BatchPart, Committed, EntitySet, LogRow, Poll, QuoteSet, Reject, Sighting
from transforms.batch import to_parquet, to_table, utc
from transforms.coders import decode, encode, typed
from transforms.commit import MAX_REVISIONS, Unit, commit
from transforms.count import count, timed
from transforms.held import Ids
from transforms.identity import digest, shard_of
from transforms.memory import read_columns, read_rows
from transforms.poll import rejected
from transforms.screen import sighted
from transforms.storage import Storage, day_of


@dataclass
class CommitBatches(beam.PTransform[Any, Any]):
    """Joins articles, entities and quotes by shard and window, and commits; ``committed``, ``rejects``, ``sightings``.

    Takes a dict of the three PCollections. Windows are of the tick's time, so nothing is late and a
    replay makes the same batches.
    """

    output: str
    shards: int
    interval: float
    max_revisions: int = MAX_REVISIONS

    def expand(self, parts: Any) -> Any:
        keyed = {
            name: pcoll
            | f"Window {name}" >> beam.WindowInto(window.FixedWindows(self.interval))
            | f"Key {name}" >> beam.ParDo(_KeyByArticle(self.shards)).with_output_types(tuple[str, BatchPart])
            for name, pcoll in parts.items()
        }
        outputs = (
            keyed
            | "Group" >> beam.CoGroupByKey()
            | "Commit" >> beam.ParDo(_CommitDoFn(self)).with_outputs("rejects", "sightings", main="committed")
        )
        typed(outputs, committed=Committed, rejects=Reject, sightings=Sighting)
        # They join those of the other steps: a Flatten wants one windowing.
        rejects = outputs.rejects | "Unwindow rejects" >> beam.WindowInto(window.GlobalWindows())
        sightings = outputs.sightings | "Unwindow sightings" >> beam.WindowInto(window.GlobalWindows())
        return CommitOutputs(outputs.committed, rejects, sightings)


class CommitOutputs(NamedTuple):
    """PCollections of Committed, Reject and Sighting."""

    committed: Any
    rejects: Any
    sightings: Any


class _KeyByArticle(beam.DoFn):
    def __init__(self, shards: int) -> None:
        self._shards = shards

    def process(self, record: Article | EntitySet | QuoteSet) -> Iterator[tuple[str, BatchPart]]:
        yield (
            str(shard_of(record.article_id, self._shards)),
            BatchPart(article_id=record.article_id, revision_id=record.revision_id, data=encode(record)),
        )


class _CommitDoFn(beam.DoFn):
    def __init__(self, step: CommitBatches) -> None:
        self._step = step

    def setup(self) -> None:
        self._storage = Storage.at(self._step.output)
        self._ids = Ids(self._storage)

    def process(self, element: tuple[str, Any], at: Any = beam.DoFn.WindowParam) -> Iterator[Any]:
        shard, parts = element
        unit = Unit(float(at.start), int(shard), self._step.shards)
        with timed("commit"):
            result = commit(
                unit,
                (decode(Article, p.data) for p in parts["articles"]),
                parts["entities"],
                parts["quotes"],
                self._storage,
                self._ids,
                self._step.max_revisions,
            )
        count("commit", "articles", len(result.written))
        count("commit", "entities", result.entities)
        count("commit", "quotes", result.quotes)
        for article in result.left_out:
            # Asked for again, and the same: the row ends what was owed. Other repeats are only counted.
            if article.entry.known or article.was_owed:
                count("commit", "unchanged_revision")
                yield TaggedOutput("rejects", _left(article, "unchanged_revision"))
            else:
                count("commit", "already_committed")
        for article in result.lesser:
            count("commit", "lesser_revision")
            if article.entry.known or article.was_owed:
                yield TaggedOutput("rejects", _left(article, "lesser_revision"))
        told = told_before(self._storage, result.beyond)
        for article in result.beyond:
            count("commit", "max_revisions")
            if article.was_owed or article.entry.article_id not in told:
                yield TaggedOutput("rejects", _left(article, "max_revisions"))
        for article in (*result.written, *result.left_out, *result.lesser, *result.beyond):
            if article.entry.article_id != article.article_id:  # the log and the view hold one per article and feed
                yield TaggedOutput("sightings", sighted(article.entry, article.article_id))
        yield Committed(articles=len(result.written), entities=result.entities, quotes=result.quotes)


def _left(article: Article, reason: str) -> Reject:
    return rejected(article.entry, "commit", reason, article.collected_at, attempts=article.attempts)


def told_before(storage: Storage, articles: list[Article]) -> set[str]:
    """Entries of ``articles`` of which a row of the last month says already that they came to ``max_revisions``.

    The table is asked, and not a memory of our own: a retry must say again what was never written.
    """
    if not articles:
        return set()
    since = day_of(max(0.0, min(a.collected_at for a in articles) - 30 * 86_400.0))
    told: set[str] = set()
    for file in storage.files(tables.REJECTS, since):
        for row in read_rows(storage, file, ["reason", "article_id"]):
            if row["reason"] == "max_revisions":
                told.add(row["article_id"])
    return told


@dataclass
class CommitLog(beam.PTransform[Any, Any]):
    """Writes ``rejects``, ``sightings`` and then ``polls`` of a window, after all of its batches are committed.

    Takes a dict of PCollections: ``rejects``, ``sightings``, ``committed``, and where feeds were polled ``polls``.
    """

    output: str
    interval: float

    def expand(self, parts: Any) -> Any:
        rows = [
            parts[name]
            | f"Window {name}" >> beam.WindowInto(window.FixedWindows(self.interval))
            | f"Row of {name}" >> beam.ParDo(_ToLogRow()).with_output_types(tuple[str, LogRow])
            for name in sorted(parts)
        ]
        return (
            tuple(rows)
            | "Flatten" >> beam.Flatten()
            | "Group" >> beam.GroupByKey()
            | "Write" >> beam.ParDo(_WriteLogDoFn(self.output)).with_output_types(Committed)
        )


class _ToLogRow(beam.DoFn):
    def __init__(self) -> None:
        """Typed, as Beam's own is not."""

    def process(self, record: Any) -> Iterator[tuple[str, LogRow]]:
        if isinstance(record, Reject):
            yield "", LogRow(reject=record)
        elif isinstance(record, Poll):
            yield "", LogRow(poll=record)
        elif isinstance(record, Sighting):
            yield "", LogRow(sighting=record)
        else:
            yield "", LogRow()


class _WriteLogDoFn(beam.DoFn):
    def __init__(self, output: str) -> None:
        self._output = output

    def process(self, element: tuple[str, Iterable[LogRow]], at: Any = beam.DoFn.WindowParam) -> Iterator[Committed]:
        rejects, sightings, polls = [], [], []
        for row in element[1]:
            if row.reject is not None:
                rejects.append(reject_row(row.reject))
            elif row.poll is not None:
                polls.append(poll_row(row.poll))
            elif row.sighting is not None:
                sightings.append(sighting_row(row.sighting))
        storage = Storage.at(self._output)
        with timed("commit"):
            write_log(storage, tables.REJECTS, "reject_id", rejects, float(at.start))
            write_log(storage, tables.SIGHTINGS, "sighting_id", sightings, float(at.start))
            write_log(storage, tables.POLLS, "poll_id", polls, float(at.start))
        yield Committed(articles=0, entities=0, quotes=0)


def write_log(storage: Storage, table: str, key: str, rows: list[dict[str, Any]], start: float) -> int:
    """Write the rows of a window that its files do not hold yet; the number written. May be repeated."""
    stamp = f"{utc(start):%Y%m%dT%H%M%S}"
    by_day: dict[date, dict[str, dict[str, Any]]] = {}
    for row in rows:
        by_day.setdefault(row["at"].date(), {}).setdefault(row[key], row)
    written = 0
    with storage.exclusive():
        files = storage.files(table, min(by_day)) if by_day else []
        for day, found in sorted(by_day.items()):
            for file in files:
                if file.day == day and file.name.startswith(f"{stamp}-"):
                    for name in read_columns(storage, file, [key]).column(0).to_pylist():
                        found.pop(str(name), None)
            if found:
                found = dict(sorted(found.items()))  # the name must not hang on the order of arrival
                content = hashlib.blake2b(msgspec.msgpack.encode(found, enc_hook=repr), digest_size=8).hexdigest()
                storage.write(
                    table,
                    day,
                    f"{stamp}-{content}.parquet",
                    to_parquet(to_table(table, list(found.values()))),
                )
                written += len(found)
    return written


def reject_row(reject: Reject) -> dict[str, Any]:
    """A row of ``rejects``."""
    subject = reject.article_id or hashlib.blake2b(reject.input, digest_size=8).hexdigest()
    row = msgspec.structs.asdict(reject)
    row["reject_id"] = digest(reject.stage, reject.reason, subject, reject.feed_url or "", repr(reject.at))
    for name in ("at", "due", "first_at"):
        row[name] = _time(row[name])
    return row


def poll_row(poll: Poll) -> dict[str, Any]:
    """A row of ``polls``."""
    state = poll.state
    return {
        "poll_id": digest(poll.feed_url, repr(poll.at)),
        "feed_url": poll.feed_url,
        "outlet": poll.outlet,
        "at": _time(poll.at),
        "status": poll.status,
        "reason": poll.reason,
        "error": poll.error,
        "entries": poll.entries,
        "new_entries": poll.new_entries,
        "bytes": poll.size,
        "milliseconds": poll.elapsed,
        "etag": state.etag,
        "last_modified": state.modified,
        "next_due": _time(state.due) if state.due < NEVER else None,
        "redirect": poll.final_url,
        "failures": state.failures,
        "state": encode(state),
        "restated": poll.restated,
        "due_because": state.because or "interval",  # (states of an older version do not say)
    }


def sighting_row(sighting: Sighting) -> dict[str, Any]:
    """A row of ``sightings``."""
    row = msgspec.structs.asdict(sighting)
    row["sighting_id"] = digest(sighting.article_id, sighting.feed_url, repr(sighting.at))
    row["at"], row["published_at"] = _time(sighting.at), _time(row.pop("published"))
    return row


def _time(at: float | None) -> datetime | None:
    return None if at is None else utc(at)
