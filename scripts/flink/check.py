"""Holds the graph on a real Flink cluster against the same day collected on this machine, row by row.

    bash scripts/flink/setup.sh
    python -m scripts.flink.check                    all parts; twenty minutes on two cores
    python -m scripts.flink.check calm killed        some: calm, killed, once, savepoint

calm: a stream. killed: a stream, while TaskManagers and Python workers are killed with -9 in mid-work.
once: without --streaming. savepoint: a stream that is stopped in mid-work with a savepoint and resumed from it.
Exit status 1 if a row is lost or doubled in any of them. Run by hand: it needs Java, some 4 GB of
memory, and patience.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from scripts.flink import cluster
from tests.harness import DAY, ROOT, all_content, rows
from tests.newsday.day import NewsDay
from transforms.commit import sweep
from transforms.storage import Storage

PARTS = ("calm", "killed", "once", "savepoint")
SEED = 20180911
KILLS = 8
SETTLED = 10.0  # seconds after a kill in which Flink notices it
DELAY = 200.0  # ms before each answer of the news day, so that there is a mid-work to kill in
PATIENCE = 600.0  # seconds for a stream to have all rows
STREAM = ["--streaming", "--commit_interval", "3s", "--poll_interval", "5s", "--max_poll_interval", "5s"]
# See docs/running.md for why each of these is needed.
EXACTLY_ONCE = ["--checkpointing_interval=2000", "--checkpointing_mode=EXACTLY_ONCE",
                "--finish_bundle_before_checkpointing"]  # fmt: skip
KEYS = {"articles": ("article_id", "revision_id"), "entities": ("article_id", "revision_id", "entity_id"),
        "quotes": ("quote_id",), "rejects": ("reject_id",), "polls": ("poll_id",)}  # fmt: skip
Content = dict[str, Counter[str]]


class Driver:
    """A running ``collect``."""

    def __init__(self, day: NewsDay, output: Path, *options: str) -> None:
        self.log = output.with_suffix(f".{time.time_ns()}.log")
        command = [sys.executable, "-m", "pipelines.cli", "collect", "--feeds", str(day.opml), "--output", str(output),
                   *DAY, *options]  # fmt: skip
        self.begun = time.monotonic()
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def wait(self) -> None:
        """Until it ends by itself; ``ClusterError`` where it fails."""
        status = self._process.wait(PATIENCE)
        if status:
            raise cluster.ClusterError(f"collect ended with status {status}; it said: {self._said()}")

    def look(self) -> None:
        """``ClusterError`` where it has ended though it should not."""
        if self._process.poll() is not None:
            raise cluster.ClusterError(f"collect ended too early; it said: {self._said()}")

    def leave(self) -> None:
        """Stop watching; the job goes on."""
        self._process.send_signal(signal.SIGTERM)
        self._process.wait(60)

    def end(self) -> None:
        """Leave, and end the job."""
        if self._process.poll() is None:
            self.leave()
        cluster.cancel()

    def _said(self) -> str:
        return " ".join(self.log.read_text(errors="replace").split())[-1500:]


@contextmanager
def driven(day: NewsDay, output: Path, *options: str) -> Iterator[Driver]:
    """A job on the cluster, gone at the end of the block."""
    driver = Driver(day, output, *options, *cluster.submission())
    try:
        yield driver
    finally:
        driver.end()


def wanted(day: NewsDay, folder: Path) -> tuple[Content, Content]:
    """What the day holds by runs on this machine: after the first, and after the evening and all that was owed."""
    output = folder / "here"
    Driver(day, output, "--runner=DirectRunner").wait()
    first = all_content(output)
    day.phase(2)
    for _ in range(2):  # a page answers 503 twice
        Driver(day, output, "--runner=DirectRunner", "--force").wait()
    day.reset()
    return first, all_content(output)


def grow(driver: Driver, output: Path, articles: int, meanwhile: Callable[[], None] = lambda: None) -> None:
    """Wait until the output has so many articles."""
    end = time.monotonic() + PATIENCE
    while len(rows(output, "articles")) < articles:
        driver.look()
        if time.monotonic() > end:
            raise cluster.ClusterError(f"{len(rows(output, 'articles'))} of {articles} articles in {PATIENCE:.0f} s")
        meanwhile()
        time.sleep(0.3)


class Killer:
    """Kills a TaskManager or a Python worker, each time when the work has gone on after the last kill."""

    def __init__(self, day: NewsDay) -> None:
        self._day, self._chance = day, random.Random(SEED)
        self.managers = self.workers = self._asked = 0
        self._struck = 0.0

    @property
    def kills(self) -> int:
        """So far."""
        return self.managers + self.workers

    def up_to(self, most: int) -> Callable[[], None]:
        """To be called again and again; kills until there were ``most`` kills."""

        def meanwhile() -> None:
            since = time.monotonic() - self._struck
            if self.kills >= most or since < SETTLED:
                return
            asked = len(self._day.requests())
            if self._asked < 0:
                self._asked = asked
            elif asked > self._asked:
                time.sleep(self._chance.uniform(0.2, 6.0))
                self._kill()
                self._asked, self._struck = -1, time.monotonic()

        return meanwhile

    def _kill(self) -> None:
        found = cluster.workers()
        if found and self.workers <= self.managers:
            os.kill(self._chance.choice(found), signal.SIGKILL)
            self.workers += 1
        else:
            number = self._chance.randint(1, cluster.MANAGERS)
            cluster.kill_manager(number)
            cluster.start_manager(number)
            self.managers += 1


def stream(day: NewsDay, output: Path, first: int, last: int, killer: Killer | None = None) -> str:
    """Collect the day and its evening as a stream; the figures."""

    def killing(most: int) -> Callable[[], None]:
        return killer.up_to(most) if killer else lambda: None

    with driven(day, output, *STREAM, *EXACTLY_ONCE) as driver:
        grow(driver, output, 1, killing(1))
        said = f"first commit {time.monotonic() - driver.begun:.0f} s after submission"
        grow(driver, output, first, killing(KILLS - 3))
        day.phase(2)
        grow(driver, output, last, killing(KILLS))
        said += f", all rows after {time.monotonic() - driver.begun:.0f} s"
        (job,) = cluster.running()
        if killer:
            while killer.kills < KILLS:  # the rows may have come too early for some
                killer.up_to(KILLS)()
                driver.look()
                time.sleep(0.3)
            begun = time.time()
            cluster.wait(lambda: polled_at(output) > begun, 300, "a poll after the last kill")
            said += f"; killed {killer.managers} TaskManagers and {killer.workers} Python workers with -9, "
            said += f"a poll from after the last kill was readable {time.time() - begun:.0f} s later"
        time.sleep(10)  # what is replayed now would double rows
        restored, completed = cluster.restored(job)
    return f"{said}; {completed} checkpoints, {restored} restored"


def polled_at(output: Path) -> float:
    """The time of the newest poll that is readable."""
    return max(float(row["at"].timestamp()) for row in rows(output, "polls"))


def once(day: NewsDay, output: Path) -> str:
    """Collect the day once, without --streaming; the figures."""
    with driven(day, output) as driver:
        driver.wait()
        return f"ended {time.monotonic() - driver.begun:.0f} s after submission"


def savepoint(day: NewsDay, output: Path, first: int, last: int) -> str:
    """Collect as a stream, stopped in mid-work with a savepoint and resumed; the figures."""
    with driven(day, output, *STREAM, *EXACTLY_ONCE) as driver:
        grow(driver, output, 8)
        before = len(rows(output, "articles"))
        driver.leave()
        (job,) = cluster.running()
        begun = time.monotonic()
        path = cluster.stop(job)
        took = time.monotonic() - begun
    with driven(day, output, *STREAM, *EXACTLY_ONCE, f"--savepoint_path={path}") as driver:
        grow(driver, output, first)
        day.phase(2)
        grow(driver, output, last)
        time.sleep(10)
        (job,) = cluster.running()
        restored, _ = cluster.restored(job)
    return f"stopped with {before} articles written, savepoint in {took:.1f} s, restored {restored} times"


def compare(output: Path, expected: Content) -> list[str]:
    """What is wrong with the output: a line each. What a kill left of batches is swept first, as every start does."""
    swept = sweep(Storage.at(str(output)))
    found, wrong = all_content(output), []
    for table, rows_ in expected.items():
        lost, more = rows_ - found[table], found[table] - rows_
        for what, which in (("lost", lost), ("too many", more)):
            if which:
                wrong.append(f"{table}: {which.total()} rows {what}, the first: {next(iter(which))[:200]}")
    for table, keys in KEYS.items():
        ids = Counter(tuple(row[k] for k in keys) for row in rows(output, table))
        if table != "entities" and ids and max(ids.values()) > 1:
            wrong.append(f"{table}: {sum(n - 1 for n in ids.values())} rows stand twice")
    counts = ", ".join(f"{len(rows(output, table))} {table}" for table in KEYS)
    say(f"    {counts}; {swept} files of unfinished batches swept")
    return wrong


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main(argv: list[str] | None = None) -> int:
    """The command; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m scripts.flink.check", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)  # fmt: skip
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}")
    parser.add_argument("--keep", action="store_true", help="leave the cluster and the tables as they are")
    asked = parser.parse_args(argv)
    unknown = set(asked.parts) - set(PARTS)
    if unknown:
        parser.error(f"no such part: {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    folder, status = Path(tempfile.mkdtemp(prefix="idlib-watch-flink-")), 0
    try:
        cluster.up()
        with NewsDay(delay_ms=DELAY) as day:
            first, both = wanted(day, folder)
            n, m = first["articles"].total(), both["articles"].total()
            say(f"on this machine: {n} articles, {m} with the evening's")
            for part in asked.parts or PARTS:
                day.reset()
                output = folder / part
                if part == "once":
                    said, expected = once(day, output), first
                elif part == "savepoint":
                    said, expected = savepoint(day, output, n, m), both
                else:
                    said = stream(day, output, n, m, Killer(day) if part == "killed" else None)
                    expected = both
                say(f"{part}: {said}")
                wrong = compare(output, expected)
                say("    " + ("\n    ".join(wrong) or "the same rows"))
                status |= bool(wrong)
    except cluster.ClusterError as error:
        sys.stderr.write(f"flink: {error}\n")
        status = 1
    finally:
        if not asked.keep:
            cluster.down()
    if status or asked.keep:
        say(f"tables and logs: {folder}; the cluster's: {cluster.CACHE / 'log'}")
    else:
        shutil.rmtree(folder)
    return status


if __name__ == "__main__":
    sys.exit(main())
