"""A whole run over every hostile kind at once: each ends in a row of its own, and the good feeds' rows are complete."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from schemas import reasons
from tests.harness import Launcher, rows
from tests.hostile import all_kinds, server
from tests.hostile.certificates import root_file
from tests.hostile.server import Host
from tests.tiny_site import STORY, Site, serving

GOOD = 12  # stories of the well-behaved site, and as many feeds that carry one each
KINDS = all_kinds()
FEEDS = [k for k in KINDS if k.role == "feed"]
PAGES = [k for k in KINDS if k.role != "feed"]
OPTIONS = (
    "--allow_private",
    "127.0.0.1",
    "--page_delay",
    "0",
    "--annotators",
    "1",
    "--timeout",
    "20s",
    "--max_age",
    "36500d",
)


@dataclass
class Ran:
    """What a run left, and what it met."""

    said: str
    seconds: float
    site: Site
    hosts: dict[str, Host]
    output: Path
    polls: dict[str, list[dict[str, Any]]]  # by feed
    rejects: dict[str, list[dict[str, Any]]]  # by URL
    articles: dict[str, list[dict[str, Any]]]  # by URL


@pytest.fixture(scope="module")
def ran(launcher: Launcher, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ran]:
    folder = tmp_path_factory.mktemp("hostile")
    site, now = Site(), time.time()
    with serving(site), server.serving(KINDS) as hosts:
        for n in range(GOOD):
            site.story(f"/good/{n}", f"Road {n} near Idlib is shut", STORY.replace("eleven", f"{n + 20}"))
            site.feeds[f"/feeds/{n}"] = [site.entry(f"/good/{n}", now - 3600, f"Road {n} near Idlib is shut")]
        site.feeds["/paper"] = [
            {**site.entry("", now - 7200, f"Idlib: {kind.name}"), "link": hosts[kind.name].url} for kind in PAGES
        ]
        lines = [hosts[kind.name].url for kind in FEEDS]
        step = len(lines) // GOOD
        for n in range(GOOD):  # the good ones stand among the others
            lines.insert(n * (step + 1), f"{site.base}/feeds/{n}")
        (folder / "feeds.txt").write_text("\n".join([*lines, f"{site.base}/paper", "file:///etc/passwd"]))
        argv = ["collect", "--feeds", str(folder / "feeds.txt"), "--output", str(folder / "out"), *OPTIONS]
        begun = time.monotonic()
        run = launcher.start(argv, folder / "log", {"SSL_CERT_FILE": root_file()})
        assert run.wait() == 0, run.said[-3000:]
        seconds = time.monotonic() - begun
        yield Ran(
            run.said, seconds, site, hosts, folder / "out",
            by("feed_url", rows(folder / "out", "polls")),
            by("url", rows(folder / "out", "rejects")),
            by("url", rows(folder / "out", "articles")),
        )  # fmt: skip


def by(column: str, found: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    grouped = defaultdict(list)
    for row in found:
        grouped[row[column]].append(row)
    return grouped


@pytest.mark.parametrize("kind", FEEDS, ids=lambda kind: kind.name)
def test_a_feed_ends_in_one_poll_row_with_its_reason(kind: server.Kind, ran: Ran) -> None:
    (row,) = ran.polls[ran.hosts[kind.name].url]
    assert row["reason"] in kind.ends, (row["reason"], row["error"])
    assert row["reason"] in reasons.POLL.keys() | reasons.TRANSPORT.keys()
    assert row["error"] is None or row["error"].isprintable()


@pytest.mark.parametrize("kind", PAGES, ids=lambda kind: kind.name)
def test_a_page_ends_as_one_article_or_in_one_reject(kind: server.Kind, ran: Ran) -> None:
    url = ran.hosts[kind.name].url
    articles, rejects = ran.articles[url], ran.rejects[url]
    assert len(articles) + len(rejects) == 1
    for row in rejects:
        assert row["reason"] in kind.ends, (row["reason"], row["error"])
        assert row["error"] is None or row["error"].isprintable()
    if articles:
        assert "kept" in kind.ends


def test_the_good_feeds_are_complete(ran: Ran) -> None:
    for n in range(GOOD):
        (poll,) = ran.polls[f"{ran.site.base}/feeds/{n}"]
        assert (poll["reason"], poll["new_entries"]) == ("ok", 1)
        (article,) = ran.articles[f"{ran.site.base}/good/{n}"]
        assert (article["title"], article["text_from"]) == (f"Road {n} near Idlib is shut", "page")
        assert f"{n + 20} shells" in article["text"]


def test_one_bad_line_among_them_is_a_row(ran: Ran) -> None:
    (row,) = [row for url, found in ran.polls.items() if "passwd" in url for row in found]
    assert row["reason"] == "bad_url"


def test_nothing_reaches_the_terminal_raw(ran: Ran) -> None:
    assert "Traceback" not in ran.said
    assert all(c.isprintable() or c == "\n" for c in ran.said)


def test_it_ends(ran: Ran) -> None:
    # What hangs has its timeout; the rest is pages: seconds of work each.
    assert ran.seconds < 300


def test_there_are_enough_kinds() -> None:
    assert len({kind.name for kind in KINDS}) >= 60 and {kind.role for kind in KINDS} == {"feed", "page", "robots"}


def test_no_address_but_the_opened_one_was_dialled(ran: Ran) -> None:
    said = [row["error"] or "" for found in (*ran.polls.values(), *ran.rejects.values()) for row in found]
    assert any("169.254.169.254" in error and "not a public address" in error for error in said)


def test_a_second_run_doubles_nothing(ran: Ran, launcher: Launcher, tmp_path: Path) -> None:
    before = {table: len(rows(ran.output, table)) for table in ("articles", "quotes", "entities")}
    feeds = [f"{ran.site.base}/feeds/{n}" for n in range(GOOD)] + [f"{ran.site.base}/paper"]
    (tmp_path / "feeds.txt").write_text("\n".join(feeds))
    argv = ["collect", "--feeds", str(tmp_path / "feeds.txt"), "--output", str(ran.output), *OPTIONS, "--force"]
    run = launcher.start(argv, tmp_path / "log", {"SSL_CERT_FILE": root_file()})
    assert run.wait() == 0, run.said[-3000:]
    assert {table: len(rows(ran.output, table)) for table in before} == before
