"""Rejects run again: what succeeds joins the tables once, what fails is rejected again, and nothing stays owed."""

from __future__ import annotations

import random
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pipelines import options, replay
from pipelines.run import execute
from schemas.errors import UserError
from schemas.reasons import REJECTS, STAGES
from tests.gcs import environment, storage_server
from tests.harness import Launcher, Reader, rows
from tests.tiny_site import STORY, Site, serving
from transforms.account import replay_funnel
from transforms.commit import sweep
from transforms.memory import Memory
from transforms.replay import failed
from transforms.storage import LocalStorage
from transforms.wanted import Wanted

HOUR = 3600.0
NOW = 1_536_667_200.0  # 2018-09-11 12:00 UTC
MALI = """
name = "Mali"
countries = ["ML"]

[[terms]]
name = "Mali"
spellings = ["Mali", "Malian"]
"""
MARKET = (
    "The grain market of Mopti opened again on Monday, traders said, and the price of millet fell. “We sold forty sacks "
    "before noon,” said Oumou Tembely, who keeps a stall by the river. Boats from all over Mali lay at the quay. The "
    "Malian chamber of trade asked for lamps along the landing. “Nobody unloads in the dark,” Tembely said."
)
Run = Callable[..., dict[str, int]]


@pytest.fixture
def site() -> Iterator[Site]:
    with serving(Site()) as served:
        yield served


@pytest.fixture
def argv(site: Site, tmp_path: Path) -> list[str]:
    (tmp_path / "feeds.txt").write_text(f"{site.base}/feed\n")
    (tmp_path / "mali.toml").write_text(MALI)
    return ["--output", str(tmp_path / "out"), "--allow_private", "127.0.0.1", "--page_delay", "0", "--annotators", "1"]


@pytest.fixture
def collect(argv: list[str], tmp_path: Path) -> Run:
    """A run of ``collect`` at a time of the test's choosing; its counters."""

    def once(at: float = NOW, *more: str) -> dict[str, int]:
        settings = replace(options.parse(["--feeds", str(tmp_path / "feeds.txt"), *argv, *more]), start=at)
        storage = LocalStorage(settings.output)
        storage.check()
        sweep(storage)
        status, counts = execute(settings, "FnApiRunner")
        assert status == 0
        return counts or {}

    return once


@pytest.fixture
def again(argv: list[str]) -> Run:
    """A run of ``replay``, likewise."""

    def once(at: float, *more: str) -> dict[str, int]:
        settings, wanted = replay.parse([*argv, *more])
        status, counts = execute(
            replace(settings, start=at), "FnApiRunner", build=lambda root, s: replay.build(root, s, wanted)
        )
        assert status == 0
        return counts or {}

    return once


def fails(site: Site) -> None:
    """A feed lists a page that answers 503."""
    site.feeds["/feed"] = [site.entry("/a", NOW - HOUR)]
    site.statuses["/a"] = 503


def owed(out: Path, at: float) -> list[str]:
    return [d.reason for d in Memory(LocalStorage(str(out)), 30 * 24 * HOUR, at).owed()]


def last_reject(out: Path) -> tuple[Any, ...]:
    row = max(rows(out, "rejects"), key=lambda r: r["at"])
    return row["stage"], row["reason"], row["retryable"], row["attempts"]


def test_a_page_that_was_given_up_joins_when_it_is_back(site: Site, collect: Run, again: Run, tmp_path: Path) -> None:
    out = tmp_path / "out"
    fails(site)
    site.story("/a")
    collect(NOW)
    assert last_reject(out) == ("fetch", "http_5xx", True, 1)
    collect(NOW + 49 * HOUR)
    assert last_reject(out) == ("fetch", "gave_up", False, 2)
    del site.statuses["/a"]
    assert not collect(NOW + 50 * HOUR).get("commit/articles")  # collect leaves it alone
    counts = again(NOW + 51 * HOUR)
    assert (counts["replay/rejects"], counts["commit/articles"]) == (1, 1)
    (article,) = rows(out, "articles")
    assert article["url"] == f"{site.base}/a" and rows(out, "quotes") and rows(out, "entities")
    rejects = len(rows(out, "rejects"))
    assert again(NOW + 52 * HOUR).get("replay/rejects", 0) == 0
    collect(NOW + 53 * HOUR)
    assert (len(rows(out, "articles")), len(rows(out, "rejects"))) == (1, rejects)


