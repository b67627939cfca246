"""Where a run is: a line kept up to date in a terminal, a log line now and then elsewhere."""

from __future__ import annotations

import logging
import sys
import threading
from collections import Counter

log = logging.getLogger("idlib-watch")


class Progress:
    """Shows what this process has counted so far, until the block ends. ``every``: seconds between log lines."""

    def __init__(self, every: float) -> None:
        self._terminal = sys.stderr.isatty()
        self._every = 0.5 if self._terminal else every
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Progress:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._thread.join(2)
        if self._terminal:
            sys.stderr.write("\r\x1b[K")

    def _watch(self) -> None:
        from transforms.count import tally

        last = ""
        while not self._end.wait(self._every):
            line = progress_line(tally())
            if self._terminal:
                sys.stderr.write(f"\r\x1b[K{line[:120]}")
                sys.stderr.flush()
            elif line != last:
                log.info("%s", line)
            last = line


def progress_line(counts: Counter[str]) -> str:
    """Feeds polled, entries, pages and articles so far."""
    from transforms.account import polled

    pages = counts["fetch/page"] + counts["fetch/refused"]
    return (
        f"{polled(counts)} feeds polled, {counts['poll/entries']} entries, {pages} pages, "
        f"{counts['judge/kept']} kept, {counts['annotate/article']} annotated, {counts['commit/articles']} committed"
    )
