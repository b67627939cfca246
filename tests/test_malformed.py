"""Feeds with every kind of mistake, served over HTTP: each is read, or refused with a reason, in its time."""

from __future__ import annotations

import random
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.malformed.kinds import KINDS, Malformed
from tests.malformed.run import NOW, Outcome, check, outcomes, verdict_of
from tests.samples import FEED
from transforms.parse import Parsed, parse_feed

URL = FEED.url
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


@pytest.mark.parametrize("name", sorted(KINDS))
def test_damage_never_raises(name: str) -> None:
    dice = random.Random(name)
    whole = KINDS[name].served.body or b"<rss>"
    for _ in range(8):
        damaged = bytearray(whole)
        for _ in range(dice.randrange(1, 6)):
            place = dice.randrange(len(damaged) + 1)
            if dice.random() < 0.5:
                damaged[place : place + dice.randrange(4)] = dice.choice(PIECES)
            else:
                start = dice.randrange(len(whole))
                damaged[place:place] = whole[start : start + dice.randrange(80)]
        found = parse_feed(
            bytes(damaged[: dice.randrange(len(damaged) + 1)] if dice.random() < 0.2 else damaged), {}, URL, FEED, NOW
        )
        assert found.problem in {None, "truncated", "not_a_feed"}
        check(found)


PIECES = [
    b"<", b">", b"&", b"\x00", b"\xff", b"]]>", b"<![CDATA[", b"<!--", b"-->", b"&#xd800;", b"&#0", b"'", b'"', b"<item>", b"</item>",
    b"<content type='xhtml'>", b"</channel>", b"xmlns:a=''", b"\xed\xa0\x80", b"<?", b"<!DOCTYPE", b"<a:b>", b"</title>", b"<author>", b"{",
]  # fmt: skip
