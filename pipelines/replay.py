"""The graph over what was rejected: run again, and what succeeds joins the tables.

rejects -> tick -> read -> screen anew | screened -> group -> one of each -> fetch -> as in pipelines/collect.py
"""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, Any

from schemas.errors import UserError

if TYPE_CHECKING:
    from pipelines.options import Parser, Settings
    from transforms.wanted import Wanted

# Of collect's options those that speak of feeds, or of running without end.
OF_COLLECT = frozenset({"feeds", "streaming", "poll_interval", "max_poll_interval", "poll_budget", "force"})


def build(root: Any, settings: Settings, wanted: Wanted) -> None:
    """Put the graph into the pipeline ``root``."""
    import apache_beam as beam

    from pipelines.collect import read_and_write
    from transforms.annotate import CallHelpers
    from transforms.pages import FetchPages
    from transforms.replay import OneOfEach, ReadRejects
    from transforms.screen import ScreenEntries
    from transforms.ticks import GroupTurns, Ticks
    from transforms.topic import load_topic

    s, topic = settings, load_topic(settings.topic)

    ticks = root | "Tick" >> Ticks(s.start)
    failed = ticks | "ReadRejects" >> ReadRejects(s.output, wanted, s.max_age, s.shards)
    screened = failed.unscreened | "ScreenEntries" >> ScreenEntries(topic)
    again = (
        (screened.turns, failed.screened)
        | "Flatten" >> beam.Flatten()
        | "GroupTurns" >> GroupTurns(s.heartbeat)
        | "OneOfEach" >> OneOfEach()
    )
    if s.helpers:
        _ = again | "CallHelpers" >> CallHelpers(s.helpers)
    fetched = again | "FetchPages" >> FetchPages(
        s.output,
        s.limits,
        s.max_age,
        s.shards,
        s.page_delay,
        s.page_budget,
        host_budget=s.host_budget,
        replayed=True,
    )
    read_and_write(fetched, s, topic, [screened.rejects])


def parser() -> Parser:
    """The parser of ``idlib-watch replay``: collect's, less what speaks of feeds."""
    from pipelines import options

    made = options.parser()
    made.prog = "idlib-watch replay"
    made.description = "Run what was rejected through the same graph again; what succeeds joins the tables."
    made.epilog = (
        "Without --reason and --stage: what failed for technical reasons, in fetching a page or in taking its text, "
        "whether it is owed or was given up. What fails again is rejected again. Every other option is passed to "
        "Apache Beam."
    )
    for action in made._actions:
        if action.dest in OF_COLLECT:
            action.help = argparse.SUPPRESS
    made.add_argument("--reason", action="append", default=[], metavar="R",
        help="run again what was last rejected for this reason; may be repeated")  # fmt: skip
    made.add_argument("--stage", action="append", default=[], metavar="S",
        help="run again what was last rejected at this stage; may be repeated")  # fmt: skip
    return made


def main(argv: list[str] | None = None) -> int:
    """``idlib-watch replay``; returns the exit status: 0, 2 for a mistake (told in one line), 3, 130."""
    from pipelines.run import started

    return started(lambda stop: _replay(sys.argv[1:] if argv is None else argv, stop))


def parse(argv: list[str]) -> tuple[Settings, Wanted]:
    """The settings of a command line, and what it asks for; raises ``UserError`` on a mistake."""
    from pipelines import options
    from transforms.wanted import Wanted

    made = parser()
    known, beam = made.parse_known_args(argv)
    for name in sorted(OF_COLLECT & vars(known).keys()):
        if getattr(known, name) != made.get_default(name):
            raise UserError(f"--{name}: replay polls no feeds (idlib-watch replay --help lists its options)")
    return options.checked(known, beam), Wanted(tuple(known.reason), tuple(known.stage))


def _replay(argv: list[str], stop: Any) -> int:
    from pipelines.report import tell
    from pipelines.run import carry_out, log, prepare, writing

    settings, wanted = parse(argv)
    runner = prepare(settings, stop)

    from schemas.tables import ARTICLES, POLLS, REJECTS
    from transforms.replay import failed
    from transforms.storage import Storage

    storage = Storage.at(settings.output)
    if not any(storage.files(table) for table in (REJECTS, POLLS, ARTICLES)):
        raise UserError(f"--output {settings.output}: holds no tables yet; idlib-watch collect writes them")
    with writing(storage):
        number = len(failed(storage, wanted, settings.max_age, settings.start))
        if not number:
            tell("nothing to run again" + ("" if wanted.reasons or wanted.stages else ": no page failed"))
            return 0
        log.info("%d rejects, topic %s, output %s", number, settings.topic, settings.output)

        def graph(root: Any, settings: Settings) -> None:
            build(root, settings, wanted)

        def close(status: int, counts: dict[str, int] | None, interrupted: bool) -> int:
            if counts is not None:
                print_account(counts, settings, interrupted)
            return status

        return carry_out(settings, runner, graph, close, storage, stop)


def print_account(counts: dict[str, int], settings: Settings, interrupted: bool) -> None:
    """Print what became of the rejects."""
    from pipelines.report import console, print_funnel, print_times
    from transforms.account import replay_funnel

    out = console()
    print_funnel(out, replay_funnel(counts))
    print_times(out, counts, settings.start)
    if interrupted:
        out.print("interrupted: what was not committed is rejected as before; replay it again")
    if counts.get("commit/articles"):
        rows = [f"{counts.get(f'commit/{table}', 0):,} {table}" for table in ("articles", "entities", "quotes")]
        out.print(f"new: {', '.join(rows)}")
    elif not interrupted:
        out.print("nothing is new: all was rejected again")


if __name__ == "__main__":
    from pipelines.cli import alone

    alone(main)
