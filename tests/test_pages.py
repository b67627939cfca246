"""What a response means for a page, and how long it is owed."""

from __future__ import annotations

from datetime import datetime, timezone
from email.utils import format_datetime
from typing import Any

import pytest

from schemas import reasons
from schemas.records import Owed
from tests.samples import DAY, NOON, an_entry
from transforms.fetch import Response
from transforms.pages import (
    FIRST_RETRY,
    GIVE_UP_AFTER,
    MAX_RETRY,
    WAIT_AT_MOST,
    WHOLE_ARTICLE,
    PageOutcome,
    after_page,
    in_turns,
    put_off,
    whole_in_feed,
)

URL = "http://orontes.example/a1"
HTML = {"content-type": "text/html; charset=Windows-1256"}


def debt(**more: Any) -> Owed:
    return Owed(**({"entry": an_entry(), "attempts": 0, "due": NOON, "first_at": NOON, "reason": "new"} | more))


def outcome(response: Response, owed: Owed | None = None, at: float = NOON) -> PageOutcome:
    found = after_page(owed or debt(), response, at)
    # A page, or a debt with its row, or the row that ends it: never two, never none.
    assert (found.page is not None) + (found.reject is not None) == 1
    assert found.owed is None or (found.reject is not None and found.reject.retryable)
    if found.reject is not None:
        assert found.reject.reason in reasons.REJECTS
        assert found.reject.stage == "fetch"
    return found


@pytest.mark.parametrize(
    ("kind", "charset"),
    [
        ("text/html", None), ("text/html; charset=utf-8", "utf-8"), ('Text/HTML;Charset="UTF-8"', "utf-8"),
        ("text/html; charset=utf-8; boundary=x", "utf-8"), ("application/xhtml+xml", None), ("text/plain", None),
        ("", None), (None, None),
    ],
)  # fmt: skip
def test_html(kind: str | None, charset: str | None) -> None:
    headers = {} if kind is None else {"content-type": kind}
    page = outcome(Response(URL + "?r", 200, headers, b"<p>"), debt(attempts=2)).page
    assert page is not None
    assert (page.html, page.url, page.charset, page.attempts) == (b"<p>", URL + "?r", charset, 3)
    assert (page.refused, page.collected_at, page.entry) == (None, NOON, an_entry())


@pytest.mark.parametrize(
    ("response", "reason"),
    [
        (Response(URL, 200, {"content-type": "application/pdf"}, b"%PDF"), "not_html"),
        (Response(URL, 200, {"content-type": "image/jpeg"}, b"x"), "not_html"),
        (Response(URL, 403, HTML), "http_4xx"), (Response(URL, 404), "http_4xx"), (Response(URL, 410), "http_4xx"),
        (Response(URL, 451), "http_4xx"), (Response(URL, 304), "http_other"), (Response(URL, 999), "http_other"),
        *((Response(URL, problem=p), p) for p in ("too_large", "too_many_redirects", "bad_redirect")),
        (Response(URL, problem="robots_disallowed"), "robots_disallowed"),
    ],
)  # fmt: skip
def test_refused_for_good(response: Response, reason: str) -> None:
    page = outcome(response).page
    assert page is not None
    assert page.html is None
    assert (page.refused or "").partition(":")[0] == reason
    assert page.attempts == (reason != "robots_disallowed")  # what robots.txt forbids is not asked for


@pytest.mark.parametrize(
    ("response", "reason"),
    [
        *((Response(URL, status), "http_4xx") for status in (408, 425, 429)),
        *((Response(URL, status), "http_5xx") for status in (500, 502, 503, 504, 599)),
        *((Response(URL, problem=p), p) for p in ("timeout", "dns_error", "connection_error", "tls_error", "bad_response")),
    ],
)  # fmt: skip
def test_failed_in_passing(response: Response, reason: str) -> None:
    found = outcome(response)
    assert found.owed == debt(attempts=1, due=NOON + FIRST_RETRY, reason=reason, failed_at=NOON)
    row = found.reject
    assert row is not None
    assert (row.reason, row.retryable, row.due, row.attempts, row.first_at) == (
        reason,
        True,
        NOON + FIRST_RETRY,
        1,
        NOON,
    )
    assert row.article_id == "a1"


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(
    ("value", "wait"),
    [("600", 600), ("1", FIRST_RETRY), ("soon", FIRST_RETRY), ("9999999", DAY),
     (format_datetime(datetime.fromtimestamp(NOON + 700, timezone.utc), usegmt=True), 700)],
)  # fmt: skip
def test_retry_after(status: int, value: str, wait: float) -> None:
    found = outcome(Response(URL, status, {"retry-after": value}))
    assert found.owed is not None
    assert found.owed.due == NOON + wait


def test_waits_grow_until_six_hours() -> None:
    waits = []
    for attempts in range(30):
        found = outcome(Response(URL, problem="timeout"), debt(attempts=attempts))
        assert found.owed is not None
        waits.append(found.owed.due - NOON)
    assert waits[:3] == [60, 120, 240]
    assert waits[-1] == MAX_RETRY
    assert waits == sorted(waits)


NOT_ASKED = pytest.mark.parametrize("reason", ["host_unresponsive", "host_busy", "robots_unreachable"])


@NOT_ASKED
def test_what_is_said_of_the_host_costs_no_attempt(reason: str) -> None:
    found = outcome(Response(URL, problem=reason), debt(attempts=2))
    assert found.owed is not None and found.reject is not None
    assert (found.owed.attempts, found.owed.due) == (2, NOON + 120)
    assert (found.reject.reason, found.reject.retryable, found.reject.attempts) == (reason, True, 2)


