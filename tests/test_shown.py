"""The reader's side: what comes from feeds and pages reaches no terminal, log line or spreadsheet as it is.

Attack strings are put wherever the world can put a text, and every form of every command is looked at, byte by byte.
"""

from __future__ import annotations

import csv
import io
import json
import logging
import re
import struct
import warnings
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from pipelines import annotate, check, cli, explain, feeds, query, report
from schemas.records import FeedState
from tests.test_explain import name, url
from tests.test_query import NOON, put, row
from transforms.fetch import printable

ATTACKS = (
    "\x1b[2J\x1b[31mred", "\x1b]0;title\x07", "\x1b]8;;http://evil.example\x1b\\here", "\x9b31m", "\x90payload\x9c",
    "a\r\nidlib-watch: all is well", "a\rb", "a\x0b\x0c\x85\u2028\u2029b", "\u202egnp.exe\u202c", "\u2066\u2067\u2068x\u2069",
    "\x00\x01\x08\x7f", "=HYPERLINK(\"http://evil.example\")", "+1+cmd|'/c calc'!A1", "-2+3", "@SUM(A1)", "\t=1", "\n=1", "＝1+1",
    "a;=1+1", "<script>alert(1)</script>", "\ufeff=1", "[bold]rich[/]", "\u061c\u200f\u200e=1",
)  # fmt: skip
ALL = " ".join(ATTACKS).replace("\x00", "")
# Whatever a terminal may act on, or that turns what is read; a line feed ends our own lines.
ACTS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")


def held(text: str) -> str:
    """Parquet holds texts without NUL and half characters; that is made sure of before it is written."""
    return text.replace("\x00", "")


@pytest.fixture
def dataset(tmp_path: Path) -> Path:
    root = tmp_path / "out"
    path = "story"
    told = json.dumps({"title": ALL, "summary": ALL}).encode()
    put(root, "articles", "a", row(
        "articles", article_id=name(path), revision_id="r1", entry_id=name(path), url=url(path), canonical_url=url(path),
        feed_url=ALL, outlet=ALL, title=ALL, author=ALL, level="core", relevance=0.87, collected_at=NOON, text=ALL,
        text_from="page", matched=[{"term": ALL, "kind": "place", "count": 3}]))  # fmt: skip
    put(root, "quotes", "a", *(
        row("quotes", article_id=name(path), revision_id="r1", quote_id=str(n), text=held(attack), speaker=held(attack), confidence=0.87)
        for n, attack in enumerate(ATTACKS)))  # fmt: skip
    put(root, "rejects", "a", row("rejects", reject_id="1", article_id=name("gone"), url=url("gone"), feed_url=ALL, stage="fetch",
                                  reason="http_4xx", error=ALL, input=told, at=NOON))  # fmt: skip
    state = FeedState(failures=2, due=2e9, moved_to=f"http://x/{ALL}", because=ALL, seen={name(path): "f"})
    put(root, "polls", "a", row("polls", poll_id="1", feed_url=ALL, outlet=ALL, at=NOON, reason="bad_response", error=ALL, redirect=ALL,
                                state=msgspec.msgpack.encode(state), restated=True),
        row("polls", poll_id="2", feed_url="http://b.example/", outlet=ALL, at=NOON - timedelta(hours=1), reason="ok", redirect=ALL,
            state=msgspec.msgpack.encode(state), restated=True))  # fmt: skip
    return root


def unharmed(told: pytest.CaptureFixture[str], tabs: bool = False) -> str:
    """What a command printed, in which nothing acts. ``tabs``: of CSV, where a text keeps its own."""
    out, err = told.readouterr()
    for stream in (out.replace("\t", "") if tabs else out, err):
        found = ACTS.search(stream)
        assert found is None, f"{found[0]!a} in {stream[max(found.start() - 40, 0) : found.start() + 40]!a}"
    return out


TABLES = ("articles", "quotes", "rejects", "polls", "owed")


