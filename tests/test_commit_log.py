"""The log of rejects and polls: a window's rows once, however often it is written."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from schemas import tables
from schemas.records import FeedState, Poll
from tests.samples import DAY, FEED, NOON, an_article, an_entry
from tests.test_commit import Crash, InMemory, Locked, rows
from transforms.identity import digest
from transforms.poll import rejected
from transforms.storage import LocalStorage, Storage
from transforms.tables import poll_row, reject_row, told_before, write_log


@pytest.fixture(params=["local", "locked", "object"])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    if request.param == "local":
        return LocalStorage(str(tmp_path))
    return Locked() if request.param == "locked" else InMemory()


REJECTS = [
    reject_row(rejected(an_entry(n), "fetch", "timeout", NOON + s, retryable=True, due=NOON + 60, first_at=NOON, attempts=1))
    for n, s in (("a", 0.0), ("b", 0.0), ("c", DAY))
]  # fmt: skip


def test_write_log_repeated_writes_nothing_twice(storage: Storage) -> None:
    assert write_log(storage, tables.REJECTS, "reject_id", REJECTS, NOON) == 3
    assert write_log(storage, tables.REJECTS, "reject_id", REJECTS, NOON) == 0
    assert write_log(storage, tables.REJECTS, "reject_id", REJECTS[:1], NOON) == 0
    assert sorted(r["article_id"] for r in rows(storage, tables.REJECTS)) == ["a", "b", "c"]
    assert {f.day.isoformat() for f in storage.files(tables.REJECTS)} == {"2018-09-11", "2018-09-12"}


def test_write_log_adds_only_what_is_missing(storage: Storage) -> None:
    write_log(storage, tables.REJECTS, "reject_id", REJECTS[:1], NOON)
    assert write_log(storage, tables.REJECTS, "reject_id", REJECTS + REJECTS, NOON) == 2
    assert len(rows(storage, tables.REJECTS)) == 3


def test_write_log_name_does_not_hang_on_the_order() -> None:
    made = []
    for order in itertools.permutations(REJECTS):
        storage = Locked()
        write_log(storage, tables.REJECTS, "reject_id", list(order), NOON)
        made.append({(f.day, f.name): storage.read(f) for f in storage.files(tables.REJECTS)})
    assert all(m == made[0] for m in made)


def test_log_rows() -> None:
    row = REJECTS[0]
    assert row["reject_id"] == digest("fetch", "timeout", "a", FEED.url, repr(NOON))
    assert set(row) == set(tables.SCHEMAS[tables.REJECTS].names)
    poll = poll_row(Poll(feed_url="http://a.example/", at=NOON, reason="gone", state=FeedState(due=253_402_300_799.0)))
    assert set(poll) == set(tables.SCHEMAS[tables.POLLS].names)
    assert poll["next_due"] is None


def test_a_crash_between_the_two_logs() -> None:
    storage = Locked()
    polls = [poll_row(Poll(feed_url="http://a.example/", at=NOON, reason="ok", state=FeedState(due=NOON + 60)))]
    write_log(storage, tables.REJECTS, "reject_id", REJECTS, NOON)
    storage.crash_at = storage.writes + 1
    with pytest.raises(Crash):
        write_log(storage, tables.POLLS, "poll_id", polls, NOON)
    storage.crash_at = None
    assert write_log(storage, tables.REJECTS, "reject_id", REJECTS, NOON) == 0
    assert write_log(storage, tables.POLLS, "poll_id", polls, NOON) == 1


def test_that_an_article_changed_too_often_is_told_once_and_again_after_a_crash() -> None:
    storage = Locked()
    article = an_article("a", entry=an_entry("by-link", known=True))
    assert told_before(storage, [article]) == set()
    assert told_before(storage, [article]) == set()  # nothing was written: a retry tells it
    row = reject_row(rejected(article.entry, "commit", "max_revisions", NOON))
    write_log(storage, tables.REJECTS, "reject_id", [row], NOON)
    assert told_before(storage, [article]) == {"by-link"}
    assert told_before(storage, []) == set()
