"""What tests count instead of taking the time."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any


def steps(run: Callable[[], Any]) -> int:
    """Lines of Python that ``run`` executes, each turn of a loop counted, also of those within one line."""
    counted = 0

    def trace(frame: FrameType, event: str, arg: Any) -> Any:
        nonlocal counted
        counted += 1
        return trace

    before, collects = sys.gettrace(), gc.isenabled()
    gc.disable()  # a library may have hung Python code on it, which is no step of `run`
    sys.settrace(trace)
    try:
        run()
    finally:
        sys.settrace(before)
        if collects:
            gc.enable()
    return counted
