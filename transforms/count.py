"""One counter per outcome: the same numbers in Beam's metrics, the progress line and the funnel."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from apache_beam.metrics import Metrics

NAMESPACE = "idlib-watch"
_lock = threading.Lock()
_tally: Counter[str] = Counter()


@lru_cache(maxsize=512)
def _counter(name: str) -> Any:
    return Metrics.counter(NAMESPACE, name)


def count(stage: str, outcome: str, n: int = 1) -> None:
    """Count ``n`` records that came to ``outcome`` at ``stage``; called once for each record."""
    if n:
        name = f"{stage}/{outcome}"
        _counter(name).inc(n)
        with _lock:
            _tally[name] += n


@contextmanager
def timed(part: str) -> Iterator[None]:
    """Add the wall time spent inside to the part's milliseconds."""
    start = time.perf_counter()
    try:
        yield
    finally:
        count("ms", part, round((time.perf_counter() - start) * 1000))


def tally() -> Counter[str]:
    """What this process has counted so far: a live view for a progress line, not the account."""
    with _lock:
        return Counter(_tally)


def reset() -> None:
    """Start a new run in this process."""
    with _lock:
        _tally.clear()
