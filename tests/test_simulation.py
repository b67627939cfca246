"""Two days of polling on a clock of our own, killed at 20 random moments: no poll too early, none forgotten,
nothing lost and nothing doubled."""

from __future__ import annotations

import itertools
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.harness import ROOT, rows
from tests.samples import DAY
from tests.simulation import EVERY, HOUR, START, TICKS, Played, moment, world

SEED = 20180911
KILLS = 20


@dataclass
class Asked:
    """A request that was made."""

    at: float
    feed: str
    url: str
    etag: str
    modified: str

    @property
    def conditional(self) -> bool:
        return (self.etag, self.modified) != ("-", "-")


@dataclass
class History:
    """What became of the two days."""

    output: Path
    feeds: dict[str, Played]
    torn: Counter[float] = field(default_factory=Counter)  # how often the process was killed in a tick
    missed: set[float] = field(default_factory=set)  # ticks that nobody took up again

    def __post_init__(self) -> None:
        self.polls: dict[str, list[dict[str, Any]]] = {}
        self.asked: dict[str, list[Asked]] = {}

    def read(self) -> None:
        polls, asked = defaultdict(list), defaultdict(list)
        for row in sorted(rows(self.output, "polls"), key=lambda r: r["at"]):
            polls[row["outlet"] or row["feed_url"]].append(row)
        for line in (self.output / "asked.tsv").read_text().splitlines():
            at, feed, url, etag, modified = line.split("\t")
            asked[feed.split("//")[1].split(".")[0]].append(Asked(float(at), feed, url, etag, modified))
        self.polls, self.asked = dict(polls), dict(asked)


