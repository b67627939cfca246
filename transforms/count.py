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
_running = threading.local()


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
    """Add the wall time spent inside to the part's microseconds, less that of other parts within.

    A generator that yields inside hands over to the next steps, which Beam has fused with it.
    """
    start, around = time.perf_counter(), getattr(_running, "within", None)
    within = _running.within = [0.0]  # seconds of the parts inside this one
    try:
        yield
    finally:
        spent = time.perf_counter() - start
        if _running.within is within:  # not where a generator is closed late, or by another thread
            _running.within = around
        if around is not None:
            around[0] += spent
        count("us", part, round((spent - within[0]) * 1e6))


def tally() -> Counter[str]:
    """What this process has counted so far: a live view for a progress line, not the account."""
    with _lock:
        return Counter(_tally)


def reset() -> None:
    """Start a new run in this process."""
    with _lock:
        _tally.clear()
