"""``python -m benchmarks layouts``: the text of pages in typical layouts, ours beside trafilatura's defaults.

Scored as the article extraction benchmark of Scrapinghub (Zyte) does it: shingles of four words, counted with
repetition, of what was found and of what is right; a page's true and false positives and false negatives add up to one,
so that long pages weigh no more; precision and recall are means over pages, F1 is their harmonic mean, accuracy the share
of pages without a mistake. A page that holds no article is right where none is taken.
"""

from __future__ import annotations

import argparse
import re
import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.measure import Result
from tests.layouts import Case, cases
from tests.samples import NOON, an_entry
from transforms.extract import Extracted, to_article

SHINGLE = 4  # words
GOAL = 0.95  # mean F1 over layouts
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Score:
    """Means over pages; each from 0 to 1."""

    precision: float
    recall: float
    accuracy: float

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def shingles(text: str) -> Counter[tuple[str, ...]]:
    """The runs of four words of ``text``; of a shorter text the one that it is."""
    words = _WORD.findall(text)
    made = (tuple(words[i : i + SHINGLE]) for i in range(max(1, len(words) - SHINGLE + 1)))
    return Counter(run for run in made if run)


def matched(wanted: str, found: str) -> tuple[float, float, float]:
    """True positives, false positives and false negatives, which add up to 1 (or are all 0)."""
    right, taken = shingles(wanted), shingles(found)
    counts = ((right & taken).total(), (taken - right).total(), (right - taken).total())
    total = sum(counts)
    return (counts[0] / total, counts[1] / total, counts[2] / total) if total else (0.0, 0.0, 0.0)


def score(pairs: Sequence[tuple[str, str]]) -> Score:
    """Of (wanted, found) texts."""
    precisions, recalls, perfect = [], [], 0
    for wanted, found in pairs:
        tp, fp, fn = matched(wanted, found)
        perfect += fp == fn == 0
        if fp == fn == 0:
            precisions.append(1.0)
            recalls.append(1.0)
        else:
            if tp + fp:
                precisions.append(tp / (tp + fp))
            recalls.append(tp / (tp + fn) if tp + fn else 1.0)
    return Score(
        statistics.mean(precisions) if precisions else 0.0, statistics.mean(recalls), perfect / max(1, len(pairs))
    )


def extracted(case: Case) -> Extracted:
    """What the pipeline makes of a page, for an entry with headline and summary."""
    from schemas.records import Page

    story = case.story
    entry = an_entry(url=case.url, canonical_url=case.url, title=story.title, summary=story.summary, language=None)
    return to_article(Page(entry=entry, url=case.url, html=case.html, charset=None, attempts=1, collected_at=NOON))


def ours(case: Case) -> str:
    """The text that is taken for the page's own; empty where there is none."""
    made = extracted(case).article
    return made.text if made is not None and made.text_from == "page" else ""


def theirs(case: Case) -> str:
    """What trafilatura's ``extract`` gives as it comes."""
    import trafilatura

    return trafilatura.extract(case.html) or ""


def run(quick: bool) -> list[Result]:
    """Mean F1 over the layouts with an article, and pages of walls that were taken for one."""
    found: dict[str, list[Case]] = {}
    for case in cases():
        found.setdefault(case.layout, []).append(case)
    notes, f1, other, wrong, walls = [], [], [], 0, 0
    for layout, pages in found.items():
        if pages[0].text is None:
            taken, by_them = (sum(bool(arm(c)) for c in pages) for arm in (ours, theirs))
            notes.append(f"{layout:<16} taken for an article: {taken} of {len(pages)}   trafilatura {by_them}")
            wrong, walls = wrong + taken, walls + len(pages)
            continue
        mine, its = (score([(c.text or "", arm(c)) for c in pages]) for arm in (ours, theirs))
        f1.append(mine.f1)
        other.append(its.f1)
        notes.append(f"{layout:<16} {_told(mine)}   trafilatura {_told(its)}")
    notes.append(f"trafilatura's defaults: F1 {statistics.mean(other):.3f}")
    return [
        Result("text of pages, mean F1", statistics.mean(f1), GOAL, unit="F1", notes=notes),
        Result("walls taken for articles", wrong / max(1, walls), 0.0, at_least=False, unit=""),
    ]


def _told(s: Score) -> str:
    return f"P {s.precision:.3f} R {s.recall:.3f} F1 {s.f1:.3f} whole {s.accuracy:.2f}"


def main(argv: list[str] | None = None) -> int:
    """Print the figures; with ``--show LAYOUT`` what is too much and too little on each of its pages."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.layouts", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--show", metavar="LAYOUT", help="each page's differing paragraphs")
    options = parser.parse_args(argv)
    if options.show:
        for case in cases():
            if case.layout == options.show:
                made = extracted(case)
                text = made.article.text if made.article else ""
                says = f"{made.article.text_from} {len(text)}" if made.article else made.reason
                print(f"{case.layout} {case.number} {case.story.id}: {says}")
                wanted, taken = (case.text or "").split("\n"), text.split("\n\n")
                print("".join(f"  - {line[:150]}\n" for line in wanted if line not in taken), end="")
                print("".join(f"  + {line[:150]}\n" for line in taken if line not in wanted), end="")
        return 0
    for result in run(False):
        print("\n".join(result.lines()))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
