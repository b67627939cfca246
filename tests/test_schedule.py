"""When a feed is asked again: the longest of its own pace and of what it asks for, within bounds."""

from __future__ import annotations

import math
import random
from collections import Counter
from datetime import datetime, timezone
from email.utils import format_datetime
from typing import Any

import msgspec
import pytest

from schemas import reasons
from schemas.records import FeedState
from tests.answering import BOUNDS, EVERY, SLACK, answered, item, polled, rss
from tests.samples import DAY, FEED, NOON
from transforms.parse import Hints
from transforms.poll import is_due
from transforms.schedule import (
    HOUR,
    LATER,
    Bounds,
    due_after_success,
    hinted,
    learn,
    next_allowed,
    retry_after,
    wishes,
)


def http(at: float) -> str:
    return format_datetime(datetime.fromtimestamp(at, timezone.utc), usegmt=True)


def asked(bounds: Bounds = BOUNDS, state: FeedState | None = None, **headers: str) -> FeedState:
    """What a feed with these headers is left with."""
    before = state or FeedState(whole_at=NOON, etag='"1"', changed_at=NOON)
    return polled(answered(304, headers=headers), before, NOON + EVERY, bounds=bounds).state


def wait(state: FeedState) -> float:
    return state.due - NOON - EVERY


# --- what others ask for ------------------------------------------------------------------------------

WISHES: list[tuple[dict[str, str], float, str]] = [
    ({}, 0, "interval"),
    ({"cache_control": "max-age=7200"}, 7200, "cache_control"),
    ({"cache_control": "public, MAX-AGE = 7200 , must-revalidate"}, 7200, "cache_control"),
    ({"cache_control": 'max-age="7200"'}, 7200, "cache_control"),
    ({"cache_control": "max-age=7200", "age": "1200"}, 6000, "cache_control"),
    ({"cache_control": "max-age=7200", "age": "9000"}, 0, "interval"),
    ({"cache_control": "max-age=7200", "age": "-5"}, 7200, "cache_control"),
    ({"cache_control": "no-cache, no-store"}, 0, "interval"),
    ({"cache_control": "s-maxage=7200"}, 0, "interval"),  # for caches that others share
    ({"cache_control": "max-age=60"}, 0, "interval"),  # the user's own interval is longer
    ({"cache_control": "max-age=-7200"}, 0, "interval"),
    ({"cache_control": "max-age=soon"}, 0, "interval"),
    ({"cache_control": "max-age=٧٢٠٠"}, 0, "interval"),
    ({"cache_control": "max-age=" + "9" * 5000}, DAY, "cache_control"),
    ({"cache_control": "," * 100_000 + "max-age=7200"}, 0, "interval"),
    ({"expires": http(NOON + EVERY + 7200)}, 7200, "expires"),
    ({"expires": http(NOON + 99_000), "date": http(NOON + 99_000 - 7200)}, 7200, "expires"),  # its clock is wrong
    ({"expires": http(NOON - 7200)}, 0, "interval"),
    ({"expires": "0"}, 0, "interval"),
    ({"expires": "-1"}, 0, "interval"),
    ({"expires": "Fri, 31 Dec 9999 23:59:59 GMT"}, DAY, "expires"),
    ({"expires": "Tue, 99 Foo 2018 99:00:00 GMT"}, 0, "interval"),
    ({"expires": http(NOON + EVERY + 9000), "cache_control": "max-age=7200"}, 9000, "expires"),  # the longest
    ({"expires": http(NOON + EVERY + 3000), "cache_control": "max-age=7200"}, 7200, "cache_control"),
    ({"retry_after": "7200"}, 7200, "retry_after"),
    ({"retry_after": "900"}, 900, "retry_after"),  # to the second: no slack
    ({"retry_after": http(NOON + EVERY + 7200)}, 7200, "retry_after"),
    ({"retry_after": http(NOON - 7200)}, 0, "interval"),
    ({"retry_after": "1" + "0" * 18}, DAY, "retry_after"),
    ({"retry_after": "-7200"}, 0, "interval"),
    ({"retry_after": "soon"}, 0, "interval"),
    ({"retry_after": "3600", "cache_control": "max-age=7200"}, 7200, "cache_control"),
]


