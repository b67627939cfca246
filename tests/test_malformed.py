"""Feeds with every kind of mistake, served over HTTP: each is read, or refused with a reason, in its time."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.malformed.kinds import KINDS, Malformed
from tests.malformed.run import Outcome, outcomes, verdict_of
from transforms.parse import Parsed

SLOW = 5.0  # seconds for one; each takes milliseconds


@pytest.fixture(scope="module")
def served() -> dict[str, Outcome]:
    return {found.name: found for found in outcomes({name: kind.served for name, kind in KINDS.items()}, SLOW)}


@pytest.mark.parametrize(("name", "kind"), KINDS.items(), ids=KINDS)
def test_kinds(name: str, kind: Malformed, served: dict[str, Outcome]) -> None:
    found = served[name]
    assert not found.verdict.startswith("crashed"), found.verdict
    assert [e.title for e in found.parsed.entries] == list(kind.titles)
    assert found.parsed.problem == kind.problem, found.parsed.error
    assert (found.parsed.problem is None) or found.parsed.error


def test_a_feed_that_takes_too_long_counts_as_crashed() -> None:
    assert verdict_of(Parsed(), 2 * SLOW, SLOW).startswith("crashed")
    assert verdict_of(Parsed(problem="not_a_feed"), 0, SLOW).startswith("crashed")
    assert verdict_of(Parsed(problem="truncated"), 0, SLOW) == "processed (truncated)"


def test_a_folder_of_feeds_is_run_and_told_of(tmp_path: Path) -> None:
    (tmp_path / "some").mkdir()
    for name in ("bare_ampersand", "page", "cut_in_a_tag"):
        (tmp_path / "some" / f"{name}.xml").write_bytes(KINDS[name].served.body)
    (tmp_path / "asks.xml").write_bytes(b"<!-- Header: Content-type: text/xml; charset=windows-1256 --><rss/>")
    done = subprocess.run([sys.executable, "-m", "tests.malformed", str(tmp_path)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert re.search(r"some +3 +1 +1 +1 +0", done.stdout), done.stdout
    assert "not_a_feed: some/page.xml: an HTML page" in done.stdout
    assert subprocess.run([sys.executable, "-m", "tests.malformed"], capture_output=True).returncode == 2
