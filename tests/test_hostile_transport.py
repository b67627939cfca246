"""The client against servers that mean harm: each ends in its reason, within its time and memory, alone."""

from __future__ import annotations

import asyncio
import os
import resource
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from schemas import reasons
from tests.hostile.certificates import root_file
from tests.hostile.server import PAGE, Host, Kind, serving
from tests.hostile.transport import FEED, KINDS
from transforms.fetch import Fetcher, Limits, Request, Response

TIMEOUT = 12.0  # seconds; most kinds end at once, but the servers share this machine with others
GOOD = Kind("good", "page", lambda peer: peer.reply(PAGE), frozenset({"kept"}))
GOOD_TLS = Kind("good_tls", "feed", lambda peer: peer.feed(FEED), frozenset({"ok"}), tls="good")
LIMITS = Limits(timeout=TIMEOUT, max_bytes=1 << 20, allow_private=("127.0.0.1",))


def reason(response: Response) -> str:
    """What a poll or a page would say of it, without looking into the body."""
    status = response.status or 0
    if response.problem or not 200 <= status < 300:
        return (
            response.problem or {304: "304"}.get(status) or f"http_{ {4: '4xx', 5: '5xx'}.get(status // 100, 'other') }"
        )
    return "body"


BODIES = {"ok", "kept", "truncated", "not_a_feed"}


def expected(kind: Kind) -> set[str]:
    ends = {
        "304" if e == "unasked_304" or (e == "http_other" and "not_modified" in kind.name) else e for e in kind.ends
    }
    return {"body" if e in BODIES else e for e in ends}


@pytest.fixture(scope="module")
def answers() -> Iterator[tuple[dict[str, Host], dict[str, Response], dict[str, float], Fetcher]]:
    """All kinds asked at once, by one client, and a good host twenty times meanwhile."""
    before = os.environ.get("SSL_CERT_FILE")
    os.environ["SSL_CERT_FILE"] = root_file()
    made = Fetcher(LIMITS)
    with serving([*KINDS, GOOD, GOOD_TLS]) as hosts:
        asked = [Request(name, host.url, {"Accept": "*/*"}) for name, host in hosts.items() if name != "good"]
        good = [Request(f"good {n}", f"{hosts['good'].base}/{n}", delay=0.1) for n in range(20)]
        found, ends, start = {}, {}, time.monotonic()
        for request, response in made.fetch([*asked, *good]):
            assert response is not None
            found[request.key], ends[request.key] = response, time.monotonic() - start
        yield hosts, found, ends, made
    made.close()
    os.environ.pop("SSL_CERT_FILE") if before is None else os.environ.__setitem__("SSL_CERT_FILE", before)


Answers = tuple[dict[str, Host], dict[str, Response], dict[str, float], Fetcher]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_it_ends_in_its_reason(kind: Kind, answers: Answers) -> None:
    response = answers[1][kind.name]
    assert reason(response) in expected(kind), (response.status, response.problem, response.error)
    assert response.problem is None or response.problem in reasons.TRANSPORT
    assert len(response.body) <= LIMITS.max_bytes
    assert response.error is None or (response.error.isprintable() and len(response.error) <= 200)
    assert "secret" not in (response.error or "") and "secret" not in response.url
    assert all(v.replace("\t", " ").isprintable() for v in response.headers.values())


@pytest.mark.parametrize("kind", [k for k in KINDS if k.ends == {"ok"}], ids=lambda kind: kind.name)
def test_what_is_honest_is_read_whole(kind: Kind, answers: Answers) -> None:
    assert answers[1][kind.name].body == FEED


def test_each_reason_is_of_a_closed_list() -> None:
    for kind in KINDS:
        known = reasons.POLL | reasons.TRANSPORT if kind.role == "feed" else reasons.REJECTS
        assert kind.ends <= known.keys() | {"ok", "kept"}, kind.name


def test_there_are_enough_kinds() -> None:
    assert len(KINDS) >= 60


def test_other_hosts_answer_meanwhile(answers: Answers) -> None:
    found = answers[1]
    good = [name for name in found if name.startswith("good ")]
    assert len(good) == 20 and all(found[name].body == PAGE for name in good)
    assert found["good_tls"].body == FEED


def test_all_end_in_time(answers: Answers) -> None:
    assert max(answers[2].values()) < 6 * TIMEOUT


def test_no_task_and_no_socket_is_left(answers: Answers) -> None:
    hosts, _, _, made = answers
    left: set[asyncio.Task[object]] = set()
    for _ in range(50):
        left = {t for t in asyncio.all_tasks(made._loop) if not t.done()}
        if not left:
            break
        time.sleep(0.1)
    assert not left
    made.close()
    for _ in range(50):
        open_still = [name for name, host in hosts.items() if host.open and "hang" not in host.kind.tls]
        open_still = [n for n in open_still if n not in WAITING]
        if not open_still:
            break
        time.sleep(0.1)
    assert not open_still


WAITING = {"never_answers", "page_never_answers"}  # the server's own threads wait, whatever the client does


def test_memory_is_bounded() -> None:
    """All bombs, one after the other, in a client whose limit is a megabyte."""
    bombs = [k for k in KINDS if "bomb" in k.name or k.name.startswith(("endless", "many"))]
    with serving(bombs) as hosts:
        made = Fetcher(LIMITS)
        for host in hosts.values():  # what the servers keep is made now
            list(made.fetch([Request("k", host.url)]))
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        for host in hosts.values():
            list(made.fetch([Request("k", f"{host.url}?again")]))
        assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 64 * 1024  # KiB
        made.close()


def test_no_cookie_and_no_evil_validator_goes_back(answers: Answers) -> None:
    hosts, found, _, _ = answers
    for name in ("cookie_flood", "evil_etag", "etag_of_bytes", "etag_of_30_kb"):
        assert "etag" not in found[name].headers
        assert all("cookie" not in head for head in hosts[name].heads)
    with serving([GOOD]) as other:
        made = Fetcher(LIMITS)
        evil = {"If-None-Match": '"a"\r\nX-Evil: 1', "If-Modified-Since": "\x1b[2J", "Accept": "*/*"}
        ((_, response),) = made.fetch([Request("k", other["good"].url, evil)])
        made.close()
    assert response is not None and response.body == PAGE
    assert not {"if-none-match", "if-modified-since", "x-evil"} & other["good"].heads[0].keys()
    assert other["good"].heads[0]["accept"] == "*/*"


def test_a_certificate_of_the_users_own_root(answers: Answers) -> None:
    assert answers[1]["good_tls"].status == 200
    assert "certificate" in (answers[1]["tls_expired"].error or "")
    assert Path(root_file()).is_file()
