"""One commit per batch, which can be repeated.

A batch is what one shard of article ids brings in one window of the tick's time, for one day of
publication. Its three files carry one name, which is a hash of what they hold; entities and quotes are
written first and articles last, so that a batch exists if and only if its articles file does. Before it
writes, the commit looks: what the tables hold already, under any day, is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timezone
from typing import NamedTuple

import msgspec

from schemas import tables
from schemas.records import Article, BatchPart, EntitySet, QuoteSet
from transforms.batch import Parts, batch_file, batch_id, key_of
from transforms.identity import shard_of
from transforms.memory import read_rows
from transforms.storage import DataFile, Storage, day_of

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
            rows = read_rows(self._storage, file, columns)
            if not rows:  # withdrawn; the same batch may be written again under its name
                return []
            self._files[key] = [
                (r["article_id"], r["revision_id"], r["published_at"], r["published_from"]) for r in rows
            ]
        return self._files[key]


def may_hold(name: str, ids: Iterable[str]) -> bool:
    """Whether a file of this name can hold one of ``ids``; a name of another kind can hold any."""
    at = _NAME.fullmatch(name)
    return at is None or any(shard_of(i, int(at[3])) == int(at[2]) for i in ids)


def commit(
    unit: Unit,
    articles: Iterable[Article],
    entities: Iterable[EntitySet | BatchPart],
    quotes: Iterable[QuoteSet | BatchPart],
    storage: Storage,
    ids: Ids,
) -> Result:
    """Write what the tables do not hold of one unit. Doing it again, or after a crash, changes nothing."""
    # Of an article that came twice the first counts, whatever the order in which the runner hands them over.
    came = sorted(articles, key=_came, reverse=True)
    by_key = {key_of(a): a for a in came}
    parts = {tables.ENTITIES: Parts(EntitySet, entities), tables.QUOTES: Parts(QuoteSet, quotes)}
    result = Result()
    if not by_key:
        return result
    result.left_out += [a for a in came if by_key[key_of(a)] is not a]
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


def _write_batch(
    unit: Unit, day: date, batch: list[Article], parts: Mapping[str, Parts], storage: Storage, ids: Ids, result: Result
) -> None:
    while batch:
        content = batch_id(batch, parts)
        name = f"{unit.prefix}{content}.parquet"
        written = {}
        for table in (tables.ENTITIES, tables.QUOTES, tables.ARTICLES):
            data, written[table] = batch_file(table, batch, parts, content)
            if written[table]:
                storage.write(table, day, name, data)
        rivals = _written_before(storage, ids, day, name, batch) if storage.settles else set()
        if not rivals:
            result.written += batch
            result.entities += written[tables.ENTITIES]
            result.quotes += written[tables.QUOTES]
            return
        result.left_out += [a for a in batch if key_of(a) in rivals]
        batch = [a for a in batch if key_of(a) not in rivals]
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
    return {key_of(a) for a in batch} & rivals


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
