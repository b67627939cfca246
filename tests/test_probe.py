"""Probing a list: a verdict and a hint for each feed, and the feeds of web pages."""

from __future__ import annotations

import csv
import io
import json
import time
from collections.abc import Iterable, Iterator
from datetime import datetime, timezone
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest

from pipelines import check, feeds
from schemas.reasons import TRANSPORT
from schemas.records import Feed
from tests.tiny_site import Site, serving
from transforms.discover import MOST, feed_links, guesses, is_page
from transforms.fetch import Request, Response
from transforms.probe import FAILS, LARGE, SLOW, VERDICTS, Probe, probe
from transforms.probing import probe_all

NOW = datetime(2026, 3, 1, 12, tzinfo=timezone.utc).timestamp()
DAY = 86_400.0
URL = "http://orontes.example/rss"
FEED = Feed(url=URL)


def rss(*ages: float | None, more: str = "", title: str = "Orontes Post") -> bytes:
    """A feed with an entry for each age in days; None: without a date."""
    items = "".join(
        f"<item><title>Entry {n}</title><link>http://orontes.example/{n}</link>"
        + (
            f"<pubDate>{format_datetime(datetime.fromtimestamp(NOW - age * DAY, timezone.utc))}</pubDate>"
            if age is not None
            else ""
        )
        + "</item>"
        for n, age in enumerate(ages)
    )
    return (
        f"<?xml version='1.0'?><rss version='2.0'><channel><title>{title}</title>{items}{more}</channel></rss>".encode()
    )


def answered(body: bytes = b"", status: int | None = 200, url: str = URL, **more: Any) -> Response:
    return Response(url, status, more.pop("headers", {}), body, **more)


PAGE = b"<!DOCTYPE html><html><head><link rel='alternate' type='application/rss+xml' href='/feed/'></head></html>"
THERE = "https://orontes.example/rss"


@pytest.mark.parametrize(
    ("response", "verdict", "hint"),
    [
        (answered(rss(1, 2)), "ok", ""),
        (answered(rss(400, 500)), "stale", "its newest entry is 400 days old (2025-01-25)"),
        (answered(rss(None)), "undated", "no dates"),
        (answered(rss(-400, -3)), "undated", "the dates of its entries lie in the future (2026-03-04 12:00 UTC)"),
        (answered(rss()), "empty", "without entries"),
        (answered(rss(1, more="<item><title>No link</title></item>")), "ok", "1 of 2 entries have neither link nor GUID"),
        (answered(rss(1)[:-30]), "truncated", "its end is missing"),
        (answered(PAGE), "page", "its feed is http://orontes.example/feed/: put it into the list, or run with --discover"),
        (answered(b"<html><body>No feed"), "page", "announces no feed: run with --discover"),
        (answered(b"%PDF-1.4", headers={"content-type": "application/pdf"}), "not_a_feed", "it says to be application/pdf"),
        (answered(b""), "not_a_feed", "has nothing in it"),
        (answered(b" \n", headers={"content-type": "text/html; charset=utf-8"}), "not_a_feed", "has nothing in it"),
        (answered(status=204, headers={"content-type": "text/html"}), "not_a_feed", "has nothing in it"),
        (answered(rss(1), url=THERE, permanent_url=THERE), "moved", f"redirects to https for good: put {THERE} into the list"),
        (answered(rss(1), url="http://b.example/", permanent_url="http://b.example/"), "moved", "for good: put http://b.example/ into"),
        (answered(rss(1), url="http://b.example/"), "ok", "answers from http://b.example/ (a passing redirect"),
        (answered(rss(1), elapsed=SLOW + 1), "slow", "took 10 s to answer"),
        (answered(rss(1, more="<!--" + " " * LARGE + "-->")), "ok", "serves 1.0 MB each time, without ETag or Last-Modified"),
        (answered(rss(1, more="<!--" + " " * LARGE + "-->"), headers={"etag": '"x"'}), "ok", ""),
        (answered(status=None, problem="dns_error", error="no such name"), "unreachable", "dns_error: the host name does not resolve (no such name)"),
        (answered(status=None, problem="timeout"), "unreachable", "with a longer --timeout"),
        (answered(status=None, problem="private_address"), "private", "--allow_private orontes.example opens it"),
        (answered(status=410), "gone", "take it off the list"),
        (answered(status=403), "refused", "name a --contact"),
        (answered(status=404), "refused", "nothing at the address"),
        (answered(status=429), "refused", "asked too often"),
        (answered(status=503), "broken", "status 503"),
        (None, "bad_line", "not asked"),
    ],
)  # fmt: skip
def test_verdicts(response: Response | None, verdict: str, hint: str) -> None:
    found = probe(FEED, response, NOW)
    assert found.verdict == verdict, found.hints
    assert hint in "; ".join(found.hints) and bool(hint) == bool(found.hints)


