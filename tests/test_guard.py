"""Which addresses are dialled: none that is private, however it is written."""

from __future__ import annotations

import ipaddress
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from schemas.errors import UserError
from tests.samples import Served, answer, serving
from transforms.fetch import Fetcher, Limits, Request, Response
from transforms.guard import Guard, is_public, split_authority
from transforms.proxy import proxy_of

PUBLIC = [
    "93.184.216.34",
    "1.1.1.1",
    "172.32.0.1",
    "192.167.255.255",
    "2606:4700:4700::1111",
    "2a00:1450:4001::200e",
]
NOT_PUBLIC = [
    "127.0.0.1", "127.255.255.254", "0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.255.255",
    "192.168.0.1", "169.254.169.254", "169.254.0.1", "100.64.0.1", "100.127.255.255", "192.0.0.8", "192.0.0.170",
    "192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.250", "240.0.0.1",
    "255.255.255.255", "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::ffff:169.254.169.254",
    "64:ff9b::7f00:1", "64:ff9b::808:808", "64:ff9b:1::1", "2002:7f00:1::", "2002:808:808::1",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001:db8::1", "fe80::1", "febf::1", "fc00::1", "fd00:ec2::254",
    "fec0::1", "ff02::1", "2001:4:112::1", "2001:20::1", "100:0:0:1::1", "192.0.0.9", "4000::1", "100::1", "::ffff:0:7f00:1", "3fff::1", "5f00::1", "192.88.99.1",
]  # fmt: skip


@pytest.mark.parametrize("address", PUBLIC)
def test_public(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_not_public(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))
    assert not Guard().permits("news.example", 80, address)


@pytest.mark.parametrize(
    ("allowed", "host", "port", "permitted"),
    [
        ("news.example", "news.example", 80, True),
        ("news.example", "NEWS.example.", 8080, True),
        ("News.Example.", "news.example", 80, True),
        ("news.example:80", "news.example", 80, True),
        ("news.example:80", "news.example", 81, False),
        ("news.example", "a.news.example", 80, False),
        ("news.example", "news.example.evil.example", 80, False),
        ("127.0.0.1", "localhost", 80, False),
        ("localhost", "127.0.0.1", 80, False),
        ("127.0.0.1", "2130706433", 80, False),
        ("[::1]:80", "::1", 80, True),
        ("[::1]:80", "::1", 81, False),
        ("::1", "::1", 81, True),
    ],
)
def test_allowed_by_name(allowed: str, host: str, port: int, permitted: bool) -> None:
    assert Guard.of([allowed]).permits(host, port, "127.0.0.1") is permitted


def test_what_is_no_address_is_refused() -> None:
    assert not Guard().permits("news.example", 80, "news.example")
    assert not Guard().permits("news.example", 80, "")


def test_scope_is_not_a_way_around() -> None:
    assert not Guard().permits("news.example", 80, "fe80::1%eth0")


@pytest.mark.parametrize(
    ("text", "parts"),
    [("a.example", ("a.example", None)), ("A.example.:80", ("a.example", 80)), ("[::1]", ("::1", None)),
     ("[::1]:8641", ("::1", 8641)), ("fd00::1", ("fd00::1", None))],
)  # fmt: skip
def test_split_authority(text: str, parts: tuple[str, int | None]) -> None:
    assert split_authority(text) == parts


@pytest.mark.parametrize("text", ["", ":80", "a:0", "a:65536", "a:x", "http://a/", "a/b", "me@a", "[::1]:x"])
def test_split_authority_refuses(text: str) -> None:
    with pytest.raises(UserError, match="--allow_private"):
        split_authority(text)


# --- against servers that listen ----------------------------------------------------------------------


@pytest.fixture(scope="module")
def private() -> Iterator[tuple[Served, int]]:
    """A server on 127.0.0.1, and a second one on the same port of ::1 that only counts."""
    with serving(answer(b"secret")) as server:
        try:
            other = socket.create_server(("::1", server.port), family=socket.AF_INET6)
        except OSError:
            pytest.skip("no IPv6 loopback here")

        def accept() -> None:
            while True:
                try:
                    made, _ = other.accept()
                except OSError:
                    return
                server.connections += 1
                made.close()

        threading.Thread(target=accept, daemon=True).start()
        yield server, server.port
        other.shutdown(socket.SHUT_RDWR)
        other.close()