def test_what_is_owed_and_comes_is_owed_no_longer(site: Site, collect: Run, again: Run, tmp_path: Path) -> None:
    out = tmp_path / "out"
    fails(site)
    site.story("/a")
    collect(NOW)
    assert owed(out, NOW + 10) == ["http_5xx"]
    del site.statuses["/a"]
    assert again(NOW + 10)["commit/articles"] == 1  # before it was due
    assert owed(out, NOW + 20) == []
    asked = len(site.asked("/a"))
    collect(NOW + HOUR)
    assert len(site.asked("/a")) == asked and len(rows(out, "articles")) == 1


def test_what_fails_again_is_rejected_again(site: Site, collect: Run, again: Run, tmp_path: Path) -> None:
    out = tmp_path / "out"
    site.feeds["/feed"] = [site.entry("/a", NOW - HOUR), site.entry("/b", NOW - HOUR)]
    site.statuses |= {"/a": 404, "/b": 503}
    collect(NOW)
    counts = again(NOW + HOUR)
    assert (counts["replay/rejects"], counts.get("commit/articles", 0)) == (2, 0)
    assert sorted((r["stage"], r["reason"], r["attempts"]) for r in rows(out, "rejects")) == [
        ("extract", "http_4xx", 1), ("extract", "http_4xx", 1), ("fetch", "http_5xx", 1), ("fetch", "http_5xx", 2),
    ]  # fmt: skip
    assert owed(out, NOW + 2 * HOUR) == ["http_5xx"]  # given up 48 hours after its first failure, as before
    later = again(NOW + 49 * HOUR)
    assert (later["replay/rejects"], later["fetch/gave_up"]) == (2, 1)
    assert owed(out, NOW + 50 * HOUR) == []


def test_a_page_that_was_given_up_and_fails_in_passing_is_owed_for_another_48_hours(
    site: Site, collect: Run, again: Run, tmp_path: Path
) -> None:
    fails(site)
    collect(NOW)
    collect(NOW + 49 * HOUR)
    again(NOW + 60 * HOUR)
    assert owed(tmp_path / "out", NOW + 61 * HOUR) == ["http_5xx"]
    site.story("/a")
    del site.statuses["/a"]
    assert collect(NOW + 62 * HOUR)["commit/articles"] == 1


def test_one_reason_alone(site: Site, collect: Run, again: Run, tmp_path: Path) -> None:
    site.feeds["/feed"] = [site.entry(f"/{name}", NOW - HOUR) for name in "abc"]
    site.statuses |= {"/a": 404, "/b": 503, "/c": 403}
    collect(NOW)
    for name in "abc":
        site.story(f"/{name}", text=STORY.replace("eleven", f"{ord(name)}"))
    site.statuses.clear()
    assert again(NOW + HOUR, "--reason", "http_5xx")["commit/articles"] == 1
    assert (len(site.asked("/a")), len(site.asked("/b"))) == (1, 2)  # what else is owed, or refused, is left alone
    assert again(NOW + 2 * HOUR, "--stage", "fetch").get("replay/rejects", 0) == 0
    assert again(NOW + 3 * HOUR, "--stage", "extract")["commit/articles"] == 2


