"""Views, query and shell: right whatever the files hold, and safe to look at."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipelines import query, report
from schemas import tables, views
from schemas.errors import UserError
from transforms.storage import LocalStorage, ObjectStorage, Storage
from transforms.views import connect

DAY = date(2018, 9, 11)
NOON = datetime(2018, 9, 11, 12, tzinfo=timezone.utc)
BLANK: dict[Any, Any] = {pa.string(): "", pa.bool_(): False, pa.binary(): b"{}", tables.TIME: NOON}


def row(table: str, **values: Any) -> dict[str, Any]:
    """A row with ``values``; the rest is null, or blank where null is not allowed."""
    made = {}
    for column in tables.TABLES[table]:
        blank = [] if isinstance(column.type, pa.ListType) else BLANK.get(column.type, 0)
        made[column.name] = None if column.null_when else blank
    assert set(values) <= set(made)
    return made | values


def put(root: Path, table: str, name: str, *rows: dict[str, Any], day: date = DAY, without: str = "") -> None:
    made = pa.Table.from_pylist(list(rows), schema=tables.SCHEMAS[table])
    folder = root / table / f"date={day}"
    folder.mkdir(parents=True, exist_ok=True)
    pq.write_table(made.drop_columns([without]) if without else made, folder / f"{name}.parquet")


def article(name: str, revision: str, hour: int = 0, **more: Any) -> dict[str, Any]:
    at = NOON + timedelta(hours=hour)
    return row("articles", article_id=name, revision_id=revision, collected_at=at, entry_id=name, **more)


def entity(name: str, revision: str, entity_id: str) -> dict[str, Any]:
    return row("entities", article_id=name, revision_id=revision, entity_id=entity_id, name=entity_id)


def quote(name: str, revision: str, quote_id: str, text: str = "words") -> dict[str, Any]:
    return row("quotes", article_id=name, revision_id=revision, quote_id=quote_id, text=text)


@pytest.fixture
def dataset(tmp_path: Path) -> Path:
    """An article in two revisions, rows that stand twice, and parts of a batch that never came to exist."""
    root = tmp_path / "it's [1] o*f"
    put(root, "articles", "one", article("a", "r2", 0), article("a", "r1", 5, title="late"))
    put(root, "articles", "two", article("a", "r2", 9), article("b", "r1"), article("b", "r1"))
    put(root, "entities", "one", entity("a", "r2", "old"), entity("a", "r1", "new"), entity("a", "r1", "new"))
    put(root, "entities", "two", entity("b", "r1", "kept"), entity("a", "r2", "old"))
    put(root, "entities", "aaa-orphan", entity("b", "r1", "orphan"), entity("c", "r1", "orphan"))
    put(root, "quotes", "one", quote("a", "r1", "q1"), quote("a", "r2", "q0"))
    put(root, "quotes", "orphan", quote("c", "r1", "q9"))
    return root


def ask(root: Path | str, sql: str) -> list[tuple[Any, ...]]:
    with connect(str(root)) as connection:
        return connection.execute(sql).fetchall()


def test_an_article_is_one_row_in_its_latest_revision(dataset: Path) -> None:
    # r2 came first; its second copy, written later, does not make it the latest.
    assert ask(dataset, "SELECT article_id, revision_id FROM articles ORDER BY 1") == [
        ("a", "r1"),
        ("b", "r1"),
    ]
    assert ask(dataset, "SELECT title FROM articles WHERE article_id = 'a'") == [("late",)]


def test_a_revision_is_one_row_and_its_first_copy_counts(dataset: Path) -> None:
    found = ask(dataset, "SELECT article_id, revision_id, hour(collected_at) FROM article_revisions ORDER BY 1, 2")
    assert found == [("a", "r1", 17), ("a", "r2", 12), ("b", "r1", 12)]


def test_of_two_revisions_at_once_the_greater_id_counts(tmp_path: Path) -> None:
    put(tmp_path, "articles", "one", article("a", "r1"), article("a", "r9"), article("a", "r5"))
    assert ask(tmp_path, "SELECT revision_id FROM articles") == [("r9",)]


def test_entities_are_of_the_latest_revision_and_of_no_orphan(dataset: Path) -> None:
    assert ask(dataset, "SELECT article_id, name FROM entities ORDER BY 1, 2") == [
        ("a", "new"),
        ("b", "kept"),
    ]
    found = ask(dataset, "SELECT article_id, name FROM entity_revisions ORDER BY 1, 2")
    assert found == [("a", "new"), ("a", "old"), ("b", "kept")]


def test_quotes_likewise(dataset: Path) -> None:
    assert ask(dataset, "SELECT quote_id FROM quotes") == [("q1",)]
    assert ask(dataset, "SELECT quote_id FROM quote_revisions ORDER BY 1") == [("q0",), ("q1",)]


def test_the_partition_is_a_date(dataset: Path) -> None:
    assert ask(dataset, "SELECT DISTINCT date, typeof(date) FROM articles") == [(DAY, "DATE")]


def test_parts_of_compacted_files_count_though_their_names_differ(tmp_path: Path) -> None:
    put(tmp_path, "articles", "compacted", article("a", "r1"))
    put(tmp_path, "quotes", "not-yet", quote("a", "r1", "q1"))
    assert ask(tmp_path, "SELECT quote_id FROM quotes") == [("q1",)]


def test_a_table_without_files_is_empty_and_has_its_columns(dataset: Path) -> None:
    with connect(str(dataset)) as connection:
        for view, table in views.TABLE_OF.items():
            described = [r[0] for r in connection.execute(f"DESCRIBE {view}").fetchall()]
            assert described == [*(c.name for c in tables.TABLES[table]), "date"]
    assert ask(dataset, "SELECT count(*) FROM polls") == [(0,)]
    assert ask(dataset, "SELECT count(*) FROM owed") == [(0,)]


def test_types_without_files_are_those_of_files(tmp_path: Path) -> None:
    for table in tables.TABLES:
        put(tmp_path / "full", table, "x", row(table))
    put(tmp_path / "other", "polls", "x", row("polls"))
    put(tmp_path / "third", "rejects", "x", row("rejects"))
    for table in tables.TABLES:
        wanted = ask(tmp_path / "full", f"SELECT column_name, column_type FROM (DESCRIBE {table})")
        empty = "third" if table == "polls" else "other"
        assert ask(tmp_path / empty, f"SELECT column_name, column_type FROM (DESCRIBE {table})") == wanted


def test_a_column_that_an_older_version_did_not_write_is_null(tmp_path: Path) -> None:
    put(tmp_path, "polls", "old", row("polls", poll_id="1"), without="restated")
    assert ask(tmp_path, "SELECT poll_id, restated FROM polls") == [("1", None)]
    put(tmp_path, "polls", "new", row("polls", poll_id="2", restated=True))
    assert ask(tmp_path, "SELECT poll_id, restated FROM polls ORDER BY 1") == [("1", None), ("2", True)]


def test_logs_hold_each_row_once(tmp_path: Path) -> None:
    put(tmp_path, "rejects", "a", row("rejects", reject_id="1"), row("rejects", reject_id="1"))
    put(tmp_path, "rejects", "b", row("rejects", reject_id="1"), row("rejects", reject_id="2"))
    assert ask(tmp_path, "SELECT reject_id FROM rejects ORDER BY 1") == [("1",), ("2",)]


def owing(name: str, hour: int, retryable: bool) -> dict[str, Any]:
    at = NOON + timedelta(hours=hour)
    return row("rejects", reject_id=f"{name}{hour}{retryable}", article_id=name, at=at, retryable=retryable)


def test_owed_is_what_neither_came_nor_was_given_up(tmp_path: Path) -> None:
    put(tmp_path, "rejects", "r", owing("waits", 0, False), owing("waits", 1, True), owing("came", 1, True),
        owing("ended", 1, True), owing("ended", 2, False), owing("older", 3, True),
        owing("both", 1, False), owing("both", 1, True))  # fmt: skip
    put(tmp_path, "articles", "a", article("came", "r1", 2), article("older", "r1", 2))
    assert ask(tmp_path, "SELECT article_id FROM owed ORDER BY 1") == [("both",), ("older",), ("waits",)]


def test_on_an_object_store_the_views_are_the_same(dataset: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Bucket(ObjectStorage):
        local = LocalStorage(str(dataset))

        def files(self, table: str, since: date | None = None) -> Any:
            return self.local.files(table, since)

        def read(self, file: Any) -> bytes:
            return self.local.read(file)

    wanted = {view: ask(dataset, f"SELECT * FROM {view} ORDER BY ALL") for view in views.MEANING}
    monkeypatch.setattr(Storage, "at", staticmethod(Bucket))
    monkeypatch.setattr("transforms.views._check", lambda output: None)
    for view, rows in wanted.items():
        assert ask("gs://bucket/prefix", f"SELECT * FROM {view} ORDER BY ALL") == rows
    with pytest.raises(UserError, match="--database needs a local"):
        connect("gs://bucket/prefix", "x.duckdb")


# --- the command --------------------------------------------------------------------------------------


def test_table(dataset: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert query.main(["--output", str(dataset), "SELECT article_id, 1.5 AS n FROM articles ORDER BY 1"]) == 0
    assert capsys.readouterr().out == "article_id    n\n──────────  ───\na           1.5\nb           1.5\n"


def test_long_texts_are_cut_and_rows_limited(dataset: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sql = "SELECT repeat('x', 500) AS t FROM range(9)"
    assert query.main(["--output", str(dataset), "--max_width", "0", f"SELECT repeat('x', 300) AS {'y' * 200}"]) == 0
    assert "x" * 300 in capsys.readouterr().out
    assert query.main(["--output", str(dataset), " "]) == 2
    assert "SQL: there is none" in capsys.readouterr().err
    assert query.main(["--output", str(dataset), "--rows", "2", "--max_width", "10", sql]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[2:] == ["xxxxxxxxx…"] * 2 + ["… and 7 more rows; --rows 0 shows all"]


def test_many_columns_stand_one_under_the_other(dataset: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert query.main(["--output", str(dataset), "SELECT * FROM articles WHERE article_id = 'a'"]) == 0
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert ["article_id", "a"] in lines
    assert ["author", "–"] in lines


def test_csv_and_json_are_whole(dataset: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sql = (
        "SELECT 'a\x1b\u202e,\n\"b' AS t, published_at AS p, [1, 2] AS l, NULL AS n, '{}'::BLOB AS input "
        "FROM articles LIMIT 1"
    )
    assert query.main(["--output", str(dataset), "--csv", sql]) == 0
    assert list(csv.reader(io.StringIO(capsys.readouterr().out))) == [
        ["t", "p", "l", "n", "input"],
        ['a␛�,\n"b', "2018-09-11T12:00:00Z", "[1, 2]", "", "{}"],  # as JSON is exact, and a spreadsheet is not to act
    ]
    assert query.main(["--output", str(dataset), "--json", sql]) == 0
    out = capsys.readouterr().out
    assert json.loads(out) == [
        {"t": 'a\x1b\u202e,\n"b', "p": "2018-09-11T12:00:00Z", "l": [1, 2], "n": None, "input": "{}"}
    ]
    assert out.replace("\n", "").isprintable()


@pytest.mark.parametrize("char", ["\x1b", "\x07", "\x7f", "\x9b", "\u202e", "\u2066", "\u2028", "\n", "\x00"])
def test_nothing_that_a_terminal_acts_on_is_shown(
    char: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    put(tmp_path, "quotes", "one", quote("a", "r", "q", text=f"a{char}[31mb"))
    put(tmp_path, "articles", "one", article("a", "r"))
    assert (
        query.main(
            [
                "--output",
                str(tmp_path),
                f'SELECT text, [text] AS l, 1 AS "x{char if char != chr(0) else ""}" FROM quotes',
            ]
        )
        == 0
    )
    shown = capsys.readouterr().out
    assert char == "\n" or char not in shown
    assert "[31mb" in shown
    assert query.main(["--output", str(tmp_path), f"SELECT * FROM quotes WHERE nope{char}"]) == 2
    assert char == "\n" or char not in capsys.readouterr().err


def test_arabic_and_joiners_stay() -> None:
    text = "إدلب می‌خواهم 👩‍🚒"
    assert report.safe(text) == text


def test_columns_share_the_width() -> None:
    assert report.share([5, 9], 40) == [5, 9]
    assert report.share([5, 100, 9, 40], 60) == [5, 23, 9, 23]
    assert sum(report.share([7, 8, 9], 22)) == 22
    assert report.share([], 10) == []


@pytest.mark.parametrize(
    ("sql", "wanted"),
    [
        ("SELECT * FROM nope", 'Table with name nope does not exist! .*at "nope"'),
        ("SELEC 1", 'syntax error at or near "SELEC"'),
        ("SELECT nope FROM articles", '"nope" not found'),
        ("SELECT 'x'::INTEGER", "Could not convert"),
        ("SELECT * FROM 'no.parquet'", "No files found"),
    ],
)
def test_a_mistake_in_sql_is_one_line(dataset: Path, sql: str, wanted: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert query.main(["--output", str(dataset), sql]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert len(told.err.splitlines()) == 1
    with pytest.raises(UserError, match=wanted):
        query.run_sql(connect(str(dataset)), sql, query.Form())


@pytest.mark.parametrize(
    ("arguments", "wanted"),
    [
        (["--output", "{tmp}/none", "SELECT 1"], "no such folder"),
        (["--output", "{tmp}", "SELECT 1"], "holds no tables yet"),
        (["--output", __file__, "SELECT 1"], "is a file; name the folder that idlib-watch collect wrote"),
        (["SELECT 1"], "--output is missing"),
        (["--output", "nope://x/y", "SELECT 1"], "--output nope://x/y: cannot be read"),
        (["--output", "{tmp}", "--csv", "--json", "SELECT 1"], "choose one"),
        (["--output", "{tmp}", "--rows", "-1", "SELECT 1"], "no whole number"),
        (["--output", "{tmp}", "--outptu", "x", "SELECT 1"], "unrecognized arguments"),
    ],
)
def test_mistakes(tmp_path: Path, arguments: list[str], wanted: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert query.main([a.replace("{tmp}", str(tmp_path)) for a in arguments]) == 2
    told = capsys.readouterr().err
    assert wanted in told
    assert len(told.splitlines()) == 1


def test_database_opens_elsewhere_and_sees_new_files(
    dataset: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(dataset.parent)
    for _ in range(2):  # a second time the views are made anew
        assert query.main(["--output", dataset.name, "--database", "views.duckdb"]) == 0
    monkeypatch.chdir("/")
    with duckdb.connect(str(tmp_path / "views.duckdb"), read_only=True) as connection:
        assert connection.execute("SELECT count(*) FROM articles").fetchall() == [(2,)]
        put(dataset, "articles", "three", article("d", "r1"))
        assert connection.execute("SELECT count(*) FROM articles").fetchall() == [(3,)]
    (tmp_path / "text").write_text("no database, but a text that is somewhat longer than its header")
    assert query.main(["--output", str(dataset), "--database", str(tmp_path / "text")]) == 2
    assert "cannot be written" in capsys.readouterr().err


def test_shell(dataset: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    lines = iter(
        [
            ".tables",
            ".columns quotes",
            ".columns x",
            "SELECT 40",
            "  + 2 AS n;",
            "SELEC;",
            "",
            ".help",
            ".quit",
            "never",
        ]
    )
    monkeypatch.setattr("builtins.input", lambda _: next(lines))
    with connect(str(dataset)) as connection:
        query.shell(connection, query.Form(), "out")
    out = capsys.readouterr().out
    assert "one row per article, in its latest revision" in out
    assert "the words, without quotation marks" in out
    assert "'x' is no view" in out
    assert " n\n──\n42\n" in out
    assert "syntax error" in out
    assert next(lines) == "never"


def test_statements_from_standard_input(dataset: Path) -> None:
    command = [sys.executable, "-m", "pipelines.query", "--output", str(dataset), "--csv"]
    done = subprocess.run(command, input="SELECT 1 AS a; SELECT 2 AS b;", capture_output=True, text=True, check=True)
    assert done.stdout == "a\n1\nb\n2\n"


def test_a_reader_that_has_seen_enough_is_no_error(dataset: Path) -> None:
    command = '"$PYTHON" -m pipelines.query --output "$DATASET" --csv "FROM range(1000000)" | head -1'
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command],
        env={"DATASET": str(dataset), "PYTHON": sys.executable},
        capture_output=True,
        text=True,
    )
    assert (done.stdout, done.stderr, done.returncode) == ("range\n", "", 0)


def test_neither_beam_nor_spacy_is_imported(dataset: Path) -> None:
    code = (
        "import sys; from pipelines.query import main; main(sys.argv[1:]); "
        "print(sorted({'apache_beam', 'spacy', 'aiohttp', 'trafilatura'} & set(sys.modules)))"
    )
    command = [sys.executable, "-c", code, "--output", str(dataset), "SELECT count(*) FROM articles"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
