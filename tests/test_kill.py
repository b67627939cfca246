"""kill -9 at any moment, start again: the same rows as an undisturbed run, and no partial file at any time."""

from __future__ import annotations

import random
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.harness import Collector, Reader, all_content, rows, subset, wait_until
from tests.newsday.day import NewsDay

Make = Callable[..., Collector]
SEED = 20180912
KILLS = 20
EACH_SECOND = ("--poll_interval", "1s", "--max_poll_interval", "1s")
FEW = ("levant-notebook|Levant Notebook",)


@pytest.fixture
def few(day: NewsDay, tmp_path: Path) -> str:
    """Two feeds: enough rows for a doubled or a lost one to show."""
    return subset(day.opml, tmp_path / "few.opml", *FEW)


def test_a_run_killed_at_random_moments(collector: Make, few: str, tmp_path: Path) -> None:
    begun = time.monotonic()
    collector(tmp_path / "calm", few).once()
    lasted = time.monotonic() - begun
    calm = all_content(tmp_path / "calm")
    assert sum(calm["articles"].values()) >= 7
    chance, torn = random.Random(SEED), 0
    for n in range(KILLS):
        out = tmp_path / f"killed{n}"
        with Reader(out) as reader:
            run = collector(out, few).start()
            time.sleep(chance.uniform(0.05, lasted))
            run.kill(signal.SIGKILL)
            torn += run.wait() == -signal.SIGKILL
            collector(out, few).once()
        assert not reader.broken, reader.broken
        assert all_content(out) == calm, f"kill {n}"
    assert torn >= KILLS / 2


@pytest.mark.prism
def test_a_stream_killed_at_random_moments(collector: Make, few: str, tmp_path: Path) -> None:
    collector(tmp_path / "calm", few).once()
    calm = all_content(tmp_path / "calm")
    expected = sum(calm["articles"].values())
    chance, out = random.Random(SEED), tmp_path / "live"
    n = 0
    while n < KILLS:  # a fresh dataset now and then, so that kills meet commits as well as restarts
        out = tmp_path / f"live{n}"
        with Reader(out) as reader:
            for _ in range(4):
                run = collector(out, few).start("--streaming", "--commit_interval", "1s", *EACH_SECOND)
                time.sleep(chance.uniform(0.2, 8.0))
                run.kill(signal.SIGKILL)
                assert run.wait() == -signal.SIGKILL
                n += 1
            with collector(out, few).stream(commit="1s") as running:
                wait_until(lambda out=out: len(rows(out, "articles")) >= expected, 60, running)
        assert not reader.broken, reader.broken
        assert all_content(out) == calm, f"after {n} kills"