FORMS = [
    "127.0.0.1", "127.0.0.2", "127.255.255.254", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7F.0.0.1",
    "0x7f.1", "017700000001", "0177.0.0.1", "0177.1", "00000177.0.0.1", "127.0.0.1.", "0.0.0.0", "0", "0x0",
    "localhost", "LOCALHOST", "localhost.", "localhost.localdomain", "ip6-localhost", "１２７.0.0.1", "①②⑦.⓪.⓪.①",
    "127。0。0。1", "%31%32%37.0.0.1", "[::1]", "[0:0:0:0:0:0:0:1]", "[0000::0001]", "[::]", "[::127.0.0.1]",
    "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::ffff:0:127.0.0.1]", "[64:ff9b::127.0.0.1]", "[64:ff9b:1::7f00:1]",
    "[2002:7f00:1::]", "[2001:0:4136:e378:8000:63bf:80ff:fffe]", "[fe80::1]", "[fe80::1%25lo]", "[::1%25lo]",
    "[fec0::1]", "[fd00:ec2::254]", "169.254.169.254", "[::ffff:a9fe:a9fe]", "10.0.0.1", "192.168.0.1", "100.64.0.1",
    "224.0.0.1", "255.255.255.255", "240.0.0.1", "127.00.00.01", "0177.0x0.0.1", "0X7F000001", "0x7f.0x0.0x0.0x1",
    "127.0.0.1..", "127.0.0.1%20", "%6c%6f%63%61%6c%68%6f%73%74", "ｌｏｃａｌｈｏｓｔ", "ⓛⓞⓒⓐⓛⓗⓞⓢⓣ", "localhost。", "4294967297",
    "127.0.0.1.localdomain", "[0:0:0:0:0:ffff:127.0.0.1]", "[::FFFF:7F00:1]", "[::ffff:0:0]", "[::7f00:1]",
    "[fe80::1%251]", "[febf:ffff::1]", "[fc00::1]", "[ff02::1]", "[2001:db8::1]", "[3fff::1]", "[5f00::1]", "[100::1]",
    "172.16.0.1", "172.31.255.254", "192.0.0.8", "192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.1",
    "192.88.99.1", "100.100.100.200", "0.0.0.1",
]  # fmt: skip


def ask(url: str, *allowed: str, **limits: Any) -> Response:
    fetcher = Fetcher(Limits(**({"timeout": 5.0, "allow_private": allowed} | limits)))
    ((_, response),) = fetcher.fetch([Request("k", url)])
    assert response is not None
    return response


def test_there_are_enough_forms() -> None:
    assert len(set(FORMS)) >= 60


@pytest.mark.parametrize("form", FORMS)
def test_no_connection_is_made(private: tuple[Served, int], form: str) -> None:
    server, port = private
    before = server.connections
    response = ask(f"http://{form}:{port}/latest/meta-data/")
    assert response.problem in {"private_address", "bad_response", "dns_error"}
    assert response.body == b""
    assert server.connections == before


@pytest.mark.parametrize("form", ["127.0.0.1", "localhost", "[::1]", "0.0.0.0", "[::ffff:127.0.0.1]"])
def test_the_refusal_says_why(private: tuple[Served, int], form: str) -> None:
    response = ask(f"http://{form}:{private[1]}/")
    assert response.problem == "private_address"
    assert "--allow_private" in (response.error or "")


def test_a_redirect_is_no_way_around(private: tuple[Served, int]) -> None:
    server, port = private
    location = f"Location: http://localhost:{port}/secret"
    with serving(answer(b"", "302 Found", location)) as first:
        before = server.connections
        response = ask(f"{first.url}/", "127.0.0.1")
        assert response.problem == "private_address"
        assert server.connections == before
        assert first.connections == 1