def test_another_topic_takes_what_was_not_about_the_first(site: Site, collect: Run, again: Run, tmp_path: Path) -> None:
    out, mali = tmp_path / "out", str(tmp_path / "mali.toml")
    site.story("/read", "The grain market opens", MARKET)
    site.story("/unread", "The grain market of Mali opens", MARKET.replace("forty", "fifty"))
    site.feeds["/feed"] = [
        site.entry("/read", NOW - HOUR, "The grain market opens"),
        site.entry(
            "/unread", NOW - HOUR, "The grain market of Mali opens", summary="News from Mali, where millet fell."
        ),
    ]
    collect(NOW)
    assert {r["reason"] for r in rows(out, "rejects")} <= {"irrelevant", "passing_mention", "screened_out"}
    assert len(rows(out, "rejects")) == 2 and not rows(out, "articles")
    assert again(NOW + HOUR).get("replay/rejects", 0) == 0  # neither failed
    counts = again(NOW + HOUR, "--topic", mali, "--stage", "judge")
    assert (counts["replay/rejects"], counts["commit/articles"]) == (1, 1)
    counts = again(NOW + 2 * HOUR, "--topic", mali, "--reason", "screened_out", "--reason", "irrelevant")
    assert (counts["replay/rejects"], counts["commit/articles"]) == (1, 1)
    assert {a["url"] for a in rows(out, "articles")} == {f"{site.base}/read", f"{site.base}/unread"}
    counts = again(NOW + 3 * HOUR, "--topic", mali, "--reason", "screened_out", "--reason", "irrelevant")
    assert counts.get("replay/rejects", 0) == 0 and len(rows(out, "articles")) == 2


def test_the_same_topic_screens_it_out_again_and_asks_for_nothing(
    site: Site, collect: Run, again: Run, tmp_path: Path
) -> None:
    site.story("/a", "The grain market opens", MARKET)
    site.feeds["/feed"] = [site.entry("/a", NOW - HOUR, "The grain market opens", summary="Millet.")]
    collect(NOW)
    counts = again(NOW + HOUR, "--reason", "screened_out")
    assert (counts["replay/rejects"], counts["screen/screened_out"]) == (1, 1)
    assert site.asked("/a") == []


def test_of_two_feeds_that_told_too_little_one_leads_to_the_article(
    site: Site, collect: Run, again: Run, tmp_path: Path
) -> None:
    (tmp_path / "feeds.txt").write_text(f"{site.base}/feed\n{site.base}/other\n")
    site.story("/a", "The grain market opens", MARKET)
    site.feeds["/feed"] = [site.entry("/a", NOW - HOUR, "The grain market of Mali opens", summary="Mali: millet fell.")]
    site.feeds["/other"] = [site.entry("/a", NOW - HOUR, "Market", summary="A market opened again by the river.")]
    collect(NOW)
    counts = again(NOW + HOUR, "--topic", str(tmp_path / "mali.toml"), "--reason", "screened_out")
    assert (counts["replay/rejects"], counts["commit/articles"], len(site.asked("/a"))) == (2, 1, 1)


def test_what_stands_of_an_article_is_its_last_row(site: Site, collect: Run, tmp_path: Path) -> None:
    out = tmp_path / "out"
    fails(site)
    collect(NOW)
    site.statuses["/a"] = 404
    collect(NOW + HOUR)
    storage, at = LocalStorage(str(out)), NOW + 2 * HOUR

    def found(*names: str, **kind: tuple[str, ...]) -> list[str]:
        return [f.stage for f in failed(storage, Wanted(*names, **kind), 30 * 24 * HOUR, at)]

    assert found() == ["extract"]
    assert found(reasons=("http_4xx",)) == ["extract"]
    assert found(reasons=("http_5xx",)) == found(stages=("fetch",)) == []
    assert found(reasons=("http_4xx",), stages=("fetch",)) == []


