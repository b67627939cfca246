"""What a robots.txt means to us: RFC 9309's cases, files as they are found, and files that are weapons."""

from __future__ import annotations

import random
import time

import pytest

from transforms.fetch import Response
from transforms.robots import (
    FIRST_RETRY,
    KEPT,
    LASTS,
    MAX_BYTES,
    MAX_DELAY,
    MAX_RETRY,
    MAX_RULES,
    Robots,
    read_robots,
)

SITE = "http://orontes.example"
NOW = 1000.0


def robots(body: bytes | str, agent: str = "idlib-watch") -> Robots:
    body = body.encode() if isinstance(body, str) else body
    return read_robots(Response(f"{SITE}/robots.txt", 200, {}, body), agent, NOW)


def allows(body: bytes | str, path: str = "/news/a1") -> bool:
    return robots(body).allows(SITE + path)


@pytest.mark.parametrize(
    ("name", "body", "path", "allowed"),
    [
        ("empty", "", "/", True),
        ("an empty rule", "User-agent: *\nDisallow:", "/a", True),
        ("everything", "User-agent: *\nDisallow: /", "/a", False),
        ("its own file", "User-agent: *\nDisallow: /", "/robots.txt", True),
        ("a folder", "User-agent: *\nDisallow: /a/", "/a/b", False),
        ("beside the folder", "User-agent: *\nDisallow: /a/", "/ab", True),
        ("case of paths", "User-agent: *\nDisallow: /News", "/news", True),
        ("the longest counts", "User-agent: *\nDisallow: /a\nAllow: /a/b", "/a/b/c", True),
        ("the longest, other order", "User-agent: *\nAllow: /a/b\nDisallow: /a", "/a/c", False),
        ("a tie is allowed", "User-agent: *\nDisallow: /a\nAllow: /a", "/a", True),
        ("a star", "User-agent: *\nDisallow: /*/print", "/a/b/print?x", False),
        ("an end", "User-agent: *\nDisallow: /*.pdf$", "/a.pdf", False),
        ("past the end", "User-agent: *\nDisallow: /*.pdf$", "/a.pdf?x", True),
        ("a query", "User-agent: *\nDisallow: /*?print=", "/a?print=1", False),
        ("encoded as it is not", "User-agent: *\nDisallow: /%C3%A9t%C3%A9", "/été", False),
        ("encoded in lower case", "User-agent: *\nDisallow: /é", "/%c3%a9", False),
        ("comments", "# x\nUser-agent: * # all\nDisallow: /a # not this\n", "/a", False),
        ("us by name", "User-agent: idlib-watch\nDisallow: /\n\nUser-agent: *\nAllow: /", "/a", False),
        ("us in capitals", "User-Agent: IDLIB-Watch\nDisallow: /", "/a", False),
        ("us with a version", "User-agent: idlib-watch/1.0\nDisallow: /", "/a", False),
        ("our group alone counts", "User-agent: *\nDisallow: /\n\nUser-agent: idlib-watch\nDisallow: /b", "/a", True),
        ("our group is empty", "User-agent: *\nDisallow: /\n\nUser-agent: idlib-watch\nDisallow:", "/a", True),
        ("the start of our name", "User-agent: idlib\nDisallow: /", "/a", True),
        ("more than our name", "User-agent: idlib-watcher\nDisallow: /", "/a", True),
        ("others", "User-agent: Northbot\nDisallow: /", "/a", True),
        ("two names, one group", "User-agent: Northbot\nUser-agent: idlib-watch\nDisallow: /", "/a", False),
        ("a blank line in a group", "User-agent: idlib-watch\n\n\nDisallow: /", "/a", False),
        ("groups that repeat", "User-agent: *\nDisallow: /a\nUser-agent: x\nDisallow: /\nUser-agent: *\nDisallow: /b", "/b", False),
        ("the first of them", "User-agent: *\nDisallow: /a\nUser-agent: x\nDisallow: /\nUser-agent: *\nDisallow: /b", "/a", False),
        ("rules of no group", "Disallow: /\nUser-agent: *\nDisallow: /b", "/a", True),
        ("a sitemap parts no group", "User-agent: *\nSitemap: http://x.example/s.xml\nDisallow: /a", "/a", False),
        ("a sitemap between names", "User-agent: idlib-watch\nSitemap: /s\nUser-agent: x\nDisallow: /a", "/a", False),
        ("an unknown line", "User-agent: *\nNoindex: /x\nDisallow: /a", "/a", False),
        ("CR alone", "User-agent: *\rDisallow: /a\r", "/a", False),
        ("CR LF", "User-agent: *\r\nDisallow: /a\r\n", "/a", False),
        ("spaces before the colon", "  User-agent : *\n\tDisallow : /a", "/a", False),
        ("no colon", "User-agent *\nDisallow /a", "/a", False),
        ("a misspelling", "Useragent: *\nDissallow: /a", "/a", False),
        ("no host in what is asked", "User-agent: *\nDisallow: /", "", False),
    ],
)  # fmt: skip
def test_rules(name: str, body: str, path: str, allowed: bool) -> None:
    assert allows(body, path) is allowed, name


