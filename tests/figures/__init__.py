"""Invented sentences with the figures that a reader would tabulate, and what the rules make of them; see FORMAT.md."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from schemas.records import Entity, Figure
from tests.samples import an_article
from transforms.annotate import Annotated
from transforms.branches import entities_of, figures_of
from transforms.parsing import parse_texts
from transforms.topic import load_topic

FILES = ("written", "later", "reviewed")


def told(figure: Figure | dict[str, Any]) -> tuple[Any, ...]:
    """What a figure says, from a record or a line of the files."""
    if isinstance(figure, Figure):
        return (figure.kind, figure.low, figure.high, figure.what, figure.unit, figure.part)
    wanted = {"unit": "people", "part": False, **figure}
    return tuple(wanted[field] for field in ("kind", "low", "high", "what", "unit", "part"))


def measured(name: str) -> tuple[Counter[str], list[str]]:
    """How many figures of a file, and how many of their places, were right, extra and missed; and where they differ.

    The place of a figure is asked where the figure is right. A place that is not where the sentence puts it is both
    extra and missed.
    """
    file = Path(__file__).with_name(f"{name}.jsonl")
    lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    counted: Counter[str] = Counter(texts=len(lines), right=0, extra=0, missed=0)
    counted.update(place_right=0, place_extra=0, place_missed=0)
    where = []
    topic = load_topic("syria")
    for line, syntax in zip(lines, parse_texts([line["text"] for line in lines], "en"), strict=True):
        annotated = Annotated(an_article(text=line["text"]), syntax)
        figures, entities = figures_of(annotated, topic), entities_of(annotated, topic).entities
        found, wanted = Counter(map(told, figures)), Counter(map(told, line["figures"]))
        counted["right"] += (found & wanted).total()
        counted["extra"] += (found - wanted).total()
        counted["missed"] += (wanted - found).total()
        if found != wanted:
            where.append(f"{line['id']}: extra {list(found - wanted)}, missed {list(wanted - found)}: {line['text']}")
        theirs = {told(figure): figure.get("place") for figure in line["figures"]}
        for figure in figures:
            place = theirs.get(told(figure), figure.place)
            is_same = is_place(figure, place, entities)
            counted["place_right"] += is_same and place is not None
            counted["place_extra"] += figure.place is not None and not is_same
            counted["place_missed"] += place is not None and not is_same
            if not is_same:
                where.append(f"{line['id']}: place {figure.place}, not {place}: {line['text']}")
    return counted, where


def is_place(figure: Figure, wanted: str | None, entities: Sequence[Entity]) -> bool:
    """Whether a figure has the place that a line names as the text prints it ("Tal Abyad")."""
    if figure.place is None or wanted is None:
        return figure.place is wanted
    printed = {m.text for e in entities if e.entity_id == figure.place_entity_id for m in e.mentions}
    return any(wanted in text for text in printed)


def shares(counted: Counter[str], what: str = "") -> tuple[float, float]:
    """Precision and recall; ``what`` is "place_" for those of the places."""
    right = counted[f"{what}right"]
    return right / max(right + counted[f"{what}extra"], 1), right / max(right + counted[f"{what}missed"], 1)
