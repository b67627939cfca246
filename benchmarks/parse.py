"""The whole graph against bare spaCy: what everything around the parse costs, on one core.

The pages are all relevant. Both arms run in one process that is bound to one CPU, the page server to another;
start-up, imports and the model's load come before the first round. The bare arm parses the very texts that
the graph has written, with the same model in the same batches.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
import statistics
import subprocess
import sys
from pathlib import Path
from typing import Any

from benchmarks.measure import Result, clocked, in_turns, ratio
from benchmarks.server import ROOT, Served
from benchmarks.world import Plan

GOAL = 0.80
ROUNDS = 3


def run(quick: bool) -> list[Result]:
    """Articles per second through ``collect``, over those of ``nlp.pipe``."""
    cpus = sorted(os.sched_getaffinity(0))
    plan = Plan(feeds=12, hosts=6, articles=48 if quick else 480, relevant=1.0)
    alone = os.environ | {"OPENBLAS_NUM_THREADS": "1"}
    with Served(plan, cpu=cpus[-1]) as served:
        command = [sys.executable, "-m", "benchmarks.parse", str(served.folder), str(ROUNDS), str(cpus[0])]
        command += served.options(served.folder / "out")
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, env=alone)
    found = json.loads(done.stdout.splitlines()[-1])
    middle, least, most = ratio(found["took"]["bare"], found["took"]["graph"])
    per_second = {k: found["articles"] / statistics.median(v) for k, v in found["took"].items()}
    notes = [
        f"{found['articles']} articles, {found['words'] // found['articles']} words each; "
        f"graph {per_second['graph']:.1f}/s, nlp.pipe {per_second['bare']:.1f}/s; "
        f"by round {least:.2f} to {most:.2f}",
        "ms per article: " + ", ".join(f"{k} {v:.1f}" for k, v in found["parts"].items()),
    ]
    return [Result("parse: graph / nlp.pipe", middle, GOAL, notes=notes)]


def worker(folder: Path, rounds: int, cpu: int, options: list[str]) -> dict[str, object]:
    """Both arms in this process, in turns."""
    os.sched_setaffinity(0, {cpu})
    import pyarrow.dataset as ds

    from pipelines.run import collect
    from transforms import count
    from transforms.parsing import BATCH, model_for

    output = folder / "out"
    parts: dict[str, float] = {}

    def graph() -> float:
        shutil.rmtree(output, ignore_errors=True)
        with contextlib.redirect_stdout(io.StringIO()):
            took = clocked(lambda: collect(options))
        for name, value in count.tally().items():
            if name.startswith("us/"):
                parts[name[3:]] = parts.get(name[3:], 0.0) + value / 1000
        return took

    graph()  # warm: imports, model, gazetteer
    column: Any = ds.dataset(output / "articles", format="parquet").to_table(["text"]).column(0)
    texts: list[str] = column.to_pylist()

    def bare() -> float:
        return clocked(lambda: list(model_for("en").pipe(texts, batch_size=BATCH)))

    bare()
    parts.clear()
    took = in_turns({"bare": bare, "graph": graph}, rounds)
    spent = sorted(((v / rounds / len(texts), k) for k, v in parts.items()), reverse=True)
    words = sum(len(t.split()) for t in texts)
    return {"took": took, "articles": len(texts), "words": words, "parts": {k: v for v, k in spent}}


if __name__ == "__main__":
    print(json.dumps(worker(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4:])))