def test_opened_by_name(private: tuple[Served, int]) -> None:
    server, port = private
    before = server.connections
    assert ask(f"http://127.0.0.1:{port}/", "127.0.0.1").body == b"secret"
    assert ask(f"http://127.0.0.1:{port}/", f"127.0.0.1:{port}").body == b"secret"
    assert server.connections == before + 2


def test_another_port_stays_closed(private: tuple[Served, int]) -> None:
    server, port = private
    before = server.connections
    assert ask(f"http://127.0.0.1:{port}/", "127.0.0.1:1").problem == "private_address"
    assert ask(f"http://127.0.0.1:{port}/", "localhost").problem == "private_address"
    assert server.connections == before


def test_a_proxy_and_a_robots_file_and_each_hop_go_through_the_same_check(private: tuple[Served, int]) -> None:
    server, port = private
    before = server.connections
    away = answer(b"", "302 Found", f"Location: http://127.0.0.2:{port}/x")
    with serving(lambda head: answer(b"", "404 Not Found") if "robots" in head else away) as first:
        fetcher = Fetcher(Limits(timeout=5.0, allow_private=("127.0.0.1",)))
        ((_, response),) = fetcher.fetch([Request("k", f"{first.url}/a", page=True)])
    assert response is not None and response.problem == "private_address"
    assert first.paths == ["/robots.txt", "/a"]
    with serving(away) as first:
        ((_, response),) = fetcher.fetch([Request("k", f"{first.url}/a", page=True)])
    assert response is not None and response.problem == "robots_unreachable"
    assert "not a public address" in (response.error or "") and first.paths == ["/robots.txt"]
    assert server.connections == before


# --- what names resolve to ----------------------------------------------------------------------------


PUBLIC_ANSWER = "93.184.216.34"


