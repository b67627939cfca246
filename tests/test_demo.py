"""What `make run` shows, and that a second run adds nothing."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from pipelines import demo, report
from pipelines.options import Settings
from schemas import reasons
from tests.newsday import site
from tests.newsday.day import free_base
from transforms.account import Line, asked_again, funnel, polls_line

ROOT = Path(__file__).parents[1]


def left(lines: list[Line]) -> list[tuple[str, int, int]]:
    """Each stage after the first: its text, its count, and what losses and gains before it leave."""
    found, running = [], lines[0].count
    for line in lines[1:]:
        if line.kind == "loss":
            running -= line.count
        elif line.kind == "gain":
            running += line.count
        elif line.kind == "stage":
            found.append((line.text, line.count, running))
            running = line.count
    return found


COUNTS = {
    "poll/ok": 3, "poll/http_5xx": 1, "poll/not_due": 2, "poll/entries": 100,
    "seen/unchanged_entry": 10, "parse/too_old": 1, "seen/duplicate": 4, "seen/seen": 5,
    "screen/screened_out": 50,
    "screen/maybe": 39, "fetch/page": 27, "fetch/whole_in_feed": 2, "fetch/refused": 3, "fetch/timeout": 2,
    "extract/http_4xx": 1, "extract/no_text": 1, "extract/article": 30, "judge/irrelevant": 6,
    "judge/kept": 24, "commit/unchanged_revision": 3, "commit/already_committed": 1, "commit/articles": 20,
    "commit/entities": 50, "commit/quotes": 9, "us/annotate": 2_500_000, "us/commit": 10_000,
}  # fmt: skip


def test_the_funnel_adds_up() -> None:
    # 34 pages for 30 new articles: four were owed from earlier runs.
    assert asked_again(COUNTS) == 4
    assert all(count == expected for _, count, expected in left(funnel(COUNTS)))
    assert [line.count for line in funnel(COUNTS) if line.kind == "part"] == [27, 2, 3]


@pytest.mark.parametrize(
    ("stage", "reason"), [("fetch", r) for r in reasons.TRANSPORT] + [("judge", "passing_mention")]
)
def test_every_loss_has_a_line(stage: str, reason: str) -> None:
    lines = funnel({f"{stage}/{reason}": 7})
    assert [(line.count, line.text) for line in lines if line.loss] == [(7, reasons.REJECTS[reason])]


def test_polls_line() -> None:
    assert polls_line(COUNTS) == "4 feeds polled: 3 ok, 1 http_5xx, 2 not due"
    assert polls_line(COUNTS, "poll") == "4 polls of feeds: 3 ok, 1 http_5xx, 2 not due"
    assert polls_line({}) == "no feeds"


def test_account(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    report.print_account(COUNTS, Settings(feeds=None, output=str(tmp_path)), [])
    out = capsys.readouterr().out
    assert "-50  screened_out: title and summary do not speak of the topic" in out
    assert "+4  pages owed from before" in out
    assert "annotate 2.5 s" in out
    assert "new: 20 articles, 50 entities, 9 quotes" in out
    report.print_account(Counter({"poll/not_due": 2}), Settings(feeds=None, output=str(tmp_path)), [])
    assert "nothing is new\n" in capsys.readouterr().out
    report.print_account(Counter({"poll/ok": 2}), Settings(feeds=None, output=str(tmp_path)), [], interrupted=True)
    out = capsys.readouterr().out
    assert "interrupted: what was not committed will be asked for again" in out and "nothing is new" not in out


def test_a_calm_day_has_no_passing_faults() -> None:
    restless, calm = site.build(20_000, 1), site.build(20_000, 1, calm=True)
    assert {key for key in restless if restless[key] != calm[key]} == {
        key for key in restless if restless[key].flaky or restless[key].status == 503
    }
    assert not any(resource.flaky or resource.status == 503 for resource in calm.values())


def run(*arguments: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pipelines.demo", *arguments]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=240)


def test_a_port_that_is_taken_is_told_in_one_line(tmp_path: Path) -> None:
    base = free_base()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", base + 3))
        taken.listen()
        done = run("--port", str(base), "--output", str(tmp_path))
    assert done.returncode == 2
    assert done.stdout == ""
    assert re.fullmatch(rf"idlib-watch: .*port {base + 3} cannot be used.*--port .*\n", done.stderr)
    assert demo.main(["--port", "80"]) == 2
    assert demo.main(["--prot", "80"]) == 2


@pytest.mark.slow
def test_the_second_run_adds_nothing(tmp_path: Path) -> None:
    base = free_base()
    first = run("--port", str(base), "--output", str(tmp_path / "day"))
    assert first.returncode == 0, first.stderr
    assert "Traceback" not in first.stderr
    for title in (*demo.FIRST_ROWS, *demo.ANSWERS, "Go on with"):
        assert f"\n{title}\n" in first.stdout
    assert "\x1b" not in first.stdout
    assert "no row was added" not in first.stdout
    files = sorted(p for p in (tmp_path / "day").rglob("*.parquet"))
    second = run("--port", str(base), "--output", str(tmp_path / "day"))
    assert second.returncode == 0, second.stderr
    assert "18 not due" in second.stdout
    assert "nothing is new; the next feed is due at" in second.stdout
    rows = re.search(r"rows now: (.*)", first.stdout)
    assert rows
    assert f"no row was added to any table: {rows[1]}\n" in second.stdout
    assert sorted(p for p in (tmp_path / "day").rglob("*.parquet")) == files
