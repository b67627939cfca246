"""Turns at a host that the processes of one machine share."""

from __future__ import annotations

import asyncio
import itertools
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.samples import answer, serving
from tests.test_gate import NOW, asking, fetcher, starts
from transforms import gate, machine
from transforms.exchange import Request
from transforms.machine import Machine, shared_folder

ROOT = Path(__file__).parent.parent
ANOTHER = """
import sys
from transforms.exchange import Limits, Request
from transforms.fetch import Fetcher
base, delay, count = sys.argv[1], float(sys.argv[2]), int(sys.argv[3])
made = Fetcher(Limits(timeout=20.0, allow_private=("127.0.0.1",)))
print("ready", flush=True)
sys.stdin.readline()
assert all(r.status == 200 for _, r in made.fetch(Request(str(n), f"{base}/{n}", delay=delay) for n in range(count)))
"""


def processes(count: int, *argv: str) -> list[subprocess.Popen[str]]:
    command = [sys.executable, "-c", ANOTHER, *argv]
    made = [
        subprocess.Popen(command, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        for _ in range(count)
    ]
    for process in made:
        assert process.stdout is not None and process.stdout.readline() == "ready\n"
    for process in made:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    return made


@pytest.mark.parametrize("delay", ["0.3", "0"])
def test_two_processes_share_the_turns_of_a_host(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, delay: str) -> None:
    monkeypatch.setenv(machine.FOLDER, str(tmp_path))

    def reply(made: object) -> None:
        time.sleep(0.05)
        made.sendall(answer(b"x"))  # type: ignore[attr-defined]

    with serving(lambda _: reply) as server:
        assert [p.wait(60) for p in processes(2, server.url, delay, "4")] == [0, 0]
    assert len(server.spans) == 8
    ordered = sorted(server.spans)
    assert all(b[0] >= a[1] - 0.01 for a, b in itertools.pairwise(ordered))  # never two at once
    if float(delay):
        assert min(b[0] - a[0] for a, b in itertools.pairwise(ordered)) >= 0.25


def test_a_process_that_is_killed_leaves_its_turn(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(machine.FOLDER, str(tmp_path))
    hang = [True]

    def reply(made: object) -> None:
        time.sleep(30 if hang.pop() else 0) if hang else None
        made.sendall(answer(b"x"))  # type: ignore[attr-defined]

    with serving(lambda _: reply) as server:
        (held,) = processes(1, server.url, "0", "1")
        while not server.heads:
            time.sleep(0.01)
        held.kill()
        held.wait()
        begun = time.monotonic()
        assert asking(fetcher(), Request("k", server.url))["k"].body == b"x"  # type: ignore[union-attr]
        assert time.monotonic() - begun < 2.0


def test_a_process_that_is_stopped_is_not_waited_for_without_end(tmp_path: Path) -> None:
    async def both() -> tuple[object, object, float]:
        one, other = Machine(tmp_path), Machine(tmp_path)
        held, begun = await one.take("a.example:80", 5.0), time.monotonic()
        found = await other.take("a.example:80", 0.3)
        return held, found, time.monotonic() - begun

    held, found, took = asyncio.run(both())
    assert held is not None and found is None and 0.3 <= took < 2.0


def test_what_another_process_wrote_is_not_believed_blindly(tmp_path: Path) -> None:
    for written in (NOW + 1e12, float("inf"), float("nan")):
        file = os.open(tmp_path / "x", os.O_RDWR | os.O_CREAT)
        turn = machine.Turn(file)
        turn.started(written, written)
        assert gate.seconds(turn, NOW, 0.0) == 0.0
        turn.started(NOW + 7.0, NOW)
        assert gate.seconds(turn, NOW, 0.0) == 7.0
        turn.release()


@pytest.mark.parametrize("named", ["", "{tmp}/missing/deep", "{tmp}/file", "{tmp}/open", "{tmp}/link"])
def test_without_a_folder_of_our_own_a_process_is_polite_alone(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, named: str
) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "open").mkdir(mode=0o777)
    (tmp_path / "open").chmod(0o777)
    (tmp_path / "link").symlink_to(tmp_path)
    monkeypatch.setenv(machine.FOLDER, named.format(tmp=tmp_path))
    assert shared_folder() is None
    with serving(answer(b"x")) as server:
        asking(fetcher(), *(Request(str(n), f"{server.url}/{n}", delay=0.6) for n in range(3)))
    assert min(b - a for a, b in itertools.pairwise(starts(server))) >= 0.3


def test_a_file_that_is_held_does_not_go_however_old(tmp_path: Path) -> None:
    first = Machine(tmp_path)
    turn = asyncio.run(first.take("a.example", 0.1))
    assert turn is not None
    (file,) = tmp_path.iterdir()
    os.utime(file, (NOW, NOW))
    assert asyncio.run(Machine(tmp_path).take("a.example", 0.1)) is None
    turn.release()


def test_who_waited_for_a_file_that_went_takes_another(tmp_path: Path) -> None:
    turns = [asyncio.run(Machine(tmp_path).take("a.example", 0.1))]
    (file,) = tmp_path.iterdir()
    file.unlink()
    turns.append(asyncio.run(Machine(tmp_path).take("a.example", 0.1)))
    (file,) = tmp_path.iterdir()
    assert all(turn is not None for turn in turns)


def test_a_full_disk_ends_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setenv(machine.FOLDER, str(tmp_path))
    monkeypatch.setattr(os, "pwrite", full)
    with serving(answer(b"x")) as server:
        found = asking(fetcher(), Request("a", server.url))
    assert found["a"] is not None and found["a"].body == b"x"


def test_a_page_keeps_its_delay_from_another_process_s_feed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(machine.FOLDER, str(tmp_path))
    with serving(answer(b"x")) as server:
        (other,) = processes(1, server.url, "0", "1")
        assert other.wait(20) == 0
        asking(fetcher(), Request("page", f"{server.url}/page", delay=2.0))
    feed, page = starts(server)
    assert page - feed > 1.5


def test_files_of_hosts_that_nobody_asks_any_more_go(tmp_path: Path) -> None:
    for name, age in (("old", 2 * machine.FORGOTTEN), ("new", 60.0)):
        (tmp_path / name).write_text("")
        os.utime(tmp_path / name, (NOW, time.time() - age))
    Machine(tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["new"]
