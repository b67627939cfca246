"""One commit per batch, which can be repeated.

A batch is what one shard of article ids brings in one window of the tick's time, for one day of
publication. Its three files carry one name, which is a hash of what they hold; entities and quotes are
written first and articles last, so that a batch exists if and only if its articles file does. Before it
writes, the commit looks: what the tables hold already, under any day, is left out.
"""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timezone
from typing import Any, NamedTuple, TypeVar

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from schemas import tables
from schemas.records import Article, EntitySet, Mention, Quote, QuoteSet
from transforms.identity import shard_of
from transforms.memory import read_columns
from transforms.storage import DataFile, Storage, day_of

P = TypeVar("P", EntitySet, QuoteSet)
_NAME = re.compile(r"(\d{8}T\d{6})-(\d+)of(\d+)-([0-9a-f]{16})\.parquet")


class Unit(NamedTuple):
    """What is committed at once: a window of ticks (its start) and a shard of article ids."""

    window: float
    shard: int
    shards: int

    @property
    def prefix(self) -> str:
        return f"{datetime.fromtimestamp(self.window, timezone.utc):%Y%m%dT%H%M%S}-{self.shard}of{self.shards}-"


@dataclass(frozen=True)
class Held:
    """An article in the tables: its revisions and the date that was decided for it."""

    published_at: float
    published_from: str
    day: date
    revisions: frozenset[str]


@dataclass
class Result:
    """What a commit did with its articles."""

    written: list[Article] = field(default_factory=list)
    left_out: list[Article] = field(default_factory=list)  # the tables hold the revision already
    entities: int = 0
    quotes: int = 0


