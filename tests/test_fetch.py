"""The fetcher against servers that listen: polite, bounded, and never raising."""

from __future__ import annotations

import gzip
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import msgspec
import pytest

from schemas import reasons
from tests.samples import answer, serving
from transforms import client, fetch, gate
from transforms.fetch import (
    Fetcher,
    Limits,
    Request,
    Response,
    authority,
    classify,
    printable,
    redirect_target,
)

OPEN = ("127.0.0.1",)


def fetcher(**limits: object) -> Fetcher:
    return Fetcher(Limits(**({"timeout": 5.0, "allow_private": OPEN} | limits)))  # type: ignore[arg-type]


def get(made: Fetcher, *urls: str, budget: float | None = None, delay: float = 0.0) -> dict[str, Response | None]:
    asked = [Request(url, url, {}, delay) for url in urls]
    return {request.key: response for request, response in made.fetch(asked, budget)}


def one(url: str, **limits: object) -> Response:
    response = get(fetcher(**limits), url)[url]
    assert response is not None
    assert response.problem is None or response.problem in reasons.TRANSPORT
    msgspec.json.encode([response.url, response.headers, response.error])  # whatever came can be written
    return response


def slowly(seconds: float, body: bytes = b"late") -> Callable[[str], Callable[[socket.socket], None]]:
    def serve(made: socket.socket) -> None:
        time.sleep(seconds)
        made.sendall(answer(body))

    return lambda _: serve


# --- what comes back ----------------------------------------------------------------------------------


def test_a_page() -> None:
    with serving(answer(b"hello", "200 OK", "X-Case: Kept", 'ETag: W/"1"')) as server:
        response = one(f"{server.url}/a?b=c")
    assert (response.status, response.body, response.problem) == (200, b"hello", None)
    assert response.headers["x-case"] == "Kept"
    assert response.headers["etag"] == 'W/"1"'
    assert 0 < response.elapsed < 5000
    assert server.paths == ["/a?b=c"]


def test_headers_that_are_sent() -> None:
    with serving(answer(b"")) as server:
        made = fetcher(user_agent="idlib-watch/9 (+mailto:desk@orontes.example)")
        list(made.fetch([Request("k", server.url, {"If-None-Match": '"a,b"', "Accept": "text/html"})]))
    head = server.heads[0].lower().split("\r\n")
    assert "user-agent: idlib-watch/9 (+mailto:desk@orontes.example)" in head
    assert 'if-none-match: "a,b"' in head
    assert "accept: text/html" in head
    assert not [line for line in head if line.startswith(("cookie:", "authorization:"))]


def test_no_cookie_comes_back() -> None:
    with serving(answer(b"", "200 OK", "Set-Cookie: a=1")) as server:
        made = fetcher()
        get(made, f"{server.url}/1")
        get(made, f"{server.url}/2")
    assert len(server.heads) == 2
    assert "cookie" not in server.heads[1].lower()


def test_gzip_is_undone() -> None:
    body = gzip.compress(b"text " * 100)
    with serving(answer(body, "200 OK", "Content-Encoding: gzip")) as server:
        assert one(server.url).body == b"text " * 100


@pytest.mark.parametrize("status", [304, 404, 410, 429, 500, 503])
def test_a_status_is_no_problem_of_transport(status: int) -> None:
    with serving(answer(b"", f"{status} X", "Retry-After: 7")) as server:
        response = one(server.url)
    assert (response.status, response.problem) == (status, None)
    assert response.headers["retry-after"] == "7"


def test_never_a_proxy_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(answer(b"by the proxy")) as proxy, serving(answer(b"straight")) as server:
        for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url)
        monkeypatch.setenv("no_proxy", "")
        assert one(server.url).body == b"straight"
        assert proxy.connections == 0


def test_no_password_from_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login me password word\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    with serving(answer(b"")) as server:
        one(server.url)
    assert "authorization" not in server.heads[0].lower()


