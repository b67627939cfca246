"""What a fresh start knows: all of it out of the tables."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from schemas import tables
from schemas.errors import UserError
from schemas.records import FeedState, Owed, Poll, Reject
from tests.samples import DAY, NOON, an_article, an_entry, parts_of
from transforms import extract
from transforms.commit import Unit, commit
from transforms.held import Ids
from transforms.memory import MIN_FEED_WORDS, Memory
from transforms.poll import rejected
from transforms.storage import LocalStorage
from transforms.tables import poll_row, reject_row, write_log

A, B = "http://a.example/rss", "http://b.example/rss"


@pytest.fixture
def storage(tmp_path: Path) -> LocalStorage:
    return LocalStorage(str(tmp_path))


def polled(storage: LocalStorage, url: str, at: float, restated: bool = True, **state: Any) -> None:
    poll = Poll(feed_url=url, at=at, reason="ok", state=FeedState(**state), restated=restated)
    write_log(storage, tables.POLLS, "poll_id", [poll_row(poll)], at)


def put_off(storage: LocalStorage, name: str, at: float, **more: Any) -> None:
    fields: dict[str, Any] = {"retryable": True, "due": at + 60, "first_at": NOON, "attempts": 1}
    log(storage, rejected(an_entry(name), "fetch", "timeout", at, **(fields | more)))


def log(storage: LocalStorage, reject: Reject) -> None:
    write_log(storage, tables.REJECTS, "reject_id", [reject_row(reject)], reject.at)


def committed(storage: LocalStorage, name: str, at: float, **more: Any) -> None:
    article = an_article(name, collected_at=at, **more)
    entities, quotes = parts_of(article)
    commit(Unit(at, 0, 1), [article], [entities], [quotes], storage, Ids(storage))


def memory(storage: LocalStorage, at: float = NOON + DAY, max_age: float = 30 * DAY) -> Memory:
    return Memory(storage, max_age, at)


def owed(storage: LocalStorage, **more: Any) -> list[str]:
    return [o.entry.article_id for o in memory(storage, **more).owed()]


# --- feeds --------------------------------------------------------------------------------------------


def test_the_newest_state_wins(storage: LocalStorage) -> None:
    polled(storage, A, NOON, etag="1", seen={"x": "1"})
    polled(storage, A, NOON + 600, etag="2", seen={"y": "1"})
    polled(storage, B, NOON + 300, etag="b")
    found = memory(storage).feed_states([A, B, "http://c.example/"])
    assert {u: s.etag for u, s in found.items()} == {A: "2", B: "b"}
    assert found[A].seen == {"y": "1"}


def test_ids_come_from_the_newest_row_that_restates_them(storage: LocalStorage) -> None:
    polled(storage, A, NOON - 2 * DAY, etag="0", seen={"old": "1"}, restated_at=NOON - 2 * DAY)
    polled(storage, A, NOON - DAY, etag="1", seen={"x": "1"}, restated_at=NOON - DAY)
    polled(storage, A, NOON, restated=False, etag="2", due=7.0)
    polled(storage, A, NOON + 600, restated=False, etag="3", due=8.0)
    state = memory(storage).feed_states([A])[A]
    assert (state.etag, state.due, state.seen, state.restated_at) == ("3", 8.0, {"x": "1"}, NOON - DAY)


def test_ids_restated_on_the_same_day(storage: LocalStorage) -> None:
    polled(storage, A, NOON, seen={"x": "1"})
    polled(storage, A, NOON + 60, restated=False, etag="2")
    state = memory(storage).feed_states([A])[A]
    assert (state.etag, state.seen) == ("2", {"x": "1"})


def test_no_row_that_restates_is_no_reason_to_forget_the_state(storage: LocalStorage) -> None:
    polled(storage, A, NOON, restated=False, etag="2", failures=3)
    assert memory(storage).feed_states([A])[A] == FeedState(etag="2", failures=3)


def test_feeds_of_an_empty_folder(storage: LocalStorage) -> None:
    assert memory(storage).feed_states([A]) == {}
    assert memory(storage).seen() == {}
    assert memory(storage).owed() == []


# --- seen ---------------------------------------------------------------------------------------------


def test_seen_is_what_is_committed_owed_or_rejected_on_its_page(storage: LocalStorage) -> None:
    committed(storage, "a1", NOON, entry=an_entry("by-the-feed"))
    log(storage, rejected(an_entry("b2"), "judge", "irrelevant", NOON + DAY))
    log(storage, rejected(an_entry("c3"), "screen", "screened_out", NOON))  # another feed may tell more of it
    log(storage, rejected(an_entry("d4"), "parse", "too_old", NOON))
    put_off(storage, "e5", NOON)
    log(storage, Reject(stage="parse", reason="no_identity", at=NOON, input=b"{}"))
    today = date(2018, 9, 11).toordinal()
    assert memory(storage).seen() == {"a1": today, "by-the-feed": today, "b2": today + 1, "e5": today}


def test_seen_keeps_the_last_day(storage: LocalStorage) -> None:
    for days in (0, 2, 1):
        log(storage, rejected(an_entry("b2"), "judge", "irrelevant", NOON + days * DAY))
    committed(storage, "b2", NOON + DAY)
    assert memory(storage, at=NOON + 3 * DAY).seen() == {"b2": date(2018, 9, 13).toordinal()}


@pytest.mark.parametrize(("days_ago", "known"), [(0, True), (30, True), (32, True), (33, False)])
def test_only_the_partitions_of_max_age_are_read(storage: LocalStorage, days_ago: int, known: bool) -> None:
    committed(storage, "a1", NOON, published_at=NOON - days_ago * DAY)
    log(storage, rejected(an_entry("b2"), "judge", "irrelevant", NOON - days_ago * DAY))
    assert set(memory(storage, at=NOON).seen()) == ({"a1", "b2"} if known else set())


@pytest.mark.parametrize("max_age", [DAY, 30 * DAY])
@pytest.mark.parametrize(("days_ago", "known"), [(0, True), (31, True), (45, True), (46, False)])
def test_a_feed_that_is_asked_once_in_thirty_days_is_remembered_whatever_the_age_of_articles(
    storage: LocalStorage, days_ago: int, known: bool, max_age: float
) -> None:
    polled(storage, A, NOON - days_ago * DAY, failures=20)
    assert bool(memory(storage, at=NOON, max_age=max_age).feed_states([A])) is known


def test_an_endless_age_reads_all(storage: LocalStorage) -> None:
    committed(storage, "a1", NOON, published_at=0.0)
    assert set(memory(storage, max_age=1e11).seen()) == {"a1"}


# --- untold -------------------------------------------------------------------------------------------

WHOLE = "In the valley the ovens are cold. " * 12


def test_untold_is_what_only_failed_for_entries_without_its_text(storage: LocalStorage) -> None:
    log(storage, rejected(an_entry("refused", foreign=True, content=WHOLE), "extract", "http_4xx", NOON))
    log(storage, rejected(an_entry("empty"), "extract", "no_text", NOON))
    put_off(storage, "debt", NOON)
    log(storage, rejected(an_entry("told", content=WHOLE), "extract", "too_old", NOON))
    log(storage, rejected(an_entry("judged"), "judge", "irrelevant", NOON))
    for name in ("judged", "told", "stored", "page"):
        log(storage, rejected(an_entry(name), "extract", "http_4xx", NOON - 60))
    committed(storage, "stored", NOON)
    committed(storage, "canonical", NOON + 60, entry=an_entry("page"))
    names = {"refused", "empty", "debt", "told", "judged", "stored", "page", "canonical", "never"}
    assert memory(storage).untold(names) == {"refused", "empty", "debt"}
    assert memory(storage).untold({"empty", "told"}) == {"empty"}


def test_what_tells_an_article_is_what_can_stand_in_for_its_page() -> None:
    assert extract.MIN_FEED_WORDS == MIN_FEED_WORDS


# --- owed ---------------------------------------------------------------------------------------------


def test_owed_as_it_was_put_off(storage: LocalStorage) -> None:
    put_off(storage, "a1", NOON + 0.125, attempts=3, due=NOON + 240.5, first_at=NOON - 7)
    (found,) = memory(storage).owed()
    assert found == Owed(entry=an_entry("a1"), attempts=3, due=NOON + 240.5, first_at=NOON - 7, reason="timeout")


def test_the_newest_row_says_how_often_and_when(storage: LocalStorage) -> None:
    put_off(storage, "a1", NOON + 60, attempts=2)
    put_off(storage, "a1", NOON, attempts=1)
    (found,) = memory(storage).owed()
    assert (found.attempts, found.due) == (2, NOON + 120)


def test_committed_then_not_owed(storage: LocalStorage) -> None:
    put_off(storage, "a1", NOON)
    assert owed(storage) == ["a1"]
    committed(storage, "a1", NOON + 60)
    assert owed(storage) == []


def test_committed_under_another_id_then_not_owed(storage: LocalStorage) -> None:
    put_off(storage, "a1", NOON)
    committed(storage, "canonical", NOON + 60, entry=an_entry("a1"))
    assert owed(storage) == []


def test_an_older_revision_does_not_pay_a_newer_debt(storage: LocalStorage) -> None:
    committed(storage, "a1", NOON - 60)
    put_off(storage, "a1", NOON)
    assert owed(storage) == ["a1"]


def test_given_up_then_not_owed(storage: LocalStorage) -> None:
    put_off(storage, "a1", NOON)
    log(storage, rejected(an_entry("a1"), "fetch", "gave_up", NOON + 60))
    assert owed(storage) == []


def test_rejected_on_its_text_then_not_owed(storage: LocalStorage) -> None:
    put_off(storage, "a1", NOON)
    log(storage, rejected(an_entry("a1"), "judge", "irrelevant", NOON + 60))
    put_off(storage, "b2", NOON + 90)
    assert owed(storage) == ["b2"]


def test_of_two_rows_of_one_tick_the_one_that_still_owes_counts(storage: LocalStorage) -> None:
    put_off(storage, "a1", NOON)
    log(storage, rejected(an_entry("a1"), "extract", "no_text", NOON))
    assert owed(storage) == ["a1"]
    committed(storage, "a1", NOON)  # and what came in that very tick pays it
    assert owed(storage) == []


def test_what_another_feeds_summary_tells_ends_no_debt(storage: LocalStorage) -> None:
    put_off(storage, "a1", NOON)
    log(storage, rejected(an_entry("a1"), "screen", "screened_out", NOON + 30))
    assert owed(storage) == ["a1"]
    log(storage, rejected(an_entry("a1"), "extract", "no_text", NOON + 60))
    assert owed(storage) == []


def test_a_debt_outlives_a_short_age_until_it_is_given_up(storage: LocalStorage) -> None:
    put_off(storage, "a1", NOON - 6 * DAY)
    assert [d.entry.article_id for d in Memory(storage, DAY, NOON).owed()] == ["a1"]


def test_what_was_nearly_too_old_when_it_came_paid_its_debt(storage: LocalStorage) -> None:
    put_off(storage, "a1", NOON - 25 * DAY)
    committed(storage, "a1", NOON - 24 * DAY, published_at=NOON - 52 * DAY)
    assert Memory(storage, 30 * DAY, NOON).owed() == []


def test_a_broken_file_is_named(storage: LocalStorage) -> None:
    put_off(storage, "a1", NOON)
    (day,) = (Path(storage.root) / "rejects").iterdir()
    broken = day / "x.parquet"
    broken.write_bytes(b"PAR1")
    with pytest.raises(UserError, match=r"x\.parquet: cannot be read as Parquet"):
        owed(storage)