class Server:
    """See ``tests.simulation``."""

    def __init__(self, output: Path) -> None:
        command = [sys.executable, "-m", "tests.simulation", str(output), str(SEED)]
        self.begun = 0  # the last tick that was begun
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT)

    def say(self, line: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(f"{line}\n")
        self.process.stdin.flush()

    def order(self, first: int, last: int, stop: int = -1) -> int:
        self.say(f"{first} {last} {stop}")
        return int(self.until("pid"))

    def until(self, word: str) -> str:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if line.startswith("tick"):
                self.begun = int(line.split()[1])
            if line.startswith(word):
                return line[len(word) :].strip()
        raise AssertionError("the simulation ended")


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Iterator[History]:
    print(f"seed {SEED}")
    output = tmp_path_factory.mktemp("simulation")
    found, chance = History(output, world(SEED)), random.Random(SEED)
    server = Server(output)
    try:
        first, lasted = 0, 0.1
        for stop in sorted(chance.sample(range(1, TICKS - KILLS), KILLS)):
            stop = max(first, stop)
            pid = server.order(first, TICKS, stop)
            for tick in range(first, stop + 1):
                begun = time.monotonic()
                server.until(f"tick {tick}")
                lasted = 0.8 * lasted + 0.2 * (time.monotonic() - begun)
            server.say("go")  # it waits in that tick, so that the moment is of our choice
            time.sleep(chance.uniform(0, lasted))
            os.kill(pid, signal.SIGKILL)
            assert server.until("ended") == str(-signal.SIGKILL)
            found.torn[moment(server.begun)] += 1
            again = chance.random() < 0.5  # restarted at once, or by the cron run after the next
            first = server.begun if again else server.begun + 2
            if not again:
                found.missed |= {moment(server.begun), moment(server.begun + 1)}
        server.order(first, TICKS)
        assert server.until("ended") == "0"
        found.read()
        server.order(TICKS + 1, -1)
        assert server.until("ended") == "0"
        yield found
    finally:
        assert server.process.stdin is not None
        server.process.stdin.close()
        server.process.wait(20)


def at(row: dict[str, Any], column: str = "at") -> float:
    return float(row[column].timestamp())


def test_no_poll_is_too_early(history: History) -> None:
    for name, polls in history.polls.items():
        for before, after in itertools.pairwise(polls):
            assert before["next_due"] is not None, f"{name} was asked again"
            assert after["at"] >= before["next_due"], name
    for name, asked in history.asked.items():
        recorded = {at(p) for p in history.polls[name]}
        for when, times in Counter(a.at for a in asked).items():
            assert times <= 1 + history.torn[when], name
            assert when in recorded or history.torn[when], f"{name}: asked and not written down"


def test_no_poll_is_forgotten(history: History) -> None:
    ticks = [moment(n) for n in range(TICKS)]
    for name in history.feeds:
        polls = history.polls[name]
        assert at(polls[0]) == START
        for before, after in itertools.pairwise([*polls, None]):
            assert before is not None
            if before["next_due"] is None:
                assert before["reason"] == "gone"
                continue
            turns = [t for t in ticks if t >= at(before, "next_due") and t not in history.missed]
            # (who skips hours is not asked in them, however late the turn)
            turns = [t for t in turns if name != "skips" or (t - START) % DAY >= 6 * HOUR]
            assert (at(after) if after else moment(TICKS)) <= (turns[0] if turns else moment(TICKS)), name


def test_nothing_is_lost(history: History) -> None:
    titles = defaultdict(set)
    for row in rows(history.output, "articles"):
        titles[row["url"]].add(row["title"])
    for name, feed in history.feeds.items():
        if name in {"dead", "gone"}:
            continue
        for url, title in feed.titles(moment(TICKS + 1)).items():
            assert title in titles[url], f"{name}: {url}"
    assert sum(map(len, titles.values())) > 700


def test_news_come_in_time(history: History) -> None:
    """Not only at the end, when all is asked once more: within a pause of the feed, and of what it asked for."""
    published = {
        f"http://{feed.name}.example/{n}": START + t for feed in history.feeds.values() for n, t in enumerate(feed.news)
    }
    late: dict[str, list[float]] = defaultdict(list)
    for row in rows(history.output, "articles"):
        if published[row["url"]] > START:
            late[row["entry_id"] and row["feed_url"]].append(at(row, "collected_at") - published[row["url"]])
    mean = {url.split("//")[1].split(".")[0]: sum(found) / len(found) for url, found in late.items()}
    assert mean["pace0"] < 900
    assert mean["pace2"] < 2700
    assert mean["ttl60"] < 2 * HOUR
    assert mean["stubborn"] < 18 * HOUR  # it says 304 to all who ask with a condition


def test_nothing_is_doubled(history: History) -> None:
    articles = rows(history.output, "articles")
    assert max(Counter((r["article_id"], r["revision_id"]) for r in articles).values()) == 1
    for table, key in (("polls", "poll_id"), ("rejects", "reject_id")):
        assert max(Counter(r[key] for r in rows(history.output, table)).values(), default=1) == 1
    parts = Counter((r["article_id"], r["revision_id"]) for r in rows(history.output, "entities"))
    assert set(parts) == {(r["article_id"], r["revision_id"]) for r in articles}
    assert max(parts.values()) == 1


def gaps(history: History, name: str) -> list[float]:
    times = [a.at for a in history.asked[name] if a.at not in history.torn]
    return [b - a for a, b in itertools.pairwise(times)]


@pytest.mark.parametrize(
    ("name", "least"),
    [("pace0", 600), ("ttl60", 3600), ("ttl360", 6 * 3600), ("max-age", 7200), ("absurd", 0.95 * DAY), ("silent", 600)],
)
def test_what_feeds_ask_for_is_kept(history: History, name: str, least: float) -> None:
    assert min(gaps(history, name), default=DAY) >= least


def test_retry_after_is_kept_on_every_answer(history: History) -> None:
    assert {p["status"] for p in history.polls["retry"]} >= {304, 429}
    assert min(gaps(history, "retry")) >= 5000


def test_skipped_hours_are_skipped(history: History) -> None:
    asked = [(a.at - START) % DAY / HOUR for a in history.asked["skips"] if a.at > START]
    assert asked and min(asked) >= 6
    assert len(history.asked["skips-all"]) > 20  # nobody is silenced for ever


def test_paces_differ_as_news_do(history: History) -> None:
    numbers = [len(history.polls[f"pace{n}"]) for n in range(7)]
    assert numbers[0] > 200
    assert numbers[0] > 2 * numbers[2] > 2 * numbers[6]
    assert numbers[6] < 80
    assert len(history.polls["silent"]) < 40


@pytest.mark.parametrize("name", ["pace1", "silent", "dates-only", "tags-only", "edits", "ttl60", "moved"])
def test_conditions_but_once_a_day_without(history: History, name: str) -> None:
    asked = [a for a in history.asked[name] if a.at not in history.torn]
    whole = [a.at for a in asked if not a.conditional]
    assert len(whole) <= 4
    assert len(asked) > 3 * len(whole)
    assert max((b - a for a, b in itertools.pairwise([*whole, moment(TICKS)])), default=0) <= DAY + 4 * EVERY


@pytest.mark.parametrize("name", ["liar", "old-liar", "bare", "stubborn"])
def test_validators_that_lie_are_not_sent(history: History, name: str) -> None:
    asked = history.asked[name]
    assert len(asked) > 5
    # The day's unconditional request finds it out at the latest.
    assert not any(a.conditional for a in asked if a.at > START + DAY + HOUR)


def test_https_is_taken_over_at_once_and_another_host_is_not(history: History) -> None:
    asked = [a for a in history.asked["secure"] if a.at not in history.torn]
    assert {a.url for a in asked[1:]} == {"https://secure.example/rss"}
    assert {a.url for a in history.asked["moved"]} == {"http://moved.example/rss"}


def test_failures_back_off_and_come_back(history: History) -> None:
    assert history.polls["gone"][-1]["reason"] == "gone"
    dead = [at(p) for p in history.polls["dead"]]
    pauses = [b - a for a, b in itertools.pairwise(dead)]
    assert len(dead) < 20
    assert all(b > 0.9 * a - 2 * EVERY for a, b in itertools.pairwise(pauses))
    assert max(pauses) > 4 * HOUR
    for name in ("ill", "lost", "notice", "flaps", "retry"):
        reasons = [p["reason"] for p in history.polls[name]]
        assert {"ok"} < set(reasons), name
        assert history.polls[name][-1]["failures"] == 0, name
        assert all(p["due_because"] in {"failures", "retry_after"} for p in history.polls[name] if p["failures"]), name


def test_each_pause_says_why(history: History) -> None:
    told = {row["due_because"] for polls in history.polls.values() for row in polls}
    assert told >= {"interval", "news", "ttl", "cache_control", "retry_after", "skip", "failures", "gone"}
    assert [row["reason"] for row in history.polls["nonsense"]] == ["bad_url"]
