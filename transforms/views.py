"""The tables in DuckDB: a connection with the views of ``schemas.views`` on a dataset."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from schemas import views
from schemas.errors import UserError
from schemas.tables import TABLES
from transforms.storage import LocalStorage, Storage

if TYPE_CHECKING:
    import duckdb


def connect(output: str, database: str = ":memory:") -> duckdb.DuckDBPyConnection:
    """A connection with the views on the dataset ``output``, a folder or ``gs://bucket/prefix``.

    A folder's files are read in place, with each query. On an object store their bytes are read once,
    here, into memory. ``database`` names a file for the views: they hold absolute paths, so any DuckDB can
    open it. Times are shown in UTC. Raises ``UserError`` where there is no dataset.
    """
    storage = Storage.at(output)
    local = isinstance(storage, LocalStorage)
    if local and Path(output).is_file():
        raise UserError(f"--output {output}: is a file; name the folder that idlib-watch collect wrote")
    if local and not Path(output).is_dir():
        raise UserError(f"--output {output}: no such folder; idlib-watch collect makes it")
    if not local and database != ":memory:":
        raise UserError("--database needs a local --output: its views read files by their paths")
    if not local:
        _check(output)
    files = {table: storage.files(table) for table in TABLES}
    if not any(files.values()):
        raise UserError(f"--output {output}: holds no tables yet; idlib-watch collect writes them")

    import duckdb

    try:
        connection = duckdb.connect(database)
    except duckdb.Error as error:
        said = " ".join(str(error).split())
        raise UserError(f"--database {database}: cannot be written: {said}; name another file") from None
    try:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute("CREATE SCHEMA IF NOT EXISTS raw")
        for table, found in files.items():
            if not found:
                connection.execute(views.raw_view(table, None))
            elif local:
                source = views.parquet(str(Path(output).resolve()), table)
                described = connection.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()
                connection.execute(views.raw_view(table, source, [row[0] for row in described]))
            else:
                _load(connection, storage, table)
        for statement in views.views():
            connection.execute(statement)
    except (duckdb.Error, OSError, ValueError) as error:  # pyarrow's errors are one or the other
        connection.close()
        theirs = database != ":memory:" and "already exists" in str(error)  # a table of their own has our name
        at = f"--database {database}" if theirs else f"--output {output}"
        said = str(error).partition("\n\nLINE ")[0]  # what follows is our own statement
        raise UserError(f"{at}: {' '.join(said.split())[:300]}") from None
    return connection


def _check(output: str) -> None:
    """Ask the object store once, before the patience of ``Storage`` begins: a slip is told at once."""
    from apache_beam.io.filesystems import FileSystems

    try:
        FileSystems.match([f"{output.rstrip('/')}/{next(iter(TABLES))}/*"], limits=[1])
    except Exception as error:
        said = " ".join(str(error).split())[:160]
        raise UserError(
            f"--output {output}: cannot be read: {said}; check the bucket's name and your credentials"
        ) from None


def _load(connection: duckdb.DuckDBPyConnection, storage: Storage, table: str) -> None:
    import pyarrow.parquet as pq

    connection.execute(views.raw_table(table))
    for file in storage.files(table):
        rows = pq.read_table(io.BytesIO(storage.read(file)))
        present = [c.name for c in TABLES[table] if c.name in rows.column_names]
        listed = ", ".join(f'"{name}"' for name in present)
        connection.register("incoming", rows)
        connection.execute(
            f"INSERT INTO raw.{table} ({listed}, date, _file, _row) "
            f"SELECT {listed}, CAST(? AS DATE), ?, row_number() OVER () FROM incoming",
            [file.day.isoformat(), storage.path(table, file.day, file.name)],
        )
        connection.unregister("incoming")


def rows(connection: duckdb.DuckDBPyConnection, sql: str, values: Sequence[Any] = ()) -> list[dict[str, Any]]:
    """The rows of a query, by the names of its columns."""
    result = connection.execute(sql, list(values))
    names = [column[0] for column in result.description or []]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]
