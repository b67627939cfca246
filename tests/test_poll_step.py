"""The step that polls: which feeds of a shard it asks, in which order, and for how long."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from schemas import tables
from schemas.records import NEVER, Feed, FeedState, FeedStates, FeedTurn, Poll
from tests.answering import answered, item, rss
from tests.samples import DAY, NOON, answer, serving
from tests.simulation import Kept
from transforms import answers, parsefeeds, poll
from transforms.count import reset, tally
from transforms.fetch import Fetcher, Limits, Request, Response
from transforms.parse import Parsed, parse_feed
from transforms.parsefeeds import Document
from transforms.schedule import Bounds
from transforms.storage import LocalStorage
from transforms.tables import poll_row, write_log

Answer = Callable[[Request], Response | None]
A, B, C = (f"http://{name}.example/rss" for name in "abc")


class Shard:
    """One shard's feeds, with what answers them."""

    def __init__(self, output: Path, monkeypatch: pytest.MonkeyPatch, **more: Any) -> None:
        fields = {"limits": Limits(), "bounds": Bounds(), "max_age": 30 * DAY, "shards": 1} | more
        self.step = poll._PollDoFn(poll.PollFeeds(output=str(output), **fields))
        self.states, self.asked = Kept(), list[Request]()
        self.answer: Answer = lambda _: answered(200, rss(item("a")))
        monkeypatch.setattr(poll.Fetcher, "shared", classmethod(lambda *_: self))

    def fetch(self, requests: Iterable[Request], _: float | None) -> Iterator[tuple[Request, Response | None]]:
        for request in requests:
            self.asked.append(request)
            yield request, self.answer(request)

    def turn(self, *feeds: str | Feed, at: float = NOON, others: Iterable[str] = ()) -> dict[str, Poll]:
        """One tick; the rows of polls that it made."""
        reset()
        self.asked.clear()
        turn = FeedTurn(tick=at, feeds=[Feed(url=f) if isinstance(f, str) else f for f in feeds], others=list(others))
        made = list(self.step.process(("0", turn), self.states))
        return {m.value.feed_url: m.value for m in made if getattr(m, "tag", None) == "polls"}