class Names:
    """Stands for DNS, which cannot be made to lie otherwise; and no public address is dialled in a test."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> None:
        self.answers, self.let_pass = list(answers), list[str]()
        monkeypatch.setattr(socket, "getaddrinfo", self.resolve)
        monkeypatch.setattr(Guard, "permits", self.permits)

    def resolve(self, host: str, port: int, *_: Any, **__: Any) -> list[Any]:
        addresses = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        families = [socket.AF_INET6 if ":" in a else socket.AF_INET for a in addresses]
        return [
            (f, socket.SOCK_STREAM, 6, "", (a, port) if f == socket.AF_INET else (a, port, 0, 0))
            for f, a in zip(families, addresses, strict=True)
        ]

    def permits(self, host: str, port: int, dialled: str, _real: Any = Guard.permits) -> bool:
        if _real(Guard(), host, port, dialled):
            self.let_pass.append(dialled)
        return False


@pytest.mark.parametrize(
    "addresses",
    [["127.0.0.1"], ["127.0.0.1", PUBLIC_ANSWER], [PUBLIC_ANSWER, "127.0.0.1"], ["::1", PUBLIC_ANSWER],
     ["::ffff:127.0.0.1"], ["64:ff9b::7f00:1", PUBLIC_ANSWER], ["0.0.0.0"]],
)  # fmt: skip
def test_a_name_with_public_and_private_answers(
    private: tuple[Served, int], monkeypatch: pytest.MonkeyPatch, addresses: list[str]
) -> None:
    server, port = private
    names, before = Names(monkeypatch, addresses), server.connections
    response = ask(f"http://news.example:{port}/")
    # aiohttp makes one error of several: where a public address failed too, that is what is told.
    assert response.problem == "private_address" or (
        PUBLIC_ANSWER in addresses and response.problem == "connection_error"
    )
    assert server.connections == before
    assert set(names.let_pass) == set(addresses) & {PUBLIC_ANSWER}


def test_a_name_that_is_public_when_it_is_looked_at_and_private_when_it_is_dialled(
    private: tuple[Served, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    server, port = private
    names, before = Names(monkeypatch, [PUBLIC_ANSWER], ["127.0.0.1"]), server.connections
    for _ in range(3):
        assert ask(f"http://news.example:{port}/").problem == "private_address"
    assert names.let_pass == [PUBLIC_ANSWER]
    assert server.connections == before


def test_a_kept_connection_carries_nothing_for_another_authority() -> None:
    def twice(made: socket.socket) -> None:
        for _ in range(3):  # keeps the connection open, and answers whatever comes on it
            made.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
            if not made.recv(65536):
                return

    with serving(lambda _: twice) as server:
        fetcher = Fetcher(Limits(timeout=5.0, allow_private=(f"127.0.0.1:{server.port}",)))
        urls = [f"{server.url}/1", f"{server.url}/2", f"http://localhost:{server.port}/3", f"http://127.1:{server.port}/4",
                f"http://127.0.0.1.:{server.port}/5", f"http://[::ffff:127.0.0.1]:{server.port}/6"]  # fmt: skip
        found = {}
        for url in urls:
            ((_, found[url]),) = fetcher.fetch([Request("k", url)])
        assert server.connections == 1
        assert [r is not None and r.body for r in found.values()][:2] == [b"ok", b"ok"]
        assert all(
            r is not None and r.problem in {"private_address", "bad_response"} for r in list(found.values())[2:4]
        )
        fetcher.close()


# --- a proxy ------------------------------------------------------------------------------------------


def through(server: Served, url: str, *allowed: str, secret: str = "") -> Response:
    return ask(url, *allowed, proxy=f"http://{secret}127.0.0.1:{server.port}")


def test_all_goes_through_the_proxy_that_was_named(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(answer(b"by the proxy")) as proxy, serving(answer(b"another")) as other:
        monkeypatch.setenv("http_proxy", other.url)
        assert through(proxy, "http://news.example/a", secret="me:s3cr%40t@").body == b"by the proxy"
        assert other.connections == 0
    head = proxy.heads[0]
    assert head.startswith("GET http://news.example/a HTTP/1.1")
    assert "Proxy-Authorization: Basic bWU6czNjckB0" in head  # me:s3cr@t


def test_a_proxy_is_not_asked_for_what_is_private(private: tuple[Served, int]) -> None:
    with serving(answer(b"inside")) as proxy:
        for host in ("127.0.0.1", "[::1]", "10.0.0.1", "localhost", "a.localhost", "printer", "nas.local", "2130706433",
                     "169.254.169.254", "[::ffff:10.0.0.1]", "metadata.google.internal", "127。0。0。1"):  # fmt: skip
            assert through(proxy, f"http://{host}/").problem == "private_address", host
        assert proxy.connections == 0
        assert through(proxy, "http://printer:8080/", "printer:8080").body == b"inside"
        assert through(proxy, "http://printer:80/", "printer:8080").problem == "private_address"


def test_a_proxy_that_refuses_and_its_password() -> None:
    with serving(answer(b"no", "407 Who are you")) as proxy:
        response = through(proxy, "https://news.example/", secret="me:hidden@")
        assert response.problem == "connection_error"
        assert "407" in (response.error or "")
        limits = Limits(proxy=f"http://me:hidden@127.0.0.1:{proxy.port}")
    for said in (response.error, repr(limits), str(response), str(classify_all(limits))):
        assert "hidden" not in (said or "")


def classify_all(limits: Limits) -> list[str | None]:
    """What is said where the proxy is not there."""
    found = Fetcher(limits).fetch([Request(u, u) for u in ("http://news.example/", "https://news.example/")])
    return [response.error for _, response in found if response is not None]


@pytest.mark.parametrize(
    "proxy", ["proxy", "socks5://127.0.0.1:1080", "http://", "http://h:99999", "http://[x", "ftp://me:hidden@h:1",
              "http://me:hidden@h:1/path", "http://me:hidden@h:1?q=1", "me:hidden@h:1"],
)  # fmt: skip
def test_what_is_no_proxy(proxy: str) -> None:
    with pytest.raises(UserError, match="--proxy") as told:
        proxy_of(proxy)
    assert "hidden" not in str(told.value)
