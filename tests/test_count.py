"""One counter per outcome, in this process and in Beam's metrics."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import apache_beam as beam
import pytest

from schemas import reasons
from transforms import account
from transforms.count import NAMESPACE, count, reset, tally, timed


@pytest.fixture(autouse=True)
def _fresh() -> None:
    reset()


def test_count_and_reset() -> None:
    count("poll", "ok")
    count("poll", "ok", 4)
    count("poll", "timeout", 0)
    assert tally() == {"poll/ok": 5}
    tally()["poll/ok"] = 99  # a copy
    assert tally() == {"poll/ok": 5}
    reset()
    assert tally() == {}


def test_threads_do_not_lose_counts() -> None:
    threads = [threading.Thread(target=lambda: [count("a", "b") for _ in range(2000)]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert tally()["a/b"] == 8000


def test_timed() -> None:
    def fail() -> None:
        time.sleep(0.02)
        raise RuntimeError

    with pytest.raises(RuntimeError), timed("part"):
        fail()
    assert tally()["us/part"] >= 15_000


def test_what_is_fused_behind_a_generator_is_not_its_own_time() -> None:
    def pages() -> Iterator[int]:
        with timed("fetch"):
            yield from range(3)

    for _ in pages():
        with timed("extract"):
            time.sleep(0.02)
            with timed("judge"):
                time.sleep(0.05)
    assert tally()["us/judge"] >= 150_000
    assert 60_000 <= tally()["us/extract"] < 120_000
    assert tally()["us/fetch"] < 40_000


class _Counting(beam.DoFn):  # type: ignore[misc]
    def process(self, element: int) -> None:
        count("poll", "ok" if element % 3 else "timeout")


def test_beam_counts_the_same() -> None:
    pipeline = beam.Pipeline(runner="FnApiRunner")
    pipeline | beam.Create(range(30)) | beam.ParDo(_Counting())
    result = pipeline.run()
    result.wait_until_finish()
    found = {
        c.key.metric.name: c.committed
        for c in result.metrics().query()["counters"]
        if c.key.metric.namespace == NAMESPACE
    }
    assert found == {"poll/ok": 20, "poll/timeout": 10}
    assert dict(tally()) == found


def test_polls() -> None:
    counts = {"poll/ok": 2, "poll/timeout": 1, "poll/gone": 1, "poll/not_due": 7, "poll/entries": 90}
    assert (account.polled(counts), account.succeeded(counts), account.failed(counts)) == (4, 2, 2)
    line = account.polls_line(counts)
    assert line.startswith("4 feeds polled")
    assert "1 timeout" in line
    assert "7 not due" in line
    later = account.polls_line({"poll/ok": 1, "poll/not_due": 7, "poll/stopped": 2, "poll/not_reached": 3})
    assert later.endswith("1 ok, 7 not due (2 of them stopped), 3 left to the next run (--poll_budget)")


def test_every_end_of_a_poll_either_succeeded_or_failed() -> None:
    for reason in (*reasons.POLL, *reasons.TRANSPORT):
        counts = {f"poll/{reason}": 1}
        assert account.succeeded(counts) + account.failed(counts) == account.polled(counts) == 1, reason


@pytest.mark.parametrize("owed", [0, 3])
def test_each_stage_of_the_funnel_is_the_one_before_less_its_losses(owed: int) -> None:
    counts = {
        "poll/entries": 10,
        "seen/unchanged_entry": 1,
        "parse/too_old": 1,
        "seen/duplicate": 1,
        "screen/screened_out": 2,
        "screen/maybe": 6,
        "fetch/timeout": 1,
        "fetch/page": 3 + owed,
        "fetch/refused": 1,
        "extract/no_text": 1 + owed,
        "extract/article": 3,
        "judge/irrelevant": 1,
        "judge/kept": 2,
        "commit/already_committed": 1,
        "commit/articles": 1,
    }
    lines = account.funnel(counts)
    assert [line.count for line in lines if line.kind == "stage"] == [10, 6, 5, 4 + owed, 3, 2, 1]
    running = lines[0].count
    for line in lines[1:]:
        running += {"loss": -line.count, "gain": line.count}.get(line.kind, 0)
        assert line.kind != "stage" or line.count == running, line.text
    assert {line.reason for line in lines if line.loss} >= {"too_old", "timeout", "no_text", "already_committed"}
