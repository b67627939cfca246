"""``gs://`` does all the same: against a server that speaks GCS, through Beam's own filesystem."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.gcs import Gate, environment, storage_server
from tests.harness import Collector, all_content, rows, wait_until
from tests.newsday.day import NewsDay

pytestmark = pytest.mark.gcs
Make = Callable[..., Collector]
OUT = "gs://news/watch/idlib"


@pytest.fixture(scope="module")
def local_rows(launcher: object, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("local")
    with NewsDay() as day:
        Collector(launcher, str(day.opml), str(folder / "out"), folder).once()  # type: ignore[arg-type]
        yield folder / "out"


@pytest.fixture
def gate() -> Iterator[Gate]:
    with storage_server("news") as served:
        yield served


def download(gate: Gate, target: Path) -> Path:
    """A copy of the dataset on disk, to read it as any other."""
    from google.auth.credentials import AnonymousCredentials
    from google.cloud import storage

    client = storage.Client(
        project="test",
        credentials=AnonymousCredentials(),
        client_options={"api_endpoint": f"http://127.0.0.1:{gate.upstream}"},
    )
    prefix = "watch/idlib/"
    for blob in client.list_blobs("news", prefix=prefix):
        path = target / blob.name.removeprefix(prefix)
        path.parent.mkdir(parents=True, exist_ok=True)
        sink = io.BytesIO()
        with contextlib.suppress(Exception):
            blob.download_to_file(sink)
        path.write_bytes(sink.getvalue())
    return target


def keys(folder: Path) -> list[tuple[str, str]]:
    return [(row["article_id"], row["revision_id"]) for row in rows(folder, "articles")]


def test_once_and_again(collector: Make, gate: Gate, local_rows: Path, tmp_path: Path) -> None:
    run = collector(OUT)
    run.once(env=environment(gate))
    first = download(gate, tmp_path / "first")
    assert all_content(first) == all_content(local_rows)
    assert "nothing is new" in run.once(env=environment(gate))
    run.once("--force", env=environment(gate))
    again = download(gate, tmp_path / "again")
    assert sorted(keys(again)) == sorted(keys(first))
    assert len(rows(again, "polls")) == 2 * len(rows(first, "polls"))


def test_503_in_mid_commit_loses_nothing(collector: Make, gate: Gate, local_rows: Path, tmp_path: Path) -> None:
    run = collector(OUT).start(env=environment(gate))
    wait_until(lambda: gate.writes >= 4, 90, run)  # the probe is one; the commit has begun
    gate.fail_writes(12)
    assert run.wait() == 0, run.said
    assert gate.failed == 12
    assert all_content(download(gate, tmp_path / "copy")) == all_content(local_rows)


@pytest.mark.prism
def test_stream(collector: Make, gate: Gate, local_rows: Path, tmp_path: Path) -> None:
    env = environment(gate)
    run = collector(OUT).start(
        "--streaming", "--commit_interval", "3s", "--poll_interval", "5s", "--max_poll_interval", "5s", env=env
    )
    expected = sorted(path for path in all_content(local_rows)["articles"])
    count = 0

    def complete() -> bool:
        nonlocal count
        count += 1
        return sorted(all_content(download(gate, tmp_path / f"copy{count}"))["articles"]) == expected

    wait_until(lambda: gate.writes >= 8, 90, run)
    gate.fail_writes(6)
    wait_until(complete, 90, run)
    run.kill(15)
    assert run.wait() == 0, run.said
    assert all_content(download(gate, tmp_path / "end")) == all_content(local_rows)


def test_two_runs_at_once_are_harmless(collector: Make, gate: Gate, local_rows: Path, tmp_path: Path) -> None:
    run = collector(OUT)
    both = [run.start(env=environment(gate)) for _ in range(2)]
    assert [one.wait() for one in both] == [0, 0], both[0].said + both[1].said
    found = download(gate, tmp_path / "copy")
    assert len(keys(found)) == len(set(keys(found)))
    assert all_content(found) == all_content(local_rows)


def test_a_bucket_that_is_not_there(collector: Make, gate: Gate) -> None:
    said = collector("gs://no-such-bucket/x").once(status=2, env=environment(gate))
    assert "gs://no-such-bucket/x: cannot be written" in said and "Traceback" not in said
