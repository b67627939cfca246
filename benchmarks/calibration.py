"""``python -m benchmarks calibration FILE…``: how often a quotation of a given confidence is right.

Right is one whose words and whose speaker are, by the rule of ``benchmarks/scoring.py``; those that answer a marked
quotation without speaker are left out. A confidence is calibrated where the share in the last column is the one in
the column before.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence

from benchmarks import systems
from benchmarks.annotated import read_annotated
from benchmarks.markdown import put, table
from benchmarks.scoring import VIEWS, Comparison, compare
from schemas.errors import UserError

KEY = "calibration"
BINS = 10

Judged = tuple[float, bool]  # confidence, right


def main(argv: Sequence[str] | None = None) -> int:
    """Returns 0; raises ``UserError`` for mistakes."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks calibration", description=__doc__)
    add = parser.add_argument
    add("files", nargs="+", metavar="FILE", help="JSON lines with id, text and quotes")
    add("--view", choices=VIEWS, default="all", help="which quotations (default: all)")
    add("--write", metavar="DOC", help=f"put the table into a Markdown document, between <!-- {KEY} --> lines")
    asked = parser.parse_args(argv)
    quoted = []
    for name in asked.files:
        file = read_annotated(name)
        if file.labelled:
            raise UserError(f"{name}: holds verdicts, no quotations; calibration is of quotations")
        quoted += file.quoted
    found = systems.ours(systems.annotated([one.given for one in quoted]))
    compared = (compare(a.given.text, a.quotes, b, asked.view) for a, b in zip(quoted, found, strict=True))
    shown = f"{len(quoted):,} texts, view {asked.view}.\n\n{show(list(judged(compared)))}"
    print(shown)
    if asked.write:
        put(asked.write, KEY, shown)
    return 0


def judged(compared: Iterable[Comparison]) -> Iterable[Judged]:
    """The confidence of each quotation that was found, and whether it is right."""
    for one in compared:
        marked_by = {found: marked for marked, found in one.pairs.items()}
        for n, quote in enumerate(one.found):
            marked = marked_by.get(n)
            if not one.charged[n] or (marked is not None and marked not in one.speaker_right):
                continue
            if quote.confidence is None:
                raise UserError("the quotations found carry no confidence; this measures nothing yet")
            yield quote.confidence, marked is not None and one.speaker_right[marked]


def show(found: Sequence[Judged]) -> str:
    """The reliability table, and the expected calibration error: the mean distance of the two columns."""
    rows, distance = [], 0.0
    for n in range(BINS):
        inside = [one for one in found if min(int(one[0] * BINS), BINS - 1) == n]
        if not inside:
            continue
        mean = sum(confidence for confidence, _ in inside) / len(inside)
        right = sum(was for _, was in inside) / len(inside)
        distance += abs(mean - right) * len(inside)
        rows.append((f"{n / BINS:.1f} to {(n + 1) / BINS:.1f}", len(inside), mean, right))
    error = distance / len(found) if found else 0.0
    return table(("confidence", "quotations", "mean confidence", "share right"), rows) + (
        f"\nExpected calibration error {error:.3f}: the mean distance of the last two columns.\n"
    )
