"""What the tests of the whole graph share: running it, reading its tables, and the truth to hold them to."""

from __future__ import annotations

import io
import itertools
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pyarrow.parquet as pq

ROOT = Path(__file__).resolve().parent.parent
PRISM = Path(os.environ.get("IDLIB_WATCH_PRISM") or ROOT / ".cache" / "prism" / "prism")
DAY = ("--allow_private", "127.0.0.1", "--max_age", "36500d", "--page_delay", "0", "--annotators", "1")
NO_PRISM = "Prism is not built: `make prism` does it (it needs Go)"


class Launcher:
    """See ``tests.launcher``."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.launcher"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        assert self._answer() == "ready"

    def _answer(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()

    def _ask(self, order: dict[str, Any]) -> int:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        return int(self._answer())

    def start(self, argv: list[str], log: Path, env: dict[str, str] | None = None) -> Run:
        log.touch()
        return Run(self, self._ask({"argv": argv, "log": str(log), "env": env or {}}), log)

    def wait(self, pid: int) -> int:
        return self._ask({"wait": pid})

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(20)


class Run:
    """A started process."""

    def __init__(self, launcher: Launcher, pid: int, log: Path) -> None:
        self._launcher, self.pid, self.log = launcher, pid, log
        self._status: int | None = None

    def kill(self, number: int = signal.SIGKILL) -> None:
        os.kill(self.pid, number)

    def wait(self) -> int:
        if self._status is None:
            self._status = self._launcher.wait(self.pid)
        return self._status

    @property
    def said(self) -> str:
        return self.log.read_text(errors="replace")


_runs = itertools.count()


class Collector:
    """Runs ``collect`` over one output."""

    def __init__(self, launcher: Launcher, feeds: str, output: str, folder: Path) -> None:
        self.launcher, self.feeds, self.output, self._folder = launcher, feeds, output, folder

    def start(self, *more: str, env: dict[str, str] | None = None) -> Run:
        log = self._folder / f"run{next(_runs)}.log"
        argv = ["collect", "--feeds", self.feeds, "--output", self.output, *DAY, *more]
        return self.launcher.start(argv, log, env)

    def once(self, *more: str, status: int = 0, env: dict[str, str] | None = None) -> str:
        run = self.start(*more, env=env)
        ended = run.wait()
        assert ended == status, f"status {ended}\n{run.said[-3000:]}"
        return run.said

    @contextmanager
    def stream(self, *more: str, commit: str = "2s", poll: str = "2s") -> Iterator[Run]:
        run = self.start(
            "--streaming", "--commit_interval", commit, "--poll_interval", poll, "--max_poll_interval", poll, *more
        )
        try:
            yield run
        finally:
            if run._status is None:
                wait_until(lambda: "output" in run.said, 60, run)  # it listens to signals by then
                run.kill(signal.SIGTERM)
                assert run.wait() == 0, run.said[-3000:]


def rows(output: str | Path, table: str) -> list[dict[str, Any]]:
    """All rows of all files of a table, with their partition."""
    found: list[dict[str, Any]] = []
    for path in sorted(Path(output, table).glob("date=*/*.parquet")):
        for row in pq.read_table(io.BytesIO(path.read_bytes())).to_pylist():
            found.append({**row, "date": path.parent.name[5:]})
    return found


def path_of(row: dict[str, Any]) -> str:
    """What stands for an article whatever the ports: outlet and path, or outlet and title without a link."""
    url = row.get("canonical_url")
    return f"{row['outlet']} {urlsplit(url).path if url else row['title']}"


_LATER = {"collected_at", "batch_id", "entry_id", "url", "canonical_url", "feed_url", "article_id", "revision_id",
          "quote_id", "date", "published_at"}  # fmt: skip


def content(output: str | Path, table: str) -> Counter[str]:
    """The table's rows as a multiset, less what differs between two runs (times, ports, ids that hold them)."""
    names = {(a["article_id"], a["revision_id"]): path_of(a) for a in rows(output, "articles")}
    found = []
    for row in rows(output, table):
        kept = {k: v for k, v in row.items() if k not in _LATER}
        if "quote_group" in kept:
            kept["quote_group"] = kept["quote_group"] == row["quote_id"]  # whether it is the first piece
        if row.get("published_from", "feed") != "collected":
            kept["published_at"] = row["published_at"].isoformat() if table == "articles" else None
        found.append(
            f"{names.get((row['article_id'], row['revision_id']))} {json.dumps(kept, sort_keys=True, default=str)}"
        )
    return Counter(found)


def all_content(output: str | Path) -> dict[str, Counter[str]]:
    """Articles, entities and quotes as multisets."""
    return {table: content(output, table) for table in ("articles", "entities", "quotes")}


def files(output: str | Path) -> dict[str, bytes]:
    """Every Parquet file by path, with its bytes."""
    return {str(p.relative_to(output)): p.read_bytes() for p in sorted(Path(output).rglob("*.parquet"))}


def wait_until(done: Callable[[], bool], seconds: float, run: Run | None = None) -> None:
    """Wait for ``done``; fails after ``seconds``."""
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, f"not within {seconds} s\n{run.said[-3000:] if run else ''}"
        time.sleep(0.1)


class Reader:
    """Reads every file as it appears, for as long as the block lasts: none may ever be half there."""

    def __init__(self, output: Path) -> None:
        self._output, self._end, self.seen, self.broken = output, threading.Event(), 0, list[str]()
        self._thread = threading.Thread(target=self._poll, daemon=True)

    def __enter__(self) -> Reader:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._thread.join()

    def _poll(self) -> None:
        known: set[Path] = set()
        while not self._end.wait(0.01):
            for path in self._output.rglob("*.parquet"):
                if path in known:
                    continue
                known.add(path)
                self.seen += 1
                try:
                    pq.read_table(io.BytesIO(path.read_bytes()))
                except FileNotFoundError:
                    continue
                except Exception as error:
                    self.broken.append(f"{path}: {error}")


def subset(opml: str | Path, target: Path, *names: str) -> str:
    """A feed list with the feeds whose URL ends with one of ``names`` ("8642/feeds/top.xml")."""
    urls = re.findall(r'xmlUrl="([^"]+)"', Path(opml).read_text())
    lines = [line for line in Path(opml).read_text().splitlines()
             if 'xmlUrl="' not in line or any(re.search(n, line) for n in names)]  # fmt: skip
    assert urls
    target.write_text("\n".join(lines))
    return str(target)