def test_what_was_too_old_is_taken_by_a_longer_age(site: Site, collect: Run, again: Run, tmp_path: Path) -> None:
    site.story("/a")
    site.story("/b", text=STORY.replace("eleven", "twelve"))
    site.feeds["/feed"] = [site.entry("/a", NOW - 40 * 24 * HOUR), site.entry("/b", NOW - 400 * 24 * HOUR)]
    collect(NOW)
    assert {r["reason"] for r in rows(tmp_path / "out", "rejects")} == {"too_old"}
    assert again(NOW + HOUR, "--reason", "too_old").get("replay/rejects", 0) == 0
    counts = again(NOW + HOUR, "--reason", "too_old", "--max_age", "50d")
    assert (counts["replay/rejects"], counts["commit/articles"], site.asked("/b")) == (1, 1, [])


def test_what_turns_out_to_be_in_the_tables_is_not_run_again(
    site: Site, collect: Run, again: Run, tmp_path: Path
) -> None:
    """Its page names another address as its own: no row of the article is in the entry's name."""
    site.story("/a")
    site.feeds["/feed"] = [site.entry("/a", NOW - HOUR), site.entry("/print-a", NOW - HOUR)]
    site.statuses["/print-a"] = 404
    collect(NOW)
    site.statuses.clear()
    site.pages["/print-a"] = site.pages["/a"].replace("<head>", f"<head><link rel='canonical' href='{site.base}/a'>")
    counts = again(NOW + HOUR)
    assert (counts["replay/rejects"], counts["commit/unchanged_revision"]) == (1, 1)
    assert len(rows(tmp_path / "out", "articles")) == 1
    assert again(NOW + 2 * HOUR).get("replay/rejects", 0) == 0


@pytest.mark.parametrize("stage", sorted(STAGES))
def test_without_a_choice_only_technical_failures_are_taken(stage: str) -> None:
    taken = {reason for reason in REJECTS if Wanted().takes(stage, reason)}
    judged = {
        "screened_out",
        "irrelevant",
        "passing_mention",
        "too_old",
        "no_content",
        "unchanged_revision",
        "no_identity",
    }
    assert (taken == set()) if stage not in {"fetch", "extract"} else not taken & {"too_old", "no_content"}
    assert all(Wanted((reason,)).takes(stage, reason) for reason in judged - {"no_identity"})


@pytest.mark.parametrize(
    ("given", "tells"),
    [
        (["--reason", "http_500"], "--reason 'http_500': is none of too_old, no_content, screened_out, "),
        (["--reason", "\x1b[2J"], r"--reason '\x1b[2J': is none of "),
        (["--stage", "fetching"], "--stage 'fetching': is none of poll, parse, seen, screen, fetch, "),
        (["--reason", "no_identity"], "--reason no_identity: such an entry names no article"),
        (["--feeds", "x"], "--feeds: replay polls no feeds"),
        (["--streaming"], "--streaming: replay polls no feeds"),
        (["--force"], "--force: replay polls no feeds"),
        (["--poll_interval", "5m"], "--poll_interval: replay polls no feeds"),
        (["--max_poll_interval", "5h"], "--max_poll_interval: replay polls no feeds"),
        (["--page_delay", "soon"], "--page_delay: 'soon' is no duration"),
        (["stray"], "'stray' is not an option"),
    ],
)
def test_mistakes(given: list[str], tells: str) -> None:
    with pytest.raises(UserError) as raised:
        replay.parse(["--output", "out", *given])
    assert tells in str(raised.value)


@pytest.fixture
def command(launcher: Launcher, argv: list[str], tmp_path: Path) -> Callable[..., tuple[int, str]]:
    """An ``idlib-watch`` command of its own process; status and what it said."""

    def call(job: str, *more: str) -> tuple[int, str]:
        run = launcher.start([job, *argv, *more], tmp_path / "log")
        return run.wait(), run.said

    return call


def test_no_dataset(command: Callable[..., tuple[int, str]], tmp_path: Path) -> None:
    status, said = command("replay")
    assert (status, said.strip()) == (
        2,
        f"idlib-watch: --output {tmp_path / 'out'}: holds no tables yet; idlib-watch collect writes them",
    )
    assert not (tmp_path / "out").exists()


