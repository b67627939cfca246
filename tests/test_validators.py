"""Conditional GET: what is sent back, and when a server's word is no longer taken."""

from __future__ import annotations

import itertools
from email.utils import formatdate
from typing import Any

import msgspec
import pytest

from schemas.records import FeedState
from tests.answering import EVERY, answered, item, polled, rss
from tests.samples import DAY, FEED, NOON
from transforms.parse import MAX_ENTRIES
from transforms.poll import request_for
from transforms.validators import MAX_LENGTH

A, B = rss(item("a")), rss(item("b"), item("a"))
TIMED = A.replace(b"<title>t<", b"<title>t at 12:07<")  # the same entries, other bytes
DATE, LATER_DATE = "Tue, 11 Sep 2018 11:00:00 GMT", "Tue, 11 Sep 2018 11:59:00 GMT"


def sent(state: FeedState, at: float = NOON + EVERY) -> dict[str, str]:
    """The conditions of the next request."""
    return {k: v for k, v in request_for(FEED, state, at).headers.items() if k != "Accept"}


def with_headers(**headers: str) -> FeedState:
    return polled(answered(200, A, headers=headers)).state


# --- byte for byte ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "etag", ['"1"', 'W/"a,b"', "no-quotes", '"\\"', "W/1", "*", '"äß"', '""', " ", '"a\u00a0b"', '"' + "x" * 1022 + '"']
)
@pytest.mark.parametrize("modified", [DATE, "2018-09-11", " odd date ", "0", "Tue, 11 Sep 2018 14:00:00 +0300"])
def test_both_validators_go_back_byte_for_byte(etag: str, modified: str) -> None:
    state = with_headers(etag=etag, last_modified=modified)
    assert sent(state) == {"If-None-Match": etag, "If-Modified-Since": modified}


def test_one_validator_goes_back_alone() -> None:
    assert sent(with_headers(etag='"1"')) == {"If-None-Match": '"1"'}
    assert sent(with_headers(last_modified=DATE)) == {"If-Modified-Since": DATE}
    assert sent(with_headers()) == {}


EVIL = ['"\r\nX-Evil: 1"', '"\x00"', '"\x1b[2J"', '"\x7f"', '"\t"', '"\x85"', '"' + "x" * MAX_LENGTH + '"', '"' + "ä" * 600 + '"',
        '"\ud800"', ""]  # fmt: skip


@pytest.mark.parametrize("evil", EVIL)
def test_an_evil_validator_is_neither_stored_nor_sent(evil: str) -> None:
    state = with_headers(etag=evil, last_modified=DATE)
    assert (state.etag, state.modified) == (None, DATE)
    assert sent(state) == {"If-Modified-Since": DATE}
    state = with_headers(etag='"1"', last_modified=evil)
    assert sent(state) == {"If-None-Match": '"1"'}
    older = FeedState(etag=evil, modified=evil, whole_at=NOON)  # stored by an older build
    assert sent(older) == {}


def test_a_304_changes_no_validator() -> None:
    state = with_headers(etag='"1"', last_modified=DATE)
    again = polled(answered(304, headers={"etag": '"2"'}), state, NOON + EVERY).state
    assert sent(again) == sent(state)


def test_validators_that_are_no_longer_sent_are_dropped() -> None:
    state = with_headers(etag='"1"', last_modified=DATE)
    assert sent(polled(answered(200, B), state, NOON + EVERY).state) == {}


def test_a_hash_that_is_unchanged_counts_as_unmodified_whatever_the_validators() -> None:
    again = polled(answered(200, A, headers={"etag": '"2"'}), with_headers(etag='"1"'), NOON + EVERY)
    assert (again.reason, again.fresh, again.state.lied) == ("unchanged", [], False)


# --- once a day without conditions --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hours", "conditional"), [(0.25, True), (23.7, True), (23.8, False), (24, False), (100, False)]
)
def test_once_a_day_a_feed_is_asked_without_conditions(hours: float, conditional: bool) -> None:
    state = with_headers(etag='"1"')
    assert state.whole_at == NOON
    state = polled(answered(304), state, NOON + EVERY).state
    assert bool(sent(state, NOON + hours * 3600)) is conditional


