"""What a collector must find: ``python -m tests.newsday.truth [--write]``.

``truth.jsonl`` is derived from the article files and the table of cases. Lines of kind ``article`` and
``feed``; the fields are described in README.md.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from . import cases, site
from .articles import QuoteLine, Story, load
from .outlets import BY_ID, OUTLETS, FeedSpec

FILE = Path(__file__).with_name("truth.jsonl")
_REFUSALS = {"forbidden": "http_403", "missing": "http_404", "pdf": "not_html"}

Line = dict[str, Any]


def _time(story: Story) -> str:
    return f"{story.published:%Y-%m-%dT%H:%M:%SZ}"


def _quotes(quotes: Sequence[QuoteLine]) -> list[Line]:
    return [{"kind": quote.kind, "speaker": quote.speaker, "text": quote.text} for quote in quotes]


def _listings(stories: Sequence[Story], story: Story) -> dict[str, int]:
    """Feed id -> the first phase in which a reader of that feed sees the article."""
    found: dict[str, int] = {}
    for phase in site.PHASES:
        now = site.at_phase(stories, phase)
        for spec in BY_ID[story.outlet].feeds:
            if site.status(spec, phase) not in (200, 301) or spec.id in found:
                continue
            if any(other.slug == story.slug for other in site.visible(now, spec)):
                found[spec.id] = phase
    return found


_WHOLE_ARTICLE = 150  # words


def _published_from(story: Story, text_from: str) -> str:
    odd = site.case(story)
    if odd.entry_date == "right":
        return "feed"
    return "page" if odd.page_date and text_from == "page" else "collected"


def article_line(stories: Sequence[Story], story: Story) -> Line:
    """What is true about one article."""
    odd, listings = site.case(story), _listings(stories, story)
    in_feed = any(spec.full_text and spec.id in listings for spec in BY_ID[story.outlet].feeds)
    refusal = _REFUSALS.get(odd.page)
    # A feed that carries the whole of a dated article spares its page; it stands in for a refused one, too.
    whole = odd.entry_date == "right" and len(" ".join(story.paragraphs).split()) >= _WHOLE_ARTICLE
    text_from = "feed" if in_feed and (refusal or not odd.linked or whole) else "page"
    wanted = story.level in ("core", "part")
    reason: str | None = None
    if not listings:
        reason = "not_listed"
    elif not wanted:
        reason = "irrelevant"
    elif refusal and text_from == "page":
        reason = refusal
    published_from = _published_from(story, text_from)
    line: Line = {
        "kind": "article",
        "slug": story.slug,
        "outlet": story.outlet,
        "offset": BY_ID[story.outlet].offset,
        "path": site.path(story) if odd.linked else None,
        "guid": None if odd.linked else site.guid(story, ""),
        "language": story.language,
        "keep": reason is None,
        "reason": reason,
        "level": story.level,
        "why": story.why,
        "phase": min(listings.values(), default=None),
        "title": story.title,
        "author": story.author,
        "published_at": None if published_from == "collected" else _time(story),
        "published_from": published_from,
        "text_from": text_from,
        "full_text_in_feed": in_feed,
        "page_refused": refusal,
        "idlib": story.idlib,
        "people": list(story.people),
        "places": list(story.places),
        "quotes": _quotes(story.quotes),
        "feeds": sorted(listings),
        "copy_of": odd.copy_of,
        "case": odd.about or None,
        "revision": None,
    }
    if story.revised is not None:
        revised = story.revised
        line["revision"] = {
            "phase": 2,
            "title": revised.title,
            "updated_at": f"{revised.updated:%Y-%m-%dT%H:%M:%SZ}",
            "quotes": _quotes(revised.quotes),
        }
    return line


def feed_line(stories: Sequence[Story], spec: FeedSpec) -> Line:
    """What is true about one feed."""
    outlet = BY_ID[spec.outlet]
    statuses = {str(phase): site.status(spec, phase) for phase in site.PHASES}
    return {
        "kind": "feed",
        "feed": spec.id,
        "offset": outlet.offset,
        "path": spec.path,
        "moved_to": cases.MOVED.get(spec.id),
        "format": spec.format,
        "dedicated": spec.dedicated,
        "outlet": outlet.name,
        "country": outlet.country,
        "language": outlet.language,
        "status": statuses,
        "entries": {
            str(phase): len(site.visible(site.at_phase(stories, phase), spec))
            if statuses[str(phase)] in (200, 301)
            else 0
            for phase in site.PHASES
        },
    }


def lines(stories: Sequence[Story] | None = None) -> list[Line]:
    """All lines: the feeds in the order of the feed list, then the articles in the order of their ids."""
    stories = load() if stories is None else stories
    feeds = [feed_line(stories, spec) for outlet in OUTLETS for spec in outlet.feeds]
    return feeds + [article_line(stories, story) for story in stories]


def read() -> list[Line]:
    """The truth as it lies on disk."""
    return [json.loads(line) for line in FILE.read_text(encoding="utf-8").splitlines()]


def main(arguments: list[str] | None = None) -> int:
    """The command. Without ``--write`` it says whether the file is in sync: exit status 0 or 1."""
    parser = argparse.ArgumentParser(prog="python -m tests.newsday.truth", description="The day's truth.")
    parser.add_argument("--write", action="store_true", help=f"write {FILE.name}")
    options = parser.parse_args(arguments)
    text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines())
    if options.write:
        FILE.write_text(text, encoding="utf-8")
        return 0
    if not FILE.exists() or FILE.read_text(encoding="utf-8") != text:
        print(f"{FILE.name} is out of date: run python -m tests.newsday.truth --write", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
