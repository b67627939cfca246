"""The fetcher's manners: one request at a time to a host, a pause between them, and patience that ends."""

from __future__ import annotations

import gc
import itertools
import socket
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.samples import answer, serving
from tests.test_fetch import OPEN, fetcher, get, redirecting, slowly
from transforms import fetch
from transforms.fetch import Fetcher, Limits, Request, Response


def test_one_request_at_a_time_to_a_host() -> None:
    lock, inside, most = threading.Lock(), 0, 0

    def serve(made: socket.socket) -> None:
        nonlocal inside, most
        with lock:
            inside += 1
            most = max(most, inside)
        time.sleep(0.05)
        with lock:
            inside -= 1
        made.sendall(answer(b"x"))

    with serving(lambda _: serve) as server:
        made = fetcher()
        # From several threads, as several bundles do it.
        with ThreadPoolExecutor(3) as pool:
            found = list(pool.map(lambda i: get(made, *(f"{server.url}/{i}/{n}" for n in range(4))), range(3)))
    assert all(r is not None and r.status == 200 for answers in found for r in answers.values())
    assert len(server.heads) == 12
    assert most == 1


def test_hosts_are_asked_side_by_side() -> None:
    with serving(slowly(0.5)) as first, serving(slowly(0.5)) as second:
        start = time.monotonic()
        get(fetcher(), f"{first.url}/", f"{second.url}/")
        assert time.monotonic() - start < 0.9


def test_delay_between_starts() -> None:
    with serving(answer(b"")) as server:
        get(fetcher(), *(f"{server.url}/{n}" for n in range(3)), delay=0.3)
    starts = sorted(a for a, _ in server.spans)
    assert min(b - a for a, b in itertools.pairwise(starts)) >= 0.2


def test_delay_holds_over_two_calls_and_redirects() -> None:
    with serving(redirecting(a=("302", "/b"))) as server:
        made = fetcher()
        get(made, f"{server.url}/a", delay=0.3)
        get(made, f"{server.url}/c", delay=0.3)
    starts = sorted(a for a, _ in server.spans)
    assert len(starts) == 3
    assert min(b - a for a, b in itertools.pairwise(starts)) >= 0.2


def test_a_slow_page_is_carried_over_and_not_asked_twice() -> None:
    with serving(slowly(0.8)) as server:
        made = fetcher()
        url = f"{server.url}/slow"
        start = time.monotonic()
        assert get(made, url, budget=0.2) == {url: None}
        assert time.monotonic() - start < 0.6
        response = get(made, url, budget=5)[url]
        assert response is not None
        assert response.body == b"late"
    assert server.paths == ["/slow"]


def test_what_had_no_turn_is_let_go_and_asked_later() -> None:
    with serving(slowly(0.4)) as server:
        made = fetcher()
        urls = [f"{server.url}/{n}" for n in range(3)]
        assert list(get(made, *urls, budget=0.1).values()) == [None, None, None]
        time.sleep(0.6)
        assert len(server.heads) == 1  # the others were not started
        assert all(r is not None and r.body == b"late" for r in get(made, *urls).values())
    assert sorted(server.paths) == ["/0", "/1", "/2"]


def test_a_kept_answer_is_given_once() -> None:
    with serving(slowly(0.3)) as server:
        made = fetcher()
        url = f"{server.url}/x"
        get(made, url, budget=0.05)
        get(made, url)
        get(made, url)
    assert len(server.heads) == 2


def test_the_same_url_twice_in_one_call() -> None:
    with serving(answer(b"x")) as server:
        made = fetcher()
        found = list(made.fetch([Request("1", server.url), Request("2", server.url)]))
    assert len(server.heads) == 1
    assert sorted(r.key for r, a in found if a is not None) in (["1"], ["2"])
    assert len(found) == 2


