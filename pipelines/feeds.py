"""``idlib-watch feeds``: the health of each feed, and why it is quiet; ``feeds check`` probes a list now.

Without ``check`` neither Beam nor spaCy is imported for a folder on this machine, and nothing is asked of any server.
"""

from __future__ import annotations

import argparse
import contextlib
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, fields
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from pipelines.options import Parser, one_form, positive_duration
from pipelines.report import ended, json_line, print_rows, tell, tell_csv

if TYPE_CHECKING:
    from transforms.health import Health

TIMES = ("last_poll", "last_success", "last_new", "failing_since", "next_due")


def parser() -> Parser:
    """The parser of ``idlib-watch feeds``."""
    made = Parser(
        prog="idlib-watch feeds",
        description="Show each feed's health, the worst first, from the polls in the tables; no server is asked. "
        "`idlib-watch feeds check FILE` probes the feeds of a list now.",
        epilog="Exit status: 0; with --fail 1 where a feed fails, is gone, or its line is bad; "
        "2 a mistake, told in one line.",
        allow_abbrev=False,
    )
    add = made.add_argument
    add("--output", metavar="DIR", required=True, help="where collect wrote: folder or gs://bucket/prefix")
    add("--feeds", metavar="FILE", help="the feed list: shows what was never polled, and what is not in it any more")
    add("--json", action="store_true", help="print JSON lines, one feed each")
    add("--csv", action="store_true", help="print CSV, one feed a row")
    add(
        "--quiet_for",
        type=positive_duration,
        default=7 * 86_400.0,
        metavar="T",
        help="a feed without anything new for so long is called quiet (7d)",
    )
    add("--fail", action="store_true", help="exit with status 1 where a feed fails, is gone, or its line is bad")
    return made


def main(argv: list[str] | None = None) -> int:
    """``idlib-watch feeds``; returns the exit status: 0, 1 (see --fail; of ``check``: a feed fails), 2, 130."""
    args = sys.argv[1:] if argv is None else argv
    if args[:1] == ["check"]:
        from pipelines.check import main as check

        return check(args[1:])
    return ended(lambda: _feeds(parser().parse_args(args)))


def _feeds(asked: argparse.Namespace) -> int:
    from transforms.feedlist import load_feeds
    from transforms.health import WRONG, Health, all_health
    from transforms.polled import read_polled
    from transforms.views import connect

    one_form(asked)
    feeds = load_feeds(asked.feeds) if asked.feeds is not None else None
    with contextlib.closing(connect(asked.output)) as connection:
        polled = read_polled(connection)
    now = time.time()
    found = all_health(polled, feeds, now, asked.quiet_for)
    if asked.json:
        for one in found:
            tell(json_line(row(one)))
    elif asked.csv:
        tell_csv([f.name for f in fields(Health)], [row(one).values() for one in found])
    else:
        show(found, now)
    return int(asked.fail and any(one.health in WRONG for one in found))


def row(one: Health) -> dict[str, Any]:
    """A feed's health as programs read it: times in ISO 8601, UTC."""
    return {name: iso(value) if name in TIMES else value for name, value in asdict(one).items()}


def iso(at: float | None) -> str | None:
    """A time (seconds since the epoch) in ISO 8601 to the second, UTC."""
    if at is None:
        return None
    try:
        return f"{datetime.fromtimestamp(at, timezone.utc):%Y-%m-%dT%H:%M:%SZ}"
    except (ValueError, OverflowError, OSError):  # beyond the calendar
        return None


def show(found: Sequence[Health], now: float) -> None:
    """Print the summary, then a line for each feed and under it what is to be said of it."""
    from rich.text import Text

    from pipelines.report import console
    from transforms.health import summary

    console().print(Text(summary(found), style="bold"))
    if not found:
        return
    console().print()
    rows = [
        (
            one.health.replace("_", " "),
            one.outlet or "–",
            one.feed_url,
            _ago(one.last_poll, now),
            _ago(one.last_new, now),
            "–" if one.pace is None else _short(one.pace) + (f", {one.because}" if one.because else ""),
            _due(one.next_due, now),
        )
        for one in found
    ]
    names = ["health", "outlet", "feed", "polled", "new", "pace", "due"]
    print_rows(names, rows, 60, notes=[[one.why] if one.why else [] for one in found])


def _ago(at: float | None, now: float) -> str:
    return "never" if at is None else f"{_short(now - at)} ago"


def _due(at: float | None, now: float) -> str:
    if at is None:
        return "–"
    return f"in {_short(at - now)}" if at > now else "now"


def _short(seconds: float) -> str:
    """A length of time in as few letters as are understood: 40 s, 15 min, 3 h, 12 d."""
    for size, unit in ((86_400.0, "d"), (3_600.0, "h"), (60.0, "min")):
        if seconds >= 2 * size or (size == 60.0 and seconds >= 60.0):
            return f"{seconds / size:,.0f} {unit}"
    return f"{max(seconds, 0.0):.0f} s"


if __name__ == "__main__":
    from pipelines.cli import alone

    alone(main)
