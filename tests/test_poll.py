"""What a response to a poll means, and when to come back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import msgspec
import pytest

from schemas import reasons
from schemas.records import NEVER, Feed, FeedState
from tests.answering import EVERY, SLACK, answered, decided, item, polled, rss
from tests.samples import DAY, FEED, NOON, an_entry
from transforms.answers import Outcome, bad_line
from transforms.fetch import Response
from transforms.poll import (
    STALE,
    PollFeeds,
    by_shard,
    emit,
    is_due,
    is_stale,
    page_shard,
    request_for,
    still_stopped,
)
from transforms.schedule import MAX_BACKOFF, Bounds


def floor(state: FeedState, at: float = NOON) -> bool:
    """Whether it is due when its interval is over, less what cron is forgiven."""
    return EVERY - SLACK <= state.due - at <= EVERY - SLACK / 2


OLD = FeedState(
    etag='"1"', modified="Mon, 10 Sep 2018 12:00:00 GMT", failures=3, polled_at=NOON - EVERY, changed_at=NOON - DAY,
    body_hash="abc", seen={"x": "f"}, whole_at=NOON - 3600, succeeded_at=NOON - DAY,
)  # fmt: skip


# --- answers with a feed ------------------------------------------------------------------------------


def test_200() -> None:
    headers = {"etag": '"2"', "last_modified": "Tue, 11 Sep 2018 12:00:00 GMT"}
    found = polled(answered(200, rss(item("a"), item("b")), headers=headers), OLD)
    assert found.reason == "ok"
    assert [e.url for e in found.fresh] == ["http://orontes.example/a", "http://orontes.example/b"]
    assert not any(e.known for e in found.fresh)
    assert (found.entries, found.unchanged) == (2, 0)
    state = found.state
    assert (state.etag, state.modified) == ('"2"', "Tue, 11 Sep 2018 12:00:00 GMT")
    assert (state.failures, state.failing_since, state.changed_at, state.succeeded_at) == (0, None, NOON, NOON)
    assert set(state.seen) == {e.article_id for e in found.fresh}


def test_validators_that_are_no_longer_sent_are_dropped() -> None:
    state = polled(answered(200, rss(item("a"))), OLD).state
    assert (state.etag, state.modified) == (None, None)


def test_only_what_changed_is_fresh() -> None:
    first = polled(answered(200, rss(item("a"), item("b"))))
    second = polled(answered(200, rss(item("c"), item("b", "Shelling goes on"), item("a"))), first.state, NOON + EVERY)
    assert [(e.url, e.known) for e in second.fresh] == [
        ("http://orontes.example/c", False), ("http://orontes.example/b", True),
    ]  # fmt: skip
    assert (second.entries, second.unchanged) == (3, 1)
    third = polled(answered(200, rss(item("a"))), second.state, NOON + 2 * EVERY)
    assert third.fresh == []
    assert len(third.state.seen) == 1  # what left the feed is forgotten
    assert third.state.changed_at == NOON + EVERY


def test_an_article_twice_in_one_answer() -> None:
    found = polled(answered(200, rss(item("a"), item("a", "Again"))))
    assert [e.title for e in found.fresh] == ["Shelling"]
    again = polled(answered(200, rss(item("a"), item("a", "Again"), item("b"))), found.state)
    assert [e.url for e in again.fresh] == ["http://orontes.example/b"]  # it does not flap


def test_304() -> None:
    found = polled(answered(304), OLD)
    assert (found.reason, found.fresh, found.state.failures) == ("not_modified", [], 0)
    assert (found.state.etag, found.state.modified, found.state.seen) == (OLD.etag, OLD.modified, OLD.seen)
    assert (found.state.changed_at, found.state.succeeded_at) == (OLD.changed_at, NOON)


def test_304_that_nobody_asked_for_is_a_failure_and_the_next_request_is_unconditional() -> None:
    for state in (FeedState(), msgspec.structs.replace(OLD, whole_at=0.0)):
        found = polled(answered(304), state)
        assert (found.reason, found.state.failures, found.state.succeeded_at) == (
            "unasked_304", state.failures + 1, state.succeeded_at,
        )  # fmt: skip
        assert set(request_for(FEED, found.state, found.state.due).headers) == {"Accept"}


def test_unchanged_bytes() -> None:
    body = rss(item("a"))
    first = polled(answered(200, body, headers={"etag": '"1"'}))
    again = polled(answered(200, body, headers={"etag": '"2"'}), first.state, NOON + EVERY)
    assert (again.reason, again.fresh, again.entries, again.unchanged) == ("unchanged", [], 1, 1)
    assert again.state.etag == '"2"'
    assert again.state.changed_at == NOON


def test_empty_feed_is_a_feed() -> None:
    found = polled(answered(200, rss()))
    assert (found.reason, found.entries) == ("ok", 0)


@pytest.mark.parametrize(
    "body",
    [
        rss(item("a"), "<item><title>Cut in the mid"),
        rss(item("a"), "<item><link>http://orontes.example/z</li", end=""),
        rss(item("a"), end=""),  # at the edge of a tag: all that is there is well-formed
    ],
    ids=["text", "tag", "edge"],
)
def test_truncated(body: bytes) -> None:
    before = polled(answered(200, rss(item("a"), item("b")))).state
    cut = body if body.endswith(b"</item>") else body.removesuffix(b"</channel></rss>")
    found = polled(answered(200, cut, headers={"etag": '"9"', "last_modified": "x"}), before)
    assert found.reason == "truncated"
    assert set(before.seen) <= set(found.state.seen)  # b is behind the cut, not gone
    assert (found.state.etag, found.state.modified) == (None, None)  # the rest is to come
    whole = polled(answered(200, rss(item("a"), item("b"))), found.state)
    assert whole.fresh == []


@pytest.mark.parametrize("body", [b"", b"<html><body>Back soon</body></html>", b"{}", b"\x00\xff\xfe", b"plain"])
def test_not_a_feed(body: bytes) -> None:
    found = polled(answered(200, body, headers={"etag": '"9"', "last_modified": "y"}), OLD)
    assert (found.reason, found.fresh) == ("not_a_feed", [])
    state = found.state
    assert state.failures == OLD.failures + 1  # it backs off as any failure does
    # The validators of a notice would hide the feed when it is back.
    assert (state.etag, state.modified) == (OLD.etag, OLD.modified)
    assert (state.seen, state.body_hash) == (OLD.seen, OLD.body_hash)


def test_entries_without_identity_are_rejected_with_their_words() -> None:
    found = polled(answered(200, rss("<item><title>Nameless</title></item>", item("a"))))
    assert [r.reason for r in found.rejects] == ["no_identity"]
    assert b"Nameless" in found.rejects[0].input
    assert found.entries == 2


NOT_ASKED = {"private_address", "host_unresponsive", "host_busy"}


# --- failures -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("response", "reason"),
    [
        (answered(404), "http_4xx"), (answered(403), "http_4xx"), (answered(429), "http_4xx"),
        (answered(500), "http_5xx"), (answered(503), "http_5xx"), (answered(300), "http_other"),
        (answered(199), "http_other"), (answered(600), "http_other"),
        *((answered(None, problem=name), name) for name in reasons.TRANSPORT
          if not name.startswith("http_") and name not in NOT_ASKED),
        (answered(200, problem="too_large"), "too_large"), (answered(410, problem="timeout"), "timeout"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_failed(response: Response, reason: str) -> None:
    found = polled(response, OLD)
    assert (found.reason, found.fresh, found.state.gone) == (reason, [], False)
    assert (found.state.failures, found.state.failing_since, found.state.because) == (4, NOON, "failures")
    assert found.state.succeeded_at == OLD.succeeded_at
    again = polled(response, found.state, NOON + DAY)
    assert again.state.failing_since == NOON
    assert again.state.due - NOON - DAY > found.state.due - NOON > EVERY * 3
    assert (found.state.etag, found.state.seen, found.state.body_hash) == (OLD.etag, OLD.seen, OLD.body_hash)


@pytest.mark.parametrize("reason", sorted(NOT_ASKED))
def test_a_feed_that_was_not_asked_is_not_asked_less_often(reason: str) -> None:
    found = polled(answered(None, problem=reason), OLD)
    assert (found.reason, found.state.polled_at, floor(found.state)) == (reason, NOON, True)
    assert found.state.failures == 3 + (reason == "private_address")  # which it will be until an option opens it


def test_a_host_that_asked_for_a_pause_has_it_from_its_other_feeds_too() -> None:
    """Each of eight feeds asked it once within the two hours for which it wished to be left alone."""
    busy = answered(None, problem="host_busy", headers={"retry-after": "7200"})
    found = polled(busy, OLD).state
    assert (found.failures, found.because) == (3, "retry_after") and found.due >= NOON + 7200


def test_what_is_asked_for_counts_from_the_answer() -> None:
    """A feed before it had taken 300 seconds."""
    late = replace(answered(503, headers={"retry-after": "900"}), after=300.0)
    assert polled(late, OLD).state.due >= NOON + 1200
    cached = replace(answered(200, rss(item("a")), headers={"cache-control": "max-age=600"}), after=300.0)
    assert floor(polled(cached, FeedState()).state)  # what the user's own interval holds to: cron comes no later


@pytest.mark.parametrize("wait", [86_400, 86_399])
def test_a_wish_of_up_to_a_day_is_kept_to_the_second(wait: int) -> None:
    assert polled(answered(503, headers={"retry-after": str(wait)}), OLD).state.due >= NOON + wait


@pytest.mark.parametrize(("status", "factor"), [(500, 1.5), (404, 2.0)])
def test_backoff_grows_up_to_thirty_days_and_never_ends(status: int, factor: float) -> None:
    state, waits = FeedState(), []
    for _ in range(40):
        state = polled(answered(status), state).state
        waits.append(state.due - NOON)
    for n, wait in enumerate(waits):
        exact = min(EVERY * factor**n, MAX_BACKOFF)
        assert 0.89 * exact <= wait <= exact, n
    assert MAX_BACKOFF == 30 * DAY
    assert polled(answered(200, rss(item("a"))), state).state.failures == 0


def test_backoff_is_never_shorter_than_the_interval() -> None:
    state = decided(answered(500), FeedState(failures=9), NOON, Bounds(7 * DAY, 7 * DAY)).state
    assert state.due >= NOON + 7 * DAY - SLACK


def test_who_is_asked_once_a_day_in_health_is_not_asked_more_often_in_sickness() -> None:
    state = polled(answered(None, problem="timeout"), FeedState(pace=DAY)).state
    assert state.due >= NOON + 0.9 * DAY


def test_410() -> None:
    found = polled(answered(410), OLD)
    assert (found.reason, found.state.gone, found.state.due) == ("gone", True, NEVER)
    assert not is_due(found.state, NOON + 900 * DAY, None)
    assert is_due(found.state, NOON + 1, NOON + 1)  # --force asks once more
    back = polled(answered(200, rss(item("a"))), found.state)
    assert (back.reason, back.state.gone, back.state.due < NEVER) == ("ok", False, True)


def test_what_is_gone_is_said_again_before_its_row_is_no_longer_read() -> None:
    gone = polled(answered(410), OLD).state
    row = still_stopped(FEED, gone, NOON + 25 * DAY)
    assert (row.reason, row.state.gone, row.restated, row.at) == ("gone", True, True, NOON + 25 * DAY)
    assert still_stopped(Feed(url="x", problem="no URL"), gone, NOON).reason == "bad_url"


# --- asking -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "forced", "due"),
    [
        (FeedState(), None, True), (FeedState(due=NOON), None, True), (FeedState(due=NOON + 1), None, False),
        (FeedState(due=NOON + 1, polled_at=NOON - 1), NOON, True), (FeedState(due=NOON + 1, polled_at=NOON), NOON, False),
        (FeedState(gone=True), None, False), (FeedState(gone=True), NOON, True),
        (FeedState(due=NOON - 3600, skip_hours=[12]), None, False), (FeedState(due=NOON - 3600, skip_hours=[11]), None, True),
        (FeedState(due=NOON - DAY, skip_hours=[12]), None, True), (FeedState(due=NOON - 1, skip_days=[1]), None, False),
        (FeedState(due=NOON - 1, skip_hours=[12]), NOON, True), (FeedState(due=NOON - 1, skip_days=[*range(7)]), None, True),
    ],
)  # fmt: skip
def test_is_due(state: FeedState, forced: float | None, due: bool) -> None:
    assert is_due(state, NOON, forced) is due


@pytest.mark.parametrize(
    ("late", "interval", "stale"),
    [
        (0.0, 900.0, False),
        (900.0, 900.0, False),  # a replay within the interval polls as it did before
        (901.0, 900.0, True),
        (STALE, 2.0, False),  # short intervals: a busy machine is not a pause
        (STALE + 1, 2.0, True),
        (-5.0, 900.0, False),  # the clock was set back
    ],
)
def test_a_tick_later_than_the_interval_polls_nothing(late: float, interval: float, stale: bool) -> None:
    assert is_stale(NOON, NOON + late, interval) is stale


def test_bad_line() -> None:
    found = bad_line(Feed(url="nonsense", problem="no URL"), NOON)
    assert (found.reason, found.error, found.state.due) == ("bad_url", "no URL", NEVER)


# --- what it emits ------------------------------------------------------------------------------------


def step(**more: Any) -> PollFeeds:
    return PollFeeds(**({"output": "", "limits": None, "bounds": Bounds(EVERY), "max_age": DAY, "shards": 4} | more))


def emitted(outcome: Outcome, restated: bool = True) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {"polls": [], "rejects": [], "turns": []}
    for made in emit(FEED, outcome, answered(200, b"12345", elapsed=12.0), NOON, step(), restated):
        found[getattr(made, "tag", None) or "turns"].append(
            getattr(made, "value", made) if hasattr(made, "tag") else made
        )
    return found


def test_emit() -> None:
    old = an_entry("old", published=NOON - DAY - 1)
    edge = an_entry("edge", published=NOON - DAY)
    undated = an_entry("undated", published=None, url="http://ghab.example/u")
    outcome = Outcome("ok", FeedState(seen={"a": "b"}), [old, edge, undated], 5, 2)
    found = emitted(outcome)
    assert [(r.reason, r.article_id, r.retryable) for r in found["rejects"]] == [("too_old", "old", False)]
    entries = {e.article_id: shard for shard, turn in found["turns"] for e in turn.entries}
    assert entries == {"edge": str(page_shard(edge, 4)), "undated": str(page_shard(undated, 4))}
    (poll,) = found["polls"]
    assert (poll.entries, poll.new_entries, poll.size, poll.elapsed, poll.status) == (5, 3, 5, 12.0, 200)
    assert poll.state.seen == {"a": "b"}


def test_emit_leaves_ids_out_where_they_are_not_restated() -> None:
    outcome = Outcome("not_modified", FeedState(seen={"a": "b"}, due=7.0), [])
    (poll,) = emitted(outcome, restated=False)["polls"]
    assert (poll.state.seen, poll.state.due, poll.restated) == ({}, 7.0, False)


def test_page_shard_takes_mobile_and_www_with_their_host() -> None:
    url = "http://orontes.example/a"
    shard = page_shard(an_entry(url=url), 1000)
    mobile = "http://m.orontes.example/a"
    assert page_shard(an_entry(url=mobile, canonical_url=url), 1000) == shard
    assert page_shard(an_entry(url=mobile, canonical_url=None), 1000) == shard
    assert page_shard(an_entry(url="http://ghab.example/a", canonical_url="http://ghab.example/a"), 1000) != shard
    without = an_entry(url=None, feed_url="http://orontes.example/rss")
    assert page_shard(without, 1000) == shard


def test_by_shard_keeps_a_host_together() -> None:
    feeds = [Feed(url=f"http://h{i % 5}.example/{i}") for i in range(50)]
    grouped = by_shard(feeds, 8)
    assert sum(len(g) for g in grouped.values()) == 50
    for host in range(5):
        assert sum(any(f"//h{host}." in f.url for f in g) for g in grouped.values()) == 1


def test_state_of_an_older_build_still_serves() -> None:
    old = msgspec.msgpack.decode(msgspec.msgpack.encode(['"1"', None, 5.0]), type=FeedState)
    found = polled(answered(200, rss(item("a"))), old)
    assert (found.reason, found.state.etag) == ("ok", None)