@pytest.mark.parametrize("form", [(), ("--json",), ("--max_width", "0"), ("--rows", "1")])
@pytest.mark.parametrize("view", TABLES)
def test_query(view: str, form: tuple[str, ...], dataset: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert query.main(["--output", str(dataset), *form, f"SELECT * FROM {view}"]) == 0
    unharmed(capsys)


def test_query_json_is_exact(dataset: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert query.main(["--output", str(dataset), "--json", "SELECT text FROM quotes ORDER BY quote_id::INTEGER"]) == 0
    assert [one["text"] for one in json.loads(unharmed(capsys))] == [held(attack) for attack in ATTACKS]


def cells(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text)))


@pytest.mark.parametrize("terminal", [False, True])
@pytest.mark.parametrize("view", TABLES)
def test_query_csv(
    view: str, terminal: bool, dataset: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = ["--output", str(dataset), "--csv", f"SELECT * FROM {view}"]
    monkeypatch.setattr("sys.stdout.isatty", lambda: terminal, raising=False)
    assert query.main(asked) == 0
    out = capsys.readouterr().out
    # A tab moves the cursor and no more; in quotation marks it parts no cells. On a terminal not even that.
    assert not ACTS.search(out if terminal else out.replace("\t", ""))
    for line in cells(out):
        for cell in line:
            assert not re.match(r"[=+@\t\n\r＝]|-(?!\d+$)", cell), cell


def test_numbers_in_csv_stay_numbers(dataset: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sql = "SELECT -1 AS a, -1.5::DOUBLE AS b, '-7' AS c, '+963' AS d, -0.25::DECIMAL(5,2) AS e, true AS f, '-7 dead' AS g, -1e300 AS h"
    assert query.main(["--output", str(dataset), "--csv", sql]) == 0
    assert cells(capsys.readouterr().out)[1] == ["-1", "-1.5", "-7", "+963", "-0.25", "true", "'-7 dead", "-1e+300"]


def test_offsets_into_a_csv_cell_hold(dataset: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = "a\x1bb\u202ec\n\nd“e”\u200ff"
    assert report.csv_text(text) == '"a␛b�c\n\nd“e”\u200ff"'
    assert len(report.csv_text(text)) == len(text) + 2


def test_floats_have_their_own_digits(dataset: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sql = "SELECT confidence AS a, [0.1::FLOAT, NULL] AS b, {'x': 0.3::FLOAT, 'y': [{'z': 0.7::FLOAT}]} AS c, 0.1::DOUBLE + 0.2::DOUBLE AS d, 'nan'::FLOAT AS e, MAP {'k': 0.2::FLOAT} AS f FROM quotes LIMIT 1"
    assert query.main(["--output", str(dataset), "--json", sql]) == 0
    [told] = json.loads(capsys.readouterr().out)
    assert told == {
        "a": 0.87,
        "b": [0.1, None],
        "c": {"x": 0.3, "y": [{"z": 0.7}]},
        "d": 0.30000000000000004,
        "e": None,
        "f": {"k": 0.2},
    }
    assert query.main(["--output", str(dataset), "--csv", sql]) == 0
    assert cells(capsys.readouterr().out)[1][:2] == ["0.87", "[0.1, null]"]
    assert explain.main(["--output", str(dataset), "--json", url("story")]) == 0
    assert json.loads(capsys.readouterr().out)["revisions"][0]["relevance"] == 0.87


@pytest.mark.parametrize("bits", [*range(0, 2**32, 9_999_991)])
def test_the_shortest_digits_are_the_same_float(bits: int) -> None:
    (value,) = struct.unpack("f", struct.pack("I", bits))
    if value == value:
        assert struct.pack("f", query.shortest(value)) == struct.pack("f", value)


@pytest.mark.parametrize("form", [(), ("--json",)])
@pytest.mark.parametrize("path", ["story", "gone", "never" + ALL])
def test_explain(path: str, form: tuple[str, ...], dataset: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert explain.main(["--output", str(dataset), *form, url(path)]) in {0, 1, 2}
    unharmed(capsys)


@pytest.mark.parametrize("width", ["40", "110", "300"])
@pytest.mark.parametrize("form", [(), ("--json",), ("--csv",)])
def test_feeds(
    form: tuple[str, ...], width: str, dataset: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setenv("COLUMNS", width)
    listed = tmp_path / "list.txt"
    listed.write_bytes(f"http://b.example/ | {ALL}\nfile:///{ALL}\n".replace("\t", " ").encode())
    for more in ((), ("--feeds", str(listed))):
        assert feeds.main(["--output", str(dataset), *form, *more]) == 0
        unharmed(capsys, tabs="--csv" in form)
    assert check.main([str(listed), *form, "--timeout", "1"]) in {0, 1}
    unharmed(capsys, tabs="--csv" in form)


@pytest.mark.parametrize("form", [("--title", ALL), ("--json", "--title", ALL), ("--jsonl",)])
def test_annotate(form: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "text"
    text = f"IDLIB, Syria — “{ALL},” said Ward Sallum{ATTACKS[0]} in Saraqib.\n\n" + "\n".join(
        f"“We saw {a} twelve times,” he said." for a in ATTACKS
    )
    file.write_text(json.dumps({"id": ALL, "text": text}) if "--jsonl" in form else text, encoding="utf-8", newline="")
    assert annotate.main([*form, str(file)]) == 0
    assert "Ward Sallum" in unharmed(capsys)


@pytest.mark.parametrize(
    "argv",
    [
        ["query", "--output", f"/no/{ALL}", "SELECT 1"], ["explain", "--output", "/none", f"http://a/{ALL}"], [ALL], ["annotate", f"/no/{ALL}"],
        ["feeds", "--output", f"/no/{ALL}"], ["feeds", "check", f"/no/{ALL}"], ["feeds", "check", "x", "--contact", ALL],
        ["feeds", "check", f"http://{ALL}/"], ["collect", "--output", "x", "--feeds", f"/no/{ALL}"], ["collect", ALL],
        ["collect", "--output", "x", "--contact", ALL], ["collect", "--output", "x", "--topic", ALL],
    ],
    ids=lambda argv: " ".join(argv)[:24].encode("ascii", "replace").decode().replace("\x1b", "?"),
)  # fmt: skip
def test_mistakes(argv: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(argv) == 2
    told = capsys.readouterr()
    assert not ACTS.search(told.out + told.err) and len(told.err.splitlines()) == 1, told.err


@pytest.mark.parametrize("attack", ATTACKS)
def test_errors_that_servers_cause_are_one_line(attack: str) -> None:
    assert not ACTS.search(printable(attack)) and "\n" not in printable(attack)


@pytest.mark.parametrize("attack", ATTACKS)
def test_log_lines(attack: str) -> None:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(report.SafeFormatter("%(levelname).1s %(message)s"))
    log = logging.Logger("shown")
    log.addHandler(handler)
    log.warning("page said %s", attack)
    assert len(stream.getvalue().splitlines()) == 1 and not ACTS.search(stream.getvalue())
    try:
        raise ValueError(attack)
    except ValueError:
        log.exception("failed")
    assert not ACTS.search(stream.getvalue())


def test_warnings_of_libraries_become_log_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.StringIO()
    monkeypatch.setattr("sys.stderr", stream)
    logging.captureWarnings(False)  # a run in this process may have begun it
    before = logging.root.handlers[:]
    logging.root.handlers[:] = []
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("always")
            report.log_safely()
            warnings.warn(f"tzname {ATTACKS[0]} identified but not understood", stacklevel=1)
    finally:
        logging.captureWarnings(False)
        logging.root.handlers[:] = before
    assert "not understood" in stream.getvalue() and not ACTS.search(stream.getvalue())


def test_the_line_of_progress_is_numbers(dataset: Path) -> None:
    from collections import Counter

    from pipelines.progress import progress_line

    assert not ACTS.search(progress_line(Counter({f"poll/{ALL}": 3, ALL: 2})))
