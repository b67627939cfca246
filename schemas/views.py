"""The views: what a reader is to see, whatever the files hold. DuckDB SQL as text; nothing is run here.

Files may hold a row twice (two writers, a compaction under way) and parts of a batch that never came to
exist. The views stand on ``raw.TABLE``, which gives a table's columns, ``date`` (the partition), and
``_file`` and ``_row``, which name a row; ``raw_view`` makes it of Parquet files. The keys of the rows that
count are found on narrow columns first, so that a query reads the texts of those rows only.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import pyarrow as pa

from schemas.reasons import OF_ONE_FEED
from schemas.tables import ARTICLES, ENTITIES, POLLS, QUOTES, REJECTS, SIGHTINGS, TABLES, TIME, Column

MEANING: Final[dict[str, str]] = {
    "articles": "one row per article, in its latest revision",
    "entities": "people, groups and places of those articles",
    "quotes": "who said what in those articles",
    "stories": "one row per story: copies of one text, whoever printed it",
    "article_revisions": "one row per revision of an article",
    "entity_revisions": "entities of every revision",
    "quote_revisions": "quotes of every revision",
    "rejects": "what left the way, and why",
    "owed": "pages that will be asked for again",
    "sightings": "one row per article and feed that carried it",
    "polls": "one row per poll of a feed",
}
"""The views with what they hold, in the order in which they are shown."""

TABLE_OF: Final[dict[str, str]] = {
    **{table: table for table in TABLES},
    "article_revisions": ARTICLES,
    "entity_revisions": ENTITIES,
    "quote_revisions": QUOTES,
    "owed": REJECTS,
}
"""The table whose columns a view has."""

STORIES: Final = [
    Column("story_id", pa.string(), "the story; that of its articles"),
    Column("article_id", pa.string(), "its head: the copy that was published first"),
    Column("title", pa.string(), "the head's headline"),
    Column("first_published", TIME, "when the head was published"),
    Column("last_published", TIME, "when its last copy was published"),
    Column("printings", pa.int64(), "articles that are copies of it, the head among them"),
    Column("outlets", pa.list_(pa.string()), "who printed it, in alphabetical order; those without a name left out"),
    Column("agency", pa.string(), "the agency that its earliest copy with a credit names", "none is credited"),
]

COLUMNS: Final[dict[str, list[Column]]] = {
    **{view: TABLES[table] for view, table in TABLE_OF.items()},
    "stories": STORIES,
}
"""The columns of each view, but for ``date``, which each has."""

_IDS: Final = {
    ENTITIES: "entity_id", QUOTES: "quote_id", REJECTS: "reject_id", SIGHTINGS: "sighting_id", POLLS: "poll_id"
}  # fmt: skip
_TYPES: Final = {
    pa.string(): "VARCHAR",
    pa.binary(): "BLOB",
    pa.bool_(): "BOOLEAN",
    pa.int32(): "INTEGER",
    pa.int64(): "BIGINT",
    pa.float32(): "FLOAT",
    pa.float64(): "DOUBLE",
}


def sql_type(kind: pa.DataType) -> str:
    """DuckDB's name of an Arrow type of our schemas; ``KeyError`` for one that they do not use."""
    if isinstance(kind, pa.ListType):
        return f"{sql_type(kind.value_type)}[]"
    if isinstance(kind, pa.StructType):
        return "STRUCT(" + ", ".join(f'"{f.name}" {sql_type(f.type)}' for f in _fields(kind)) + ")"
    if isinstance(kind, pa.TimestampType):
        return "TIMESTAMPTZ"
    return _TYPES[kind]


def type_name(kind: pa.DataType) -> str:
    """An Arrow type as the documentation names it."""
    if isinstance(kind, pa.ListType):
        return f"list of {type_name(kind.value_type)}"
    if isinstance(kind, pa.StructType):
        return "(" + ", ".join(f"{f.name} {type_name(f.type)}" for f in _fields(kind)) + ")"
    return "timestamp" if isinstance(kind, pa.TimestampType) else str(kind)


def _fields(kind: pa.StructType) -> list[pa.Field[Any]]:
    return [kind.field(i) for i in range(kind.num_fields)]