@pytest.mark.parametrize(("headers", "seconds", "because"), WISHES)
def test_a_feed_is_not_asked_before_it_wishes(headers: dict[str, str], seconds: float, because: str) -> None:
    state = asked(**headers)
    assert state.because == because
    if seconds == DAY:  # bounded: --max_poll_interval
        assert 0.95 * DAY <= wait(state) <= DAY
    elif seconds:
        assert seconds <= wait(state) <= seconds + LATER
    else:
        assert EVERY - SLACK <= wait(state) <= EVERY - SLACK / 2


@pytest.mark.parametrize("status", [429, 503, 404, 500, 301])
@pytest.mark.parametrize(
    ("value", "seconds"),
    [("7200", 7200), (http(NOON + 7200), 7200), ("10", 0), ("-5", 0), ("1" + "0" * 18, DAY), ("٣", 0)],
)
def test_retry_after_whatever_the_status(status: int, value: str, seconds: float) -> None:
    if status == 301:  # said by a redirect on the way to an answer
        state = polled(answered(200, rss(item("a")), waits=("5", value))).state
    else:
        state = polled(answered(status, headers={"retry_after": value})).state
    if seconds:
        assert 0.95 * seconds <= state.due - NOON <= seconds + LATER
        assert seconds == DAY or state.due - NOON >= seconds
        assert state.because == "retry_after"
    else:
        assert state.due - NOON < EVERY


def test_a_failing_feed_backs_off_for_longer_than_retry_after_asks() -> None:
    state = polled(answered(429, headers={"retry_after": "3600"}), FeedState(failures=8)).state
    assert state.because == "failures"
    assert state.due - NOON > DAY


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (None, None), ("", None), ("120", 120.0), (" 120 ", 120.0), ("1.5", None), ("٣", None), ("1e3", None),
        ("Tue, 11 Sep 2018 12:01:00 GMT", 60.0), ("Tue, 11 Sep 2018 14:01:00 +0200", 60.0),
        ("Tue, 11 Sep 2018 11:00:00 GMT", 0.0), ("Fri, 31 Dec 9999 23:59:59 GMT", DAY), ("1 " * 10_000, None),
    ],
)  # fmt: skip
def test_retry_after_as_number_and_as_date(value: str | None, seconds: float | None) -> None:
    assert retry_after(value, NOON) == seconds


# --- the document's wishes ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ttl", "kept"),
    [(7200.0, 7200.0), (0.0, 0.0), (-5.0, 0.0), (math.inf, 0.0), (math.nan, 0.0), (1e300, 30 * DAY)],
)
def test_ttl_is_kept_as_far_as_it_is_sane(ttl: float, kept: float) -> None:
    state = hinted(FeedState(ttl=60.0, skip_hours=[3]), Hints(ttl=ttl))
    assert (state.ttl, state.skip_hours) == (kept, [])  # what the document says no more holds no more
    assert wait(asked(state=msgspec.structs.replace(state, whole_at=NOON, etag="1"))) <= DAY


def test_ttl_holds_until_the_document_says_otherwise_through_304_and_failures() -> None:
    state = FeedState(ttl=7200.0, whole_at=NOON, etag="1")
    assert asked(state=state).because == "ttl"
    assert 7200 <= wait(asked(state=state)) <= 7200 + LATER
    failed = polled(answered(500), state).state
    assert (failed.because, failed.due >= NOON + 7200) == ("ttl", True)


@pytest.mark.parametrize(
    ("hints", "hours", "days"),
    [
        (Hints(skip_hours=(1, 0, 23, 1)), [0, 1, 23], []),
        (Hints(skip_hours=(-1, 24, 99), skip_days=(7, -1)), [], []),
        (Hints(skip_days=(6, 0)), [], [0, 6]),
    ],
)
def test_hours_and_days_to_skip_as_far_as_there_are_such(hints: Hints, hours: list[int], days: list[int]) -> None:
    state = hinted(FeedState(), hints)
    assert (state.skip_hours, state.skip_days) == (hours, days)


AT = datetime(2018, 9, 11, 12, 20, tzinfo=timezone.utc).timestamp()  # a Tuesday


