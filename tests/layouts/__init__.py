"""Pages in the layouts that news sites use, each with the text that a person would take out of it.

The stories are those of the news day; what stands around them is of ``words`` and changes from page to page. ``text`` is
what ``articleBody`` would hold: paragraphs and headings between them, no headline, byline, caption of a lead picture,
counter, prompt or link to another article. Where it is None the page shows no article: a wall, a list, an error.
"""

from __future__ import annotations

from dataclasses import dataclass

from tests.layouts.layouts import LAYOUTS
from tests.layouts.walls import WALLS
from tests.layouts.words import WORDS
from tests.newsday.articles import Story, load

LANGUAGES = ("en", "en", "fr", "ar", "tr", "en", "fr", "ar", "tr", "en")  # of a layout's pages
SITE = "http://quay.example"


@dataclass(frozen=True)
class Case:
    """One page. ``url`` is what was asked for."""

    layout: str
    number: int
    story: Story
    html: bytes
    url: str
    text: str | None


def cases() -> list[Case]:
    """Every layout with ten stories, always the same."""
    by_language: dict[str, list[Story]] = {}
    for story in sorted(load(), key=lambda s: s.id):
        by_language.setdefault(story.language, []).append(story)
    made = []
    for place, (layout, render) in enumerate({**LAYOUTS, **WALLS}.items()):
        for number, language in enumerate(LANGUAGES):
            peers = by_language[language]
            at = 7 * place + 3 * number
            story, others = peers[at % len(peers)], [peers[(at + n) % len(peers)] for n in (1, 2, 3)]
            html, text = render(story, others, WORDS[language], number)
            data = html if isinstance(html, bytes) else html.encode()
            made.append(Case(layout, number, story, data, f"{SITE}/{story.slug}", text))
    return made