@pytest.mark.parametrize(
    ("name", "body", "allowed"),
    [
        ("a UTF-8 mark", b"\xef\xbb\xbfUser-agent: *\nDisallow: /", False),
        ("UTF-16, with its mark", "User-agent: *\nDisallow: /".encode("utf-16"), False),
        ("UTF-16, without", "User-agent: *\nDisallow: /".encode("utf-16-le"), False),
        ("half a character of it", b"\xff\xfeU", True),
        ("zero bytes", b"User-agent:\0 *\nDis\0allow: /", False),
        ("bytes that are no UTF-8", b"\xff\xfd # \xe9\nUser-agent: *\n\x80\x81\nDisallow: /", False),
        ("a rule that is no UTF-8", b"User-agent: *\nDisallow: /\xe9t\xe9", True),
        ("HTML", b"<!DOCTYPE html><html><body>\n<p>User agent * \n<p>Disallow: /\n404</body></html>", True),
        ("text", b"You will find no\nuser-agent * here\nallow us to explain.", True),
    ],
)  # fmt: skip
def test_files_as_they_are_found(name: str, body: bytes, allowed: bool) -> None:
    assert allows(body) is allowed, name


@pytest.mark.parametrize("url", ["http://[/", "", "news", "http://orontes.example/\ud800", "\0", "http://x:y/", "/%%%"])
def test_what_is_no_url_raises_nothing(url: str) -> None:
    assert isinstance(robots("User-agent: *\nDisallow: /*x").allows(url), bool)


@pytest.mark.parametrize(
    ("asked", "delay"),
    [
        ("10", 10), ("0.5", 0.5), ("0", 0), ("299", 299), ("1000000000", MAX_DELAY), ("1e300", MAX_DELAY),
        ("9" * 5000, 0), ("1e999", 0), ("-1", 0), ("nan", 0), ("inf", 0), ("soon", 0), ("", 0), ("٣", 3),
    ],
)  # fmt: skip
def test_crawl_delay(asked: str, delay: float) -> None:
    found = robots(f"User-agent: *\nCrawl-delay: {asked}")
    assert (found.delay, found.allows(SITE)) == (delay, True)


def test_a_delay_is_for_those_whom_its_group_names() -> None:
    body = "User-agent: *\nCrawl-delay: 20\nDisallow: /x\nUser-agent: idlib-watch\nDisallow: /a\n"
    assert robots(body).delay == 0
    assert robots(body, "Northbot").delay == 20


@pytest.mark.parametrize(
    ("response", "allowed"),
    [
        *((Response(SITE, status), True) for status in (301, 304, 400, 401, 403, 404, 410, 451, 499)),
        *((Response(SITE, problem=p), True) for p in ("too_many_redirects", "bad_redirect")),
        *((Response(SITE, status), False) for status in (100, 429, 500, 502, 503, 504, 599, 999)),
        *((Response(SITE, problem=p), False) for p in (
            "timeout", "dns_error", "connection_error", "tls_error", "bad_response", "host_unresponsive", "too_large",
            "private_address")),
    ],
)  # fmt: skip
def test_no_file_allows_all_and_no_answer_nothing(response: Response, allowed: bool) -> None:
    found = read_robots(response, "idlib-watch", NOW)
    assert (found.reachable, found.allows(SITE + "/a")) == (allowed, allowed)
    assert found.expires == NOW + (LASTS if allowed else FIRST_RETRY)
    assert (found.error is None) is allowed


def test_an_answer_holds_for_a_day() -> None:
    assert robots("User-agent: *\nDisallow: /a").expires == NOW + 24 * 3600


def test_an_unreachable_file_is_asked_for_ever_later_until_it_is_there() -> None:
    found, waits, at = None, [], NOW
    for _ in range(40):
        found = read_robots(Response(SITE, 503), "idlib-watch", at, found)
        waits.append(found.expires - at)
        at = found.expires
    assert waits[:4] == [60, 120, 240, 480]
    assert waits[-1] == MAX_RETRY
    assert found is not None and not found.allows(SITE) and "503" in (found.error or "")
    assert read_robots(Response(SITE, 404), "idlib-watch", at, found).failures == 0


def test_what_was_read_holds_while_the_file_is_unreachable_for_thirty_days() -> None:
    first = robots("User-agent: *\nDisallow: /a\nCrawl-delay: 7")
    later = read_robots(Response(SITE, problem="timeout"), "idlib-watch", NOW + LASTS, first)
    assert (later.allows(SITE + "/a"), later.allows(SITE + "/b"), later.delay) == (False, True, 7)
    assert later.expires == NOW + LASTS + FIRST_RETRY
    after = read_robots(Response(SITE, problem="timeout"), "idlib-watch", NOW + KEPT, later)
    assert not after.reachable and not after.allows(SITE + "/b")


