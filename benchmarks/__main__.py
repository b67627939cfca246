"""``python -m benchmarks [parse newsday memory prism coders] [--quick]``, and ``python -m benchmarks quality FILE…``.

Prints each figure beside its goal, with OK or MISS. The exit status is 0 whatever the figures are, 1 where a
measurement could not be made, 2 for a mistake in the command or in a file.

What measures quality reads annotated texts and has options of its own: ``python -m benchmarks quality --help``.
"""

from __future__ import annotations

import argparse
import sys
import time
import traceback
from importlib import import_module

from benchmarks.measure import Result
from schemas.errors import UserError

NAMES = {
    "parse": "the whole graph against bare spaCy, one core",
    "newsday": "a day of news against a hand-written script",
    "memory": "memory against the number of kept articles",
    "coders": "our coder against Beam's RowCoder",
    "prism": "memory of a stream on Prism over 500 ticks",
    "sweep": "2,000 feeds on 200 hosts, and again when nothing is new",
}
OF_QUALITY = {
    "quality": "quotations and relevance beside the rivals', over annotated FILEs",
    "stories": "speakers, people and places in the stories of the tests",
    "ablation": "what each rule is worth, over the stories and annotated FILEs",
    "calibration": "how often a quotation of a given confidence is right, over annotated FILEs",
}


def main(argv: list[str] | None = None) -> int:
    """Run what is asked for; returns the exit status."""
    arguments = sys.argv[1:] if argv is None else argv
    if arguments and arguments[0] in OF_QUALITY:
        try:
            measured: int = import_module(f"benchmarks.{arguments[0]}").main(arguments[1:])
        except UserError as error:
            print(f"benchmarks: {error}", file=sys.stderr)
            return 2
        return measured
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description="Ratios, measured side by side in turns.",
        epilog="; ".join(f"{name}: {what}" for name, what in {**NAMES, **OF_QUALITY}.items())
        + ". Of the last four each is a command of its own, with --help.",
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(NAMES)}; all without one")
    parser.add_argument("--quick", action="store_true", help="fewer rounds, smaller days")
    options = parser.parse_args(arguments)
    unknown = [name for name in options.names if name not in NAMES]
    if unknown:
        print(f"benchmarks: {unknown[0]!r} is none of {', '.join([*NAMES, *OF_QUALITY])}", file=sys.stderr)
        return 2
    status = 0
    for name in options.names or NAMES:
        start = time.perf_counter()
        try:
            results: list[Result] = import_module(f"benchmarks.{name}").run(options.quick)
        except Exception:
            traceback.print_exc()
            print(f"FAIL  {name}: could not be measured", flush=True)
            status = 1
            continue
        for result in results:
            print("\n".join(result.lines()), flush=True)
        print(f"      ({name} took {time.perf_counter() - start:.0f} s)", flush=True)
    return status


if __name__ == "__main__":
    sys.exit(main())
