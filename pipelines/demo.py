"""``make run``: collects a day of invented news, served on this machine, and shows what is in the tables."""

from __future__ import annotations

import argparse
import contextlib
import select
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.cli import alone
from pipelines.options import Parser
from pipelines.prism import dismiss
from pipelines.report import complain, console, print_rows
from schemas.errors import UserError

if TYPE_CHECKING:
    import duckdb

ROOT = Path(__file__).resolve().parent.parent
PORT = 8641
PORTS = 8
OPTIONS = "--allow_private 127.0.0.1 --max_age 36500d --page_delay 0 --poll_interval 12h".split()
FIRST_ROWS = {
    "articles": """
SELECT published_at, outlet, language AS lang, title, level, mentions_idlib AS idlib
FROM articles ORDER BY published_at, title LIMIT 3""",
    "entities": """
SELECT name, label, admin1, latitude, longitude, count AS mentions, outlet
FROM entities ORDER BY mentions DESC, name, published_at LIMIT 3""",
    "quotes": """
SELECT kind, speaker, cue, text, outlet FROM quotes
WHERE language = 'en' AND speaker IS NOT NULL ORDER BY published_at, start LIMIT 3""",
    "rejects": """
SELECT stage, reason, outlet, parse_filename(url) AS page
FROM rejects LEFT JOIN (SELECT DISTINCT feed_url, outlet FROM polls) USING (feed_url)
WHERE stage <> 'screen' ORDER BY stage, reason, page LIMIT 3""",
    "polls": """
SELECT outlet, status, reason, entries, new_entries AS new, bytes
FROM polls ORDER BY outlet, bytes DESC LIMIT 3""",
}
ANSWERS = {
    "Who is quoted most?": """
SELECT speaker, any_value(speaker_role) AS role, count(*) AS quotes, count(DISTINCT outlet) AS outlets
FROM quotes WHERE speaker IS NOT NULL
GROUP BY speaker ORDER BY quotes DESC, speaker LIMIT 5""",
    "Which places are named most?": """
SELECT name AS place, admin1, count(*) AS articles, sum(count) AS mentions,
       any_value(latitude) AS latitude, any_value(longitude) AS longitude
FROM entities WHERE label = 'PLACE' AND latitude IS NOT NULL
GROUP BY entity_id, name, admin1 ORDER BY articles DESC, mentions DESC, place LIMIT 6""",
    "How did the coverage run?": """
SELECT date_trunc('day', published_at) + INTERVAL 6 HOUR * (hour(published_at) // 6) AS "from",
       count(*) AS articles, count(*) FILTER (mentions_idlib) AS idlib,
       repeat('█', count(*)::INTEGER) AS "of these, each"
FROM articles WHERE published_from <> 'collected'
GROUP BY 1 ORDER BY 1""",
}


def parser() -> Parser:
    """The parser of the demonstration."""
    made = Parser(
        prog="python -m pipelines.demo",
        description="Serve the bundled news day on this machine, collect it, and show the tables.",
        allow_abbrev=False,
    )
    made.add_argument("--port", type=int, default=PORT, help=f"first of {PORTS} ports (%(default)s)")
    made.add_argument("--output", metavar="DIR", help="folder of the tables (data/newsday)")
    return made


def main(argv: list[str] | None = None) -> int:
    """Run the demonstration; returns the exit status."""
    try:
        return _demo(parser().parse_args(argv))
    except UserError as error:
        complain(str(error))
        return 2
    except KeyboardInterrupt:
        return 130


def _demo(asked: argparse.Namespace) -> int:
    from pipelines.run import collect

    port: int = asked.port
    if not 1024 <= port <= 65_535 - PORTS:
        raise UserError(f"--port {port}: choose one from 1024 to {65_535 - PORTS}")
    # The addresses of the day hold the port: another port is another day, with tables of its own.
    folder = asked.output or str(ROOT / "data" / ("newsday" if port == PORT else f"newsday-{port}"))
    output = shortest(folder)
    before = row_counts(output)
    with tempfile.TemporaryDirectory(prefix="newsday-") as temporary, served(port):
        feeds = Path(temporary) / "newsday.opml"
        feeds.write_text(feed_list(port), encoding="utf-8")
        console().print(f"The news day of 11 September 2018, as 8 invented outlets, is on 127.0.0.1:{port}\n")
        status = collect(["--feeds", str(feeds), "--output", output, *OPTIONS])
    if status:
        return status
    show(output, before)
    return 0


def shortest(folder: str) -> str:
    """``folder`` as one types it from here."""
    path = Path(folder).resolve()
    with contextlib.suppress(ValueError):
        return str(path.relative_to(Path.cwd()))
    return str(path)


def feed_list(port: int) -> str:
    """The day's feeds as OPML."""
    sys.path.insert(0, str(ROOT))
    try:
        from tests.newsday.site import opml
    except ImportError:
        raise UserError("the news day stands in tests/newsday of a checkout; run this from one") from None
    finally:
        sys.path.remove(str(ROOT))
    text: str = opml(port)
    return text


@contextlib.contextmanager
def served(port: int) -> Iterator[None]:
    """The day's servers in a process of their own; ``UserError`` where they do not come up."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.newsday.serve", "--port", str(port), "--calm"],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        assert process.stderr is not None
        readable, _, _ = select.select([process.stdout], [], [], 60)
        if not readable or not process.stdout.readline().startswith("ready "):
            process.kill()
            lines = process.stderr.read().strip().splitlines() or ["the news day did not start"]
            raise UserError(lines[-1])
        yield
    finally:
        dismiss(process)


def row_counts(output: str) -> dict[str, int]:
    """Rows of every table's files as they are; nothing where there is no dataset."""
    from schemas.tables import TABLES
    from transforms.views import connect

    try:
        connection = connect(output)
    except UserError:
        return dict.fromkeys(TABLES, 0)
    with contextlib.closing(connection):
        return {t: int(connection.execute(f"SELECT count(*) FROM raw.{t}").fetchall()[0][0]) for t in TABLES}


def show(output: str, before: dict[str, int]) -> None:
    """What is in the tables now, and what to type next."""
    from transforms.views import connect

    out, after = console(), row_counts(output)
    added = {table: after[table] - before[table] for table in after}
    out.rule(f"{output}", style="dim", align="left")
    if any(added.values()):
        out.print("rows now: " + ", ".join(f"{after[t]:,} {t}" for t in after))
    else:
        out.print("no row was added to any table: " + ", ".join(f"{after[t]:,} {t}" for t in after))
    with contextlib.closing(connect(output)) as connection:
        for title, sql in (FIRST_ROWS | ANSWERS).items():
            out.print(f"\n[bold cyan]{title}[/]", markup=True)
            _print(connection, sql, 44)
    command = ".venv/bin/idlib-watch"
    out.print("\n[bold cyan]Go on with[/]", markup=True)
    for what, line in {
        "a shell for SQL": f"{command} query --output {output}",
        "one question": f'{command} query --output {output} "SELECT outlet, title FROM articles"',
        "the same day again: nothing is due": "make run",
        "real feeds, from the bundled list": f"{command} collect --output data/news",
    }.items():
        out.print(f"  [dim]# {what}[/]\n  {line}", markup=True)


def _print(connection: duckdb.DuckDBPyConnection, sql: str, width: int) -> None:
    result = connection.execute(sql)
    described = result.description or []
    print_rows([d[0] for d in described], result.fetchall(), width, [str(d[1]) for d in described])


if __name__ == "__main__":
    alone(main)