@pytest.fixture
def shard(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shard:
    return Shard(tmp_path, monkeypatch)


def test_a_restart_polls_nothing_that_is_not_due(tmp_path: Path, shard: Shard, monkeypatch: pytest.MonkeyPatch) -> None:
    made = shard.turn(A, B)
    write_log(LocalStorage(str(tmp_path)), tables.POLLS, "poll_id", [poll_row(p) for p in made.values()], NOON)
    again = Shard(tmp_path, monkeypatch)
    assert again.turn(A, B, at=NOON + 60) == {}
    assert (again.asked, tally()["poll/not_due"]) == ([], 2)
    forced = Shard(tmp_path, monkeypatch, forced_since=NOON + 60)
    assert set(forced.turn(A, B, at=NOON + 60)) == {A, B}
    assert forced.turn(A, B, at=NOON + 61) == {}  # once


def test_what_has_waited_longest_is_asked_first(shard: Shard) -> None:
    shard.states.write(FeedStates(feeds={A: FeedState(due=NOON - 5), B: FeedState(due=NOON - 50), C: FeedState()}))
    shard.turn(A, B, C)
    assert [r.key for r in shard.asked] == [C, B, A]


def test_a_feed_that_was_not_reached_has_no_row_and_stays_due(shard: Shard) -> None:
    shard.answer = lambda request: None if request.key == B else answered(200, rss(item("a")))
    assert set(shard.turn(A, B)) == {A}
    assert tally()["poll/not_reached"] == 1
    shard.answer = lambda _: answered(200, rss(item("a")))
    assert set(shard.turn(A, B, at=NOON + 10)) == {B}


def test_two_lines_that_move_to_one_place_do_not_both_take_it_over(shard: Shard) -> None:
    new = "http://new.example/rss"
    shard.answer = lambda _: answered(200, rss(item("a")), url=new, permanent_url=new)
    shard.turn(A, B)
    made = shard.turn(A, B, at=NOON + 7 * DAY)
    assert [p.state.taken_url for p in made.values()].count(new) == 1
    assert len({r.url for r in shard.asked}) == 2
    made = shard.turn(A, B, at=NOON + 8 * DAY)
    assert [p.state.taken_url for p in made.values()].count(new) == 1
    assert sum("another line of the list" in (p.error or "") for p in made.values()) == 1


@pytest.mark.parametrize("elsewhere", [True, False])
def test_another_line_s_address_is_not_taken_over_whatever_its_shard(shard: Shard, elsewhere: bool) -> None:
    shard.answer = lambda r: answered(200, rss(item("a")), url=B, permanent_url=B if r.key == A else None)
    feeds, others = ([A], [B]) if elsewhere else ([A, B], [])
    for day in (0, 7, 8):
        made = shard.turn(*feeds, at=NOON + day * DAY, others=others)
    assert (made[A].state.taken_url, made[A].state.moved_to) == (None, B)


def test_410_is_polled_no_more_and_said_again_each_month(shard: Shard) -> None:
    shard.answer = lambda _: answered(410)
    bad = Feed(url="nonsense", problem="no URL")
    made = shard.turn(A, bad)
    assert {url: p.reason for url, p in made.items()} == {A: "gone", "nonsense": "bad_url"}
    assert {p.state.due for p in made.values()} == {NEVER}
    assert shard.turn(A, bad, at=NOON + 24 * DAY) == {}
    assert (tally()["poll/not_due"], tally()["poll/stopped"]) == (2, 2)
    said = shard.turn(A, bad, at=NOON + 25 * DAY)
    assert {url: p.reason for url, p in said.items()} == {A: "gone", "nonsense": "bad_url"}
    assert said[A].state.gone
    assert shard.turn(A, bad, at=NOON + 26 * DAY) == {}
    assert [r.key for r in shard.asked] == []


def test_what_redirects_on_the_way_ask_for_is_heard() -> None:
    def reply(head: str) -> bytes:
        if "/old" in head:
            return answer(b"", "301 Moved Permanently", "Location: /rss", "Retry-After: 5000")
        return answer(rss(item("a")))

    with serving(reply) as server:
        limits = Limits(allow_private=("127.0.0.1",))
        ((_, response),) = Fetcher(limits).fetch([Request("a", server.url + "/old")])
    assert response is not None
    assert (response.status, response.waits, response.permanent_url) == (200, ("5000",), server.url + "/rss")


def test_500_hosts_that_hang_end_with_the_budget(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """64 at once, 30 s each: without a budget this would be four minutes."""
    with socket.socket() as listener:
        listener.bind(("0.0.0.0", 0))
        listener.listen(1024)  # it takes connections and never answers
        port = listener.getsockname()[1]
        hosts = [f"127.0.{n // 200}.{n % 200 + 1}:{port}" for n in range(500)]
        limits = Limits(timeout=30.0, allow_private=tuple(hosts))
        own = Fetcher(limits)
        monkeypatch.setattr(poll.Fetcher, "shared", classmethod(lambda *_: own))
        step = poll._PollDoFn(poll.PollFeeds(str(tmp_path), limits, Bounds(), 30 * DAY, 1, budget=1.5))
        turn = FeedTurn(tick=NOON, feeds=[Feed(url=f"http://{host}/rss") for host in hosts])
        reset()
        begun = time.monotonic()
        made = list(step.process(("0", turn), Kept()))
        assert time.monotonic() - begun < 6
        assert made == []
        assert tally()["poll/not_reached"] == 500


def test_the_newest_entries_of_an_answer_are_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shard = Shard(tmp_path, monkeypatch, max_entries=2)
    shard.answer = lambda _: answered(200, rss(*(item(str(n)) for n in range(5))))
    made = shard.turn(A)[A]
    assert (made.reason, made.entries, made.new_entries) == ("truncated", 2, 2)


def test_new_guids_for_the_same_words_are_no_news(shard: Shard) -> None:
    def answer(number: str) -> Response:
        body = f"<title>A</title><description>Shells fell.</description><guid>{number}</guid>"
        return answered(200, rss(f"<item>{body}</item>"))

    shard.answer = lambda _: answer("1")
    assert shard.turn(A)[A].new_entries == 1
    shard.answer = lambda _: answer("2")
    made = shard.turn(A, at=NOON + DAY)[A]
    assert (made.reason, made.entries, made.new_entries) == ("ok", 1, 0)


def test_an_entry_is_as_old_as_its_last_change_where_nothing_else_is_said(shard: Shard) -> None:
    page = "<url><loc>http://a.example/{}</loc><lastmod>{}</lastmod></url>"
    pages = page.format(1, "2001-01-01") + page.format(2, "2018-09-11")
    shard.answer = lambda _: answered(200, f"<urlset>{pages}</urlset>".encode())
    assert (shard.turn(A)[A].entries, tally()["parse/too_old"]) == (2, 1)


def test_a_feed_that_is_cut_each_time_is_not_remembered_without_end(
    shard: Shard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answers, "MAX_REMEMBERED", 3)
    for day in range(5):
        body = rss(item(f"{day}a"), item(f"{day}b"), end="")
        shard.answer = lambda _, body=body: answered(200, body)  # type: ignore[misc]
        made = shard.turn(A, at=NOON + day * DAY)[A]
        assert (made.reason, made.new_entries) == ("truncated", 2)
    assert len(shard.states.read().feeds[A].seen) == 5


def test_a_helper_is_told_what_the_parse_must_know() -> None:
    body = rss("<item><title>A</title><description>x</description><guid>2</guid></item>", item("b"), item("c"))
    first = parse_feed(body.replace(b"<guid>2", b"<guid>1"), {}, A, Feed(url=A), NOON).entries
    seen = {entry.article_id: entry.fingerprint for entry in first}
    document = Document(body, {}, A, Feed(url=A), NOON, seen, 2)
    told = msgspec.msgpack.decode(parsefeeds.answer(msgspec.msgpack.encode(document)), type=Parsed)
    assert [e.article_id for e in told.entries] == list(seen)[:2]
    assert told.problem == "truncated" and not told.broke_off
