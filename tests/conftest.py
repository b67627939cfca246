"""Fixtures of the tests of the whole graph."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.harness import NO_PRISM, PRISM, Collector, Launcher
from tests.newsday.day import NewsDay
from transforms import machine

# The turns of hosts are the machine's; a port that another test's server had is another host.
_TURNS = Path(tempfile.mkdtemp(prefix="idlib-watch-tests-"))
atexit.register(shutil.rmtree, _TURNS, ignore_errors=True)
os.environ[machine.FOLDER] = str(_TURNS)


@pytest.fixture(autouse=True)
def turns(monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder of turns for each test, made by the first that asks for one."""
    monkeypatch.setenv(machine.FOLDER, str(_TURNS / uuid.uuid4().hex))


@pytest.fixture(scope="session")
def launcher() -> Iterator[Launcher]:
    started = Launcher()
    yield started
    started.close()


@pytest.fixture
def day() -> Iterator[NewsDay]:
    with NewsDay() as served:
        yield served


@pytest.fixture
def collector(launcher: Launcher, day: NewsDay, tmp_path: Path) -> Callable[..., Collector]:
    """Makes a collector over the news day; by default into a folder of the test's own."""

    def make(output: str | Path | None = None, feeds: str | None = None) -> Collector:
        return Collector(launcher, feeds or str(day.opml), str(output or tmp_path / "out"), tmp_path)

    return make


def pytest_collection_modifyitems(items: list[Any]) -> None:
    """A Prism test is skipped where Prism is not built; where it must be (CI), its lack is a failure."""
    if PRISM.is_file() or os.environ.get("IDLIB_WATCH_REQUIRE_PRISM"):
        return
    for item in items:
        if item.get_closest_marker("prism"):
            item.add_marker(pytest.mark.skip(reason=NO_PRISM))
