"""``idlib-watch explain``: the way of one article through the tables, or why it is not in them."""

from __future__ import annotations

import contextlib
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

from pipelines.options import Parser
from pipelines.report import console, ended, json_line, jsonable, print_rows, safe, tell
from schemas.reasons import STAGES

if TYPE_CHECKING:
    from transforms.trail import Trail


def parser() -> Parser:
    """The parser of ``idlib-watch explain``."""
    made = Parser(
        prog="idlib-watch explain",
        description="Tell the way of one article through the tables: feeds, rejects, verdict and rows.",
        epilog="Exit status: 0; 1 where nothing is known of the URL; 2 a mistake, told in one line.",
        allow_abbrev=False,
    )
    made.add_argument("url", metavar="URL", help="the article's URL in any of its spellings, or its article_id")
    made.add_argument(
        "--output", metavar="DIR", required=True, help="where collect wrote: folder or gs://bucket/prefix"
    )
    made.add_argument("--json", action="store_true", help="print a JSON object")
    return made


def main(argv: list[str] | None = None) -> int:
    """``idlib-watch explain``; returns the exit status: 0, 1 (nobody has met the URL), 2, 130."""
    return ended(lambda: _explain(parser().parse_args(argv)))


def _explain(asked: Any) -> int:
    from transforms.trail import trail
    from transforms.views import connect

    with contextlib.closing(connect(asked.output)) as connection:
        found = trail(connection, asked.url)
    if asked.json:
        from pipelines.query import shortest

        for row in found.revisions:
            row["relevance"] = shortest(row["relevance"])  # four bytes in the table
        tell(json_line(jsonable(asdict(found))))
    else:
        show(found)
    return 1 if found.outcome == "unknown" else 0


def show(found: Trail) -> None:
    """Print the way of an article, step by step."""
    from rich.text import Text

    out = console()
    title = next((row["title"] for row in (*reversed(found.revisions), *reversed(found.rejects)) if row["title"]), "")
    out.print(Text(safe(title or found.asked), style="bold"))
    style = {"kept": "green", "owed": "yellow", "listed": "yellow"}.get(found.outcome, "red")
    out.print(Text(safe(found.because), style=style))
    for label, value in {
        "asked": found.asked if title else "",
        "canonical": found.canonical_url if found.canonical_url != found.asked else "",
        "article_id": ", ".join(found.article_ids),
    }.items():
        if value:
            out.print(Text.assemble((f"{label:>10}  ", "dim"), safe(value)))
    out.print()
    for at, step, told, feed in _steps(found):
        out.print(Text.assemble(f"{at:%Y-%m-%d %H:%M}  ", (f"{step:<7}", "bold"), f"  {safe(told)}",
                                (f"  [{safe(feed or 'no feed')}]", "dim")))  # fmt: skip
    for row in found.revisions:
        if row["latest"]:
            why = ", ".join(f"{match['term']} ×{match['count']}" for match in row["matched"])
            out.print(Text(f"\nmatched: {safe(why)}"), soft_wrap=False)
    summary = next((row["summary"] for row in reversed(found.rejects) if row["summary"]), "")
    if not found.revisions and summary:
        out.print(Text(f"\nits feed tells: {safe(summary)}"), soft_wrap=False)
    if found.revisions:
        out.print()
        files = [(r["revision_id"], table, r.get(table, 1), file)
                 for r in found.revisions for table, file in r["files"].items()]  # fmt: skip
        print_rows(["revision", "table", "rows", "file"], files, 0, ["VARCHAR", "VARCHAR", "BIGINT", "VARCHAR"])
    if found.feeds:
        out.print()
        columns = ["feed_url", "outlet", "last_poll", "reason", "next_due"]
        print_rows(["feed", "outlet", "last poll", "ended", "next due"],
                   [[row[column] for column in columns] for row in found.feeds], 0)  # fmt: skip


def _steps(found: Trail) -> list[tuple[datetime, str, str, str | None]]:
    """What happened to the article, in order of time (UTC): when, stage, what, the feed that brought it."""
    steps: list[tuple[datetime, str, str, str | None]] = []
    for feed in found.feeds:
        if feed["listed_from"] is not None:
            steps.append((feed["listed_from"], "poll", "the feed lists it", feed["feed_url"]))
            if feed["listed_until"] != feed["listed_from"]:
                steps.append((feed["listed_until"], "poll", "the feed lists it still", feed["feed_url"]))
    for row in found.rejects:
        told = f"{row['reason']}: {row['meaning']}"
        told += f" ({row['error']})" if row["error"] else ""
        told += f"; asked for {row['attempts']} times" if row["attempts"] > 1 else ""
        told += f"; to be tried again at {row['due']:%Y-%m-%d %H:%M}" if row["retryable"] and row["due"] else ""
        steps.append((row["at"], row["stage"], told, row["feed_url"]))
    for row in found.revisions:
        told = f"kept: level {row['level']}, score {row['relevance']:.3f}; {row['word_count']:,} words of the "
        told += f"{row['text_from']}, {row['entities']} entities, {row['quotes']} quotes"
        told += "" if row["latest"] else "; a later revision has followed"
        steps.append((row["collected_at"], "commit", told, row["feed_url"]))
    order = list(STAGES)
    return sorted(steps, key=lambda step: (step[0], order.index(step[1]) if step[1] in order else len(order)))


if __name__ == "__main__":
    from pipelines.cli import alone

    alone(main)
