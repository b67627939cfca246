"""What a fresh start must know, read back from the tables: nothing is remembered anywhere else.

``polls`` holds what each feed needs next, ``articles`` and ``rejects`` what was seen, ``rejects`` what is
owed. In a stream keyed state holds the same, and is filled from here when it is empty.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from schemas import tables
from schemas.errors import UserError
from schemas.reasons import OF_ONE_FEED
from schemas.records import Entry, FeedState, Owed
from transforms.asjson import entry_from_json
from transforms.coders import decode
from transforms.storage import DataFile, Storage, day_of

POLLS_DAYS = 45  # a failing feed is asked once in 30 days at the least: its last poll must still be found
OWED_FOR = 10 * 86_400.0  # seconds that a debt lives at the most, with room: it ends in a row, however short max_age is
MIN_FEED_WORDS = 60  # of the feed's own text, where it must stand in for a page
SLACK_DAYS = 2  # a publication day may lie this far before the entry's age limit (zones, day edges)


def read_columns(storage: Storage, file: DataFile, columns: list[str]) -> pa.Table:
    """The named columns of one file."""
    data = storage.read(file)
    try:
        return pq.ParquetFile(io.BytesIO(data)).read(columns)
    except (pa.ArrowInvalid, OSError) as error:  # what is half a file or none is not of our writing
        path = storage.path(file.table, file.day, file.name)
        raise UserError(f"{path}: cannot be read as Parquet ({error}); move it out of the dataset") from None


def read_rows(storage: Storage, file: DataFile, columns: list[str]) -> list[dict[str, Any]]:
    """The rows of the named columns, None where the file is older than a column; times as seconds since the epoch
    (as datetimes they would cost the import of pandas, where that is installed). No row where the file is there no
    longer: another writer into the same object store came second, and has withdrawn its batch."""
    try:
        table = read_columns(storage, file, columns)
    except FileNotFoundError:
        return []
    added = dict.fromkeys(set(columns) - set(table.column_names))
    times = [c for c in table.column_names if pa.types.is_timestamp(table.schema.field(c).type)]
    for column in times:
        table = table.set_column(table.column_names.index(column), column, table.column(column).cast(pa.int64()))
    rows: list[dict[str, Any]] = table.to_pylist()
    for row in rows:
        for column in times:
            row[column] = None if row[column] is None else row[column] / 1_000_000
        row.update(added)
    return rows


def tells_itself(entry: Entry) -> bool:
    """Whether an entry brings an article even where its page does not come."""
    return not entry.foreign and len(entry.content.split()) >= MIN_FEED_WORDS


def first_day(max_age: float, at: float) -> date:
    """The first partition that can hold what is younger than ``max_age`` seconds ``at`` a time."""
    age = min(max_age, at)  # not before 1970
    return day_of(max(0.0, at - age)) - timedelta(days=SLACK_DAYS) if age < at else date.min


class Memory:
    """The dataset's memory as it stands, of the last ``max_age`` seconds before ``at``."""

    def __init__(self, storage: Storage, max_age: float, at: float) -> None:
        self._storage = storage
        self._max_age, self._at = max_age, at
        self._since = first_day(max_age, at)
        self._polls_since = min(self._since, day_of(max(0.0, at - POLLS_DAYS * 86_400.0)))

    def feed_states(self, urls: Iterable[str]) -> dict[str, FeedState]:
        """The state that each feed was left in. The newest row counts; its ids come from the newest row that
        restates them (the first of each day does), so few files are read however long the table is. Polls are
        looked for in the last ``POLLS_DAYS`` days, whatever the age of articles that are wanted."""
        wanted, without_ids = set(urls), set()
        found: dict[str, FeedState] = {}
        for rows in self._by_day(tables.POLLS, ["feed_url", "at", "state", "restated"]):
            for row in sorted(rows, key=lambda r: r["at"], reverse=True):
                url = row["feed_url"]
                if url in without_ids and row["restated"]:
                    state = decode(FeedState, row["state"])
                    found[url] = msgspec.structs.replace(found[url], seen=state.seen, restated_at=state.restated_at)
                    without_ids.discard(url)
                elif url in wanted:
                    found[url] = decode(FeedState, row["state"])
                    wanted.discard(url)
                    if not row["restated"]:
                        without_ids.add(url)
            if not wanted and not without_ids:
                break
        return found

    def seen(self) -> dict[str, int]:
        """Every article id whose page was looked at or is owed, with the day (ordinal) it was last met."""
        ids: dict[str, int] = {}
        for file in self._storage.files(tables.ARTICLES, self._since):
            for row in read_rows(self._storage, file, ["article_id", "entry_id", "collected_at"]):
                for name in {row["article_id"], row["entry_id"]}:
                    ids[name] = max(day_of(row["collected_at"]).toordinal(), ids.get(name, 0))
        for file in self._storage.files(tables.REJECTS, self._since):
            for row in read_rows(self._storage, file, ["article_id", "stage"]):
                # What title and summary told is one feed's telling: another feed may tell more.
                if row["article_id"] and row["stage"] not in OF_ONE_FEED:
                    ids[row["article_id"]] = max(file.day.toordinal(), ids.get(row["article_id"], 0))
        return ids

    def untold(self, names: set[str]) -> set[str]:
        """Those of the seen ids ``names`` of which nothing is known but that their page did not come, or made no
        article, for entries that do not tell it themselves."""
        failed: set[str] = set()
        settled: set[str] = set()
        for file in self._storage.files(tables.REJECTS, self._since):
            rows = read_rows(self._storage, file, ["article_id", "stage"])
            if not any(row["article_id"] in names and row["stage"] not in OF_ONE_FEED for row in rows):
                continue
            for row in read_rows(self._storage, file, ["article_id", "stage", "input"]):
                if row["article_id"] in names and row["stage"] not in OF_ONE_FEED:
                    page = row["stage"] in ("fetch", "extract")
                    poor = page and not tells_itself(entry_from_json(row["input"]))
                    (failed if poor else settled).add(row["article_id"])
        if failed:
            for file in self._storage.files(tables.ARTICLES, self._since):
                for row in read_rows(self._storage, file, ["article_id", "entry_id"]):
                    settled |= {row["article_id"], row["entry_id"]} & failed
        return failed - settled

    def owed(self) -> list[Owed]:
        """The pages that were put off and neither came nor were given up since."""
        last: dict[str, dict[str, Any]] = {}
        columns = ["article_id", "stage", "at", "retryable", "reason", "attempts", "due", "first_at", "input"]
        for file in self._storage.files(tables.REJECTS, first_day(max(self._max_age, OWED_FOR), self._at)):
            for row in read_rows(self._storage, file, columns):
                if row["stage"] in OF_ONE_FEED:  # another feed's poor summary ends no debt
                    continue
                known = last.get(row["article_id"])
                # Of two rows of one tick (a retry met another world) the one that still owes counts.
                if row["article_id"] and (
                    known is None or (row["at"], row["retryable"]) >= (known["at"], known["retryable"])
                ):
                    last[row["article_id"]] = row
        open_ = {name: row for name, row in last.items() if row["retryable"]}
        if open_:
            # What paid a debt was of the right age when it came: not when it is looked for.
            since = first_day(self._max_age, min(row["at"] for row in open_.values()))
            for file in self._storage.files(tables.ARTICLES, since):
                for row in read_rows(self._storage, file, ["article_id", "entry_id", "collected_at"]):
                    owing = open_.get(row["entry_id"])
                    if owing is not None and row["collected_at"] >= owing["at"]:
                        del open_[row["entry_id"]]
        return [
            Owed(
                entry=entry_from_json(row["input"]),
                attempts=row["attempts"],
                due=row["due"],
                first_at=row["first_at"],
                reason=row["reason"],
            )
            for _, row in sorted(open_.items())
        ]

    def _by_day(self, table: str, columns: list[str]) -> Iterator[list[dict[str, Any]]]:
        files = self._storage.files(table, self._polls_since)
        for day in sorted({f.day for f in files}, reverse=True):
            rows: list[dict[str, Any]] = []
            for file in files:
                if file.day == day:
                    rows += read_rows(self._storage, file, columns)
            yield rows
