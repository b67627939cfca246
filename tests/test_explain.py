"""``idlib-watch explain``: every way that an article can take is told from the tables alone."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from pipelines import explain
from schemas.records import FeedState
from tests.harness import Collector, rows
from tests.newsday.day import NewsDay
from tests.test_query import NOON, put, row
from transforms.identity import article_id, canonical_url
from transforms.trail import Trail, trail
from transforms.views import connect

SITE = "https://orontes.example"
FEED = f"{SITE}/rss"


def url(path: str) -> str:
    return f"{SITE}/{path}"


def name(path: str) -> str:
    made = article_id(canonical_url(url(path)), "", None)
    assert made
    return made


def poll(hour: int, *paths: str, feed: str = FEED, restated: bool = True) -> dict[str, Any]:
    state = FeedState(seen={name(path): "f" for path in paths})
    return row("polls", poll_id=f"{feed}{hour}", feed_url=feed, outlet="Orontes Post", at=NOON + timedelta(hours=hour),
               reason="ok", state=msgspec.msgpack.encode(state), restated=restated)  # fmt: skip


def reject(hour: int, path: str, stage: str, reason: str, **more: Any) -> dict[str, Any]:
    told = json.dumps({"title": f"On {path}", "summary": "Of bakers\x1b[31m."}).encode()
    due = NOON + timedelta(hours=hour + 6) if more.get("retryable") else None
    fields = {"reject_id": f"{path}{stage}{reason}{hour}", "article_id": name(path), "url": url(path), "feed_url": FEED,
              "at": NOON + timedelta(hours=hour), "input": told, "due": due, "attempts": 1}  # fmt: skip
    return row("rejects", stage=stage, reason=reason, **(fields | more))


def article(path: str, revision: str, hour: int, **more: Any) -> dict[str, Any]:
    fields = {"article_id": name(path), "revision_id": revision, "entry_id": name(path), "url": url(path),
              "canonical_url": url(path), "feed_url": FEED, "title": f"On {path}", "level": "core", "relevance": 0.97,
              "collected_at": NOON + timedelta(hours=hour), "text_from": "page",
              "matched": [{"term": "Idlib", "kind": "place", "count": 3}]}  # fmt: skip
    return row("articles", **(fields | more))


@pytest.fixture
def dataset(tmp_path: Path) -> Path:
    root = tmp_path / "out"
    put(root, "polls", "a", poll(0, "kept", "dull", "slow", "passing", "copied"), poll(1, restated=False),
        poll(2, "kept", "dull", "lost"), poll(2, "dull", feed=f"{SITE}/second"))  # fmt: skip
    put(root, "rejects", "a", reject(0, "dull", "screen", "screened_out"),
        reject(2, "dull", "screen", "screened_out", feed_url=f"{SITE}/second", reject_id="2"),
        reject(0, "passing", "judge", "passing_mention", error="score 0.21"),
        reject(0, "slow", "fetch", "timeout", retryable=True, attempts=1),
        reject(6, "slow", "fetch", "http_5xx", retryable=True, attempts=2, error="status 503"),
        reject(0, "dead", "fetch", "http_5xx", retryable=True), reject(48, "dead", "fetch", "gave_up", attempts=9),
        reject(0, "kept", "fetch", "timeout", retryable=True))  # fmt: skip
    put(root, "articles", "a", article("kept", "r1", 1), article("kept", "r2", 3, title="Later"),
        article("original", "r3", 1, entry_id=name("copied")))  # fmt: skip
    put(
        root, "entities", "a", *(row("entities", article_id=name("kept"), revision_id="r2", entity_id=e) for e in "xyz")
    )
    put(root, "entities", "orphan", row("entities", article_id=name("kept"), revision_id="r2", entity_id="w"))
    put(root, "quotes", "a", row("quotes", article_id=name("kept"), revision_id="r1", quote_id="q"))
    return root


def told(root: Path, asked: str) -> Trail:
    with connect(str(root)) as connection:
        return trail(connection, asked)


@pytest.mark.parametrize(
    ("path", "outcome", "because"),
    [
        ("kept", "kept", "in the tables: level core, score 0.970"),
        ("copied", "kept", f"a copy of {SITE}/original, which is in the tables: level core"),
        ("dull", "turned_away", "at screen, in each of 2 feeds: screened_out: title and summary do not speak"),
        ("passing", "turned_away", "at judge: passing_mention: the topic is only mentioned (score 0.21)"),
        ("slow", "owed", "http_5xx: the server failed: a status from 500 to 599 (status 503), asked for 2 times; "
                         "due 2018-09-12 00:00 UTC"),
        ("dead", "turned_away", "at fetch: gave_up: the page failed in passing for 48 hours"),
        ("lost", "listed", "a feed lists it, but no row is of it"),
        ("never", "unknown", "never seen: no answer of a feed listed it (2 feeds polled, 2 of its host)"),
    ],
)  # fmt: skip
def test_outcomes(path: str, outcome: str, because: str, dataset: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = told(dataset, url(path))
    assert found.outcome == outcome
    assert because in found.because
    assert explain.main([url(path), "--output", str(dataset)]) == (1 if outcome == "unknown" else 0)
    out = capsys.readouterr().out
    assert found.because in out and "\x1b" not in out
    assert told(dataset, name(path)).outcome == outcome


def test_the_way_of_a_kept_article(dataset: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = told(dataset, url("kept"))
    assert [(r["revision_id"], r["latest"], r["entities"], r["quotes"]) for r in found.revisions] == [
        ("r1", False, 0, 1), ("r2", True, 3, 0),
    ]  # fmt: skip
    assert found.revisions[1]["files"] == {
        "articles": "articles/date=2018-09-11/a.parquet", "entities": "entities/date=2018-09-11/a.parquet",
    }  # fmt: skip
    assert found.owed == []
    feed = found.feeds[0]
    assert (feed["listed_from"], feed["listed_until"]) == (NOON, NOON + timedelta(hours=2))
    assert explain.main([url("kept"), "--output", str(dataset)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "Later"
    steps = [" ".join(line.split()[2:5]) for line in lines if line.startswith("2018")]
    assert steps == ["poll the feed", "fetch timeout: no", "commit kept: level", "poll the feed", "commit kept: level"]
    assert "matched: Idlib ×3" in lines


@pytest.mark.parametrize(
    "spelling",
    ["http://www.orontes.example/kept/?utm_source=x#top", "https://m.orontes.example/kept", " https://ORONTES.example/kept"],
)  # fmt: skip
def test_spellings_of_a_url(spelling: str, dataset: Path) -> None:
    assert told(dataset, spelling).revisions == told(dataset, url("kept")).revisions != []


def test_a_url_that_a_page_was_redirected_to(tmp_path: Path) -> None:
    put(tmp_path, "articles", "a", article("short", "r", 0, url=url("where/it/went")))
    put(tmp_path, "rejects", "a", reject(0, "x", "fetch", "timeout", url=url("by'chance")))
    assert told(tmp_path, url("where/it/went")).copy_of == url("short")
    assert told(tmp_path, url("by'chance")).outcome == "turned_away"


def test_a_state_that_cannot_be_read_and_an_id_by_chance(tmp_path: Path) -> None:
    wanted = name("x").encode()
    put(tmp_path, "polls", "a", row("polls", poll_id="1", restated=True, state=b"\xc1" + wanted),
        row("polls", poll_id="2", restated=True, state=msgspec.msgpack.encode(FeedState(etag=wanted.decode()))))  # fmt: skip
    assert told(tmp_path, url("x")).outcome == "unknown"


def test_json(dataset: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert explain.main([url("dull"), "--output", str(dataset), "--json"]) == 0
    made = json.loads(capsys.readouterr().out)
    assert made["article_ids"] == [name("dull")]
    assert [r["feed_url"] for r in made["rejects"]] == [FEED, f"{SITE}/second"]
    assert made["rejects"][0]["at"] == "2018-09-11T12:00:00Z"
    assert made["rejects"][0]["title"] == "On dull"
    assert explain.main([url("never"), "--output", str(dataset), "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["outcome"] == "unknown"


@pytest.mark.parametrize(
    ("argv", "tells"),
    [
        ([SITE, "--output", "{tmp}/none"], "no such folder"), ([SITE, "--output", "{tmp}"], "holds no tables yet"),
        ([SITE, "--output", "nope://x/y"], "--output nope://x/y: cannot be read"), ([SITE], "--output"),
        (["feeds.opml", "--output", "{tmp}/out"], "feeds.opml: is neither an http(s) URL nor an article_id"),
        (["https://\ud800", "--output", "{tmp}/out"], "is neither"), (["--output", "{tmp}/out"], "URL"),
    ],
)  # fmt: skip
def test_mistakes(
    argv: list[str], tells: str, dataset: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert explain.main([a.replace("{tmp}", str(tmp_path)) for a in argv]) == 2
    said = capsys.readouterr().err
    assert tells in said and len(said.splitlines()) == 1


def test_every_article_and_reject_of_a_run_is_explained(
    collector: Callable[..., Collector], day: NewsDay, tmp_path: Path
) -> None:
    collector().once()
    out = tmp_path / "out"
    entities = Counter(row["article_id"] for row in rows(out, "entities"))
    kept = {a["article_id"] for a in rows(out, "articles")} | {a["entry_id"] for a in rows(out, "articles")}
    with connect(str(out)) as connection:
        owed = {found[0] for found in connection.execute("SELECT article_id FROM owed").fetchall()}
        for asked in rows(out, "articles"):
            found = trail(connection, asked["canonical_url"] or asked["article_id"])
            assert found.outcome == "kept"
            counted = [r["entities"] for r in found.revisions if r["article_id"] == asked["article_id"]]
            assert counted == [entities[asked["article_id"]]]
            assert any(feed["listed_from"] for feed in found.feeds)
        for asked in rows(out, "rejects"):
            if asked["url"]:
                wanted = (
                    "kept" if asked["article_id"] in kept else "owed" if asked["article_id"] in owed else "turned_away"
                )
                assert trail(connection, asked["url"]).outcome == wanted


def test_neither_beam_nor_spacy_is_imported(dataset: Path) -> None:
    code = (
        "import sys; from pipelines.explain import main; main(sys.argv[1:]); "
        "print(sorted({'apache_beam', 'spacy', 'aiohttp', 'trafilatura'} & set(sys.modules)))"
    )
    command = [sys.executable, "-c", code, "--output", str(dataset), url("kept")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
