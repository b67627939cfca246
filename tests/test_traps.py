"""Where articles get lost or doubled: each trap with a test, over a clock that the test owns."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pipelines.options import parse
from pipelines.run import execute
from tests.harness import rows
from tests.tiny_site import STORY, Site, serving
from transforms.commit import sweep
from transforms.storage import LocalStorage

DAY = 86_400.0
NOW = 1_700_000_000.0
Run = Callable[..., dict[str, int]]


@pytest.fixture
def site() -> Iterator[Site]:
    with serving(Site()) as served:
        served.story("/a")
        served.feeds["/feed"] = [served.entry("/a", NOW - 3600)]
        yield served


@pytest.fixture
def run(site: Site, tmp_path: Path) -> Run:
    """One run at a time of the test's choosing; its counters. ``fails``: the run must not come to its end."""

    def once(
        at: float = NOW, feeds: tuple[str, ...] = ("/feed",), fails: bool = False, options: str = ""
    ) -> dict[str, int]:
        listed = tmp_path / "feeds.txt"
        listed.write_text("".join(f"{site.base}{feed}\n" for feed in feeds))
        argv = ["--feeds", str(listed), "--output", str(tmp_path / "out"), "--allow_private", "127.0.0.1"]
        settings = replace(parse([*argv, "--page_delay", "0", *options.split()]), start=at)
        storage = LocalStorage(settings.output)
        storage.check()
        sweep(storage)
        status, counts = execute(settings, "FnApiRunner")
        assert (status == 3) == fails
        return counts or {}

    return once


def articles(tmp_path: Path) -> list[dict[str, Any]]:
    return rows(tmp_path / "out", "articles")