def text(value: str) -> str:
    """``value`` as an SQL string."""
    return "'" + value.replace("'", "''") + "'"


def parquet(root: str, table: str) -> str:
    """What stands after FROM for a table's files under the folder ``root``, taken literally."""
    plain = "".join(f"[{c}]" if c in "*?[" else c for c in root.rstrip("/"))
    files = f"{text(f'{plain}/{table}/date=*/*.parquet')}, union_by_name = true"
    if "=" in root:  # under .../outlet=x/ DuckDB would put x into the column outlet of every row
        return (
            "(SELECT *, filename, file_row_number, CAST(regexp_extract(filename, "
            "'date=([0-9-]+)[^=]*$', 1) AS DATE) AS date "
            f"FROM read_parquet({files}, hive_partitioning = false))"
        )
    return (
        f"read_parquet({files}, hive_partitioning = true, hive_types_autocast = false, hive_types = {{'date': DATE}})"
    )


def raw_view(table: str, source: str | None, present: Iterable[str] = ()) -> str:
    """``raw.TABLE`` over ``source`` (after FROM), or without rows where it is None.

    ``present`` are the columns that the source has; those that an older version did not write are null.
    """
    names = set(present)
    columns = [
        f'"{c.name}"' if c.name in names else f'CAST(NULL AS {sql_type(c.type)}) AS "{c.name}"' for c in TABLES[table]
    ]
    if source is None:
        keys, tail = "CAST(NULL AS DATE) AS date, '' AS _file, 0 AS _row", "WHERE false"
    else:
        keys, tail = "date, filename AS _file, file_row_number AS _row", f"FROM {source}"
    return f"CREATE OR REPLACE VIEW raw.{table} AS SELECT {', '.join(columns)}, {keys} {tail}"


def raw_table(table: str) -> str:
    """``raw.TABLE`` as an empty table to be filled, where files cannot be read in place."""
    columns = [f'"{c.name}" {sql_type(c.type)}' for c in TABLES[table]]
    columns += ["date DATE", "_file VARCHAR", "_row BIGINT"]
    return f"CREATE OR REPLACE TABLE raw.{table} ({', '.join(columns)})"


def views() -> list[str]:
    """The statements that make the views of ``MEANING`` over ``raw``, in order."""
    return [
        _revision_keys(),
        _select("article_revisions", ARTICLES, "raw.revision_keys"),
        _select("articles", ARTICLES, "(FROM raw.revision_keys WHERE latest)"),
        _stories(),
        *_parts("entity", "entities", ENTITIES),
        *_parts("quote", "quotes", QUOTES),
        _once(REJECTS),
        _once(POLLS),
        _owed(),
        _sightings(),
    ]


def _columns(table: str) -> str:
    return ", ".join([*(_column(c.name) for c in TABLES[table]), "date"])


def _column(name: str) -> str:
    # An article of a version that knew no stories is one of its own.
    return "coalesce(nullif(story_id, ''), article_id) AS story_id" if name == "story_id" else f'"{name}"'


def _select(view: str, table: str, keys: str) -> str:
    return f"""CREATE OR REPLACE VIEW {view} AS
SELECT {_columns(table)} FROM raw.{table} SEMI JOIN {keys} USING (_file, _row)"""


def _revision_keys() -> str:
    # Of a revision the first copy counts: a second one, written later, must not make it the latest.
    return f"""CREATE OR REPLACE VIEW raw.revision_keys AS
WITH first AS (
    SELECT article_id, revision_id, collected_at, date, _file, _row FROM raw.{ARTICLES}
    QUALIFY row_number() OVER (PARTITION BY article_id, revision_id ORDER BY collected_at, _file, _row) = 1
)
SELECT *, parse_filename(_file) AS _name,
    row_number() OVER (PARTITION BY article_id ORDER BY collected_at DESC, revision_id DESC) = 1 AS latest
FROM first"""


