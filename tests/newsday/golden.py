"""``python -m tests.newsday.golden [--write]``: what the pipeline writes of the day's articles, kept to be compared with.

``golden.jsonl`` holds one array a line, each beginning with the article: its language and level; its entities (id, label,
mentions); its quotes (kind, speaker, cue, words); its figures (kind, low, high, who, place). It is no truth: what is right
stands in ``truth.jsonl``. It shows what a change of the rules changes.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.harness import Collector, Launcher, path_of, rows
from tests.newsday.day import NewsDay

FILE = Path(__file__).with_name("golden.jsonl")
RENEW = "python -m tests.newsday.golden --write"
MOST = 60  # lines of a difference that are shown


def lines(output: str | Path) -> list[str]:
    """The lines of the tables under ``output``, article by article, each in the order of its text."""
    articles = {row["article_id"]: row for row in rows(output, "articles")}
    made: list[tuple[str, int, int, str]] = []
    for row in articles.values():
        made += _of_article(path_of(row), row)
    for table, order in (("entities", 1), ("quotes", 2)):
        for row in rows(output, table):
            article = path_of(articles[row["article_id"]])
            if table == "entities":
                line = [article, "entity", row["entity_id"], row["label"], row["count"]]
                made.append((article, order, 0, _json(line)))
            else:
                line = [article, "quote", row["kind"], row["speaker"], row["cue"], row["text"]]
                made.append((article, order, row["start"], _json(line)))
    return [line for *_, line in sorted(made)]


def _of_article(article: str, row: dict[str, Any]) -> Iterator[tuple[str, int, int, str]]:
    yield article, 0, 0, _json([article, "article", row["language"], row["level"]])
    for f in row["figures"]:
        line = [article, "figure", f["kind"], f["low"], f["high"], f["what"], f["place"]]
        yield article, 3, f["start"], _json(line)


def _json(line: list[Any]) -> str:
    return json.dumps(line, ensure_ascii=False)


def read() -> list[str]:
    """The lines as they lie on disk; none where there is no file."""
    return FILE.read_text(encoding="utf-8").splitlines() if FILE.exists() else []


def difference(found: list[str], kept: list[str]) -> str:
    """What ``found`` lacks (-) and has more (+) than ``kept``, by article, and how to accept it; empty where they hold
    the same, in whatever order."""
    gone, new = Counter(kept) - Counter(found), Counter(found) - Counter(kept)
    marked = [("-", line) for line in dict.fromkeys(kept) for _ in range(gone[line])]
    marked += [("+", line) for line in dict.fromkeys(found) for _ in range(new[line])]
    if not marked:
        return ""
    articles: dict[str, list[str]] = {}
    for mark, line in marked:
        article, *rest = json.loads(line)
        articles.setdefault(article, []).append(f"  {mark} {' | '.join('–' if r is None else str(r) for r in rest)}")
    shown = [line for article, changed in articles.items() for line in (article, *changed)]
    more = [f"… and {len(shown) - MOST} lines more"] if len(shown) > MOST else []
    total = f"{gone.total()} lines gone (-), {new.total()} new (+). If that is better than before: {RENEW}"
    return "\n".join([*shown[:MOST], *more, total])


def main(arguments: list[str] | None = None) -> int:
    """Collect the day and show the difference (exit status 1), or keep what came with ``--write``."""
    parser = argparse.ArgumentParser(prog="python -m tests.newsday.golden", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--write", action="store_true", help=f"write {FILE.name}")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="golden-") as folder, NewsDay() as day:
        launcher = Launcher()
        try:
            output = Path(folder, "out")
            Collector(launcher, str(day.opml), str(output), Path(folder)).once()
            found = lines(output)
        finally:
            launcher.close()
    told = difference(found, read())
    print(told or "no difference")
    if options.write:
        FILE.write_text("".join(line + "\n" for line in found), encoding="utf-8")
        return 0
    return 1 if told else 0


if __name__ == "__main__":
    sys.exit(main())
