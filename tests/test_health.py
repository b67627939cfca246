"""A feed's health, from its polls to a word and a sentence; and ``idlib-watch feeds``, which shows it."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import msgspec
import pytest

from pipelines import feeds
from schemas.records import Feed, FeedState
from tests.test_query import put, row
from transforms.health import HEALTH, NEVER, WRONG, Polled, all_health, health, ranges, span, summary
from transforms.polled import read_polled
from transforms.views import connect

NOW = datetime(2026, 3, 1, 12, tzinfo=timezone.utc).timestamp()
HOUR, DAY = 3600.0, 86_400.0
URL = "https://orontes.example/rss"
LISTED = Feed(url=URL, outlet="Orontes Post")


def polled(state: FeedState | None = None, **more: Any) -> Polled:
    """A feed that answered an hour ago with news, but for ``more``."""
    fields: dict[str, Any] = {
        "polls": 40, "first_success": NOW - 60 * DAY, "last_poll": NOW - HOUR, "last_success": NOW - HOUR,
        "last_new": NOW - HOUR, "reason": "ok", "status": 200, "entries": 25,
        "state": state or FeedState(due=NOW + HOUR),
    }  # fmt: skip
    return Polled(URL, **(fields | more))


FAILING = FeedState(failures=5, due=NOW + 2 * HOUR)


@pytest.mark.parametrize(
    ("found", "feed", "word", "why"),
    [
        (polled(), LISTED, "ok", ""),
        (polled(FAILING, reason="dns_error", error="no such name", status=None, first_failure=NOW - 2 * DAY), LISTED, "failing",
         "fails since 2026-02-27 12:00 UTC, 5 times in a row (dns_error: no such name); asked again at 2026-03-01 14:00 UTC"),
        (polled(FeedState(failures=1, due=NOW, failing_since=NOW - DAY), reason="http_5xx", status=503), LISTED, "failing",
         "fails since 2026-02-28 12:00 UTC (http_5xx 503: the server failed"),
        (polled(FAILING, reason="not_a_feed", last_success=None, last_new=None), LISTED, "failing", "it has never answered with a feed"),
        (polled(reason="host_unresponsive", status=None), LISTED, "ok", ""),  # not asked: no attempt, no failure
        (polled(FAILING, reason="host_busy", status=None), LISTED, "failing", "5 times in a row"),
        (polled(reason="host_busy", last_success=None, last_new=None, status=None), LISTED, "never", "never asked yet (host_busy: "),
        (polled(FeedState(gone=True, failures=1, due=NEVER), reason="gone", status=410, first_failure=NOW - DAY), LISTED, "gone",
         "gone (410) since 2026-02-28 12:00 UTC; not asked again, but for --force"),
        (Polled("nonsense"), Feed(url="nonsense", problem="feeds.txt line 3: no scheme"), "bad_line", "its line in the list is bad: feeds.txt line 3"),
        (polled(FeedState(gone=True, due=NEVER), reason="bad_url", error="no host"), LISTED, "bad_line", "bad: no host"),
        (Polled(URL), LISTED, "never", "never polled"),
        (polled(), None, "unlisted", "not in the feed list any more"),
        (polled(FeedState(due=NOW - 5 * HOUR), last_poll=NOW - 6 * HOUR), LISTED, "overdue", "due since 2026-03-01 07:00 UTC"),
        (polled(entries=0), LISTED, "empty", "no entries"),
        (polled(last_new=NOW - 12 * DAY, new_before=12), LISTED, "quiet", "answers, but nothing new for 12 days; it brought about 3 a week before"),
        (polled(last_new=NOW - 12 * DAY, new_before=280), LISTED, "quiet", "it brought about 10 a day before"),
        (polled(last_new=NOW - 12 * DAY, new_before=2), LISTED, "quiet", "less than one a week before"),
        # Watched for half a day before it fell quiet: its first answer tells no rate.
        (polled(last_new=NOW - 12 * DAY, first_success=NOW - 12.5 * DAY, new_before=9), LISTED, "quiet", "nothing new for 12 days"),
        (polled(last_new=NOW - 6 * DAY), LISTED, "ok", ""),
        (polled(reason="truncated", error="unclosed token"), LISTED, "ok", "its answer is cut: unclosed token"),
        (polled(FeedState(due=NOW + HOUR, moved_to="https://new.example/rss", moved_since=NOW - DAY)), LISTED, "ok",
         "redirects for good to https://new.example/rss since 2026-02-28 12:00 UTC: put that into the list"),
        (polled(FeedState(due=NOW + HOUR, moved_to="x", taken_url="https://new.example/rss")), LISTED, "ok",
         "moved for good: asked at https://new.example/rss instead"),
        (polled(redirect="https://cdn.example/rss"), LISTED, "ok", "answers from https://cdn.example/rss (a passing redirect"),
        (polled(FeedState(due=NOW + HOUR, lied=True)), LISTED, "ok", "its validators lie: polled without them"),
        (polled(FeedState(due=NOW + HOUR, skip_hours=[1, 2, 3, 23], skip_days=[6, 5])), LISTED, "ok",
         "asks not to be polled at 1-3, 23 h UTC; asks not to be polled on Saturdays, Sundays"),
        (polled(FeedState(failures=1, due=NOW), reason="private_address"), LISTED, "failing", "--allow_private HOST[:PORT] opens"),
    ],
)  # fmt: skip
def test_health(found: Polled, feed: Feed | None, word: str, why: str) -> None:
    told = health(found, feed, NOW, NOW - HOUR)
    assert (told.health, why in told.why) == (word, True), told.why
    assert why or not told.why
    assert "before" not in told.why or "a week before" in why or "a day before" in why


def test_what_is_asked_for_every_feed_is_told_for_none() -> None:
    """Nobody has polled for a month: that is not each feed's fault, and the summary tells the last poll."""
    old = polled(
        FeedState(due=NOW - 29 * DAY), last_poll=NOW - 30 * DAY, last_success=NOW - 30 * DAY, last_new=NOW - 31 * DAY
    )
    [told] = all_health([old], None, NOW, 40 * DAY)
    assert told.health == "ok"
    assert summary([told]) == "1 feed: 1 ok; last polled 2026-01-30 12:00 UTC"