def test_a_feed_that_is_asked_once_a_day_is_asked_without_conditions_but_not_twice_in_a_row() -> None:
    state = msgspec.structs.replace(with_headers(etag='"1"'), pace=DAY)
    assert sent(state, NOON + 60) == {"If-None-Match": '"1"'}  # --force
    assert sent(state, NOON + 0.9 * DAY) == {}


def test_a_feed_that_asks_for_long_pauses_has_its_day_too() -> None:
    state = polled(answered(200, A, headers={"etag": '"1"', "cache_control": "max-age=43200"})).state
    assert sent(state, NOON + 0.45 * DAY) != {}
    assert sent(state, NOON + 0.55 * DAY) == {}  # the next would be more than a day after the last


def test_the_day_counts_from_the_last_unconditional_answer() -> None:
    state = with_headers(etag='"1"')
    state = polled(answered(200, B, headers={"etag": '"2"'}), state, NOON + 12 * 3600).state
    assert state.whole_at == NOON  # it was asked with conditions
    failed = polled(answered(500), state, NOON + DAY).state
    assert sent(failed, NOON + DAY + 60) == {}  # a failure is no answer
    whole = polled(answered(200, B, headers={"etag": '"2"'}), failed, NOON + DAY + EVERY).state
    assert (whole.whole_at, sent(whole, NOON + DAY + 2 * EVERY)) == (NOON + DAY + EVERY, {"If-None-Match": '"2"'})


@pytest.mark.parametrize("news", [False, True])
def test_over_a_week_of_polls_each_day_has_its_unconditional_one(news: bool) -> None:
    state, at, whole = FeedState(), NOON, []
    while at < NOON + 7 * DAY:
        if not sent(state, at):
            whole.append(at)
        if news or not sent(state, at):
            answer = answered(200, rss(item(str(at))) if news else A, headers={"etag": f'"{at * news}"'})
        else:
            answer = answered(304)
        state = polled(answer, state, at).state
        at = state.due
    gaps = [b - a for a, b in itertools.pairwise(whole)]
    assert len(whole) >= 7
    assert max(gaps) <= DAY


def test_an_answer_that_came_in_a_later_tick_is_judged_by_the_request_that_was_made() -> None:
    edge = NOON + DAY - EVERY
    state = msgspec.structs.replace(with_headers(etag='"1"'), due=edge - 5, polled_at=edge - EVERY)
    asked = sent(state, edge - 5)
    assert asked == sent(state, edge + 5) == {"If-None-Match": '"1"'}
    assert polled(answered(304), state, edge + 5).reason == "not_modified"


# --- lies ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "second", "body", "lied"),
    [
        ({"etag": '"1"'}, {"etag": '"1"'}, B, True),
        ({"etag": '"1"', "last_modified": DATE}, {"etag": '"1"', "last_modified": LATER_DATE}, B, True),
        ({"etag": '"1"'}, {"etag": '"2"'}, B, False),
        ({"etag": '"1"'}, {}, B, False), ({}, {"etag": '"1"'}, B, False), ({}, {}, B, False),
        ({"last_modified": DATE}, {"last_modified": DATE}, B, True),
        ({"last_modified": DATE}, {"last_modified": LATER_DATE}, B, False),
        ({"etag": '"1"', "last_modified": DATE}, {"etag": '"2"', "last_modified": DATE}, B, False),
        ({"etag": '"1"'}, {"etag": '"1"'}, TIMED, True),  # a strong one promises the bytes
        ({"etag": 'W/"1"'}, {"etag": 'W/"1"'}, TIMED, False),  # a weak one the meaning
        ({"etag": 'W/"1"'}, {"etag": 'W/"1"'}, B, True),
        ({"last_modified": DATE}, {"last_modified": DATE}, TIMED, False),
        ({"etag": '"1"'}, {"etag": '"1"'}, A, False),
    ],
)  # fmt: skip
@pytest.mark.parametrize("hours", [0.25, 24.0])  # asked with conditions, and by the day's request without
def test_the_same_validator_with_another_body_is_a_lie(
    first: dict[str, str], second: dict[str, str], body: bytes, lied: bool, hours: float
) -> None:
    state = with_headers(**first)
    found = polled(answered(200, body, headers=second), state, NOON + hours * 3600)
    assert found.state.lied is lied
    assert found.reason == ("unchanged" if body == A else "ok")
    if lied:
        assert sent(found.state, found.state.due) == {}


