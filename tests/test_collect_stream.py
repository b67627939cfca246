"""The same graph without end, on a real Prism."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

from tests.harness import DAY, PRISM, ROOT, Collector, Reader, Run, all_content, rows, subset, wait_until
from tests.newsday import cases
from tests.newsday.day import OUTLETS, NewsDay
from transforms.views import connect

pytestmark = pytest.mark.prism
Make = Callable[..., Collector]


def test_stream_makes_the_rows_that_runs_make(collector: Make, day: NewsDay, tmp_path: Path) -> None:
    run = collector(tmp_path / "once")
    run.once()
    day.phase(2)
    run.once("--force")
    run.once("--force")
    day.reset()
    day.phase(1)
    live, stream = tmp_path / "live", collector(tmp_path / "live")
    with Reader(live) as reader, stream.stream() as running:
        wait_until(lambda: len(rows(live, "articles")) >= 49, 60, running)
        day.phase(2)
        wait_until(lambda: len(rows(live, "articles")) >= 53, 60, running)
    assert not reader.broken and reader.seen
    # One page answers 503 twice. It is owed: asked for again after a minute, or at once by a start with --force.
    with stream.stream("--force") as running:
        wait_until(lambda: max(row["attempts"] for row in rows(live, "rejects")) == 2, 60, running)
    with stream.stream("--force") as running:
        wait_until(lambda: len(rows(live, "articles")) >= len(rows(tmp_path / "once", "articles")), 60, running)
    assert all_content(tmp_path / "once") == all_content(live)
    assert seen_and_told(tmp_path / "once") == seen_and_told(live)
    reasons = {row["reason"] for row in rows(live, "polls")}
    assert {"ok", "not_modified"} <= reasons


def seen_and_told(output: Path) -> tuple[list[tuple[str, str]], list[tuple[list[str]]]]:
    """Which feed carried which article, and which articles are one story."""
    with connect(str(output)) as connection:
        seen = connection.execute("SELECT article_id, feed_url FROM sightings ORDER BY ALL").fetchall()
        stories = connection.execute("SELECT list_sort(list(article_id)) FROM articles GROUP BY story_id ORDER BY 1")
        return seen, stories.fetchall()


@pytest.mark.parametrize(("number", "status"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)])
def test_a_signal_ends_it_cleanly(collector: Make, tmp_path: Path, number: int, status: int) -> None:
    run = collector().start("--streaming", "--commit_interval", "2s")
    wait_until(lambda: " feeds polled" in run.said, 60, run)
    run.kill(number)
    begun = time.monotonic()
    assert run.wait() == status, run.said
    assert time.monotonic() - begun < 15
    assert "Traceback" not in run.said and "stopping" in run.said
    assert not list((tmp_path / "out").rglob("*.part"))


def test_no_feed_is_polled_twice_while_a_stream_starts(day: NewsDay, tmp_path: Path) -> None:
    """A process that must import everything first: several ticks wait, and the first of them is slow."""
    out = tmp_path / "out"
    command = [sys.executable, "-m", "pipelines.cli", "collect", "--streaming", "--commit_interval", "9s"]
    command += ["--feeds", str(day.opml), "--output", str(out), *DAY, "--prism_location", str(PRISM)]
    with (tmp_path / "log").open("w") as log:
        process = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log)
    try:
        wait_until(lambda: len({row["feed_url"] for row in rows(out, "polls")}) == len(day.feeds), 90)
        time.sleep(12)  # what was polled meanwhile is written, too
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)
    assert set(Counter(row["feed_url"] for row in rows(out, "polls")).values()) == {1}
    screened = Counter((row["feed_url"], row["url"]) for row in rows(out, "rejects") if row["stage"] == "screen")
    assert set(screened.values()) == {1}


def test_the_feed_list_is_read_again_while_it_runs(collector: Make, day: NewsDay, tmp_path: Path) -> None:
    listed = tmp_path / "feeds.opml"
    subset(day.opml, listed, "8?.*relief-bulletin|updates")
    with collector(feeds=str(listed)).stream() as running:
        wait_until(lambda: bool(rows(tmp_path / "out", "polls")), 60, running)
        polled = {row["feed_url"] for row in rows(tmp_path / "out", "polls")}
        assert len(polled) < len(day.feeds)
        listed.write_text("<opml><broken")  # a bad edit: the last good list stays in force
        time.sleep(3)
        listed.write_text(Path(day.opml).read_text())
        wait_until(
            lambda: len({row["feed_url"] for row in rows(tmp_path / "out", "polls")}) == len(day.feeds),
            60,
            running,
        )


def test_a_dripping_host_holds_nobody_back(collector: Make, day: NewsDay, tmp_path: Path) -> None:
    """Rows are readable at most two commit intervals after their page was fetched, though one host drips."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen(8)
        threading.Thread(target=_drip, args=(server,), daemon=True).start()
        listed = tmp_path / "feeds.opml"
        drip = f"http://127.0.0.1:{server.getsockname()[1]}/feed.xml"
        listed.write_text(
            re.sub("</body>", f'<outline text="Drip" xmlUrl="{drip}"/></body>', Path(day.opml).read_text())
        )
        commit = 8.0
        out = tmp_path / "out"
        with collector(feeds=str(listed)).stream(commit=f"{commit}s") as running:
            late = _waits(running, out, day, 46)
        assert len(late) > 40
        assert max(late) <= 2 * commit, late[-5:]


def test_ten_seconds_between_pages_hold_no_row_back(collector: Make, day: NewsDay, tmp_path: Path) -> None:
    """A host's pages come ten seconds apart, and each is readable two commit intervals after it was fetched."""
    commit = 8.0
    with collector().stream("--page_delay=10s", commit=f"{commit}s") as running:
        late = _waits(running, tmp_path / "out", day, 16)
    assert len(late) >= 12
    assert max(late) <= 2 * commit, late[-5:]
    feeds = {spec.path for outlet in OUTLETS for spec in outlet.feeds} | set(cases.MOVED.values()) | {"/robots.txt"}
    asked: dict[str, list[float]] = {}
    for page in day.requests():
        if page["path"] not in feeds:
            asked.setdefault(page["host"], []).append(page["time"])
    gaps = [b - a for times in asked.values() for a, b in pairwise(times)]
    assert len(gaps) > 5 and min(gaps) > 9.5, sorted(gaps)


def _waits(running: Run, out: Path, day: NewsDay, enough: int) -> list[float]:
    """Seconds from a page's answer to its row, of the first ``enough`` articles; in order."""
    first_seen: dict[str, float] = {}

    def watch() -> bool:
        for row in rows(out, "articles"):
            first_seen.setdefault(row["url"], time.time())
        return len(first_seen) >= enough

    wait_until(watch, 90, running)
    fetched = {r["url"]: r["time"] for r in _pages(day)}
    return sorted(first_seen[u] - fetched[u] for u in first_seen if u in fetched)


def _pages(day: NewsDay) -> list[dict[str, object]]:
    return [{**r, "url": f"http://{r['host']}{r['path']}"} for r in day.requests() if r["status"] == 200]


def _drip(server: socket.socket) -> None:
    while True:
        try:
            connection, _ = server.accept()
        except OSError:
            return
        threading.Thread(target=_drop, args=(connection,), daemon=True).start()


def _drop(connection: socket.socket) -> None:
    try:
        connection.recv(4096)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/xml\r\n\r\n")
        for _ in range(600):
            connection.sendall(b" ")
            time.sleep(0.5)
    except OSError:
        pass
