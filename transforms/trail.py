"""The way of one article through the tables: feeds that listed it, why it left, what it became.

Read from the views that ``query`` has. Neither Beam nor spaCy is imported.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

import msgspec

from schemas.errors import UserError
from schemas.reasons import COUNTED_ONLY, OF_ONE_FEED, REJECTS
from schemas.records import FeedState
from schemas.views import text
from transforms.identity import article_id, canonical_url, same_site
from transforms.views import rows

if TYPE_CHECKING:
    import duckdb

Row = dict[str, Any]
_NAME = re.compile(r"[0-9a-f]{16}")
_ARTICLE = (
    "article_id revision_id url canonical_url outlet feed_url title language published_at published_from collected_at "
    "text_from word_count relevance level matched mentions_idlib entry_id"
).split()


@dataclass
class Trail:
    """All that the tables know of an article; times are datetimes, UTC.

    ``outcome`` is ``kept``, ``owed``, ``turned_away``, ``listed`` (a feed lists it, but no row is of it) or
    ``unknown``; ``because`` says it in a sentence.
    """

    asked: str
    canonical_url: str | None
    article_ids: list[str]  # the first is the one of what was asked; others it is a copy of, or that copy it
    feeds: list[Row] = field(default_factory=list)  # that listed or brought it
    rejects: list[Row] = field(default_factory=list)  # in order of time
    owed: list[Row] = field(default_factory=list)
    revisions: list[Row] = field(default_factory=list)  # in order of time
    copy_of: str | None = None  # the canonical URL of the article that it was found to be
    outcome: str = "unknown"
    because: str = ""


def trail(connection: duckdb.DuckDBPyConnection, asked: str) -> Trail:
    """The way of the article at the URL ``asked``, or with that ``article_id``, through the views of ``connection``.

    Raises ``UserError`` where ``asked`` is neither.
    """
    asked = asked.strip().encode("utf-8", "replace").decode()
    canonical = canonical_url(asked)
    own = asked if _NAME.fullmatch(asked) else article_id(canonical, "", None)
    if own is None:
        raise UserError(f"{asked}: is neither an http(s) URL nor an article_id (16 hex digits)")
    found = Trail(asked, canonical, [own])
    urls = [u for u in (asked, canonical) if u]
    for _ in range(3):  # an entry's id leads to its article, and that to other entries that led to it
        known = len(found.article_ids)
        found.article_ids += _more_ids(connection, found.article_ids, urls)
        if len(found.article_ids) == known:
            break
    found.revisions = _revisions(connection, found.article_ids)
    found.rejects = _rejects(connection, found.article_ids, urls)
    found.owed = rows(
        connection,
        "SELECT article_id, url, reason, error, attempts, due, first_at FROM owed "
        f"WHERE {_in('article_id')} ORDER BY due",
        [found.article_ids],
    )
    found.feeds = _feeds(connection, found)
    if found.revisions and own not in {r["article_id"] for r in found.revisions}:
        found.copy_of = found.revisions[-1]["canonical_url"] or found.revisions[-1]["url"]
    found.outcome, found.because = _outcome(connection, found)
    return found


def _in(column: str) -> str:
    return f"list_contains(?::VARCHAR[], {column})"


def _more_ids(connection: duckdb.DuckDBPyConnection, ids: list[str], urls: list[str]) -> list[str]:
    sql = f"""
SELECT unnest([article_id, entry_id]) AS name FROM raw.articles
WHERE {_in("article_id")} OR {_in("entry_id")} OR {_in("url")} OR {_in("canonical_url")}
UNION SELECT article_id FROM rejects WHERE {_in("url")}"""
    names = {row["name"] for row in rows(connection, sql, [ids, ids, urls, urls, urls])}
    return sorted(names - {*ids, None})


def _revisions(connection: duckdb.DuckDBPyConnection, ids: list[str]) -> list[Row]:
    columns = ", ".join(f"a.{name}" for name in _ARTICLE)
    found = rows(
        connection,
        f"SELECT {columns}, latest, a._file AS file FROM raw.articles AS a "
        f"JOIN raw.revision_keys AS k ON a._file = k._file AND a._row = k._row WHERE {_in('a.article_id')} "
        "ORDER BY a.collected_at, a.article_id, a.revision_id",
        [ids],
    )
    for row in found:
        row["files"] = {"articles": _place(row.pop("file"))}
    for one, table in (("entity", "entities"), ("quote", "quotes")):
        counted = {
            (row["article_id"], row["revision_id"]): row
            for row in rows(
                connection,
                f"SELECT article_id, revision_id, count(*) AS count, any_value(_file) AS file FROM raw.{one}_keys "
                f"WHERE {_in('article_id')} GROUP BY ALL",
                [ids],
            )
        }
        for row in found:
            part = counted.get((row["article_id"], row["revision_id"]))
            row[table] = part["count"] if part else 0
            if part:
                row["files"][table] = _place(part["file"])
    return found


def _place(file: str) -> str:
    """A file's path below the output."""
    return "/".join(file.replace("\\", "/").split("/")[-3:])


