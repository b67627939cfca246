"""Which addresses are dialled: none that is private, however it is written."""

from __future__ import annotations

import ipaddress
import socket
import threading
from collections.abc import Iterator

import pytest

from schemas.errors import UserError
from tests.samples import Served, answer, serving
from transforms.fetch import Fetcher, Limits, Request, Response
from transforms.guard import Guard, is_public, split_authority

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
    "fec0::1", "ff02::1", "100::1", "::ffff:0:7f00:1", "3fff::1", "5f00::1", "192.88.99.1",
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
    "224.0.0.1", "255.255.255.255", "240.0.0.1",
]  # fmt: skip


def ask(url: str, *allowed: str) -> Response:
    fetcher = Fetcher(Limits(timeout=5.0, allow_private=allowed))
    ((_, response),) = fetcher.fetch([Request("k", url)])
    assert response is not None
    return response


def test_there_are_enough_forms() -> None:
    assert len(set(FORMS)) >= 40


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