def _parts(one: str, view: str, table: str) -> list[str]:
    # A batch exists if its articles file does, and its three files carry one name. So of several files
    # with parts of a revision the one that is named as the article's counts, and no two are mixed.
    keys = f"""CREATE OR REPLACE VIEW raw.{one}_keys AS
WITH chosen AS (
    SELECT part.article_id, part.revision_id, part.{_IDS[table]}, part._file, part._row, latest
    FROM raw.{table} AS part JOIN raw.revision_keys AS known USING (article_id, revision_id)
    QUALIFY rank() OVER (
        PARTITION BY part.article_id, part.revision_id
        ORDER BY (parse_filename(part._file) = known._name AND part.date = known.date) DESC, part._file
    ) = 1
)
SELECT * FROM chosen
QUALIFY row_number() OVER (PARTITION BY article_id, revision_id, {_IDS[table]} ORDER BY _row) = 1"""
    return [
        keys,
        _select(f"{one}_revisions", table, f"raw.{one}_keys"),
        _select(view, table, f"(FROM raw.{one}_keys WHERE latest)"),
    ]


def _once(table: str) -> str:
    return f"""CREATE OR REPLACE VIEW {table} AS SELECT {_columns(table)} FROM raw.{table}
QUALIFY row_number() OVER (PARTITION BY {_IDS[table]} ORDER BY _file, _row) = 1"""


def _owed() -> str:
    # As a fresh start reads it back: of two rows of one tick the one that still owes counts.
    return f"""CREATE OR REPLACE VIEW owed AS
WITH last AS (
    SELECT * FROM {REJECTS} WHERE article_id IS NOT NULL AND stage NOT IN {OF_ONE_FEED}
    QUALIFY row_number() OVER (PARTITION BY article_id ORDER BY "at" DESC, retryable DESC) = 1
)
SELECT * FROM last WHERE retryable AND NOT EXISTS (
    SELECT 1 FROM raw.{ARTICLES} AS came
    WHERE came.entry_id = last.article_id AND came.collected_at >= last."at"
)"""


def _stories() -> str:
    order = "ORDER BY published_at, article_id"
    return f"""CREATE OR REPLACE VIEW stories AS
SELECT story_id, first(article_id {order}) AS article_id, first(title {order}) AS title,
    min(published_at) AS first_published, max(published_at) AS last_published, count(*) AS printings,
    coalesce(list(DISTINCT outlet ORDER BY outlet) FILTER (outlet IS NOT NULL), []) AS outlets,
    first(agency {order}) FILTER (agency IS NOT NULL) AS agency, first(date {order}) AS date
FROM {ARTICLES} GROUP BY story_id"""


def _sightings() -> str:
    # Of an article that is stored: each feed that carried it, be it under a link of its own (which the page's sighting
    # has, too), or in words that spoke of nothing (a reject of one feed's telling, with the entry as JSON).
    return f"""CREATE OR REPLACE VIEW sightings AS
WITH stored AS (SELECT DISTINCT article_id, entry_id FROM raw.{ARTICLES}),
told AS (
    SELECT sighting_id, article_id, feed_url, outlet, "at", url, title, published_at, date FROM raw.{SIGHTINGS}
    UNION ALL
    SELECT reject_id, article_id, feed_url, entry ->> 'outlet', "at", url, coalesce(entry ->> 'title', ''),
        to_timestamp(TRY_CAST(entry ->> 'published' AS DOUBLE)), date
    FROM (
        SELECT *, TRY_CAST(TRY(decode(input)) AS JSON) AS entry FROM raw.{REJECTS}
        WHERE stage IN {OF_ONE_FEED} AND article_id IS NOT NULL AND feed_url IS NOT NULL
    )
),
names AS (
    SELECT article_id AS name, article_id FROM stored
    UNION SELECT entry_id, article_id FROM stored
    UNION SELECT other.article_id, mine.article_id FROM raw.{SIGHTINGS} AS mine
        JOIN raw.{SIGHTINGS} AS other USING (url, feed_url, "at")
        SEMI JOIN stored ON stored.article_id = mine.article_id
)
SELECT sighting_id, names.article_id, feed_url, outlet, "at", url, title, published_at, date
FROM told JOIN names ON told.article_id = names.name
QUALIFY row_number() OVER (PARTITION BY names.article_id, feed_url ORDER BY "at", title, sighting_id) = 1"""