@pytest.mark.parametrize(
    ("hours", "days", "when"),
    [
        ([], [], AT), ([11, 13], [0, 2], AT),
        ([12], [], AT + 2400), ([12, 13], [], AT + 2400 + HOUR), (list(range(12, 24)), [], AT + 2400 + 11 * HOUR),
        ([h for h in range(24) if h != 11], [], AT + 2400 + 22 * HOUR),
        ([], [1], AT + 2400 + 11 * HOUR), ([], [1, 2], AT + 2400 + 35 * HOUR),
        ([0, 1], [1], AT + 2400 + 13 * HOUR),
        ([], [0, 1, 2, 3, 4, 5], datetime(2018, 9, 16, tzinfo=timezone.utc).timestamp()),
        ([h for h in range(24) if h != 12], [0, 2, 3, 4, 5, 6], AT),
        ([h for h in range(24) if h != 11], [0, 2, 3, 4, 5, 6], AT + 2400 - HOUR + 7 * DAY - HOUR),
        (list(range(24)), [], AT), ([], list(range(7)), AT), (list(range(24)), list(range(7)), AT),  # not for ever
    ],
)  # fmt: skip
def test_skipped_hours_and_days(hours: list[int], days: list[int], when: float) -> None:
    assert next_allowed(AT, hours, days) == when


def test_who_comes_after_a_skipped_hour_does_not_come_all_at_once() -> None:
    state = FeedState(skip_hours=[12], whole_at=NOON, etag="1")
    state = asked(state=state)  # at a quarter past twelve
    assert state.because == "skip"
    assert NOON + HOUR <= state.due <= NOON + HOUR + 600


# --- its own pace -------------------------------------------------------------------------------------


def live(news: list[float], days: float, bounds: Bounds = BOUNDS, held: int = 25) -> list[tuple[float, FeedState]]:
    """Polls of a feed whose news come at these times (seconds from the start), until ``days`` are over."""
    state, at, polls = FeedState(), 0.0, []
    while at < days * DAY:
        new = held if not polls else sum(polls[-1][0] < n <= at for n in news)
        state = learn(state, min(new, held), held, NOON + at, bounds)
        state = due_after_success(FEED.url, state, {}, NOON + at, bounds)
        polls.append((at, state))
        at = state.due - NOON
    return polls


@pytest.mark.parametrize(
    ("gap", "pauses"),
    [(300.0, (600, 700)), (HOUR, (900, 2400)), (6 * HOUR, (4000, 12_000)), (DAY, (4 * HOUR, 13 * HOUR)), (10 * DAY, (6 * HOUR, DAY))],
)  # fmt: skip
def test_a_feed_is_asked_about_twice_for_each_news(gap: float, pauses: tuple[float, float]) -> None:
    polls = live([gap * n for n in range(1, int(60 * DAY / gap))], 60, Bounds())
    late = [state.pace for at, state in polls if at > 40 * DAY]
    assert pauses[0] <= sum(late) / len(late) <= pauses[1]


def test_a_silent_feed_is_asked_less_and_less_until_once_a_day() -> None:
    polls = live([], 60, Bounds())
    paces = [state.pace for _, state in polls]
    assert paces == sorted(paces)
    assert (paces[0], paces[-1]) == (600, DAY)
    assert sum(at < 30 * DAY for at, _ in polls) < 100  # not 4,320
    assert polls[-1][1].because == "news"


def test_a_feed_that_never_held_an_entry_is_asked_less_and_less_too() -> None:
    assert max(state.pace for _, state in live([], 20, Bounds(), held=0)) == DAY


def test_a_night_of_silence_costs_no_more_than_an_hour() -> None:
    news = [day * DAY + hour * HOUR + minute * 60 for day in range(14) for hour in range(6, 22) for minute in (5, 35)]
    polls = live(news, 14, Bounds())
    assert max(state.pace for at, state in polls if at > 5 * DAY) <= 1.1 * HOUR


def test_after_a_turnover_of_the_whole_feed_only_what_was_just_seen_counts() -> None:
    quiet = FeedState(changed_at=NOON - DAY, gap=10 * DAY)
    assert learn(quiet, 24, 25, NOON, BOUNDS).pace == DAY  # seven days on average
    assert learn(quiet, 25, 25, NOON, BOUNDS).pace == pytest.approx(DAY / 25 / 2)


def test_entries_that_come_again_in_another_form_are_no_news() -> None:
    first = polled(answered(200, rss(item("a")))).state
    again = polled(answered(200, rss(item("a", "Shelling: 3 comments"))), first, NOON + 8 * HOUR).state
    assert (again.changed_at, again.pace) == (NOON, HOUR)


# --- spread, cron, replays ----------------------------------------------------------------------------


