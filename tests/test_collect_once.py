"""The graph run once, again, and once more with changed feeds: exact rows, by the truth file."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.harness import ROOT, Collector, all_content, files, rows
from tests.newsday.day import NewsDay
from tests.newsday.outlets import OUTLETS
from tests.truth import shares

TRUTH = [json.loads(line) for line in (ROOT / "tests/newsday/truth.jsonl").read_text().splitlines()]
ARTICLES = [line for line in TRUTH if line["kind"] == "article"]
OUTLET = {outlet.id: outlet.name for outlet in OUTLETS}
Make = Callable[..., Collector]


def name(line: dict[str, Any]) -> str:
    return f"{OUTLET[line['outlet']]} {line['path'] or line['title']}"


def kept(phase: int, *, healed: bool) -> dict[str, dict[str, Any]]:
    """The truth's kept articles that can be had by ``phase``; the page that answers 503 at first comes later."""
    return {
        name(line): line
        for line in ARTICLES
        if line["keep"] and line["phase"] <= phase and (healed or "503" not in (line["case"] or ""))
    }


def by_name(output: Path) -> dict[str, list[dict[str, Any]]]:
    from tests.harness import path_of

    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows(output, "articles"):
        found.setdefault(path_of(row), []).append(row)
    return found


def check_articles(output: Path, truth: dict[str, dict[str, Any]]) -> None:
    found = by_name(output)
    assert set(found) == set(truth)
    for key, line in truth.items():
        first = found[key][0]
        assert first["language"] == line["language"], key
        assert first["text_from"] == line["text_from"], key
        assert first["published_from"] == line["published_from"], key
        assert first["mentions_idlib"] == line["idlib"], key
        if line["published_at"]:
            assert first["published_at"].strftime("%Y-%m-%dT%H:%M:%SZ") == line["published_at"], key
            assert first["date"] == line["published_at"][:10], key
        if line["author"]:
            assert first["author"], key