# --- what goes wrong ----------------------------------------------------------------------------------


def test_timeout() -> None:
    with serving(slowly(3)) as server:
        start = time.monotonic()
        response = one(server.url, timeout=0.3)
    assert response.problem == "timeout"
    assert time.monotonic() - start < 2


def test_a_body_that_trickles_runs_into_the_timeout() -> None:
    def trickle(made: socket.socket) -> None:
        made.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        for _ in range(50):
            made.sendall(b"x")
            time.sleep(0.1)

    with serving(lambda _: trickle) as server:
        assert one(server.url, timeout=0.5).problem == "timeout"


def test_redirects_share_one_timeout() -> None:
    def reply(head: str) -> Callable[[socket.socket], None]:
        number = int(head.split()[1][1:])

        def serve(made: socket.socket) -> None:
            time.sleep(0.25)
            made.sendall(answer(b"", "302 Found", f"Location: /{number + 1}"))

        return serve

    with serving(reply) as server:
        assert one(f"{server.url}/0", timeout=0.6).problem == "timeout"
    assert len(server.heads) <= 3


@pytest.mark.parametrize(
    "raw",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 200\r\n\r\nhalf",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhalf",
        b"HTTP/1.1 200 OK\r\nContent-Le",
        b"",
    ],
    ids=["length", "chunked", "head", "nothing"],
)
def test_close_before_the_end(raw: bytes) -> None:
    with serving(raw) as server:
        assert one(server.url).problem == "connection_error"


@pytest.mark.parametrize(
    "raw",
    [b"garbage\r\n\r\n", b"HTTP/1.1 2x0 OK\r\n\r\n", b"HTTP/1.1 200 OK\r\nX: " + b"a" * 70_000 + b"\r\n\r\n"],
    ids=["garbage", "status", "long header"],
)
def test_not_http(raw: bytes) -> None:
    with serving(raw) as server:
        response = one(server.url)
    assert response.problem == "bad_response"
    assert len(response.error or "") <= 200


def test_refused_connection() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    assert one(f"http://127.0.0.1:{port}/").problem == "connection_error"


def test_name_that_does_not_resolve() -> None:
    assert one("http://nowhere.invalid/").problem == "dns_error"


def test_plain_http_at_a_tls_port() -> None:
    with serving(b"HTTP/1.1 400 Bad Request\r\n\r\n") as server:
        assert one(server.url.replace("http", "https"), timeout=2).problem in {"tls_error", "timeout"}


@pytest.mark.parametrize(
    "url", ["ftp://127.0.0.1/", "file:///etc/passwd", "", "http://", "http://[x/", "http://127.0.0.1:99999/"]
)
def test_what_is_no_url(url: str) -> None:
    response = get(fetcher(), url)[url]
    assert response is not None
    assert response.problem == "bad_response"


@pytest.mark.parametrize("size", [999, 1000, 1001])
def test_too_large(size: int) -> None:
    with serving(answer(b"x" * size)) as server:
        assert one(server.url, max_bytes=1000).problem == ("too_large" if size > 1000 else None)


def test_too_large_counts_after_decompression() -> None:
    body = gzip.compress(b"x" * 5_000_000)
    assert len(body) < 10_000
    with serving(answer(body, "200 OK", "Content-Encoding: gzip")) as server:
        assert one(server.url, max_bytes=100_000).problem == "too_large"


def test_endless_body() -> None:
    def endless(made: socket.socket) -> None:
        made.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            made.sendall(b"x" * 65536)

    with serving(lambda _: endless) as server:
        assert one(server.url, max_bytes=1_000_000).problem == "too_large"


def test_header_bytes_that_are_no_text() -> None:
    raw = b'HTTP/1.1 200 OK\r\nETag: "\xe1\xf1"\r\nLast-Modified: x\r\nContent-Length: 2\r\n\r\nok'
    with serving(raw) as server:
        response = one(server.url)
    assert response.body == b"ok"
    assert "etag" not in response.headers
    assert response.headers["last-modified"] == "x"


