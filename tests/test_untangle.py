"""Spans of one kind that run into each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from transforms.quotation.untangle import untangled


@dataclass(frozen=True)
class Cue:
    at: int


@dataclass(frozen=True)
class Span:
    start: int
    end: int
    cue: Any
    kind: str = "indirect"


SAID, TOLD, WROTE = Cue(1), Cue(4), Cue(9)
STARTS = [10 * n for n in range(40)]  # of tokens


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ([(20, 60, SAID), (70, 90, TOLD)], [(20, 60), (70, 90)]),
        ([(20, 90, SAID), (50, 80, TOLD)], [(20, 90), (50, 80)]),  # one within the other
        ([(20, 90, SAID), (20, 50, SAID)], [(20, 90)]),  # one statement in two lengths
        ([(20, 50, SAID), (40, 90, SAID)], [(20, 90)]),  # one statement in two pieces
        ([(20, 80, SAID), (20, 80, TOLD)], [(20, 80)]),
        ([(20, 80, WROTE), (50, 89, TOLD)], [(50, 89)]),  # the first stands before its cue
        ([(20, 80, SAID), (50, 89, WROTE)], [(20, 80)]),
        ([(20, 80, SAID), (50, 95, TOLD)], [(20, 80)]),
        ([(10, 99, SAID), (20, 60, WROTE), (50, 80, TOLD)], [(10, 99), (50, 80)]),
        ([(20, 60, None), (30, 70, None)], [(20, 60)]),
    ],
)
def test_spans_of_one_kind(given: list[tuple[int, int, Any]], kept: list[tuple[int, int]]) -> None:
    found = untangled([Span(*one) for one in reversed(given)], STARTS)
    assert [(span.start, span.end) for span in found] == kept


def test_kinds_do_not_mind_each_other() -> None:
    both = [Span(20, 60, SAID), Span(30, 90, SAID, "direct")]
    assert untangled(both, STARTS) == both
