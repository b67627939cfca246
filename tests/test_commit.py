"""One commit per batch, which can be repeated, whatever happens in its middle."""

from __future__ import annotations

import io
import itertools
import re
from collections.abc import Callable
from datetime import date, datetime, timezone
from pathlib import Path
from typing import Any

import msgspec
import pyarrow.parquet as pq
import pytest

from schemas import tables
from schemas.records import Article, EntitySet, QuoteSet
from tests.samples import DAY, NOON, TEXT, a_quote, an_article, an_entry, parts_of
from transforms.batch import Parts
from transforms.commit import Result, Unit, commit, sweep
from transforms.held import Ids, may_hold
from transforms.identity import shard_of
from transforms.storage import DataFile, LocalStorage, Storage

UNIT = Unit(NOON, 0, 1)
JOINED = (tables.ARTICLES, tables.ENTITIES, tables.QUOTES)


class Crash(Exception):
    """What a kill looks like from inside."""


class InMemory(Storage):
    """An object store: no lock, creates are atomic, each write has a time of its own.

    ``before`` and ``after`` are called around each write; ``crash_at`` is the number of the write that
    raises, before it or (``late``) after it.
    """

    def check(self) -> None:
        """Always writable."""

    def __init__(self) -> None:
        super().__init__("mem://bucket")
        self.held: dict[tuple[str, date, str], tuple[bytes, float]] = {}
        self.clock = itertools.count(1)
        self.writes = 0
        self.crash_at: int | None = None
        self.late = False
        self.before: Callable[[str], None] = lambda table: None
        self.after: Callable[[str], None] = lambda table: None

    def files(self, table: str, since: date | None = None) -> list[DataFile]:
        return sorted(
            DataFile(t, day, name, at)
            for (t, day, name), (_, at) in self.held.items()
            if t == table and (since is None or day >= since)
        )

    def read(self, file: DataFile) -> bytes:
        try:
            return self.held[file.table, file.day, file.name][0]
        except KeyError:
            raise FileNotFoundError(file.name) from None

    def write(self, table: str, day: date, name: str, data: bytes) -> None:
        self.writes += 1
        if self.writes == self.crash_at and not self.late:
            raise Crash
        self.before(table)
        self.held[table, day, name] = (data, float(next(self.clock)))
        if self.writes == self.crash_at:
            raise Crash
        self.after(table)

    def delete(self, file: DataFile) -> None:
        self.held.pop((file.table, file.day, file.name), None)

    @property
    def settles(self) -> bool:
        return True


class Locked(InMemory):
    """The same with a lock that needs no settling, as on a local disk."""

    @property
    def settles(self) -> bool:
        return False


def put(storage: Storage, *articles: Article, unit: Unit = UNIT, ids: Ids | None = None) -> Result:
    parts = [parts_of(a) for a in articles]
    return commit(unit, articles, [e for e, _ in parts], [q for _, q in parts], storage, ids or Ids(storage))


def rows(storage: Storage, table: str) -> list[dict[str, Any]]:
    found = []
    for file in storage.files(table):
        made = pq.read_table(io.BytesIO(storage.read(file)))
        found += [row | {"day": file.day, "file": file.name} for row in made.to_pylist()]
    return found


def keys(storage: Storage, table: str = tables.ARTICLES) -> list[tuple[str, str]]:
    return sorted((r["article_id"], r["revision_id"]) for r in rows(storage, table))


def everything(storage: Storage) -> dict[tuple[str, date, str], bytes]:
    return {(f.table, f.day, f.name): storage.read(f) for t in JOINED for f in storage.files(t)}


