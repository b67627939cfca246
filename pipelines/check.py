"""``idlib-watch feeds check``: probes the feeds of a list now, with a verdict and a hint for each."""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from pipelines.feeds import iso
from pipelines.options import Parser, lend, lent, one_form, positive_duration
from pipelines.report import console, ended, json_line, print_rows, tell, tell_csv
from schemas.errors import UserError

if TYPE_CHECKING:
    from schemas.records import Feed
    from transforms.probe import Probe


def parser() -> Parser:
    """The parser of ``idlib-watch feeds check``."""
    made = Parser(
        prog="idlib-watch feeds check",
        description="Ask each feed of a list once, now, and tell what is wrong with it and what to do. "
        "Nothing is stored. Hosts are asked at the same time, each of them for one thing at a time.",
        epilog="Exit status: 0; 1 where a feed brings no news as it stands in the list (--strict: where any verdict "
        "but ok is given); 2 a mistake, told in one line.",
        allow_abbrev=False,
    )
    add = made.add_argument
    add("list", metavar="FILE|URL", help="OPML, or a URL a line; or the URL of one feed or page")
    add("--discover", action="store_true", help="find the feed of what is a web page: what it announces, usual places")
    add("--json", action="store_true", help="print JSON lines, one feed each")
    add("--csv", action="store_true", help="print CSV, one feed a row")
    add("--strict", action="store_true", help="exit with status 1 for any verdict but ok")
    add(
        "--stale_after",
        type=positive_duration,
        default=90 * 86_400.0,
        metavar="T",
        help="a feed whose newest entry is older is called stale (90d)",
    )
    lend(made)
    return made


def main(argv: list[str] | None = None) -> int:
    """``idlib-watch feeds check``; returns the exit status: 0, 1 (a feed fails), 2, 130."""
    return ended(lambda: _check(parser().parse_args(argv)))


def _check(asked: argparse.Namespace) -> int:
    from transforms import lean
    from transforms.guard import Guard

    one_form(asked)
    settings = lent(asked)
    guard = Guard.of(settings.allow_private)
    feeds = _feeds(asked.list)
    lean.import_beam(cloud=False)

    from transforms.fetch import Fetcher
    from transforms.probe import FAILS
    from transforms.probing import DELAY, probe_all

    # On a host of one's own that was opened by name nobody is to be spared.
    delay = 0.0 if all(guard.owns(feed.url) for feed in feeds) else DELAY
    told = Told(len(feeds))
    found = probe_all(
        feeds, Fetcher.shared(settings.limits).fetch, time.time(), asked.stale_after, asked.discover, delay, told
    )
    told.end()
    if asked.json:
        for one in found:
            tell(json_line({**row(one), "found": [row(other) for other in one.found]}))
    elif asked.csv:
        rows = [{**row(one), "hints": "; ".join(one.hints), "found": " ".join(map(_url, one.found))} for one in found]
        tell_csv(list(rows[0]), [made.values() for made in rows])
    else:
        show(found)
    wrong = (one.verdict != "ok" if asked.strict else one.verdict in FAILS for one in found)
    return int(any(wrong))


def _feeds(name: str) -> list[Feed]:
    from schemas.records import Feed
    from transforms.feedlist import address_problem, load_feeds, normalise
    from transforms.given import is_url

    if not is_url(name):
        return load_feeds(name)
    problem = address_problem(name.strip())
    if problem is not None:
        raise UserError(f"the URL cannot be asked: {problem}")
    return [Feed(url=normalise(name.strip()))]


def row(one: Probe) -> dict[str, Any]:
    """A probe as programs read it."""
    return {
        "feed_url": one.feed.url,
        "outlet": one.feed.outlet,
        "verdict": one.verdict,
        "hints": list(one.hints),
        "title": one.title,
        "entries": one.entries,
        "newest": iso(one.newest),
        "status": one.status,
        "bytes": one.size,
        "milliseconds": round(one.milliseconds),
        "url": one.url,
        "error": one.error,
    }


def _url(one: Probe) -> str:
    return one.url or one.feed.url


def show(found: Sequence[Probe]) -> None:
    """Print the summary, then a line for each feed, the worst first, and under it what to do."""
    from rich.text import Text

    from transforms.probe import VERDICTS

    order = list(VERDICTS)
    counted = Counter(one.verdict for one in found)
    line = ", ".join(f"{counted[word]:,} {word.replace('_', ' ')}" for word in order if counted[word])
    console().print(Text(f"{len(found):,} feed{'s' if len(found) != 1 else ''}: {line}", style="bold"))
    console().print()
    rows, notes = [], []
    for one in sorted(found, key=lambda one: order.index(one.verdict)):
        newest = iso(one.newest)
        rows.append(
            (one.verdict.replace("_", " "), one.title or one.feed.outlet, one.feed.url, one.entries or None,
             newest[:10] if newest else None)
        )  # fmt: skip
        others = [f"also {_url(o)}" + (f" ({o.title}, {o.entries} entries)" if o.title else "") for o in one.found[1:]]
        notes.append([*one.hints, *others])
    print_rows(["verdict", "title", "feed", "entries", "newest"], rows, 60,
               ["VARCHAR", "VARCHAR", "VARCHAR", "BIGINT", "VARCHAR"], notes)  # fmt: skip


class Told:
    """How many are done, on a terminal's last line."""

    def __init__(self, many: int) -> None:
        self._many, self._terminal = many, sys.stderr.isatty()

    def __call__(self, done: int) -> None:
        if self._terminal:
            sys.stderr.write(f"\r\x1b[K{done:,} of {self._many:,} asked")
            sys.stderr.flush()

    def end(self) -> None:
        """Leave no trace of it."""
        if self._terminal:
            sys.stderr.write("\r\x1b[K")


if __name__ == "__main__":
    from pipelines.cli import alone

    alone(main)