# --- redirects ----------------------------------------------------------------------------------------


def redirecting(**hops: tuple[str, str]) -> Callable[[str], bytes]:
    """``a=("301", "/b")``: /a answers 301 to /b; what is not named answers 200 with its path."""

    def reply(head: str) -> bytes:
        path = head.split()[1]
        status, location = hops.get(path[1:], ("", ""))
        return answer(b"", f"{status} X", f"Location: {location}") if status else answer(path.encode())

    return reply


@pytest.mark.parametrize("status", ["301", "302", "303", "307", "308"])
def test_redirect(status: str) -> None:
    with serving(redirecting(a=(status, "b?c=d"))) as server:
        response = one(f"{server.url}/a")
    assert response.body == b"/b?c=d"
    assert response.url == f"{server.url}/b?c=d"


@pytest.mark.parametrize(
    ("hops", "leads"),
    [
        ({"a": ("301", "/b")}, "/b"),
        ({"a": ("308", "/b"), "b": ("301", "/c")}, "/c"),
        ({"a": ("301", "/b"), "b": ("302", "/c")}, "/b"),
        ({"a": ("302", "/b"), "b": ("301", "/c")}, None),
        ({"a": ("307", "/b")}, None),
        ({}, None),
    ],
)
def test_permanent_chain(hops: dict[str, tuple[str, str]], leads: str | None) -> None:
    with serving(redirecting(**hops)) as server:
        response = one(f"{server.url}/a")
        assert response.permanent_url == (server.url + leads if leads else None)


def test_loop() -> None:
    with serving(redirecting(a=("302", "/b"), b=("302", "/a"))) as server:
        assert one(f"{server.url}/a").problem == "too_many_redirects"
    assert len(server.heads) == Limits().max_redirects + 1


@pytest.mark.parametrize(
    "location",
    ["file:///etc/passwd", "ftp://127.0.0.1/", "javascript:alert(1)", "data:text/html,x", "http://me:word@127.0.0.1/",
     "//me@127.0.0.1/", "http://[bad/", ""],
)  # fmt: skip
def test_bad_redirect(location: str) -> None:
    with serving(redirecting(a=("302", location))) as server:
        response = one(f"{server.url}/a")
    assert response.problem == "bad_redirect"
    assert len(server.heads) == 1


def test_redirect_without_location() -> None:
    with serving(answer(b"", "302 Found")) as server:
        assert one(server.url).problem == "bad_redirect"


def test_location_in_another_encoding_goes_on_byte_for_byte() -> None:
    def reply(head: str) -> bytes:
        if head.split()[1] == "/a":
            return b"HTTP/1.1 302 Found\r\nLocation: /\xc7\xe1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        return answer(b"there")

    with serving(reply) as server:
        assert one(f"{server.url}/a").body == b"there"
    assert server.paths[1] == "/%C7%E1"


@pytest.mark.parametrize(
    ("location", "target"),
    [("b", "http://x.example/b"), ("//y.example/", "http://y.example/"), ("HTTPS://y.example/", "HTTPS://y.example/"),
     ("", None), ("http://a@b/", None), ("http://[", None), ("tel:1", None)],
)  # fmt: skip
def test_redirect_target(location: str, target: str | None) -> None:
    found = redirect_target("http://x.example/a", location)
    assert (found.lower() if found else None) == (target.lower() if target else None)


# --- the pure parts -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "name"),
    [("http://a.example/x", "a.example:80"), ("https://A.example./", "a.example:443"), ("http://a.example:81/", "a.example:81"),
     ("http://[::1]:8/", "::1:8"), ("/x", ""), ("http://a:99999/", ""), ("http://[", "")],
)  # fmt: skip
def test_authority(url: str, name: str) -> None:
    assert authority(url) == name