def test_a_crash_before_the_commit_does_not_turn_a_304_into_a_lost_article(
    run: Run, site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = LocalStorage.write

    def crash(self: LocalStorage, table: str, day: date, name: str, data: bytes) -> None:
        if table == "articles":
            raise OSError("the disk is gone")
        whole(self, table, day, name, data)

    monkeypatch.setattr(LocalStorage, "write", crash)
    run(fails=True)
    assert not rows(tmp_path / "out", "polls")  # the validators went with what they came with
    assert not articles(tmp_path)
    monkeypatch.setattr(LocalStorage, "write", whole)
    run(NOW + 1)
    assert len(articles(tmp_path)) == 1
    assert site.asked("/feed") == [200, 200]
    assert {r["article_id"] for r in rows(tmp_path / "out", "entities")} == {articles(tmp_path)[0]["article_id"]}
    assert len({r["quote_id"] for r in rows(tmp_path / "out", "quotes")}) == len(rows(tmp_path / "out", "quotes")) > 0


@pytest.mark.parametrize(
    "then", ["the feed says 304", "the feed lists it no longer", "the feed is gone", "not in the feed list"]
)
def test_a_page_that_failed_in_passing_stays_owed(run: Run, site: Site, tmp_path: Path, then: str) -> None:
    site.statuses["/a"] = 503
    run()
    (owed,) = [r for r in rows(tmp_path / "out", "rejects") if r["retryable"]]
    assert (owed["reason"], owed["attempts"]) == ("http_5xx", 1)
    assert owed["due"].timestamp() == NOW + 60
    run(NOW + 30)  # not due: not asked
    assert site.asked("/a") == [503]
    run(NOW + 61)
    assert site.asked("/a") == [503, 503]
    del site.statuses["/a"]
    feeds = ("/feed",)
    if then == "the feed lists it no longer":
        site.feeds["/feed"] = []
    elif then == "the feed is gone":
        site.statuses["/feed"] = 410
    elif then == "not in the feed list":
        site.feeds["/other"], feeds = [], ("/other",)
    run(NOW + 2 * 3600, feeds)
    assert len(articles(tmp_path)) == 1
    assert articles(tmp_path)[0]["text_from"] == "page"
    asked = len(site.asked("/a"))
    run(NOW + 4 * 3600, feeds)
    assert len(site.asked("/a")) == asked  # nothing is owed any more


def test_given_up_after_48_hours_and_said_so(run: Run, site: Site, tmp_path: Path) -> None:
    site.statuses["/a"] = 503
    at = NOW
    while at < NOW + 60 * 3600:
        run(at)
        at += 6.1 * 3600
    last = max((r for r in rows(tmp_path / "out", "rejects") if r["stage"] == "fetch"), key=lambda r: r["at"])
    assert (last["reason"], last["retryable"]) == ("gave_up", False)
    assert last["at"].timestamp() >= NOW + 48 * 3600
    del site.statuses["/a"]
    run(at + DAY)
    assert not articles(tmp_path)


def test_the_feeds_own_text_does_not_stand_in_while_the_page_is_owed(run: Run, site: Site, tmp_path: Path) -> None:
    site.feeds["/feed"] = [site.entry("/a", NOW - 60, summary=STORY)]
    site.statuses["/a"] = 503
    run()
    assert not articles(tmp_path)
    site.statuses["/a"] = 403
    run(NOW + 3600)
    (stored,) = articles(tmp_path)
    assert stored["text_from"] == "feed"


def test_the_same_article_in_two_feeds_with_two_dates(run: Run, site: Site, tmp_path: Path) -> None:
    site.feeds["/feed"] = [site.entry("/a?utm_source=one", NOW - 3 * DAY)]
    site.feeds["/second"] = [site.entry("/a?utm_source=two", NOW - DAY)]
    run(feeds=("/feed", "/second"))
    (stored,) = articles(tmp_path)
    assert stored["published_at"].timestamp() == NOW - 3 * DAY
    # A third feed brings it later, with yet another date.
    site.feeds["/third"] = [site.entry("/a#top", NOW + 35 * DAY)]
    run(NOW + 36 * DAY, feeds=("/third",))
    assert len(articles(tmp_path)) == 1


def test_a_revision_stays_in_its_partition(run: Run, site: Site, tmp_path: Path) -> None:
    run()
    site.story(
        "/a", "Road to Saraqib open again", STORY + "\n\nThe road to Saraqib opened again in the evening, drivers said."
    )
    site.feeds["/feed"] = [site.entry("/a", NOW + 2 * DAY, title="Road to Saraqib open again")]
    run(NOW + 2 * DAY + 60)
    first, second = articles(tmp_path)
    assert first["article_id"] == second["article_id"]
    assert first["revision_id"] != second["revision_id"]
    assert first["date"] == second["date"]
    assert first["published_at"] == second["published_at"]


def test_an_entry_that_stays_in_its_feed_for_years(run: Run, site: Site, tmp_path: Path) -> None:
    """Undated, so no age limit turns it away; its partition is not read any more, but the feed's last poll knows it."""
    site.feeds["/feed"] = [site.entry("/a", None)]
    run()
    assert len(articles(tmp_path)) == 1
    for n in range(1, 8):  # the feed changes, so that it answers 200 each time
        at = NOW + n * 20 * DAY
        site.feeds["/feed"] = [site.entry("/a", None), site.entry(f"/gone{n}", at, title=f"Idlib notes {n}")]
        run(at)
    assert len(articles(tmp_path)) == 1
    assert site.asked("/a") == [200]


def test_an_article_forgotten_by_its_feed_is_still_not_doubled(run: Run, site: Site, tmp_path: Path) -> None:
    """The commit looks under any date: after a year without a poll nothing else remembers it."""
    site.feeds["/feed"] = [site.entry("/a", None)]
    run()
    run(NOW + 400 * DAY)
    assert len(site.asked("/a")) == 2
    assert len(articles(tmp_path)) == 1


def test_304_everywhere_is_success_and_nothing_is_asked_before_it_is_due(run: Run, site: Site, tmp_path: Path) -> None:
    run()
    assert run(NOW + 60) == {"poll/not_due": 1} or len(site.asked("/feed")) == 1
    counts = run(NOW + 2 * 3600)
    assert counts["poll/not_modified"] == 1
    assert site.asked("/feed") == [200, 304]
    assert len(articles(tmp_path)) == 1


def test_one_feeds_poor_summary_does_not_hide_anothers(run: Run, site: Site, tmp_path: Path) -> None:
    poor = site.entry(
        "/a", NOW - 60, title="Road closed", summary="The road was closed on Tuesday, and traffic went another way."
    )
    site.feeds["/feed"] = [poor]
    run()
    assert [r["reason"] for r in rows(tmp_path / "out", "rejects")] == ["screened_out"]
    site.feeds["/second"] = [site.entry("/a", NOW - 60)]
    run(NOW + 3600, feeds=("/feed", "/second"))
    assert len(articles(tmp_path)) == 1