def test_the_account(site: Site, command: Callable[..., tuple[int, str]], tmp_path: Path) -> None:
    at = time.time() - HOUR
    site.feeds["/feed"] = [site.entry(f"/{name}", at) for name in "ab"]
    site.statuses |= {"/a": 503, "/b": 404}
    listed = ("--feeds", str(tmp_path / "feeds.txt"))
    command("collect", *listed)
    site.statuses.pop("/a")
    site.story("/a")
    status, said = command("replay")
    assert status == 0, said
    assert "2  rejects run again" in said and "1  committed" in said and "new: 1 articles, " in said
    assert "-1  http_4xx: " in said
    status, said = command("replay")
    assert status == 0 and "nothing is new: all was rejected again" in said
    status, said = command("replay", "--reason", "timeout")
    assert (status, said.strip().splitlines()[-1]) == (0, "nothing to run again")


def test_the_account_adds_up() -> None:
    counts = {
        "replay/rejects": 20, "screen/screened_out": 2, "seen/duplicate": 1, "fetch/timeout": 3, "fetch/gave_up": 1,
        "fetch/robots_unreachable": 1, "fetch/page": 8, "fetch/refused": 2, "fetch/whole_in_feed": 2,
        "extract/robots_disallowed": 1, "extract/no_text": 2, "extract/article": 9, "judge/irrelevant": 1,
        "judge/kept": 8, "commit/unchanged_revision": 1, "commit/articles": 7,
    }  # fmt: skip
    lines = replay_funnel(counts)
    running = lines[0].count
    for line in lines[1:]:
        running -= line.count if line.loss else 0
        assert line.kind != "stage" or line.count == running, line.text
    assert running == 7


def test_killed_in_the_middle_and_run_again(
    site: Site, launcher: Launcher, argv: list[str], command: Callable[..., tuple[int, str]], tmp_path: Path
) -> None:
    at, names = time.time() - HOUR, [f"/{n}" for n in range(6)]
    site.feeds["/feed"] = [site.entry(name, at) for name in names]
    site.statuses |= dict.fromkeys(names, 503)
    command("collect", "--feeds", str(tmp_path / "feeds.txt"))
    for name in names:
        site.story(name, text=f"{STORY} Truck {name[1:]} was the last of them.")
    site.statuses.clear()
    chance, out = random.Random(20180911), tmp_path / "out"
    with Reader(out) as reader:
        for _ in range(6):
            run = launcher.start(["replay", *argv], tmp_path / "killed.log")
            time.sleep(chance.uniform(0.2, 2.5))
            run.kill(signal.SIGKILL)
            run.wait()
        status, said = command("replay")
        assert status == 0, said
    assert not reader.broken, reader.broken
    assert sorted(a["url"] for a in rows(out, "articles")) == [site.base + name for name in names]
    quotes = Counter(q["article_id"] for q in rows(out, "quotes"))
    assert len(quotes) == len(names) and len(set(quotes.values())) == 1  # one text, but for the number
    assert owed(out, time.time()) == []
    status, said = command("replay")
    assert said.strip().splitlines()[-1] == "nothing to run again: no page failed"


@pytest.mark.gcs
def test_on_an_object_store(site: Site, launcher: Launcher, argv: list[str], tmp_path: Path) -> None:
    site.feeds["/feed"] = [site.entry("/a", time.time() - HOUR)]
    site.statuses["/a"] = 503
    there = ["--output", "gs://news/watch/idlib", *argv[2:]]

    with storage_server("news") as gate:

        def said(*command: str, ends: int = 0) -> str:
            run = launcher.start([*command, *there], tmp_path / "log", environment(gate))
            assert run.wait() == ends, run.said
            return run.said

        assert "holds no tables yet" in said("replay", ends=2)
        said("collect", "--feeds", str(tmp_path / "feeds.txt"))
        site.story("/a")
        site.statuses.clear()
        assert "new: 1 articles" in said("replay")
        assert "nothing to run again" in said("replay")
