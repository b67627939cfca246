"""Redirects: followed at once, taken over late or never."""

from __future__ import annotations

import msgspec
import pytest

from schemas.records import Feed, FeedState
from tests.answering import answered, item, polled, rss
from tests.samples import DAY, FEED, NOON
from transforms.fetch import Response
from transforms.moves import FALLBACK_AFTER, MAX_URL, is_upgrade
from transforms.poll import request_for

THERE, OTHER = "http://new.example/rss", "http://third.example/rss"
BODY = rss(item("a"))


def via(
    permanent: str | None, final: str | None = None, status: int | None = 200, body: bytes = BODY, **more: object
) -> Response:
    """An answer from ``final`` (or ``permanent``) where permanent redirects led as far as ``permanent``."""
    return answered(status, body, permanent_url=permanent, url=final or permanent or FEED.url, **more)  # fmt: skip


def url_of(state: FeedState, at: float) -> str:
    return request_for(FEED, state, at).url


def weeks(answer: Response, days: float = 7, state: FeedState | None = None, **more: object) -> FeedState:
    """The state after asking once a day for ``days`` days, the first and the last included."""
    state = state or FeedState()
    day = 0.0
    while day <= days:
        state = polled(answer, state, NOON + day * DAY, **more).state
        day += 1
    return state


# --- what is taken over -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "days", "taken"),
    [
        (via(THERE), 0, None), (via(THERE), 6, None), (via(THERE), 7, THERE), (via(THERE), 30, THERE),
        (via(None, OTHER), 30, None),  # 302, 303, 307
        (via(THERE, OTHER), 30, None),  # 301, then 302
        (via(None), 30, None),
        (via("https://orontes.example/rss"), 0, "https://orontes.example/rss"),  # the same over https: at once
        (via("https://orontes.example/feed"), 6, None), (via("https://orontes.example/feed"), 7, "https://orontes.example/feed"),
        (via("https://www.orontes.example/rss"), 6, None),
        (via(None, "https://orontes.example/rss"), 30, None),  # 302 to https
        (via("https://orontes.example/rss", OTHER), 30, None),
        (via(THERE, body=b"<html>This domain is for sale</html>"), 30, None),
        (via(THERE, status=404), 30, None), (via(THERE, status=503), 30, None), (via(THERE, status=304), 30, None),
        (via(THERE + "?" + "x" * MAX_URL), 30, None),
    ],
)  # fmt: skip
def test_a_permanent_move_is_taken_over_after_a_week_and_https_at_once(
    answer: Response, days: float, taken: str | None
) -> None:
    state = weeks(answer, days)
    assert state.taken_url == taken
    assert url_of(state, state.polled_at + 1) == (taken or FEED.url)


def test_304_through_the_redirect_counts_as_seen() -> None:
    state = weeks(via(THERE, headers={"etag": '"1"'}), 0)
    state = msgspec.structs.replace(state, whole_at=NOON + 7 * DAY)
    assert polled(via(THERE, status=304), state, NOON + 7 * DAY).state.taken_url == THERE


def test_a_week_is_of_one_target() -> None:
    state = weeks(via(THERE), 5)
    assert (state.moved_to, state.moved_since) == (THERE, NOON)
    state = polled(via(OTHER), state, NOON + 6 * DAY).state
    assert (state.moved_to, state.moved_since) == (OTHER, NOON + 6 * DAY)
    state = polled(via(THERE), state, NOON + 8 * DAY).state
    assert (state.taken_url, state.moved_since) == (None, NOON + 8 * DAY)


def test_a_redirect_that_was_taken_back_is_forgotten() -> None:
    state = polled(via(None), weeks(via(THERE), 5), NOON + 6 * DAY).state
    assert (state.moved_to, state.moved_since) == (None, None)


def test_a_hop_that_was_temporary_for_a_day_begins_the_week_anew() -> None:
    state = polled(via(None, THERE), weeks(via(THERE), 5), NOON + 6 * DAY).state
    assert polled(via(THERE), state, NOON + 8 * DAY).state.taken_url is None


@pytest.mark.parametrize(
    ("answer", "kept"),
    [
        (answered(None, problem="timeout"), True), (via(THERE, status=503), True), (via(THERE, status=429), True),
        (via(THERE, status=404), False), (via(THERE, body=b"<html></html>"), False),
    ],
)  # fmt: skip
def test_a_parked_page_ends_the_observation_and_a_time_out_does_not(answer: Response, kept: bool) -> None:
    state = polled(answer, weeks(via(THERE), 5), NOON + 6 * DAY).state
    assert (state.moved_to == THERE) is kept
    assert (polled(via(THERE), state, NOON + 8 * DAY).state.taken_url == THERE) is kept


def test_a_feed_of_the_list_is_not_taken_over_by_another_line() -> None:
    more = {"others": frozenset({THERE})}
    state = weeks(via(THERE), 30, **more)
    assert (state.taken_url, state.moved_to) == (None, THERE)
    found = polled(via(THERE), state, NOON + 31 * DAY, others=frozenset({THERE}))
    assert found.error == f"moved for good to {THERE}, which is another line of the list"
    secure = "https://orontes.example/rss"
    assert weeks(via(secure), 30, others=frozenset({secure})).taken_url is None


