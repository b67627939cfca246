"""``python -m tests.malformed FOLDER``: every file of a folder as a feed, over HTTP, and a table of what became of it.

For feedparser's own suite: unpack its source distribution (``pip download --no-binary :all: --no-deps feedparser``)
and give its ``tests`` folder. Exit status 1 where one crashed.
"""

from __future__ import annotations

import logging
import sys
from collections import Counter
from pathlib import Path

from tests.malformed.run import Served, outcomes


def main(argv: list[str]) -> int:
    if len(argv) != 1 or not Path(argv[0]).is_dir():
        print("usage: python -m tests.malformed FOLDER", file=sys.stderr)
        return 2
    folder = Path(argv[0])
    files = [p for p in sorted(folder.rglob("*")) if p.is_file() and p.suffix not in {".py", ".pyc"}]
    documents = {str(p.relative_to(folder)): Served(p.read_bytes()) for p in files}
    logging.getLogger("asyncio").disabled = True  # the client's session is as old as the process
    found = list(outcomes(documents))
    groups: dict[str, Counter[str]] = {}
    for one in found:
        groups.setdefault(one.name.rpartition("/")[0] or ".", Counter())[one.verdict.partition(": ")[0]] += 1
    kinds = ["processed", "processed (truncated)", "rejected", "crashed"]
    print(f"{'folder':30} {'files':>6} " + " ".join(f"{k:>{max(9, len(k))}}" for k in kinds))
    for name, counts in sorted(groups.items()):
        print(f"{name[:30]:30} {counts.total():6} " + " ".join(f"{counts[k]:>{max(9, len(k))}}" for k in kinds))
    print()
    for verdict, times in Counter(one.verdict for one in found).most_common():
        print(f"{times:6}  {verdict}")
    for one in found:
        if one.verdict.startswith("rejected: not_a_feed"):
            print(f"  not_a_feed: {one.name}: {one.parsed.error}")
    for one in sorted(found, key=lambda o: -o.seconds)[:3]:
        print(f"  slowest: {one.seconds * 1000:.1f} ms  {one.name}")
    bad = [one for one in found if one.verdict.startswith("crashed")]
    for one in bad:
        print(f"  {one.name}: {one.verdict}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
