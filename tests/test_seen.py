"""Which entries of a tick go on."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from schemas.records import Entry
from tests.samples import DAY, NOON, an_entry
from transforms.seen import choose, forget, still_untold


def ids(entries: list[Entry]) -> list[str]:
    return [e.article_id for e in entries]


def test_new_goes_on_and_seen_does_not() -> None:
    found = choose([an_entry("a"), an_entry("b")], {"b": 1})
    assert (ids(found.entries), found.seen, found.duplicate) == (["a"], 1, 0)


def test_a_known_entry_in_another_form_goes_on_though_seen() -> None:
    found = choose([an_entry("a", known=True)], {"a": 1})
    assert (ids(found.entries), found.seen) == (["a"], 0)


def test_known_beats_another_feeds_first_sight_of_it() -> None:
    entries = [an_entry("a", feed_url="http://a.example/", content="full"), an_entry("a", known=True)]
    for order in itertools.permutations(entries):
        found = choose(list(order), {"a": 1})
        assert [e.known for e in found.entries] == [True]
        assert found.duplicate == 1


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ({"content": "full text", "published": NOON}, {"published": NOON - DAY}),
        ({"published": NOON - DAY}, {"published": NOON}),
        ({"published": NOON}, {"published": None}),
        (
            {"published": NOON, "feed_url": "http://a.example/"},
            {"published": NOON, "feed_url": "http://b.example/"},
        ),
        ({"fingerprint": "1"}, {"fingerprint": "2"}),
        ({"published": NOON, "feed_url": "http://z.example/"}, {"content": "full text", "foreign": True}),
        ({"published": NOON}, {"known": True, "foreign": True}),
    ],
)
def test_two_feeds_one_article(better: dict[str, Any], worse: dict[str, Any]) -> None:
    first, second = an_entry("a", **better), an_entry("a", **worse)
    for order in ([first, second], [second, first]):
        found = choose(order, {})
        assert found.entries == [first]
        assert (found.seen, found.duplicate) == (0, 1)


def test_of_two_feeds_that_show_a_seen_article_in_another_form_its_own_counts() -> None:
    own, other = an_entry("a", known=True), an_entry("a", known=True, foreign=True, published=NOON - DAY)
    for order in ([own, other], [other, own]):
        assert choose(order, {"a": 1}).entries == [own]


WHOLE = "In the valley the ovens are cold. " * 12


@pytest.mark.parametrize(
    ("untold", "more", "through"),
    [
        ({"a"}, {"content": WHOLE}, True),
        ({"a"}, {"content": WHOLE, "foreign": True}, False),
        ({"a"}, {"content": "In the valley."}, False),
        ({"b"}, {"content": WHOLE}, False),
    ],
)
def test_an_entry_that_tells_what_no_other_told_goes_on_though_seen(
    untold: set[str], more: dict[str, Any], through: bool
) -> None:
    entry, poor = an_entry("a", feed_url="z", **more), an_entry("a", foreign=True, known=True)
    assert bool(choose([entry], {"a": 1}, untold).entries) is through
    for order in ([entry, poor], [poor, entry]):
        assert choose(order, {"a": 1}, untold).entries == [entry if through else poor]


def test_it_goes_on_once() -> None:
    own = an_entry("a", content=WHOLE)
    untold = still_untold([an_entry("a", foreign=True)], {}, ())
    assert untold == {"a"}
    assert still_untold([], {"a": 1}, untold) == untold
    assert still_untold(choose([own], {"a": 1}, untold).entries, {"a": 1}, untold) == set()
    assert still_untold([own], {}, ()) == set()


def test_three_seen_count_once_as_seen() -> None:
    found = choose([an_entry("a", fingerprint=str(i)) for i in range(3)], {"a": 1})
    assert (found.entries, found.seen, found.duplicate) == ([], 1, 2)


def test_the_order_of_arrival_does_not_matter() -> None:
    entries = [an_entry(n, feed_url=f, published=p) for n in "ab" for f, p in (("x", 1.0), ("y", None), ("z", 0.5))]
    results = {tuple(e.feed_url for e in choose(list(o), {}).entries) for o in itertools.permutations(entries)}
    assert results == {("z", "z")}


def test_nothing() -> None:
    found = choose([], {"a": 1})
    assert (found.entries, found.seen, found.duplicate) == ([], 0, 0)


@pytest.mark.parametrize(("days_ago", "kept"), [(0, True), (30, True), (32, True), (33, False), (4000, False)])
def test_forget(days_ago: int, kept: bool) -> None:
    today = 737_000
    left = forget({"a": today - days_ago, "b": today}, today, 30 * DAY)
    assert ("a" in left) is kept
    assert "b" in left


def test_forget_of_an_endless_age() -> None:
    assert forget({"a": 1}, 737_000, 1e11) == {"a": 1}
