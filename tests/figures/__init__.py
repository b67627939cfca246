"""Invented sentences with the figures that a reader would tabulate, and what the rules make of them; see FORMAT.md."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

from schemas.records import Figure
from transforms.figures import extract_figures
from transforms.parsing import parse_texts

FILES = ("written", "later")


def told(figure: Figure | dict[str, Any]) -> tuple[Any, ...]:
    """What a figure says, from a record or a line of the files."""
    if isinstance(figure, Figure):
        return (figure.kind, figure.low, figure.high, figure.what, figure.unit, figure.part)
    wanted = {"unit": "people", "part": False, **figure}
    return tuple(wanted[field] for field in ("kind", "low", "high", "what", "unit", "part"))


def measured(name: str) -> tuple[Counter[str], list[str]]:
    """How many figures of a file were right, extra and missed, and the sentences where they differ."""
    file = Path(__file__).with_name(f"{name}.jsonl")
    lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    counted: Counter[str] = Counter(texts=len(lines), right=0, extra=0, missed=0)
    where = []
    for line, syntax in zip(lines, parse_texts([line["text"] for line in lines], "en"), strict=True):
        found = Counter(map(told, extract_figures(syntax, list)))
        wanted = Counter(map(told, line["figures"]))
        counted["right"] += (found & wanted).total()
        counted["extra"] += (found - wanted).total()
        counted["missed"] += (wanted - found).total()
        if found != wanted:
            where.append(f"{line['id']}: extra {list(found - wanted)}, missed {list(wanted - found)}: {line['text']}")
    return counted, where


def shares(counted: Counter[str]) -> tuple[float, float]:
    """Precision and recall."""
    right = counted["right"]
    return right / (right + counted["extra"]), right / (right + counted["missed"])