class Ids:
    """Which revisions the tables hold. Files never change, so what was read is kept by name."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self._files: dict[tuple[date, str], list[tuple[str, str, float, str]]] = {}

    def held(self, names: set[str], leaving: str | None = None) -> dict[str, Held]:
        """What is held of the articles ``names``, under any day; files named ``leaving`` are passed over."""
        found: dict[str, Held] = {}
        for file in self._storage.files(tables.ARTICLES):
            if file.name == leaving or not may_hold(file.name, names):
                continue
            for name, revision, published_at, published_from in self._rows(file):
                if name in names:
                    old = found.get(name)
                    revisions = (old.revisions if old else frozenset()) | {revision}
                    found[name] = Held(published_at, published_from, file.day, revisions)
        return found

    def _rows(self, file: DataFile) -> list[tuple[str, str, float, str]]:
        key = (file.day, file.name)
        if key not in self._files:
            columns = ["article_id", "revision_id", "published_at", "published_from"]
            rows = read_columns(self._storage, file, columns).to_pylist()
            self._files[key] = [
                (r["article_id"], r["revision_id"], r["published_at"].timestamp(), r["published_from"]) for r in rows
            ]
        return self._files[key]


def may_hold(name: str, ids: Iterable[str]) -> bool:
    """Whether a file of this name can hold one of ``ids``; a name of another kind can hold any."""
    at = _NAME.fullmatch(name)
    return at is None or any(shard_of(i, int(at[3])) == int(at[2]) for i in ids)


def commit(
    unit: Unit,
    articles: Iterable[Article],
    entities: Iterable[EntitySet],
    quotes: Iterable[QuoteSet],
    storage: Storage,
    ids: Ids,
) -> Result:
    """Write what the tables do not hold of one unit. Doing it again, or after a crash, changes nothing."""
    # Of an article that came twice the first counts, whatever the order in which the runner hands them over.
    by_key = {(a.article_id, a.revision_id): a for a in sorted(articles, key=_came, reverse=True)}
    parts = _Parts(fitting(by_key, entities), fitting(by_key, quotes))
    result = Result()
    if not by_key:
        return result
    with storage.exclusive():
        _sweep_unit(unit, storage)
        held = ids.held({name for name, _ in by_key})
        fresh: list[tuple[date, Article]] = []
        for article in sorted(by_key.values(), key=lambda a: (a.collected_at, a.article_id, a.revision_id)):
            known = held.get(article.article_id)
            if known is not None and article.revision_id in known.revisions:
                result.left_out.append(article)
                continue
            if known is not None:  # the date is decided once; a revision stays in its partition
                article = msgspec.structs.replace(
                    article, published_at=known.published_at, published_from=known.published_from
                )
            day = known.day if known is not None else day_of(article.published_at)
            revisions = known.revisions if known is not None else frozenset()
            held[article.article_id] = Held(
                article.published_at, article.published_from, day, revisions | {article.revision_id}
            )
            fresh.append((day, article))
        for day in sorted({day for day, _ in fresh}):
            batch = [a for d, a in fresh if d == day]
            _write_batch(unit, day, batch, parts, storage, ids, result)
    return result


def _came(article: Article) -> tuple[float, str, str, str, str]:
    return (article.collected_at, article.feed_url, article.entry.article_id, article.url or "", article.text)


def fitting(articles: Mapping[tuple[str, str], Article], sets: Iterable[P]) -> dict[tuple[str, str], P]:
    """For each article the set of parts whose spans lie in its text.

    Two forms of one text can be one revision (spacing and case do not count), but their offsets differ.
    """
    found: dict[tuple[str, str], P] = {}
    for made in sets:
        key = (made.article_id, made.revision_id)
        if key in articles and (key not in found or not _fits(articles[key].text, found[key])):
            found[key] = made
    return found


def _fits(text: str, made: EntitySet | QuoteSet) -> bool:
    spans: Iterable[Mention | Quote] = (
        made.quotes if isinstance(made, QuoteSet) else (m for e in made.entities for m in e.mentions)
    )
    return all(text[s.start : s.end] == s.text for s in spans)


class _Parts(NamedTuple):
    entities: Mapping[tuple[str, str], EntitySet]
    quotes: Mapping[tuple[str, str], QuoteSet]


def _write_batch(
    unit: Unit, day: date, batch: list[Article], parts: _Parts, storage: Storage, ids: Ids, result: Result
) -> None:
    while batch:
        made = batch_tables(batch, parts.entities, parts.quotes)
        batch_id = made[tables.ARTICLES].column("batch_id")[0].as_py()
        name = f"{unit.prefix}{batch_id}.parquet"
        for table in (tables.ENTITIES, tables.QUOTES, tables.ARTICLES):
            if made[table].num_rows:
                storage.write(table, day, name, to_parquet(made[table]))
        rivals = _written_before(storage, ids, day, name, batch) if storage.settles else set()
        if not rivals:
            result.written += batch
            result.entities += made[tables.ENTITIES].num_rows
            result.quotes += made[tables.QUOTES].num_rows
            return
        result.left_out += [a for a in batch if (a.article_id, a.revision_id) in rivals]
        batch = [a for a in batch if (a.article_id, a.revision_id) not in rivals]
        for table in (tables.ARTICLES, tables.ENTITIES, tables.QUOTES):  # the batch ends before its parts do
            storage.delete(DataFile(table, day, name))


def _written_before(storage: Storage, ids: Ids, day: date, name: str, batch: list[Article]) -> set[tuple[str, str]]:
    """Revisions of ``batch`` that another writer's file, older than ours, holds too.

    An object store has no lock that ends with its holder. Both writers look again after they wrote: who
    came later sees the earlier file, by the store's own times (by name in the same instant), and yields.
    """
    files = {f.name: f for f in storage.files(tables.ARTICLES) if f.day == day or f.name != name}
    mine = files.get(name)
    if mine is None:
        return set()
    names = {a.article_id for a in batch}
    rivals: set[tuple[str, str]] = set()
    for file in files.values():
        older = (file.written, file.name) < (mine.written, mine.name)
        if file.name != name and older and may_hold(file.name, names):
            rivals |= {(row[0], row[1]) for row in ids._rows(file)}
    return {(a.article_id, a.revision_id) for a in batch} & rivals


def _sweep_unit(unit: Unit, storage: Storage) -> None:
    """Remove parts of this very unit's batches that never came to exist: a retry may make them otherwise.

    Not where there is no lock: they may be those of a twin that is about to write its articles. There
    they wait for the next start.
    """
    if storage.settles:
        return
    exist = {(f.day, f.name) for f in storage.files(tables.ARTICLES) if f.name.startswith(unit.prefix)}
    for table in (tables.ENTITIES, tables.QUOTES):
        for file in storage.files(table):
            if file.name.startswith(unit.prefix) and (file.day, file.name) not in exist:
                storage.delete(file)


def sweep(storage: Storage) -> int:
    """At a start: remove what a crash left of batches that never came to exist. The number of files."""
    with storage.exclusive():
        swept = storage.sweep_temporary()
        parts = [f for t in (tables.ENTITIES, tables.QUOTES) for f in storage.files(t)]
        exist = {(f.day, f.name) for f in storage.files(tables.ARTICLES)}
        for file in parts:
            if (file.day, file.name) not in exist:
                storage.delete(file)
                swept += 1
    return swept


def batch_tables(
    batch: list[Article],
    entities: Mapping[tuple[str, str], EntitySet],
    quotes: Mapping[tuple[str, str], QuoteSet],
) -> dict[str, pa.Table]:
    """The rows of a batch as Arrow tables, sorted, with the batch's id in them."""
    rows: dict[str, list[dict[str, Any]]] = {tables.ARTICLES: [], tables.ENTITIES: [], tables.QUOTES: []}
    for article in batch:
        key = (article.article_id, article.revision_id)
        row = {f: getattr(article, f) for f in article.__struct_fields__}
        row["published_at"], row["collected_at"] = _time(article.published_at), _time(article.collected_at)
        row["matched"] = [msgspec.structs.asdict(m) for m in article.matched]
        row["entry_id"] = article.entry.article_id
        shared = {name: row[name] for name in ("article_id", "revision_id", "outlet", "language", "published_at")}
        rows[tables.ARTICLES].append(row)
        for entity in entities[key].entities if key in entities else ():
            mentions = [msgspec.structs.asdict(m) for m in entity.mentions]
            rows[tables.ENTITIES].append(
                msgspec.structs.asdict(entity) | shared | {"mentions": mentions, "count": len(mentions)}
            )
        for quote in quotes[key].quotes if key in quotes else ():
            rows[tables.QUOTES].append(msgspec.structs.asdict(quote) | shared)
    digest = hashlib.blake2b(msgspec.msgpack.encode(rows, enc_hook=repr), digest_size=8).hexdigest()
    for row in rows[tables.ARTICLES]:
        row["batch_id"] = digest
    return {table: to_table(table, found) for table, found in rows.items()}


def to_table(table: str, rows: list[dict[str, Any]]) -> pa.Table:
    """Rows as an Arrow table of the table's schema, in the table's order."""
    made = pa.Table.from_pylist(rows, schema=tables.SCHEMAS[table])
    return made.sort_by([(column, "ascending") for column in tables.SORTED_BY[table]])


def to_parquet(table: pa.Table) -> bytes:
    """The table as the bytes of a Parquet file: zstd, with statistics."""
    sink = io.BytesIO()
    pq.write_table(table, sink, compression="zstd", write_statistics=True)
    return sink.getvalue()


def _time(at: float) -> datetime:
    return datetime.fromtimestamp(at, timezone.utc)
