"""The ``idlib-watch`` command: finds the job that is asked for, and imports no more than that."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import NoReturn

from schemas.errors import UserError
from transforms import lean

JOBS = {
    "collect": "poll feeds and write the tables; once, or --streaming without end",
    "query": "ask the tables in SQL, or open a DuckDB shell on them",
    "annotate": "show what is found in a text, a page, or many texts as JSON lines",
    "replay": "run what was rejected through the same graph again; what succeeds joins the tables",
    "explain": "tell the way of one article through the tables, or why it is not in them",
    "feeds": "show each feed's health and why it is quiet; `feeds check` probes a list now",
}


def usage() -> str:
    """What there is."""
    lines = [f"  {name:<9} {what}" for name, what in JOBS.items()]
    return "\n".join(["usage: idlib-watch JOB [options]", "", *lines, "", "idlib-watch JOB --help tells more."])


def main(argv: Sequence[str] | None = None) -> int:
    """Run a job; returns the exit status."""
    args = list(sys.argv[1:] if argv is None else argv)
    if not args or args[0] in {"-h", "--help", "help"}:
        print(usage())
        return 0
    if args[0] == "--version":
        from pipelines.options import VERSION

        print(f"idlib-watch {VERSION}")
        return 0
    if args[0] not in JOBS:
        print(f"idlib-watch: {args[0]!a} is no job; there are {', '.join(JOBS)}", file=sys.stderr)
        return 2
    try:
        status: int = import_module(f"pipelines.{args[0]}").main(args[1:])
    except UserError as error:
        from pipelines.report import complain

        complain(str(error))
        return 2
    return status


def entry() -> NoReturn:
    """The console command."""
    alone(main)


def alone(job: Callable[[], int]) -> NoReturn:
    """Run a job as all that this process does."""
    lean.do_without("pandas")
    leave(job())


def leave(status: int) -> NoReturn:
    """End the process at once: Beam's and gRPC's threads would hold it up, or print what nobody can mend."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


if __name__ == "__main__":
    entry()
