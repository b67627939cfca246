"""Which feeds carried an article, and which articles are one story: the views, whatever the files hold."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from apache_beam.pvalue import TaggedOutput
from apache_beam.transforms.window import IntervalWindow

from pipelines import explain
from schemas import tables
from schemas.records import BatchPart
from tests.samples import NOON as AT
from tests.samples import an_article, an_entry, parts_of
from tests.test_query import NOON, ask, put, row
from transforms.coders import encode
from transforms.commit import Unit, commit
from transforms.held import Ids
from transforms.screen import sighted
from transforms.storage import LocalStorage
from transforms.tables import CommitBatches, _CommitDoFn, sighting_row, write_log

A, B, C = (f"https://{name}.example/rss" for name in ("orontes", "ghab", "euphrates"))


def article(name: str, hour: int = 0, **more: Any) -> dict[str, Any]:
    fields = {"article_id": name, "revision_id": f"r{name}{hour}", "entry_id": name, "title": f"On {name}",
              "published_at": NOON + timedelta(hours=hour), "collected_at": NOON, "story_id": name}  # fmt: skip
    return row("articles", **(fields | more))


def sighting(name: str, feed: str, hour: int, **more: Any) -> dict[str, Any]:
    fields = {"sighting_id": f"{name}{feed}{hour}", "article_id": name, "feed_url": feed, "title": f"{name} in {feed}",
              "at": NOON + timedelta(hours=hour), "url": f"https://x.example/{name}"}  # fmt: skip
    return row("sightings", **(fields | more))


def reject(name: str, feed: str, hour: int, stage: str = "screen", told: bytes | None = None) -> dict[str, Any]:
    entry = json.dumps({"title": "Bread", "outlet": "The Ghab", "published": 1536660000.5}).encode()
    return row("rejects", reject_id=f"{name}{feed}{hour}", stage=stage, reason="screened_out", article_id=name,
               feed_url=feed, at=NOON + timedelta(hours=hour), input=entry if told is None else told)  # fmt: skip


def seen(root: Path) -> list[tuple[Any, ...]]:
    return ask(root, 'SELECT article_id, feed_url, hour("at") FROM sightings ORDER BY 3, 2, 1')


def test_an_article_and_a_feed_are_one_row_with_the_first_sight(tmp_path: Path) -> None:
    put(tmp_path, "articles", "a", article("x"))
    put(tmp_path, "sightings", "a", sighting("x", A, 1), sighting("x", A, 0), sighting("x", B, 2), sighting("x", A, 0))
    put(tmp_path, "sightings", "again", sighting("x", A, 0))  # a run that was killed and ran again
    assert seen(tmp_path) == [("x", A, 12), ("x", B, 14)]


def test_only_of_articles_that_are_stored(tmp_path: Path) -> None:
    put(tmp_path, "articles", "a", article("x"))
    put(tmp_path, "sightings", "a", sighting("x", A, 0), sighting("y", A, 0))
    put(tmp_path, "rejects", "a", reject("z", B, 1))
    assert seen(tmp_path) == [("x", A, 12)]


def test_a_feed_whose_telling_was_turned_away_carried_it_too(tmp_path: Path) -> None:
    put(tmp_path, "articles", "a", article("x"))
    put(tmp_path, "sightings", "a", sighting("x", A, 0))
    put(tmp_path, "rejects", "a", reject("x", B, 1), reject("x", C, 2, "fetch"), reject("x", C, 3, told=b"\xff{"))
    assert seen(tmp_path) == [("x", A, 12), ("x", B, 13), ("x", C, 15)]
    (told,) = ask(tmp_path, f"SELECT title, outlet, epoch(published_at) FROM sightings WHERE feed_url = '{B}'")
    assert told == ("Bread", "The Ghab", 1536660000.5)


def test_a_link_of_a_feeds_own_leads_to_the_article_of_its_page(tmp_path: Path) -> None:
    link = {"url": "https://t.example/1"}
    put(tmp_path, "articles", "a", article("x", entry_id="by-link"))
    put(
        tmp_path,
        "sightings",
        "a",
        sighting("by-link", A, 0),
        sighting("short", B, 1, **link),
        sighting("x", B, 1, **link),
    )
    assert seen(tmp_path) == [("x", A, 12), ("x", B, 13)]


def test_a_sighting_is_written_once(tmp_path: Path) -> None:
    storage = LocalStorage(str(tmp_path))
    found = sighting_row(sighted(an_entry("x"), "x"))
    assert set(found) == set(tables.SCHEMAS[tables.SIGHTINGS].names)
    assert [write_log(storage, tables.SIGHTINGS, "sighting_id", [found, found], AT) for _ in range(2)] == [1, 0]


def test_an_entry_in_another_form_that_leads_to_a_held_article_is_a_sighting(tmp_path: Path) -> None:
    """Its first form told too little and was turned away under the link's own id, which is no article's."""
    article = an_article("x", entry=an_entry("go", known=True, foreign=True, feed_url=B))
    part = BatchPart(article_id="x", revision_id=article.revision_id, data=encode(article))
    step = _CommitDoFn(CommitBatches(str(tmp_path), 1, 60.0))
    step.setup()
    for _ in range(2):  # a batch that is run again
        made = list(
            step.process(("0", {"articles": [part], "entities": [], "quotes": []}), IntervalWindow(AT, AT + 60))
        )
        found = [o.value for o in made if isinstance(o, TaggedOutput) and o.tag == "sightings"]
        assert [(s.article_id, s.feed_url) for s in found] == [("x", B)]
        write_log(LocalStorage(str(tmp_path)), tables.SIGHTINGS, "sighting_id", [sighting_row(s) for s in found], AT)
    assert [row[:2] for row in seen(tmp_path)] == [("x", B)]


def test_a_story_is_one_row_with_its_oldest_article_at_the_head(tmp_path: Path) -> None:
    put(tmp_path, "articles", "a", article("x", 3, outlet="B", story_id="x", agency=None),
        article("y", 1, outlet="C", story_id="x", agency="AFP"), article("z", 2, outlet="B", story_id="x"),
        article("other", 0))  # fmt: skip
    wanted = "story_id, article_id, title, printings, outlets, agency, hour(first_published), hour(last_published)"
    assert ask(tmp_path, f"SELECT {wanted} FROM stories ORDER BY 1") == [
        ("other", "other", "On other", 1, [], None, 12, 12), ("x", "y", "On y", 3, ["B", "C"], "AFP", 13, 15),
    ]  # fmt: skip


def test_an_article_is_counted_once_in_its_story_however_often_it_changed(tmp_path: Path) -> None:
    put(tmp_path, "articles", "a", article("x"), article("x", 0, revision_id="r2", title="Later",
        collected_at=NOON + timedelta(hours=1)))  # fmt: skip
    assert ask(tmp_path, "SELECT printings, title FROM stories") == [(1, "Later")]


OLD = ["story_id", "signature", "revision", "changes"]


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A dataset of a version that knew no stories."""
    import pyarrow.parquet as pq

    storage = LocalStorage(str(tmp_path))
    first = an_article("x")
    commit(Unit(AT, 0, 1), [first], *([p] for p in parts_of(first)), storage, Ids(storage))
    (file,) = storage.files(tables.ARTICLES)
    path = storage.path(file.table, file.day, file.name)
    pq.write_table(pq.ParquetFile(path).read().drop_columns(OLD), path)
    return tmp_path


