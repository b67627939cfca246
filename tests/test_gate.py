"""The gate of a host: pauses that are asked for, budgets, and robots.txt on the way."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable
from contextlib import ExitStack

import pytest

from tests.samples import Served, answer, serving
from transforms import gate
from transforms.exchange import Limits, Request, Response
from transforms.fetch import Fetcher, agent_of
from transforms.gate import Manners, after_answer, refusal
from transforms.hosts import authority, plain_host

OPEN = ("127.0.0.1",)
NOW = 1000.0


def fetcher(**limits: object) -> Fetcher:
    return Fetcher(Limits(**({"timeout": 5.0, "allow_private": OPEN} | limits)))  # type: ignore[arg-type]


def asking(made: Fetcher, *requests: Request, **budgets: float) -> dict[str, Response | None]:
    return {request.key: response for request, response in made.fetch(requests, **budgets)}


def pages(server: Served, *paths: str, delay: float = 0.0) -> list[Request]:
    return [Request(path, server.url + path, {}, delay, page=True) for path in paths]


def starts(server: Served) -> list[float]:
    return sorted(began for began, _ in server.spans)


# --- the decision -------------------------------------------------------------------------------------


def said(status: int, retry_after: str | None = None) -> Response:
    return Response("http://a.example/", status, {} if retry_after is None else {"retry-after": retry_after})


@pytest.mark.parametrize(
    ("response", "busy_for", "slow"),
    [
        (said(429, "120"), 120.0, 4.0),
        (said(429), gate.DEFAULT_PAUSE, 4.0),
        (said(429, "soon"), gate.DEFAULT_PAUSE, 4.0),
        (said(429, "-5"), gate.DEFAULT_PAUSE, 4.0),
        (said(429, "0"), 0.0, 4.0),
        (said(429, "1000000000000000000"), gate.MAX_PAUSE, 4.0),
        (said(429, "Thu, 01 Jan 1970 00:20:00 GMT"), 200.0, 4.0),
        (said(429, "Fri, 31 Dec 9999 23:59:59 GMT"), gate.MAX_PAUSE, 4.0),
        (said(503, "30"), 30.0, 0.0),
        (said(503), None, 0.0),
        (said(500, "30"), None, 0.0),
        (said(200, "30"), None, 0.0),
        (said(404), None, 0.0),
        (Response("u", 429, problem="bad_encoding"), None, 0.0),
    ],
)
def test_a_host_that_asks_for_a_pause(response: Response, busy_for: float | None, slow: float) -> None:
    found = after_answer(Manners(), response, 2.0, NOW, wall=NOW)
    told = busy_for if busy_for != gate.MAX_PAUSE else gate.MAX_TOLD  # the next run may wait as long as it is asked to
    assert found == Manners(
        busy_until=0.0 if busy_for is None else NOW + busy_for,
        slow=slow,
        told_until=0.0 if told is None else NOW + told,
    )


def test_it_is_asked_ever_more_slowly_and_trusted_again_with_time() -> None:
    manners, seen = Manners(), []
    for _ in range(8):
        manners = after_answer(manners, said(429), 1.0, NOW)
        seen.append(manners.slow)
    assert seen == [2.0, 4.0, 8.0, 16.0, 32.0, 60.0, 60.0, 60.0]
    good = 0
    while manners.slow:
        manners, good = after_answer(manners, said(200), 1.0, NOW), good + 1
    assert 10 < good < 20
    assert after_answer(Manners(slow=8.0), said(500), 1.0, NOW).slow == 8.0  # an error is no sign of trust


def test_timeouts_in_a_row_close_a_host() -> None:
    manners, late = Manners(), Response("u", problem="timeout")
    for n in range(gate.UNRESPONSIVE_AFTER):
        assert refusal(manners, "u", NOW) is None, n
        manners = after_answer(manners, late, 0.0, NOW)
    closed = refusal(manners, "u", NOW)
    assert closed is not None and closed.problem == "host_unresponsive"
    assert refusal(manners, "u", NOW + gate.CLOSED_FOR) is None
    assert refusal(after_answer(manners, late, 0.0, NOW + 200), "u", NOW + 201) is not None  # one more is enough
    assert after_answer(manners, Response("u", problem="connection_error"), 0.0, NOW).timeouts == 0


def test_a_refusal_says_how_long() -> None:
    busy = refusal(Manners(busy_until=NOW + 90), "u", NOW)
    assert busy is not None
    assert (busy.problem, busy.status, busy.headers["retry-after"]) == ("host_busy", None, "90")


# --- what a host is -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "urls",
    [
        (
            "http://a.example/x",
            "HTTP://A.Example:80/y",
            "http://a.example./",
            "http://a.example:080/",
            "http://a.example:/",
        ),
        ("https://bücher.example/", "https://xn--bcher-kva.example:443/", "https://BÜCHER.example./"),
        (
            "http://127.0.0.1:8/",
            "http://127.1:8/",
            "http://0x7f.0.0.1:8/",
            "http://2130706433:8/",
            "http://127。0。0。1:8/",
        ),
        ("http://[::1]/", "http://[0:0:0:0:0:0:0:1]:80/", "http://[0000::0001]/"),
    ],
    ids=["names", "idn", "ipv4", "ipv6"],
)
def test_an_authority_is_spelled_in_one_way(urls: tuple[str, ...]) -> None:
    assert len({authority(url) for url in urls}) == 1


def test_other_authorities_are_others() -> None:
    urls = [
        "http://a.example/",
        "http://a.example:8080/",
        "https://a.example/",
        "http://www.a.example/",
        "http://[::1]/",
    ]
    assert len({authority(url) for url in urls}) == len(urls)
    assert [plain_host(h) for h in ("cafe", "abc.de", "999.1.1.1", "1.2.3.4.5")] == [
        "cafe",
        "abc.de",
        "999.1.1.1",
        "1.2.3.4.5",
    ]


# --- on real servers ----------------------------------------------------------------------------------


def test_a_paused_host_is_not_asked_and_others_are() -> None:
    now = [0.0]
    with serving(lambda head: answer(b"", "429 Slow", "Retry-After: 600")) as busy, serving(answer(b"x")) as other:
        made = Fetcher(Limits(timeout=5.0, allow_private=OPEN), clock=lambda: time.monotonic() + now[0])
        assert asking(made, Request("1", f"{busy.url}/1"))["1"].status == 429  # type: ignore[union-attr]
        found = asking(made, Request("2", f"{busy.url}/2"), Request("3", other.url), *pages(busy, "/4"))
        assert [found[k] and found[k].problem for k in ("2", "3", "/4")] == ["host_busy", None, "host_busy"]  # type: ignore[union-attr]
        assert 590 <= int(found["2"].headers["retry-after"]) <= 600  # type: ignore[union-attr]
        now[0] = 601.0
        assert asking(made, Request("5", f"{busy.url}/5"))["5"].status == 429  # type: ignore[union-attr]
    assert busy.paths == ["/1", "/5"]


@pytest.mark.parametrize("status", ["429 Slow", "503 Busy"])
def test_a_short_pause_is_waited_for(status: str) -> None:
    replies = iter([status, "200 OK"])
    with serving(lambda head: answer(b"", next(replies), "Retry-After: 1")) as server:
        made = fetcher()
        found = asking(made, *(Request(str(n), f"{server.url}/{n}") for n in range(2)))
        assert [r and r.status for r in found.values()] == [int(status[:3]), 200]
    assert starts(server)[1] - starts(server)[0] >= 0.95


def test_after_a_pause_a_host_is_asked_more_slowly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "FIRST_SLOW", 0.2)
    replies = iter(["429 Slow", *["200 OK"] * 3])
    with serving(lambda head: answer(b"", next(replies), "Retry-After: 0")) as server:
        made = fetcher()
        asking(made, *(Request(str(n), f"{server.url}/{n}") for n in range(3)))
    gaps = [b - a for a, b in itertools.pairwise(starts(server))]
    assert len(gaps) == 2 and gaps[0] >= 0.35 and gaps[1] >= 0.25


def test_a_page_waits_for_the_pause_after_a_feed_too() -> None:
    with serving(answer(b"x")) as server:
        asking(fetcher(), Request("feed", f"{server.url}/feed"), Request("page", f"{server.url}/page", delay=0.4))
    (gap,) = (b - a for a, b in itertools.pairwise(starts(server)))
    assert gap >= 0.35


def test_a_budget_for_each_host() -> None:
    with serving(answer(b"x")) as many, serving(answer(b"y")) as few:
        made, begun = fetcher(), time.monotonic()
        requests = [
            Request(f"{s.port} {n}", f"{s.url}/{n}", delay=0.3)
            for s in (many, few)
            for n in range(20 if s is many else 2)
        ]
        found = asking(made, *requests, host_budget=1.0)
        assert time.monotonic() - begun < 2.0
    assert 3 <= len(many.heads) <= 4
    assert sum(r is None for r in found.values()) == 20 - len(many.heads)
    assert all(found[f"{few.port} {n}"] is not None for n in range(2))
    assert len(asking(made, requests[-1], host_budget=1.0)) == 1  # another call, another budget


def test_what_cannot_have_its_turn_within_the_budget_is_told_at_once() -> None:
    with serving(answer(b"x")) as server:
        begun = time.monotonic()
        found = asking(
            fetcher(), *(Request(str(n), f"{server.url}/{n}", delay=60.0) for n in range(3)), host_budget=5.0
        )
        assert time.monotonic() - begun < 2.0
    assert sorted(r is None for r in found.values()) == [False, True, True]


def test_a_feed_goes_before_a_page_that_waits_for_its_pause() -> None:
    with serving(answer(b"x")) as server:
        made = fetcher()
        asking(made, Request("feed", f"{server.url}/feed"))
        asking(made, Request("page", f"{server.url}/page", delay=1.0), Request("other", f"{server.url}/other"))
    assert server.paths == ["/feed", "/other", "/page"]


def test_feeds_that_are_asked_all_the_time_do_not_put_a_page_off_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "LEAST_DELAY", 0.05)
    with serving(answer(b"x")) as server:
        made, found, tried = fetcher(), None, 0
        while found is None and tried < 50:  # a stream: feeds and owed pages at each heartbeat, its half for each
            asking(made, Request("feed", f"{server.url}/feed"))
            found = asking(made, Request("page", f"{server.url}/page", delay=1.0), budget=0.2)["page"]
            tried += 1
    assert found is not None
    assert server.paths.index("/page") > 2  # it has waited


def test_a_redirect_to_a_host_without_time_for_it_is_told_of_the_host() -> None:
    """Else the redirector would be asked again at each tick, as for a page that merely waits."""
    with (
        serving(answer(b"x")) as there,
        serving(lambda _: answer(b"", "302 Found", f"Location: {there.url}/x")) as here,
    ):
        made = fetcher()
        asking(made, Request("first", f"{there.url}/first", delay=60.0))
        found = asking(made, Request("r", f"{here.url}/r", delay=60.0), host_budget=5.0)["r"]
    assert found is not None and found.problem == "host_busy" and len(here.heads) == 1


def test_pages_that_hang_leave_room_for_feeds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("transforms.fetch.MAX_IN_FLIGHT", 8)

    def hang(made: object) -> None:
        time.sleep(6)

    with ExitStack() as stack:
        hanging = [stack.enter_context(serving(lambda _: hang)) for _ in range(20)]
        good = stack.enter_context(serving(answer(b"x")))
        made = fetcher(timeout=3.0)
        asked = [*(Request(s.url, s.url, page=True) for s in hanging), Request("feed", good.url)]
        order = [request.key for request, _ in made.fetch(asked)]
    assert order[0] == "feed"


# --- robots.txt ---------------------------------------------------------------------------------------


def robots(text: bytes, status: str = "200 OK", **paths: bytes) -> Callable[[str], bytes]:
    def reply(head: str) -> bytes:
        path = head.split()[1]
        return answer(text, status) if path == "/robots.txt" else paths.get(path[1:], answer(b"page"))

    return reply


def problems(found: dict[str, Response | None]) -> dict[str, str | None]:
    return {key: response and response.problem for key, response in found.items()}


def test_robots_is_asked_once_for_many_pages_and_not_for_feeds() -> None:
    with serving(robots(b"User-agent: *\nDisallow: /no")) as server:
        made = fetcher()
        feeds = asking(made, Request("feed", f"{server.url}/no/feed"))
        found = asking(made, *pages(server, "/a", "/b", "/no/c"))
        asking(made, *pages(server, "/d"))
    assert problems(feeds) == {"feed": None}
    assert problems(found) == {"/a": None, "/b": None, "/no/c": "robots_disallowed"}
    assert server.paths.count("/robots.txt") == 1 and "/no/c" not in server.paths


def test_each_hop_of_a_page_is_asked_for_leave() -> None:
    with serving(robots(b"User-agent: *\nDisallow: /shut")) as target:
        to = {name: answer(b"", "302 Found", f"Location: {target.url}/{name}") for name in ("shut", "open")}
        with serving(robots(b"", "404 Not Found", inside=answer(b"", "302 Found", "Location: /open"), **to)) as first:
            found = asking(fetcher(), *pages(first, "/shut", "/inside"))
    assert problems(found) == {"/shut": "robots_disallowed", "/inside": None}
    assert found["/shut"].url == f"{target.url}/shut"  # type: ignore[union-attr]
    assert sorted(target.paths) == ["/open", "/robots.txt"]


def test_a_pause_that_robots_asks_for() -> None:
    with serving(robots(b"User-agent: *\nCrawl-delay: 0.4")) as server:
        asking(fetcher(), *pages(server, "/a", "/b", "/c"))
    gaps = [b - a for a, b in itertools.pairwise(starts(server)[1:])]
    assert len(gaps) == 2 and min(gaps) >= 0.35


def test_a_robots_file_that_is_too_long_is_read_up_to_its_limit() -> None:
    long = b"User-agent: *\nDisallow: /no\n" + b"# more\n" * 200_000
    with serving(robots(long)) as server:
        found = asking(fetcher(max_bytes=100_000), *pages(server, "/a", "/no"))
    assert problems(found) == {"/a": None, "/no": "robots_disallowed"}


def test_robots_behind_redirects() -> None:
    def reply(head: str) -> bytes:
        path = head.split()[1]
        step = int(path[2:]) if path[1:2] == "r" and path[2:].isdigit() else 0
        if path == "/robots.txt" or 0 < step < 5:
            return answer(b"", "301 Moved", f"Location: /r{step + 1}")
        return answer(b"User-agent: *\nDisallow: /" if step else b"page")

    with serving(reply) as server:
        assert problems(asking(fetcher(), *pages(server, "/a"))) == {"/a": "robots_disallowed"}
    with serving(
        lambda head: answer(b"", "301 Moved", "Location: /robots.txt") if "robots" in head else answer(b"")
    ) as loop:
        assert problems(asking(fetcher(), *pages(loop, "/a"))) == {"/a": None}  # RFC 9309: as good as none
    assert loop.paths.count("/robots.txt") == 6


def test_robots_of_a_host_that_is_busy_keeps_nothing() -> None:
    replies = iter(["429 Slow", "404 None", "200 OK"])
    now = [0.0]
    with serving(lambda head: answer(b"", next(replies), "Retry-After: 60")) as server:
        made = Fetcher(Limits(timeout=5.0, allow_private=OPEN), clock=lambda: time.monotonic() + now[0])
        assert problems(asking(made, *pages(server, "/a"))) == {"/a": "robots_unreachable"}
        assert problems(asking(made, Request("feed", server.url), *pages(server, "/b"))) == {
            "feed": "host_busy", "/b": "robots_unreachable",
        }  # fmt: skip
        now[0] = 61.0
        assert problems(asking(made, *pages(server, "/c"))) == {"/c": None}
    assert server.paths == ["/robots.txt", "/robots.txt", "/c"]


def test_a_page_whose_call_is_over_leaves_its_robots_to_the_next() -> None:
    def slow(made: object) -> None:
        time.sleep(0.6)
        made.sendall(answer(b"User-agent: *\nDisallow: /no"))  # type: ignore[attr-defined]

    with serving(lambda head: slow if "robots" in head else answer(b"page")) as server:
        made = fetcher()
        assert asking(made, *pages(server, "/a", "/no"), budget=0.1) == {"/a": None, "/no": None}
        assert problems(asking(made, *pages(server, "/a", "/no"))) == {"/a": None, "/no": "robots_disallowed"}
    assert server.paths.count("/robots.txt") == 1


@pytest.mark.parametrize(
    ("user_agent", "agent"),
    [
        ("idlib-watch/0.1.0 (+mailto:x@y.example)", "idlib-watch"),
        ("My_Bot", "My_Bot"),
        (" 7bot/1", "idlib-watch"),
        ("", "idlib-watch"),
    ],
)
def test_the_name_that_robots_knows_us_by(user_agent: str, agent: str) -> None:
    assert agent_of(user_agent) == agent


def test_hosts_that_are_long_over_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "MAX_HOSTS", 3)
    now = [0.0]
    with serving(answer(b"x")) as server:
        made = Fetcher(Limits(timeout=5.0, allow_private=OPEN), clock=lambda: now[0])
        for n in range(5):
            asking(made, Request("k", f"http://127.0.0.{n + 2}:{server.port}/"))
            now[0] += 1000.0
        assert len(made._gate._hosts) <= 3
