"""A sweep of 2,000 feeds of 25 entries on 200 hosts that take 100 to 300 ms to answer, and a second where nothing is new.

One request at a time to a host sets a limit: the host whose ten feeds take longest. ``collect`` runs as a whole
process; what it takes when no feed is due (imports, start and end) is taken off, since a stream pays it once.
feedparser's own time is what it takes for the same documents in one process, spread over the cores.
``reader`` is measured beside it where it is installed (``pip install reader``).
"""

from __future__ import annotations

import importlib.util
import json
import resource
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.measure import Result
from benchmarks.server import ROOT, Served, waits
from benchmarks.world import Plan, build
from transforms.helpers import cores

FIRST_GOAL, SECOND_GOAL, BYTES_GOAL, CPU_GOAL = 1.5, 1.5, 0.01, 0.05
READER_WORKERS = 50
_READER = """
import sys
from reader import make_reader
reader = make_reader(sys.argv[1])
for url in open(sys.argv[2]).read().split():
    reader.add_feed(url, exist_ok=True)
for _ in reader.update_feeds_iter(workers=int(sys.argv[3]), scheduled=False):
    pass
"""


@dataclass(frozen=True)
class Cost:
    """What a process cost: seconds of wall and of CPU, bytes that were sent to it, answers that were 304."""

    wall: float
    cpu: float
    sent: int = 0
    unchanged: int = 0


def run(quick: bool) -> list[Result]:
    """The first sweep and the second, against their limits."""
    plan = Plan(feeds=400 if quick else 2_000, hosts=40 if quick else 200, articles=10_000 if quick else 50_000,
                relevant=0.0, words=60, page_kb=0, repeated=0.0, pages=False, rich=True)  # fmt: skip
    limit = max(_by_host(plan).values())
    with Served(plan, delay_ms=100, more_ms=200) as served:
        output = served.folder / "out"
        ours = [sys.executable, "-m", "pipelines.cli", "collect", *served.options(output), "--force"]
        first, second = _cost(served, ours), _cost(served, ours)
        idle = _cost(served, ours[:-1])  # nothing is due
        parsing = _feedparser(plan, served.port)
        readers = _reader(served)
        shutil.rmtree(output)
    bound = max(limit, parsing / cores())
    one, two = first.wall - idle.wall, second.wall - idle.wall
    notes = [
        f"{one:.1f} s; limit by host {limit:.1f} s, feedparser {parsing:.1f} s of CPU on {cores()} cores; "
        f"whole run {first.wall:.1f} s, idle run {idle.wall:.1f} s; CPU {first.cpu:.1f} s",
        *readers,
    ]
    return [
        Result("sweep: first / bound", one / bound, FIRST_GOAL, at_least=False, notes=notes),
        Result("sweep: second / limit by host", two / limit, SECOND_GOAL, at_least=False,
               notes=[f"{two:.1f} s; {second.unchanged} of {plan.feeds} answered 304"]),
        Result("sweep: bytes, second / first", second.sent / first.sent, BYTES_GOAL, at_least=False,
               notes=[f"{second.sent:,} of {first.sent:,}"]),
        Result("sweep: CPU, second / first", (second.cpu - idle.cpu) / (first.cpu - idle.cpu), CPU_GOAL, at_least=False,
               notes=[f"{second.cpu - idle.cpu:.2f} of {first.cpu - idle.cpu:.2f} s, the idle run's {idle.cpu:.2f} s off"]),
    ]  # fmt: skip


def _by_host(plan: Plan) -> dict[str, float]:
    """Seconds that each host takes for all its feeds, one after the other."""
    found: dict[str, float] = {}
    for (host, _), wait in waits(plan, 0.1, 0.2).items():
        found[host] = found.get(host, 0.0) + wait
    return found


def _cost(served: Served, command: list[str], env: dict[str, str] | None = None) -> Cost:
    before, counts = resource.getrusage(resource.RUSAGE_CHILDREN), served.counts()
    start = time.perf_counter()
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env=env)
    wall = time.perf_counter() - start
    if done.returncode:
        raise RuntimeError(f"{' '.join(command[:5])} …: status {done.returncode}\n{done.stderr[-2000:]}")
    after, now = resource.getrusage(resource.RUSAGE_CHILDREN), served.counts()
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(wall, cpu, now["bytes"] - counts["bytes"], now["unchanged"] - counts["unchanged"])


def _feedparser(plan: Plan, port: int) -> float:
    """Seconds of CPU that feedparser takes for all documents, in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.sweep", plan.to_json(), str(port)],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return float(json.loads(done.stdout))


def _reader(served: Served) -> list[str]:
    """What ``reader`` takes, where it is installed."""
    if importlib.util.find_spec("reader") is None:
        return ["reader is not installed: not measured"]
    base = Path(served.folder, "reader.db")
    command = [sys.executable, "-c", _READER, str(base), str(served.feed_list), str(READER_WORKERS)]
    costs = [_cost(served, command) for _ in range(2)]
    told = [f"{c.wall:.1f} s, CPU {c.cpu:.1f} s, {c.sent:,} bytes, {c.unchanged} times 304" for c in costs]
    return [f"reader, {READER_WORKERS} workers: first {told[0]}; second {told[1]}"]


def _parse_all(plan: Plan, port: int) -> float:
    import feedparser

    bodies = [body for _, body in build(plan, port).values()]
    start = time.process_time()
    for body in bodies:
        feedparser.parse(body)
    return time.process_time() - start


if __name__ == "__main__":
    print(json.dumps(_parse_all(Plan.from_json(sys.argv[1]), int(sys.argv[2]))))
