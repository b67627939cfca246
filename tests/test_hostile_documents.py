"""Feeds that would harm whoever parses them, over a socket: each ends in time, in a reason, and opens nothing."""

from __future__ import annotations

import resource
import time

import pytest

from schemas.reasons import REDUCED, REJECTS
from schemas.records import Feed
from tests.hostile.documents import KINDS
from tests.hostile.server import Kind, serving
from tests.malformed.run import check
from tests.samples import NOON
from transforms.fetch import Fetcher, Limits, Request
from transforms.parse import MAX_ENTRIES, parse_feed

SECONDS = 40.0  # of processor time that one may take; on an idle machine the slowest takes 4
MEMORY = 700 << 20  # bytes that one may add to the process


def test_there_are_enough_kinds() -> None:
    assert len(KINDS) >= 60
    assert len({kind.name for kind in KINDS}) == len(KINDS)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: str(kind.name))
def test_a_hostile_document_ends_in_bounds(kind: Kind) -> None:
    with serving([kind]) as hosts:
        host = hosts[kind.name]
        fetcher = Fetcher(Limits(timeout=120.0, allow_private=(host.base.removeprefix("http://"),)))
        ((_, response),) = fetcher.fetch([Request(host.url, host.url)])
        assert response is not None
        if response.problem:
            assert response.problem in kind.ends
            return
        before, started = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.thread_time()
        found = parse_feed(response.body, response.headers, host.url, Feed(url=host.url, outlet="Jisr Herald"), NOON)
        assert time.thread_time() - started < SECONDS
        assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024 < MEMORY
        assert host.paths == ["/feed"]
    assert (found.problem or "ok") in kind.ends, found.error
    assert (found.problem is None) == (found.error is None)
    assert len(found.entries) <= MAX_ENTRIES
    check(found)
    for entry in found.entries:
        assert set(entry.reduced) <= set(REDUCED)
        assert len(entry.title) <= 1000 and len(entry.url or "") <= 4000
        assert len(entry.summary) <= 100_000 and len(entry.content) <= 100_000
        assert "opened by mistake" not in f"{entry}" and "hunter2" not in f"{entry}"
        assert entry.published is None or entry.published <= NOON + 3600
    for reject in found.rejects:
        assert reject.reason in REJECTS and b"hunter2" not in reject.input
    if _item_stays(kind):
        assert "Bakery reopens in Idlib" in [e.title for e in found.entries]


def _item_stays(kind: Kind) -> bool:
    """Whether an honest entry that stands beside the harm must come out."""
    return kind.ends == frozenset({"ok"}) and not kind.name.startswith(("feed_json", "feed_sitemap"))