def test_who_lied_is_polled_without_validators_from_then_on() -> None:
    state = with_headers(etag='"1"')
    state = polled(answered(200, B, headers={"etag": '"1"'}), state, NOON + EVERY).state
    for n in range(2, 20):
        assert (state.lied, state.etag, sent(state, NOON + n * EVERY)) == (True, None, {})
        body = rss(*(item(str(i)) for i in range(n)))
        state = polled(answered(200, body, headers={"etag": f'"{n}"'}), state, NOON + n * EVERY).state


def test_a_feed_that_was_cut_has_not_lied() -> None:
    state = with_headers(etag='"1"')
    cut = rss(item("a"), "<item><title>Cut in the mid", end="")
    found = polled(answered(200, cut, headers={"etag": '"1"'}), state, NOON + EVERY)
    assert (found.reason, found.state.lied, found.state.etag) == ("truncated", False, None)
    assert polled(answered(200, B, headers={"etag": '"1"'}), found.state, NOON + 2 * EVERY).state.lied is False


def test_the_rest_of_a_feed_that_was_cut_twice_alike_is_not_hidden_by_304() -> None:
    cut = answered(200, rss(item("a"), "<item><title>Cut in the mid", end=""), headers={"etag": '"1"'})
    state = polled(cut).state
    again = polled(cut, state, NOON + EVERY)
    assert (again.reason, sent(again.state, NOON + 2 * EVERY)) == ("unchanged", {})
    whole = polled(answered(200, B, headers={"etag": '"1"'}), again.state, NOON + 2 * EVERY).state
    assert (whole.lied, sent(whole, NOON + 3 * EVERY)) == (False, {"If-None-Match": '"1"'})


def test_a_feed_of_more_entries_than_are_read_is_asked_with_conditions() -> None:
    many = answered(200, rss(*(item(str(n)) for n in range(MAX_ENTRIES + 1))), headers={"etag": '"1"'})
    found = polled(many)
    assert (found.reason, sent(found.state)) == ("truncated", {"If-None-Match": '"1"'})


def a_day_later(state: FeedState, day: int, **more: Any) -> FeedState:
    """The state after a day of 304s, and an unconditional answer with one more entry, of the morning."""
    for hour in (6, 12, 18, 23):
        state = polled(answered(304), state, NOON + (day - 1) * DAY + hour * 3600).state
    dated = NOON + (day - 1) * DAY + more.get("dated", 7) * 3600
    when = f"<pubDate>{formatdate(dated, usegmt=True)}</pubDate>"
    body = rss(*(item(f"n{n}", more=when) for n in range(day, 0, -1)), item("a"))
    return polled(answered(200, body, headers={"etag": f'"{day}"'}), state, NOON + day * DAY).state


def test_304_that_hides_news_on_two_days_is_no_longer_believed() -> None:
    state = a_day_later(with_headers(etag='"0"'), 1)
    assert (state.lied, state.blind) == (False, 1)  # once may be an entry that was dated back
    state = a_day_later(state, 2)
    assert (state.lied, sent(state, NOON + 2 * DAY + EVERY)) == (True, {})


def test_news_of_the_last_hour_were_hidden_by_nobody() -> None:
    state = with_headers(etag='"0"')
    for day in (1, 2, 3, 4):
        state = a_day_later(state, day, dated=23.5)
        assert (state.lied, state.blind) == (False, 0)


def test_news_that_a_conditional_request_finds_clear_the_server() -> None:
    state = a_day_later(with_headers(etag='"0"'), 1)
    state = polled(answered(200, B, headers={"etag": '"x"'}), state, NOON + DAY + EVERY).state
    assert state.blind == 0