def test_https_that_leads_to_http() -> None:
    found = probe(Feed(url="https://orontes.example/rss"), answered(rss(1)), NOW)
    assert found.verdict == "insecure" and "https leads to http" in found.hints[0]


def test_what_is_known_of_a_feed() -> None:
    found = probe(Feed(url=URL, outlet="As listed"), answered(rss(3, 1, 2)), NOW)
    assert (found.title, found.entries, found.newest) == ("Orontes Post", 3, NOW - DAY)
    assert probe(Feed(url="x", problem="feeds.txt line 2: no host"), None, NOW).hints == ("feeds.txt line 2: no host",)


def test_the_worst_finding_is_the_verdict_and_all_are_told() -> None:
    found = probe(FEED, answered(rss(400), url=THERE, permanent_url=THERE, elapsed=SLOW * 2), NOW)
    assert found.verdict == "moved" and len(found.hints) == 3


@pytest.mark.parametrize("problem", sorted(TRANSPORT))
def test_every_way_to_fail_has_a_verdict(problem: str) -> None:
    found = probe(FEED, answered(status=None, problem=problem), NOW)
    assert found.verdict in FAILS and found.hints


@pytest.mark.parametrize("status", [100, 199, 300, 304, 400, 418, 451, 500, 599, 999, 0])
def test_every_status_has_a_verdict(status: int) -> None:
    assert probe(FEED, answered(status=status), NOW).verdict in FAILS


# --- pages ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("head", "links"),
    [
        ('<link rel="alternate" type="application/rss+xml" href="/a" title="Main">', ["/a"]),
        ("<LINK REL='Alternate home' TYPE='application/atom+xml;charset=utf-8' HREF=b.atom>", ["/b.atom"]),
        ('<link rel=alternate type="application/feed+json" href="feed.json">', ["/feed.json"]),
        ('<base href="/sub/"><link rel=alternate type="application/rss+xml" href="rss">', ["/sub/rss"]),
        ('<link rel=alternate type="application/rss+xml" href="/comments/feed/">', []),
        ('<link rel=alternate type="application/rss+xml" title="Yorumlar" href="/yorumlar/feed/"><link rel=alternate type="application/rss+xml" href=/f>', ["/f"]),
        ('<link rel=alternate type="application/rss+xml" title="News and commentary" href="/f">', ["/f"]),
        ('<link rel=alternate type="application/rss+xml" href="/wp-commentsrss2.php">', []),
        ('<link rel=stylesheet type="application/rss+xml" href="/a">', []),
        ('<link rel=alternate type="application/json" href="/wp-json/x"><link rel=alternate type="application/json" href="/feed.json">', ["/feed.json"]),
        ('<link rel=alternate type="text/xml" href="/feeds/all.xml"><link rel=alternate type="application/rss+xml" href="/r">', ["/r", "/feeds/all.xml"]),
        *((f'<link rel=alternate type="application/rss+xml" href="{bad}">', []) for bad in
          ("javascript:alert(1)", "file:///etc/passwd", "http://user:pw@b.example/", "http://[", "", "//", "data:text/xml,x")),
        ('<link rel=alternate type="application/rss+xml" href="/a"><link rel=alternate type="application/rss+xml" href="/a#x">', ["/a"]),
        ('<a href="/rss.xml">RSS</a><a href="/feedback">Write</a><a href="http://other.example/rss">x</a>', ["/rss.xml"]),
        ("", []),
    ],
)  # fmt: skip
def test_feeds_that_a_page_announces(head: str, links: list[str]) -> None:
    body = f"<!doctype html><html><head>{head}</head></html>".encode()
    assert is_page(body)
    assert [
        link.url.removeprefix("http://orontes.example") for link in feed_links(body, "http://orontes.example/")
    ] == links