@pytest.mark.parametrize("pace", [0.0, HOUR, DAY])
@pytest.mark.parametrize("ttl", [0.0, 2 * HOUR, 90 * DAY])
def test_2000_feeds_that_were_asked_at_once_do_not_come_due_in_one_second(pace: float, ttl: float) -> None:
    seconds = Counter(
        int(due_after_success(f"http://f{n}.example/", FeedState(pace=pace, ttl=ttl), {}, NOON, Bounds()).due)
        for n in range(2000)
    )
    assert max(seconds.values()) <= 110  # at the floor they share half a minute; else more


def test_a_repeated_bundle_decides_the_same() -> None:
    times = {due_after_success(FEED.url, FeedState(pace=HOUR), {}, NOON, BOUNDS).due for _ in range(5)}
    assert len(times) == 1
    assert due_after_success(FEED.url, FeedState(pace=HOUR), {}, NOON + 1, BOUNDS).due - 1 not in times


@pytest.mark.parametrize(("interval", "early"), [(600.0, 30.0), (900.0, 30.0), (60.0, 3.0), (86_400.0, 30.0)])
@pytest.mark.parametrize("name", range(20))
def test_a_cron_job_a_little_early_still_finds_it_due(interval: float, early: float, name: int) -> None:
    bounds = Bounds(interval, max(interval, DAY))
    state = due_after_success(f"http://{name}.example/", FeedState(), {}, NOON, bounds)
    assert is_due(state, NOON + interval - early, None)
    assert not is_due(state, NOON + interval - 2 * early - 0.01, None)


@pytest.mark.parametrize("pace", [0.0, 660.0, HOUR])
@pytest.mark.parametrize("name", range(20))
def test_a_stream_is_never_early(pace: float, name: int) -> None:
    state = due_after_success(f"http://{name}.example/", FeedState(pace=pace), {}, NOON, Bounds(600, DAY, cron=False))
    assert max(600, 0.9 * pace) <= state.due - NOON <= max(660, pace)


@pytest.mark.parametrize("every", [600.0, 900.0])
def test_a_cron_job_misses_no_turn_of_a_busy_feed(every: float) -> None:
    chance, state, at, missed = random.Random(7), FeedState(), NOON, 0
    for n in range(500):
        at = NOON + n * every + chance.uniform(0, 5)  # cron starts within a few seconds
        if is_due(state, at, None):
            state = learn(msgspec.structs.replace(state, polled_at=at), 10, 25, at, Bounds())
            state = due_after_success(FEED.url, state, {}, at, Bounds())
        else:
            missed += 1
    assert missed == 0


@pytest.mark.parametrize(("shortest", "longest"), [(2.0, 2.0), (600.0, 600.0), (7 * DAY, 7 * DAY), (600.0, DAY)])
def test_nothing_a_feed_does_leads_out_of_the_bounds(shortest: float, longest: float) -> None:
    bounds, chance = Bounds(shortest, longest), random.Random(3)
    choices: list[dict[str, Any]] = [headers for headers, _, _ in WISHES]
    for n in range(300):
        state = FeedState(
            pace=chance.choice([0, 1, 1e9]), gap=chance.choice([0, 1e-9, 1e9]), ttl=chance.choice([0, 5, 1e9]),
            changed_at=chance.choice([0.0, NOON - 1, NOON + 1e6]), whole_at=NOON, etag="1",
        )  # fmt: skip
        state = polled(answered(304, headers=chance.choice(choices)), state, NOON + n, bounds=bounds).state
        pause = state.due - NOON - n
        assert shortest - min(60, shortest / 10) <= pause <= longest + 1e-6


def test_each_pace_is_told_by_a_reason_of_the_list() -> None:
    told = {asked(**headers).because for headers, _, _ in WISHES}
    told |= {polled(answered(410)).state.because, polled(answered(500)).state.because}
    told |= {asked(state=FeedState(whole_at=NOON, etag="1", **more)).because
             for more in ({"ttl": 7200.0}, {"skip_hours": [12]}, {"changed_at": NOON - DAY})}  # fmt: skip
    assert told == set(reasons.PACE)


def test_wishes_are_of_what_was_answered() -> None:
    assert wishes(answered(None, problem="timeout"), NOON) == {}
    assert wishes(answered(304, headers={"cache_control": "max-age=5"}, waits=("7", "x")), NOON) == {
        "cache_control": 5.0, "retry_after": 7.0,
    }  # fmt: skip
