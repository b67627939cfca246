"""A table of pairs of URLs: the same article, or not. ``pairs.txt`` tells its form."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

_MARKS = {"␣": " ", "⏎": "\n"}


class Pair(NamedTuple):
    """Two URLs, whether they are one article, and why."""

    same: bool
    first: str
    second: str
    why: str


def load() -> list[Pair]:
    """The table; raises ``ValueError`` on a line that is not of its form."""
    found = []
    for line in Path(__file__).with_name("pairs.txt").read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        kind, first, second, why = (_plain(cell) for cell in line.split(" | "))
        if kind not in {"same", "other"} or not why:
            raise ValueError(line)
        found.append(Pair(kind == "same", first, second, why))
    return found


def _plain(cell: str) -> str:
    for mark, meant in _MARKS.items():
        cell = cell.replace(mark, meant)
    return re.sub(r"<U\+([0-9A-F]{4})>", lambda found: chr(int(found[1], 16)), cell)