def _rejects(connection: duckdb.DuckDBPyConnection, ids: list[str], urls: list[str]) -> list[Row]:
    found = rows(
        connection,
        'SELECT "at", stage, reason, error, article_id, url, feed_url, attempts, retryable, due, first_at, input '
        f'FROM rejects WHERE {_in("article_id")} OR {_in("url")} ORDER BY "at", stage, reason, feed_url',
        [ids, urls],
    )
    for row in found:
        row["meaning"] = REJECTS.get(row["reason"], "")
        try:
            told = json.loads(row.pop("input"))
        except ValueError:  # nothing of ours
            told = {}
        entry = told if isinstance(told, dict) else {}
        row["title"], row["summary"] = (str(entry.get(name) or "")[:500] for name in ("title", "summary"))
    return found


def _feeds(connection: duckdb.DuckDBPyConnection, found: Trail) -> list[Row]:
    """Feeds by address: since when and until when their answers listed the article, and how they were left."""
    listed = _listings(connection, found.article_ids)
    brought = {row["feed_url"] for row in (*found.rejects, *found.revisions) if row["feed_url"]}
    polls = rows(
        connection,
        'SELECT feed_url, arg_max(outlet, "at") AS outlet, max("at") AS last_poll, arg_max(reason, "at") AS reason, '
        f'arg_max(next_due, "at") AS next_due FROM polls WHERE {_in("feed_url")} GROUP BY feed_url',
        [sorted({*listed, *brought})],
    )
    known = {row["feed_url"]: row for row in polls}
    none = dict.fromkeys(("outlet", "last_poll", "reason", "next_due"))
    return [
        {
            **none,
            **known.get(url, {}),
            "feed_url": url,
            "listed_from": listed[url][0] if url in listed else None,
            "listed_until": listed[url][1] if url in listed else None,
        }
        for url in sorted({*listed, *brought})
    ]


def _listings(connection: duckdb.DuckDBPyConnection, ids: list[str]) -> dict[str, tuple[datetime, datetime]]:
    """By feed: the first and the last poll whose answer is known to have listed one of ``ids``.

    ``state`` holds the ids of a feed's last full answer, where it restates them. DuckDB looks for the id's
    bytes, so that few states are decoded.
    """
    holds = " OR ".join(f"contains(hex(state), hex({text(name)}))" for name in ids)
    found: dict[str, tuple[datetime, datetime]] = {}
    for row in rows(
        connection,
        f'SELECT feed_url, "at", state FROM polls WHERE restated IS DISTINCT FROM false AND ({holds}) ORDER BY "at"',
    ):
        try:
            seen = msgspec.msgpack.decode(row["state"], type=FeedState).seen
        except msgspec.DecodeError:
            continue
        if not seen.keys().isdisjoint(ids):
            first, _ = found.get(row["feed_url"], (row["at"], None))
            found[row["feed_url"]] = (first, row["at"])
    return found


def _outcome(connection: duckdb.DuckDBPyConnection, found: Trail) -> tuple[str, str]:
    owed = f"its page is owed: {_why(found.owed[0])}; due {_utc(found.owed[0]['due'])}" if found.owed else ""
    if found.revisions:
        last = next((r for r in reversed(found.revisions) if r["latest"]), found.revisions[-1])
        told = f"in the tables: level {last['level']}, score {last['relevance']:.3f}"
        told = f"a copy of {found.copy_of}, which is {told}" if found.copy_of else told
        return "kept", f"{told}; {owed}" if owed else told
    if owed:
        return "owed", owed
    whole = [row for row in found.rejects if row["stage"] not in OF_ONE_FEED]
    if whole:
        return "turned_away", f"turned away at {whole[-1]['stage']}: {_why(whole[-1])}"
    if found.rejects:
        feeds = len({row["feed_url"] for row in found.rejects})
        by = f", in each of {feeds} feeds" if feeds > 1 else ""
        return "turned_away", f"turned away at {found.rejects[-1]['stage']}{by}: {_why(found.rejects[-1])}"
    if found.feeds:
        also = f"already_committed: {COUNTED_ONLY['already_committed']}"
        return "listed", f"a feed lists it, but no row is of it: a run is under way, or it was only counted ({also})"
    polled = [row["feed_url"] for row in rows(connection, "SELECT DISTINCT feed_url FROM polls")]
    here = sum(same_site(url, found.canonical_url or "") for url in polled)
    return "unknown", f"never seen: no answer of a feed listed it ({len(polled)} feeds polled, {here} of its host)"


def _why(row: Row) -> str:
    error = f" ({row['error']})" if row.get("error") else ""
    tries = f", asked for {row['attempts']} times" if row["attempts"] > 1 else ""
    return f"{row['reason']}: {REJECTS.get(row['reason'], '')}{error}{tries}"


def _utc(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC" if at else "at an unknown time"
