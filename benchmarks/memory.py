"""How memory grows with what is kept: ``collect`` on ten times as many articles, as processes of
their own.

Short articles (about 60 words, bare pages), so that the run is over in minutes; nearly all are kept. The
peak is that of the process that runs the graph, as the system counts it: the helpers beside it hold a model
and a batch of texts each, however many articles there are.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

from benchmarks.measure import Result, kept_in
from benchmarks.server import ROOT, Served
from benchmarks.world import Plan

GOAL = 25.0  # KB per kept article


def run(quick: bool) -> list[Result]:
    """KB of peak memory for each further article."""
    sizes = (300, 3_000) if quick else (1_000, 10_000)
    peaks, kept = zip(*(peak(size) for size in sizes), strict=True)
    growth = (peaks[1] - peaks[0]) / max(1, kept[1] - kept[0])
    told = [f"{p / 1024:.0f} MB with {k:,} kept articles" for p, k in zip(peaks, kept, strict=True)]
    notes = [f"peak {', '.join(told)} (of about 60 words)"]
    return [Result("memory: KB per article", growth, GOAL, at_least=False, unit="KB", notes=notes)]


def peak(articles: int) -> tuple[int, int]:
    """(peak in KB, kept articles) of a run over that many articles."""
    plan = Plan(
        feeds=max(10, articles // 50),
        hosts=10,
        articles=articles,
        relevant=1.0,
        words=60,
        page_kb=0,
        repeated=0.0,
    )
    with Served(plan) as served:
        output = served.folder / "out"
        shutil.rmtree(output, ignore_errors=True)
        command = [sys.executable, "-m", "pipelines.cli", "collect", *served.options(output)]
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        assert process.stderr is not None
        said = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise RuntimeError(f"collect ended with {process.returncode}: {said[-500:]}")
        return usage.ru_maxrss, kept_in(output)