@NOT_ASKED
def test_a_host_that_is_never_there_fills_no_table(reason: str) -> None:
    """Three hundred pages of one host, each with a row a minute for 48 hours, would be 864,000."""
    owed: Owed | None = debt()
    at, rejects = NOON, []
    while owed is not None:
        found = outcome(Response(URL, problem=reason), owed, at)
        owed = found.owed
        rejects.append(found.reject)
        at = owed.due if owed else at
    assert len(rejects) < 30
    last = rejects[-1]
    assert last is not None and (last.reason, last.retryable, last.attempts) == ("gave_up", False, 0)
    assert last.error == reason
    assert GIVE_UP_AFTER <= at - NOON <= GIVE_UP_AFTER + MAX_RETRY


@pytest.mark.parametrize(
    ("age", "given_up"), [(GIVE_UP_AFTER - 1, False), (GIVE_UP_AFTER, True), (GIVE_UP_AFTER * 3, True)]
)
def test_given_up_after_48_hours(age: float, given_up: bool) -> None:
    found = outcome(Response(URL, 503), debt(attempts=12, first_at=NOON - age))
    assert found.reject is not None
    assert (found.reject.reason == "gave_up") is given_up
    assert found.reject.retryable is not given_up
    assert (found.owed is None) is given_up
    assert found.reject.attempts == 13


def test_what_comes_at_last_is_taken_however_late() -> None:
    assert outcome(Response(URL, 200, HTML, b"x"), debt(first_at=NOON - GIVE_UP_AFTER * 2)).page is not None


def test_waiting_is_due_at_once() -> None:
    found = put_off(debt(attempts=1, first_at=NOON - 6 * DAY), "waiting", None, 1, NOON)
    assert found.owed is not None
    assert (found.owed.due, found.owed.attempts, found.owed.reason) == (NOON, 1, "waiting")


@pytest.mark.parametrize(("age", "given_up"), [(GIVE_UP_AFTER, False), (WAIT_AT_MOST - 1, False), (WAIT_AT_MOST, True)])
def test_a_page_that_got_no_turn_for_a_week_is_given_up(age: float, given_up: bool) -> None:
    found = put_off(debt(first_at=NOON - age), "waiting", None, 0, NOON)
    assert (found.owed is None) is given_up
    assert found.reject is not None
    assert (found.reject.reason, found.reject.error) == (("gave_up", "waiting") if given_up else ("waiting", None))


def test_the_48_hours_begin_with_the_first_failure_and_not_with_waiting() -> None:
    waited = debt(first_at=NOON - 3 * 24 * 3600, reason="waiting")
    first = outcome(Response(URL, 503), waited)
    assert first.owed is not None and first.owed.failed_at == NOON
    later = NOON + GIVE_UP_AFTER
    assert outcome(Response(URL, 503), first.owed, later - 1).owed is not None
    assert outcome(Response(URL, 503), first.owed, later).owed is None


def test_a_pause_counts_from_the_answer() -> None:
    late = Response(URL, 503, {"retry-after": "600"}, after=250.0)
    assert (owed := outcome(late).owed) is not None and owed.due == NOON + 850


@pytest.mark.parametrize("reason", [r for r in reasons.REJECTS if r in reasons.TRANSPORT or r.startswith("robots_")])
def test_nothing_is_owed_for_ever(reason: str) -> None:
    """Whatever is answered, at the hundredth time too: a page, or a debt that ends."""
    owed: Owed | None = debt()
    at = NOON
    for _ in range(100):
        if owed is None:
            break
        owed = outcome(Response(URL, problem=reason), owed, at).owed
        at = owed.due if owed else at
    assert owed is None and at <= NOON + GIVE_UP_AFTER + MAX_RETRY


WORDS = "word " * WHOLE_ARTICLE


@pytest.mark.parametrize(
    ("more", "whole"),
    [
        ({"content": WORDS}, True), ({"content": WORDS[5:]}, False), ({"content": ""}, False), ({"summary": WORDS}, False),
        ({"content": WORDS + "…"}, False), ({"content": WORDS + "[…] \n"}, False), ({"content": WORDS + "Read More"}, False),
        ({"content": WORDS + "المزيد"}, False), ({"content": WORDS, "published": None}, False),
        ({"content": "", "url": None}, True),
    ],
)  # fmt: skip
def test_whole_in_feed(more: dict[str, Any], whole: bool) -> None:
    assert whole_in_feed(an_entry(**more)) is whole


def test_a_slow_host_takes_no_more_places_than_another() -> None:
    slow = [debt(entry=an_entry(f"s{n}", url=f"http://slow.example/{n}"), first_at=NOON - 60) for n in range(5)]
    quick = [debt(entry=an_entry(f"q{n}", url=f"http://quick.example/{n}")) for n in range(2)]
    order = [d.entry.article_id for d in in_turns(slow + quick)]
    assert order == ["s0", "q0", "s1", "q1", "s2", "s3", "s4"]


def test_a_page_of_an_earlier_tick_was_owed() -> None:
    body = Response(URL, 200, {"content-type": "text/html"}, b"<html>")
    first = after_page(debt(), body, NOON).page
    later = after_page(debt(reason="waiting", first_at=NOON - 10), body, NOON).page
    assert first is not None and later is not None
    assert (first.was_owed, later.was_owed) == (False, True)
