"""``python -m benchmarks ablation [FILE…]``: what each rule is worth.

Every rule of ``benchmarks/rules.py`` is switched off by itself, over the same parses; shown is what is lost without it. A
rule whose work another does as well is worth little here, and both together more.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Sequence

from benchmarks import stories, systems
from benchmarks.annotated import AnnotatedFile, read_annotated
from benchmarks.markdown import change, put, table
from benchmarks.rules import RULES, without
from benchmarks.scoring import VIEWS, Score, compare
from schemas.errors import UserError

KEY = "ablation"
_STORIES = ("statements", "right", "wrong", "invented", "people", "places", "groups")
Measured = tuple[dict[str, Score], Counter[str]]


def main(argv: Sequence[str] | None = None) -> int:
    """Returns 0; raises ``UserError`` for mistakes."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks ablation", description=__doc__)
    add = parser.add_argument
    add(
        "files", nargs="*", metavar="FILE", help="JSON lines with id, text and quotes, besides the stories of the tests"
    )
    add("--write", metavar="DOC", help=f"put the table into a Markdown document, between <!-- {KEY} --> lines")
    asked = parser.parse_args(argv)
    files = [read_annotated(name) for name in asked.files]
    if labelled := next((file for file in files if file.labelled), None):
        raise UserError(f"{labelled.path}: holds verdicts, no quotations; ablation is of quotations")
    shown = show(files)
    print(shown)
    if asked.write:
        put(asked.write, KEY, shown)
    return 0


def show(files: Sequence[AnnotatedFile]) -> str:
    """The table; rules worth most come first."""
    with systems.parsed_once():
        whole = _measure(files)
        rows = []
        for rule in RULES:
            with without(rule):
                rows.append((rule.what, _measure(files)))
    scores, counted = whole
    view_heads = [f"{view} {share}" for view in VIEWS if files for share in ("F1", "joint")]
    heads = ("without", *view_heads, *_STORIES)
    rows.sort(key=lambda row: _lost(whole, row[1]), reverse=True)
    first = [f"{100 * share:.1f}" for score in scores.values() for share in (score.f1, score.joint_f1)]
    body = [("(nothing: all rules)", *first, *(counted[name] for name in _STORIES))]
    body += [(what, *_changes(whole, less)) for what, less in rows]
    texts = sum(len(file.quoted) for file in files)
    return (
        f"What changes without each rule: F1 in points of a hundred over {texts:,} annotated texts; and over "
        f"{counted['stories']} stories the statements found, how many of their speakers got the right name, a wrong one, "
        "or one that the story does not give, and the people, places and groups found.\n\n" + table(heads, body)
    )


def _measure(files: Sequence[AnnotatedFile]) -> Measured:
    quoted = [one for file in files for one in file.quoted]
    found = systems.ours(systems.annotated([one.given for one in quoted]))
    pairs = list(zip(quoted, found, strict=True))
    scores = {
        view: Score.of(compare(one.given.text, one.quotes, theirs, view) for one, theirs in pairs)
        for view in VIEWS
        if files
    }
    counted = stories.tally()
    counted["statements"] = sum(counted[f"found {kind}"] for kind in stories.KINDS)
    for what in stories.NAMES:
        counted[what] = counted[f"found {what}"]
    return scores, counted


def _lost(whole: Measured, less: Measured) -> float:
    """What a rule is worth in all: points of joint F1 over all views, and right names less wrong ones."""
    points = sum(100 * (score.joint_f1 - less[0][view].joint_f1) for view, score in whole[0].items())
    gone = Counter(whole[1])
    gone.subtract(less[1])
    names = sum(gone[what] for what in stories.NAMES)
    return points + (gone["right"] - gone["wrong"] - gone["invented"]) / 10 + names / 100


def _changes(whole: Measured, less: Measured) -> list[str]:
    changes = [
        change(100 * (getattr(less[0][view], share) - getattr(score, share)), 1)
        for view, score in whole[0].items()
        for share in ("f1", "joint_f1")
    ]
    return [*changes, *(change(less[1][name] - whole[1][name]) for name in _STORIES)]
