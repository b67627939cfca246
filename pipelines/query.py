"""``idlib-watch query``: the tables in SQL, by DuckDB. Neither Beam nor spaCy is imported."""

from __future__ import annotations

import argparse
import contextlib
import struct
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipelines.options import Parser, one_form
from pipelines.report import console, ended, json_line, jsonable, print_rows, safe, tell, tell_csv
from schemas.errors import UserError

if TYPE_CHECKING:
    import duckdb

ROWS = 40
Row = tuple[Any, ...]
_LEAVE = frozenset({".quit", ".exit", ".q", "quit", "exit", "\\q"})  # those of other shells too
HELP = """\
.tables          the views and what they hold
.columns VIEW    its columns, with their types and meaning
.quit            or Ctrl-D
Anything else is SQL; it ends with a semicolon."""


@dataclass(frozen=True)
class Form:
    """How results are printed: ``table``, ``csv`` or ``json``; lengths are of tables only, 0 is no limit."""

    kind: str = "table"
    max_width: int = 60  # characters of a cell
    rows: int = ROWS


def parser() -> Parser:
    """The parser of ``idlib-watch query``."""
    made = Parser(
        prog="idlib-watch query",
        description="Ask the tables in SQL. Without SQL and without --database: a small shell.",
        epilog="The views: articles, entities, quotes (of the latest revision of each article), stories, "
        "article_revisions, entity_revisions, quote_revisions, rejects, owed, sightings, polls. "
        "docs/tables.md tells their columns.",
        allow_abbrev=False,
    )
    add = made.add_argument
    add("sql", nargs="?", metavar="SQL", help="one or more statements; - reads them from standard input")
    add("--output", metavar="DIR", help="where collect wrote: a folder or gs://bucket/prefix")
    add("--csv", action="store_true", help="print CSV, uncut")
    add("--json", action="store_true", help="print a JSON array of objects, uncut")
    add("--rows", type=_length, default=ROWS, metavar="N", help=f"show the first N rows ({ROWS}; 0: all)")
    add(
        "--max_width",
        type=_length,
        default=60,
        metavar="N",
        help="cut cells at N characters (60; 0: never, however wide the table gets)",
    )
    add("--database", metavar="FILE", help="write a DuckDB database with the views, for the duckdb command")
    add("--schema", action="store_true", help="print columns, stages and reasons in Markdown, and end")
    return made