def test_a_dataset_of_an_older_version_is_read_and_grown(old: Path) -> None:
    assert ask(old, "SELECT story_id, revision FROM articles") == [("x", None)]
    assert ask(old, "SELECT story_id, printings FROM stories") == [("x", 1)]
    assert ask(old, "SELECT count(*) FROM sightings") == [(0,)]
    storage = LocalStorage(str(old))
    later = an_article("x", text=an_article("x").text + "\n\nThe oven burnt.", collected_at=AT + 60)
    result = commit(Unit(AT + 60, 0, 1), [later], *([p] for p in parts_of(later)), storage, Ids(storage))
    assert [(a.story_id, a.revision, len(a.changes)) for a in result.written] == [("x", 2, 1)]
    assert ask(old, "SELECT story_id, revision FROM articles") == [("x", 2)]


def test_explain_tells_printings_feeds_and_what_changed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    name = "0123456789abcdef"
    put(tmp_path, "articles", "a", article(name, story_id="s"), article(name, story_id="s", revision_id="r2", revision=2,
        collected_at=NOON + timedelta(hours=1), changes=[{"part": "title", "before": "Bread", "after": "No bread\x1b[2J"}]),
        article("y", 2, story_id="s", outlet="Ghab Courier", title="Flour", canonical_url="https://ghab.example/1"))  # fmt: skip
    put(tmp_path, "sightings", "a", sighting(name, A, 0), sighting(name, B, 1, title="Ovens cold"))
    assert explain.main([name, "--output", str(tmp_path)]) == 0
    out = capsys.readouterr().out
    for told in (
        "of story s",
        "Ghab Courier",
        "https://ghab.example/1",
        "Ovens cold",
        B,
        "changed the title: Bread → No",
    ):
        assert told in out
    assert "\x1b" not in out
