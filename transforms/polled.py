"""What the table ``polls`` tells of each feed, read through the views. Neither Beam nor spaCy is imported."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from schemas.reasons import ANSWERED
from schemas.records import FeedState
from schemas.tables import POLLS
from transforms.exchange import NOT_ASKED
from transforms.health import RATE_OVER, Polled
from transforms.views import rows

if TYPE_CHECKING:
    import duckdb

_ROW = "feed_url outlet at reason status error redirect failures next_due state".split()
_UNASKED = tuple(sorted(NOT_ASKED))
_SQL = f"""
WITH known AS (
    SELECT feed_url, epoch("at") AS "at", reason, entries, new_entries, reason IN {ANSWERED} AS good,
        reason NOT IN {_UNASKED} AS asked FROM {POLLS}
), counted AS (
    SELECT feed_url, count(*) AS polls, max("at") AS last_poll,
        min("at") FILTER (good) AS first_success, max("at") FILTER (good) AS last_success,
        max("at") FILTER (new_entries > 0) AS last_new,
        arg_max(entries, "at") FILTER (reason IN ('ok', 'unchanged', 'truncated')) AS entries
    FROM known GROUP BY feed_url
)
SELECT counted.*,
    min("at") FILTER (NOT good AND asked AND (last_success IS NULL OR "at" > last_success)) AS first_failure,
    coalesce(sum(new_entries) FILTER ("at" > first_success AND "at" > last_new - {RATE_OVER}), 0)::BIGINT AS new_before
FROM counted JOIN known USING (feed_url) GROUP BY ALL ORDER BY feed_url"""
# States are large, so that only those of the last polls are read: their rows are found on narrow columns first. A poll
# that its host's pause left unasked tells nothing of the feed: how it is, the last one that was asked tells.
_LAST = f"""
WITH last AS (
    SELECT _file, _row FROM raw.{POLLS} {{which}}
    QUALIFY row_number() OVER (PARTITION BY feed_url ORDER BY "at" DESC, _file DESC, _row DESC) = 1
)
SELECT {", ".join(f'"{name}"' for name in _ROW)} FROM raw.{POLLS} SEMI JOIN last USING (_file, _row)"""


def read_polled(connection: duckdb.DuckDBPyConnection) -> list[Polled]:
    """Every feed that was ever polled, by address; ``connection`` has the views (``transforms.views``)."""
    last = {row["feed_url"]: row for row in rows(connection, _LAST.format(which=""))}
    asked: dict[str, dict[str, Any]] = {}
    if any(row["reason"] in NOT_ASKED for row in last.values()):
        found = rows(connection, _LAST.format(which=f"WHERE reason NOT IN {_UNASKED}"))
        asked = {row["feed_url"]: row for row in found}
    return [_polled(row, last[row["feed_url"]], asked.get(row["feed_url"])) for row in rows(connection, _SQL)]


def _polled(counted: dict[str, Any], last: dict[str, Any], asked: dict[str, Any] | None) -> Polled:
    told = asked or last
    return Polled(
        **counted,
        outlet=last["outlet"],
        reason=told["reason"],
        status=told["status"],
        error=told["error"],
        redirect=told["redirect"],
        state=_state(last),
    )


def _state(row: dict[str, Any]) -> FeedState:
    """What the next poll needs; where it cannot be read, as far as the other columns tell it."""
    try:
        return msgspec.msgpack.decode(row["state"], type=FeedState)
    except (msgspec.DecodeError, TypeError):
        due = row["next_due"].timestamp() if row["next_due"] is not None else 0.0
        return FeedState(failures=row["failures"] or 0, due=due, gone=row["reason"] == "gone")
