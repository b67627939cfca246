"""A day of news against a hand-written script: what it takes from the feeds to the tables.

40 feeds on 20 hosts, 800 articles of which one in twenty is about the topic, pages of 60 to 100 kB, 100 ms
for every response. Each side is a whole process, from its start to its end, start-up and imports included.
``collect`` reads title and summary before it asks for a page; the script asks for every page, as such
scripts do: that is most of the difference, and the reason for the screen.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable

from benchmarks.measure import Result, clocked, in_turns, kept_in, ratio
from benchmarks.server import ROOT, Served
from benchmarks.world import Plan

SERIAL_GOAL, THREADS_GOAL = 10.0, 2.5


def run(quick: bool) -> list[Result]:
    """The script's time over ``collect``'s: alone, and with 16 threads."""
    plan = Plan(articles=400) if quick else Plan()
    said: dict[str, int] = {}
    with Served(plan, delay_ms=100) as served:
        output = served.folder / "out"

        def arm(name: str, module: str, *arguments: str) -> Callable[[], float]:
            command = [sys.executable, "-m", module, *arguments]

            def once() -> float:
                shutil.rmtree(output, ignore_errors=True)
                took = clocked(lambda: subprocess.run(command, cwd=ROOT, capture_output=True, check=True))
                said[name] = kept_in(output)
                return took

            return once

        rival = ("benchmarks.rival", str(served.feed_list), str(output / "articles"))
        collect = arm("collect", "pipelines.cli", "collect", *served.options(output))
        # The serial script takes two minutes, so fewer rounds of it.
        serial = in_turns({"collect": collect, "script": arm("serial", *rival)}, 1 if quick else 2)
        threads = in_turns(
            {"collect": collect, "script": arm("threads", *rival, "--threads=16")},
            1 if quick else 5,
        )
    results = []
    for name, took, goal, words in (
        ("serial", serial, SERIAL_GOAL, "script"),
        ("threads", threads, THREADS_GOAL, "16 threads"),
    ):
        middle, least, most = ratio(took["script"], took["collect"])
        seconds = " ".join(f"{a:.1f}/{b:.1f}" for a, b in zip(took["script"], took["collect"], strict=True))
        kept = f"kept {said['collect']}, the script {said[name]}"
        notes = [f"seconds {seconds}; by round {least:.2f} to {most:.2f}; {kept}"]
        results.append(Result(f"newsday: {words} / collect", middle, goal, notes=notes))
    return results