def test_the_worst_come_first() -> None:
    found = [
            polled(), Polled("https://b.example/", polls=1, last_poll=NOW, reason="timeout", state=FeedState(failures=1), first_failure=NOW - HOUR),
            Polled("https://c.example/", polls=1, last_poll=NOW, reason="timeout", state=FeedState(failures=1), first_failure=NOW - DAY),
    ]  # fmt: skip
    told = all_health(
        found,
        [LISTED, Feed(url="https://b.example/"), Feed(url="https://c.example/"), Feed(url="https://new.example/")],
        NOW,
    )
    assert [(t.health, t.feed_url) for t in told] == [
        ("failing", "https://c.example/"), ("failing", "https://b.example/"), ("never", "https://new.example/"), ("ok", URL),
    ]  # fmt: skip
    assert summary(told).startswith("4 feeds: 2 failing, 1 never, 1 ok; last polled 2026-03-01 12:00 UTC")
    assert summary([]) == "0 feeds"


@pytest.mark.parametrize("at", [1e18, -1e18, 253_402_300_799.0, 0.0])
def test_times_that_no_calendar_has(at: float) -> None:
    state = FeedState(failures=1, due=at, failing_since=at, moved_to="x", moved_since=at)
    assert health(polled(state, reason="timeout", last_new=at), LISTED, NOW, NOW).health == "failing"


@pytest.mark.parametrize(
    ("seconds", "told"), [(10, "under a minute"), (60, "1 minute"), (7199, "119 minutes"), (7200, "2 hours"), (2 * DAY, "2 days")]
)  # fmt: skip
def test_spans(seconds: float, told: str) -> None:
    assert span(seconds) == told


def test_ranges() -> None:
    assert ranges([]) == ""
    assert ranges([3, 1, 2, 7, 8, 22]) == "1-3, 7, 8, 22"


# --- from the table ------------------------------------------------------------------------------------


def poll(hours_ago: float, reason: str, state: FeedState | None = None, url: str = URL, **more: Any) -> dict[str, Any]:
    at = datetime.now(timezone.utc) - timedelta(hours=hours_ago)
    fields = {"poll_id": f"{url}{hours_ago}", "feed_url": url, "outlet": "Orontes Post", "at": at, "reason": reason,
              "state": msgspec.msgpack.encode(state or FeedState(due=at.timestamp() + 1e6)), "restated": True}  # fmt: skip
    return row("polls", **(fields | more))


@pytest.fixture
def dataset(tmp_path: Path) -> Path:
    root = tmp_path / "out"
    bad = FeedState(failures=2, due=datetime.now(timezone.utc).timestamp() + 1e5)
    put(root, "polls", "a",
        poll(900, "ok", entries=25, new_entries=25), poll(800, "ok", entries=25, new_entries=3),
        poll(700, "ok", entries=25, new_entries=4), poll(600, "not_modified", status=304), poll(0.2, "not_modified", status=304),
        poll(50, "ok", url="https://b.example/", entries=9, new_entries=9), poll(20, "timeout", url="https://b.example/"),
        poll(1, "dns_error", bad, "https://b.example/", error="\x1b[31mno\u202e name", outlet="=cmd|'/c calc'!A1"),
        poll(1, "gone", FeedState(gone=True, failures=1, due=NEVER), "https://c.example/", status=410),
        poll(1, "ok", url="https://d.example/", state=None, entries=3, new_entries=3) | {"state": b"\xff\xff"})  # fmt: skip
    put(root, "polls", "b", poll(0.2, "not_modified", status=304))  # a row that stands twice
    return root


