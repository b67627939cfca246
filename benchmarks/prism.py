"""Whether a stream's memory stays flat: Python's and Prism's resident size over 500 ticks of half a second.

A small world, polled every two seconds, whose feeds never change: what is left is what the ticks cost. The
first 150 ticks fill caches and free lists; the mean of the next 50 is held against that of the last 50.
"""

from __future__ import annotations

import contextlib
import os
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.measure import Result, kept_in
from benchmarks.server import ROOT, Served
from benchmarks.world import Plan

GOAL = 10.0  # per cent
TICK = 0.5  # seconds, of --commit_interval=3s


def run(quick: bool) -> list[Result]:
    """Growth of the two processes in per cent, the greater one."""
    ticks, warm = (150, 60) if quick else (500, 150)
    plan = Plan(feeds=4, hosts=4, articles=24, relevant=1.0, page_kb=0)
    with Served(plan) as served:
        output = served.folder / "out"
        command = [sys.executable, "-m", "pipelines.cli", "collect", "--streaming", "--commit_interval=3s"]
        command += ["--poll_interval=2s", "--max_poll_interval=2s", *served.options(output)]
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        try:
            _until(lambda: (output / "articles").is_dir() or process.poll() is not None, 120)
            if process.poll() is not None:
                assert process.stderr is not None
                raise RuntimeError(f"the stream did not start: {process.stderr.read()[-400:]}")
            samples = [_sample(process.pid) for _ in range(ticks)]
            kept = kept_in(output)
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(60)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
    growth, told = [], []
    for name, sizes in zip(("Python", "Prism"), zip(*samples, strict=True), strict=True):
        before = statistics.mean(sizes[warm : warm + 50])
        after = statistics.mean(sizes[-50:])
        growth.append((after / before - 1) * 100)
        told.append(f"{name} {before / 1024:.0f} to {after / 1024:.0f} MB ({growth[-1]:+.1f} %)")
    notes = [f"{', '.join(told)}; ticks {warm} to {ticks}, {kept} articles kept"]
    return [Result("prism: growth of memory", max(growth), GOAL, at_least=False, unit="%", notes=notes)]


def _until(reached: Callable[[], bool], seconds: float) -> None:
    end = time.monotonic() + seconds
    while not reached():
        if time.monotonic() > end:
            raise RuntimeError(f"nothing was committed within {seconds:.0f} s")
        time.sleep(0.2)


def _sample(pid: int) -> tuple[int, int]:
    """Resident KB of the process and of its child, Prism; takes a tick's time."""
    time.sleep(TICK)
    children = []
    for thread in Path(f"/proc/{pid}/task").iterdir():
        with contextlib.suppress(OSError):  # a thread that has just ended
            children += [int(child) for child in (thread / "children").read_text().split()]
    return _resident(pid), sum(_resident(child) for child in children)


def _resident(pid: int) -> int:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") // 1024