def test_the_title_of_an_announced_feed_is_one_line() -> None:
    [link] = feed_links(
        b"<link rel=alternate type='application/rss+xml' title='A\r\n \t b' href=/x>", "http://a.example/"
    )
    assert link.title == "A b"


@pytest.mark.parametrize(
    "body",
    [
        b"", b"\x00" * 100, b"<" * 100_000, b"<div>" * 200_000, b"<html>" + b"\xff\xfe" * 1000, b"<link rel=alternate",
        b"<!--" * 100_000, b"<link rel=alternate type='application/rss+xml' href='" + b"a" * 900_000 + b"'>",
        b"<link rel=alternate type='application/rss+xml' href=/a>" * 15_000,
        b"".join(b"<link rel=alternate type='application/rss+xml' href=/%d>" % n for n in range(20_000)),
    ],
    ids=range(10),
)  # fmt: skip
def test_hostile_pages_are_read_within_bounds(body: bytes) -> None:
    begun = time.monotonic()
    assert len(feed_links(body, "http://orontes.example/")) <= MOST
    assert len(guesses(body, "http://orontes.example/section/")) <= 8
    assert time.monotonic() - begun < 10


@pytest.mark.parametrize(
    ("body", "url", "first"),
    [
        ('<meta name="generator" content="WordPress 6.5">', "http://a.example/", "http://a.example/feed/"),
        (
            '<meta name="generator" content="WordPress 6.5">',
            "http://a.example/syria?x=1",
            "http://a.example/syria/feed/",
        ),
        ('<meta name="generator" content="Ghost 5">', "http://a.example/", "http://a.example/rss/"),
        ('<meta name="generator" content="Drupal 10">', "http://a.example/", "http://a.example/rss.xml"),
        ("<p>x", "http://a.blogspot.com/", "http://a.blogspot.com/feeds/posts/default"),
        ("<p>x", "http://a.example/", "http://a.example/feed/"),
    ],
)
def test_where_a_kind_of_site_keeps_its_feed(body: str, url: str, first: str) -> None:
    places = [link.url for link in guesses(body.encode(), url)]
    assert places[0] == first and len(set(places)) == len(places) <= 8


# --- asking --------------------------------------------------------------------------------------------


class World:
    """Answers by URL; what is not there is 404. ``asked``: in order."""

    def __init__(self, **answers: bytes) -> None:
        self.answers = {f"http://orontes.example/{name}": body for name, body in answers.items()}
        self.asked: list[str] = []

    def fetch(self, requests: Iterable[Request]) -> Iterator[tuple[Request, Response | None]]:
        for request in requests:
            self.asked.append(request.url)
            body = self.answers.get(request.url)
            yield request, answered(body or b"", 404 if body is None else 200, request.url)

    def probe(self, *names: str) -> list[Probe]:
        return probe_all([Feed(url=f"http://orontes.example/{n}") for n in names], self.fetch, NOW, discover=True)


def announcing(*paths: str) -> bytes:
    links = "".join(f"<link rel=alternate type='application/rss+xml' href='/{p}'>" for p in paths)
    return f"<!doctype html><html><head>{links}</head></html>".encode()


def test_the_best_of_what_a_page_announces() -> None:
    """A feed that is not there, one without entries and one that sleeps come after one with news."""
    world = World(home=announcing("none", "empty", "old", "news"), empty=rss(), old=rss(500), news=rss(1, title="News"))
    [found] = world.probe("home")
    assert found.verdict == "discovered" and found.verdict not in FAILS
    assert [one.feed.url[-4:] for one in found.found] == ["news", "/old"]
    assert found.hints == ("is a web page; its feed is http://orontes.example/news (News, 1 entries, newest 2026-02-28): put that into the list",)  # fmt: skip
    assert len(world.asked) == 5  # no place is guessed where an announced one holds a feed


def test_usual_places_are_asked_one_after_the_other() -> None:
    world = World(home=b"<html><body>hello", **{"rss.xml": rss(1), "feed.xml": rss(1)})
    [found] = world.probe("home")
    assert found.verdict == "discovered" and found.found[0].feed.url.endswith("/rss.xml")
    assert not any(url.endswith("/feed.xml") for url in world.asked)