# --- after it -----------------------------------------------------------------------------------------


TAKEN = FeedState(taken_url=THERE, listed_at=NOON, succeeded_at=NOON, etag='"1"', whole_at=NOON, pace=3600.0)
PARKED = b"<html>For sale</html>"


@pytest.mark.parametrize(
    "answer",
    [
        answered(404, url=THERE), answered(500, url=THERE), answered(200, PARKED, url=THERE),
        answered(None, problem="dns_error", url=THERE), answered(None, problem="timeout", url=THERE),
    ],
    ids=["404", "500", "no feed", "dns", "timeout"],
)  # fmt: skip
def test_a_take_over_that_fails_falls_back_to_the_list(answer: Response) -> None:
    state = TAKEN
    for n in range(1, FALLBACK_AFTER + 1):
        assert url_of(state, NOON + n * 3600) == THERE
        found = polled(answer, state, NOON + n * 3600)
        state = found.state
    assert (state.taken_url, state.etag, url_of(state, state.due)) == (None, None, FEED.url)
    assert "the list's own address is asked again" in (found.error or "")
    back = polled(via(None), state, state.due).state
    assert (back.failures, back.failing_since) == (0, None)


def test_failures_that_pass_leave_it_taken_over() -> None:
    state = polled(answered(500, url=THERE), TAKEN, NOON + 3600).state
    state = polled(answered(200, BODY, url=THERE), state, NOON + 7200).state
    state = polled(answered(500, url=THERE), state, NOON + 9000).state
    assert state.taken_url == THERE


def test_410_at_what_was_taken_over_is_not_the_end_of_the_listed_one() -> None:
    found = polled(answered(410, url=THERE), TAKEN, NOON + 3600)
    assert (found.reason, found.state.gone, found.state.taken_url) == ("http_4xx", False, None)
    assert found.state.due < NOON + 2 * DAY


def test_410_at_the_end_of_a_redirect_is_the_end() -> None:
    assert polled(via(THERE, status=410)).state.gone


def test_what_was_taken_over_may_move_on() -> None:
    state = TAKEN
    for day in range(8):
        state = polled(via(OTHER), state, NOON + day * DAY).state
    assert state.taken_url == OTHER
    assert polled(via(FEED.url), state, NOON + 9 * DAY).state.taken_url is None  # and home again, at once


# --- the monthly look ---------------------------------------------------------------------------------

MONTH = NOON + 30 * DAY


def test_the_lists_own_address_is_looked_at_once_a_month() -> None:
    assert url_of(TAKEN, MONTH - 1) == THERE
    assert url_of(TAKEN, MONTH) == FEED.url
    state = polled(via(THERE), TAKEN, MONTH).state
    assert (state.taken_url, state.listed_at, url_of(state, MONTH + DAY)) == (THERE, MONTH, THERE)


@pytest.mark.parametrize("answer", [via(None), via(None, THERE), via(OTHER)], ids=["itself", "302", "elsewhere"])
def test_what_the_list_s_own_address_says_now_counts(answer: Response) -> None:
    state = polled(answer, TAKEN, MONTH).state
    assert (state.taken_url, url_of(state, state.due)) == (None, FEED.url)
    assert state.moved_to == answer.permanent_url


@pytest.mark.parametrize(
    "answer", [answered(None, problem="dns_error"), answered(410), answered(404), answered(200, PARKED)],
    ids=["dns", "410", "404", "no feed"],
)  # fmt: skip
def test_an_old_address_that_is_dead_does_no_harm(answer: Response) -> None:
    found = polled(answer, TAKEN, MONTH)
    state = found.state
    assert (state.taken_url, state.failures, state.gone, state.etag) == (THERE, 0, False, '"1"')
    assert (state.listed_at, url_of(state, state.due)) == (MONTH, THERE)
    assert THERE in (found.error or "")


# --- the same address over https ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "target", "is_one"),
    [
        ("http://a.example/rss", "https://a.example/rss", True), ("http://A.example/rss", "https://a.example/rss", True),
        ("http://a.example:80/rss", "https://a.example:443/rss", True), ("http://a.example", "https://a.example/", True),
        ("http://a.example/rss?x=1", "https://a.example/rss?x=1", True),
        ("http://a.example/rss?x=1", "https://a.example/rss", False), ("http://a.example/rss", "https://a.example/rss/", False),
        ("http://a.example/rss", "https://www.a.example/rss", False), ("https://a.example/rss", "http://a.example/rss", False),
        ("http://a.example:8080/rss", "https://a.example/rss", False), ("http://a.example/rss", "https://a.example:8443/rss", False),
        ("http://a.example/rss", "https://[::1", False), ("http://a.example:x/", "https://a.example/", False),
    ],
)  # fmt: skip
def test_the_same_address_over_https(url: str, target: str, is_one: bool) -> None:
    assert is_upgrade(url, target) is is_one


def test_a_feed_is_known_by_its_listed_url_wherever_it_is_asked() -> None:
    assert request_for(Feed(url=FEED.url), TAKEN, NOON + 1).key == FEED.url
