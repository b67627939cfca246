"""The text of pages in the layouts that news sites use, scored as the article extraction benchmark does it."""

from __future__ import annotations

import pytest

from benchmarks.layouts import extracted, matched, ours, score
from tests.layouts import Case, cases

PAGES: dict[str, list[Case]] = {}
for made in cases():
    PAGES.setdefault(made.layout, []).append(made)


@pytest.mark.parametrize("layout", [name for name, pages in PAGES.items() if pages[0].text is not None])
def test_text(layout: str) -> None:
    found = score([(case.text or "", ours(case)) for case in PAGES[layout]])
    assert found.precision >= 0.98 and found.recall >= 0.89, found  # one story of ten is shorter than an article


@pytest.mark.parametrize("layout", [name for name, pages in PAGES.items() if pages[0].text is None])
def test_walls_are_no_articles(layout: str) -> None:
    for case in PAGES[layout]:
        found = extracted(case)
        if found.article is None:
            assert found.reason == ("not_article" if layout in ("error page", "listing") else "wall"), case.number
        else:
            assert (found.article.text_from, found.article.truncated) == ("summary", True)
            beginnings = (case.story.paragraphs[0], case.story.summary)
            assert found.article.text in beginnings, case.number


def test_matched() -> None:
    assert matched("a b c d e", "a b c d e") == (1, 0, 0)
    assert matched("a b c d e", "a b c d x") == (1 / 3, 1 / 3, 1 / 3)
    assert matched("a b", "") == (0, 0, 1)
    assert matched("", "") == (0, 0, 0)


def test_score() -> None:
    found = score([("a b c d e", "a b c d e"), ("a b c d e", "")])
    assert (found.precision, found.recall, found.accuracy) == (1, 0.5, 0.5)
    assert round(found.f1, 3) == 0.667