def test_a_rival_that_gives_up_does_not_hurt_who_waits_for_the_same_url() -> None:
    with serving(slowly(0.6)) as server:
        made = fetcher()
        first, shared = f"{server.url}/first", f"{server.url}/shared"
        found: list[dict[str, Response | None]] = []
        threads = [
            threading.Thread(target=lambda b=b, u=u: found.append(get(made, *u, budget=b)))
            for b, u in ((0.3, (first, shared)), (3.0, (shared,)))
        ]
        for thread in threads:
            thread.start()
            time.sleep(0.1)
        for thread in threads:
            thread.join(5)
    assert len(found) == 2
    assert found[0] == {first: None, shared: None}


def test_a_dead_host_closes_after_three_timeouts(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    with serving(slowly(2)) as dead, serving(answer(b"alive")) as alive:
        made = Fetcher(Limits(timeout=0.1, allow_private=OPEN), clock=lambda: time.monotonic() + now[0])
        urls = [f"{dead.url}/{n}" for n in range(6)]
        found = get(made, *urls, f"{alive.url}/")
        problems = [found[u].problem for u in urls if found[u] is not None]  # type: ignore[union-attr]
        assert problems == ["timeout"] * 3 + ["host_unresponsive"] * 3
        assert found[f"{alive.url}/"].body == b"alive"  # type: ignore[union-attr]
        assert dead.connections <= 3
        assert get(made, urls[0])[urls[0]].problem == "host_unresponsive"  # type: ignore[union-attr]
        now[0] = fetch.CLOSED_FOR + 1  # one more try after the pause, and it closes again
        later = [get(made, u)[u].problem for u in urls[:2]]  # type: ignore[union-attr]
        assert later == ["timeout", "host_unresponsive"]


def test_an_answer_between_timeouts_keeps_the_host_open() -> None:
    def reply(head: str) -> bytes | Callable[[socket.socket], None]:
        return answer(b"ok") if head.split()[1].startswith("/ok") else slowly(1)(head)

    with serving(reply) as server:
        made = fetcher(timeout=0.1)
        problems = []
        for path in ("a", "b", "ok", "c", "d", "ok2"):
            response = get(made, f"{server.url}/{path}")[f"{server.url}/{path}"]
            assert response is not None
            problems.append(response.problem)
    assert problems == ["timeout", "timeout", None, "timeout", "timeout", None]


def test_no_requests() -> None:
    assert list(fetcher().fetch([])) == []


def test_one_fetcher_for_a_process() -> None:
    assert Fetcher.shared(Limits(timeout=7)) is Fetcher.shared(Limits(timeout=7))
    assert Fetcher.shared(Limits(timeout=7)) is not Fetcher.shared(Limits(timeout=8))


def test_a_process_ends_without_complaint_and_at_once() -> None:
    """aiohttp complains of a session that is left open; and a request under way is nobody's to wait for."""
    code = (
        "import sys, time; from transforms.fetch import Fetcher, Limits, Request\n"
        "made = Fetcher(Limits(allow_private=('127.0.0.1',)))\n"
        "print([r and r.body for _, r in made.fetch([Request(u, u) for u in sys.argv[1:]], 1.0)])"
    )
    with serving(answer(b"ok")) as server, serving(slowly(20)) as slow:
        command = [sys.executable, "-c", code, server.url, slow.url]
        begun = time.monotonic()
        ended = subprocess.run(command, capture_output=True, text=True, cwd=Path(__file__).parent.parent, check=False)
        assert time.monotonic() - begun < 15
    assert (ended.returncode, ended.stdout.strip(), ended.stderr) == (0, "[b'ok', None]", "")


def test_a_fetcher_that_nobody_holds_ends_with_its_thread() -> None:
    made = fetcher()
    loop = weakref.ref(made._loop)
    get(made, "http://nowhere.invalid/")
    del made
    gc.collect()
    end = time.monotonic() + 5
    while (found := loop()) is not None and found.is_running() and time.monotonic() < end:
        del found
        time.sleep(0.05)
    assert loop() is None or not loop().is_running()  # type: ignore[union-attr]