def test_500_kib_are_read_and_no_half_line() -> None:
    head = b"User-agent: *\nDisallow: /a\n"
    body = head + b"#" * (MAX_BYTES - len(head) - len(b"\nDisallow: /") - 1) + b"\n" + b"Disallow: /bc\nDisallow: /d\n"
    assert (allows(body, "/a"), allows(body, "/bc"), allows(body, "/c"), allows(body, "/d")) == (
        False,
        True,
        True,
        True,
    )


@pytest.mark.parametrize("problem", [None, "too_large"])
def test_of_an_endless_file_the_first_part_counts(problem: str | None) -> None:
    body = (b"User-agent: *\nDisallow: /a\n" + b"Disallow: /x\n" * MAX_BYTES)[: MAX_BYTES + 5]
    found = read_robots(Response(SITE, 200, {}, body, problem), "idlib-watch", NOW)
    assert (found.allows(SITE + "/a"), found.allows(SITE + "/b")) == (False, True)


def many(form: str, number: int = 60_000) -> bytes:
    return b"User-agent: *\n" + "".join(form.format(n=n) + "\n" for n in range(number)).encode()


WEAPONS = {
    "stars": b"User-agent: *\nDisallow: /" + b"*a" * 800 + b"$",
    "stars on a line": b"User-agent: *\nDisallow: /" + b"*a" * MAX_BYTES,
    "one star after the other": b"User-agent: *\nDisallow: /" + b"*" * MAX_BYTES + b"b$",
    "a million rules": many("Disallow: /{n:x}", 1_000_000),
    "rules with stars": many("Disallow: /*aaaaaaaaaa{n:x}b"),
    "rules with two stars": many("Disallow: /*a{n:x}*aaaaaaab"),
    "the same rule": many("Disallow: /x"),
    "a million names": "".join(f"User-agent: a{n:x}\n" for n in range(20_000)).encode() + many("Disallow: /{n:x}")[14:],
    "a million groups": "".join(f"User-agent: *\nDisallow: /{n:x}\n" for n in range(20_000)).encode(),
    "500 KiB on a line": b"User-agent: *\nDisallow: /" + b"a" * MAX_BYTES,
    "a line of percent signs": b"User-agent: *\nDisallow: /" + b"%4" * MAX_BYTES,
    "a line of dollars": b"User-agent: *\nAllow: /" + b"$" * MAX_BYTES,
    "a line of spaces": b"User-agent" + b" " * MAX_BYTES,
    "a line of colons": b"User-agent: *\nDisallow" + b":" * MAX_BYTES,
    "line ends": b"\r" * MAX_BYTES,
    "zeros": b"\0" * MAX_BYTES,
    "sitemaps": many("Sitemap: http://x.example/{n}"),
}


@pytest.mark.parametrize("name", WEAPONS)
def test_weapons_cost_less_than_two_seconds(name: str) -> None:
    url = f"{SITE}/{'a' * 8000}"
    start = time.process_time()
    found = robots(WEAPONS[name])
    read = time.process_time()
    for _ in range(10):
        found.allows(url)
    assert read - start < 2
    assert (time.process_time() - read) / 10 < 0.2


def test_the_first_rules_of_too_many_count() -> None:
    body = many("Disallow: /{n}x", MAX_RULES + 100)
    assert (allows(body, "/0x"), allows(body, f"/{MAX_RULES - 1}x"), allows(body, f"/{MAX_RULES}x")) == (
        False,
        False,
        True,
    )
    wild = many("Disallow: /*q{n}x", 5000) + b"Disallow: /plain\n"
    assert (allows(wild, "/aq0x"), allows(wild, "/aq4999x"), allows(wild, "/plain")) == (False, True, False)


def test_whatever_it_holds_nothing_raises() -> None:
    chance = random.Random(9309)
    pieces = [
        b"User-agent", b"user agent ", b"Disallow", b"Allow", b"Crawl-delay", b":", b": ", b"*", b"$", b"/", b"\n", b"\r",
        b"#", b"%", b"%2", b"%zz", b"\xff", b"\0", b"\xef\xbb\xbf", b"\xe2\x80\xa8", b"idlib-watch", b"1e9", b"-", b"a", b" ",
        b"index.html", b"http://[", b"?", b"Sitemap: x",
    ]  # fmt: skip
    for _ in range(2000):
        found = robots(b"".join(chance.choices(pieces, k=chance.randrange(60))))
        assert 0 <= found.delay <= MAX_DELAY
        for path in ("", "/", "/a*$%", "/%ff?a#b", "//a/index.html", "\ud800"):
            assert isinstance(found.allows(SITE + path), bool)
