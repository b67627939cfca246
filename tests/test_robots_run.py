"""robots.txt on real servers: what is forbidden is not asked for, and what is not known waits."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.harness import Launcher, rows
from tests.tiny_site import STORY, Site, serving

SHUT = "User-agent: Idlib-Watch\nDisallow: /\n"
Collect = Callable[..., str]


@pytest.fixture
def site() -> Iterator[Site]:
    with serving(Site()) as served:
        served.story("/a")
        served.feeds["/feed"] = [served.entry("/a", time.time() - 3600)]
        yield served


@pytest.fixture
def collect(site: Site, launcher: Launcher, tmp_path: Path) -> Collect:
    """A run in a process of its own, which has met no robots.txt; what it said."""
    (tmp_path / "feeds.txt").write_text(f"{site.base}/feed\n")

    def once(*more: str) -> str:
        argv = ["--feeds", str(tmp_path / "feeds.txt"), "--output", str(tmp_path / "out"), "--annotators", "1"]
        run = launcher.start(["collect", *argv, "--allow_private", "127.0.0.1", *more], tmp_path / "log")
        assert run.wait() == 0, run.said
        return run.said

    return once


def the_reject(tmp_path: Path) -> dict[str, Any]:
    (row,) = rows(tmp_path / "out", "rejects")
    return row


def test_a_forbidden_page_is_not_asked_for(site: Site, collect: Collect, tmp_path: Path) -> None:
    site.pages["/robots.txt"] = SHUT
    said = collect()
    assert (len(site.asked("/feed")), len(site.asked("/robots.txt")), site.asked("/a")) == (1, 1, [])
    row = the_reject(tmp_path)
    assert (row["reason"], row["retryable"], row["attempts"]) == ("robots_disallowed", False, 0)
    assert "robots_disallowed" in said


def test_the_feeds_own_text_stands_in(site: Site, collect: Collect, tmp_path: Path) -> None:
    site.pages["/robots.txt"] = SHUT
    site.feeds["/feed"] = [site.entry("/a", time.time() - 3600, summary=STORY)]
    collect()
    assert [a["text_from"] for a in rows(tmp_path / "out", "articles")] == ["feed"]
    assert site.asked("/a") == []


def test_an_unreachable_file_puts_its_pages_off(site: Site, collect: Collect, tmp_path: Path) -> None:
    site.statuses["/robots.txt"] = 503
    said = collect()
    row = the_reject(tmp_path)
    assert (row["reason"], row["retryable"], row["attempts"], site.asked("/a")) == ("robots_unreachable", True, 0, [])
    assert "503" in row["error"] and "robots_unreachable" in said
    site.statuses["/robots.txt"] = 404
    assert "new: 1 articles" in collect("--force")


def test_without_a_file_all_is_allowed_and_it_is_asked_for_once(site: Site, collect: Collect, tmp_path: Path) -> None:
    site.story("/b", text=STORY.replace("eleven", "twelve"))
    site.feeds["/feed"].append(site.entry("/b", time.time() - 3600))
    collect("--page_delay", "0")
    assert len(rows(tmp_path / "out", "articles")) == 2 and site.asked("/robots.txt") == [404]


def test_a_crawl_delay_is_kept(site: Site, collect: Collect, tmp_path: Path) -> None:
    site.pages["/robots.txt"] = "User-agent: *\nCrawl-delay: 2\n"
    for n in range(3):
        site.story(f"/{n}", text=STORY.replace("eleven", f"{n + 20}"))
    site.feeds["/feed"] = [site.entry(f"/{n}", time.time() - 3600) for n in range(3)]
    begun = time.monotonic()
    collect("--page_delay", "0")
    assert len(rows(tmp_path / "out", "articles")) == 3
    assert time.monotonic() - begun >= 4