def check_whole(storage: Storage, *articles: Article) -> None:
    """Each article once, with all of its parts once, and nothing else."""
    wanted = [(a.article_id, a.revision_id) for a in articles]
    assert keys(storage) == sorted(wanted)
    entities = [(k, e.entity_id) for a, k in zip(articles, wanted, strict=True) for e in parts_of(a)[0].entities]
    found = [((r["article_id"], r["revision_id"]), r["entity_id"]) for r in rows(storage, tables.ENTITIES)]
    assert sorted(found) == sorted(entities)
    quotes = [q.quote_id for a in articles for q in parts_of(a)[1].quotes]
    assert sorted(r["quote_id"] for r in rows(storage, tables.QUOTES)) == sorted(quotes)
    exist = {(f.day, f.name) for f in storage.files(tables.ARTICLES)}
    for table in (tables.ENTITIES, tables.QUOTES):
        assert {(f.day, f.name) for f in storage.files(table)} <= exist


@pytest.fixture(params=["local", "locked", "object"])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    if request.param == "local":
        return LocalStorage(str(tmp_path))
    return Locked() if request.param == "locked" else InMemory()


THREE = [
    an_article("a1"),
    an_article("b2", published_at=NOON - 3 * DAY),
    an_article("c3", text="No marks at all here."),
]


# --- repeated -----------------------------------------------------------------------------------------


def test_written(storage: Storage) -> None:
    result = put(storage, *THREE)
    assert ([a.article_id for a in result.written], result.left_out) == (["b2", "a1", "c3"], [])
    assert (result.entities, result.quotes) == (4, 2)
    check_whole(storage, *THREE)
    assert {r["article_id"]: r["day"].isoformat() for r in rows(storage, tables.ARTICLES)} == {
        "a1": "2018-09-11", "b2": "2018-09-08", "c3": "2018-09-11",
    }  # fmt: skip


def test_twice_the_same_is_the_same_bytes(storage: Storage) -> None:
    put(storage, *THREE)
    before = everything(storage)
    again = put(storage, *THREE)
    assert everything(storage) == before
    assert (again.written, len(again.left_out), again.entities) == ([], 3, 0)


def test_two_stores_get_the_same_bytes_in_any_order() -> None:
    made = []
    for order in itertools.permutations(THREE):
        storage = Locked()
        put(storage, *order)
        made.append(everything(storage))
    assert all(m == made[0] for m in made)


def test_nothing_to_write(storage: Storage) -> None:
    result = put(storage)
    assert (result.written, everything(storage)) == ([], {})


@pytest.mark.parametrize("shards", [1, 4])
def test_another_window_and_another_number_of_shards(storage: Storage, shards: int) -> None:
    put(storage, *THREE)
    before = everything(storage)
    for article in THREE:
        shard = shard_of(article.article_id, shards)
        assert put(storage, article, unit=Unit(NOON + 60, shard, shards)).written == []
    assert everything(storage) == before


# --- one article, several revisions -------------------------------------------------------------------


def test_a_revision_stays_in_its_partition(storage: Storage) -> None:
    first = an_article("a1")
    put(storage, first)
    later = an_article("a1", text=TEXT + " More.", published_at=NOON + 5 * DAY, published_from="page")
    put(storage, later, unit=Unit(NOON + DAY, 0, 1))
    check_whole(storage, first, later)
    found = rows(storage, tables.ARTICLES)
    assert {r["day"] for r in found} == {date(2018, 9, 11)}
    assert len({(r["published_at"], r["published_from"]) for r in found}) == 1
    for table in (tables.ENTITIES, tables.QUOTES):  # what they repeat of the article agrees with it
        assert {r["published_at"] for r in rows(storage, table)} == {found[0]["published_at"]}


def test_two_revisions_with_two_dates_in_one_unit(storage: Storage) -> None:
    first = an_article("a1", collected_at=NOON)
    later = an_article("a1", text=TEXT + " More.", collected_at=NOON + 60, published_at=NOON - 9 * DAY)
    for order in ((first, later), (later, first)):
        put(storage, *order)
        check_whole(storage, first, later)
        assert {r["published_at"].timestamp() for r in rows(storage, tables.ARTICLES)} == {first.published_at}