def test_a_page_without_any_feed_costs_its_site_few_requests() -> None:
    world = World(home=b"<html><body>hello")
    [found] = world.probe("home")
    assert found.verdict == "page" and "nor the usual places" in found.hints[0]
    assert len(world.asked) <= 9
    assert probe_all([Feed(url="http://orontes.example/home")], World(home=PAGE).fetch, NOW)[0].verdict == "page"


def test_two_pages_of_one_site_ask_for_its_feed_once() -> None:
    world = World(a=announcing("f"), b=announcing("f"), f=rss(1))
    assert [one.verdict for one in world.probe("a", "b")] == ["discovered", "discovered"]
    assert len(world.asked) == 3


# --- the command ---------------------------------------------------------------------------------------


@pytest.fixture
def site() -> Iterator[Site]:
    with serving(Site()) as served:
        now = time.time()
        served.feeds["/good"] = [served.entry("/a", now - 3600, title="=1+1\x1b[31m\u202e")]
        served.feeds["/old"] = [served.entry("/a", now - 400 * DAY)]
        served.pages["/"] = "<html><head><link rel=alternate type='application/rss+xml' href='/good'></head></html>"
        yield served


def test_a_list_in_each_form(site: Site, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    listed = tmp_path / "feeds.txt"
    listed.write_text(
        f"{site.base}/good | @SUM(A1)\n{site.base}/none\n{site.base}/\nfile:///etc/passwd\nhttp://10.0.0.1/\n"
    )
    asked = ["check", str(listed), "--allow_private", f"127.0.0.1:{site.port}"]
    assert feeds.main(asked) == 1
    out = capsys.readouterr().out
    assert out.startswith("5 feeds: 1 bad line, 1 private, 1 refused, 1 page, 1 ok\n")
    assert "    status 404: there is nothing at the address" in out
    assert feeds.main([*asked, "--json", "--discover"]) == 1
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["verdict"] for line in lines] == [
        "ok",
        "refused",
        "discovered",
        "bad_line",
        "private",
    ]  # the list's order
    assert [one["feed_url"] for one in lines[2]["found"]] == [f"{site.base}/good"]
    assert feeds.main([*asked, "--csv"]) == 1
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [row["verdict"] for row in rows] == ["ok", "refused", "page", "bad_line", "private"]
    assert rows[0]["outlet"] == "'@SUM(A1)"


def test_one_address_and_statuses(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    opened = ["--allow_private", "127.0.0.1"]
    assert check.main([f"{site.base}/good", *opened, "--strict"]) == 0
    assert check.main([f"{site.base}/old", *opened]) == 0
    assert check.main([f"{site.base}/old", *opened, "--strict"]) == 1
    assert check.main([f"{site.base}/old", *opened, "--strict", "--stale_after", "500d"]) == 0
    assert check.main([site.base, *opened]) == 1
    assert check.main([site.base, *opened, "--discover"]) == 0
    capsys.readouterr()
    asked = len(site.log)
    assert check.main([f"{site.base}/good"]) == 1  # loopback, and nobody has opened it
    assert "--allow_private 127.0.0.1:" in capsys.readouterr().out and len(site.log) == asked


@pytest.mark.parametrize(
    ("arguments", "tells"),
    [
        (["/no/such/list"], "does not exist"),
        (["http://user:secret@a.example/"], "has a user name or password"),
        (["http://["], "no valid host"),
        (["x", "--json", "--csv"], "choose one"),
        (["x", "--contact", "me"], "neither a mail address nor an http(s) URL"),
        (["x", "--contact", "a@b.example", "--user_agent", "y/1"], "with --user_agent name the contact in that"),
        (["x", "--allow_private", "http://x/"], "expected HOST"),
        ([], "FILE|URL"),
    ],
)
def test_mistakes(arguments: list[str], tells: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert feeds.main(["check", *arguments]) == 2
    said = capsys.readouterr().err
    assert tells in said and "secret" not in said and len(said.splitlines()) == 1


def test_every_verdict_is_described() -> None:
    assert set(VERDICTS) > FAILS and all(VERDICTS.values())
