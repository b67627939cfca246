"""What the pipeline writes of the news day: the same as ``annotate`` says, and as the golden file keeps."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.harness import ROOT, Collector, Launcher, rows
from tests.newsday import golden
from tests.newsday.day import NewsDay


@pytest.fixture(scope="module")
def tables(launcher: Launcher, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The tables of one run over the day."""
    folder = tmp_path_factory.mktemp("day")
    with NewsDay() as day:
        Collector(launcher, str(day.opml), str(folder / "out"), folder).once()
        yield folder / "out"


def grouped(quotes: list[dict[str, Any]]) -> list[int]:
    """Of each quotation the number of the first one of its utterance."""
    groups = [quote["quote_group"] for quote in quotes]
    return [groups.index(group) for group in groups]


def test_the_news_day_is_annotated_as_the_pipeline_did(tables: Path, tmp_path: Path) -> None:
    articles = {row["article_id"]: row for row in rows(tables, "articles")}
    assert len(articles) > 40
    lines = [{"id": name, "text": row["text"], "title": row["title"]} for name, row in articles.items()]
    given = tmp_path / "texts.jsonl"
    given.write_text("".join(json.dumps(line) + "\n" for line in lines))
    command = [sys.executable, "-m", "pipelines.annotate", "--jsonl", str(given)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [a["id"] for a in answers] == list(articles)
    entities = {name: [r for r in rows(tables, "entities") if r["article_id"] == name] for name in articles}
    quotes = {name: [r for r in rows(tables, "quotes") if r["article_id"] == name] for name in articles}
    for answer in answers:
        name, article = answer["id"], articles[answer["id"]]
        assert answer["language"] == article["language"]
        told = answer["relevance"]
        assert (told["keep"], told["level"], told["why"]) == (True, article["level"], article["matched"])
        assert told["score"] == pytest.approx(article["relevance"])
        fields = list(answer["entities"][0]) if answer["entities"] else []
        wanted = [{f: row[f] for f in fields} for row in entities[name]]
        assert sorted(answer["entities"], key=lambda e: e["entity_id"]) == wanted
        assert len(answer["quotes"]) == len(quotes[name])
        assert grouped(answer["quotes"]) == grouped(quotes[name])  # their ids hold the article's
        for quote, row in zip(answer["quotes"], quotes[name], strict=True):
            assert quote.pop("role") == row["speaker_role"]
            assert quote.pop("affiliation") == row["speaker_affiliation"]
            assert quote.pop("confidence") == pytest.approx(row["confidence"])
            assert quote.pop("quote_group")
            assert quote == {field: row[field] for field in quote}
        assert answer["figures"] == article["figures"]
    assert sum(len(article["figures"]) for article in articles.values()) > 3


# --- the golden file ----------------------------------------------------------------------------------


def test_the_rows_are_those_of_the_golden_file(tables: Path) -> None:
    told = golden.difference(golden.lines(tables), golden.read())
    assert not told, f"\n{told}"


def test_the_golden_file_covers_every_article_and_kind() -> None:
    kept = [json.loads(line) for line in golden.read()]
    assert len({article for article, *_ in kept}) == sum(line[1] == "article" for line in kept) == 49
    assert {line[1] for line in kept} == {"article", "entity", "quote", "figure"}
    assert golden.FILE.stat().st_size < 300_000


def test_a_difference_is_readable_and_knows_no_order() -> None:
    kept = golden.read()
    assert golden.difference(random.Random(3).sample(kept, len(kept)), kept) == ""
    assert golden.difference([*kept, kept[0]], kept) != ""  # a row twice
    at = next(n for n, line in enumerate(kept) if json.loads(line)[1:3] == ["quote", "direct"])
    article, *quote = json.loads(kept[at])
    changed = [*kept[:at], json.dumps([article, *quote[:2], "Nobody", *quote[3:]]), *kept[at + 1 :]]
    first, minus, plus, last = golden.difference(changed, kept).splitlines()
    assert first == article
    assert minus.startswith("  - quote | direct | ") and plus.startswith("  + quote | direct | Nobody | ")
    assert last.startswith("1 lines gone (-), 1 new (+).") and golden.RENEW in last