def test_once_again_and_with_changed_feeds(collector: Make, day: NewsDay, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run = collector()
    said = run.once()
    check_articles(out, kept(1, healed=False))
    assert len(rows(out, "articles")) == len(kept(1, healed=False))  # one revision each
    assert "new: 49 articles" in said
    told = shares(out, kept(1, healed=False))
    floors = {"direct": 0.98, "speakers": 0.78, "people": 0.92, "places": 0.95}  # measured: .99, .80, .95, .97
    assert all(told[what] >= least for what, least in floors.items()), told
    assert told["wrong speakers"] <= 0.05, told
    titles = {row["title"] for row in rows(out, "articles")}
    assert titles == {line["title"] for line in kept(1, healed=False).values()}
    owed = [row for row in rows(out, "rejects") if row["retryable"]]
    assert [row["reason"] for row in owed] == ["http_5xx"]
    before = files(out)

    # Again, at once: nothing is due, nothing is asked, no byte changes.
    day_log = len(day.requests())
    said = run.once()
    assert "nothing is new; the next feed is due at " in said
    assert len(day.requests()) == day_log and files(out) == before

    # Forced: feeds answer 304, no row is added to the tables of articles.
    run.once("--force")
    assert {k: v for k, v in files(out).items() if not k.startswith(("polls", "rejects"))} == {
        k: v for k, v in before.items() if not k.startswith(("polls", "rejects"))
    }
    second = [row for row in rows(out, "polls") if row["at"] == max(r["at"] for r in rows(out, "polls"))]
    assert {row["reason"] for row in second} <= {"not_modified", "unchanged", "truncated", "gone", "http_5xx"}
    assert not any(row["new_entries"] for row in second)

    # The evening: three new articles, a revision, the page that has healed.
    day.phase(2)
    run.once("--force")
    run.once("--force")
    truth = kept(2, healed=True)
    check_articles(out, truth)
    revised = {name(line): line for line in ARTICLES if line["revision"]}
    for key, found in by_name(out).items():
        assert len(found) == (2 if key in revised else 1), key
        assert len({row["date"] for row in found}) == 1, key
        assert len({row["published_at"] for row in found}) == 1, key
    for key, line in revised.items():
        assert {row["title"] for row in by_name(out)[key]} == {line["title"], line["revision"]["title"]}
    assert len({row["quote_id"] for row in rows(out, "quotes")}) == len(rows(out, "quotes"))


def test_rejects_and_polls_say_why(collector: Make, day: NewsDay, tmp_path: Path) -> None:
    collector().once()
    why = {(row["stage"], row["reason"]) for row in rows(tmp_path / "out", "rejects")}
    assert why == {
        ("screen", "screened_out"), ("fetch", "http_5xx"), ("extract", "http_4xx"), ("extract", "not_html"),
        ("judge", "irrelevant"), ("judge", "passing_mention"),
    }  # fmt: skip
    refused = {line["path"] for line in ARTICLES if line["reason"] in {"http_403", "http_404", "not_html"}}
    extract = [row for row in rows(tmp_path / "out", "rejects") if row["stage"] == "extract"]
    assert {row["url"].partition("/2018")[2] for row in extract} == {path.partition("/2018")[2] for path in refused}
    assert all(json.loads(row["input"])["title"] for row in rows(tmp_path / "out", "rejects"))
    polls = {row["feed_url"]: row for row in rows(tmp_path / "out", "polls")}
    assert len(polls) == len(day.feeds)
    for line in TRUTH:
        if line["kind"] != "feed":
            continue
        row = polls[day.url(line["feed"].split("/")[0], line["path"])]
        status = line["status"]["1"]
        assert row["status"] == (200 if status == 301 else status), line["feed"]
        if status == 200:
            assert row["entries"] == line["entries"]["1"], line["feed"]
        if status == 301:
            assert row["redirect"].endswith(line["moved_to"])
    assert {row["reason"] for row in polls.values()} == {"ok", "truncated", "gone", "http_5xx"}


def test_one_request_at_a_time_to_a_host(collector: Make, day: NewsDay) -> None:
    collector().once()
    requests = day.requests()
    assert len(requests) > 60
    assert max(r["max_in_flight"] for r in requests) == 1
    assert all(r["user_agent"].startswith("idlib-watch/") for r in requests)


@pytest.mark.parametrize(
    "options",
    [
        pytest.param(("--direct_num_workers=2", "--direct_running_mode=multi_processing"), id="two-processes"),
        pytest.param(("--runner=DirectRunner", "--shards=4", "--output_shards=3"), id="sharded"),
        pytest.param(("--annotators=2",), id="helper"),
        pytest.param(
            ("--runner=PrismRunner", f"--prism_location={ROOT}/.cache/prism/prism"),
            id="prism",
            marks=pytest.mark.prism,
        ),
    ],
)
def test_other_runners_make_the_same_rows(
    collector: Make, day: NewsDay, tmp_path: Path, options: tuple[str, ...]
) -> None:
    collector(tmp_path / "a").once()
    day.reset()
    collector(tmp_path / "b").once(*options)
    assert all_content(tmp_path / "a") == all_content(tmp_path / "b")


def test_entries_past_max_age_are_turned_away_with_a_reason(collector: Make, tmp_path: Path) -> None:
    collector().once("--max_age", "30d")
    late = [row for row in rows(tmp_path / "out", "rejects") if row["reason"] == "too_old"]
    assert len(late) > 150
    # What no feed dates goes on; the one without any date counts from now.
    assert {row["published_from"] for row in rows(tmp_path / "out", "articles")} <= {"collected"}


def test_the_same_article_in_two_feeds_is_stored_once(collector: Make, day: NewsDay, tmp_path: Path) -> None:
    collector().once()
    listed = [line for line in ARTICLES if line["keep"] and len(line["feeds"]) >= 3]
    assert listed
    found = by_name(tmp_path / "out")
    assert all(len(found[name(line)]) == 1 for line in listed if name(line) in found)
    canonical = [row["canonical_url"] for row in rows(tmp_path / "out", "articles") if row["canonical_url"]]
    assert not any("utm_" in url or "fbclid" in url for url in canonical)
    assert len(canonical) == len(set(canonical))


def test_half_a_file_in_the_dataset_is_told_in_one_line(collector: Make, tmp_path: Path) -> None:
    run = collector()
    run.once()
    broken = next((tmp_path / "out" / "articles").rglob("*.parquet"))
    broken.write_bytes(broken.read_bytes()[:300])
    said = run.once("--force", status=2)
    assert "Traceback" not in said
    assert f"{broken}: cannot be read as Parquet" in said and "move it out of the dataset" in said
    assert "run again to go on" not in said
