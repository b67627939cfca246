"""How much of what the news day's truth file says of the kept articles stands in the tables."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.harness import path_of, rows


def shares(output: Path, truth: Mapping[str, Mapping[str, Any]]) -> dict[str, float]:
    """Shares found, from 0 to 1: people (English), places, direct quotes, their speakers, wrong speakers."""
    articles = {row["article_id"]: path_of(row) for row in rows(output, "articles")}
    named: dict[str, set[str]] = {}
    quoted: dict[str, list[dict[str, Any]]] = {}
    for row in rows(output, "entities"):
        names = named.setdefault(articles[row["article_id"]], set())
        names.update(_plain(text) for text in (row["name"], *(m["text"] for m in row["mentions"])))
    for row in rows(output, "quotes"):
        quoted.setdefault(articles[row["article_id"]], []).append(row)
    asked, found = Counter[str](), Counter[str]()
    for key, line in truth.items():
        for what in ("people", "places") if line["language"] == "en" else ("places",):
            asked[what] += len(line[what])
            found[what] += sum(_plain(name) in named.get(key, ()) for name in line[what])
        for quote in line["quotes"]:
            if quote["kind"] != "direct":
                continue
            words, who = _plain(quote["text"]), _plain(quote["speaker"] or "")
            hits = [row for row in quoted.get(key, []) if words in _plain(row["text"]) or _plain(row["text"]) in words]
            speakers = {_plain(row["speaker"] or "") for row in hits}
            asked.update(("direct", "speakers", "wrong speakers"))
            found["direct"] += bool(hits)
            found["speakers"] += who in speakers
            found["wrong speakers"] += bool(speakers - {who, ""})
    return {what: found[what] / asked[what] for what in asked}


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[^\w ]", " ", text.casefold()).split())
