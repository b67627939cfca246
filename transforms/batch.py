"""The rows of a batch, and their bytes as Parquet: made in slices, so that memory does not follow the batch."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timezone
from typing import Any, TypeVar

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from schemas import tables
from schemas.records import Article, BatchPart, EntitySet, Mention, Quote, QuoteSet
from transforms.coders import decode, encode

Key = tuple[str, str]  # article_id, revision_id
P = TypeVar("P", EntitySet, QuoteSet)
SLICE = 200  # articles whose rows are in memory at once
ROW_GROUP = 1_000  # rows, at least, of a row group


class Parts:
    """The entity or quote sets of a batch, by article revision; kept encoded until they are written."""

    def __init__(
        self, kind: type[EntitySet] | type[QuoteSet], sets: Iterable[EntitySet | QuoteSet | BatchPart]
    ) -> None:
        self._kind = kind
        self._found: dict[Key, list[bytes]] = {}
        for made in sets:
            data = made.data if isinstance(made, BatchPart) else encode(made)
            known = self._found.setdefault((made.article_id, made.revision_id), [])
            if data not in known:
                known.append(data)

    def of(self, article: Article) -> Any:
        """The set of ``article``, or None.

        Two forms of one text can be one revision (spacing and case do not count), but their offsets differ:
        the set whose spans lie in this text is taken.
        """
        made = [decode(self._kind, data) for data in sorted(self._found.get(key_of(article), ()))]
        return next((m for m in made if fits(article.text, m)), made[0] if made else None)

    def encoded(self, key: Key) -> list[bytes]:
        """What is held for a revision, in a fixed order."""
        return sorted(self._found.get(key, ()))


def key_of(article: Article) -> Key:
    """What a revision is known by."""
    return (article.article_id, article.revision_id)


def fits(text: str, made: EntitySet | QuoteSet) -> bool:
    """Whether every span of ``made`` lies in ``text`` as it says."""
    spans: Iterable[Mention | Quote] = (
        made.quotes if isinstance(made, QuoteSet) else (m for e in made.entities for m in e.mentions)
    )
    return all(text[s.start : s.end] == s.text for s in spans)


def batch_id(batch: list[Article], parts: Mapping[str, Parts]) -> str:
    """A hash of all that the batch holds, in sixteen hex digits: the same content makes the same name."""
    content = hashlib.blake2b(digest_size=8)
    for article in sorted(batch, key=key_of):
        for data in (encode(article), *(d for table in sorted(parts) for d in parts[table].encoded(key_of(article)))):
            content.update(len(data).to_bytes(8, "big") + data)
    return content.hexdigest()


def batch_file(table: str, batch: list[Article], parts: Mapping[str, Parts], name: str) -> tuple[bytes, int]:
    """The bytes of one table's file of the batch called ``name``, and the number of its rows."""
    order = (lambda a: (a.published_at, *key_of(a))) if table == tables.ARTICLES else key_of
    ordered = sorted(batch, key=order)
    sink, count = io.BytesIO(), 0
    waiting: list[pa.Table] = []
    with pq.ParquetWriter(sink, tables.SCHEMAS[table], compression="zstd", write_statistics=True) as writer:
        for start in range(0, len(ordered), SLICE):
            rows = [row for a in ordered[start : start + SLICE] for row in _rows(table, a, parts, name)]
            count += len(rows)
            waiting.append(pa.Table.from_pylist(rows, schema=tables.SCHEMAS[table]))
            if sum(t.num_rows for t in waiting) >= ROW_GROUP:
                writer.write_table(pa.concat_tables(waiting))
                waiting = []
        if waiting:
            writer.write_table(pa.concat_tables(waiting))
    return sink.getvalue(), count


def _rows(table: str, article: Article, parts: Mapping[str, Parts], name: str) -> Iterator[dict[str, Any]]:
    row = {f: getattr(article, f) for f in article.__struct_fields__}
    row["published_at"], row["collected_at"] = utc(article.published_at), utc(article.collected_at)
    if table == tables.ARTICLES:
        lists = {n: [msgspec.structs.asdict(x) for x in getattr(article, n)] for n in ("matched", "figures", "changes")}
        yield row | lists | {"entry_id": article.entry.article_id, "batch_id": name}
        return
    made = parts[table].of(article)
    shared = {column: row[column] for column in ("article_id", "revision_id", "outlet", "language", "published_at")}
    if isinstance(made, EntitySet):
        for entity in sorted(made.entities, key=lambda e: e.entity_id):
            mentions = [msgspec.structs.asdict(m) for m in entity.mentions]
            yield msgspec.structs.asdict(entity) | shared | {"mentions": mentions, "count": len(mentions)}
    elif isinstance(made, QuoteSet):
        for quote in sorted(made.quotes, key=lambda q: (q.start, q.end, q.quote_id)):
            yield msgspec.structs.asdict(quote) | shared


def to_table(table: str, rows: list[dict[str, Any]]) -> pa.Table:
    """Rows as an Arrow table of the table's schema, in the table's order."""
    made = pa.Table.from_pylist(rows, schema=tables.SCHEMAS[table])
    return made.sort_by([(column, "ascending") for column in tables.SORTED_BY[table]])


def to_parquet(table: pa.Table) -> bytes:
    """The table as the bytes of a Parquet file: zstd, with statistics."""
    sink = io.BytesIO()
    pq.write_table(table, sink, compression="zstd", write_statistics=True)
    return sink.getvalue()


def utc(at: float) -> datetime:
    """Seconds since the epoch as a time in UTC."""
    return datetime.fromtimestamp(at, timezone.utc)