def test_classify_knows_every_cause() -> None:
    wrapped = OSError("outer")
    wrapped.__cause__ = fetch.PrivateAddress("inner")
    causes: list[tuple[BaseException, str]] = [
        (wrapped, "private_address"), (TimeoutError(), "timeout"), (socket.gaierror(), "dns_error"),
        (ConnectionResetError(), "connection_error"), (ValueError(), "bad_response"), (KeyError(), "bad_response"),
    ]  # fmt: skip
    for error, reason in causes:
        assert classify(error) == reason
        assert reason in reasons.TRANSPORT


def test_printable() -> None:
    assert printable("a\x1b[31m\nb\ud800") == "a [31m b"
    assert len(printable("x" * 999)) == 200


@pytest.fixture(autouse=True)
def _no_slow_servers() -> Iterator[None]:
    start = time.monotonic()
    yield
    assert time.monotonic() - start < 10


def test_who_sends_most_is_given_up_where_all_of_it_is_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "MAX_HELD", 18 << 20)  # beyond it one of six has sent more than 2 MB
    honest = bytes(range(256)) * 8_192

    def hog(made: socket.socket) -> None:
        made.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 7000000\r\n\r\n" + bytes(4 << 20))
        time.sleep(7)

    with ExitStack() as stack:
        hogs = [stack.enter_context(serving(lambda _: hog)) for _ in range(6)]
        good = [stack.enter_context(serving(answer(honest))) for _ in range(3)]
        made = fetcher(timeout=6.0)
        found = get(made, *(server.url for server in [*hogs, *good]))
        made.close()
    assert all((r := found[server.url]) is not None and r.body == honest for server in good)
    problems = [r.problem if (r := found[server.url]) else None for server in hogs]
    assert set(problems) <= {None, "timeout"} and problems.count(None) >= 2  # left for a later turn


def test_no_more_is_begun_than_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "MAX_UNTAKEN", 3 << 20)
    body = bytes(1 << 20)
    with ExitStack() as stack:
        servers = [stack.enter_context(serving(answer(body))) for _ in range(12)]
        monkeypatch.setattr(client, "MAX_IN_FLIGHT", 2)
        monkeypatch.setattr(fetch, "MAX_IN_FLIGHT", 2)
        made, taken, most = fetcher(), 0, 0
        for _, response in made.fetch(Request(s.url, s.url) for s in servers):
            assert response is not None and response.body == body
            taken += 1
            time.sleep(0.1)
            most = max(most, sum(len(s.heads) for s in servers) - taken)
        made.close()
    assert taken == 12 and most <= 3 + 2 + 1  # held, under way, and the one that was just let in


def test_a_page_and_a_feed_of_one_address_have_answers_of_their_own() -> None:
    def reply(head: str) -> bytes:
        return answer(b"User-agent: *\nDisallow: /") if "/robots.txt" in head else answer(b"a feed")

    with serving(reply) as server:
        made = fetcher()
        asked = [Request("page", f"{server.url}/x", page=True), Request("feed", f"{server.url}/x")]
        found = {request.key: response for request, response in made.fetch(asked)}
    page, feed = found["page"], found["feed"]
    assert page is not None and page.problem == "robots_disallowed"
    assert feed is not None and feed.body == b"a feed"


@pytest.mark.parametrize("pause", [0.0, 0.3])
def test_a_status_stands_though_its_body_breaks(pause: float) -> None:
    def broken(made: socket.socket) -> None:
        made.sendall(b"HTTP/1.1 429 Slow\r\nRetry-After: 600\r\nTransfer-Encoding: chunked\r\n\r\n")
        time.sleep(pause)
        made.sendall(b"zz\r\n")
        time.sleep(0.2)

    with serving(lambda _: broken) as server:
        found = one(server.url)
    assert (found.status, found.problem, found.headers.get("retry-after")) == (429, None, "600")