def _length(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number; 0 is no limit")
    return int(text)


def main(argv: list[str] | None = None) -> int:
    """``idlib-watch query``; returns the exit status: 0, 2 for a mistake (told in one line), 130."""
    return ended(lambda: _query(parser().parse_args(argv)))


def _query(asked: Any) -> int:
    from transforms.views import connect

    if asked.schema:
        tell(schema_markdown())
        return 0
    one_form(asked)
    if not asked.output:
        raise UserError("--output is missing: name the folder that collect wrote")
    form = Form("csv" if asked.csv else "json" if asked.json else "table", asked.max_width, asked.rows)
    if asked.database:
        with contextlib.closing(connect(asked.output, asked.database)) as connection:
            if asked.sql:
                run_sql(connection, _sql(asked.sql), form)
            else:
                tell(f"{asked.database}: views on {asked.output}; open it with: duckdb {asked.database}")
        return 0
    with contextlib.closing(connect(asked.output)) as connection:
        if asked.sql is not None:
            run_sql(connection, _sql(asked.sql), form)
        elif sys.stdin.isatty():
            shell(connection, form, asked.output)
        else:
            run_sql(connection, _sql("-"), form)
    return 0


def _sql(argument: str) -> str:
    try:
        sql = sys.stdin.read() if argument == "-" else argument
        sql.encode()
    except UnicodeError:
        raise UserError("SQL: is not UTF-8 text") from None
    if not sql.strip():
        raise UserError("SQL: there is none; try 'SELECT * FROM articles LIMIT 5', or .help in the shell")
    return sql


def run_sql(connection: duckdb.DuckDBPyConnection, sql: str, form: Form) -> None:
    """Run the statements of ``sql`` and print what each answers; ``UserError`` with what DuckDB says."""
    import duckdb

    try:
        for statement in connection.extract_statements(sql):
            result = connection.execute(statement)
            if result.description:
                show(result, form)
    except (duckdb.Error, OverflowError, ValueError) as error:
        raise UserError(said(error)) from None


def said(error: Exception) -> str:
    """What DuckDB complains of, in one line, with the place that it points to."""
    text, _, place = str(error).partition("\n\nLINE ")
    line, _, caret = place.partition("\n")
    number, _, code = line.partition(": ")
    at = caret.find("^") - len(f"LINE {number}: ")
    near = code[max(at, 0) :].strip()[:40] if caret and at >= 0 else ""
    return "SQL: " + " ".join(text.split()) + (f' (line {number}, at "{near}")' if near else "")


def show(result: duckdb.DuckDBPyConnection, form: Form) -> None:
    """Print one result."""
    columns = unique([column[0] for column in result.description or []])
    types = [column[1] for column in result.description or []]
    ready = shortened(types)
    if form.kind == "csv":
        _show_csv(columns, result, ready)
    elif form.kind == "json":
        _show_json(columns, result, ready)
    else:
        rows = result.fetchmany(form.rows) if form.rows else result.fetchall()
        more = 0
        while form.rows and (chunk := result.fetchmany(10_000)):
            more += len(chunk)
        if not rows:
            console().print("no rows" if columns != ["Success"] else "done")
            return
        print_rows(columns, list(map(ready, rows)), form.max_width, [str(kind) for kind in types])
        if more:
            console().print(f"… and {more:,} more rows; --rows 0 shows all")


def unique(names: Sequence[str]) -> list[str]:
    """The names of a result's columns, told apart as DuckDB does it for tables: a, a_1, a_2."""
    found: list[str] = []
    for name in names:
        number, free = 0, name
        while free in found:
            number += 1
            free = f"{name}_{number}"
        found.append(free)
    return found


def _show_csv(columns: Sequence[str], result: duckdb.DuckDBPyConnection, ready: Callable[[Row], Row]) -> None:
    tell_csv(columns, ())
    while rows := result.fetchmany(1000):
        tell_csv(columns, map(ready, rows), header=False)


def _show_json(columns: Sequence[str], result: duckdb.DuckDBPyConnection, ready: Callable[[Row], Row]) -> None:
    before = "["
    while rows := result.fetchmany(1000):
        for row in map(ready, rows):
            told = {name: jsonable(value) for name, value in zip(columns, row, strict=True)}
            tell(f"{before}{json_line(told)}", end="")
            before = ",\n "
    tell("]" if before != "[" else "[]")


def shortened(kinds: Sequence[Any]) -> Callable[[Row], Row]:
    """Gives a row of a result of these DuckDB types its FLOATs in the fewest digits that are still the same FLOAT:
    Python has them as doubles, and would print 0.87 as 0.8700000047683716."""
    ways = [_way(kind) for kind in kinds]
    if not any(ways):
        return lambda row: row
    return lambda row: tuple(value if way is None else way(value) for way, value in zip(ways, row, strict=True))


def _way(kind: Any) -> Callable[[Any], Any] | None:
    """How values of a DuckDB type that holds FLOATs are shortened; None where it holds none."""
    if kind.id == "float":
        return lambda value: None if value is None else shortest(value)
    if kind.id in {"list", "array", "map"}:
        one = _way(dict(kind.children)["value" if kind.id == "map" else "child"])
        return None if one is None else lambda many: _each(one, many)
    if kind.id == "struct":
        ways = {name: way for name, child in kind.children if (way := _way(child)) is not None}
        if ways:
            return lambda found: found and {name: ways.get(name, _same)(value) for name, value in found.items()}
    return None


def _same(value: Any) -> Any:
    return value


def _each(one: Callable[[Any], Any], many: Any) -> Any:
    if isinstance(many, dict):
        return {name: one(value) for name, value in many.items()}
    return many and [one(value) for value in many]


def shortest(value: float) -> float:
    """The number with the fewest digits that is the same in four bytes as ``value`` is."""
    if not abs(value) < float("inf"):
        return value
    stored = struct.pack("f", value)
    return next((n for digits in range(6, 10) if struct.pack("f", n := float(f"{value:.{digits}g}")) == stored), value)


def shell(connection: duckdb.DuckDBPyConnection, form: Form, output: str) -> None:
    """Read statements until ``.quit``; a mistake is told, and the shell goes on."""
    with contextlib.suppress(ImportError):
        import readline  # noqa: F401  (input() then edits lines and keeps a history)
    tell(f"{output}: .tables shows the views, .help the rest; SQL ends with a semicolon; Ctrl-D leaves")
    held: list[str] = []
    while True:
        try:
            line = input("   ...> " if held else "query> ")
        except EOFError:
            tell()
            return
        except KeyboardInterrupt:
            tell()
            held = []
            continue
        try:
            if not held and (line.strip().startswith(".") or line.strip(" ;") in {*_LEAVE, "help"}):
                if not command(connection, line.strip(" ;")):
                    return
                continue
            held.append(line)
            if line.rstrip().endswith(";"):
                sql, held = "\n".join(held), []
                run_sql(connection, sql, form)
            elif not "".join(held).strip():
                held = []
        except UserError as error:
            tell(safe(str(error)))
        except KeyboardInterrupt:
            tell("stopped")


def command(connection: duckdb.DuckDBPyConnection, line: str) -> bool:
    """Do a command of the shell; false if it is the last one."""
    from schemas.views import COLUMNS, MEANING

    name, _, rest = line.partition(" ")
    if name in _LEAVE:
        return False
    if name == ".tables":
        counted = []
        for view, meaning in MEANING.items():
            counted.append((view, *connection.execute(f"SELECT count(*) FROM {view}").fetchall()[0], meaning))
        print_rows(["view", "rows", "holds"], counted, 0, ["VARCHAR", "BIGINT", "VARCHAR"])
    elif name == ".columns":
        wanted = rest.strip().strip(";")
        if wanted not in MEANING:
            raise UserError(f".columns: {wanted!r} is no view; there are {', '.join(MEANING)}")
        told = {c.name: c.meaning for c in COLUMNS[wanted]} | {"date": "the partition: a day, UTC"}
        found = connection.execute(f"DESCRIBE {wanted}").fetchall()
        print_rows(["column", "type", "meaning"], [(r[0], r[1], told.get(r[0], "")) for r in found], 0)
    else:
        tell(HELP)
    return True


def schema_markdown() -> str:
    """Every column, stage and reason, as docs/tables.md has them."""
    from schemas import reasons
    from schemas.tables import TABLES
    from schemas.views import STORIES, type_name

    lines: list[str] = []
    for table, columns in {**TABLES, "stories (a view)": STORIES}.items():
        lines += [f"### {table}", "", "| column | type | meaning | null when |", "|---|---|---|---|"]
        for c in columns:
            lines.append(f"| `{c.name}` | {type_name(c.type)} | {c.meaning} | {c.null_when or 'never'} |")
        lines += ["| `date` | date | the partition: a day, UTC | never |", ""]
    lists = {
        "Stages": reasons.STAGES,
        "How a poll ends": {**reasons.POLL, **reasons.TRANSPORT},
        "Reasons in rejects": reasons.REJECTS,
        "Reasons that are only counted": reasons.COUNTED_ONLY,
        "How an entry or an article was made safe": reasons.REDUCED,
        "What sets the time of the next poll": reasons.PACE,
    }
    for title, meanings in lists.items():
        lines += [f"### {title}", "", "| | |", "|---|---|"]
        lines += [*(f"| `{name}` | {meaning} |" for name, meaning in meanings.items()), ""]
    return "\n".join(lines).rstrip()


if __name__ == "__main__":
    sys.exit(main())
