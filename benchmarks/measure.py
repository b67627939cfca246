"""What the measurements share: a result with its goal, and rounds in turns."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Result:
    """A figure beside its goal; ``at_least`` says which side of it is right. ``notes`` are printed below."""

    name: str
    figure: float
    goal: float
    at_least: bool = True
    unit: str = "x"
    notes: list[str] = field(default_factory=list)

    @property
    def met(self) -> bool:
        return self.figure >= self.goal if self.at_least else self.figure <= self.goal

    def lines(self) -> list[str]:
        """For people: the figure, its goal, and whether it is met."""
        sign = ">=" if self.at_least else "<="
        verdict = "OK  " if self.met else "MISS"
        first = f"{verdict}  {self.name:<36} {self.figure:8.2f} {self.unit:<2}  goal {sign} {self.goal:g}"
        return [first, *(f"      {note}" for note in self.notes)]


def in_turns(arms: Mapping[str, Callable[[], float]], rounds: int) -> dict[str, list[float]]:
    """Seconds of each arm by round: a, b, a, b, ... since a machine's speed drifts within minutes."""
    took: dict[str, list[float]] = {name: [] for name in arms}
    for _ in range(rounds):
        for name, arm in arms.items():
            gc.collect()
            took[name].append(arm())
    return took


def ratio(above: list[float], below: list[float]) -> tuple[float, float, float]:
    """Median, least and greatest of the ratios round by round."""
    ratios = [a / b for a, b in zip(above, below, strict=True)]
    return statistics.median(ratios), min(ratios), max(ratios)


def clocked(work: Callable[[], object]) -> float:
    """Seconds of wall time that ``work`` takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def kept_in(output: Path) -> int:
    """The rows of ``articles`` under an output folder."""
    import pyarrow.parquet as pq

    return sum(pq.read_metadata(file).num_rows for file in (output / "articles").rglob("*.parquet"))