def test_the_same_article_twice_in_one_unit() -> None:
    other = an_article("a1", feed_url="http://zz.example/rss", entry=an_entry("other"), published_at=NOON - 2 * DAY)
    made = []
    for order in ((an_article("a1"), other), (other, an_article("a1"))):
        storage = Locked()
        put(storage, *order)
        check_whole(storage, an_article("a1"))
        made.append(everything(storage))
    assert made[0] == made[1]


def test_two_forms_of_one_revision_keep_their_own_offsets() -> None:
    spaced = an_article("a1", text="\u00a0 " + TEXT.replace("\n\n", "   "), feed_url="http://zz.example/rss")
    plain = an_article("a1")
    assert spaced.revision_id == plain.revision_id
    for order in ((plain, spaced), (spaced, plain)):
        storage = Locked()
        put(storage, *order)
        (article,) = rows(storage, tables.ARTICLES)
        for entity in rows(storage, tables.ENTITIES):
            for mention in entity["mentions"]:
                assert article["text"][mention["start"] : mention["end"]] == mention["text"]
        (quote,) = rows(storage, tables.QUOTES)
        assert article["text"][quote["start"] : quote["end"]] == quote["text"]


def test_fitting_takes_a_set_that_does_not_fit_rather_than_none() -> None:
    article = an_article("a1")
    bad = QuoteSet(
        article_id="a1", revision_id=article.revision_id,
        quotes=[msgspec.structs.replace(a_quote(article, 0, 6), text="other!")],
    )  # fmt: skip
    assert Parts(QuoteSet, [bad]).of(article) == bad
    assert Parts(EntitySet, [EntitySet(article_id="b", revision_id="c", entities=[])]).of(article) is None


# --- a crash at each write ----------------------------------------------------------------------------


def crashed(kind: type[InMemory], at: int, late: bool, articles: list[Article]) -> InMemory:
    storage = kind()
    storage.crash_at, storage.late = at, late
    with pytest.raises(Crash):
        put(storage, *articles)
    storage.crash_at = None
    return storage


def writes_of(articles: list[Article]) -> int:
    storage = Locked()
    put(storage, *articles)
    return storage.writes


ALL_WRITES = [(n, late) for n in range(1, 7) for late in (False, True)]


def test_the_crashes_cover_every_write() -> None:
    assert writes_of(THREE) == 6


@pytest.mark.parametrize("kind", [Locked, InMemory])
@pytest.mark.parametrize(("at", "late"), ALL_WRITES)
def test_crash_then_the_same_again(kind: type[InMemory], at: int, late: bool) -> None:
    storage = crashed(kind, at, late, THREE)
    put(storage, *THREE)
    sweep(storage)
    check_whole(storage, *THREE)
    clean = kind()
    put(clean, *THREE)
    assert everything(storage) == everything(clean)


@pytest.mark.parametrize("kind", [Locked, InMemory])
@pytest.mark.parametrize(("at", "late"), ALL_WRITES)
def test_crash_then_another_grouping(kind: type[InMemory], at: int, late: bool) -> None:
    storage = crashed(kind, at, late, THREE)
    sweep(storage)
    for n, article in enumerate(THREE):
        put(storage, article, unit=Unit(NOON + 60 * n, shard_of(article.article_id, 3), 3))
    check_whole(storage, *THREE)


@pytest.mark.parametrize("kind", [Locked, InMemory])
@pytest.mark.parametrize(("at", "late"), ALL_WRITES)
def test_crash_then_the_world_answers_otherwise(kind: type[InMemory], at: int, late: bool) -> None:
    storage = crashed(kind, at, late, THREE)
    there = set(keys(storage))
    # The same unit again with other texts, another date and one article less.
    retried = [an_article("a1", text=TEXT + " More."), an_article("b2", published_at=NOON - DAY)]
    put(storage, *retried)
    sweep(storage)
    every = {(a.article_id, a.revision_id): a for a in [*THREE, *retried]}
    wanted = there | {(a.article_id, a.revision_id) for a in retried}
    check_whole(storage, *(every[k] for k in wanted))
    days: dict[str, set[date]] = {}
    for row in rows(storage, tables.ARTICLES):
        days.setdefault(row["article_id"], set()).add(row["day"])
    assert all(len(d) == 1 for d in days.values())


