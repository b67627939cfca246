"""Files that appear whole or not at all, and one run at a time."""

from __future__ import annotations

import io
import itertools
import os
import signal
import subprocess
import sys
import threading
import time
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from schemas.errors import UserError
from transforms.storage import TEMPORARY, DataFile, LocalStorage, ObjectStorage, Storage, day_of, persist

D = date(2018, 9, 11)


def parquet(rows: int) -> bytes:
    sink = io.BytesIO()
    pq.write_table(pa.table({"n": list(range(rows))}), sink)
    return sink.getvalue()


@pytest.fixture
def local(tmp_path: Path) -> LocalStorage:
    return LocalStorage(str(tmp_path))


def test_at() -> None:
    assert isinstance(Storage.at("gs://bucket/x/"), ObjectStorage)
    assert Storage.at("gs://bucket/x/").root == "gs://bucket/x"
    assert isinstance(Storage.at("/tmp/x"), LocalStorage)
    assert Storage.at("/").root == "/"


@pytest.mark.parametrize("root", ["gs://", "gs:///", "s3://"])
def test_a_scheme_without_a_bucket(root: str) -> None:
    with pytest.raises(UserError, match="name a bucket"):
        Storage.at(root)


def test_what_may_not_be_read_is_a_mistake_of_the_users(local: LocalStorage, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:  # tests may run as root, whom nothing is refused
        raise PermissionError(13, "Permission denied")

    local.write("articles", date(2018, 9, 11), "a.parquet", b"1")
    file = local.files("articles")[0]
    monkeypatch.setattr("builtins.open", refuse)
    with pytest.raises(UserError, match=r"a\.parquet: cannot be read: Permission denied"):
        local.read(file)
    monkeypatch.undo()
    monkeypatch.setattr("os.listdir", refuse)
    with pytest.raises(UserError, match="articles: cannot be read: Permission denied"):
        local.files("articles")


def test_write_read_list_delete(local: LocalStorage, tmp_path: Path) -> None:
    local.write("articles", D, "b.parquet", b"1")
    local.write("articles", date(2018, 9, 10), "c.parquet", b"2")
    local.write("articles", D, "a.parquet", b"3")
    local.write("entities", D, "a.parquet", b"4")
    assert [(f.day.day, f.name) for f in local.files("articles")] == [
        (10, "c.parquet"),
        (11, "a.parquet"),
        (11, "b.parquet"),
    ]
    assert [f.name for f in local.files("articles", D)] == ["a.parquet", "b.parquet"]
    assert local.read(DataFile("entities", D, "a.parquet")) == b"4"
    assert (tmp_path / "articles/date=2018-09-11/a.parquet").read_bytes() == b"3"
    local.write("articles", D, "a.parquet", b"5")  # the same name again
    assert local.read(DataFile("articles", D, "a.parquet")) == b"5"
    local.delete(DataFile("articles", D, "a.parquet"))
    local.delete(DataFile("articles", D, "a.parquet"))
    assert [f.name for f in local.files("articles", D)] == ["b.parquet"]
    assert local.files("quotes") == []


def test_what_is_not_ours_is_passed_over(local: LocalStorage, tmp_path: Path) -> None:
    local.write("articles", D, "a.parquet", b"1")
    for name in ("date=2018-02-30", "date=x", "other", "date=2018-09-11-old"):
        (tmp_path / "articles" / name).mkdir()
        (tmp_path / "articles" / name / "z.parquet").write_bytes(b"")
    (tmp_path / "articles/date=2018-09-11/notes.txt").write_bytes(b"")
    (tmp_path / "articles/date=2018-09-12").write_bytes(b"a file")
    assert [f.name for f in local.files("articles")] == ["a.parquet"]


def test_no_reader_ever_sees_a_part_of_a_file(local: LocalStorage, tmp_path: Path) -> None:
    data, stop = parquet(20_000), threading.Event()
    broken: list[str] = []
    names: set[str] = set()
    reads = 0

    def read() -> None:
        nonlocal reads
        while not stop.is_set():
            for path in tmp_path.glob("**/*.parquet"):  # pathlib lists hidden files here, as DuckDB does
                names.add(path.name)
                found = path.read_bytes()
                reads += 1
                if found != data:
                    broken.append(f"{path.name}: {len(found)} of {len(data)} bytes")

    reader = threading.Thread(target=read)
    reader.start()
    for n in range(60):
        local.write("articles", D, f"{n % 20:02}.parquet", data)
    time.sleep(0.05)
    stop.set()
    reader.join()
    assert broken == []
    assert reads > 20
    assert names <= {f"{n:02}.parquet" for n in range(20)}


def test_temporary_names(local: LocalStorage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def die(old: str, new: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", die)
    with pytest.raises(KeyboardInterrupt):
        local.write("articles", D, "a.parquet", b"data")
    monkeypatch.undo()
    (left,) = [p for p in tmp_path.rglob("*") if p.is_file()]
    assert not left.name.endswith(".parquet")
    assert left.read_bytes() == b"data"
    assert local.files("articles") == []
    assert list(tmp_path.glob("**/*.parquet")) == []
    local.write("articles", D, "b.parquet", b"1")
    (tmp_path / "theirs").mkdir()
    (tmp_path / "theirs" / f".film{TEMPORARY}").write_bytes(b"not ours")
    assert local.sweep_temporary() == 1
    (tmp_path / "theirs" / f".film{TEMPORARY}").unlink()
    assert [p.name for p in tmp_path.rglob("*") if p.is_file()] == ["b.parquet"]


def test_everything_is_synced_before_and_after_the_rename(local: LocalStorage, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    fsync, replace = os.fsync, os.replace
    monkeypatch.setattr(
        os,
        "fsync",
        lambda f: (done.append("sync dir" if os.path.isdir(f"/proc/self/fd/{f}") else "sync"), fsync(f)),
    )
    monkeypatch.setattr(os, "replace", lambda a, b: (done.append("rename"), replace(a, b)))
    local.write("articles", D, "a.parquet", b"data")
    assert done[-3:] == ["sync", "rename", "sync dir"]
    assert done.count("sync dir") >= 3  # each new folder stands in a folder that is synced


def test_check(tmp_path: Path) -> None:
    LocalStorage(str(tmp_path / "new" / "er")).check()
    assert list((tmp_path / "new" / "er").iterdir()) == []
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(UserError, match="cannot be written"):
        LocalStorage(str(tmp_path / "file")).check()


HOLD = """
import sys, time
from transforms.storage import LocalStorage
with LocalStorage(sys.argv[1]).run_lock():
    print("held", flush=True)
    time.sleep(60)
"""
TRY = """
import sys
from schemas.errors import UserError
from transforms.storage import LocalStorage
try:
    with LocalStorage(sys.argv[1]).run_lock():
        print("held")
except UserError as error:
    print(error)
"""


def test_one_run_at_a_time_and_kill_9_lets_go(tmp_path: Path) -> None:
    first = subprocess.Popen([sys.executable, "-c", HOLD, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    try:
        assert first.stdout is not None
        assert first.stdout.readline() == "held\n"
        command = [sys.executable, "-c", TRY, str(tmp_path)]
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        assert "another run is writing there" in said
        assert str(tmp_path) in said
        os.kill(first.pid, signal.SIGKILL)
        first.wait(10)
        assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "held\n"
    finally:
        first.kill()
        first.wait(10)


def test_the_lock_is_let_go_at_the_end_and_after_an_error(local: LocalStorage) -> None:
    with pytest.raises(RuntimeError), local.run_lock():
        raise RuntimeError
    with local.run_lock(), pytest.raises(UserError), local.run_lock():
        pass
    with local.run_lock():
        pass


def test_exclusive_holds_off_other_threads(local: LocalStorage) -> None:
    inside, most = [0], [0]

    def work() -> None:
        for _ in range(20):
            with local.exclusive():
                inside[0] += 1
                most[0] = max(most[0], inside[0])
                time.sleep(0.001)
                inside[0] -= 1

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert most[0] == 1


def test_after_close_no_commit_begins(tmp_path: Path) -> None:
    program = """
import gc, sys, threading
from transforms.storage import LocalStorage

storage = LocalStorage(sys.argv[1])
storage.close()
gc.collect()
begun = threading.Event()

def commit():
    with storage.exclusive():
        begun.set()

threading.Thread(target=commit, daemon=True).start()
print("began" if begun.wait(0.5) else "held")
"""
    said = subprocess.run([sys.executable, "-c", program, str(tmp_path)], capture_output=True, text=True, check=True)
    assert said.stdout == "held\n"


def test_locks_are_no_data(local: LocalStorage) -> None:
    with local.run_lock(), local.exclusive():
        local.write("articles", D, "a.parquet", b"1")
    assert [f.name for f in local.files("articles")] == ["a.parquet"]
    assert local.sweep_temporary() == 0


@pytest.mark.parametrize(("failures", "tries"), [(0, 1), (3, 4)])
def test_persist(failures: int, tries: int) -> None:
    now, done = [0.0], []

    def action() -> str:
        done.append(now[0])
        if len(done) <= failures:
            raise OSError("503")
        return "there"

    assert persist(action, 60, lambda: now[0], lambda s: now.__setitem__(0, now[0] + s)) == "there"
    assert len(done) == tries


def test_persist_gives_up_with_what_was_said_last() -> None:
    now, done = [0.0], []

    def action() -> None:
        done.append(now[0])
        raise OSError(f"503 {len(done)}")

    with pytest.raises(OSError, match="503"):
        persist(action, 60, lambda: now[0], lambda s: now.__setitem__(0, now[0] + s))
    assert 45 <= done[-1] <= 60
    pauses = [round(b - a, 6) for a, b in itertools.pairwise(done)]
    assert pauses == sorted(pauses)


@pytest.mark.parametrize(("at", "day"), [(0.0, "1970-01-01"), (86_399.999, "1970-01-01"), (86_400.0, "1970-01-02")])
def test_day_of(at: float, day: str) -> None:
    assert day_of(at).isoformat() == day


class _NotFound(Exception):
    code = 404


@pytest.mark.parametrize("gone", [_NotFound("no such object"), FileNotFoundError("no such file")])
def test_what_is_not_there_is_not_waited_for(gone: Exception) -> None:
    tried = []

    def ask() -> bytes:
        tried.append(1)
        raise gone

    with pytest.raises(FileNotFoundError, match="no such"):
        persist(ask, sleep=lambda _: pytest.fail("it waited"))
    assert len(tried) == 1