def test_polls_are_counted_as_they_happened(dataset: Path) -> None:
    with connect(str(dataset)) as connection:
        found = {one.feed_url: one for one in read_polled(connection)}
    one = found[URL]
    assert (one.polls, one.entries, one.new_before, one.reason) == (
        5,
        25,
        7,
        "not_modified",
    )  # the first answer's 25 are no rate
    assert one.last_new is not None and one.last_success is not None and one.first_success is not None
    assert one.last_new < one.last_success and one.first_failure is None
    other = found["https://b.example/"]
    assert other.first_failure is not None and other.last_success is not None
    assert other.last_poll is not None and other.last_success < other.first_failure < other.last_poll
    assert (other.state.failures, other.reason) == (2, "dns_error")
    assert found["https://d.example/"].state == FeedState()  # bytes that are no state stop nothing


def test_what_was_not_asked_has_not_failed(tmp_path: Path) -> None:
    bad = FeedState(failures=3, due=NEVER / 2)
    put(tmp_path / "out", "polls", "a",
        poll(9, "ok", entries=25, new_entries=3), poll(8, "host_busy", error="a pause"), poll(1, "host_unresponsive", status=None),
        poll(9, "ok", url="https://b.example/", entries=9, new_entries=9), poll(8, "host_busy", url="https://b.example/"),
        poll(5, "http_5xx", bad, "https://b.example/", status=503, error="overloaded"),
        poll(1, "host_busy", bad, "https://b.example/", error="a pause"),
        poll(1, "host_busy", url="https://c.example/"))  # fmt: skip
    with connect(str(tmp_path / "out")) as connection:
        found = {one.feed_url: one for one in read_polled(connection)}
    told = {one.feed_url: one for one in all_health(found.values(), None, datetime.now(timezone.utc).timestamp())}
    assert (found[URL].first_failure, found[URL].reason, told[URL].health) == (None, "ok", "ok")
    b, last = told["https://b.example/"], found["https://b.example/"]
    assert (b.health, b.reason, b.status, b.error) == ("failing", "http_5xx", 503, "overloaded")
    assert last.first_failure is not None and last.last_poll is not None
    assert round((last.last_poll - last.first_failure) / HOUR) == 4
    assert told["https://c.example/"].health == "never"


def test_table_json_and_csv(
    dataset: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "110")
    listed = tmp_path / "feeds.txt"
    listed.write_text(f"{URL} | Orontes Post\nhttps://b.example/\nhttps://c.example/\nhttps://new.example/\nftp://x/\n")
    asked = ["--output", str(dataset), "--feeds", str(listed)]
    assert feeds.main(asked) == 0
    out = capsys.readouterr().out
    assert out.startswith("6 feeds: 1 failing, 1 gone, 1 bad line, 1 never, 1 quiet, 1 unlisted; last polled ")
    assert "    answers, but nothing new for 29 days; it brought about" in out
    assert "\x1b[31m" not in out and "\u202e" not in out and "␛[31mno� name" in out
    assert all(len(line) <= 110 for line in out.splitlines())
    assert feeds.main([*asked, "--json", "--fail"]) == 1
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["health"] for line in lines] == ["failing", "gone", "bad_line", "never", "quiet", "unlisted"]
    assert (
        lines[0]["error"] == "\x1b[31mno\u202e name"
        and lines[0]["failing_since"].endswith("Z")
        and lines[0]["failures"] == 2
    )
    assert feeds.main([*asked, "--csv"]) == 0
    told = capsys.readouterr().out
    assert not any(c in told for c in "\x1b\u202e")
    rows = list(csv.DictReader(io.StringIO(told)))
    assert [r["health"] for r in rows] == [line["health"] for line in lines]
    assert list(rows[0]) == list(lines[0])
    assert rows[0]["outlet"] == "'=cmd|'/c calc'!A1"


def test_fail_is_for_cron(dataset: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    listed = tmp_path / "feeds.txt"
    listed.write_text(f"{URL}\nhttps://never.example/\n")
    assert feeds.main(["--output", str(dataset), "--feeds", str(listed), "--fail"]) == 0
    assert feeds.main(["--output", str(dataset), "--fail"]) == 1
    assert feeds.main(["--output", str(dataset)]) == 0
    assert set(WRONG) <= set(HEALTH)
    capsys.readouterr()


@pytest.mark.parametrize(
    ("more", "tells"),
    [
        (["--output", "{tmp}/none"], "no such folder"),
        (["--output", "{tmp}"], "holds no tables yet"),
        (["--output", "{tmp}", "--feeds", "{tmp}/none.opml"], "does not exist"),
        (["--output", "{tmp}", "--json", "--csv"], "choose one"),
        (["--output", "{tmp}", "--quiet_for", "long"], "no duration"),
        ([], "--output"),
    ],
)
def test_mistakes(more: list[str], tells: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert feeds.main([m.replace("{tmp}", str(tmp_path)) for m in more]) == 2
    said = capsys.readouterr().err
    assert tells in said and len(said.splitlines()) == 1


def test_neither_beam_nor_spacy_is_imported(dataset: Path) -> None:
    code = (
        "import sys; from pipelines import feeds; assert feeds.main(sys.argv[1:]) == 0; "
        "sys.exit(sum(name in sys.modules for name in ('apache_beam', 'spacy')))"
    )
    done = subprocess.run([sys.executable, "-c", code, "--output", str(dataset)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