@pytest.mark.parametrize(("at", "late"), ALL_WRITES)
def test_a_crash_leaves_only_what_a_sweep_takes(at: int, late: bool) -> None:
    storage = crashed(Locked, at, late, THREE)
    sweep(storage)
    names = {(f.day, f.name) for f in storage.files(tables.ARTICLES)}
    for table in (tables.ENTITIES, tables.QUOTES):
        assert {(f.day, f.name) for f in storage.files(table)} <= names
    assert sweep(storage) == 0


def test_sweep_leaves_whole_batches_alone(storage: Storage) -> None:
    put(storage, *THREE)
    before = everything(storage)
    assert sweep(storage) == 0
    assert everything(storage) == before


# --- names and files ----------------------------------------------------------------------------------


def test_names() -> None:
    storage = Locked()
    put(storage, an_article("a1"), unit=Unit(NOON, 2, 8))
    (name,) = {f.name for t in JOINED for f in storage.files(t)}
    assert re.fullmatch(r"20180911T120000-2of8-[0-9a-f]{16}\.parquet", name)
    (row,) = rows(storage, tables.ARTICLES)
    assert name == f"20180911T120000-2of8-{row['batch_id']}.parquet"


def test_may_hold() -> None:
    shard = shard_of("a1", 8)
    assert may_hold(f"20180911T120000-{shard}of8-0123456789abcdef.parquet", ["a1"])
    assert not may_hold(f"20180911T120000-{(shard + 1) % 8}of8-0123456789abcdef.parquet", ["a1"])
    assert may_hold("compacted-0123.parquet", ["a1"])


@pytest.mark.parametrize("table", JOINED)
def test_files(table: str) -> None:
    storage = Locked()
    put(storage, *(an_article(f"x{n}", published_at=NOON - 60 * n) for n in range(20)))
    (file,) = storage.files(table)
    made = pq.ParquetFile(io.BytesIO(storage.read(file)))
    assert made.schema_arrow.equals(tables.SCHEMAS[table], check_metadata=False)
    assert made.schema_arrow.metadata[b"idlib-watch.schema_version"] == tables.SCHEMA_VERSION.encode()
    assert made.schema_arrow.field("published_at").type == tables.TIME
    meta = made.metadata.row_group(0)
    columns = [meta.column(i) for i in range(meta.num_columns)]
    assert {c.compression for c in columns} == {"ZSTD"}
    assert all(c.is_stats_set for c in columns)
    by = tables.SORTED_BY[table]
    order = [tuple(row[c] for c in by) for row in made.read().to_pylist()]
    assert order == sorted(order)
    assert len(order) >= 20


def test_times_are_utc() -> None:
    storage = Locked()
    put(storage, an_article("a1", published_at=NOON - 0.25, collected_at=NOON))
    (row,) = rows(storage, tables.ARTICLES)
    assert row["published_at"] == datetime(2018, 9, 11, 11, 59, 59, 750_000, tzinfo=timezone.utc)
    assert row["collected_at"].timestamp() == NOON


@pytest.mark.parametrize(("at", "day"), [(NOON - 43_200, "2018-09-11"), (NOON - 43_201, "2018-09-10")])
def test_the_day_is_the_utc_day(at: float, day: str) -> None:
    storage = Locked()
    put(storage, an_article("a1", published_at=at))
    assert {f.day.isoformat() for t in JOINED for f in storage.files(t)} == {day}


def test_ids_reads_a_file_once() -> None:
    storage = Locked()
    put(storage, an_article("a1"))
    ids, read = Ids(storage), []
    original = storage.read
    storage.read = lambda file: read.append(file) or original(file)  # type: ignore[func-returns-value,method-assign]
    for _ in range(3):
        assert ids.held({"a1"})["a1"].revisions == {an_article("a1").revision_id}
    assert len(read) == 1
    assert ids.held({"zz"}) == {}
