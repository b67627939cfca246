"""Pages that hang, crawl or fail, on real servers: what a run of the graph does with them, and how long it takes."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from pipelines.options import parse
from pipelines.run import execute
from tests.harness import rows
from tests.tiny_site import Site, serving
from transforms.storage import LocalStorage

HOUR = 3600.0
NOW = 1_536_667_200.0  # 2018-09-11 12:00 UTC


@dataclass
class Tardy(Site):
    """Takes its time over pages; its feeds answer at once."""

    seconds: float = 0.0

    def answer(self, target: str, validator: str | None) -> tuple[int, dict[str, str], bytes]:
        if target in self.pages:
            time.sleep(self.seconds)
        return super().answer(target, validator)


Run = Callable[..., float]


@pytest.fixture
def sites() -> Iterator[tuple[Tardy, Tardy]]:
    """Two hosts, the first of which is slow; each has a feed."""
    with ExitStack() as stack:
        yield stack.enter_context(serving(Tardy())), stack.enter_context(serving(Tardy()))


@pytest.fixture
def run(sites: tuple[Tardy, Tardy], tmp_path: Path) -> Run:
    """One run; the seconds it took."""

    def once(at: float, *more: str) -> float:
        listed = tmp_path / "feeds.txt"
        listed.write_text("".join(f"{site.base}/feed\n" for site in sites))
        argv = ["--feeds", str(listed), "--output", str(tmp_path / "out"), "--allow_private", "127.0.0.1"]
        settings = replace(parse([*argv, "--page_delay", "0", "--annotators", "1", *more]), start=at)
        LocalStorage(settings.output).check()
        begun = time.monotonic()
        status, _ = execute(settings, "FnApiRunner")
        assert status == 0
        return time.monotonic() - begun

    return once


def stories(site: Site, number: int) -> None:
    for n in range(number):
        site.story(f"/{n}", title=f"Shelling closes road {n}")
    site.feeds["/feed"] = [site.entry(f"/{n}", NOW - HOUR, f"Shelling closes road {n}") for n in range(number)]


def last_rows(out: Path) -> dict[str, dict[str, Any]]:
    """The last reject of each URL."""
    return {row["url"]: row for row in sorted(rows(out, "rejects"), key=lambda r: r["at"])}


def test_three_hundred_pages_that_hang_hold_up_nobody(sites: tuple[Tardy, Tardy], run: Run, tmp_path: Path) -> None:
    bad, good = sites
    bad.seconds = 60
    stories(bad, 300)
    stories(good, 3)
    assert run(NOW, "--timeout", "1") < 60  # one after the other they would take five minutes; with 30 s, hours
    assert {a["url"] for a in rows(tmp_path / "out", "articles")} == {f"{good.base}/{n}" for n in range(3)}
    found = last_rows(tmp_path / "out")
    assert len(found) == 300 and all(row["retryable"] and row["stage"] == "fetch" for row in found.values())
    reasons = Counter(row["reason"] for row in found.values())
    assert 3 <= reasons["timeout"] <= 6
    assert {row["attempts"] for row in found.values() if row["reason"] != "timeout"} == {0}


def test_a_host_that_crawls_has_its_budget_and_the_rest_comes_later(
    sites: tuple[Tardy, Tardy], run: Run, tmp_path: Path
) -> None:
    slow, good = sites
    slow.seconds = 0.5
    stories(slow, 60)
    stories(good, 3)
    assert run(NOW, "--host_budget", "3") < 25  # all sixty would take thirty
    out = tmp_path / "out"
    came = {a["url"] for a in rows(out, "articles")}
    assert {f"{good.base}/{n}" for n in range(3)} <= came
    assert 3 < len(came) < 30
    found = last_rows(out)
    assert {row["reason"] for row in found.values()} == {"waiting"}
    assert len(found) + len(came) == 63 and all(row["retryable"] for row in found.values())
    slow.seconds = 0.0
    run(NOW + 2 * HOUR)
    assert len(rows(out, "articles")) == 63


def test_a_page_that_fails_has_a_row_for_each_attempt_and_a_last_one(
    sites: tuple[Tardy, Tardy], run: Run, tmp_path: Path
) -> None:
    bad, _ = sites
    stories(bad, 1)
    bad.statuses["/0"] = 503
    for hours in (0.0, 1.0, 47.0, 55.0, 60.0, 200.0):
        run(NOW + hours * HOUR)
    found = sorted(rows(tmp_path / "out", "rejects"), key=lambda r: r["at"])
    assert [(r["reason"], r["retryable"], r["attempts"]) for r in found] == [
        ("http_5xx", True, 1), ("http_5xx", True, 2), ("http_5xx", True, 3), ("gave_up", False, 4),
    ]  # fmt: skip
    assert len(bad.asked("/0")) == 4
    assert [r["due"] is None for r in found] == [False, False, False, True]
